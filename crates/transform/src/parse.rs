//! Files to nodes. No I/O; every problem is collected.

use std::{collections::HashMap, sync::Arc};

use crate::{
    Diagnostic, Diagnostics, Options, Project, ProjectFiles,
    context::Shared,
    graph::Graph,
    macros::Macros,
    project::Nodes,
    settings::{self, Settings},
};

mod docs;
mod generic_tests;
mod governance;
mod links;
mod names;
mod properties;
mod resources;
mod snapshots;
mod sources;
mod state;
mod unit_tests;

pub(crate) use generic_tests::bind_arguments;
use properties::Patch;
pub(crate) use state::{snapshot_macro, strategy_macro};

/// The state of one parse.
struct Parser<'a> {
    files: &'a ProjectFiles,
    shared: Arc<Shared>,
    nodes: Nodes,
    problems: Vec<Diagnostic>,
    warnings: Vec<Diagnostic>,
}

pub(crate) fn project(files: ProjectFiles, options: Options) -> Result<Project, Diagnostics> {
    let mut problems = Vec::new();
    let text = files
        .files
        .get(settings::FILE)
        .map(String::as_str)
        .unwrap_or_default();
    let Some(settings) = Settings::parse(text, &mut problems) else {
        return Err(Diagnostics(problems));
    };
    let macros = Macros::parse(&files, &settings, &options.target.adapter, &mut problems);
    let docs = docs::blocks(&files, &settings, &mut problems);
    let nodes = Nodes::new(&settings.name);
    let shared = Arc::new(Shared {
        settings,
        macros,
        options,
        docs,
    });
    let mut parser = Parser {
        files: &files,
        shared: Arc::clone(&shared),
        nodes,
        problems,
        warnings: Vec::new(),
    };
    parser.all();
    let Parser {
        nodes,
        mut problems,
        warnings,
        ..
    } = parser;
    let graph = match Graph::build(&nodes.by_id) {
        Ok(graph) => graph,
        Err(cycles) => {
            problems.extend(cycles);
            Graph::default()
        }
    };
    if !problems.is_empty() {
        problems.sort();
        problems.dedup();
        return Err(Diagnostics(problems));
    }
    Ok(Project {
        files,
        shared,
        nodes: Arc::new(nodes),
        graph,
        warnings,
    })
}

impl Parser<'_> {
    fn all(&mut self) {
        let mut properties =
            properties::read(self.files, &self.shared.settings, &mut self.problems);
        self.warnings.append(&mut properties.warnings);
        let mut patches: HashMap<String, Patch> = HashMap::new();
        for patch in std::mem::take(&mut properties.patches) {
            if let Some(first) = patches.get(&patch.name) {
                let message = format!(
                    "`{}` is described twice: also in `{}`",
                    patch.name, first.file
                );
                self.problems.push(patch.problem(message));
            } else {
                patches.insert(patch.name.clone(), patch);
            }
        }
        self.groups(&properties.groups);
        self.seeds(&patches);
        self.models(&patches);
        self.snapshots(&patches);
        self.singular_tests(&patches);
        self.sources(&properties.sources);
        let mut patches: Vec<Patch> = patches.into_values().collect();
        patches.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
        for patch in &patches {
            self.tests_of_patch(patch);
        }
        self.tests_of_sources(&properties.sources);
        self.exposures(&properties.exposures);
        self.link();
        self.check_governance();
        self.unit_tests(&properties.unit_tests);
    }

    fn render_problem(&mut self, error: crate::jinja::Error, file: &str) {
        self.problems.push(Diagnostic::from_jinja(error, file));
    }
}
