use dbt_yaml::Value as Yaml;
use serde_json::{Map, Value as Json};

use super::{Parser, names::fqn, properties::config, resources::empty};
use crate::{
    Diagnostic, Node, NodeId, NodeKind,
    context::{Context, Resolver},
    diagnostic::nearest,
    node::Reference,
    settings::merge,
    unit_test::{Fixture, Given, Overrides, UnitTest},
    yaml,
};

/// What is wrong with an entry, and where.
type Problem = Box<Diagnostic>;

impl Parser<'_> {
    /// Reads the unit tests, once the graph's names are known.
    pub(super) fn unit_tests(&mut self, tests: &[(String, Yaml)]) {
        for (file, entry) in tests {
            match self.unit_test(file, entry) {
                Ok(Some(node)) => self.add_unit_test(node),
                Ok(None) => {}
                Err(problem) => self.problems.push(*problem),
            }
        }
    }

    fn add_unit_test(&mut self, node: Node) {
        let (name, file, line) = (node.name.clone(), node.file(), node.line);
        if self.nodes.add(node).is_some() {
            let message = format!("unit test `{name}` is defined twice for its model");
            self.problems
                .push(Diagnostic::new(file, message).at_line(line, 1));
        }
    }

    /// `None` when the test or its model is disabled.
    fn unit_test(&mut self, file: &str, entry: &Yaml) -> Result<Option<Node>, Problem> {
        let name = yaml::text(entry, "name").unwrap_or_default();
        let problem = |message: String| problem_at(file, entry, message);
        let Some(model_name) = yaml::text(entry, "model") else {
            return Err(Box::new(problem(format!(
                "unit test `{name}` has no `model`"
            ))));
        };
        let Some(model) = self.tested(&model_name) else {
            if self.nodes.disabled.contains(&model_name) {
                return Ok(None);
            }
            let hint = nearest(&model_name, self.nodes.ref_names());
            let problem = problem(format!("unit test `{name}`: no model `{model_name}`"));
            return Err(Box::new(problem.with_hint(hint)));
        };
        let package = self.package();
        let path = file
            .split_once('/')
            .map_or(file, |(_, rest)| rest)
            .to_owned();
        let mut names = fqn(&package, &path, &model_name);
        names.push(name.clone());
        let mut node = Node {
            unique_id: format!("unit_test.{package}.{model_name}.{name}"),
            fqn: names,
            alias: name.clone(),
            package,
            path,
            original_file_path: file.to_owned(),
            line: yaml::place(entry).0,
            schema: model.schema.clone(),
            database: model.database.clone(),
            depends_on: vec![model.unique_id.clone()],
            ..empty(NodeKind::UnitTest)
        };
        node.config = self.tree_config("unit_tests", &node.fqn);
        let own = self.rendered_config(file, &config(entry));
        merge(&mut node.config, &own);
        if !Self::is_enabled(&node) {
            return Ok(None);
        }
        node.tags = yaml::texts(node.config.get("tags"));
        node.description =
            self.description(file, &yaml::text(entry, "description").unwrap_or_default());
        let given = yaml::list(entry, "given")
            .iter()
            .map(|given| self.given(file, &name, given, &model))
            .collect::<Result<Vec<_>, _>>()?;
        let Some(expect) = entry.get("expect") else {
            return Err(Box::new(problem(format!(
                "unit test `{name}` has no `expect`"
            ))));
        };
        let overrides = self.rendered(file, entry.get("overrides"))?;
        let overridden = |key: &str| match overrides.get(key) {
            Some(Json::Object(entries)) => entries.clone(),
            _ => Map::new(),
        };
        node.unit_test = Some(Box::new(UnitTest {
            model: model_name,
            given,
            expect: self.fixture(file, &name, expect, None)?,
            overrides: Overrides {
                macros: overridden("macros"),
                vars: overridden("vars"),
                env_vars: overridden("env_vars"),
            },
        }));
        node.name = name;
        Ok(Some(node))
    }

    fn tested(&self, name: &str) -> Option<Node> {
        let reference = Reference {
            package: None,
            name: name.to_owned(),
        };
        let found = self.nodes.reference(&reference, &self.settings.name)?;
        (found.kind == NodeKind::Model).then(|| found.clone())
    }

    fn given(
        &mut self,
        file: &str,
        name: &str,
        entry: &Yaml,
        model: &Node,
    ) -> Result<Given, Problem> {
        let input = yaml::text(entry, "input").unwrap_or_default();
        let node = self.input(file, name, entry, input.trim(), model)?;
        let fixture = self.fixture(file, name, entry, Some(&node))?;
        Ok(Given {
            input,
            node,
            fixture,
        })
    }

    /// The node that `ref('x')`, `source('x', 'y')` or `this` names.
    fn input(
        &self,
        file: &str,
        name: &str,
        entry: &Yaml,
        input: &str,
        model: &Node,
    ) -> Result<NodeId, Problem> {
        if input == "this" {
            return Ok(model.unique_id.clone());
        }
        let context = Context::parsing(&self.shared, Some(model.clone()));
        let rendered = context.render(file, &format!("{{{{ {input} }}}}"));
        let captured = context.captured();
        let reference = captured.refs.first();
        let source = captured.sources.first();
        let found = reference
            .and_then(|reference| self.nodes.reference(reference, &model.package))
            .or_else(|| {
                let (source, table) = source?;
                self.nodes.source(source, table, &model.package)
            });
        if let Some(found) = found.filter(|_| rendered.is_ok()) {
            return Ok(found.unique_id.clone());
        }
        let hint = match reference {
            Some(reference) => nearest(&reference.name, self.nodes.ref_names()),
            None if source.is_some() => None,
            None => Some("write it as ref('x'), source('x', 'y') or this".to_owned()),
        };
        let message = format!("unit test `{name}`: input `{input}` names nothing in the project");
        Err(Box::new(problem_at(file, entry, message).with_hint(hint)))
    }

    /// The rows of an input or of what is expected; `input` is the node that they stand in for.
    fn fixture(
        &self,
        file: &str,
        name: &str,
        entry: &Yaml,
        input: Option<&NodeId>,
    ) -> Result<Fixture, Problem> {
        let format = yaml::text(entry, "format").unwrap_or_else(|| "dict".to_owned());
        let problem =
            |message: &str| problem_at(file, entry, format!("unit test `{name}`: {message}"));
        let rows = self.rendered(file, entry.get("rows"))?;
        let stored = match yaml::text(entry, "fixture") {
            Some(fixture) if format != "dict" => Some(
                self.fixture_file(&fixture, &format)
                    .ok_or_else(|| problem(&format!("there is no fixture `{fixture}.{format}`")))?,
            ),
            _ => None,
        };
        let written = stored.or_else(|| rows.as_str().map(ToOwned::to_owned));
        let mut rows = match (format.as_str(), written, rows) {
            ("sql", Some(sql), _) => return Ok(Fixture::Sql(sql)),
            ("csv", Some(text), _) => csv_rows(&text, true).map_err(|error| problem(&error))?,
            ("dict", None, Json::Array(rows)) => rows
                .into_iter()
                .map(|row| match row {
                    Json::Object(row) => Ok(row),
                    _ => Err(Box::new(problem("a row is not a mapping"))),
                })
                .collect::<Result<_, Problem>>()?,
            ("dict", None, Json::Null) => self
                .seed_rows(input)
                .ok_or_else(|| problem("`rows` is missing"))?
                .map_err(|error| problem(&error))?,
            ("dict" | "csv" | "sql", ..) => {
                return Err(Box::new(problem(&format!(
                    "`rows` do not match the format `{format}`"
                ))));
            }
            _ => {
                let hint = Some("formats are `dict`, `csv` and `sql`".to_owned());
                let problem = problem(&format!("format `{format}` is unknown"));
                return Err(Box::new(problem.with_hint(hint)));
            }
        };
        // The first row names the columns and types of a union: dbt wants it complete.
        if let Some(complete) = rows
            .iter()
            .position(|row| row.values().all(|value| !value.is_null()))
        {
            rows.swap(0, complete);
        }
        Ok(Fixture::Rows(rows))
    }

    fn rendered(&self, file: &str, yaml: Option<&Yaml>) -> Result<Json, Problem> {
        let json = yaml.map(yaml::to_json).unwrap_or_default();
        Context::of_package(&self.shared, &self.settings.name)
            .render_json(file, &json)
            .map_err(|error| Box::new(Diagnostic::from_jinja(*error, file)))
    }

    /// `tests/fixtures/<name>.<format>`.
    fn fixture_file(&self, name: &str, format: &str) -> Option<String> {
        let file_name = format!("{name}.{format}");
        let mut folders = self.settings.test_paths.iter();
        folders.find_map(|folder| {
            let folder = [format!("{folder}/fixtures")];
            let found = self.files.below(&folder, &["csv", "sql"]);
            found
                .filter(|(path, ..)| path.rsplit('/').next() == Some(&file_name))
                .map(|(_, _, text)| text.to_owned())
                .next()
        })
    }

    /// A seed that is given without rows has those of its file.
    fn seed_rows(&self, input: Option<&NodeId>) -> Option<Result<Vec<Map<String, Json>>, String>> {
        let seed = self.nodes.by_id.get(input?)?;
        let text = self.files.text_of(seed)?;
        (seed.kind == NodeKind::Seed).then(|| csv_rows(text, false))
    }
}

fn problem_at(file: &str, entry: &Yaml, message: String) -> Diagnostic {
    let (line, column) = yaml::place(entry);
    Diagnostic::new(file, message).at_line(line, column)
}

/// CSV with a header; a short row lacks its last columns.
fn csv_rows(text: &str, empty_is_null: bool) -> Result<Vec<Map<String, Json>>, String> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| error.to_string())?.clone();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| error.to_string())?;
        if record.len() > header.len() {
            return Err(format!(
                "csv row {} has {} values for {} columns",
                rows.len() + 1,
                record.len(),
                header.len()
            ));
        }
        let cell = |index: usize| match record.get(index) {
            Some("") if empty_is_null => Json::Null,
            cell => cell.map_or(Json::Null, Json::from),
        };
        let cells = header.iter().enumerate();
        rows.push(
            cells
                .map(|(index, name)| (name.to_owned(), cell(index)))
                .collect(),
        );
    }
    Ok(rows)
}
