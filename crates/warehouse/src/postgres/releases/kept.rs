use super::ReleaseReader;
use crate::{
    BuildState, Connection as _, KeptBuild, Result,
    history::{self, NodeResult, Run},
};

impl ReleaseReader {
    /// The newest runs that the server knows of, newest first.
    ///
    /// # Errors
    /// When the server fails.
    pub fn runs(&self, n_most: usize) -> Result<Vec<Run>> {
        history::runs_on_server(&self.releases.postgres, n_most)
    }

    /// What did not go well in a run that the server knows of.
    ///
    /// # Errors
    /// When the server fails.
    pub fn amiss(&self, run_id: &str) -> Result<Vec<NodeResult>> {
        history::amiss_on_server(&self.releases.postgres, run_id)
    }

    /// Every build that is still there, newest first.
    ///
    /// # Errors
    /// When the server cannot be reached or was never prepared.
    pub fn kept(&self) -> Result<Vec<KeptBuild>> {
        let mut session = self.releases.postgres.session()?;
        self.releases.expect_prepared(&mut session)?;
        let rows = session.query(
            "select build_id, state, is_current, to_char(published_at, 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')
             from filmstar.builds order by started_at desc, build_id desc",
            &[],
        )?;
        let build = |row: Vec<serde_json::Value>| {
            Some(KeptBuild {
                build_id: row[0].as_str()?.to_owned(),
                state: match row[1].as_str()? {
                    "published" => BuildState::Published,
                    "withdrawn" => BuildState::Withdrawn,
                    _ => BuildState::Unpublished,
                },
                is_current: row[2].as_bool()?,
                published_at: row[3].as_str().and_then(|time| time.parse().ok()),
            })
        };
        Ok(rows.json_rows().into_iter().filter_map(build).collect())
    }
}
