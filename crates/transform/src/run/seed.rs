use serde_json::Value as Json;
use warehouse::{Connection, Dialect, Relation};

use super::node::Failure;
use crate::{Node, compile::fixture, files::ProjectFiles, yaml};

mod infer;
mod number;
mod records;

use infer::Kind;

/// A seed's table, and where its rows come from.
pub(super) struct Seed {
    /// Each column's name, ready for SQL, and its type.
    columns: Vec<(String, String)>,
    rows: Rows,
}

enum Rows {
    /// DuckDB reads the file by itself.
    File { path: String, delimiter: char },
    /// The values as dbt reads them, in the text format of `copy`.
    Text(Vec<u8>),
}

impl Seed {
    /// Reads a seed's file.
    pub(super) fn read(
        node: &Node,
        files: &ProjectFiles,
        dialect: Dialect,
    ) -> Result<Self, Failure> {
        let text = files.text_of(node).unwrap_or_default();
        let text = text.trim_start_matches('\u{feff}');
        let delimiter = node.config_text("delimiter").unwrap_or(",");
        let delimiter = delimiter.chars().next().unwrap_or(',');
        let mut records = records::read(text, delimiter).into_iter();
        let fail = |message: String| Failure::from(format!("{}: {message}", node.file()));
        let Some(header) = records.next() else {
            return Err(fail("file is empty".to_owned()));
        };
        let (names, records) = (column_names(header), records.collect::<Vec<_>>());
        if let Some(index) = records.iter().position(|record| record.len() > names.len()) {
            return Err(fail(format!(
                "row {} has {} values for {} columns",
                index + 1,
                records[index].len(),
                names.len()
            )));
        }
        let declared = node.config.get("column_types").and_then(Json::as_object);
        let declared = |name: &str| declared.and_then(|types| types.get(name)).map(yaml::plain);
        let kinds: Vec<Kind> = names
            .iter()
            .enumerate()
            .map(|(index, name)| match declared(name) {
                Some(_) => Kind::Text,
                None => Kind::of(
                    records
                        .iter()
                        .filter_map(|record| Some(record.get(index)?.as_str())),
                ),
            })
            .collect();
        let rows = match dialect {
            Dialect::DuckDb => Rows::File {
                path: files.path_of(node).display().to_string(),
                delimiter,
            },
            Dialect::Postgres => Rows::Text(copy_text(&records, &kinds)),
        };
        let is_quoted = node.config.get("quote_columns") != Some(&Json::Bool(false));
        let columns = names
            .into_iter()
            .zip(&kinds)
            .map(|(name, kind)| {
                let data_type = declared(&name).unwrap_or_else(|| kind.data_type().to_owned());
                let name = if is_quoted {
                    fixture::quoted(&name)
                } else {
                    name
                };
                (name, data_type)
            })
            .collect();
        Ok(Self { columns, rows })
    }

    /// The statement that creates the table.
    pub(super) fn create(&self, table: &str) -> String {
        let columns = self.columns.iter();
        let columns: Vec<String> = columns
            .map(|(name, data_type)| format!("{name} {data_type}"))
            .collect();
        format!("create {table} ({})", columns.join(", "))
    }

    /// Loads the rows into the table.
    pub(super) fn fill(
        &self,
        table: &Relation,
        connection: &mut dyn Connection,
    ) -> warehouse::Result<()> {
        match &self.rows {
            Rows::File { path, delimiter } => {
                let path = path.replace('\'', "''");
                connection.execute(&format!(
                    "copy {table} from '{path}' (format csv, header true, delimiter '{delimiter}')"
                ))?;
            }
            Rows::Text(text) => {
                connection.copy_in(&format!("copy {table} from stdin"), &mut text.as_slice())?;
            }
        }
        Ok(())
    }
}

/// A column without a name gets a letter, one whose name is taken a number.
fn column_names(header: Vec<String>) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(header.len());
    for (index, name) in header.into_iter().enumerate() {
        let name = if name.is_empty() {
            let letter = char::from(b'a' + (index % 26) as u8);
            letter.to_string().repeat(index / 26 + 1)
        } else {
            name
        };
        let numbered = (2..).map(|number| format!("{name}_{number}"));
        let mut candidates = std::iter::once(name.clone()).chain(numbered);
        names.extend(candidates.find(|candidate| !names.contains(candidate)));
    }
    names
}

/// The rows in the text format of `copy`; what a short record lacks is null.
fn copy_text(records: &[Vec<String>], kinds: &[Kind]) -> Vec<u8> {
    let mut text = String::new();
    for record in records {
        for (index, kind) in kinds.iter().enumerate() {
            if index > 0 {
                text.push('\t');
            }
            match record.get(index).and_then(|value| kind.sql_text(value)) {
                None => text.push_str("\\N"),
                Some(value) => value.chars().for_each(|c| match c {
                    '\\' => text.push_str("\\\\"),
                    '\t' => text.push_str("\\t"),
                    '\n' => text.push_str("\\n"),
                    '\r' => text.push_str("\\r"),
                    c => text.push(c),
                }),
            }
        }
        text.push('\n');
    }
    text.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::{column_names, copy_text, infer::Kind};

    #[test]
    fn copy_gets_every_value_and_pads_short_records() {
        let record = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
        let records = [
            record(&["1,5", "a\\b\tc\nd"]),
            record(&["2"]),
            record(&[]),
            record(&["", "null"]),
        ];
        let text = copy_text(&records, &[Kind::Integer, Kind::Text]);
        assert_eq!(
            String::from_utf8(text).unwrap(),
            "15\ta\\\\b\\tc\\nd\n2\t\\N\n\\N\t\\N\n\\N\t\\N\n"
        );
    }

    #[test]
    fn every_column_has_a_name_of_its_own() {
        let header = ["id", "", "id", "id"].map(ToOwned::to_owned).to_vec();
        assert_eq!(column_names(header), ["id", "b", "id_2", "id_3"]);
    }
}
