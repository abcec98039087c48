use std::{collections::BTreeMap, path::Path};

use include_dir::{Dir, include_dir};

use super::{Diagnostic, Filter, Kind, Page, Tile, header};
use crate::compose;

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../dashboards");

/// Files of one page by name.
type Folder = BTreeMap<String, String>;

/// The pages that ship with the binary.
///
/// # Errors
/// Every problem in them.
pub fn embedded_pages() -> Result<Vec<Page>, Vec<Diagnostic>> {
    let mut folders = BTreeMap::new();
    for directory in EMBEDDED.dirs() {
        let files = directory
            .files()
            .filter_map(|file| Some((name_of(file.path())?, file.contents_utf8()?.to_owned())));
        folders.extend(name_of(directory.path()).map(|name| (name, files.collect())));
    }
    read_pages(folders)
}

/// The pages of a folder on disk.
///
/// # Errors
/// Every problem in them.
pub fn load_pages(root: &Path) -> Result<Vec<Page>, Vec<Diagnostic>> {
    let folders = read_folders(root).map_err(|error| {
        vec![Diagnostic {
            file: root.display().to_string(),
            line: None,
            message: error.to_string(),
            hint: None,
        }]
    })?;
    read_pages(folders)
}

fn read_folders(root: &Path) -> std::io::Result<BTreeMap<String, Folder>> {
    let mut folders = BTreeMap::new();
    for entry in fs_err::read_dir(root)? {
        let path = entry?.path();
        if !path.join("page.yml").is_file() {
            continue;
        }
        let mut files = Folder::new();
        for file in fs_err::read_dir(&path)? {
            let file = file?.path();
            if file
                .extension()
                .is_some_and(|extension| extension == "yml" || extension == "sql")
            {
                files.extend(
                    name_of(&file)
                        .map(|name| fs_err::read_to_string(&file).map(|text| (name, text)))
                        .transpose()?,
                );
            }
        }
        folders.extend(name_of(&path).map(|name| (name, files)));
    }
    Ok(folders)
}

fn name_of(path: &Path) -> Option<String> {
    Some(path.file_name()?.to_str()?.to_owned())
}

pub(super) fn read_pages(folders: BTreeMap<String, Folder>) -> Result<Vec<Page>, Vec<Diagnostic>> {
    let mut pages = Vec::new();
    let mut problems = Vec::new();
    for (name, files) in folders {
        pages.extend(read_page(&name, &files, &mut problems));
    }
    pages.sort_by(|a, b| (a.order, &a.name).cmp(&(b.order, &b.name)));
    if problems.is_empty() {
        Ok(pages)
    } else {
        Err(problems)
    }
}

fn read_page(name: &str, files: &Folder, problems: &mut Vec<Diagnostic>) -> Option<Page> {
    let file = format!("{name}/page.yml");
    let text = files.get("page.yml")?;
    let mut page: Page = match dbt_yaml::from_str(text) {
        Ok(page) => page,
        Err(error) => {
            problems.push(yaml_problem(&file, 0, &error));
            return None;
        }
    };
    page.name = name.to_owned();
    let mut reader = PageReader {
        file,
        text,
        files,
        problems,
    };
    reader.check_names(&page);
    let parameters: Vec<String> = page
        .parameters
        .iter()
        .map(|parameter| parameter.name.clone())
        .collect();
    for tile in &mut page.tiles {
        reader.read_tile(tile, &parameters);
    }
    Some(page)
}

/// Checks one page and collects what is wrong with it.
struct PageReader<'a> {
    file: String,
    text: &'a str,
    files: &'a Folder,
    problems: &'a mut Vec<Diagnostic>,
}

impl PageReader<'_> {
    fn check_names(&mut self, page: &Page) {
        let filters = page.filters.iter().copied().map(Filter::name);
        let mut seen: Vec<&str> = filters.collect();
        for parameter in &page.parameters {
            if seen.contains(&parameter.name.as_str()) {
                self.report(
                    &parameter.name,
                    format!("parameter `{}` is declared twice", parameter.name),
                    "give it another name",
                );
            }
            seen.push(&parameter.name);
        }
        let mut ids: Vec<&str> = Vec::new();
        for tile in &page.tiles {
            if ids.contains(&tile.id.as_str()) {
                self.report(
                    &tile.id,
                    format!("tile `{}` is declared twice", tile.id),
                    "give it another id",
                );
            }
            ids.push(&tile.id);
        }
    }

    fn read_tile(&mut self, tile: &mut Tile, parameters: &[String]) {
        if (tile.kind == Kind::Chart) != tile.spec.is_some() {
            let message = format!(
                "tile `{}` is a chart without a `spec`, or has a `spec` and is no chart",
                tile.id
            );
            self.report(
                &tile.id,
                message,
                "a Vega-Lite spec goes with `kind: chart`, and only there",
            );
        }
        let Some(text) = self.files.get(&tile.file) else {
            let known: Vec<&str> = self
                .files
                .keys()
                .map(String::as_str)
                .filter(|name| name.ends_with(".sql"))
                .collect();
            self.report(
                &tile.file,
                format!("no file `{}` beside page.yml", tile.file),
                nearest(&tile.file, &known),
            );
            return;
        };
        let (yaml, body, n_header_lines) = header::split(text);
        let file = self.file.replace("page.yml", &tile.file);
        let header: header::Header = match dbt_yaml::from_str(&yaml) {
            Ok(header) => header,
            Err(error) => {
                self.problems.push(yaml_problem(&file, 0, &error));
                return;
            }
        };
        let used = compose::placeholders(body);
        for name in used.iter().filter(|name| !header.parameters.contains(name)) {
            self.problems.push(Diagnostic {
                file: file.clone(),
                line: line_of(body, &format!("${name}")).map(|line| line + n_header_lines),
                message: format!("`${name}` is not declared in the header"),
                hint: Some(format!("add `-- parameters: [{name}]` at the top")),
            });
        }
        for name in header
            .parameters
            .iter()
            .filter(|name| !parameters.contains(name))
        {
            self.problems.push(Diagnostic {
                file: file.clone(),
                line: line_of(text, name),
                message: format!("the page has no parameter `{name}`"),
                hint: Some(nearest(
                    name,
                    &parameters.iter().map(String::as_str).collect::<Vec<_>>(),
                )),
            });
        }
        body.clone_into(&mut tile.sql);
        tile.columns = header.columns;
    }

    fn report(&mut self, word: &str, message: String, hint: impl Into<String>) {
        let line = line_of(self.text, word);
        self.problems.push(Diagnostic {
            file: self.file.clone(),
            line,
            message,
            hint: Some(hint.into()),
        });
    }
}

fn yaml_problem(file: &str, offset: usize, error: &dbt_yaml::Error) -> Diagnostic {
    Diagnostic {
        file: file.to_owned(),
        line: error.location().map(|place| place.line() + offset),
        message: error.to_string(),
        hint: Some("docs of pages: dashboards/README.md".to_owned()),
    }
}

fn line_of(text: &str, word: &str) -> Option<usize> {
    text.lines()
        .position(|line| line.contains(word))
        .map(|index| index + 1)
}

/// `did you mean …` when one is close, else the list.
fn nearest(name: &str, known: &[&str]) -> String {
    let close = known
        .iter()
        .max_by(|a, b| strsim::jaro(name, a).total_cmp(&strsim::jaro(name, b)));
    match close {
        Some(close) if strsim::jaro(name, close) > 0.7 => format!("did you mean `{close}`?"),
        Some(_) => format!("one of: {}", known.join(", ")),
        None => "there is none".to_owned(),
    }
}
