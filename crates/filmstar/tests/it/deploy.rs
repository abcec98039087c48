//! The examples of `deploy/`: each is read by what would run it, and names commands that exist.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::sandbox::Sandbox;

fn deploy() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy")
}

/// Whether a program is here; a line says so when not.
fn has(program: &str, what: &str) -> bool {
    let found = Command::new(program).arg("--version").output();
    let is_here = found.is_ok_and(|output| output.status.success());
    if !is_here {
        println!("SKIPPED: no {program}, so {what} are not read");
    }
    is_here
}

#[test]
fn the_units_are_what_systemd_takes() {
    if !has("systemd-analyze", "the units") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    for entry in fs::read_dir(deploy().join("systemd")).unwrap() {
        let entry = entry.unwrap();
        let unit = fs::read_to_string(entry.path()).unwrap();
        // It looks whether the program is there.
        let unit = unit.replace("/usr/local/bin/filmstar", env!("CARGO_BIN_EXE_filmstar"));
        let file = folder.path().join(entry.file_name());
        fs::write(&file, unit).unwrap();
        files.push(file);
    }
    assert_eq!(files.len(), 3);
    let output = Command::new("systemd-analyze")
        .args(["verify", "--man=no", "--recursive-errors=no"])
        .args(&files)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    // Of our own files alone: what the machine has installed is not ours to judge.
    let ours: Vec<_> = said
        .lines()
        .filter(|line| line.contains("filmstar"))
        .collect();
    assert!(output.status.success() && ours.is_empty(), "{said}");
}

#[test]
fn the_examples_in_python_and_yaml_can_be_read() {
    let python = std::env::var("FILMSTAR_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    if !has(&python, "the examples for Airflow, Dagster and GitHub") {
        return;
    }
    const READ: &str = "
import ast, json, pathlib, sys
deploy = pathlib.Path(sys.argv[1])
for file in sorted(deploy.glob('examples/*.py')):
    ast.parse(file.read_text(), str(file))
    print(file.name)
dashboard = json.loads((deploy / 'monitoring/grafana-dashboard.json').read_text())
assert len({panel['id'] for panel in dashboard['panels']}) == len(dashboard['panels'])
try:
    import yaml
except ImportError:
    print('SKIPPED: no yaml')
    sys.exit()
workflow = yaml.safe_load((deploy / 'examples/github-actions.yml').read_text())
assert workflow['jobs']['run']['steps'], workflow
rules = yaml.safe_load((deploy / 'monitoring/alerts.yml').read_text())
for rule in rules['groups'][0]['rules']:
    assert {'alert', 'expr', 'labels', 'annotations'} <= set(rule), rule
assert yaml.safe_load((deploy / 'monitoring/prometheus.yml').read_text())['scrape_configs']
";
    let output = Command::new(&python)
        .args(["-c", READ])
        .arg(deploy())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let failed = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{failed}");
    assert!(
        said.starts_with("airflow_dag.py\ndagster_job.py\n"),
        "{said}"
    );
    if said.contains("SKIPPED") {
        println!("SKIPPED: no yaml in this Python, so the YAML of deploy/ is not read");
    }
}

#[test]
fn the_crontab_has_times_and_commands() {
    let text = fs::read_to_string(deploy().join("examples/crontab")).unwrap();
    let is_entry =
        |line: &&str| line.starts_with(|first: char| first.is_ascii_digit() || first == '*');
    let entries: Vec<_> = text.lines().filter(is_entry).collect();
    assert_eq!(entries.len(), 2);
    for entry in entries {
        let fields: Vec<_> = entry.splitn(6, ' ').collect();
        let is_time = |field: &&str| {
            field
                .chars()
                .all(|part| part.is_ascii_digit() || "*/,-".contains(part))
        };
        assert_eq!(
            fields.iter().take(5).filter(|field| is_time(field)).count(),
            5,
            "{entry}"
        );
        let parsed = Command::new("sh")
            .args(["-n", "-c", fields[5]])
            .status()
            .unwrap();
        assert!(parsed.success(), "{entry}");
    }
}

#[test]
fn the_examples_name_commands_that_exist() {
    let mut commands = BTreeSet::new();
    for folder in ["systemd", "examples", "monitoring"] {
        for entry in fs::read_dir(deploy().join(folder)).unwrap() {
            let text = fs::read_to_string(entry.unwrap().path()).unwrap();
            for (place, _) in text.match_indices("filmstar ") {
                let rest = &text[place + "filmstar ".len()..];
                let word: String = rest.chars().take_while(char::is_ascii_lowercase).collect();
                let is_call = ["run", "up", "ingest", "build", "status", "logs", "export"];
                if is_call.contains(&word.as_str()) {
                    commands.insert(word);
                }
            }
        }
    }
    assert!(commands.len() > 5, "{commands:?}");
    let sandbox = Sandbox::new();
    for command in commands {
        sandbox.succeed(&[&command, "--help"]);
    }
}
