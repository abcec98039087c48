use std::{rc::Rc, sync::Arc};

use crate::{
    Diagnostic,
    context::DocsBlock,
    files::ProjectFiles,
    jinja::{self, Host, Interpreter, Value},
    settings::Settings,
};

/// The `{% docs name %}…{% enddocs %}` blocks of all markdown files.
pub(super) fn blocks(
    files: &ProjectFiles,
    settings: &Settings,
    problems: &mut Vec<Diagnostic>,
) -> Vec<DocsBlock> {
    let folders: Vec<String> = [
        &settings.model_paths,
        &settings.seed_paths,
        &settings.snapshot_paths,
        &settings.analysis_paths,
        &settings.macro_paths,
        &settings.test_paths,
    ]
    .into_iter()
    .flatten()
    .cloned()
    .collect();
    let mut blocks = Vec::new();
    for (path, _, text) in files.below(&folders, &["md"]) {
        let mut rest = text;
        while let Some((name, after_tag)) = next_tag(rest) {
            let Some((body, after)) = split_end(after_tag) else {
                let line = text[..text.len() - after_tag.len()].lines().count() as u32;
                problems.push(
                    Diagnostic::new(path, format!("docs block `{name}` has no `enddocs`"))
                        .at_line(line, 1),
                );
                break;
            };
            match render(path, body) {
                Ok(body) => blocks.push(DocsBlock {
                    package: settings.name.clone(),
                    file: path.to_owned(),
                    name: name.to_owned(),
                    text: body.trim().to_owned(),
                }),
                Err(error) => problems.push(Diagnostic::from_jinja(*error, path)),
            }
            rest = after;
        }
    }
    blocks
}

/// A block is a template too, in which nothing has a name.
struct Nameless;

impl Host for Nameless {
    fn global(&self, _name: &str) -> Option<Value> {
        None
    }
}

fn render(path: &str, body: &str) -> Result<String, Box<jinja::Error>> {
    if !body.contains('{') {
        return Ok(body.to_owned());
    }
    let template = jinja::parse(&Arc::from(path), body)?;
    Interpreter::new(Rc::new(Nameless)).render(&template)
}

/// The name of the next docs tag and what follows it.
fn next_tag(text: &str) -> Option<(&str, &str)> {
    let mut rest = text;
    loop {
        let start = rest.find("{%")?;
        let (tag, after) = rest[start + 2..].split_once("%}")?;
        if let Some(name) = tag.trim_matches(['-', ' ', '\n']).strip_prefix("docs ") {
            return Some((name.trim(), after));
        }
        rest = after;
    }
}

fn split_end(text: &str) -> Option<(&str, &str)> {
    let mut from = 0;
    loop {
        let start = from + text[from..].find("{%")?;
        let (tag, after) = text[start + 2..].split_once("%}")?;
        if tag.trim_matches(['-', ' ', '\n']) == "enddocs" {
            return Some((&text[..start], after));
        }
        from = start + 2;
    }
}
