//! Models, tests and pages of one build, and what reads what.

mod read;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::{Error, Page, Result, compose::models as models_in};

/// Everything that a build is made of.
#[derive(Debug)]
pub(crate) struct Lineage {
    /// By name.
    models: BTreeMap<String, Model>,
    /// Names of dashboards, as the project's exposures spell them, and what they say they read.
    exposures: BTreeMap<String, Vec<String>>,
}

/// A model, seed, snapshot or source.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Model {
    /// A source's is `tmdb.movies`.
    pub(crate) name: String,
    /// `sources`, `staging`, `intermediate`, `marts`, `seeds` or `snapshots`.
    pub(crate) layer: String,
    /// `model`, `seed`, `snapshot` or `source`.
    pub(crate) kind: String,
    pub(crate) materialized: Option<String>,
    pub(crate) group: Option<String>,
    pub(crate) access: Option<String>,
    pub(crate) description: String,
    pub(crate) depends_on: Vec<String>,
    /// How long it took to build.
    pub(crate) seconds: Option<f64>,
    /// Whether it is made for users to read.
    pub(crate) is_public: bool,
    #[serde(skip)]
    pub(crate) details: Details,
}

/// What only the model's own page shows.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub(crate) struct Details {
    pub(crate) columns: Vec<Column>,
    pub(crate) tests: Vec<Test>,
    pub(crate) raw_sql: Option<String>,
    pub(crate) compiled_sql: Option<String>,
    pub(crate) referenced_by: Vec<String>,
}

/// A column as the project describes it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "ModelColumn")]
pub(crate) struct Column {
    pub(crate) name: String,
    #[serde(rename = "type")]
    pub(crate) data_type: Option<String>,
    pub(crate) description: String,
    /// Kinds of the tests on it, such as `not_null`.
    pub(crate) tests: Vec<String>,
}

/// A test and how it went.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "ModelTest")]
pub(crate) struct Test {
    pub(crate) name: String,
    pub(crate) column: Option<String>,
    /// `error` or `warn`.
    pub(crate) severity: String,
    /// In dbt's words; `not run` when the run says nothing of it.
    pub(crate) status: String,
    /// Rows that it found.
    pub(crate) failures: Option<i64>,
    pub(crate) message: Option<String>,
}

/// How tests went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct TestCounts {
    pub(crate) pass: usize,
    pub(crate) warn: usize,
    /// Errors too: a test that could not be asked proves nothing.
    pub(crate) fail: usize,
    pub(crate) skip: usize,
}

impl TestCounts {
    pub(crate) fn of<'a>(statuses: impl Iterator<Item = &'a str>) -> Self {
        let mut counts = Self::default();
        for status in statuses {
            match status {
                "pass" => counts.pass += 1,
                "warn" => counts.warn += 1,
                "fail" | "error" => counts.fail += 1,
                "skipped" => counts.skip += 1,
                _ => {}
            }
        }
        counts
    }
}

/// A model in the list of all.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ModelEntry")]
pub(crate) struct ModelEntry<'a> {
    #[serde(flatten)]
    model: &'a Model,
    tests: TestCounts,
}

/// A page and the models it reads.
#[derive(Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "PageModels")]
pub(crate) struct PageEntry {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) depends_on: Vec<String>,
}

/// A model with everything there is to say about it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Model")]
pub(crate) struct ModelPage<'a> {
    #[serde(flatten)]
    model: &'a Model,
    #[serde(flatten)]
    details: &'a Details,
    pages: Vec<String>,
}

impl Lineage {
    /// Every model, by name.
    pub(crate) fn entries(&self) -> Vec<ModelEntry<'_>> {
        let entry = |model| ModelEntry {
            tests: TestCounts::of(tests_of(model)),
            model,
        };
        self.models.values().map(entry).collect()
    }

    /// One model, and which of the pages read it.
    pub(crate) fn model(&self, name: &str, pages: &[Page]) -> Result<ModelPage<'_>> {
        let model = self.models.get(name).ok_or_else(|| Error::NotFound {
            what: "model",
            name: name.to_owned(),
            valid: self.nearest(name),
        })?;
        let readers = self.pages(pages).into_iter();
        Ok(ModelPage {
            model,
            details: &model.details,
            pages: readers
                .filter(|page| page.depends_on.iter().any(|read| read == name))
                .map(|page| page.name)
                .collect(),
        })
    }

    /// What each page reads: what its queries name, and what its exposure says.
    pub(crate) fn pages(&self, pages: &[Page]) -> Vec<PageEntry> {
        let entry = |page: &Page| {
            let mut read: Vec<String> = self
                .exposures
                .get(&page.name.replace('-', "_"))
                .cloned()
                .unwrap_or_default();
            // Every tile counts its films there.
            if !page.tiles.is_empty() {
                read.push("mart_movies".to_owned());
            }
            let subject = page.subject.iter();
            read.extend(subject.flat_map(|subject| models_in(&subject.query.sql)));
            read.extend(
                page.tiles
                    .iter()
                    .flat_map(|tile| models_in(&tile.query.sql)),
            );
            read.retain(|name| self.models.contains_key(name));
            read.sort();
            read.dedup();
            PageEntry {
                name: page.name.clone(),
                title: page.title.clone(),
                depends_on: read,
            }
        };
        pages.iter().map(entry).collect()
    }

    /// A few names that the reader may have meant.
    fn nearest(&self, name: &str) -> Vec<String> {
        let mut names: Vec<&String> = self.models.keys().collect();
        names.sort_by(|one, other| {
            let likeness = |known: &String| strsim::jaro_winkler(known, name);
            likeness(other).total_cmp(&likeness(one))
        });
        names.into_iter().take(5).cloned().collect()
    }
}

fn tests_of(model: &Model) -> impl Iterator<Item = &str> {
    model.details.tests.iter().map(|test| test.status.as_str())
}
