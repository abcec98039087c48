use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use crate::{Diagnostic, Diagnostics, Node};

mod packages;

/// Folders that never hold a project's own files.
const SKIPPED_FOLDERS: [&str; 6] = [
    "target",
    "logs",
    "dbt_packages",
    "dbt_modules",
    "venv",
    "node_modules",
];
const EXTENSIONS: [&str; 5] = ["sql", "yml", "yaml", "md", "csv"];

/// The text files of a project and of its packages: all that the later stages read.
#[derive(Debug, Clone, Default)]
pub struct ProjectFiles {
    pub(crate) root: PathBuf,
    /// By path relative to the root, with `/`.
    pub(crate) files: BTreeMap<String, String>,
    /// Where a package is below the project, such as `dbt_packages/dbt_utils`; empty for the project itself.
    pub(crate) folder: String,
    /// The installed packages, all on one level as dbt has them.
    pub(crate) packages: Vec<ProjectFiles>,
}

impl ProjectFiles {
    /// Reads a project folder: the only file access between a folder and its compiled SQL.
    ///
    /// # Errors
    /// Every file that could not be read.
    pub fn read(root: &Path) -> Result<Self, Diagnostics> {
        let mut problems = Vec::new();
        let mut files = BTreeMap::new();
        if !root.join("dbt_project.yml").is_file() {
            let problem = Diagnostic::new(
                "dbt_project.yml",
                format!("no dbt project in `{}`", root.display()),
            );
            return Err(Diagnostics(vec![problem.with_hint(Some(
                "choose the folder with --project-dir".to_owned(),
            ))]));
        }
        read_folder(root, "", &mut files, &mut problems);
        // dbt resolves the project's folder, so that a seed's path works from anywhere.
        let root = fs_err::canonicalize(root).unwrap_or_else(|_| root.to_path_buf());
        let packages = packages::read(&root, &files, &mut problems);
        if !problems.is_empty() {
            return Err(Diagnostics(problems));
        }
        Ok(Self {
            root,
            files,
            folder: String::new(),
            packages,
        })
    }

    /// The project and its packages.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(&self.packages)
    }

    /// The text of the file that a node was made from.
    pub(crate) fn text_of(&self, node: &Node) -> Option<&str> {
        self.text_beside(node, &node.original_file_path)
    }

    /// The text of a file of a node's package.
    pub(crate) fn text_beside(&self, node: &Node, file: &str) -> Option<&str> {
        self.home_of(node).files.get(file).map(String::as_str)
    }

    /// Where the file is that a node was made from.
    pub(crate) fn path_of(&self, node: &Node) -> PathBuf {
        self.home_of(node).root.join(&node.original_file_path)
    }

    fn home_of(&self, node: &Node) -> &Self {
        let found = self
            .packages
            .iter()
            .find(|package| package.folder == node.package_folder);
        found.unwrap_or(self)
    }

    /// The text of a file that a problem names.
    pub(crate) fn text(&self, file: &str) -> Option<&str> {
        self.all()
            .find_map(|home| {
                let below = match home.folder.as_str() {
                    "" => file,
                    folder => file.strip_prefix(folder)?.strip_prefix('/')?,
                };
                home.files.get(below)
            })
            .map(String::as_str)
    }

    /// A file of this package as messages name it: from the project.
    pub(crate) fn named(&self, file: &str) -> String {
        match self.folder.as_str() {
            "" => file.to_owned(),
            folder => format!("{folder}/{file}"),
        }
    }

    /// The files below one of the folders, with that extension.
    pub(crate) fn below<'a>(
        &'a self,
        folders: &'a [String],
        extensions: &'a [&str],
    ) -> impl Iterator<Item = (&'a str, &'a str, &'a str)> {
        self.files.iter().filter_map(move |(path, text)| {
            let folder = folders.iter().find(|folder| is_below(path, folder))?;
            let extension = path.rsplit_once('.')?.1;
            extensions.contains(&extension).then_some((
                path.as_str(),
                folder.as_str(),
                text.as_str(),
            ))
        })
    }
}

/// A file's text, if it can be read.
pub(crate) fn read_text(path: &Path) -> Option<String> {
    fs_err::read_to_string(path).ok()
}

fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty()
        || folder == "."
        || path
            .strip_prefix(folder)
            .is_some_and(|rest| rest.starts_with('/'))
}

fn read_folder(
    root: &Path,
    folder: &str,
    files: &mut BTreeMap<String, String>,
    problems: &mut Vec<Diagnostic>,
) {
    let entries = match fs_err::read_dir(root.join(folder)) {
        Ok(entries) => entries,
        Err(error) => return problems.push(Diagnostic::new(folder, error.to_string())),
    };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if folder.is_empty() {
            name.clone()
        } else {
            format!("{folder}/{name}")
        };
        let is_folder = entry.path().is_dir();
        if name.starts_with('.')
            || (is_folder && folder.is_empty() && SKIPPED_FOLDERS.contains(&name.as_str()))
        {
            continue;
        }
        if is_folder {
            read_folder(root, &path, files, problems);
        } else if EXTENSIONS
            .iter()
            .any(|extension| name.ends_with(&format!(".{extension}")))
        {
            match fs_err::read(entry.path()).map(String::from_utf8) {
                Ok(Ok(text)) => {
                    files.insert(path, text);
                }
                Ok(Err(_)) => problems.push(Diagnostic::new(path, "file is not UTF-8")),
                Err(error) => problems.push(Diagnostic::new(path, error.to_string())),
            }
        }
    }
}
