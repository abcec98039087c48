//! Tables that stay from one build to the next: what goes wrong, and what a project says of them.

use serde_json::json;
use warehouse::Relation;

use super::{build, replacing::Shop, tables};
use crate::{Diagnostic, Options, Project, ProjectFiles, Target};

const SNAPSHOT: &str = "snapshots: [{name: kept, relation: ref('a'), config: {unique_key: id, \
    strategy: check, check_cols: [n]}}]";

#[test]
fn a_failure_leaves_the_rows_of_before() {
    let snapshot = |hook: &str| {
        format!(
            "{{% snapshot kept %}}{{{{ config(unique_key='id', strategy='check', check_cols='all', \
             hard_deletes='invalidate', post_hook=\"{hook}\") }}}} select * from {{{{ ref('a') }}}}{{% endsnapshot %}}"
        )
    };
    let increment = |hook: &str| {
        format!(
            "{{{{ config(materialized='incremental', incremental_strategy='merge', unique_key='id', \
             on_schema_change='sync_all_columns', post_hook=\"{hook}\") }}}} select * from {{{{ ref('a') }}}}"
        )
    };
    for shop in Shop::on_each_engine() {
        let files = |a: &'static str, hook: &str| {
            [
                ("models/a.sql".to_owned(), a.to_owned()),
                ("models/added.sql".to_owned(), increment(hook)),
                ("snapshots/kept.sql".to_owned(), snapshot(hook)),
            ]
        };
        let build = |files: [(String, String); 3]| {
            let files: Vec<(&str, &str)> = files
                .iter()
                .map(|(path, text)| (path.as_str(), text.as_str()))
                .collect();
            shop.build(&files)
        };
        let first = build(files("select 1 as id, 2 as n", "select 1"));
        assert_eq!(first.exit_code(), 0, "{:?}", first.results);
        let before = tables(&*shop.warehouse);
        let changed = "select 3 as id, 'x' as word";
        let failed = build(files(changed, "select no_such_column"));
        assert_eq!(failed.exit_code(), 1);
        let after = tables(&*shop.warehouse);
        for table in ["main.added", "main.kept"] {
            assert_eq!(before[table], after[table]);
        }
        let report = build(files(changed, "select 1"));
        assert_eq!(report.exit_code(), 0, "{:?}", report.results);
        assert_eq!(
            shop.rows("select id, word from main.added order by id"),
            json!([[1, null], [3, "x"]])
        );
        assert_eq!(
            shop.rows("select id, n, word, dbt_valid_to is null from main.kept order by id"),
            json!([[1, 2, null, false], [3, null, "x", true]])
        );
    }
}

#[test]
fn a_build_beside_what_is_published_adds_to_a_copy() {
    let files = [
        ("models/a.sql", "select 1 as id, 2 as n"),
        (
            "models/added.sql",
            "{{ config(materialized='incremental') }} select * from {{ ref('a') }}",
        ),
        (
            "models/anew.sql",
            "{{ config(materialized='incremental', full_refresh=true) }} select 1 as id",
        ),
        (
            "models/never_anew.sql",
            "{{ config(materialized='incremental', full_refresh=false) }} select 1 as id",
        ),
        ("snapshots/kept.yml", SNAPSHOT),
    ];
    for shop in Shop::on_each_engine() {
        let names = |project: &Project| {
            let relations = project.stateful_relations().into_iter();
            let names = relations.map(|it| format!("{}.{}", it.schema, it.identifier));
            names.collect::<Vec<_>>()
        };
        let plain = shop.project(&files, |_| {});
        assert_eq!(
            names(&plain),
            ["main.added", "main.never_anew", "main.kept"]
        );
        let refreshed = shop.project(&files, |options| options.full_refresh = true);
        assert_eq!(names(&refreshed), ["main.never_anew", "main.kept"]);
        shop.build_all(&files);
        let beside = shop.project(&files, |options| {
            options.schema_suffix = "__new_7".to_owned();
        });
        shop.execute("create schema main__new_7");
        for relation in beside.stateful_relations() {
            let copy = Relation {
                schema: "main__new_7".to_owned(),
                ..relation.clone()
            };
            shop.execute(&format!("create table {copy} as select * from {relation}"));
        }
        let report = build(&beside, &*shop.warehouse);
        assert_eq!(report.exit_code(), 0, "{:?}", report.results);
        let counts =
            "select (select count(*) from main.added), (select count(*) from main__new_7.added),
            (select count(*) from main__new_7.kept)";
        assert_eq!(shop.rows(counts), json!([[1, 2, 1]]));
    }
}

#[test]
fn a_snapshot_asks_for_a_table_of_its_own() {
    let files = [
        ("models/a.sql", "select 1 as id, 2 as n"),
        ("snapshots/kept.yml", SNAPSHOT),
    ];
    for shop in Shop::on_each_engine() {
        let message = || {
            let report = shop.build(&files);
            let result = report.results.iter();
            let mut result = result.filter(|it| it.unique_id == "snapshot.shop.kept");
            result.next().unwrap().message.clone()
        };
        shop.execute("create schema if not exists main");
        shop.execute("create table main.kept (id integer, dbt_valid_from timestamp)");
        assert!(
            message().contains("has no column `dbt_scd_id`, `dbt_valid_to`"),
            "{}",
            message()
        );
        shop.execute("drop table main.kept");
        shop.execute("create view main.kept as select 1 as id");
        assert!(message().contains("is a view"), "{}", message());
    }
}

fn problems(files: &[(&str, &str)]) -> Vec<(Diagnostic, Option<String>)> {
    let target = Target::duckdb("shop", "shop", "main", 1);
    let options = Options::new(target, "run", chrono::DateTime::UNIX_EPOCH);
    let settings = ("dbt_project.yml", "name: shop");
    let files = files.iter().chain([&settings]);
    let files = ProjectFiles {
        root: "/".into(),
        files: files
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
            .collect(),
        ..ProjectFiles::default()
    };
    let found = match Project::parse(files, options) {
        Ok(project) => project.warnings,
        Err(problems) => problems.0,
    };
    let with_hint = |problem: Diagnostic| (problem.clone(), problem.hint);
    found.into_iter().map(with_hint).collect()
}

#[test]
fn a_config_that_cannot_work_is_found_at_parse() {
    let check = |path: &str, text: &str, expect: &str, hint: &str| {
        let found = problems(&[("models/a.sql", "select 1 as id"), (path, text)]);
        let found: Vec<String> = found
            .into_iter()
            .map(|(problem, hint)| format!("{problem} [{}]", hint.unwrap_or_default()))
            .collect();
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains(expect), "{found:?}");
        assert!(found[0].contains(hint), "{found:?}");
    };
    let model = |config: &str| {
        format!("-- one\n{{{{ config(materialized='incremental', {config}) }}}}\nselect 1 as id")
    };
    let check_model = |config: &str, expect: &str, hint: &str| {
        check("models/b.sql", &model(config), expect, hint);
    };
    check_model(
        "incremental_strategy='merges'",
        "models/b.sql:2:39: incremental strategy `merges` is not supported",
        "did you mean `merge`?",
    );
    check_model(
        "incremental_strategy='microbatch'",
        "`microbatch` is not supported",
        "no batches",
    );
    check_model(
        "incremental_strategy='merge'",
        "`b` merges without a `unique_key`",
        "say `append`",
    );
    check_model(
        "on_schema_change='append'",
        "counts as `ignore`",
        "did you mean `append_new_columns`?",
    );
    check_model(
        "merge_update_columns=['a'], merge_exclude_columns=['b']",
        "exclude each other",
        "keep one",
    );
    let check_snapshot = |config: &str, expect: &str, hint: &str| {
        let text =
            format!("snapshots:\n  - name: kept\n    relation: ref('a')\n    config:\n{config}");
        check("snapshots/kept.yml", &text, expect, hint);
    };
    check_snapshot(
        "      strategy: timestamp\n      updated_at: id\n",
        "snapshots/kept.yml:2:5: snapshot `kept`: `unique_key` is missing",
        "name a row",
    );
    check_snapshot(
        "      strategy: timestamp\n      unique_key: id\n",
        "snapshots/kept.yml:5:7: snapshot `kept`: `updated_at` is missing",
        "set `updated_at`",
    );
    check_snapshot(
        "      strategy: check\n      unique_key: id\n",
        "`check_cols` is missing",
        "to `all`",
    );
    check_snapshot(
        "      strategy: sometimes\n      unique_key: id\n",
        "strategy `sometimes` is unknown",
        "snapshot_sometimes_strategy",
    );
    check_snapshot(
        "      strategy: check\n      check_cols: all\n      unique_key: id\n      hard_deletes: drop\n",
        "snapshots/kept.yml:8:7: snapshot `kept`: `hard_deletes: drop` is unknown",
        "`invalidate`",
    );
    check(
        "snapshots/kept.yml",
        "snapshots: [{name: kept, relation: a, config: {}}]",
        "`relation` of snapshot `kept` is no reference",
        "ref('x')",
    );
    let block = "\n{% snapshot kept %}\n{{ config(unique_key='id', strategy='check', check_cols='all') }}\n\
        {{ no_such_macro() }}\n{% endsnapshot %}";
    check("snapshots/kept.sql", block, "snapshots/kept.sql:4:", "");
}
