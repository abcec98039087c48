//! `test` and `lint`: what CI runs, cheapest first.

use std::{env, fs, path::PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::{
    cache,
    process::{self, cargo, command, exists, watch},
    root, setup, tidy, web,
};

/// The judge of the transformation engine and what it needs to read our files; then what notebooks read a database
/// and work metrics out with.
const PYTHON: [&str; 9] = [
    "dbt-core==1.11.16",
    "dbt-duckdb==1.11.1",
    "dbt-postgres==1.11.0",
    "duckdb==1.5.6",
    "ibis-framework[postgres]==12.0.0",
    "pandas==3.1.1",
    "psycopg[binary]==3.3.9",
    "scipy==1.17.1",
    "sqlalchemy==2.1.9",
];
/// What runs the notebooks.
const NOTEBOOKS: [&str; 5] = [
    "duckdb==1.5.6",
    "ipykernel==7.4.0",
    "nbclient==0.11.0",
    "nbformat==5.11.1",
    "pandas==3.1.1",
];
/// What knows how a list of components must look.
const SBOM: [&str; 1] = ["cyclonedx-python-lib[json-validation]==11.12.0"];
/// What other tools read dbt's artifacts with.
const ARTIFACTS: [&str; 1] = ["dbt-artifacts-parser==0.15.0"];
/// Where packages put PostgreSQL's server programs; the tests look there too (crates/warehouse/src/testing.rs).
pub(crate) const POSTGRES: [&str; 4] = [
    "/usr/lib/postgresql/17/bin",
    "/usr/lib/postgresql/16/bin",
    "/usr/lib/postgresql/15/bin",
    "/usr/local/bin",
];

/// So many days of `filmstar up`, on DuckDB and on Postgres; a test makes the same of a few.
pub(crate) fn rehearse(days: &str) -> Result<()> {
    setup()?;
    postgres()?;
    let mut tests = cargo();
    tests
        .args(["test", "--package", "filmstar", "--test", "it", "rehearsal"])
        .args(["--", "--nocapture", "--test-threads", "1"])
        .env("FILMSTAR_TEST_REHEARSAL_DAYS", days);
    process::run(&mut tests)
}

/// Set-up for the tests, lint, every test, and a closing line with the counts. Arguments go to `cargo test`.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    setup()?;
    let chromium = chromium()?;
    postgres()?;
    let dbt = dbt()?;
    let python = python()?;
    let notebooks = notebooks()?;
    let artifacts = artifacts()?;
    let streamlit = streamlit()?;
    let sbom = sbom()?;
    if !root().join("../shared/tmdb").is_dir() {
        println!("SKIPPED: the tests that need recorded real films in ../shared/tmdb");
    }
    lint(false)?;

    let mut counts = Counts::default();
    let mut web_tests = web::npm();
    web_tests.args(["run", "test"]).env("NO_COLOR", "1");
    let web_passed = watch(&mut web_tests, |line| counts.read_vitest(line))?;

    let mut tests = cargo();
    tests
        .args(["test", "--workspace", "--no-fail-fast"])
        .args(arguments);
    for (variable, tool) in [
        ("FILMSTAR_TEST_DBT", dbt),
        ("FILMSTAR_TEST_PYTHON", python),
        ("FILMSTAR_TEST_NOTEBOOKS", notebooks),
        ("FILMSTAR_TEST_ARTIFACTS", artifacts),
        ("FILMSTAR_TEST_STREAMLIT", streamlit),
        ("FILMSTAR_TEST_SBOM", sbom),
        ("CHROMIUM", chromium),
    ] {
        if let Some(tool) = tool {
            tests.env(variable, tool);
        }
    }
    let rust_passed = watch(&mut tests, |line| counts.read_cargo(line))?;

    println!(
        "\n{} passed, {} failed, {} skipped",
        counts.passed, counts.failed, counts.skipped
    );
    if !web_passed || !rust_passed {
        bail!("some tests failed");
    }
    Ok(())
}

/// Formatting, clippy, tidy and the front end's types. Needs the set-up.
pub(crate) fn lint(fix: bool) -> Result<()> {
    let format: &[&str] = if fix {
        &["fmt", "--all"]
    } else {
        &["fmt", "--all", "--check"]
    };
    process::run(cargo().args(format))?;
    tidy::check()?;
    process::run(web::npm().args(["run", "check"]))?;
    let mut clippy = cargo();
    clippy.args(["clippy", "--workspace", "--all-targets"]);
    if fix {
        clippy.args(["--fix", "--allow-dirty"]);
    }
    process::run(clippy.args(["--", "-D", "warnings"]))
}

/// Chromium for the browser journeys: the one in `CHROMIUM`, the system's, or Debian's package when we may install it.
fn chromium() -> Result<Option<PathBuf>> {
    if let Some(named) = env::var_os("CHROMIUM") {
        return Ok(Some(named.into()));
    }
    let known = [
        "/usr/bin/chromium",
        "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome",
    ];
    let find = || {
        known
            .into_iter()
            .map(PathBuf::from)
            .find(|path| path.is_file())
    };
    if find().is_none() {
        install(&["chromium", "fonts-liberation"])?;
    }
    found(
        "Chromium (browser journeys)",
        "install chromium, or set CHROMIUM to its path",
        find(),
    )
}

/// PostgreSQL's server programs, unless the tests are given a server: the system's, or Debian's package when we may
/// install it. The tests find them by themselves.
fn postgres() -> Result<()> {
    if env::var_os("FILMSTAR_TEST_POSTGRES_URL").is_some() {
        return Ok(());
    }
    let find = || {
        let mut folders = POSTGRES.into_iter().map(PathBuf::from);
        folders.find(|folder| folder.join("initdb").is_file())
    };
    if find().is_none() {
        install(&["postgresql"])?;
    }
    let advice = "install postgresql 15 or newer, or set FILMSTAR_TEST_POSTGRES_URL to a server's administrator";
    found("PostgreSQL", advice, find()).map(drop)
}

/// Debian's packages, as root where there are such.
fn install(packages: &[&str]) -> Result<()> {
    if !is_root() || !exists("apt-get") {
        return Ok(());
    }
    process::run(command("apt-get").args(["update", "--quiet"]))?;
    process::run(
        command("apt-get")
            .args(["install", "--yes", "--quiet", "--no-install-recommends"])
            .args(packages)
            .env("DEBIAN_FRONTEND", "noninteractive"),
    )
}

/// dbt Core.
pub(crate) fn dbt() -> Result<Option<PathBuf>> {
    python_program("dbt Core (parity)", "FILMSTAR_TEST_DBT", "dbt")
}

/// A Python with the libraries that notebooks read databases with.
pub(crate) fn python() -> Result<Option<PathBuf>> {
    python_program(
        "Python's database clients",
        "FILMSTAR_TEST_PYTHON",
        "python",
    )
}

fn python_program(tool: &str, variable: &str, program: &str) -> Result<Option<PathBuf>> {
    program_of("python-dbt-1.11.16", &PYTHON, tool, variable, program)
}

/// A Python that runs notebooks.
fn notebooks() -> Result<Option<PathBuf>> {
    let variable = "FILMSTAR_TEST_NOTEBOOKS";
    program_of(
        "notebooks",
        &NOTEBOOKS,
        "a notebook's kernel",
        variable,
        "python",
    )
}

/// A Python that knows CycloneDX's schema.
fn sbom() -> Result<Option<PathBuf>> {
    let variable = "FILMSTAR_TEST_SBOM";
    program_of("sbom", &SBOM, "CycloneDX's schema", variable, "python")
}

/// A Python that reads dbt's artifacts.
fn artifacts() -> Result<Option<PathBuf>> {
    let variable = "FILMSTAR_TEST_ARTIFACTS";
    let tool = "a parser of dbt's artifacts";
    program_of("artifacts", &ARTIFACTS, tool, variable, "python")
}

/// A Python with what `examples/streamlit` asks for.
fn streamlit() -> Result<Option<PathBuf>> {
    let packages = fs::read_to_string(root().join("examples/streamlit/requirements.txt"))?;
    let packages: Vec<&str> = packages.lines().collect();
    program_of(
        "bench-streamlit",
        &packages,
        "Streamlit",
        "FILMSTAR_TEST_STREAMLIT",
        "python",
    )
}

fn program_of(
    name: &str,
    packages: &[&str],
    tool: &str,
    variable: &str,
    program: &str,
) -> Result<Option<PathBuf>> {
    if let Some(named) = env::var_os(variable) {
        return Ok(Some(named.into()));
    }
    let programs = environment(name, packages)?;
    let advice = format!("install python3 with venv, or set {variable}");
    found(tool, &advice, programs.map(|folder| folder.join(program)))
}

/// The programs of a Python environment with these packages, installed once a user and again when the list changes.
pub(crate) fn environment(name: &str, packages: &[&str]) -> Result<Option<PathBuf>> {
    let folder = cache()?.join(name);
    let programs = folder.join("bin");
    // Written last, so that a broken installation is not taken for a whole one.
    let stamp = folder.join("packages");
    let wanted = packages.join("\n");
    if fs::read_to_string(&stamp).is_ok_and(|packages| packages == wanted) {
        return Ok(Some(programs));
    }
    if !exists("python3") {
        return Ok(None);
    }
    process::run(
        command("python3")
            .args(["-m", "venv", "--clear"])
            .arg(&folder),
    )?;
    process::run(
        command(programs.join("python"))
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
            ])
            .args(packages),
    )?;
    fs::write(&stamp, wanted).with_context(|| format!("failed to write {}", stamp.display()))?;
    Ok(Some(programs))
}

/// On CI every tool must be there; elsewhere the tests that need it say that they are skipped.
fn found(tool: &str, advice: &str, path: Option<PathBuf>) -> Result<Option<PathBuf>> {
    if path.is_none() {
        if env::var_os("CI").is_some() {
            bail!("{tool} is missing\nhint: {advice}");
        }
        println!("SKIPPED: the tests that need {tool}; {advice}");
    }
    Ok(path)
}

fn is_root() -> bool {
    command("id")
        .arg("-u")
        .output()
        .is_ok_and(|output| output.stdout.starts_with(b"0\n"))
}

/// Sums of what the runners reported.
#[derive(Default)]
struct Counts {
    passed: u32,
    failed: u32,
    skipped: u32,
}

impl Counts {
    /// `test result: ok. 12 passed; 0 failed; 1 ignored; …`
    fn read_cargo(&mut self, line: &str) {
        let Some((_, result)) = line.split_once("test result: ") else {
            self.skipped += u32::from(line.starts_with("SKIPPED"));
            return;
        };
        let words = result.split_whitespace();
        let mut last = 0;
        for word in words {
            match word.trim_end_matches(';') {
                "passed" => self.passed += last,
                "failed" => self.failed += last,
                "ignored" => self.skipped += last,
                number => last = number.parse().unwrap_or(0),
            }
        }
    }

    /// ` Tests  1 failed | 12 passed (13)`, possibly coloured.
    fn read_vitest(&mut self, line: &str) {
        let Some((_, result)) = line.split_once(" Tests ") else {
            return;
        };
        let mut last = 0;
        for word in result.split_whitespace() {
            match word {
                "passed" => self.passed += last,
                "failed" => self.failed += last,
                "skipped" => self.skipped += last,
                number => last = number.parse().unwrap_or(last),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Counts;

    #[test]
    fn the_runners_closing_lines_are_summed() {
        let mut counts = Counts::default();
        counts.read_cargo("test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s");
        counts.read_cargo("test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured");
        counts.read_cargo("running 4 tests");
        counts.read_cargo("SKIPPED: the real films are not there");
        counts.read_vitest("      Tests  1 failed | 7 passed (8)");
        assert_eq!((counts.passed, counts.failed, counts.skipped), (22, 3, 2));
    }
}
