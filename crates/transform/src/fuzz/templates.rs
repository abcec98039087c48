use std::sync::Arc;

use super::{Random, damage::damaged, options, projects, run_cases};
use crate::{Node, NodeKind, Project, compile::Compiler, context::Context};

const CASES: u64 = 2_000;
/// Where the names of filters, methods, tests and functions are.
const SOURCES: [&str; 11] = [
    include_str!("../jinja/filters.rs"),
    include_str!("../jinja/methods.rs"),
    include_str!("../jinja/methods/text.rs"),
    include_str!("../jinja/operators.rs"),
    include_str!("../jinja/predicates.rs"),
    include_str!("../jinja/time.rs"),
    include_str!("../context/adapter.rs"),
    include_str!("../context/functions.rs"),
    include_str!("../context/modules.rs"),
    include_str!("../context/modules/regular_expressions.rs"),
    include_str!("../context/namespaces.rs"),
];
const LITERALS: [&str; 14] = [
    "0",
    "1",
    "-1",
    "9223372036854775807",
    "1e308",
    "''",
    "'%s{}'",
    "'a.b'",
    "[]",
    "{}",
    "()",
    "none",
    "true",
    "[1, 'a', [2.5, none], {'k': (1,)}]",
];
const OPERATORS: [&str; 16] = [
    "+", "-", "*", "/", "//", "%", "**", "~", "==", "!=", "<", ">=", "in", "not in", "and", "or",
];

/// Every word of the templates: the names of what there is to call, and of much that there is not.
fn words(texts: &[String]) -> Vec<String> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let mut words: Vec<String> = texts
        .iter()
        .flat_map(|text| text.split(|c| !is_part(c)))
        .filter(|word| word.starts_with(|c: char| c.is_alphabetic()))
        .map(ToOwned::to_owned)
        .collect();
    let quoted = SOURCES.iter().flat_map(|source| source.split('"'));
    let names = quoted.filter(|name| !name.is_empty() && name.chars().all(is_part));
    words.extend(names.map(ToOwned::to_owned));
    words.sort();
    words.dedup();
    words
}

/// An expression of names, filters, tests and calls, as deep as `depth`.
fn expression(words: &[String], random: &mut Random, depth: usize) -> String {
    if depth == 0 {
        return match random.below(3) {
            0 => random.one_of(words).clone(),
            _ => (*random.one_of(&LITERALS)).to_owned(),
        };
    }
    let part = |random: &mut Random| {
        let depth = random.below(depth);
        expression(words, random, depth)
    };
    let (first, second) = (part(random), part(random));
    let word = random.one_of(words).clone();
    match random.below(12) {
        0 => format!("({first} {} {second})", random.one_of(&OPERATORS)),
        1 => format!("({first} | {word})"),
        2 => format!("({first} | {word}({second}, {}))", part(random)),
        3 => format!("({first} is {word})"),
        4 => format!("{word}({first})"),
        5 => format!("{word}({first}, {}={second})", random.one_of(words)),
        6 => format!("({first}).{word}({second})"),
        7 => format!("modules.{word}.{}({first}, {second})", random.one_of(words)),
        8 => format!("({first})[{second}]"),
        9 => format!("({first})[{second}:{}]", part(random)),
        10 => format!("{word}(*{first}, **{second})"),
        _ => format!("({first} if {second} else {word})"),
    }
}

/// A template of a few statements that share names.
fn template(words: &[String], random: &mut Random) -> String {
    let mut text = String::from("{% set x = [] %}{% set d = {} %}{% set ns = namespace(y=1) %}");
    for _ in 0..=random.below(5) {
        let depth = 1 + random.below(4);
        let value = expression(words, random, depth);
        text.push_str(&match random.below(9) {
            0 => format!("{{% set x = {value} %}}"),
            1 => format!("{{% do x.append({value}) %}}{{% do x.append(x) %}}"),
            2 => format!("{{% do d.update({{'k': {value}, 'd': d}}) %}}"),
            3 => format!("{{% for i in {value} %}}{{% set ns.y = [ns.y, i] %}}{{% endfor %}}"),
            4 => "{% for i in range(40) %}{% set ns.y = [ns.y, ns.y, x] %}{% endfor %}".to_owned(),
            5 => format!("{{% macro m(a, b={value}) %}}{{{{ m(a, b) if a else b }}}}{{% endmacro %}}{{{{ m(ns.y) }}}}"),
            6 => format!("{{% call statement('q') %}}{{{{ {value} }}}}{{% endcall %}}"),
            _ => format!("{{{{ {value} }}}}{{{{ x == d or ns.y == x }}}}{{{{ x }}}}"),
        });
    }
    text
}

#[test]
fn a_template_renders_or_says_why_not() {
    let projects = projects();
    let texts = projects.iter().flat_map(|project| project.all());
    let texts = texts.flat_map(|home| &home.files);
    let texts = texts.filter(|(name, _)| name.ends_with(".sql"));
    let texts: Vec<String> = texts.map(|(_, text)| text.clone()).collect();
    let words = words(&texts);
    let home = projects
        .into_iter()
        .find(|project| !project.packages.is_empty());
    let project = Project::parse(home.unwrap(), options()).unwrap();
    let node = project.nodes().find(|node| node.kind == NodeKind::Model);
    let node: Node = node.unwrap().clone();
    let compiler = Compiler::new(Arc::clone(&project.shared), Arc::clone(&project.nodes));
    let (n_cases, n_passed) = run_cases(CASES, |case| {
        let mut random = Random::of_case(case);
        let text = match random.below(3) {
            0 => {
                let (text, other) = (random.one_of(&texts), random.one_of(&texts));
                damaged(text, other, &mut random)
            }
            _ => template(&words, &mut random),
        };
        let parsed = Context::parsing(&compiler.shared, Some(node.clone())).render("x.sql", &text);
        parsed.is_ok() & compiler.render_text(&node, &text, &mut None).is_ok()
    });
    println!("{n_cases} templates, {n_passed} of them render");
    assert!(n_passed > 0 && n_passed < n_cases || n_cases == 1);
}
