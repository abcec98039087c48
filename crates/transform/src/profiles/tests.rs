use std::{collections::BTreeMap, path::Path};

use super::{Choice, target};

const TEXT: &str = "
shop:
  target: \"{{ env_var('SHOP_TARGET', 'dev') }}\"
  outputs:
    dev: {type: duckdb, path: data/shop.duckdb, schema: main, threads: 4}
    prod: {type: postgres, host: db, user: u, password: secret, dbname: shop, schema: public}
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
