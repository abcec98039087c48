//! What linters of Dockerfiles and compose files look for, as far as ours could get it wrong.

use std::fs;

use anyhow::{Context as _, Result};

use crate::root;

#[cfg(test)]
mod tests;

/// Words in a variable's name that make its value a secret.
const SECRETS: [&str; 5] = ["PASSWORD", "TOKEN", "SECRET", "CREDENTIAL", "API_KEY"];

/// Checks the files of `deploy/`.
pub(super) fn check(problems: &mut Vec<String>) -> Result<()> {
    let read = |name: &str| {
        let file = format!("deploy/{name}");
        fs::read_to_string(root().join(&file)).with_context(|| format!("failed to read {file}"))
    };
    let compose_file = read("compose.yml")?;
    let found = [
        ("Dockerfile", dockerfile(&read("Dockerfile")?)),
        ("compose.yml", compose(&compose_file)),
        (
            ".env.example",
            example(&read(".env.example")?, &compose_file),
        ),
    ];
    for (name, found) in found {
        problems.extend(
            found
                .into_iter()
                .map(|problem| format!("deploy/{name}: {problem}")),
        );
    }
    Ok(())
}

/// What is wrong with a Dockerfile.
fn dockerfile(text: &str) -> Vec<String> {
    let instructions = instructions(text);
    let mut problems = Vec::new();
    let mut stages: Vec<&str> = Vec::new();
    for (word, rest) in &instructions {
        match word.as_str() {
            "FROM" => {
                let mut words = rest
                    .split_whitespace()
                    .filter(|word| !word.starts_with("--"));
                let image = words.next().unwrap_or_default();
                if !stages.contains(&image) && !is_pinned(image) {
                    problems.push(format!("`{image}` has no tag that stays"));
                }
                stages.extend(words.nth(1));
            }
            "ADD" => problems.push("COPY says what ADD may do behind one's back".to_owned()),
            "COPY" => {
                let from = rest
                    .split_whitespace()
                    .find_map(|word| word.strip_prefix("--from="));
                if let Some(from) = from.filter(|from| !stages.contains(from)) {
                    problems.push(format!("COPY from `{from}`, which is no stage before it"));
                }
            }
            "RUN" => run(rest, &mut problems),
            "WORKDIR" if !rest.starts_with('/') => {
                problems.push(format!("WORKDIR `{rest}` depends on the one before"));
            }
            "ENV" | "ARG" => {
                let mut names = rest
                    .split_whitespace()
                    .filter_map(|pair| pair.split('=').next());
                if let Some(name) = names.find(|name| is_secret(name)) {
                    problems.push(format!("`{name}` would be in the image for all to read"));
                }
            }
            "ENTRYPOINT" | "CMD" if !rest.starts_with('[') => {
                problems.push(format!("{word} goes through a shell, which keeps signals"));
            }
            _ => {}
        }
    }
    last_stage(&instructions, &mut problems);
    problems
}

/// Instructions and what follows each, with continued lines joined and comments left out.
fn instructions(text: &str) -> Vec<(String, String)> {
    let lines = text.lines().map(str::trim);
    let mut whole = String::new();
    let mut instructions = Vec::new();
    for line in lines.filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(part) = line.strip_suffix('\\') {
            whole.push_str(part);
            continue;
        }
        whole.push_str(line);
        let (word, rest) = whole.split_once(' ').unwrap_or((&whole, ""));
        instructions.push((word.to_uppercase(), rest.trim().to_owned()));
        whole.clear();
    }
    instructions
}

fn run(command: &str, problems: &mut Vec<String>) {
    if command.split_whitespace().any(|word| word == "sudo") {
        problems.push("sudo in a build, which is root already".to_owned());
    }
    if command.contains("apt-get install") {
        for (wanted, why) in [
            ("--yes", "apt-get would ask, and nobody answers"),
            (
                "--no-install-recommends",
                "apt-get brings what nobody needs",
            ),
            (
                "rm -rf /var/lib/apt/lists/*",
                "apt-get's lists stay in the layer",
            ),
        ] {
            if !command.contains(wanted) {
                problems.push(format!("{why} without `{wanted}`"));
            }
        }
    }
}

/// What becomes the image: who runs it, what, and how one sees that it is well.
fn last_stage(instructions: &[(String, String)], problems: &mut Vec<String>) {
    let start = instructions
        .iter()
        .rposition(|(word, _)| word == "FROM")
        .unwrap_or_default();
    let last = |wanted: &str| {
        let mut found = instructions[start..].iter().rev();
        found.find_map(|(word, rest)| (word == wanted).then_some(rest.as_str()))
    };
    let user = last("USER").unwrap_or("root");
    if ["root", "0"].contains(&user.split(':').next().unwrap_or_default()) {
        problems.push("the image runs as root".to_owned());
    }
    if last("HEALTHCHECK").is_none_or(|check| !check.contains("CMD [")) {
        problems.push("no HEALTHCHECK, or one that needs a shell".to_owned());
    }
    if last("ENTRYPOINT").is_none() {
        problems.push("no ENTRYPOINT".to_owned());
    }
}

/// Whether an image is named with a tag or digest that means the same tomorrow, or nearly.
fn is_pinned(image: &str) -> bool {
    let name = image.rsplit('/').next().unwrap_or_default();
    name.split_once([':', '@'])
        .is_some_and(|(_, tag)| !tag.is_empty() && tag != "latest")
}

fn is_secret(name: &str) -> bool {
    SECRETS.iter().any(|word| name.contains(word))
}

/// What is wrong with a compose file of the plain shape that ours has: two spaces a level, `<<` for what services
/// share, short forms.
fn compose(text: &str) -> Vec<String> {
    let mut problems = written_secrets(text);
    let services = services(text);
    if services.is_empty() {
        problems.push("no services".to_owned());
    }
    for (name, lines) in &services {
        let mut say = |problem: &str| problems.push(format!("service `{name}`: {problem}"));
        let value = |key: &str| {
            let found = lines
                .iter()
                .find_map(|line| line.strip_prefix(key)?.strip_prefix(':'));
            found.map(|value| value.trim().trim_matches('"'))
        };
        let has =
            |key: &str, item: &str| items(lines, key).any(|found| found.trim_matches('"') == item);
        let is_built = value("build").is_some();
        if !is_built && !value("image").is_some_and(is_pinned) {
            say("neither a build nor an image with a tag that stays");
        }
        let is_disabled = has("healthcheck", "disable: true");
        let is_watched = (is_built || value("healthcheck").is_some()) && !is_disabled;
        match value("restart") {
            None => say("`restart` is not said"),
            Some("no") => {}
            Some(_) if is_watched => {}
            Some(_) => say("no health check, and it is to run on"),
        }
        for port in items(lines, "ports") {
            if !port.trim_matches('"').starts_with("127.0.0.1:") {
                say(&format!("port `{port}` is open to the network"));
            }
        }
        if value("read_only") != Some("true")
            || !has("cap_drop", "ALL")
            || !has("security_opt", "no-new-privileges:true")
        {
            say("it may do more than it needs: read_only, cap_drop, security_opt");
        }
    }
    problems
}

/// The services and their lines, with what they take over from an anchor below their own.
fn services(text: &str) -> Vec<(&str, Vec<&str>)> {
    let is_said = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    let lines = || text.lines().filter(is_said);
    // The lines below `header`, as long as they are deeper than it, less that depth.
    let block = |header: &str, depth: usize| {
        let indent = " ".repeat(depth);
        lines()
            .skip_while(|line| *line != header)
            .skip(1)
            .map_while(|line| line.strip_prefix(indent.as_str()))
            .collect::<Vec<_>>()
    };
    let shared = |anchor: &str| {
        let suffix = format!(": &{anchor}");
        let header = lines().find(|line| line.ends_with(&suffix))?;
        Some(block(header, 2))
    };
    let below = block("services:", 2);
    let names = below.iter().filter(|line| !line.starts_with(' '));
    names
        .filter_map(|line| line.strip_suffix(':'))
        .map(|name| {
            let mut own = block(&format!("  {name}:"), 4);
            let anchor = own.iter().find_map(|line| line.strip_prefix("<<: *"));
            own.extend(anchor.and_then(shared).into_iter().flatten());
            (name, own)
        })
        .collect()
}

/// What stands below the first `key` of a service, without the dashes of a list.
fn items<'a>(lines: &'a [&'a str], key: &str) -> impl Iterator<Item = &'a str> {
    let header = format!("{key}:");
    lines
        .iter()
        .skip_while(move |line| **line != header)
        .skip(1)
        .take_while(|line| line.starts_with(' '))
        .map(|line| line.trim().trim_start_matches("- "))
}

/// Secrets that do not come from `.env`, or that have a value without it.
fn written_secrets(text: &str) -> Vec<String> {
    let lines = text
        .lines()
        .map(|line| line.trim().trim_start_matches("- "));
    lines
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once([':', '=']))
        .filter(|(name, _)| is_secret(name))
        .filter(|(_, value)| {
            let value = value.trim().trim_matches('"');
            !(value.starts_with("${") && value.contains(":?"))
        })
        .map(|(name, _)| format!("`{name}` must be `${{…:?…}}`: from .env, and never a default"))
        .collect()
}

/// What is wrong with the example of `.env`: it names each variable of the compose file, and no secret's value.
fn example(text: &str, compose: &str) -> Vec<String> {
    let settings: Vec<(&str, &str)> = text
        .lines()
        .map(|line| line.trim_start_matches('#'))
        .filter_map(|line| line.split_once('='))
        .collect();
    let wanted = compose.split("${").skip(1);
    let names = wanted.filter_map(|rest| rest.split([':', '}']).next());
    let mut problems: Vec<String> = names
        .filter(|name| !settings.iter().any(|(known, _)| known == name))
        .map(|name| format!("`{name}` of compose.yml is not in it"))
        .collect();
    problems.sort();
    problems.dedup();
    let secrets = settings
        .iter()
        .filter(|(name, value)| is_secret(name) && !value.is_empty());
    problems.extend(secrets.map(|(name, _)| format!("`{name}` has a value")));
    problems
}
