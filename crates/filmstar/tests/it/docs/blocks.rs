//! What is in a page of Markdown: fenced blocks with their marks, commands in sentences, links.

/// What a fenced block asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `sh`: every line must succeed.
    Script,
    /// `sh` after `<!-- stays up -->`: its last command is a server.
    Server,
    /// `console`: each `$ ` line is run, and what follows must be what it prints.
    Session,
    /// `… title="FILE"`: becomes the file.
    File(String),
    /// `… append="FILE"`: is added to the end of the file.
    Addition(String),
    /// Is read only: another language, or `sh` after `<!-- not run: reason -->`.
    Prose,
}

#[derive(Debug)]
pub(super) struct Block {
    /// Of its first line in the page, from 1.
    pub(super) line: usize,
    pub(super) kind: Kind,
    pub(super) text: String,
}

/// The fenced blocks of a page, or the line and the mistake.
pub(super) fn blocks(page: &str) -> Result<Vec<Block>, String> {
    let mut blocks = Vec::new();
    let mut mark = "";
    let mut lines = page.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        let Some(info) = line.strip_prefix("```") else {
            if !line.trim().is_empty() {
                mark = line.trim();
            }
            continue;
        };
        let kind = kind(info, mark).map_err(|mistake| format!("{}: {mistake}", number + 1))?;
        let mut text = String::new();
        loop {
            match lines.next() {
                Some((_, "```")) => break,
                Some((_, line)) => {
                    text.push_str(line);
                    text.push('\n');
                }
                None => return Err(format!("{}: the block has no end", number + 1)),
            }
        }
        blocks.push(Block {
            line: number + 1,
            kind,
            text,
        });
        mark = "";
    }
    Ok(blocks)
}

fn kind(info: &str, mark: &str) -> Result<Kind, String> {
    let (language, rest) = info.split_once(' ').unwrap_or((info, ""));
    let named = |key: &str| {
        rest.strip_prefix(key)?
            .strip_prefix("=\"")?
            .strip_suffix('"')
    };
    if let Some(file) = named("title") {
        return Ok(Kind::File(file.to_owned()));
    }
    if let Some(file) = named("append") {
        return Ok(Kind::Addition(file.to_owned()));
    }
    let comment = mark
        .strip_prefix("<!-- ")
        .and_then(|mark| mark.strip_suffix(" -->"));
    let is_command = matches!(language, "sh" | "console");
    match comment {
        Some(comment) if comment.starts_with("not run") => {
            let reason = comment.strip_prefix("not run: ").map_or("", str::trim);
            if !is_command || reason.is_empty() {
                return Err(
                    "`not run` stands before `sh` or `console` and gives a reason".to_owned(),
                );
            }
            Ok(Kind::Prose)
        }
        Some("stays up") if language == "sh" => Ok(Kind::Server),
        _ => match language {
            "sh" => Ok(Kind::Script),
            "console" => Ok(Kind::Session),
            "" | "bash" | "shell" | "zsh" => Err(format!(
                "a block of `{language}`: commands are `sh` or `console`, the rest names its language"
            )),
            _ => Ok(Kind::Prose),
        },
    }
}

/// The commands of a session with what each prints.
pub(super) fn session(text: &str) -> Vec<(String, String)> {
    let mut commands: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        if let Some(command) = line.strip_prefix("$ ") {
            commands.push((command.to_owned(), String::new()));
        } else if let Some((command, printed)) = commands.last_mut() {
            match line.strip_prefix("> ") {
                Some(more) if printed.is_empty() => {
                    command.push('\n');
                    command.push_str(more);
                }
                _ => {
                    printed.push_str(line);
                    printed.push('\n');
                }
            }
        }
    }
    commands
}

/// Whether a text is what was expected, in which `…` stands for anything within a line and a line of it for lines.
pub(super) fn agrees(expected: &str, printed: &str) -> bool {
    let pattern: Vec<String> = expected
        .lines()
        .map(|line| match line.trim_end() {
            "…" => "(?:.*\n)*?".to_owned(),
            line => {
                let parts: Vec<String> = line.split('…').map(regex::escape).collect();
                format!("{}\\s*\n", parts.join(".*"))
            }
        })
        .collect();
    let pattern = format!("^{}$", pattern.concat());
    let printed = format!("{}\n", printed.trim_end());
    let printed = if printed == "\n" {
        String::new()
    } else {
        printed
    };
    regex::Regex::new(&pattern).unwrap().is_match(&printed)
}

/// `filmstar …` between backticks, without the name and up to the first word that is no plain one.
pub(super) fn inline_commands(page: &str) -> Vec<String> {
    let mut commands = Vec::new();
    let mut is_fenced = false;
    for line in page.lines() {
        if line.starts_with("```") {
            is_fenced = !is_fenced;
        } else if !is_fenced {
            for command in line.split('`').skip(1).step_by(2) {
                if let Some(command) = command.strip_prefix("filmstar ") {
                    let words = command.split(' ').take_while(|word| is_plain(word));
                    commands.push(words.collect::<Vec<_>>().join(" "));
                }
            }
        }
    }
    commands.retain(|command| !command.is_empty());
    commands
}

fn is_plain(word: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.:/".contains(c);
    !word.is_empty() && word.chars().all(allowed)
}

/// Where links lead that stay in the repository.
pub(super) fn links(page: &str) -> Vec<String> {
    let targets = page.split("](").skip(1);
    targets
        .filter_map(|rest| rest.split_once(')'))
        .map(|(target, _)| target.to_owned())
        .filter(|target| !target.contains("://"))
        .collect()
}

/// The names of a page's headings in links.
pub(super) fn anchors(page: &str) -> impl Iterator<Item = String> {
    let headings = page.lines().filter(|line| line.starts_with('#'));
    headings.map(|line| {
        let title = line.trim_start_matches('#').trim().to_lowercase();
        title
            .chars()
            .filter(|c| c.is_alphanumeric() || " -_".contains(*c))
            .map(|c| if c == ' ' { '-' } else { c })
            .collect()
    })
}

/// Lines without the blanks at their ends.
pub(super) fn trimmed(text: &str) -> String {
    let lines: Vec<&str> = text.trim_end().lines().map(str::trim_end).collect();
    lines.join("\n")
}

/// The names under `Commands:` in a command's help.
pub(super) fn subcommands(help: &str) -> Vec<String> {
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    lines
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

#[test]
fn a_block_says_what_is_to_be_done_with_it() {
    let page = "```sh\na\n```\n<!-- not run: needs root -->\n```sh\nb\n```\n\
        <!-- stays up -->\n\n```sh\nc\n```\n```yaml title=\"x/y.yml\"\nd: 1\n```\n```sql\nselect\n```\n";
    let kinds: Vec<Kind> = blocks(page)
        .unwrap()
        .into_iter()
        .map(|block| block.kind)
        .collect();
    let expected = [
        Kind::Script,
        Kind::Prose,
        Kind::Server,
        Kind::File("x/y.yml".to_owned()),
        Kind::Prose,
    ];
    assert_eq!(kinds, expected);
    assert!(blocks("```\nls\n```\n").is_err());
    assert!(blocks("<!-- not run: -->\n```sh\nls\n```\n").is_err());
    assert!(blocks("```sh\nls\n").is_err());
}

#[test]
fn an_ellipsis_stands_for_what_varies() {
    assert!(agrees("done in … s\n", "done in 1.5 s"));
    assert!(agrees("a\n…\nz\n", "a\nb\nc\nz\n"));
    assert!(agrees("a\n…\n", "a\n"));
    assert!(!agrees("a\nz\n", "a\nb\nz\n"));
    assert!(!agrees("", "a\n"));
    let commands = session("$ a \\\n> b\nprinted\n$ c\n");
    assert_eq!(commands[0], ("a \\\nb".to_owned(), "printed\n".to_owned()));
    assert_eq!(commands[1].0, "c");
}

#[test]
fn commands_links_and_anchors_are_found_in_sentences() {
    let page = "# A heading: `x`\nSee `filmstar build --target postgres` and `filmstar export marts … -o x` [a](b.md#c) [d](https://e).\n";
    assert_eq!(
        inline_commands(page),
        ["build --target postgres", "export marts"]
    );
    assert_eq!(links(page), ["b.md#c"]);
    assert_eq!(anchors(page).next().unwrap(), "a-heading-x");
}
