use std::{collections::BTreeMap, path::Path};

use serde_json::json;

use super::{Choice, target};
use crate::{Diagnostic, Target};

const TEXT: &str = "
shop:
  target: \"{{ env_var('SHOP_TARGET', 'dev') }}\"
  outputs:
    dev: {type: duckdb, path: data/shop.duckdb, schema: main, threads: 4}
    prod: {type: postgres, host: db, port: 5432, user: u, password: secret, dbname: shop, schema: public}
";

#[test]
fn a_target_is_chosen_by_flag_then_environment_then_file() {
    let read = |env: &[(&str, &str)], choice: Option<&str>| {
        let env: BTreeMap<String, String> = env
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect();
        let choice = Choice {
            target: choice.map(ToOwned::to_owned),
            ..Choice::default()
        };
        target(TEXT, "shop", Path::new("/base"), &env, &choice)
    };
    let dev = read(&[], None).unwrap();
    assert_eq!(
        (dev.name.as_str(), dev.database.as_str(), dev.threads),
        ("dev", "shop", 4)
    );
    assert_eq!(
        dev.path.as_deref(),
        Some(Path::new("/base/data/shop.duckdb"))
    );
    let prod = read(&[("SHOP_TARGET", "prod")], None).unwrap();
    assert_eq!(
        (prod.adapter.as_str(), prod.database.as_str()),
        ("postgres", "shop")
    );
    assert!(!prod.entries.contains_key("password"));
    let problem = read(&[], Some("prd")).unwrap_err();
    assert_eq!(problem.hint.as_deref(), Some("did you mean `prod`?"));
}

fn read(text: &str, name: &str) -> Result<Target, Diagnostic> {
    let env = [("DB_PORT", "5433"), ("DB_PASSWORD", "0123"), ("EMPTY", "")];
    let env = env.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let choice = Choice {
        target: Some(name.to_owned()),
        ..Choice::default()
    };
    target(text, "shop", Path::new("/base"), &env.into(), &choice)
}

const POSTGRES: &str = r#"
shared: &shared
  type: postgres
  host: db.example
  port: "{{ env_var('DB_PORT') | as_number }}"
  user: loader
  pass: "{{ env_var('DB_PASSWORD') }}"
  database: films
  schema: public
  threads: "{{ env_var('DB_THREADS', '3') | as_number }}"
shop:
  outputs:
    main: {<<: *shared, role: builder, search_path: "public, raw", sslmode: verify-full}
    open: {<<: *shared, pass: "{{ env_var('EMPTY') }}", port: "5434", retries: 4}
    literal: {<<: *shared, pass: hunter2}
    no_user: {<<: *shared, user: null}
    bad_port: {<<: *shared, port: http}
    other: {type: snowflake}
    typo: {type: postgresql}
"#;

#[test]
fn a_postgres_target_has_every_entry_and_keeps_its_password_apart() {
    let main = read(POSTGRES, "main").unwrap();
    assert_eq!(
        (main.database.as_str(), main.schema.as_str(), main.threads),
        ("films", "public", 3)
    );
    let wanted = json!({
        "type": "postgres", "host": "db.example", "port": 5433, "user": "loader", "database": "films",
        "schema": "public", "threads": 3, "role": "builder", "search_path": "public, raw",
        "sslmode": "verify-full", "connect_timeout": 10, "keepalives_idle": 0, "retries": 1,
    });
    assert_eq!(json!(main.entries), wanted);
    let password = main.password.as_ref().unwrap();
    assert_eq!(password.expose(), "0123");
    assert!(!main.has_literal_password);
    assert!(!format!("{main:?}").contains("0123"));

    let open = read(POSTGRES, "open").unwrap();
    assert_eq!(open.password, None);
    assert!(!open.has_literal_password);
    assert_eq!(
        (&open.entries["port"], &open.entries["retries"]),
        (&json!(5434), &json!(4))
    );
    assert!(read(POSTGRES, "literal").unwrap().has_literal_password);
}

#[test]
fn what_is_wrong_with_a_target_is_said() {
    let problem = |name| {
        let problem = read(POSTGRES, name).unwrap_err();
        (problem.message, problem.hint.unwrap_or_default())
    };
    assert_eq!(problem("no_user").0, "target `no_user` has no `user`");
    assert_eq!(
        problem("bad_port").0,
        "`port` of target `bad_port` is no whole number: `http`"
    );
    assert_eq!(
        problem("other"),
        (
            "target `other` has the type `snowflake`, which is not supported".to_owned(),
            "types are `duckdb` and `postgres`".to_owned()
        )
    );
    assert_eq!(problem("typo").1, "did you mean `postgres`?");
}
