use std::{collections::BTreeMap, path::Path};

use dbt_yaml::Value;
use include_dir::{Dir, include_dir};
use serde::de::DeserializeOwned;

use super::{
    Diagnostic, Page, Parameter, Query, Tile,
    check::{Checker, check_page, check_parameters, check_tile},
    header,
    links::check_links,
    spec, yaml,
};

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../dashboards");

/// Files of one page by name.
pub(super) type Folder = BTreeMap<String, String>;

/// The pages that ship with the binary.
///
/// # Errors
/// Every problem in them.
pub fn embedded_pages() -> Result<Vec<Page>, Vec<Diagnostic>> {
    read_pages(embedded_folders())
}

/// The pages of a folder on disk.
///
/// # Errors
/// Every problem in them.
pub fn load_pages(root: &Path) -> Result<Vec<Page>, Vec<Diagnostic>> {
    read_pages(read_folders(root).map_err(|error| unreadable(root, &error))?)
}

/// As [`embedded_pages`], with what only those who write pages need to know.
pub(crate) fn inspect_embedded() -> (Vec<Page>, Vec<Diagnostic>) {
    inspect(&embedded_folders())
}

/// As [`load_pages`], with what only those who write pages need to know.
pub(crate) fn inspect_folder(root: &Path) -> (Vec<Page>, Vec<Diagnostic>) {
    match read_folders(root) {
        Ok(folders) => inspect(&folders),
        Err(error) => (Vec::new(), unreadable(root, &error)),
    }
}

fn embedded_folders() -> BTreeMap<String, Folder> {
    let mut folders = BTreeMap::new();
    for directory in EMBEDDED.dirs() {
        let files = directory
            .files()
            .filter_map(|file| Some((name_of(file.path())?, file.contents_utf8()?.to_owned())));
        folders.extend(name_of(directory.path()).map(|name| (name, files.collect())));
    }
    folders
}

fn unreadable(root: &Path, error: &std::io::Error) -> Vec<Diagnostic> {
    vec![Diagnostic {
        file: root.display().to_string(),
        line: None,
        message: error.to_string(),
        hint: None,
    }]
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
    let (pages, problems) = read_each(&folders);
    if problems.is_empty() {
        Ok(pages)
    } else {
        Err(problems)
    }
}

/// Those that can be read, and what is wrong with any.
fn read_each(folders: &BTreeMap<String, Folder>) -> (Vec<Page>, Vec<Diagnostic>) {
    let mut pages = Vec::new();
    let mut problems = Vec::new();
    for (name, files) in folders {
        pages.extend(read_page(name, files, &mut problems));
    }
    check_links(&pages, folders, &mut problems);
    pages.sort_by(|a, b| (a.order, &a.name).cmp(&(b.order, &b.name)));
    (pages, problems)
}

/// Also looks at the drawings and for files that nothing uses.
pub(super) fn inspect(folders: &BTreeMap<String, Folder>) -> (Vec<Page>, Vec<Diagnostic>) {
    let (pages, mut problems) = read_each(folders);
    for page in &pages {
        let Some(files) = folders.get(&page.name) else {
            continue;
        };
        let mut checker = Checker {
            file: format!("{}/page.yml", page.name),
            text: files.get("page.yml").map_or("", String::as_str),
            problems: &mut problems,
        };
        page.tiles
            .iter()
            .for_each(|tile| spec::check(&mut checker, tile));
        let used: Vec<&str> = page.queries().map(|query| query.file.as_str()).collect();
        for name in files.keys().filter(|name| name.ends_with(".sql")) {
            if !used.contains(&name.as_str()) {
                problems.push(Diagnostic {
                    file: format!("{}/{name}", page.name),
                    line: None,
                    message: "no tile uses this query".to_owned(),
                    hint: Some("name it under `sql`, or delete it".to_owned()),
                });
            }
        }
    }
    (pages, problems)
}

fn read_page(name: &str, files: &Folder, problems: &mut Vec<Diagnostic>) -> Option<Page> {
    let file = format!("{name}/page.yml");
    let text = files.get("page.yml")?;
    let mut value = yaml::parse(&file, text, problems)?;
    let (parameters, tiles) = (take(&mut value, "parameters"), take(&mut value, "tiles"));
    // Part by part, so that a mistake in one does not hide those in the others.
    let page: Option<Page> = yaml::read(&file, value, problems);
    let parameters: Vec<Option<Parameter>> = read_all(&file, parameters, problems);
    let lines: Vec<_> = tiles
        .iter()
        .map(|tile| yaml::line_of(tile).unwrap_or(1))
        .collect();
    let tiles: Vec<Option<Tile>> = read_all(&file, tiles, problems);
    let mut page = page?;
    page.name = name.to_owned();
    page.parameters = parameters.into_iter().flatten().collect();
    let mut checker = Checker {
        file,
        text,
        problems,
    };
    check_parameters(&mut checker, &page);
    let mut reader = Reader {
        files,
        checker,
        known: page.query_names().into_iter().map(str::to_owned).collect(),
    };
    let subject = page.subject.clone().map(|mut subject| {
        reader.fill(&mut subject.query, 1);
        subject
    });
    let mut read = Vec::new();
    for (line, tile) in lines.into_iter().zip(tiles) {
        let Some(mut tile) = tile else { continue };
        let is_read = reader.fill(&mut tile.query, line);
        tile.line = line;
        check_tile(&mut reader.checker, &page, &tile, line, is_read);
        read.push(tile);
    }
    let mut checker = reader.checker;
    (page.subject, page.tiles) = (subject, read);
    check_page(&mut checker, &page);
    Some(page)
}

/// The items of a list, taken out of the page.
fn take(page: &mut Value, key: &str) -> Vec<Value> {
    let Value::Mapping(mapping, _) = page else {
        return Vec::new();
    };
    match mapping.shift_remove(key) {
        Some(Value::Sequence(items, _)) => items,
        Some(other) => vec![other],
        None => Vec::new(),
    }
}

fn read_all<T: DeserializeOwned>(
    file: &str,
    values: Vec<Value>,
    problems: &mut Vec<Diagnostic>,
) -> Vec<Option<T>> {
    let read = |value| yaml::read(file, value, problems);
    values.into_iter().map(read).collect()
}

/// Reads the queries of one page.
struct Reader<'a, 'p> {
    files: &'a Folder,
    checker: Checker<'a, 'p>,
    /// What the page's queries may use.
    known: Vec<String>,
}

impl Reader<'_, '_> {
    /// Reads a query that `page.yml` names on or after a line; whether that went well.
    fn fill(&mut self, query: &mut Query, line: usize) -> bool {
        let read = self.query(&query.file, line);
        let is_read = read.is_some();
        if let Some(read) = read {
            *query = read;
        }
        is_read
    }

    fn query(&mut self, name: &str, line: usize) -> Option<Query> {
        let Some(text) = self.files.get(name) else {
            let known: Vec<&String> = self
                .files
                .keys()
                .filter(|name| name.ends_with(".sql"))
                .collect();
            let message = format!("no file `{name}` beside page.yml");
            self.checker
                .report(line, name, message, yaml::nearest(name, &known));
            return None;
        };
        let (header, body, n_header_lines) = header::split(text);
        let file = self.checker.file.replace("page.yml", name);
        let problems = &mut *self.checker.problems;
        let value = yaml::parse(&file, &header, problems)?;
        let header: header::Header = yaml::read(&file, value, problems)?;
        header::check(
            &mut Checker {
                file,
                text,
                problems,
            },
            &header,
            body,
            n_header_lines,
            &self.known,
        );
        Some(Query {
            file: name.to_owned(),
            sql: body.to_owned(),
            n_header_lines,
            columns: header.columns,
        })
    }
}
