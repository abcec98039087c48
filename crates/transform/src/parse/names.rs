use std::{rc::Rc, sync::Arc};

use serde_json::{Map, Value as Json};

use super::Parser;
use crate::{
    Diagnostic, Node, Target,
    context::Context,
    jinja::{Arguments, Value},
    node::NodeKind,
    settings::{is_hook, merge},
    yaml,
};

impl Parser<'_> {
    /// The configs of `dbt_project.yml` for an fqn, rendered.
    pub(super) fn tree_config(&mut self, resource: &str, fqn: &[String]) -> Map<String, Json> {
        let mut config = Map::new();
        for level in Arc::clone(&self.settings).configs(resource, fqn) {
            let level = self.rendered_config(crate::settings::FILE, &level);
            merge(&mut config, &level);
        }
        config
    }

    /// Lays the configs that the project has for a package's node over all that the package says itself.
    pub(super) fn overrule(&mut self, node: &mut Node) {
        if node.package_folder.is_empty() {
            return;
        }
        let root = Arc::clone(&self.shared.settings);
        for level in root.configs(tree_of(node.kind), &node.fqn) {
            let context = Context::parsing(&self.shared, None);
            let rendered = render_config(&context, crate::settings::FILE, &level);
            match rendered {
                Ok(level) => merge(&mut node.config, &level),
                Err(error) => self.render_problem(*error, crate::settings::FILE),
            }
        }
    }

    /// Renders the templates inside a config, but not hooks: they render when they run.
    pub(super) fn rendered_config(
        &mut self,
        file: &str,
        config: &Map<String, Json>,
    ) -> Map<String, Json> {
        let context = Context::of_package(&self.shared, &self.settings.name);
        let mut rendered = Map::new();
        for (key, value) in config {
            let one = Map::from_iter([(key.clone(), value.clone())]);
            match render_config(&context, file, &one) {
                Ok(one) => rendered.extend(one),
                Err(error) => {
                    let problem = Diagnostic::from_jinja(*error, file);
                    let text = yaml::plain(value);
                    let problem = self.at_text(problem, file, &text);
                    self.problems.push(problem);
                }
            }
        }
        rendered
    }

    /// Points a problem of a text inside a YAML file at the line of the file where the text is.
    fn at_text(&self, problem: Diagnostic, file: &str, text: &str) -> Diagnostic {
        let Some(yaml) = self.files.files.get(file) else {
            return problem;
        };
        if problem.file.as_deref() != Some(file) {
            return problem;
        }
        let first = text.trim_start().lines().next().unwrap_or_default().trim();
        let mut lines = yaml.lines().zip(1..);
        let found = lines.find_map(|(line, number)| Some((number, line.find(first)?)));
        match found {
            Some((number, column)) => problem.at_line(number, column as u32 + 1),
            None => problem,
        }
    }

    /// A description with its `{{ doc('x') }}` filled in.
    pub(super) fn description(&mut self, file: &str, text: &str) -> String {
        if !text.contains("{{") {
            return text.to_owned();
        }
        match Context::of_package(&self.shared, &self.settings.name).render(file, text) {
            Ok(described) => described,
            Err(error) => {
                let problem = self.at_text(Diagnostic::from_jinja(*error, file), file, text);
                self.problems.push(problem);
                String::new()
            }
        }
    }

    /// Fills in tags, database, schema and alias from the config, through the macros that projects override.
    pub(super) fn name(&mut self, node: &mut Node) {
        let mut tags = yaml::texts(node.config.get("tags"));
        tags.sort();
        tags.dedup();
        node.tags.clone_from(&tags);
        node.config.insert("tags".to_owned(), Json::from(tags));
        let (file, shared) = (node.file(), Arc::clone(&self.shared));
        let mut call = |name: &str, key: &str, default: Option<&str>| {
            let custom = node.config.get(key).filter(|custom| !custom.is_null());
            let custom = custom.map(Value::from);
            let custom = custom.or_else(|| default.map(Value::text));
            if shared.macros.is_dbts_own(name) {
                return dbts_name(name, custom.as_ref(), node, &shared.options.target);
            }
            let as_value = match shared.macros.reads_node(&node.package, name) {
                true => Value::from(&crate::artifacts::plain_node_json(node)),
                false => Value::None,
            };
            let arguments = Arguments::positional([custom.unwrap_or(Value::None), as_value]);
            let context = Context::parsing(&shared, Some(node.clone()));
            match context.call_naming_macro(name, arguments) {
                Ok(value) => value.to_string().trim().to_owned(),
                Err(error) => {
                    self.problems.push(Diagnostic::from_jinja(*error, &file));
                    String::new()
                }
            }
        };
        let default_schema = (node.kind == NodeKind::Test).then_some("dbt_test__audit");
        let schema = call("generate_schema_name", "schema", default_schema);
        let alias = call("generate_alias_name", "alias", None);
        let database = call("generate_database_name", "database", None);
        (node.schema, node.alias, node.database) = (schema, alias, database);
        if node.kind == NodeKind::Snapshot {
            // What old projects write: these are whole names.
            let whole = |key: &str| node.config_text(key).map(ToOwned::to_owned);
            let (schema, database) = (whole("target_schema"), whole("target_database"));
            node.schema = schema.unwrap_or_else(|| std::mem::take(&mut node.schema));
            node.database = database.unwrap_or_else(|| std::mem::take(&mut node.database));
        }
    }

    pub(super) fn is_enabled(node: &Node) -> bool {
        node.config.get("enabled") != Some(&Json::Bool(false))
    }

    pub(super) fn package(&self) -> String {
        self.settings.name.clone()
    }

    pub(super) fn context(&self, node: &Node) -> Rc<Context> {
        Context::parsing(&Arc::clone(&self.shared), Some(node.clone()))
    }
}

/// What dbt's own macros for names return (`macros/dbt_names.sql`), without rendering them for every node.
fn dbts_name(name: &str, custom: Option<&Value>, node: &Node, target: &Target) -> String {
    let text = custom.map(|custom| custom.to_string().trim().to_owned());
    match (name, text) {
        ("generate_schema_name", Some(custom)) => format!("{}_{custom}", target.schema),
        ("generate_schema_name", None) => target.schema.clone(),
        ("generate_alias_name", Some(alias)) if custom.is_some_and(Value::is_true) => alias,
        ("generate_alias_name", _) => node.name.clone(),
        (_, Some(database)) => database,
        (_, None) => target.database.clone(),
    }
}

/// Renders the templates inside a config, but not hooks.
fn render_config(
    context: &Rc<Context>,
    file: &str,
    config: &Map<String, Json>,
) -> Result<Map<String, Json>, Box<crate::jinja::Error>> {
    let rendered = config.iter().map(|(key, value)| {
        let value = if is_hook(key) {
            value.clone()
        } else {
            context.render_json(file, value)?
        };
        Ok((key.clone(), value))
    });
    rendered.collect()
}

/// The tree of `dbt_project.yml` that configures a kind of node.
fn tree_of(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Seed => "seeds",
        NodeKind::Snapshot => "snapshots",
        NodeKind::Source => "sources",
        NodeKind::Test => "data_tests",
        NodeKind::UnitTest => "unit_tests",
        NodeKind::Exposure => "exposures",
        NodeKind::Analysis => "analyses",
        NodeKind::Model | NodeKind::Operation => "models",
    }
}

/// Package, folders and name.
pub(super) fn fqn(package: &str, path: &str, name: &str) -> Vec<String> {
    let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
    let mut fqn = vec![package.to_owned()];
    fqn.extend(
        folders
            .split('/')
            .filter(|folder| !folder.is_empty())
            .map(ToOwned::to_owned),
    );
    fqn.push(name.to_owned());
    fqn
}
