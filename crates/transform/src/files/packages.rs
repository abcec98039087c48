use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use super::{ProjectFiles, read_folder};
use crate::{Diagnostic, settings, yaml};

/// The files in which a project says what it needs.
const LISTS: [&str; 2] = ["packages.yml", "dependencies.yml"];

/// A package that a project asks for.
struct Wanted {
    /// As it is written: `acme/toolbox`, `../toolbox`.
    written: String,
    is_local: bool,
    list: &'static str,
    line: u32,
    column: u32,
}

/// Reads the packages that `dbt deps` has installed, and those that are `local:` wherever they are.
pub(super) fn read(
    root: &Path,
    files: &BTreeMap<String, String>,
    problems: &mut Vec<Diagnostic>,
) -> Vec<ProjectFiles> {
    let mut packages = Vec::new();
    let install_path = install_path(files);
    for name in folders(&root.join(&install_path)) {
        add(
            root,
            format!("{install_path}/{name}"),
            &mut packages,
            problems,
        );
    }
    let wanted = wanted(files);
    let n_installed = packages.len();
    let mut local: Vec<(PathBuf, String)> = local_of(root, &wanted);
    while let Some((folder, written)) = local.pop() {
        if packages.iter().any(|package| package.root == folder) {
            continue;
        }
        let name = |package: &ProjectFiles| project_name(&package.files);
        let before = packages.len();
        add(root, written, &mut packages, problems);
        let Some(added) = packages.get(before) else {
            continue;
        };
        // `dbt deps` has made a copy of it.
        if packages[..before]
            .iter()
            .any(|package| name(package) == name(added))
        {
            packages.pop();
            continue;
        }
        let inner = local_of(&added.root, &self::wanted(&added.files));
        let home = added.folder.clone();
        local.extend(
            inner
                .into_iter()
                .map(|(path, written)| (path, format!("{home}/{written}"))),
        );
    }
    let remote: Vec<&Wanted> = wanted.iter().filter(|wanted| !wanted.is_local).collect();
    if remote.len() > n_installed {
        let is_missing = |wanted: &&&Wanted| {
            let name = folder_of(&wanted.written);
            !packages.iter().any(|package| {
                let folder = package.folder.rsplit('/').next().unwrap_or_default();
                name == folder || Some(name.clone()) == project_name(&package.files)
            })
        };
        problems.extend(remote.iter().filter(is_missing).map(|wanted| {
            let message = format!("package `{}` is not in `{install_path}`", wanted.written);
            Diagnostic::new(wanted.list, message)
                .at_line(wanted.line, wanted.column)
                .with_hint(Some(
                    "install it with dbt Core's `dbt deps`, or put its folder there".to_owned(),
                ))
        }));
    }
    packages
}

fn add(
    root: &Path,
    folder: String,
    packages: &mut Vec<ProjectFiles>,
    problems: &mut Vec<Diagnostic>,
) {
    let path = root.join(&folder);
    if !path.join(settings::FILE).is_file() {
        let message = format!("no package in `{folder}`: it has no {}", settings::FILE);
        problems.push(Diagnostic::without_file(message).with_hint(Some(
            "install packages anew with dbt Core's `dbt deps`".to_owned(),
        )));
        return;
    }
    let mut files = BTreeMap::new();
    let mut own_problems = Vec::new();
    read_folder(&path, "", &mut files, &mut own_problems);
    for problem in &mut own_problems {
        problem.file = problem.file.take().map(|file| format!("{folder}/{file}"));
    }
    problems.append(&mut own_problems);
    packages.push(ProjectFiles {
        root: fs_err::canonicalize(&path).unwrap_or(path),
        files,
        folder,
        packages: Vec::new(),
    });
}

/// The folders in a folder, sorted; none when it is not there.
fn folders(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs_err::read_dir(folder) else {
        return Vec::new();
    };
    let mut names: Vec<String> = entries
        .flatten()
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| !name.starts_with("__") && !name.starts_with('.'))
        .collect();
    names.sort();
    names
}

fn install_path(files: &BTreeMap<String, String>) -> String {
    let text = files.get(settings::FILE).map_or("", String::as_str);
    let written = yaml::parse(settings::FILE, text)
        .ok()
        .and_then(|yaml| yaml::text(&yaml, "packages-install-path"));
    written.unwrap_or_else(|| "dbt_packages".to_owned())
}

fn project_name(files: &BTreeMap<String, String>) -> Option<String> {
    yaml::text(
        &yaml::parse(settings::FILE, files.get(settings::FILE)?).ok()?,
        "name",
    )
}

fn wanted(files: &BTreeMap<String, String>) -> Vec<Wanted> {
    let mut all = Vec::new();
    for list in LISTS {
        let Some(Ok(yaml)) = files.get(list).map(|text| yaml::parse(list, text)) else {
            continue;
        };
        for entry in yaml::list(&yaml, "packages") {
            let found = ["local", "package", "git", "tarball", "private"]
                .iter()
                .find_map(|key| Some((*key, yaml::text(entry, key)?)));
            let Some((key, written)) = found else {
                continue;
            };
            let (line, column) = yaml::place(entry);
            all.push(Wanted {
                written,
                is_local: key == "local",
                list,
                line,
                column,
            });
        }
    }
    all
}

/// The folders of local packages, with their paths as they are written.
fn local_of(root: &Path, wanted: &[Wanted]) -> Vec<(PathBuf, String)> {
    let local = wanted.iter().filter(|wanted| wanted.is_local);
    local
        .map(|wanted| {
            let path = root.join(&wanted.written);
            (
                fs_err::canonicalize(&path).unwrap_or(path),
                wanted.written.trim_end_matches('/').to_owned(),
            )
        })
        .collect()
}

/// The folder that `dbt deps` makes for a package of the hub or of git.
fn folder_of(written: &str) -> String {
    let name = written.rsplit('/').next().unwrap_or(written);
    name.trim_end_matches(".git").replace('-', "_")
}
