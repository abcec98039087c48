//! The JSON API and `page.yml`, described from the types that write and read them.

#[cfg(test)]
mod tests;
#[cfg(test)]
mod typescript;

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings, json_schema};
use serde_json::{Map, Value as Json, json};

use crate::{
    answer::Answer,
    catalogue::Catalogue,
    console::ConsoleAnswer,
    error::ProblemBody,
    lineage::ModelPage,
    page::Page,
    routes::{
        api::{Health, PageEntry, Readiness},
        events::PagesEvent,
        lineage::{Models, RunList},
    },
    search::Found,
    subject::About,
};

/// A value of a row.
pub(crate) struct Cell;

impl JsonSchema for Cell {
    fn schema_name() -> Cow<'static, str> {
        "Cell".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "number", "boolean", "null"] })
    }
}

/// A row of a result.
pub(crate) struct Row;

impl JsonSchema for Row {
    fn schema_name() -> Cow<'static, str> {
        "Row".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "array", "items": generator.subschema_for::<Cell>() })
    }
}

/// A column of an answer of the console, as the warehouse says it.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "it only describes")]
pub(crate) struct ConsoleColumn {
    name: String,
    r#type: String,
}

/// A table that the console can ask, as the warehouse describes it.
#[derive(JsonSchema)]
#[schemars(rename = "ConsoleTable")]
#[expect(dead_code, reason = "it only describes")]
struct ConsoleTable {
    name: String,
    description: String,
    columns: Vec<ConsoleTableColumn>,
}

#[derive(JsonSchema)]
#[expect(dead_code, reason = "it only describes")]
struct ConsoleTableColumn {
    name: String,
    r#type: String,
    description: String,
}

/// `/api/openapi.json`.
pub(crate) fn document() -> Json {
    let mut api = Api::new();
    api.get::<Vec<PageEntry>>("/api/pages", "The pages", &[]);
    api.get::<Page>(
        "/api/pages/{page}",
        "One page: its filters, switches and tiles",
        &[],
    );
    api.get::<About>(
        "/api/pages/{page}/subject",
        "Whom an entity page is about",
        &[("id", "TMDB's id")],
    );
    let filters = [
        ("years", "`1990-2016`"),
        ("genre", "id of a genre"),
        ("genre_policy", "`any` or `primary`"),
        ("language", "ISO 639-1 code"),
        ("country", "ISO 3166-1 code"),
        ("budget_class", "classes, comma separated"),
        ("budget_floor", "whole dollars"),
        ("votes_floor", "whole number"),
        ("money", "`real` or `nominal`"),
        ("id", "whom an entity page is about"),
    ];
    api.get::<Answer>(
        "/api/pages/{page}/tiles/{tile}",
        "A tile's rows, and how sure they are; the page says which filters and switches it takes",
        &filters,
    );
    for (kind, media) in [
        ("csv", "text/csv"),
        ("parquet", "application/vnd.apache.parquet"),
    ] {
        let path = format!("/api/pages/{{page}}/tiles/{{tile}}.{kind}");
        let schema = json!({ "type": "string", "format": "binary" });
        api.path(&path, "The same rows as a file", &filters, media, &schema);
    }
    api.get::<Catalogue>("/api/filters", "What the filters can be", &[]);
    api.get::<Models<'_>>("/api/models", "Every model, and what each page reads", &[]);
    api.get::<ModelPage<'_>>(
        "/api/models/{name}",
        "One model: columns, tests and SQL",
        &[],
    );
    api.get::<RunList>(
        "/api/runs",
        "The runs, and what became of their builds",
        &[],
    );
    api.get::<Found>(
        "/api/search",
        "Films, people, companies and collections by name",
        &[("q", "a name, or a part of it"), ("limit", "50 at most")],
    );
    api.get::<Vec<ConsoleTable>>("/api/console/tables", "What there is to ask", &[]);
    let question = json!({
        "required": true,
        "content": { "application/json": { "schema": {
            "type": "object",
            "required": ["sql"],
            "properties": { "sql": { "type": "string" } },
        } } },
    });
    api.get::<ConsoleAnswer>("/api/console", "One SELECT of the reader's own", &[]);
    let mut asked = api.paths["/api/console"]["get"].take();
    asked["requestBody"] = question;
    api.paths["/api/console"] = json!({ "post": asked });
    let events = api.generator.subschema_for::<PagesEvent>().to_value();
    api.path(
        "/api/events",
        "Server-sent events: `build` with the id of a newer build, `pages` with what is wrong in changed files",
        &[
            ("build_id", "what is known already"),
            ("edition", "what is known already"),
        ],
        "text/event-stream",
        &events,
    );
    api.get::<Health>("/healthz", "Whether the server runs", &[]);
    api.get::<Readiness>("/readyz", "Whether a build can be read", &[]);
    api.finish()
}

/// An OpenAPI document in the making.
struct Api {
    generator: SchemaGenerator,
    paths: Map<String, Json>,
}

impl Api {
    fn new() -> Self {
        let settings = SchemaSettings::draft2020_12()
            .for_serialize()
            .with(|settings| {
                settings.definitions_path = "/components/schemas".into();
                settings.meta_schema = None;
            });
        Self {
            generator: settings.into_generator(),
            paths: Map::new(),
        }
    }

    fn get<Answer: JsonSchema>(&mut self, path: &str, summary: &str, query: &[(&str, &str)]) {
        let schema = self.generator.subschema_for::<Answer>().to_value();
        self.path(path, summary, query, "application/json", &schema);
    }

    fn path(
        &mut self,
        path: &str,
        summary: &str,
        query: &[(&str, &str)],
        media: &str,
        schema: &Json,
    ) {
        let named = path.split(['{', '}']).skip(1).step_by(2).map(|name| {
            json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } })
        });
        let asked = query.iter().map(|(name, description)| {
            json!({ "name": name, "in": "query", "description": description, "schema": { "type": "string" } })
        });
        let parameters: Vec<Json> = named.chain(asked).collect();
        let problem = self.generator.subschema_for::<ProblemBody>().to_value();
        let operation = json!({
            "summary": summary,
            "parameters": parameters,
            "responses": {
                "200": { "description": summary, "content": { media: { "schema": schema } } },
                "default": {
                    "description": "What went wrong, and what to do about it",
                    "content": { "application/problem+json": { "schema": problem } },
                },
            },
        });
        self.paths
            .insert(path.to_owned(), json!({ "get": operation }));
    }

    fn finish(mut self) -> Json {
        json!({
            "openapi": "3.1.0",
            "info": {
                "title": "Filmstar",
                "version": env!("CARGO_PKG_VERSION"),
                "description": "Film facts on a star schema. This product uses the TMDB API but is not endorsed or certified by TMDB.",
                "license": { "name": "MIT OR Apache-2.0" },
            },
            "paths": self.paths,
            "components": { "schemas": self.generator.take_definitions(true) },
        })
    }
}
