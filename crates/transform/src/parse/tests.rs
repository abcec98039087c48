//! What is told of a project with many mistakes.

use std::path::Path;

use crate::{Diagnostics, Options, Project, ProjectFiles, Target};

/// `fixtures/dbt/mistakes`: every file has a mistake of its own, and one reading tells them all.
#[test]
fn every_mistake_is_told_at_once() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/dbt/mistakes");
    let target = Target::duckdb("shop", "case", "main", 1);
    let options = Options::new(target, "run", chrono::DateTime::UNIX_EPOCH);
    let problems = Project::load(&folder.join("project"), options).unwrap_err();
    let mut told = String::new();
    for problem in &problems.0 {
        told.push_str(&format!("{problem}\n"));
        if let Some(line) = &problem.snippet {
            told.push_str(&format!("    | {line}\n"));
        }
        if let Some(hint) = &problem.hint {
            told.push_str(&format!("    hint: {hint}\n"));
        }
    }
    let expected = folder.join("expected/problems.txt");
    if std::env::var_os("FILMSTAR_UPDATE").is_some() {
        fs_err::create_dir_all(folder.join("expected")).unwrap();
        fs_err::write(&expected, &told).unwrap();
    }
    let expected = fs_err::read_to_string(expected).unwrap();
    assert_eq!(told, expected);
    assert!(problems.0.len() >= 20, "{told}");
    let with_place = problems.0.iter().filter(|problem| problem.line > 0);
    assert_eq!(with_place.count(), problems.0.len(), "{told}");
}

/// What dbt 1.x still reads, and how it is written now.
#[test]
fn old_spellings_are_read_and_warned_of() {
    let settings = "
name: shop
source-paths: [sql]
data-paths: [csv]
target-path: out
log-path: logs
";
    let properties = "
models:
  - name: a
    columns:
      - name: id
        tests:
          - unique
          - not_null: {severity: warn}
          - accepted_values: {values: [1]}
          - accepted_values: {values: [2], name: second}
          - accepted_values: {arguments: {values: [3]}, config: {where: 'true'}}
";
    let files = [
        ("dbt_project.yml", settings),
        ("sql/a.sql", "select id from {{ ref('b') }}"),
        ("sql/a.yml", properties),
        ("csv/b.csv", "id\n1\n"),
    ];
    let project = load(&files).unwrap();
    assert_eq!(project.nodes().count(), 7);
    let warnings = project.warnings.iter().map(|warning| {
        let hint = warning.hint.as_deref().unwrap_or_default();
        format!("{warning} [{hint}]")
    });
    let expected = [
        "dbt_project.yml:3:1: `source-paths` is an old spelling [write `model-paths`]",
        "dbt_project.yml:4:1: `data-paths` is an old spelling [write `seed-paths`]",
        "dbt_project.yml:5:1: `target-path` is an old place for a folder [say `--target-path` when dbt is called]",
        "sql/a.yml:8:13: a config of a test stands beside its arguments [put it under `config:`]",
        "sql/a.yml:9:13: arguments of a test stand beside its configs (and 1 more) [put them under `arguments:`]",
    ];
    assert_eq!(warnings.collect::<Vec<_>>(), expected);

    let both = "name: shop\ndata-paths: [a]\nseed-paths: [b]\n";
    let problems = load(&[("dbt_project.yml", both)]).unwrap_err();
    assert_eq!(
        problems.to_string(),
        "dbt_project.yml:2:1: `data-paths` and `seed-paths` cannot both be there"
    );
}

fn load(files: &[(&str, &str)]) -> Result<Project, Diagnostics> {
    let target = Target::duckdb("shop", "case", "main", 1);
    let options = Options::new(target, "run", chrono::DateTime::UNIX_EPOCH);
    let files = files
        .iter()
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    let files = ProjectFiles {
        files: files.collect(),
        ..ProjectFiles::default()
    };
    Project::parse(files, options)
}
