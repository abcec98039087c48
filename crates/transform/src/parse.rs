//! Files to nodes. No I/O; every problem is collected.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

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
mod operations;
mod properties;
mod resources;
mod snapshots;
mod sources;
mod spellings;
mod state;
mod unit_tests;

pub(crate) use generic_tests::bind_arguments;
use properties::Patch;
pub(crate) use resources::empty as empty_node;
pub(crate) use spellings::of_settings as old_spellings;
pub(crate) use state::{snapshot_macro, strategy_macro};

/// The state of one parse.
struct Parser<'a> {
    /// The package that is being read.
    files: &'a ProjectFiles,
    settings: Arc<Settings>,
    shared: Arc<Shared>,
    nodes: Nodes,
    problems: Vec<Diagnostic>,
    warnings: Vec<Diagnostic>,
}

pub(crate) fn project(files: ProjectFiles, options: Options) -> Result<Project, Diagnostics> {
    let mut problems = Vec::new();
    let mut all_settings = Vec::new();
    for home in files.all() {
        let file = home.named(settings::FILE);
        let text = home.files.get(settings::FILE).map(String::as_str);
        let settings = Settings::parse(&file, text.unwrap_or_default(), &mut problems);
        all_settings.extend(settings.map(Arc::new));
    }
    if all_settings.len() < files.all().count() {
        return Err(Diagnostics(problems));
    }
    let settings = Arc::clone(&all_settings[0]);
    let settings_warnings = settings.warnings.clone();
    let mut macros = Macros::built_in(&settings, &options.target.adapter, &mut problems);
    let mut docs = Vec::new();
    let mut packages = BTreeMap::new();
    for (home, own) in files.all().zip(&all_settings) {
        let start = problems.len();
        macros.add_package(home, own, &mut problems);
        docs.extend(docs::blocks(home, own, &mut problems));
        name_from_the_project(home, &mut problems[start..]);
        if packages.insert(own.name.clone(), Arc::clone(own)).is_some() {
            let message = format!("two packages are called `{}`", own.name);
            problems.push(Diagnostic::new(home.named(settings::FILE), message));
        }
    }
    let nodes = Nodes::new(&settings.name);
    let shared = Arc::new(Shared {
        settings: Arc::clone(&settings),
        packages,
        macros,
        options,
        docs,
        selected: std::sync::OnceLock::new(),
    });
    let mut parser = Parser {
        files: &files,
        settings,
        shared: Arc::clone(&shared),
        nodes,
        problems,
        warnings: settings_warnings,
    };
    parser.all(&all_settings);
    let Parser {
        nodes,
        mut problems,
        mut warnings,
        ..
    } = parser;
    let graph = match Graph::build(&nodes.by_id) {
        Ok(graph) => graph,
        Err(cycles) => {
            problems.extend(cycles);
            Graph::default()
        }
    };
    spellings::once_each(&mut warnings);
    for warning in &mut warnings {
        warning.quote(&files);
    }
    if !problems.is_empty() {
        for problem in &mut problems {
            problem.quote(&files);
        }
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

/// Turns the paths of a package's own files into paths from the project.
fn name_from_the_project(home: &ProjectFiles, problems: &mut [Diagnostic]) {
    for problem in problems {
        if let Some(file) = problem.file.as_mut()
            && home.files.contains_key(file.as_str())
        {
            *file = home.named(file);
        }
    }
}

impl Parser<'_> {
    /// Every resource of the project and its packages, then what they mean to each other.
    fn all(&mut self, all_settings: &[Arc<Settings>]) {
        let (project, settings) = (self.files, Arc::clone(&self.settings));
        let mut unit_tests = Vec::new();
        for (home, own) in project.all().zip(all_settings) {
            (self.files, self.settings) = (home, Arc::clone(own));
            let (problems, warnings) = (self.problems.len(), self.warnings.len());
            let found = self.resources();
            // As in dbt, a package's unit tests are its authors' matter.
            if home.folder.is_empty() {
                unit_tests = found;
            }
            name_from_the_project(home, &mut self.problems[problems..]);
            name_from_the_project(home, &mut self.warnings[warnings..]);
        }
        (self.files, self.settings) = (project, settings);
        self.link();
        self.check_relations();
        self.check_governance();
        self.unit_tests(&unit_tests);
    }

    /// Reads the resources of one package; gives back its unit tests.
    fn resources(&mut self) -> Vec<(String, dbt_yaml::Value)> {
        let mut properties = properties::read(self.files, &self.settings, &mut self.problems);
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
        self.operations();
        properties.unit_tests
    }

    fn render_problem(&mut self, error: crate::jinja::Error, file: &str) {
        self.problems.push(Diagnostic::from_jinja(error, file));
    }
}

#[cfg(test)]
mod tests;
