use serde::Deserialize;

use crate::{Connection, Error, Result, Value, query_text::explained};

/// What DuckDB's own parser makes of a text.
#[derive(Deserialize)]
struct Parsed {
    error: bool,
    #[serde(default)]
    error_type: String,
    #[serde(default)]
    error_message: String,
    #[serde(default)]
    position: Option<String>,
    #[serde(default)]
    statements: Vec<serde::de::IgnoredAny>,
}

/// Makes sure that a text is one query, by having it parsed and nothing else.
pub(super) fn expect(session: &mut dyn Connection, sql: &str) -> Result<()> {
    let inner = explained(sql);
    let answer = session.query(
        "select cast(json_serialize_sql($1::varchar) as varchar)",
        &[Value::Text(inner.to_owned())],
    )?;
    let rows = answer.json_rows();
    let text = rows.first().and_then(|row| row.first()?.as_str());
    let parsed: Parsed = serde_json::from_str(text.unwrap_or_default()).map_err(|_| refused(0))?;
    if !parsed.error {
        return match parsed.statements.len() {
            1 => Ok(()),
            n => Err(refused(n)),
        };
    }
    // Any other statement, named by its kind in no message of the parser.
    if parsed.error_type != "parser" {
        return Err(refused(1));
    }
    let offset = sql.len() - inner.len();
    let position = parsed.position.and_then(|at| at.parse::<usize>().ok());
    Err(Error::Sql {
        message: match position.and_then(|at| sql.get(..offset + at)) {
            Some(before) => format!(
                "{} (line {})",
                parsed.error_message,
                before.matches('\n').count() + 1
            ),
            None => parsed.error_message,
        },
        sql: sql.to_owned(),
    })
}

fn refused(n_statements: usize) -> Error {
    Error::NotAQuery { n_statements }
}
