//! The notebooks and the Streamlit app, run over a project as their readers do.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::sandbox::{Sandbox, Server};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The Python that a variable names, or a word that there is none.
fn python(variable: &str) -> Option<PathBuf> {
    let python = std::env::var_os(variable).map(PathBuf::from);
    if python.is_none() {
        println!("SKIPPED: {variable} is not set; `cargo xtask test` installs what it names");
    }
    python
}

/// The catalogue of the tutorial, published.
fn project(api: &Server) -> Sandbox {
    let mut project = Sandbox::new();
    project.set("FILMSTAR_TMDB__BASE_URL", format!("{}/3", api.url));
    project.set("FILMSTAR_TMDB__REQUESTS_PER_SECOND", "0".to_owned());
    project.set("FILMSTAR_INGEST__EXPORTS_DAYS", "1".to_owned());
    project.succeed(&["init", "--yes"]);
    project.succeed(&["ingest"]);
    project.succeed(&["build"]);
    project
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// `FILMSTAR_UPDATE=1` keeps what the notebooks print now.
#[test]
fn notebooks_and_the_streamlit_app_run_over_a_project() {
    let notebooks = python("FILMSTAR_TEST_NOTEBOOKS");
    let streamlit = python("FILMSTAR_TEST_STREAMLIT");
    if notebooks.is_none() && streamlit.is_none() {
        return;
    }
    let api = Server::generated(1000);
    let project = project(&api);
    if let Some(python) = notebooks {
        let program = Path::new(env!("CARGO_BIN_EXE_filmstar")).parent().unwrap();
        let path = std::env::var("PATH").unwrap();
        let mut command = Command::new(python);
        command
            .arg(root().join("notebooks/run.py"))
            .arg(project.path())
            .env("PATH", format!("{}:{path}", program.display()))
            .env("IPYTHONDIR", project.path().join("ipython"))
            .current_dir(project.path());
        if std::env::var_os("FILMSTAR_UPDATE").is_some() {
            command.arg("--update");
        }
        run(&mut command);
    }
    if let Some(python) = streamlit {
        let warehouse = project
            .path()
            .join("data/warehouse/current/filmstar.duckdb");
        run(Command::new(python)
            .arg(root().join("examples/streamlit/test_app.py"))
            .env("FILMSTAR_WAREHOUSE_PATH", warehouse)
            .env("HOME", project.path())
            .current_dir(project.path()));
    }
}
