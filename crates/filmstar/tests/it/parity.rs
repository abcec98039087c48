//! dbt Core as the judge: the same project on the same lake gives the same tables and verdicts.

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsStr,
    fs,
    path::Path,
    process::Command,
};

use warehouse::{Access, Connection, DuckDb, Settings, Warehouse as _};

use crate::sandbox::{Sandbox, Server, real_films};

#[test]
fn dbt_core_agrees_on_a_generated_catalogue() {
    compare(&Server::generated(500));
}

#[test]
fn dbt_core_agrees_on_the_real_films() {
    let Some(file) = real_films() else { return };
    compare(&Server::simulate(&["--replay", file.to_str().unwrap()]));
}

fn compare(server: &Server) {
    let Some(dbt) = std::env::var_os("FILMSTAR_TEST_DBT") else {
        println!("SKIPPED: no dbt Core; `cargo xtask test` installs it");
        return;
    };
    let sandbox = Sandbox::with_api(server);
    sandbox.succeed(&["init", "--yes"]);
    sandbox.succeed(&["ingest"]);
    sandbox.succeed(&["build"]);
    let core = sandbox.path().join("core");
    fs::create_dir(&core).unwrap();
    sandbox.succeed(&["load", "--output", "core/filmstar.duckdb"]);
    let database = core.join("filmstar.duckdb");
    build_with_core(&dbt, &sandbox, &core.join("target"), |command| {
        command.env("FILMSTAR_WAREHOUSE_PATH", database)
    });

    let ours = sandbox.path().join("data/warehouse/current");
    same(
        &relations(&ours.join("filmstar.duckdb")),
        &relations(&core.join("filmstar.duckdb")),
    );
    same(
        &verdicts(&ours.join("target/run_results.json")),
        &verdicts(&core.join("target/run_results.json")),
    );
}

/// Builds a sandbox's project with dbt Core; `adjust` says where.
pub(crate) fn build_with_core(
    dbt: &OsStr,
    sandbox: &Sandbox,
    target_path: &Path,
    adjust: impl FnOnce(&mut Command) -> &mut Command,
) {
    let mut command = Command::new(dbt);
    command
        .args(["--no-use-colors", "build"])
        .args(["--project-dir", "dbt", "--profiles-dir", "dbt"])
        .arg("--target-path")
        .arg(target_path)
        .current_dir(sandbox.path())
        .env("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")
        .env("DO_NOT_TRACK", "1");
    let output = adjust(&mut command).output().unwrap();
    assert!(
        output.status.success(),
        "dbt Core failed\n{}",
        String::from_utf8_lossy(&output.stdout)
    );
}

/// Fails with what differs alone: the maps have hundreds of entries.
pub(crate) fn same(ours: &BTreeMap<String, String>, core: &BTreeMap<String, String>) {
    let names: BTreeSet<&String> = ours.keys().chain(core.keys()).collect();
    let differing: Vec<String> = names
        .into_iter()
        .filter(|name| ours.get(*name) != core.get(*name))
        .map(|name| {
            format!(
                "{name}\n  ours: {:?}\n  core: {:?}",
                ours.get(name),
                core.get(name)
            )
        })
        .collect();
    assert!(
        differing.is_empty(),
        "{} of {} differ\n{}",
        differing.len(),
        core.len(),
        differing.join("\n")
    );
}

/// Every relation that dbt made: its columns with types, its row count, and a hash that ignores the order of rows.
fn relations(file: &Path) -> BTreeMap<String, String> {
    let database = DuckDb::open(file, Access::ReadOnly, &Settings::default()).unwrap();
    let mut connection = database.connect().unwrap();
    let names = texts(
        &mut *connection,
        "select table_schema || '.' || table_name from information_schema.tables
         where table_catalog = current_database() and table_schema not in ('raw', 'history')",
    );
    assert!(names.len() >= 25, "only {} relations", names.len());
    names
        .into_iter()
        .map(|name| {
            let columns = texts(
                &mut *connection,
                &format!(
                    "select string_agg(column_name || ' ' || data_type, ', ' order by ordinal_position)
                     from information_schema.columns
                     where table_catalog = current_database() and table_schema || '.' || table_name = '{name}'"
                ),
            );
            let content = texts(
                &mut *connection,
                &format!(
                    "select count(*) || ' rows, ' || coalesce(sum(hash(relation)::hugeint), 0)::varchar
                     from {name} as relation"
                ),
            );
            (name, format!("{} | {}", columns[0], content[0]))
        })
        .collect()
}

fn texts(connection: &mut dyn Connection, sql: &str) -> Vec<String> {
    let rows = connection
        .query(sql, &[])
        .unwrap_or_else(|error| panic!("{error}\n{sql}"));
    rows.json_rows()
        .into_iter()
        .map(|row| row[0].as_str().unwrap_or_default().to_owned())
        .collect()
}

/// Node → status and failures, unit tests and exposures among them.
pub(crate) fn verdicts(file: &Path) -> BTreeMap<String, String> {
    let report: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    report["results"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|result| {
            let id = result["unique_id"].as_str()?;
            Some((
                id.to_owned(),
                format!("{} {}", result["status"], result["failures"]),
            ))
        })
        .collect()
}
