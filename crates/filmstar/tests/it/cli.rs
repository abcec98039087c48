//! What a user reads: help, mistakes and their remedies, as transcripts.

use insta::assert_snapshot;

use crate::sandbox::{Sandbox, Server, transcript};

fn check(sandbox: &Sandbox, arguments: &[&str], environment: &[(&str, &str)]) -> String {
    let output = sandbox
        .filmstar(arguments)
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    transcript(sandbox, &output)
}

#[test]
fn an_unknown_key_names_the_nearest_one() {
    let sandbox = Sandbox::new();
    std::fs::write(
        sandbox.path().join("filmstar.toml"),
        "[tmdb]\nrequests_per_secnd = 3\n",
    )
    .unwrap();
    assert_snapshot!(check(&sandbox, &["config", "show"], &[]), @r#"
    exit code: 2
    ----- stdout -----

    ----- stderr -----
    error: unknown key `tmdb.requests_per_secnd` in filmstar.toml
    hint: did you mean `requests_per_second`?
    "#);
}

#[test]
fn a_bad_value_names_its_origin() {
    let sandbox = Sandbox::new();
    let environment = [("FILMSTAR_TMDB__REQUESTS_PER_SECOND", "fast")];
    assert_snapshot!(check(&sandbox, &["config", "show"], &environment), @r#"
    exit code: 2
    ----- stdout -----

    ----- stderr -----
    error: bad value for `tmdb.requests_per_second` in the environment: invalid type: found string "fast", expected u32
    hint: `filmstar config show` lists every key with a valid value
    "#);
}

#[test]
fn a_section_that_stands_twice_is_named_with_its_line() {
    let sandbox = Sandbox::new();
    let file = sandbox.path().join("filmstar.toml");
    std::fs::write(file, "[tmdb]\n\n[build]\n[tmdb]\n").unwrap();
    let said = check(&sandbox, &["config", "show"], &[]);
    assert!(said.contains("`filmstar.toml` cannot be read"), "{said}");
    assert!(said.contains("line 4"), "{said}");
}

#[test]
fn a_time_that_is_none_names_its_origin() {
    let sandbox = Sandbox::new();
    std::fs::write(
        sandbox.path().join("filmstar.toml"),
        "[schedule]\nat = \"8.30 am\"\n",
    )
    .unwrap();
    assert_snapshot!(check(&sandbox, &["up", "--no-open"], &[]), @r#"
    exit code: 2
    ----- stdout -----

    ----- stderr -----
    error: bad value for `schedule.at` in filmstar.toml: `8.30 am` is not a time of day; write hours and minutes as "08:30"
    hint: `filmstar config show` lists every key with a valid value
    "#);
}

#[test]
fn every_value_has_an_origin() {
    let sandbox = Sandbox::new();
    std::fs::write(
        sandbox.path().join("filmstar.toml"),
        "[tmdb]\nrequests_per_second = 3\n",
    )
    .unwrap();
    let environment = [
        ("FILMSTAR_INGEST__MIN_VOTES", "50"),
        ("TMDB_API_KEY", "0123456789abcdef0123456789abcdef"),
    ];
    assert_snapshot!(check(&sandbox, &["config", "show", "--origin"], &environment), @r#"
    exit code: 0
    ----- stdout -----
    # project folder: .
    storage.lake = "data/lake"                      # the defaults
    storage.local = "data/local"                    # the defaults
    storage.endpoint = null                         # the defaults
    storage.allow_http = false                      # the defaults
    storage.timeout_s = 30                          # the defaults
    storage.warehouse = "data/warehouse"            # the defaults
    warehouse.target = "duckdb"                     # the defaults
    warehouse.load_connections = 4                  # the defaults
    warehouse.lock_timeout_s = 30                   # the defaults
    warehouse.statement_timeout_s = 30              # the defaults
    tmdb.base_url = "https://api.themoviedb.org/3"  # the defaults
    tmdb.exports_url = null                         # the defaults
    tmdb.requests_per_second = 3                    # filmstar.toml
    tmdb.max_in_flight = 16                         # the defaults
    ingest.first_year = 1870                        # the defaults
    ingest.last_year = null                         # the defaults
    ingest.min_votes = 50                           # the environment
    ingest.min_popularity = 0.0                     # the defaults
    ingest.languages = []                           # the defaults
    ingest.strategies = []                          # the defaults
    ingest.limit_calls = 0                          # the defaults
    ingest.limit_minutes = 0                        # the defaults
    ingest.include_adult = false                    # the defaults
    ingest.include_video = false                    # the defaults
    ingest.people = "leads"                         # the defaults
    ingest.refresh_after_days = 170                 # the defaults
    ingest.exports = ["movies","people"]            # the defaults
    ingest.exports_days = 8                         # the defaults
    build.threads = 4                               # the defaults
    build.memory_limit = null                       # the defaults
    build.temp_directory_limit = null               # the defaults
    build.keep = 3                                  # the defaults
    build.keep_bytes = null                         # the defaults
    schedule.at = "08:30"                           # the defaults
    schedule.cron = null                            # the defaults
    schedule.time_zone = "UTC"                      # the defaults
    notify.webhook = null                           # the defaults
    notify.stale_after_hours = 36                   # the defaults
    serve.host = "127.0.0.1"                        # the defaults
    serve.port = 4600                               # the defaults
    serve.hosts = []                                # the defaults
    serve.token = null                              # the defaults
    serve.requests_per_second = 30                  # the defaults
    serve.pictures = false                          # the defaults
    serve.open = true                               # the defaults
    # credential: TMDB_API_KEY
    ----- stderr -----
    "#);
}

#[test]
fn no_credential_says_where_to_get_one() {
    assert_snapshot!(check(&Sandbox::new(), &["ingest"], &[]), @r#"
    exit code: 2
    ----- stdout -----

    ----- stderr -----
    error: no TMDB credential: neither TMDB_API_TOKEN nor TMDB_API_KEY is set
    hint: get one free at themoviedb.org (Settings → API), then `export TMDB_API_TOKEN=…`; `filmstar demo` needs none
    "#);
}

#[test]
fn no_build_says_what_to_run() {
    assert_snapshot!(check(&Sandbox::new(), &["query", "select 1"], &[]), @r#"
    exit code: 2
    ----- stdout -----

    ----- stderr -----
    error: there is no published warehouse yet
    hint: run `filmstar ingest`, then `filmstar build`; or `filmstar demo`
    "#);
}

#[test]
fn no_lake_says_what_to_run() {
    assert_snapshot!(check(&Sandbox::new(), &["build"], &[]), @r#"
    exit code: 2
    ----- stdout -----

    ----- stderr -----
    error: there is no lake at `data/lake`
    hint: run `filmstar ingest` first, or `filmstar demo` to see everything without a key
    "#);
}

#[test]
fn init_keeps_what_is_there() {
    let sandbox = Sandbox::new();
    sandbox.succeed(&["init", "--yes"]);
    let model = sandbox.path().join("dbt/models/marts/mart_movies.sql");
    std::fs::write(&model, "select 1 as mine").unwrap();
    let said = sandbox.succeed(&["init", "--yes", "--update"]);
    assert_eq!(std::fs::read_to_string(model).unwrap(), "select 1 as mine");
    let named = "left alone: dbt/models/marts/mart_movies.sql";
    assert!(said.contains(named), "{said}");
}

#[test]
fn a_taken_port_is_named() {
    let sandbox = Sandbox::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let printed = check(
        &sandbox,
        &["simulate", "--films", "10", "--port", &port],
        &[],
    );
    assert_snapshot!(printed.replace(&port, "[port]"), @r#"
    exit code: 2
    ----- stdout -----

    ----- stderr -----
    error: port [port] is taken by another program
    hint: `--port 0` takes a free one
    "#);
}

#[test]
fn an_unreachable_api_is_the_worlds_fault() {
    let sandbox = Sandbox::new();
    // A port that was free a moment ago: nobody listens.
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
        .to_string();
    let address = format!("http://127.0.0.1:{port}/3");
    let printed = check(
        &sandbox,
        &["ingest", "--quiet"],
        &[("FILMSTAR_TMDB__BASE_URL", &address)],
    );
    assert!(printed.starts_with("exit code: 3"), "{printed}");
    assert!(printed.contains("hint:"), "{printed}");
}

#[test]
fn a_log_that_goes_to_a_file_has_no_colours() {
    let sandbox = Sandbox::with_api(&Server::generated(1));
    let printed = check(&sandbox, &["doctor", "-vv"], &[]);
    assert!(printed.contains("DEBUG"), "{printed}");
    assert!(!printed.contains('\u{1b}'), "{printed}");
}

/// A project whose server is at a port where nobody listens.
fn serverless() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.succeed(&["init", "--yes"]);
    std::fs::create_dir_all(sandbox.path().join("data/lake")).unwrap();
    sandbox
}

const NOWHERE: [(&str, &str); 2] = [("PGHOST", "127.0.0.1"), ("PGPORT", "1")];

#[test]
fn a_server_that_is_not_there_is_named() {
    assert_snapshot!(check(&serverless(), &["load", "--target", "postgres"], &NOWHERE), @r#"
    exit code: 3
    ----- stdout -----

    ----- stderr -----
    error: failed to load the lake
      because: failed to open the warehouse at `postgres://filmstar_loader@127.0.0.1:1/filmstar`: Connection refused (os error 111)
    hint: is the server running, and is this its address? profiles.yml takes it from PGHOST and PGPORT
    "#);
}

#[test]
fn a_target_that_is_not_there_names_the_nearest() {
    assert_snapshot!(check(&serverless(), &["build", "--target", "postgrs"], &NOWHERE), @r#"
    exit code: 2
    ----- stdout -----

    ----- stderr -----
    error: the dbt project in `[folder]/dbt` has 1 problem
      profiles.yml: profile `filmstar` has no target `postgrs`
        hint: did you mean `postgres`?
    hint: `filmstar dbt compile` checks the project without building it
    "#);
}

#[test]
fn a_password_in_a_file_that_is_shared_is_refused() {
    let sandbox = serverless();
    let file = sandbox.path().join("dbt/profiles.yml");
    let text = std::fs::read_to_string(&file).unwrap();
    let written = text.replace(
        "\"{{ env_var('FILMSTAR_LOADER_PASSWORD', '') }}\"",
        "hunter2",
    );
    assert_ne!(text, written);
    std::fs::write(file, written).unwrap();
    let printed = check(&sandbox, &["load", "--target", "postgres"], &NOWHERE);
    assert!(!printed.contains("hunter2"), "{printed}");
    assert_snapshot!(printed, @r#"
    exit code: 2
    ----- stdout -----

    ----- stderr -----
    error: the target `postgres_loader` in `[folder]/dbt/profiles.yml` has its password written out
    hint: put it into the environment, .env or ~/.pgpass, and write `password: "{{ env_var('NAME', '') }}"`
    "#);
}

#[test]
fn a_bad_mode_of_encryption_names_the_valid_ones() {
    let environment = [NOWHERE[0], NOWHERE[1], ("PGSSLMODE", "always")];
    assert_snapshot!(check(&serverless(), &["query", "--target", "postgres", "select 1"], &environment), @r#"
    exit code: 2
    ----- stdout -----

    ----- stderr -----
    error: bad value `always` for `sslmode` in the target `postgres_reader` of profiles.yml
    hint: expected one of disable, prefer, require, verify-ca, verify-full
    "#);
}

#[test]
fn a_damaged_env_file_is_refused_without_its_content() {
    let sandbox = Sandbox::new();
    std::fs::write(sandbox.path().join(".env"), "TMDB_API_KEY=a b c secret\n").unwrap();
    let printed = check(&sandbox, &["config", "show"], &[]);
    assert!(!printed.contains("secret"), "{printed}");
    assert_snapshot!(printed, @r#"
    exit code: 2
    ----- stdout -----

    ----- stderr -----
    error: `[folder]/.env` cannot be read
    hint: each line is NAME=value; put a value with spaces or # into quotes
    "#);
}

#[test]
fn the_env_file_stands_between_the_environment_and_the_configuration() {
    let sandbox = Sandbox::new();
    let env = "FILMSTAR_INGEST__MIN_VOTES=7\nFILMSTAR_SERVE__PORT=1234\nTMDB_API_KEY=0123456789abcdef0123456789abcdef\n";
    std::fs::write(sandbox.path().join(".env"), env).unwrap();
    std::fs::write(
        sandbox.path().join("filmstar.toml"),
        "[ingest]\nmin_votes = 3\n",
    )
    .unwrap();
    let environment = [("FILMSTAR_SERVE__PORT", "4321")];
    let printed = check(&sandbox, &["config", "show", "--origin"], &environment);
    let line = |key: &str| {
        let line = printed.lines().find(|line| line.starts_with(key)).unwrap();
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(line("ingest.min_votes"), "ingest.min_votes = 7 # .env");
    assert_eq!(line("serve.port"), "serve.port = 4321 # the environment");
    assert_eq!(line("# credential"), "# credential: TMDB_API_KEY");
}

#[test]
fn a_server_for_others_needs_a_token_that_is_shown_nowhere() {
    let sandbox = Sandbox::new();
    let told = |arguments: &[&str], token: Option<&str>| {
        let mut command = sandbox.filmstar(arguments);
        command.envs(token.map(|token| ("FILMSTAR_SERVE__TOKEN", token)));
        transcript(&sandbox, &command.output().unwrap())
    };
    insta::assert_snapshot!(told(&["serve", "--host", "0.0.0.0"], None), @r#"
    exit code: 2
    ----- stdout -----

    ----- stderr -----
    error: the address 0.0.0.0 can be reached from other machines, and there is no token to keep strangers out
    hint: make one with `echo "FILMSTAR_SERVE__TOKEN=$(openssl rand -hex 32)" >> .env`, or listen on 127.0.0.1
    "#);
    // Digits alone are a text as well.
    let token = "01234567890123456789";
    let shown = told(&["config", "show", "--origin"], Some(token));
    assert!(
        shown.contains("serve.token = \"(set, not shown)\""),
        "{shown}"
    );
    assert!(!shown.contains(token), "{shown}");
    let short = told(&["config", "show"], Some("hunter2"));
    assert!(
        short.contains("a token has 16 to 512 characters"),
        "{short}"
    );
    assert!(!short.contains("hunter2"), "{short}");
    std::fs::write(
        sandbox.path().join("filmstar.toml"),
        "[serve]\ntoken = 123456\n",
    )
    .unwrap();
    let number = told(&["config", "show"], None);
    assert!(
        number.contains("in quotes") && !number.contains("123456"),
        "{number}"
    );
    std::fs::write(
        sandbox.path().join("filmstar.toml"),
        "[serve]\nhosts = [\"http://films.example\"]\n",
    )
    .unwrap();
    let host = told(&["config", "show"], None);
    assert!(host.contains("has names alone"), "{host}");
}

/// The documentation, as a user reads it.
fn documents() -> String {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "docs/reference.md",
    ]
    .map(|name| std::fs::read_to_string(root.join(name)).unwrap())
    .join("\n")
}

#[test]
fn every_command_in_the_documents_exists() {
    let documents = documents();
    let is_word = |text: &&str| {
        !text.is_empty() && text.chars().all(|character| character.is_ascii_lowercase())
    };
    let code = documents
        .split('`')
        .skip(1)
        .step_by(2)
        .chain(documents.lines());
    let commands: std::collections::BTreeSet<&str> = code
        .filter_map(|text| text.trim().strip_prefix("filmstar "))
        .filter_map(|rest| rest.split(' ').next())
        .filter(is_word)
        .collect();
    assert!(commands.len() > 8, "{commands:?}");
    let sandbox = Sandbox::new();
    for command in commands {
        sandbox.succeed(&[command, "--help"]);
    }
}

#[test]
fn every_key_is_documented() {
    let documents = documents();
    let shown: serde_json::Value =
        serde_json::from_str(&Sandbox::new().succeed(&["config", "show", "--json"])).unwrap();
    for setting in shown["settings"].as_array().unwrap() {
        let row = format!("| `{}` |", setting["key"].as_str().unwrap());
        assert!(
            documents.contains(&row),
            "docs/reference.md has no row {row}"
        );
    }
}
