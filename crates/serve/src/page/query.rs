use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize, Serializer};

use super::Column;

/// One file with a query of a page. `page.yml` names the file; the browser gets its columns.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(from = "String")]
pub(crate) struct Query {
    /// Beside `page.yml`.
    pub(crate) file: String,
    /// Without its header.
    pub(crate) sql: String,
    /// Lines in front of `sql`.
    pub(crate) n_header_lines: usize,
    /// As the header declares them.
    pub(crate) columns: Vec<Column>,
}

impl From<String> for Query {
    fn from(file: String) -> Self {
        Self {
            file,
            ..Self::default()
        }
    }
}

impl Serialize for Query {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.columns.serialize(serializer)
    }
}

impl JsonSchema for Query {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Query".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        if generator.contract().is_serialize() {
            Vec::<Column>::json_schema(generator)
        } else {
            String::json_schema(generator)
        }
    }
}
