//! The marts against the same metrics worked out a second time, from the real films' bodies.

use std::process::Command;

use crate::sandbox::{Sandbox, Server, real_films};

#[test]
fn metrics_agree_with_an_independent_recomputation() {
    let Some(file) = real_films() else { return };
    let Some(python) = std::env::var_os("FILMSTAR_TEST_PYTHON") else {
        println!("SKIPPED: no Python with pandas and scipy; `cargo xtask test` installs it");
        return;
    };
    let server = Server::simulate(&["--replay", file.to_str().unwrap()]);
    let sandbox = Sandbox::with_api(&server);
    sandbox.succeed(&["init", "--yes"]);
    sandbox.succeed(&["ingest"]);
    sandbox.succeed(&["build"]);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/metrics/recompute.py");
    let output = Command::new(python)
        .arg(script)
        .arg(file)
        .arg(sandbox.path().join("dbt/seeds"))
        .arg(
            sandbox
                .path()
                .join("data/warehouse/current/filmstar.duckdb"),
        )
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{said}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        said.lines().filter(|line| line.starts_with("ok ")).count() >= 25,
        "{said}"
    );
}
