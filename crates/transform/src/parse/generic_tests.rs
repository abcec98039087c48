use dbt_yaml::Value as Yaml;
use serde_json::{Map, Value as Json};

use super::{
    Parser, Patch,
    names::fqn,
    properties::{ColumnPatch, SourcePatch},
    resources::{empty, test_defaults},
    spellings,
};
use crate::{
    Diagnostic, Node, NodeKind,
    context::{Context, md5_hex},
    jinja::Value,
    node::TestMetadata,
    settings::merge,
    yaml,
};

/// The entries of a test that are configs, wherever they are written.
pub(super) const CONFIG_KEYS: [&str; 14] = [
    "severity",
    "tags",
    "enabled",
    "where",
    "limit",
    "warn_if",
    "error_if",
    "fail_calc",
    "store_failures",
    "store_failures_as",
    "meta",
    "database",
    "schema",
    "alias",
];

/// What a test is written under.
struct Tested<'a> {
    file: &'a str,
    /// The list of the properties file.
    list: &'static str,
    /// As in the test's name: `dim_movies`, `tmdb_movies`.
    name: String,
    /// `ref('x')` or `source('x', 'y')`.
    call: String,
    is_source: bool,
    unique_id: Option<String>,
}

impl Parser<'_> {
    pub(super) fn tests_of_patch(&mut self, patch: &Patch) {
        if patch.list == "data_tests" {
            return;
        }
        let kind = match patch.list {
            "seeds" => "seed",
            "snapshots" => "snapshot",
            _ => "model",
        };
        let unique_id = format!("{kind}.{}.{}", self.package(), patch.name);
        if !self.nodes.by_id.contains_key(&unique_id) {
            if !self.nodes.disabled.contains(&patch.name) {
                self.warnings.push(patch.problem(format!(
                    "`{}` is described but there is no such {kind}",
                    patch.name
                )));
            }
            return;
        }
        let tested = Tested {
            file: &patch.file,
            list: patch.list,
            name: patch.name.clone(),
            call: format!("ref('{}')", patch.name),
            is_source: false,
            unique_id: Some(unique_id),
        };
        self.tests_of(&tested, &patch.tests, &patch.columns);
    }

    pub(super) fn tests_of_source_table(&mut self, source: &SourcePatch, table: &Patch) {
        let tested = Tested {
            file: &source.file,
            list: "sources",
            name: format!("{}_{}", source.name, table.name),
            call: format!("source('{}', '{}')", source.name, table.name),
            is_source: true,
            unique_id: None,
        };
        self.tests_of(&tested, &table.tests, &table.columns);
    }

    fn tests_of(&mut self, tested: &Tested<'_>, tests: &[Yaml], columns: &[ColumnPatch]) {
        for test in tests {
            self.generic_test(tested, test, None);
        }
        for column in columns {
            for test in &column.tests {
                self.generic_test(tested, test, Some(column));
            }
        }
    }

    fn generic_test(&mut self, tested: &Tested<'_>, test: &Yaml, column: Option<&ColumnPatch>) {
        let (line, column_number) = yaml::place(test);
        let Some((full_name, mut arguments)) = name_and_arguments(test) else {
            let message = "a test is a name, or a name with a mapping of arguments";
            self.problems
                .push(Diagnostic::new(tested.file, message).at_line(line, column_number));
            return;
        };
        // A package's spelling is its authors' matter.
        let found = match self.files.folder.as_str() {
            "" => spellings::of_test(&arguments),
            _ => Vec::new(),
        };
        for (message, hint) in found {
            let warning = Diagnostic::new(tested.file, message).at_line(line, column_number);
            self.warnings.push(warning.with_hint(Some(hint.to_owned())));
        }
        if let Some(Json::Object(nested)) = arguments.remove("arguments") {
            arguments.extend(nested);
        }
        if let Some(column) = column {
            let name = if column.quote == Some(true) {
                format!("\"{}\"", column.name)
            } else {
                column.name.clone()
            };
            arguments.insert("column_name".to_owned(), Json::from(name));
        }
        let model = format!("{{{{ get_where_subquery({}) }}}}", tested.call);
        arguments.insert("model".to_owned(), Json::from(model));
        let mut config = take_config(&mut arguments);
        config = self.rendered_config(tested.file, &config);
        let description = arguments
            .remove("description")
            .map(|text| yaml::plain(&text))
            .unwrap_or_default();
        let (namespace, name) = match full_name.split_once('.') {
            Some((namespace, name)) => (Some(namespace.to_owned()), name.to_owned()),
            None => (None, full_name.clone()),
        };
        let (short_name, test_name) = match arguments.remove("name") {
            Some(custom) => (yaml::plain(&custom), yaml::plain(&custom)),
            None => synthesized_names(tested, namespace.as_deref(), &name, &arguments),
        };
        if short_name != test_name && !config.contains_key("alias") {
            config.insert("alias".to_owned(), Json::from(short_name.clone()));
        }
        let hash = hash(&test_name, namespace.as_deref(), &name, &arguments);
        let package = self.package();
        let folder_free = tested
            .file
            .split_once('/')
            .map_or(tested.file, |(_, rest)| rest);
        let mut node = Node {
            unique_id: format!("test.{package}.{test_name}.{hash}"),
            fqn: fqn(&package, folder_free, &test_name),
            name: test_name,
            package,
            path: format!("{short_name}.sql"),
            original_file_path: tested.file.to_owned(),
            package_folder: self.files.folder.clone(),
            raw_code: raw_code(&name, namespace.as_deref(), &config),
            description,
            line,
            test: Some(TestMetadata {
                name,
                namespace,
                column_name: column.map(|column| column.name.clone()),
                attached_node: tested.unique_id.clone(),
                file_key_name: format!("{}.{}", tested.list, tested.name),
                arguments,
            }),
            ..empty(NodeKind::Test)
        };
        node.config = test_defaults();
        let tree = self.tree_config("data_tests", &node.fqn);
        merge(&mut node.config, &tree);
        if let Some(column) = column.filter(|column| !column.tags.is_empty()) {
            merge(
                &mut node.config,
                &Map::from_iter([("tags".to_owned(), Json::from(column.tags.clone()))]),
            );
        }
        merge(&mut node.config, &config);
        self.capture_test(&mut node, (line, column_number));
        self.finish(node);
    }

    /// Renders the test as it will run, to learn what it refers to.
    fn capture_test(&mut self, node: &mut Node, (line, column): (u32, u32)) {
        let context = self.context(node);
        let file = node.file();
        let rendered =
            bind_arguments(&context, node).and_then(|()| context.render("", &node.raw_code));
        if let Err(error) = rendered
            && Self::is_enabled(node)
        {
            let problem = Diagnostic::from_jinja(*error, &file);
            self.problems.push(if problem.line == 0 {
                problem.at_line(line, column)
            } else {
                problem
            });
        }
        let captured = context.captured();
        merge(&mut node.config, &captured.config);
        self.overrule(node);
        (node.refs, node.sources, node.macros) = (captured.refs, captured.sources, captured.macros);
    }
}

/// Gives a generic test's template its rendered arguments.
pub(crate) fn bind_arguments(
    context: &std::rc::Rc<Context>,
    node: &Node,
) -> Result<(), Box<crate::jinja::Error>> {
    let Some(test) = &node.test else {
        return Ok(());
    };
    let mut rendered = Vec::new();
    for (key, value) in &test.arguments {
        let value = if key == "column_name" {
            Value::from(value)
        } else {
            argument(context, value)?
        };
        rendered.push((key.clone(), value));
    }
    context.set_extra("_dbt_generic_test_kwargs", Value::dict(rendered));
    Ok(())
}

fn argument(
    context: &std::rc::Rc<Context>,
    json: &Json,
) -> Result<Value, Box<crate::jinja::Error>> {
    Ok(match json {
        Json::String(text) => {
            let trimmed = text.trim();
            let is_call = ["env_var", "ref", "var", "source", "doc"]
                .iter()
                .any(|function| {
                    trimmed
                        .strip_prefix(function)
                        .is_some_and(|rest| rest.trim_start().starts_with('('))
                });
            if is_call && trimmed.ends_with(')') {
                context.render_value("", &format!("{{{{ {trimmed} }}}}"))?
            } else {
                context.render_value("", text)?
            }
        }
        Json::Array(values) => Value::list(
            values
                .iter()
                .map(|value| argument(context, value))
                .collect::<Result<Vec<_>, _>>()?,
        ),
        Json::Object(entries) => {
            let entries = entries
                .iter()
                .map(|(key, value)| Ok((key, argument(context, value)?)));
            Value::dict(entries.collect::<Result<Vec<_>, Box<crate::jinja::Error>>>()?)
        }
        other => Value::from(other),
    })
}

fn name_and_arguments(test: &Yaml) -> Option<(String, Map<String, Json>)> {
    match yaml::to_json(test) {
        Json::String(name) => Some((name, Map::new())),
        Json::Object(mut map) => {
            if let Some(name) = map.remove("test_name") {
                return Some((yaml::plain(&name), map));
            }
            let mut entries = map.into_iter();
            match (entries.next()?, entries.next()) {
                ((name, Json::Object(arguments)), None) => Some((name, arguments)),
                ((name, Json::Null), None) => Some((name, Map::new())),
                _ => None,
            }
        }
        _ => None,
    }
}

fn take_config(arguments: &mut Map<String, Json>) -> Map<String, Json> {
    let mut nested = match arguments.remove("config") {
        Some(Json::Object(config)) => config,
        _ => Map::new(),
    };
    let mut config = Map::new();
    for key in CONFIG_KEYS {
        let outer = arguments.remove(key);
        if let Some(value) = outer
            .filter(|value| !value.is_null())
            .or_else(|| nested.remove(key))
        {
            config.insert(key.to_owned(), value);
        }
    }
    config.extend(nested);
    config.retain(|_, value| !value.is_null());
    config
}

/// The name in files and the full name, by dbt's rules.
fn synthesized_names(
    tested: &Tested<'_>,
    namespace: Option<&str>,
    name: &str,
    arguments: &Map<String, Json>,
) -> (String, String) {
    let mut kind = if tested.is_source {
        format!("source_{name}")
    } else {
        name.to_owned()
    };
    if let Some(namespace) = namespace {
        kind = format!("{namespace}_{kind}");
    }
    let mut keys: Vec<&String> = arguments.keys().filter(|key| *key != "model").collect();
    keys.sort();
    let mut parts = Vec::new();
    for key in keys {
        match &arguments[key] {
            Json::Object(entries) => parts.extend(entries.values().map(part)),
            Json::Array(values) => parts.extend(values.iter().map(part)),
            value => parts.push(part(value)),
        }
    }
    let identifier = format!("{kind}_{}", tested.name);
    let full_name = format!("{identifier}_{}", parts.join("__"));
    if full_name.chars().count() < 64 {
        return (full_name.clone(), full_name);
    }
    let short: String = identifier.chars().take(30).collect();
    (format!("{short}_{}", md5_hex(&full_name)), full_name)
}

/// An argument's text with every run of other characters turned into `_`.
fn part(value: &Json) -> String {
    let mut out = String::new();
    let mut in_run = false;
    for c in Value::from(value).to_string().chars() {
        if c.is_ascii_alphanumeric() || c == '_' {
            out.push(c);
            in_run = false;
        } else if !in_run {
            out.push('_');
            in_run = true;
        }
    }
    out
}

/// The last ten digits of the digest of a test's name and arguments, as dbt makes ids unique.
fn hash(
    test_name: &str,
    namespace: Option<&str>,
    name: &str,
    arguments: &Map<String, Json>,
) -> String {
    fn hashable(json: &Json) -> Value {
        match json {
            Json::Object(entries) => {
                let mut keys: Vec<&String> = entries.keys().collect();
                keys.sort();
                Value::dict(keys.into_iter().map(|key| (key, hashable(&entries[key]))))
            }
            Json::Array(values) => Value::list(values.iter().map(hashable).collect::<Vec<_>>()),
            other => Value::from(Value::from(other).to_string()),
        }
    }
    let metadata = Value::dict([
        ("kwargs", hashable(&Json::Object(arguments.clone()))),
        ("name", Value::text(name)),
        ("namespace", Value::text(namespace.unwrap_or("None"))),
    ]);
    let digest = md5_hex(&format!("{test_name}{metadata}"));
    digest[digest.len() - 10..].to_owned()
}

fn raw_code(name: &str, namespace: Option<&str>, config: &Map<String, Json>) -> String {
    let namespace = namespace
        .map(|namespace| format!("{namespace}."))
        .unwrap_or_default();
    let mut configs = Vec::new();
    for (key, value) in config {
        configs.push(match value {
            Json::String(text) => format!("{key}=\"{}\"", text.replace('"', "\\\"")),
            other => format!("{key}={}", Value::from(other)),
        });
    }
    let call = if configs.is_empty() {
        String::new()
    } else {
        format!("{{{{ config({}) }}}}", configs.join(","))
    };
    format!("{{{{ {namespace}test_{name}(**_dbt_generic_test_kwargs) }}}}{call}")
}
