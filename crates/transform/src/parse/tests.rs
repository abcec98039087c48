//! What is told of a project with many mistakes.

use std::path::Path;

use crate::{Options, Project, Target};

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
