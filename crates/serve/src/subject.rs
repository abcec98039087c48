//! Whom an entity page is about.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;
use warehouse::{Rows, Value};

use crate::{
    Error, Page, Result,
    answer::check_columns,
    build::Build,
    compose::compose,
    openapi::Row,
    page::{Column, ID, Scope},
    selection::Selection,
};

/// The columns that are not facts but what the page is called.
const NAMES: [&str; 3] = ["title", "subtitle", "image_path"];

/// What `/api/pages/{page}/subject` sends.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Subject")]
pub(crate) struct About {
    pub(crate) title: String,
    pub(crate) subtitle: Option<String>,
    /// A path at TMDB's image host, such as `/abc.jpg`.
    pub(crate) image_path: Option<String>,
    /// The facts.
    pub(crate) columns: Vec<Column>,
    #[schemars(with = "Row")]
    pub(crate) row: Vec<Json>,
    /// Newest observation behind the facts.
    pub(crate) as_of: Option<String>,
    pub(crate) build_id: String,
}

impl About {
    /// Asks one build.
    pub(crate) async fn ask(
        build: &Arc<Build>,
        page: &Page,
        pairs: &[(String, String)],
    ) -> Result<Self> {
        let Some(subject) = &page.subject else {
            return Err(Error::NotFound {
                what: "subject of page",
                name: page.name.clone(),
                valid: Vec::new(),
            });
        };
        let catalogue = build.catalogue().await?;
        let selection = Selection::read(page, &catalogue, pairs)?.within(Scope::Catalogue, page);
        let query = compose(&subject.query.sql, &selection);
        let name = format!("{}/subject", page.name);
        let work = move |connection: &mut dyn warehouse::Connection| {
            connection.query(&query.sql, &query.values)
        };
        let rows: Rows = build.run(&name, work).await?;
        check_columns(&name, &subject.query.columns, &rows)?;
        let Some(row) = rows.json_rows().into_iter().next() else {
            let id = match selection.parameters.get(ID) {
                Some(Value::Int(id)) => id.to_string(),
                _ => String::new(),
            };
            return Err(Error::NoSubject {
                kind: subject.kind,
                id,
            });
        };
        let cells = || subject.query.columns.iter().zip(&row);
        let named = |name: &str| {
            let cell = cells().find(|(column, _)| column.name == name);
            cell.and_then(|(_, cell)| cell.as_str()).map(str::to_owned)
        };
        let facts = || cells().filter(|(column, _)| !NAMES.contains(&column.name.as_str()));
        Ok(Self {
            title: named("title").unwrap_or_else(|| page.title.clone()),
            subtitle: named("subtitle"),
            image_path: named("image_path"),
            columns: facts().map(|(column, _)| column.clone()).collect(),
            row: facts().map(|(_, cell)| cell.clone()).collect(),
            as_of: catalogue.day(),
            build_id: build.id().to_owned(),
        })
    }
}
