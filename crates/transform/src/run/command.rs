use crate::NodeKind;

/// What to do with the selected nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Seeds, models, snapshots and tests, each test before what depends on the tested.
    Build,
    /// Models.
    Run,
    /// Tests.
    Test,
    /// Seeds.
    Seed,
    /// Snapshots.
    Snapshot,
    /// The age of sources.
    Freshness,
    /// Templates to SQL, nothing run.
    Compile,
    /// Only list what is selected.
    List,
}

impl Command {
    /// dbt's name for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Build => "build",
            Self::Run => "run",
            Self::Test => "test",
            Self::Seed => "seed",
            Self::Snapshot => "snapshot",
            Self::Freshness => "freshness",
            Self::Compile => "compile",
            Self::List => "list",
        }
    }

    pub(crate) fn kinds(self) -> &'static [NodeKind] {
        match self {
            Self::Build => &[
                NodeKind::Model,
                NodeKind::Seed,
                NodeKind::Snapshot,
                NodeKind::Test,
                NodeKind::UnitTest,
                NodeKind::Exposure,
            ],
            Self::Run => &[NodeKind::Model],
            Self::Test => &[NodeKind::Test, NodeKind::UnitTest],
            Self::Seed => &[NodeKind::Seed],
            Self::Snapshot => &[NodeKind::Snapshot],
            Self::Freshness => &[NodeKind::Source],
            Self::Compile => &[
                NodeKind::Model,
                NodeKind::Seed,
                NodeKind::Snapshot,
                NodeKind::Test,
                NodeKind::Analysis,
            ],
            Self::List => &[
                NodeKind::Model,
                NodeKind::Seed,
                NodeKind::Snapshot,
                NodeKind::Test,
                NodeKind::UnitTest,
                NodeKind::Analysis,
                NodeKind::Source,
                NodeKind::Exposure,
            ],
        }
    }
}
