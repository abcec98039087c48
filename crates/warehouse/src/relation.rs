use std::fmt;

/// A name in the warehouse; displays quoted, ready for SQL.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Relation {
    /// Database (DuckDB: catalog); left out when `None`.
    pub database: Option<String>,
    /// Schema.
    pub schema: String,
    /// Table or view.
    pub identifier: String,
}

impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted = |part: &str| format!("\"{}\"", part.replace('"', "\"\""));
        if let Some(database) = &self.database {
            write!(f, "{}.", quoted(database))?;
        }
        write!(f, "{}.{}", quoted(&self.schema), quoted(&self.identifier))
    }
}
