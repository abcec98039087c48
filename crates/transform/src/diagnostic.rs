use std::fmt;

use crate::{Node, NodeKind, files::ProjectFiles, jinja};

/// One problem in a project, with its place and advice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// Path relative to the project; `None` when no file is to blame.
    pub file: Option<String>,
    /// Line, from 1; 0 when unknown.
    pub line: u32,
    /// Column, from 1; 0 when unknown.
    pub column: u32,
    /// What is wrong, as a fragment.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The line of the file, if it is a file of the project.
    pub snippet: Option<String>,
}

/// Every problem that could be found in one go.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{}", self.0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct Diagnostics(
    /// In the order of the files.
    pub Vec<Diagnostic>,
);

impl Diagnostic {
    pub(crate) fn new(file: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            file: Some(file.into()),
            line: 0,
            column: 0,
            message: message.into(),
            hint: None,
            snippet: None,
        }
    }

    /// A problem that no file is to blame for, such as a selector.
    pub(crate) fn without_file(message: impl Into<String>) -> Self {
        Self {
            file: None,
            line: 0,
            column: 0,
            message: message.into(),
            hint: None,
            snippet: None,
        }
    }

    pub(crate) fn with_hint(mut self, hint: Option<String>) -> Self {
        self.hint = hint;
        self
    }

    pub(crate) fn at_line(mut self, line: u32, column: u32) -> Self {
        (self.line, self.column) = (line, column);
        self
    }

    /// Adds the line that it is about.
    pub(crate) fn quote(&mut self, files: &ProjectFiles) {
        let text = self.file.as_deref().and_then(|file| files.text(file));
        let index = (self.line as usize).checked_sub(1);
        let line = text
            .zip(index)
            .and_then(|(text, index)| text.lines().nth(index));
        let line = line.map(str::trim_end).filter(|line| !line.is_empty());
        self.snippet = line.map(ToOwned::to_owned);
    }

    /// Counts lines from the start of the file when the template is a part of it.
    pub(crate) fn inside(mut self, node: &Node) -> Self {
        let is_part = node.kind == NodeKind::Snapshot && node.line > 0;
        if is_part && self.line > 0 && self.file.as_ref() == Some(&node.file()) {
            self.line += node.line - 1;
        }
        self
    }

    /// A template's error; `file` is used when the error does not know its own.
    pub(crate) fn from_jinja(error: jinja::Error, file: &str) -> Self {
        let (file, line, column) = match error.at {
            // dbt's own macros are no files of the project.
            Some((at, _)) if at.starts_with("dbt/macros/") && !file.is_empty() => {
                (file.to_owned(), 0, 0)
            }
            Some((at, position)) if !at.is_empty() => {
                (at.as_ref().to_owned(), position.line, position.column)
            }
            _ => (file.to_owned(), 0, 0),
        };
        let mut message = error.message;
        if !error.macros.is_empty() {
            message = format!(
                "{message} (in macro `{}`)",
                error.macros.join("`, called by `")
            );
        }
        Self {
            file: Some(file),
            line,
            column,
            message,
            hint: error.hint,
            snippet: None,
        }
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{file}:")?;
            if self.line > 0 {
                write!(f, "{}:{}:", self.line, self.column)?;
            }
            write!(f, " ")?;
        }
        write!(f, "{}", self.message)
    }
}

/// `did you mean …?` when a known name is close to the one that was not found.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let (score, best) = known
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(name, candidate), candidate))
        .max_by(|a, b| a.0.total_cmp(&b.0))?;
    (score > 0.8).then(|| format!("did you mean `{best}`?"))
}
