use std::sync::Arc;

use super::{Random, damage::damaged, options, projects, run_cases};
use crate::{NodeId, Project, ProjectFiles, Selection, compile::Compiler, run::Command};

const CASES: u64 = 200;
/// One case in so many is our own project, which takes as long as many small ones.
const SMALL_PER_OWN: usize = 40;

/// One to four files of a project, or of a package of it, are damaged.
fn damage(project: &mut ProjectFiles, others: &[ProjectFiles], random: &mut Random) {
    for _ in 0..=random.below(4) {
        let n_homes = project.packages.len();
        let home = match random.below(n_homes + 2).checked_sub(2) {
            Some(package) => &mut project.packages[package],
            None => &mut *project,
        };
        let other = random.one_of(others);
        let other = other.files.values().nth(random.below(other.files.len()));
        let name = home.files.keys().nth(random.below(home.files.len()));
        let Some(name) = name.cloned() else {
            continue;
        };
        let text = damaged(&home.files[&name], other.map_or("", String::as_str), random);
        match random.below(12) {
            0 => drop(home.files.remove(&name)),
            1 => drop(
                home.files
                    .insert(format!("models/also_{}", random.below(9)), text),
            ),
            _ => drop(home.files.insert(name, text)),
        }
    }
}

/// Loads and compiles; `true` if the project has no problem.
fn goes_through(files: ProjectFiles, selector: String) -> bool {
    let Ok(project) = Project::parse(files, options()) else {
        return false;
    };
    let selection = Selection {
        select: vec![selector],
        ..Selection::default()
    };
    drop(project.select(&selection, Command::Build));
    let ids: Vec<&NodeId> = project.nodes.by_id.keys().collect();
    let compiler = Compiler::new(Arc::clone(&project.shared), Arc::clone(&project.nodes));
    let compiled = ids.into_iter().filter(|id| {
        compiler
            .compile(&project.nodes.by_id[*id], &mut None)
            .is_ok()
    });
    compiled.count() > 0
}

#[test]
fn a_damaged_project_loads_or_says_why_not() {
    let projects = projects();
    let small = projects.len() - 1;
    let (n_cases, n_passed) = run_cases(CASES, |case| {
        let mut random = Random::of_case(case);
        let index = match random.below(SMALL_PER_OWN) {
            0 => small,
            _ => random.below(small),
        };
        let mut files = projects[index].clone();
        damage(&mut files, &projects, &mut random);
        let selector = damaged("@tag:a+,config.x:y 2+b", "*?[", &mut random);
        goes_through(files, selector)
    });
    println!("{n_cases} projects, {n_passed} of them still compile");
    assert!(n_passed > 0 && n_passed < n_cases || n_cases == 1);
}
