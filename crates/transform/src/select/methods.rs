use globset::{GlobBuilder, GlobMatcher};
use serde_json::Value as Json;

use super::Criterion;
use crate::{Diagnostic, Node, NodeKind, diagnostic::nearest, yaml};

const METHODS: [&str; 15] = [
    "fqn",
    "tag",
    "source",
    "path",
    "file",
    "package",
    "config",
    "resource_type",
    "test_type",
    "test_name",
    "exposure",
    "unit_test",
    "group",
    "access",
    "state",
];

type Matcher = Box<dyn Fn(&Node) -> bool>;

/// What a criterion's method says about a node.
pub(super) fn matcher(criterion: &Criterion) -> Result<Matcher, Diagnostic> {
    let value = criterion.value.clone();
    let (method, argument) = criterion
        .method
        .split_once('.')
        .unwrap_or((&criterion.method, ""));
    let glob = glob(&value)?;
    Ok(match method {
        "fqn" => {
            let path = NamePath::parse(&value)?;
            Box::new(move |node| {
                node.kind != NodeKind::Source && is_named(node, &value, &glob, &path)
            })
        }
        "tag" => Box::new(move |node| node.tags.iter().any(|tag| glob.is_match(tag))),
        "path" => {
            let folder = format!("{}/", value.trim_end_matches('/'));
            Box::new(move |node| {
                let path = &node.original_file_path;
                path.starts_with(&folder)
                    || glob.is_match(path)
                    || parents(path).any(|parent| glob.is_match(parent))
            })
        }
        "file" => Box::new(move |node| {
            let name = node
                .original_file_path
                .rsplit('/')
                .next()
                .unwrap_or_default();
            glob.is_match(name)
                || name
                    .rsplit_once('.')
                    .is_some_and(|(stem, _)| glob.is_match(stem))
        }),
        "package" => Box::new(move |node| match value.as_str() {
            "this" => node.package_folder.is_empty(),
            _ => glob.is_match(&node.package),
        }),
        "resource_type" => Box::new(move |node| glob.is_match(node.kind.name())),
        "test_name" => Box::new(move |node| match &node.test {
            Some(test) => glob.is_match(&test.name),
            None => node.kind == NodeKind::UnitTest && glob.is_match(&node.name),
        }),
        "unit_test" => Box::new(move |node| {
            let full_name = format!("{}.{}", node.package, node.name);
            node.kind == NodeKind::UnitTest
                && (glob.is_match(&node.name) || glob.is_match(full_name))
        }),
        "test_type" => Box::new(move |node| {
            node.kind == NodeKind::UnitTest && value == "unit"
                || node.kind == NodeKind::Test
                    && match value.as_str() {
                        "generic" => node.test.is_some(),
                        "singular" => node.test.is_none(),
                        other => other == "data",
                    }
        }),
        "source" => {
            let parts: Vec<GlobMatcher> =
                value.split('.').map(self::glob).collect::<Result<_, _>>()?;
            Box::new(move |node| is_source(node, &parts))
        }
        "exposure" => {
            Box::new(move |node| node.kind == NodeKind::Exposure && glob.is_match(&node.name))
        }
        "group" => Box::new(move |node| {
            !matches!(node.kind, NodeKind::Source | NodeKind::Exposure)
                && node.group().is_some_and(|group| glob.is_match(group))
        }),
        "access" => {
            Box::new(move |node| node.kind == NodeKind::Model && node.access().name() == value)
        }
        "config" => {
            let path: Vec<String> = argument.split('.').map(ToOwned::to_owned).collect();
            Box::new(move |node| has_config(node, &path, &value, &glob))
        }
        "source_status" | "selector" | "version" => {
            return Err(Diagnostic::without_file(format!(
                "selector method `{method}` is not supported"
            )));
        }
        _ => {
            let problem = Diagnostic::without_file(format!("unknown selector method `{method}`"));
            return Err(problem.with_hint(nearest(method, METHODS)));
        }
    })
}

fn glob(pattern: &str) -> Result<GlobMatcher, Diagnostic> {
    let glob = GlobBuilder::new(pattern).literal_separator(false).build();
    glob.map(|glob| glob.compile_matcher()).map_err(|error| {
        Diagnostic::without_file(format!(
            "selector `{pattern}` is not a pattern: {}",
            error.kind()
        ))
    })
}

/// Folders and a name with points between them: as they are up to the first pattern, which is for all the rest.
struct NamePath {
    plain: Vec<String>,
    rest: Option<GlobMatcher>,
    n_parts: usize,
}

impl NamePath {
    fn parse(text: &str) -> Result<Self, Diagnostic> {
        let parts: Vec<&str> = text.split('.').collect();
        let n_plain = parts.iter().position(|part| part.contains(['*', '?', '[']));
        let rest = n_plain.map(|start| glob(&parts[start..].join(".")));
        let plain = &parts[..n_plain.unwrap_or(parts.len())];
        Ok(Self {
            plain: plain.iter().map(|part| (*part).to_owned()).collect(),
            rest: rest.transpose()?,
            n_parts: parts.len(),
        })
    }

    fn starts(&self, fqn: &[&str]) -> bool {
        let n_plain = self.plain.len();
        let rest = || fqn[n_plain..].join(".");
        fqn.len() >= self.n_parts
            && self
                .plain
                .iter()
                .zip(fqn)
                .all(|(part, folder)| part == folder)
            && self.rest.as_ref().is_none_or(|glob| glob.is_match(rest()))
    }
}

/// dbt's rules for names: the last part, or the path of folders from the start, with or without the package.
fn is_named(node: &Node, value: &str, glob: &GlobMatcher, path: &NamePath) -> bool {
    let Some(last) = node.fqn.last() else {
        return false;
    };
    if last == value || glob.is_match(last) {
        return true;
    }
    let flat: Vec<&str> = node.fqn.iter().flat_map(|part| part.split('.')).collect();
    path.starts(&flat) || path.starts(flat.get(1..).unwrap_or_default())
}

fn parents(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(index, _)| &path[..index])
}

fn is_source(node: &Node, parts: &[GlobMatcher]) -> bool {
    let Some(source) = &node.source else {
        return false;
    };
    match parts {
        [name] => name.is_match(&source.source_name),
        [name, table] => name.is_match(&source.source_name) && table.is_match(&node.name),
        [package, name, table] => {
            package.is_match(&node.package)
                && name.is_match(&source.source_name)
                && table.is_match(&node.name)
        }
        _ => false,
    }
}

fn has_config(node: &Node, path: &[String], value: &str, glob: &GlobMatcher) -> bool {
    let mut current: Option<&Json> = None;
    for (index, key) in path.iter().enumerate() {
        current = if index == 0 {
            node.config.get(key)
        } else {
            current.and_then(|config| config.get(key))
        };
    }
    match current {
        Some(Json::Array(values)) => values.iter().any(|item| glob.is_match(yaml::plain(item))),
        Some(Json::Bool(flag)) => value.eq_ignore_ascii_case(if *flag { "true" } else { "false" }),
        Some(Json::Object(entries)) => entries.contains_key(value),
        Some(other) => glob.is_match(yaml::plain(other)),
        None => false,
    }
}
