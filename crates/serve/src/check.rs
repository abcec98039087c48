//! What those who write pages want to know before anybody opens them.

#[cfg(test)]
mod tests;

use std::path::Path;

use serde::Deserialize;
use warehouse::{ColumnType, Connection, columns_of};

use crate::{
    Diagnostic, Page,
    compose::{Composed, compose, models},
    page::{Column, Format, Query, inspect_embedded, inspect_folder, nearest},
    selection::Selection,
};

/// Pages with everything that is wrong with them.
pub struct Inspection {
    /// Those that could be read.
    pub pages: Vec<Page>,
    /// In the order of files.
    pub problems: Vec<Diagnostic>,
}

impl Inspection {
    /// Reads the pages of a folder, or the binary's own, and looks at all that needs no database.
    pub fn begin(folder: Option<&Path>) -> Self {
        let (pages, problems) = folder.map_or_else(inspect_embedded, inspect_folder);
        Self { pages, problems }
    }

    /// How many queries the pages have.
    pub fn n_queries(&self) -> usize {
        self.pages.iter().map(|page| page.queries().count()).sum()
    }

    /// Lets the database read every query, and compares what it would give with the query's header.
    ///
    /// # Errors
    /// When the database is lost; what it says of a query is a problem of the page.
    pub fn bind(&mut self, connection: &mut dyn Connection) -> warehouse::Result<()> {
        for page in &self.pages {
            for query in page.queries().filter(|query| !query.sql.is_empty()) {
                self.problems.extend(bind(page, query, connection)?);
            }
        }
        Ok(())
    }

    /// Whether each page has an exposure that names the models it reads, and no others.
    pub fn expose(&mut self, exposures: &str) {
        let file = "dbt/models/exposures.yml";
        let problem = |line, message, hint: String| Diagnostic {
            file: file.to_owned(),
            line,
            message,
            hint: Some(hint),
        };
        let Ok(read) = dbt_yaml::from_str::<Exposures>(exposures) else {
            let hint = "`filmstar dbt parse` says what is wrong".to_owned();
            self.problems
                .push(problem(None, "cannot be read".to_owned(), hint));
            return;
        };
        for page in &self.pages {
            let reads = models_of(page);
            let name = page.name.replace('-', "_");
            let Some(exposure) = read.exposures.iter().find(|exposure| exposure.name == name)
            else {
                if !reads.is_empty() {
                    let message = format!("page `{}` has no exposure", page.name);
                    let hint = format!(
                        "add one named `{name}` that depends on {}",
                        reads.join(", ")
                    );
                    self.problems.push(problem(None, message, hint));
                }
                continue;
            };
            let line = exposures
                .lines()
                .position(|line| line.trim() == format!("- name: {name}"));
            let line = line.map(|index| index + 1);
            let named: Vec<&str> = exposure
                .depends_on
                .iter()
                .filter_map(|text| model_in(text))
                .collect();
            for model in reads
                .iter()
                .filter(|model| !named.contains(&model.as_str()))
            {
                let message =
                    format!("exposure `{name}` does not name `{model}`, which its page reads");
                self.problems
                    .push(problem(line, message, format!("add `- ref('{model}')`")));
            }
            // What a view of the front end reads, its page does not tell.
            let is_known =
                |model: &str| page.view.is_some() || reads.iter().any(|read| read == model);
            for model in named.iter().filter(|model| !is_known(model)) {
                let message =
                    format!("exposure `{name}` names `{model}`, which its page does not read");
                self.problems
                    .push(problem(line, message, format!("delete `- ref('{model}')`")));
            }
        }
    }
}

#[derive(Deserialize)]
struct Exposures {
    #[serde(default)]
    exposures: Vec<Exposure>,
}

#[derive(Deserialize)]
struct Exposure {
    name: String,
    #[serde(default)]
    depends_on: Vec<String>,
}

/// `ref('mart_movies')` names `mart_movies`.
fn model_in(reference: &str) -> Option<&str> {
    reference.split(['\'', '"']).nth(1)
}

/// What its queries name, and the films that every tile counts.
fn models_of(page: &Page) -> Vec<String> {
    let mut read: Vec<String> = page
        .queries()
        .flat_map(|query| models(&query.sql))
        .collect();
    if !page.tiles.is_empty() {
        read.push("mart_movies".to_owned());
    }
    read.sort();
    read.dedup();
    read
}

/// Binds a query as it is without filters and with all of them.
fn bind(
    page: &Page,
    query: &Query,
    connection: &mut dyn Connection,
) -> warehouse::Result<Option<Diagnostic>> {
    for selection in [Selection::typical(page), Selection::narrow(page)] {
        let composed = compose(&query.sql, &selection);
        // No row is asked for, so the database only reads it.
        let sql = format!("select * from (\n{}\n) as tile limit 0", composed.sql);
        match connection.query(&sql, &composed.values) {
            Ok(rows) => {
                let found: Vec<(String, ColumnType)> = columns_of(&rows.schema)
                    .into_iter()
                    .map(|column| (column.name, column.column_type))
                    .collect();
                if let Some((message, hint)) = compare(&query.columns, &found) {
                    return Ok(Some(diagnostic(page, query, 1, message, hint)));
                }
            }
            Err(warehouse::Error::Sql { message, .. }) => {
                let line = line_in(&message).map(|line| line.saturating_sub(1));
                let line = line.and_then(|line| composed.line_of_body(line));
                let line = line.map_or(1, |line| line + query.n_header_lines);
                let hint = "`filmstar query` tries a query; the tables are in dbt/models/marts";
                let message = words(&message);
                return Ok(Some(diagnostic(
                    page,
                    query,
                    line,
                    message,
                    hint.to_owned(),
                )));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

fn diagnostic(
    page: &Page,
    query: &Query,
    line: usize,
    message: String,
    hint: String,
) -> Diagnostic {
    Diagnostic {
        file: format!("{}/{}", page.name, query.file),
        line: Some(line),
        message,
        hint: Some(hint),
    }
}

/// What the header and the result disagree on first.
fn compare(declared: &[Column], found: &[(String, ColumnType)]) -> Option<(String, String)> {
    let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    let declared_names: Vec<&str> = declared.iter().map(|column| column.name.as_str()).collect();
    if let Some(missing) = declared_names.iter().find(|name| !names.contains(name)) {
        let message = format!("the query gives no column `{missing}`, which its header declares");
        return Some((message, nearest(missing, &names)));
    }
    if let Some(more) = names.iter().find(|name| !declared_names.contains(name)) {
        let message = format!("the header does not declare the column `{more}`");
        return Some((
            message,
            "add it, with `hidden: true` if only the drawing needs it".to_owned(),
        ));
    }
    if names != declared_names {
        let message = "the header has the columns in another order than the query".to_owned();
        return Some((message, format!("the query gives {}", names.join(", "))));
    }
    let mistaken = declared
        .iter()
        .zip(found)
        .find(|(column, (_, found))| !column.format.suits(*found));
    mistaken.map(|(column, _)| {
        let message = format!(
            "the format of column `{}` does not suit its values",
            column.name
        );
        (message, "formats: dashboards/README.md".to_owned())
    })
}

impl Format {
    /// Whether values of a type can be written so.
    fn suits(self, found: ColumnType) -> bool {
        match self {
            Self::Text | Self::Url => true,
            Self::Date => matches!(
                found,
                ColumnType::Date | ColumnType::Timestamp | ColumnType::Text
            ),
            Self::Flag => found == ColumnType::Boolean,
            Self::Count
            | Self::Year
            | Self::Usd
            | Self::Percent
            | Self::Multiple
            | Self::Rating
            | Self::Number
            | Self::Minutes => matches!(found, ColumnType::Integer | ColumnType::Number),
        }
    }
}

/// The line that a database names: `LINE 12: …` or `line 12: …`.
fn line_in(message: &str) -> Option<usize> {
    let (_, rest) = message
        .split_once("LINE ")
        .or_else(|| message.split_once("\nline "))?;
    rest.split(|c: char| !c.is_ascii_digit())
        .next()?
        .parse()
        .ok()
}

/// A database's message without the statement it repeats.
fn words(message: &str) -> String {
    let lines = message.lines().map(str::trim);
    let said = lines.take_while(|line| !line.starts_with("LINE ") && !line.starts_with("line "));
    said.filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

impl Composed {
    /// The line of the body that stands in a line of the whole, both counted from 1.
    fn line_of_body(&self, line: usize) -> Option<usize> {
        line.checked_sub(self.n_lines_before)
            .filter(|line| *line > 0)
            .map(|line| line + self.n_lines_skipped)
    }
}
