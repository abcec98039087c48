use warehouse::Relation;

use super::{HardDeletes, MetaColumns, Strategy};
use crate::{compile::fixture::quoted, run::in_place::Columns};

/// What a staged row is for: `insert` opens a version, `update` and `delete` close one.
const CHANGE: &str = "dbt_change_type";
/// Stands before the number of a key's part.
const KEY: &str = "dbt_unique_key";

/// Whether a staged column is not the snapshot's own.
pub(super) fn is_helper(name: &str) -> bool {
    let name = name.to_lowercase();
    let number = name.strip_prefix(KEY);
    let number = number.map(|rest| rest.strip_prefix('_').unwrap_or(rest));
    name == CHANGE || number.is_some_and(|number| number.chars().all(|c| c.is_ascii_digit()))
}

/// The statements of a snapshot.
pub(super) struct Statements {
    pub(super) strategy: Strategy,
    pub(super) columns: MetaColumns,
    /// What `dbt_valid_to` is while a version is the current one, if not null.
    pub(super) current: Option<String>,
    /// The time of the run, for rows that are gone.
    pub(super) now: String,
    /// What names the version that says that a row is gone.
    pub(super) deletion_scd_id: String,
    pub(super) query: String,
    /// The query's columns, where a version of a row that is gone needs them.
    pub(super) query_columns: Vec<String>,
    pub(super) target: Relation,
}

impl Statements {
    /// The rows of a new snapshot: the first version of each.
    pub(super) fn first(&self) -> String {
        let Self { columns, query, .. } = self;
        let Strategy {
            scd_id, updated_at, ..
        } = &self.strategy;
        format!(
            "select *,\n    {scd_id} as {},\n    {updated_at} as {},\n    {updated_at} as {},\n    {} as {}{}\n\
             from (\n{query}\n) as sbq",
            columns.scd_id,
            columns.updated_at,
            columns.valid_from,
            self.open_end(),
            columns.valid_to,
            self.kept_flag(),
        )
    }

    /// The changes since the last run, one row each.
    pub(super) fn staged(&self, known: &Columns) -> String {
        let Self {
            columns,
            query,
            target,
            ..
        } = self;
        let Strategy {
            scd_id,
            updated_at,
            row_changed,
            ..
        } = &self.strategy;
        let MetaColumns {
            valid_from,
            valid_to,
            scd_id: scd_id_name,
            updated_at: updated_at_name,
            is_deleted,
        } = columns;
        let keys = self.keys();
        let has_flag = self.strategy.hard_deletes == HardDeletes::NewRecord;
        let is_current = self.is_current("");
        let open_end = self.open_end();
        let on = self.same_key();
        let (new_flag, old_flag, came_back) = if has_flag {
            (
                self.kept_flag(),
                format!(", snapshotted_data.{is_deleted}"),
                format!(" or snapshotted_data.{is_deleted} = 'True'"),
            )
        } else {
            Default::default()
        };
        let mut staged = format!(
            "with snapshot_query as (\n{query}\n),\n\
             snapshotted_data as (\n    select *, {keys} from {target} where {is_current}\n),\n\
             query_rows as (\n    select *, {keys} from snapshot_query\n),\n\
             versions as (\n    select *, {updated_at} as {updated_at_name}, {updated_at} as {valid_from},\n        \
             {open_end} as {valid_to}, {scd_id} as {scd_id_name}\n    from query_rows\n),\n\
             ends as (\n    select *, {updated_at} as {updated_at_name}, {updated_at} as {valid_from},\n        \
             {updated_at} as {valid_to}\n    from query_rows\n)\n\
             select 'insert' as {CHANGE}, source_data.*{new_flag}\n\
             from versions as source_data left join snapshotted_data on {on}\n\
             where snapshotted_data.{KEY}_1 is null or {row_changed}{came_back}\n\
             union all\n\
             select 'update', source_data.*, snapshotted_data.{scd_id_name}{old_flag}\n\
             from ends as source_data join snapshotted_data on {on}\n\
             where {row_changed}{came_back}"
        );
        if self.strategy.hard_deletes != HardDeletes::Ignore {
            staged.push_str(&self.gone(known, &old_flag));
        }
        staged
    }

    /// The rows that the query does not give any more.
    fn gone(&self, known: &Columns, old_flag: &str) -> String {
        let Self {
            columns,
            now,
            deletion_scd_id,
            ..
        } = self;
        let has_flag = self.strategy.hard_deletes == HardDeletes::NewRecord;
        let mut from = format!(
            "from snapshotted_data left join query_rows as source_data on {}\nwhere source_data.{KEY}_1 is null",
            self.same_key()
        );
        if has_flag {
            // Its last version says so already.
            from = format!(
                "{from} and not (snapshotted_data.{} = 'True' and {})",
                columns.is_deleted,
                self.is_current_only("snapshotted_data.")
            );
        }
        let mut gone = format!(
            "\nunion all\nselect 'delete', source_data.*, {now}, {now}, {now}, snapshotted_data.{}{old_flag}\n{from}",
            columns.scd_id
        );
        if has_flag {
            let values = self.query_columns.iter().map(|name| {
                let is_known = known.iter().any(|(known, _)| known == name);
                let side = if is_known {
                    "snapshotted_data"
                } else {
                    "source_data"
                };
                format!("{side}.{}, ", quoted(name))
            });
            let keys = (1..=self.strategy.unique_key.len())
                .map(|number| format!("snapshotted_data.{KEY}_{number}, "));
            gone.push_str(&format!(
                "\nunion all\nselect 'insert', {}{now}, {now}, snapshotted_data.{}, {deletion_scd_id}, 'True'\n{from}",
                values.chain(keys).collect::<String>(),
                columns.valid_to
            ));
        }
        gone
    }

    /// Ends the versions that are not current any more.
    pub(super) fn close(&self, staging: &str) -> String {
        let MetaColumns {
            valid_to, scd_id, ..
        } = &self.columns;
        format!(
            "update {} as old_version set {valid_to} = changes.{valid_to} from {staging} as changes\n\
             where changes.{scd_id} = old_version.{scd_id} and changes.{CHANGE} in ('update', 'delete') and {}",
            self.target,
            self.is_current("old_version.")
        )
    }

    /// Adds the new versions.
    pub(super) fn open(&self, staging: &str, names: &[String]) -> String {
        let names = names.join(", ");
        format!(
            "insert into {} ({names})\nselect {names} from {staging} where {CHANGE} = 'insert'",
            self.target
        )
    }

    fn keys(&self) -> String {
        let keys = self.strategy.unique_key.iter().enumerate();
        let keys = keys.map(|(index, key)| format!("{key} as {KEY}_{}", index + 1));
        keys.collect::<Vec<_>>().join(", ")
    }

    fn same_key(&self) -> String {
        let keys = (1..=self.strategy.unique_key.len())
            .map(|number| format!("snapshotted_data.{KEY}_{number} = source_data.{KEY}_{number}"));
        keys.collect::<Vec<_>>().join(" and ")
    }

    /// No end, with the type of `updated_at`.
    fn open_end(&self) -> String {
        let updated_at = &self.strategy.updated_at;
        let current = self.current.as_deref().unwrap_or("null");
        format!("coalesce(nullif({updated_at}, {updated_at}), {current})")
    }

    fn kept_flag(&self) -> String {
        match self.strategy.hard_deletes {
            HardDeletes::NewRecord => format!(", 'False' as {}", self.columns.is_deleted),
            _ => String::new(),
        }
    }

    /// Whether a version is the current one; one from before `dbt_valid_to_current` was set has no end.
    fn is_current(&self, qualifier: &str) -> String {
        let valid_to = &self.columns.valid_to;
        match &self.current {
            None => format!("{qualifier}{valid_to} is null"),
            Some(current) => {
                format!("({qualifier}{valid_to} = {current} or {qualifier}{valid_to} is null)")
            }
        }
    }

    fn is_current_only(&self, qualifier: &str) -> String {
        let valid_to = &self.columns.valid_to;
        match &self.current {
            None => format!("{qualifier}{valid_to} is null"),
            Some(current) => format!("{qualifier}{valid_to} = {current}"),
        }
    }
}
