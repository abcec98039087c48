//! What a second build does to what the first one left, and where a build goes.

use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value as Json, json};
use warehouse::{Connection, Dialect, DuckDb, Postgres, Settings, Warehouse, testing::Server};

use super::{
    build, cases, compare, compiled, duckdb_environment, load, postgres_environment, read, tables,
    tables::rows,
};
use crate::{Options, Project, ProjectFiles, Report, Target};

/// A project of a few files on an empty database; every build is a run of its own.
pub(super) struct Shop {
    pub(super) warehouse: Box<dyn Warehouse>,
    target: Target,
}

impl Shop {
    /// One on each engine that is there.
    pub(super) fn on_each_engine() -> Vec<Self> {
        let duck_db = DuckDb::in_memory(&Settings::default()).unwrap();
        let target = Target::duckdb("shop", duck_db.database(), "main", 4);
        let mut shops = vec![Self {
            target,
            warehouse: Box::new(duck_db),
        }];
        shops.extend(Self::on_postgres());
        shops
    }

    pub(super) fn on_postgres() -> Option<Self> {
        let settings = Server::shared()?.database();
        let target = Target::postgres("shop", &settings.database, "main", 4);
        Some(Self {
            target,
            warehouse: Box::new(Postgres::new(settings).unwrap()),
        })
    }

    pub(super) fn project(
        &self,
        files: &[(&str, &str)],
        change: impl FnOnce(&mut Options),
    ) -> Project {
        static RUN: AtomicU32 = AtomicU32::new(0);
        let id = RUN.fetch_add(1, Ordering::SeqCst).to_string();
        let mut options = Options::new(self.target.clone(), id, chrono::DateTime::UNIX_EPOCH);
        change(&mut options);
        let settings = ("dbt_project.yml", "name: shop");
        let files = files.iter().chain([&settings]);
        let files = ProjectFiles {
            root: "/".into(),
            files: files
                .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
                .collect(),
            ..ProjectFiles::default()
        };
        Project::parse(files, options).unwrap()
    }

    pub(super) fn build(&self, files: &[(&str, &str)]) -> Report {
        build(&self.project(files, |_| {}), &*self.warehouse)
    }

    pub(super) fn build_all(&self, files: &[(&str, &str)]) {
        let report = self.build(files);
        assert_eq!(report.exit_code(), 0, "{:?}", report.results);
    }

    pub(super) fn execute(&self, sql: &str) {
        self.warehouse.connect().unwrap().execute(sql).unwrap();
    }

    pub(super) fn rows(&self, sql: &str) -> Json {
        rows(&mut *self.warehouse.connect().unwrap(), sql).into()
    }
}

#[test]
fn a_second_build_leaves_the_same_tables() {
    let mut differences = Vec::new();
    let mut build_twice = |project: &mut dyn FnMut(&str) -> Project, warehouse: &dyn Warehouse| {
        build(&project("first"), warehouse);
        let first = tables(warehouse);
        build(&project("second"), warehouse);
        compare("twice", &first, &tables(warehouse), &mut differences);
    };
    for case_folder in cases() {
        let case = read(&case_folder.join("case.json"));
        let engines = case["engines"].as_array();
        let runs_on = |engine: &str| {
            case["command"][0] == "build"
                && engines.is_none_or(|engines| engines.contains(&engine.into()))
        };
        if runs_on("duckdb") {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("case.duckdb");
            let warehouse =
                DuckDb::open(&path, warehouse::Access::ReadWrite, &Settings::default()).unwrap();
            let env = duckdb_environment(&path);
            let mut project = |run: &str| load(&case_folder, &case, "duckdb", env.clone(), run);
            build_twice(&mut project, &warehouse);
        }
        if let (true, Some(server)) = (runs_on("postgres"), Server::shared()) {
            let settings = server.database();
            let env = postgres_environment(&settings);
            let warehouse = Postgres::new(settings).unwrap();
            let mut project = |run: &str| load(&case_folder, &case, "postgres", env.clone(), run);
            build_twice(&mut project, &warehouse);
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn a_relation_may_change_its_kind_under_what_reads_it() {
    for shop in Shop::on_each_engine() {
        let build = |kind: &str, below: &str| {
            let model = format!("{{{{ config(materialized='{kind}') }}}} select 1 as id");
            let below = format!(
                "{{{{ config(materialized='{below}') }}}} select id + 1 as id from {{{{ ref('a') }}}}"
            );
            shop.build_all(&[("models/a.sql", &model), ("models/b.sql", &below)]);
            assert_eq!(shop.rows("select id from main.b"), json!([[2]]));
        };
        for (kind, below) in [
            ("table", "view"),
            ("table", "view"),
            ("view", "view"),
            ("view", "table"),
            ("table", "table"),
        ] {
            build(kind, below);
        }
    }
}

#[test]
fn a_suffix_puts_everything_beside_what_is_published() {
    let files = [
        ("models/stg.sql", "select 1 as id"),
        (
            "models/fact.sql",
            "{{ config(materialized='table', schema='marts') }}
             select id, '{{ this }}' as place from {{ ref('stg') }} -- {{ schema }}",
        ),
        (
            "models/fact.yml",
            "models: [{name: fact, columns: [{name: id, data_tests: [{accepted_values: {values: [2],
             config: {severity: warn, store_failures: true}}}]}]}]",
        ),
        ("models/broken.sql", "select no_such_column from {{ ref('stg') }}"),
        ("models/read.sql", "select * from {{ source('raw', 'things') }}"),
        ("models/raw.yml", "sources: [{name: raw, schema: main, tables: [{name: things}]}]"),
    ];
    for shop in Shop::on_each_engine() {
        shop.execute("create schema if not exists main");
        shop.execute("create table main.things as select 7 as n");
        let project = shop.project(&files, |options| {
            options.schema_suffix = "__new_7".to_owned();
        });
        assert_eq!(
            project.schemas(),
            ["main", "main_dbt_test__audit", "main_marts"]
        );
        let report = build(&project, &*shop.warehouse);
        let found = tables(&*shop.warehouse);
        let names: Vec<&String> = found.as_object().unwrap().keys().collect();
        let test = "accepted_values_fact_id__2";
        assert_eq!(
            names,
            [
                "main.things",
                "main__new_7.read",
                "main__new_7.stg",
                &format!("main_dbt_test__audit__new_7.{test}"),
                "main_marts__new_7.fact",
            ]
        );
        let database = shop.warehouse.database();
        let place = format!("\"{database}\".\"main_marts__new_7\".\"fact\"");
        assert_eq!(
            shop.rows("select place from main_marts__new_7.fact"),
            json!([[place]])
        );
        let codes = compiled(&report);
        assert_eq!(
            codes["model.shop.fact"],
            json!(format!(
                "\n             select 1 as id from \"{database}\".\"main\".\"stg\" -- main_marts"
            )
            .replace(
                "select 1 as id",
                &format!("select id, '\"{database}\".\"main_marts\".\"fact\"' as place")
            ))
        );
        let folder = tempfile::tempdir().unwrap();
        report.write_artifacts(&project, folder.path()).unwrap();
        for artifact in ["manifest.json", "run_results.json"] {
            let text = fs_err::read_to_string(folder.path().join(artifact)).unwrap();
            assert!(!text.contains("__new_7"), "{artifact}: {text}");
        }
    }
}

#[test]
fn hooks_run_inside_and_outside_of_the_transaction() {
    let files = [(
        "models/a.sql",
        "{{ config(
            materialized='table',
            pre_hook=['', {'sql': \"insert into main.said values ('before')\", 'transaction': false}],
            post_hook=[
                \"insert into main.said select 'inside ' || count(*) from {{ this }}\",
                {'sql': \"{{ '' }}\", 'transaction': false},
                {'sql': 'insert into main.said select no_such_column', 'transaction': true},
            ],
        ) }} select 1 as id",
    )];
    for shop in Shop::on_each_engine() {
        shop.execute("create schema if not exists main");
        shop.execute("create table main.said (word varchar(20))");
        let report = shop.build(&files);
        assert_eq!(report.exit_code(), 1);
        assert_eq!(shop.rows("select word from main.said"), json!([["before"]]));
        let found = tables(&*shop.warehouse);
        assert!(found.get("main.a").is_none(), "{found}");
    }
}

#[test]
fn a_project_says_how_an_index_is_created() {
    let model = "{{ config(materialized='table', indexes=[{'columns': ['id']}]) }} select 1 as id";
    let own = "{% macro duckdb__get_create_index_sql(relation, index_dict) -%}
        {%- endmacro %}
        {% macro postgres__get_create_index_sql(relation, index_dict) -%}
            {%- set index = adapter.parse_index(index_dict) -%}
            create index own on {{ relation }} ({{ index.columns[0] }} desc)
        {%- endmacro %}";
    for shop in Shop::on_each_engine() {
        let indexes = |files: &[(&str, &str)]| {
            shop.build_all(files);
            tables(&*shop.warehouse)["main.a"]["indexes"].clone()
        };
        let (usual, changed) = match shop.warehouse.dialect() {
            Dialect::DuckDb => (json!(["[id]"]), Json::Null),
            Dialect::Postgres => (
                json!(["CREATE USING btree (id)"]),
                json!(["CREATE USING btree (id DESC)"]),
            ),
        };
        assert_eq!(indexes(&[("models/a.sql", model)]), usual);
        assert_eq!(
            indexes(&[("models/a.sql", model), ("macros/own.sql", own)]),
            changed
        );
    }
}

#[test]
fn postgres_keeps_views_over_a_seed_that_is_loaded_again() {
    let Some(shop) = Shop::on_postgres() else {
        return;
    };
    let model = (
        "models/seen.sql",
        "select sum(n) as n from {{ ref('numbers') }}",
    );
    let seen = "select n::int from main.seen";
    shop.build_all(&[("seeds/numbers.csv", "n\n1\n2\n"), model]);
    assert_eq!(shop.rows(seen), json!([[3]]));
    shop.build_all(&[("seeds/numbers.csv", "n\n4\n")]);
    assert_eq!(shop.rows(seen), json!([[4]]));
    // Other columns make another table, without the views.
    shop.build_all(&[("seeds/numbers.csv", "n,word\n4,x\n")]);
    assert_eq!(
        shop.rows("select to_regclass('main.seen')::text"),
        json!([[null]])
    );
}

#[test]
fn postgres_takes_names_of_63_bytes() {
    let Some(shop) = Shop::on_postgres() else {
        return;
    };
    let longest = "a".repeat(63);
    let path = format!("models/{longest}.sql");
    for _ in 0..2 {
        shop.build_all(&[(&path, "{{ config(materialized='table') }} select 1 as id")]);
    }
    let found = tables(&*shop.warehouse);
    let names: Vec<&String> = found.as_object().unwrap().keys().collect();
    assert_eq!(names, [&format!("main.{longest}")]);
    let report = shop.build(&[(&format!("models/a{longest}.sql"), "select 1 as id")]);
    assert_eq!(
        report.results[0].message,
        format!("relation name `a{longest}` is longer than 63 characters")
    );
    let project = shop.project(&[("models/a.sql", "select 1 as id")], |options| {
        options.schema_suffix = "x".repeat(60);
    });
    let report = build(&project, &*shop.warehouse);
    let name = format!("main{}", "x".repeat(60));
    assert_eq!(
        report.results[0].message,
        format!("schema name `{name}` is longer than 63 characters")
    );
}

#[test]
fn postgres_grants_what_is_configured() {
    let Some(shop) = Shop::on_postgres() else {
        return;
    };
    // Roles belong to the whole server.
    let role = |n: u8| format!("reader_{n}_{}", shop.warehouse.database());
    let (ann, bob) = (role(1), role(2));
    shop.execute(&format!("create role {ann}; create role {bob}"));
    let granted = |table: &str| {
        shop.rows(&format!(
            "select grantee::text, privilege_type::text from information_schema.role_table_grants
             where table_name = '{table}' and grantee like 'reader_%' order by 1, 2"
        ))
    };
    let build = |grantees: &str| {
        let config = format!("{{{{ config(grants={{'select': {grantees}}}) }}}} select 1 as id");
        let seed =
            format!("seeds: [{{name: numbers, config: {{grants: {{select: {grantees}}}}}}}]");
        shop.build_all(&[
            ("models/a.sql", &config),
            ("seeds/numbers.csv", "n\n1\n"),
            ("seeds/numbers.yml", &seed),
        ]);
    };
    build(&format!("['{ann}', '{bob}']"));
    for table in ["a", "numbers"] {
        assert_eq!(granted(table), json!([[ann, "SELECT"], [bob, "SELECT"]]));
    }
    build(&format!("['{bob}']"));
    for table in ["a", "numbers"] {
        assert_eq!(granted(table), json!([[bob, "SELECT"]]));
    }
    shop.execute(&format!(
        "drop owned by {ann}, {bob}; drop role {ann}, {bob}"
    ));
}

/// A database whose driver panics at a word.
struct Brittle(DuckDb);

struct BrittleSession(Box<dyn Connection>);

impl Warehouse for Brittle {
    fn dialect(&self) -> Dialect {
        self.0.dialect()
    }
    fn database(&self) -> &str {
        self.0.database()
    }
    fn connect(&self) -> warehouse::Result<Box<dyn Connection>> {
        Ok(Box::new(BrittleSession(self.0.connect()?)))
    }
}

impl Connection for BrittleSession {
    fn execute(&mut self, sql: &str) -> warehouse::Result<u64> {
        assert!(!sql.contains("'brittle'"), "the driver broke");
        self.0.execute(sql)
    }
    fn stream(
        &mut self,
        sql: &str,
        parameters: &[warehouse::Value],
        on_batch: &mut dyn FnMut(arrow::record_batch::RecordBatch) -> std::ops::ControlFlow<()>,
    ) -> warehouse::Result<arrow::datatypes::SchemaRef> {
        self.0.stream(sql, parameters, on_batch)
    }
    fn relations(&mut self, schema: &str) -> warehouse::Result<Vec<warehouse::RelationInfo>> {
        self.0.relations(schema)
    }
    fn columns(
        &mut self,
        relation: &warehouse::Relation,
    ) -> warehouse::Result<Vec<(String, String)>> {
        self.0.columns(relation)
    }
    fn canceller(&self) -> std::sync::Arc<dyn warehouse::Canceller> {
        self.0.canceller()
    }
}

#[test]
fn a_panic_is_the_error_of_its_node_and_ends_no_worker() {
    let duck_db = DuckDb::in_memory(&Settings::default()).unwrap();
    let shop = Shop {
        target: Target::duckdb("shop", duck_db.database(), "main", 2),
        warehouse: Box::new(Brittle(duck_db)),
    };
    let report = shop.build(&[
        (
            "models/bad.sql",
            "{{ config(materialized='table') }} select 'brittle' as x",
        ),
        ("models/below.sql", "select * from {{ ref('bad') }}"),
        ("models/good.sql", "select 1 as x"),
    ]);
    let mut found: Vec<_> = report
        .results
        .iter()
        .map(|result| {
            let broke = result.message.contains("the driver broke");
            (result.unique_id.as_str(), result.status, broke)
        })
        .collect();
    found.sort_by_key(|(id, ..)| *id);
    assert_eq!(
        found,
        [
            ("model.shop.bad", crate::Status::Error, true),
            ("model.shop.below", crate::Status::Skipped, false),
            ("model.shop.good", crate::Status::Success, false),
        ]
    );
}
