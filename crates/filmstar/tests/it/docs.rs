//! README.md and docs/ are true: every command in them is run, every output shown is what it prints, and the pages
//! that are generated are current. `docs/README.md` says how a page marks what.

mod blocks;
mod reader;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use lake::testing::S3Server;
use warehouse::testing::Server as PostgresServer;

use self::{
    blocks::{Block, Kind, blocks},
    reader::Reader,
};
use crate::sandbox::{Sandbox, Server};

/// What a page's reader has before the first command.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Given {
    /// An empty folder.
    Nothing,
    /// A project with a published build.
    Project,
    /// A project with a published build, and a bucket.
    Bucket,
    /// A project with a published build, and a PostgreSQL server's administrator.
    Postgres,
}

/// Pages whose reader has more than an empty folder.
const GIVEN: [(&str, Given); 7] = [
    ("README.md", Given::Postgres),
    ("docs/how-to/add-a-page.md", Given::Project),
    ("docs/how-to/add-a-model.md", Given::Project),
    ("docs/how-to/ask-from-python-or-bi.md", Given::Project),
    ("docs/how-to/keep-the-lake-in-a-bucket.md", Given::Bucket),
    ("docs/how-to/run-every-day.md", Given::Project),
    ("docs/how-to/serve-from-postgres.md", Given::Postgres),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// README.md and every page of docs/ but the decisions, by path from the root.
fn pages() -> Vec<(String, String)> {
    let mut folders = vec![root().join("docs")];
    let mut pages = vec![root().join("README.md")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                if !path.ends_with("decisions") {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|extension| extension == "md") {
                pages.push(path);
            }
        }
    }
    pages.sort();
    let named = |path: PathBuf| {
        let name = path.strip_prefix(root()).unwrap().display().to_string();
        (name, fs::read_to_string(path).unwrap())
    };
    pages.into_iter().map(named).collect()
}

#[test]
fn every_command_of_the_documentation_runs() {
    let api = Server::generated(1000);
    let mut project = Sandbox::new();
    project.set("FILMSTAR_TMDB__BASE_URL", format!("{}/3", api.url));
    project.set("FILMSTAR_TMDB__REQUESTS_PER_SECOND", "0".to_owned());
    project.set("FILMSTAR_INGEST__EXPORTS_DAYS", "1".to_owned());
    project.succeed(&["init", "--yes"]);
    project.succeed(&["ingest"]);
    project.succeed(&["build"]);

    let mut problems = Vec::new();
    let mut n_run = 0;
    for (page, text) in pages() {
        let blocks = match blocks(&text) {
            Ok(blocks) => blocks,
            Err(mistake) => {
                problems.push(format!("{page}:{mistake}"));
                continue;
            }
        };
        if !blocks.iter().any(Block::does_something) {
            continue;
        }
        let given = GIVEN.iter().find(|(name, _)| *name == page);
        let given = given.map_or(Given::Nothing, |(_, given)| *given);
        let mut reader = Reader::new();
        if given != Given::Nothing {
            reader.take_over(project.path(), &api);
        }
        if given == Given::Postgres {
            let Some(server) = PostgresServer::start("") else {
                continue;
            };
            reader.give(server);
        }
        if given == Given::Bucket {
            reader.lend(S3Server::start("films").unwrap());
        }
        for block in &blocks {
            match reader.follow(block) {
                Ok(n) => n_run += n,
                Err(mistake) => {
                    problems.push(format!("{page}:{}: {mistake}", block.line));
                    break;
                }
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n\n"));
    assert!(n_run > 30, "only {n_run} commands were found");
}

/// Commands within a sentence are not run, but they must exist, with the flags that are named.
#[test]
fn commands_in_sentences_exist() {
    let mut problems = Vec::new();
    let mut n_known = 0;
    for (page, text) in pages() {
        for command in blocks::inline_commands(&text) {
            let mut words: Vec<&str> = command.split(' ').collect();
            words.push("--help");
            let program = env!("CARGO_BIN_EXE_filmstar");
            let output = Command::new(program).args(&words).output().unwrap();
            if output.status.success() {
                n_known += 1;
            } else {
                let said = String::from_utf8_lossy(&output.stderr).into_owned();
                problems.push(format!("{page}: `filmstar {command}`: {said}"));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(n_known > 20, "only {n_known} commands were found");
}

#[test]
fn links_between_pages_lead_somewhere() {
    let mut problems = Vec::new();
    for (page, text) in pages() {
        let folder = root().join(&page);
        let folder = folder.parent().unwrap();
        for target in blocks::links(&text) {
            let (path, anchor) = target.split_once('#').unwrap_or((&target, ""));
            let file = if path.is_empty() {
                root().join(&page)
            } else {
                folder.join(path)
            };
            let is_there = match fs::read_to_string(&file) {
                Ok(text) => anchor.is_empty() || blocks::anchors(&text).any(|it| it == anchor),
                Err(_) => file.is_dir() && anchor.is_empty(),
            };
            if !is_there {
                problems.push(format!("{page} links to `{target}`"));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// `FILMSTAR_UPDATE=1` writes the page anew.
#[test]
fn the_reference_of_commands_is_current() {
    let mut page = "# Commands\n\n\
        What `--help` says of each command; generated by a test, which fails when it is not current.\n"
        .to_owned();
    describe(&[], &mut page);
    let file = root().join("docs/cli.md");
    if std::env::var_os("FILMSTAR_UPDATE").is_some() {
        fs::write(&file, &page).unwrap();
    }
    let written = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        written == page,
        "docs/cli.md is not what the commands say; FILMSTAR_UPDATE=1 writes it anew"
    );
}

/// Adds the help of a command and of those below it.
fn describe(command: &[String], page: &mut String) {
    let sandbox = Sandbox::new();
    let mut arguments: Vec<&str> = command.iter().map(String::as_str).collect();
    arguments.push("--help");
    let help = sandbox.succeed(&arguments);
    let title = std::iter::once("filmstar").chain(command.iter().map(String::as_str));
    let title = title.collect::<Vec<_>>().join(" ");
    page.push_str(&format!(
        "\n## `{title}`\n\n```text\n{}\n```\n",
        blocks::trimmed(&help)
    ));
    for name in blocks::subcommands(&help) {
        let below: Vec<String> = command.iter().cloned().chain([name]).collect();
        describe(&below, page);
    }
}

#[test]
fn a_shell_can_complete_and_a_manual_can_be_read() {
    let sandbox = Sandbox::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = sandbox.succeed(&["completions", shell]);
        assert!(script.contains("rollback"), "{shell}: {script}");
    }
    let script = sandbox.succeed(&["completions", "bash"]);
    fs::write(sandbox.path().join("filmstar.bash"), script).unwrap();
    let complete = "source ./filmstar.bash; COMP_WORDS=(filmstar rol); COMP_CWORD=1; \
        _filmstar filmstar rol filmstar; echo ${COMPREPLY[@]}";
    let output = Command::new("bash")
        .args(["-c", complete])
        .current_dir(sandbox.path())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "rollback");

    sandbox.succeed(&["man", "pages"]);
    let page = |name: &str| fs::read_to_string(sandbox.path().join("pages").join(name)).unwrap();
    assert!(page("filmstar.1").contains("filmstar\\-rollback(1)"));
    assert!(page("filmstar-query.1").contains("\\-\\-format"));
}

#[test]
fn a_version_is_told_in_one_line() {
    let said = Sandbox::new().succeed(&["--version"]);
    let version = concat!("filmstar ", env!("CARGO_PKG_VERSION"));
    assert!(
        said.starts_with(version) && said.lines().count() == 1,
        "{said}"
    );
}

/// What a block is for, as `docs/README.md` says it.
impl Block {
    fn does_something(&self) -> bool {
        matches!(self.kind, Kind::Script | Kind::Session | Kind::Server)
    }
}
