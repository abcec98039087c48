//! The same lake, models and pages on a PostgreSQL server that the tests start.

use std::{
    collections::BTreeMap,
    path::Path,
    process::{Command, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
};

use warehouse::{
    Connection, DuckDb, Postgres, PostgresSettings, Settings, Warehouse as _, export,
    testing::Server as PostgresServer,
};

use crate::{
    pages::tiles,
    parity::{build_with_core, same, verdicts},
    sandbox::{Sandbox, Server, get, real_films, transcript},
};

/// Roles belong to the whole server, and tests set up side by side.
static SET_UP: Mutex<()> = Mutex::new(());
const PASSWORD: &str = "a-test's pass:word\\";

/// A project on a database of its own, set up by `init` and filled from a server of films; `None` where there is
/// no PostgreSQL.
pub(crate) fn ingested(api: &Server) -> Option<Sandbox> {
    PostgresServer::shared().map(|server| ingested_on(server, api))
}

fn ingested_on(server: &PostgresServer, api: &Server) -> Sandbox {
    let sandbox = set_up_on(server, api);
    sandbox.succeed(&["ingest"]);
    sandbox
}

/// The same with nothing in it, on a server of one's own.
pub(crate) fn set_up_on(server: &PostgresServer, api: &Server) -> Sandbox {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::SeqCst);
    let mut sandbox = Sandbox::with_api(api);
    let admin = server.admin("postgres");
    for (name, value) in [
        ("PGHOST", admin.host.clone()),
        ("PGPORT", admin.port.to_string()),
        ("PGUSER", admin.user.clone()),
        (
            "PGPASSWORD",
            admin
                .password
                .map_or_else(String::new, |password| password.expose().to_owned()),
        ),
        ("PGDATABASE", format!("it_{}_{number}", std::process::id())),
        ("FILMSTAR_LOADER_PASSWORD", PASSWORD.to_owned()),
        ("FILMSTAR_TRANSFORMER_PASSWORD", PASSWORD.to_owned()),
        ("FILMSTAR_READER_PASSWORD", PASSWORD.to_owned()),
    ] {
        sandbox.set(name, value);
    }
    {
        let _guard = SET_UP
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        sandbox.succeed(&["init", "--yes", "--target", "postgres"]);
    }
    sandbox
}

/// The administrator's way to a sandbox's database.
fn admin(server: &PostgresServer, sandbox: &Sandbox) -> Postgres {
    Postgres::new(server.admin(&sandbox.variable("PGDATABASE"))).unwrap()
}

#[test]
fn both_engines_and_dbt_core_agree_on_a_generated_catalogue() {
    agree(&Server::generated(500));
}

#[test]
fn both_engines_and_dbt_core_agree_on_the_real_films() {
    let Some(file) = real_films() else { return };
    agree(&Server::simulate(&["--replay", file.to_str().unwrap()]));
}

fn agree(api: &Server) {
    let Some(sandbox) = ingested(api) else { return };
    sandbox.succeed(&["build"]);
    sandbox.succeed(&["build", "--target", "duckdb"]);
    let exports = sandbox.path().join("exports");
    for target in ["postgres", "duckdb"] {
        let folder = exports.join(target);
        sandbox.succeed(&[
            "export",
            "--target",
            target,
            "--output",
            folder.to_str().unwrap(),
        ]);
    }
    assert_eq!(
        differences(&exports.join("postgres"), &exports.join("duckdb")),
        [] as [String; 0]
    );

    let Some(dbt) = std::env::var_os("FILMSTAR_TEST_DBT") else {
        println!("SKIPPED: no dbt Core; `cargo xtask test` installs it");
        return;
    };
    // dbt Core builds in place, so it gets a database of its own, with the same raw tables.
    let database = PostgresServer::shared().unwrap().database();
    let mut judge = Sandbox::new();
    for name in ["PGHOST", "PGPORT", "FILMSTAR_TRANSFORMER_PASSWORD"] {
        judge.set(name, sandbox.variable(name));
    }
    judge.set("PGDATABASE", database.database.clone());
    prepare_for_core(&database, &sandbox);
    let target = judge.path().join("target");
    build_with_core(&dbt, &sandbox, &target, |command| {
        command
            .args(["--target", "postgres"])
            .envs(judge.variables())
    });
    let core = Postgres::new(database).unwrap();
    same(
        &relations(&admin(PostgresServer::shared().unwrap(), &sandbox)),
        &relations(&core),
    );
    let ours = std::fs::read_dir(sandbox.path().join("data/warehouse/postgres")).unwrap();
    let ours = ours.map(|entry| entry.unwrap().path()).max().unwrap();
    same(
        &verdicts(&ours.join("target/run_results.json")),
        &verdicts(&target.join("run_results.json")),
    );
}

/// The raw tables of a sandbox's database in another, where the transformer may build.
fn prepare_for_core(database: &PostgresSettings, sandbox: &Sandbox) {
    let core = Postgres::new(database.clone()).unwrap();
    let mut tables = Vec::new();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let lake = lake::Lake::open(&sandbox.path().join("data/lake")).unwrap();
    for kind in lake::Kind::ALL {
        let files = runtime.block_on(lake.files(kind)).unwrap();
        tables.push(warehouse::RawTable {
            name: kind.name().to_owned(),
            schema: kind.schema(),
            files: files.into_iter().map(Into::into).collect(),
        });
    }
    let options = warehouse::postgres::LoadOptions { n_connections: 2 };
    warehouse::postgres::load(&core, &tables, options, &|| false, &|_| {}).unwrap();
    core.connect()
        .unwrap()
        .execute(&format!(
            "grant create, temporary on database {} to filmstar_transformer;
             grant usage on schema raw to filmstar_transformer;
             grant select on all tables in schema raw to filmstar_transformer",
            database.database
        ))
        .unwrap();
}

/// Every relation of the models: kind, columns with types and comments, indexes, row count and a hash that ignores
/// the order of rows.
fn relations(postgres: &Postgres) -> BTreeMap<String, String> {
    let mut connection = postgres.connect().unwrap();
    let names = "select nspname || '.' || relname,
            relkind::text || ' ' || coalesce(obj_description(pg_class.oid), '') || ' | '
            || (
                select string_agg(
                    attname || ' ' || format_type(atttypid, atttypmod) || ' '
                    || coalesce(col_description(attrelid, attnum), ''), ', ' order by attnum
                )
                from pg_attribute where attrelid = pg_class.oid and attnum > 0
            ) || ' | ' || (
                select count(*) || ' ' || coalesce(string_agg(
                    indisunique::text || ' ' || pg_get_indexdef(indexrelid, 1, true), ', '
                    order by indisunique, pg_get_indexdef(indexrelid, 1, true)
                ), '')
                from pg_index where indrelid = pg_class.oid
            )
        from pg_class inner join pg_namespace on relnamespace = pg_namespace.oid
        where nspname in ('main', 'staging') and relkind in ('r', 'v')";
    let rows = connection.query(names, &[]).unwrap().json_rows();
    assert!(rows.len() >= 50, "only {} relations", rows.len());
    let text = |cell: &serde_json::Value| cell.as_str().unwrap_or_default().to_owned();
    rows.iter()
        .map(|row| {
            let name = text(&row[0]);
            let content = format!(
                "select count(*) || ' rows, ' || coalesce(sum(hashtextextended(relation::text, 0)), 0)
                 from {name} as relation"
            );
            let content = connection.query(&content, &[]).unwrap().json_rows();
            (name, format!("{} | {}", text(&row[1]), text(&content[0][0])))
        })
        .collect()
}

/// What differs between two folders of Parquet exports: names, columns, types, rows, and values by more than 1e-9.
fn differences(one: &Path, other: &Path) -> Vec<String> {
    let names = |folder: &Path| -> Vec<String> {
        let mut names: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    assert!(names(one).len() >= 15, "{:?}", names(one));
    assert_eq!(names(one), names(other));
    let database = DuckDb::in_memory(&Settings::default()).unwrap();
    let mut connection = database.connect().unwrap();
    names(one)
        .iter()
        .filter_map(|name| {
            let (one, other) = (one.join(name), other.join(name));
            difference(&mut *connection, &one, &other).map(|found| format!("{name}: {found}"))
        })
        .collect()
}

fn difference(connection: &mut dyn Connection, one: &Path, other: &Path) -> Option<String> {
    let mut columns = |file: &Path| -> Vec<(String, String)> {
        let sql = format!(
            "select column_name, column_type from (describe select * from '{}')",
            file.display()
        );
        let rows = connection.query(&sql, &[]).unwrap().json_rows();
        let text = |cell: &serde_json::Value| cell.as_str().unwrap().to_owned();
        rows.iter()
            .map(|row| (text(&row[0]), text(&row[1])))
            .collect()
    };
    let (left, right) = (columns(one), columns(other));
    if left != right {
        return Some(format!("{left:?}\n{right:?}"));
    }
    let quoted = |wanted: bool| -> Vec<String> {
        let is_double = |column: &&(String, String)| (column.1 == "DOUBLE") == wanted;
        left.iter()
            .filter(is_double)
            .map(|(name, _)| format!("\"{name}\""))
            .collect()
    };
    let (exact, doubles) = (quoted(false), quoted(true));
    let order = [exact.clone(), doubles.clone()].concat().join(", ");
    let mut conditions: Vec<String> = exact
        .iter()
        .map(|name| format!("one.{name} is distinct from other.{name}"))
        .collect();
    conditions.extend(doubles.iter().map(|name| {
        format!(
            "coalesce(abs(one.{name} - other.{name}) > 1e-9 * greatest(1, abs(one.{name})),
                one.{name} is distinct from other.{name})"
        )
    }));
    let numbered = |file: &Path| {
        format!(
            "select *, row_number() over (order by {order}) as row_number from '{}'",
            file.display()
        )
    };
    let sql = format!(
        "select one, other from ({}) as one full outer join ({}) as other on one.row_number = other.row_number
         where {} limit 1",
        numbered(one),
        numbered(other),
        conditions.join("\n or ")
    );
    let mut found = Vec::new();
    export::write(connection, &sql, &[], export::Format::Json, &mut found).unwrap();
    (!found.is_empty()).then(|| String::from_utf8(found).unwrap())
}

#[test]
fn readers_of_the_pages_never_see_a_build_in_the_making() {
    let api = Server::generated(120);
    let Some(sandbox) = ingested(&api) else {
        return;
    };
    sandbox.succeed(&["build"]);
    let server = Server::serve(&sandbox);
    let tiles = tiles(&server);
    let is_done = AtomicBool::new(false);
    let client = || {
        let mut builds = std::collections::BTreeSet::new();
        while !is_done.load(Ordering::SeqCst) {
            for url in &tiles {
                let response = get(url);
                assert_eq!(response.0, 200, "{url}: {}", response.1);
                let answer: serde_json::Value = serde_json::from_str(&response.1).unwrap();
                builds.insert(answer["build_id"].as_str().unwrap().to_owned());
            }
        }
        builds
    };
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..3).map(|_| scope.spawn(client)).collect();
        for _ in 0..4 {
            sandbox.succeed(&["build"]);
        }
        // A build that fails its tests is not published.
        let never = sandbox.path().join("dbt/tests/never.sql");
        std::fs::write(&never, "select 1 as wrong").unwrap();
        let failed = sandbox.filmstar(&["build"]).output().unwrap();
        assert_eq!(failed.status.code(), Some(1));
        is_done.store(true, Ordering::SeqCst);
        let seen = clients
            .into_iter()
            .flat_map(|client| client.join().unwrap());
        let seen: std::collections::BTreeSet<_> = seen.collect();
        assert!(seen.len() >= 4, "{seen:?}");
    });
    let now = "select build_id from filmstar.builds where is_current";
    let before = sandbox.value(now);
    sandbox.succeed(&["rollback"]);
    assert_ne!(sandbox.value(now), before);
}

#[test]
fn bi_tools_and_notebooks_see_what_is_published_and_nothing_else() {
    let Some(python) = std::env::var_os("FILMSTAR_TEST_PYTHON") else {
        println!(
            "SKIPPED: no Python with SQLAlchemy, pandas and Ibis; `cargo xtask test` installs them"
        );
        return;
    };
    let api = Server::generated(120);
    let Some(sandbox) = ingested(&api) else {
        return;
    };
    // The first one is kept for a rollback.
    sandbox.succeed(&["build"]);
    sandbox.succeed(&["build"]);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bi/clients.py");
    let mut clients = Command::new(python);
    clients.arg(script).env("PGUSER", "filmstar_reader");
    for name in ["PGHOST", "PGPORT", "PGDATABASE"] {
        clients.env(name, sandbox.variable(name));
    }
    clients.env("PGPASSWORD", sandbox.variable("FILMSTAR_READER_PASSWORD"));
    let output = clients.output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn a_killed_load_loses_nothing_and_a_repeat_completes_it() {
    let api = Server::generated(3000);
    let Some(sandbox) = ingested(&api) else {
        return;
    };
    for milliseconds in [150, 300, 600] {
        let mut child = sandbox
            .filmstar(&["load"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(milliseconds));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let mut connection = admin(PostgresServer::shared().unwrap(), &sandbox)
        .connect()
        .unwrap();
    // How soon the server notices is its own affair, and slow on a busy machine.
    let left = "select count(*) from pg_stat_activity
        where datname = current_database() and application_name like 'filmstar%' and pid <> pg_backend_pid()";
    while connection.query(left, &[]).unwrap().json_rows()[0][0] != 0 {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    sandbox.succeed(&["load"]);
    let mut text = |sql: &str| connection.query(sql, &[]).unwrap().json_rows()[0][0].to_string();
    assert_eq!(
        text("select count(*) filter (where http_status = 200) from raw.movies"),
        "3000"
    );
    assert_eq!(
        text("select count(*) - count(distinct (id, fetched_at)) from raw.movies"),
        "0"
    );
}

#[test]
fn a_server_that_restarts_under_a_build_leaves_the_old_one_published() {
    let Some(server) = PostgresServer::start("") else {
        return;
    };
    let api = Server::generated(300);
    let sandbox = ingested_on(&server, &api);
    sandbox.succeed(&["build"]);
    let current = "select build_id from filmstar.builds where is_current";
    let before = sandbox.value(current);
    let building = sandbox
        .filmstar(&["build"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let under_way = "select count(*) > 8 from pg_class inner join pg_namespace on relnamespace = pg_namespace.oid
        where nspname like 'staging\\_\\_%' and exists (
            select from filmstar.builds where state = 'building' and nspname = 'staging__' || lower(build_id)
        )";
    let mut connection = admin(&server, &sandbox).connect().unwrap();
    while connection.query(under_way, &[]).unwrap().json_rows()[0][0] != true {
        std::thread::yield_now();
    }
    server.restart();
    let output = building.wait_with_output().unwrap();
    let printed = transcript(&sandbox, &output);
    assert_eq!(output.status.code(), Some(3), "{printed}");
    assert!(printed.contains("was lost"), "{printed}");
    assert!(printed.contains("hint: run the command again"), "{printed}");
    assert_eq!(sandbox.value(current), before);
    sandbox.succeed(&["build"]);
    assert_ne!(sandbox.value(current), before);
    let mut connection = admin(&server, &sandbox).connect().unwrap();
    let hidden = "select count(*) from pg_namespace where nspname like 'main\\_\\_%'";
    assert_eq!(connection.query(hidden, &[]).unwrap().json_rows()[0][0], 1);
}

#[test]
fn no_password_shows_anywhere() {
    let api = Server::generated(40);
    let Some(sandbox) = ingested(&api) else {
        return;
    };
    let mut printed = String::new();
    for arguments in [
        &["build", "-vv"][..],
        &["load", "-vv"],
        &["config", "show", "--origin"],
        &["doctor", "--json"],
        &["query", "select * from raw.movies"],
        &[
            "dbt",
            "compile",
            "--target",
            "postgres",
            "--project-dir",
            "dbt",
            "--profiles-dir",
            "dbt",
        ],
    ] {
        let output = sandbox.filmstar(arguments).output().unwrap();
        printed.push_str(&transcript(&sandbox, &output));
    }
    assert!(!printed.contains("pass:word"), "{printed}");
    assert!(
        printed.contains("does not allow it") || printed.contains("permission denied"),
        "{printed}"
    );
    for file in
        files_below(&sandbox.path().join("data")).chain(files_below(&sandbox.path().join("dbt")))
    {
        let bytes = std::fs::read(&file).unwrap();
        let is_there = bytes.windows(9).any(|window| window == b"pass:word");
        assert!(!is_there, "{}", file.display());
    }
}

fn files_below(folder: &Path) -> Box<dyn Iterator<Item = std::path::PathBuf>> {
    let entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    Box::new(
        entries.flat_map(|path| -> Box<dyn Iterator<Item = std::path::PathBuf>> {
            if path.is_dir() {
                files_below(&path)
            } else {
                Box::new(std::iter::once(path))
            }
        }),
    )
}

#[test]
fn passwords_that_init_makes_up_are_nobody_elses_business() {
    use std::os::unix::fs::PermissionsExt as _;

    let Some(server) = PostgresServer::start("") else {
        return;
    };
    let mut sandbox = Sandbox::new();
    sandbox.set("PGHOST", "127.0.0.1".to_owned());
    sandbox.set("PGPORT", server.port().to_string());
    std::fs::write(sandbox.path().join(".gitignore"), "/data/").unwrap();
    let printed = sandbox.succeed(&["init", "--yes", "--target", "postgres"]);
    let file = sandbox.path().join(".env");
    let text = std::fs::read_to_string(&file).unwrap();
    let passwords: Vec<&str> = text
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|pair| pair.1)
        .collect();
    assert_eq!(passwords.len(), 3);
    assert!(
        passwords
            .iter()
            .all(|password| password.len() == 32 && !printed.contains(password))
    );
    assert_eq!(
        std::fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let ignored = std::fs::read_to_string(sandbox.path().join(".gitignore")).unwrap();
    assert_eq!(ignored, "/data/\n/.env\n");
    // They are the roles': the server takes them, and only them.
    let rules = "host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n";
    std::fs::write(server.folder().unwrap().join("data/pg_hba.conf"), rules).unwrap();
    server.restart();
    let doctor = sandbox.succeed(&["doctor"]);
    for role in ["loader", "transformer", "reader"] {
        assert!(doctor.contains(&format!("✓ {role:17}")), "{doctor}");
    }
    std::fs::write(&file, text.replace(passwords[2], "another")).unwrap();
    let refused = sandbox.filmstar(&["doctor"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(3));
    let refused = transcript(&sandbox, &refused);
    assert!(refused.contains("✗ reader"), "{refused}");
    assert!(
        refused.contains("password authentication failed"),
        "{refused}"
    );
}
