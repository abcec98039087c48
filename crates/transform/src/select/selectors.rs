use dbt_yaml::Value as Yaml;

use super::{Criterion, Expression};
use crate::{Diagnostic, diagnostic::nearest, files::ProjectFiles, yaml};

const FILE: &str = "selectors.yml";

/// An entry of `selectors.yml`.
pub(super) struct Selector {
    pub(super) name: String,
    pub(super) is_default: bool,
    pub(super) expression: Expression,
}

/// The selectors of the project; none without the file.
pub(super) fn read(files: &ProjectFiles) -> Result<Vec<Selector>, Vec<Diagnostic>> {
    let Some(text) = files.files.get(FILE) else {
        return Ok(Vec::new());
    };
    let yaml = yaml::parse(FILE, text).map_err(|problem| vec![problem])?;
    let (mut selectors, mut problems): (Vec<Selector>, _) = (Vec::new(), Vec::new());
    for entry in yaml::list(&yaml, "selectors") {
        let Some(name) = yaml::text(entry, "name") else {
            problems.push(problem(entry, "a selector has no `name`"));
            continue;
        };
        let Some(definition) = entry.get("definition") else {
            problems.push(problem(
                entry,
                format!("selector `{name}` has no `definition`"),
            ));
            continue;
        };
        match expression(definition, &selectors) {
            Ok(expression) => selectors.push(Selector {
                name,
                is_default: is_true(entry, "default"),
                expression,
            }),
            Err(found) => problems.extend(found),
        }
    }
    if selectors
        .iter()
        .filter(|selector| selector.is_default)
        .count()
        > 1
    {
        problems.push(problem(&yaml, "more than one selector is the default"));
    }
    match problems.is_empty() {
        true => Ok(selectors),
        false => Err(problems),
    }
}

fn problem(yaml: &Yaml, message: impl Into<String>) -> Diagnostic {
    let (line, column) = yaml::place(yaml);
    Diagnostic::new(FILE, message).at_line(line, column)
}

/// A text, a mapping of a method, or a mapping of sets. Earlier selectors can be named.
fn expression(yaml: &Yaml, known: &[Selector]) -> Result<Expression, Vec<Diagnostic>> {
    if let Some(text) = yaml.as_str() {
        let criterion = Criterion::parse(text);
        return criterion
            .map(Expression::Criterion)
            .map_err(|found| at(yaml, vec![found]));
    }
    let Some(entries) = yaml.as_mapping() else {
        return Err(vec![problem(yaml, "a definition is a text or a mapping")]);
    };
    for (key, combine) in [
        (
            "union",
            Expression::Union as fn(Vec<Expression>) -> Expression,
        ),
        ("intersection", Expression::Intersection),
    ] {
        if yaml.get(key).is_some() {
            let (parts, excluded) = members(yaml::list(yaml, key), known)?;
            return Ok(without(combine(parts), excluded));
        }
    }
    let method = yaml::text(yaml, "method");
    if method.as_deref() == Some("selector") {
        let name = yaml::text(yaml, "value").unwrap_or_default();
        let found = known.iter().find(|selector| selector.name == name);
        let names = known.iter().map(|selector| selector.name.as_str());
        return found
            .map(|selector| selector.expression.clone())
            .ok_or_else(|| {
                let message = format!("selector `{name}` is not defined above");
                vec![problem(yaml, message).with_hint(nearest(&name, names))]
            });
    }
    if method.is_none() && entries.len() == 1 {
        let (key, value) = entries.iter().next().unwrap_or((yaml, yaml));
        let value = yaml::plain(&yaml::to_json(value));
        return criterion(&yaml::key_text(key), &value)
            .map(Expression::Criterion)
            .map_err(|found| at(yaml, vec![found]));
    }
    let (Some(method), Some(value)) = (method, yaml::text(yaml, "value")) else {
        let message = "a definition has `method` and `value`, or one key alone";
        return Err(vec![problem(yaml, message)]);
    };
    let mut one = criterion(&method, &value).map_err(|found| at(yaml, vec![found]))?;
    let depth = |key: &str| {
        yaml.get(key)
            .and_then(Yaml::as_u64)
            .map(|depth| depth as usize)
    };
    one.parents = is_true(yaml, "parents").then(|| depth("parents_depth"));
    one.children = is_true(yaml, "children").then(|| depth("children_depth"));
    one.childrens_parents = is_true(yaml, "childrens_parents");
    let excluded = yaml::list(yaml, "exclude")
        .iter()
        .map(|part| expression(part, known));
    let excluded = excluded.collect::<Result<Vec<_>, _>>()?;
    Ok(without(Expression::Criterion(one), excluded))
}

fn criterion(method: &str, value: &str) -> Result<Criterion, Diagnostic> {
    Criterion::parse(&format!("{method}:{value}"))
}

/// The parts of a set, and what its `exclude` takes away.
fn members(
    list: &[Yaml],
    known: &[Selector],
) -> Result<(Vec<Expression>, Vec<Expression>), Vec<Diagnostic>> {
    let (mut parts, mut excluded, mut problems) = (Vec::new(), Vec::new(), Vec::new());
    for entry in list {
        let is_exclusion = entry.get("exclude").is_some() && entry.get("method").is_none();
        let (into, entries) = match is_exclusion {
            true => (&mut excluded, yaml::list(entry, "exclude")),
            false => (&mut parts, std::slice::from_ref(entry)),
        };
        for entry in entries {
            match expression(entry, known) {
                Ok(expression) => into.push(expression),
                Err(found) => problems.extend(found),
            }
        }
    }
    match problems.is_empty() {
        true => Ok((parts, excluded)),
        false => Err(problems),
    }
}

fn without(whole: Expression, excluded: Vec<Expression>) -> Expression {
    match excluded.is_empty() {
        true => whole,
        false => Expression::Difference(Box::new(whole), Box::new(Expression::Union(excluded))),
    }
}

fn is_true(yaml: &Yaml, key: &str) -> bool {
    yaml.get(key).and_then(Yaml::as_bool) == Some(true)
}

/// Gives problems of a text the place of its entry.
fn at(yaml: &Yaml, problems: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let place = |mut found: Diagnostic| {
        found.file = Some(FILE.to_owned());
        let (line, column) = yaml::place(yaml);
        found.at_line(line, column)
    };
    problems.into_iter().map(place).collect()
}
