//! `demo` and `dev`: the program itself, built and started.

use anyhow::Result;

use crate::{
    process::{self, cargo},
    setup, web,
};

/// Set-up, an optimized build, then `filmstar demo` with the given arguments.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    setup()?;
    process_run(
        &[
            "run",
            "--profile",
            "demo",
            "--package",
            "filmstar",
            "--",
            "demo",
        ],
        arguments,
    )
}

/// Set-up, then the server and Vite's dev server side by side; the page reloads as `web/` changes.
pub(crate) fn develop(arguments: &[String]) -> Result<()> {
    setup()?;
    let mut vite = web::npm().args(["run", "dev"]).spawn()?;
    let served = process_run(
        &["run", "--package", "filmstar", "--", "serve", "--no-open"],
        arguments,
    );
    vite.kill()?;
    served
}

fn process_run(cargo_arguments: &[&str], arguments: &[String]) -> Result<()> {
    process::run(cargo().args(cargo_arguments).args(arguments))
}
