//! Whatever a project's files hold: it loads, or its problems are told. Never a panic, a full stack or a template
//! without an end.

use std::{
    env,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use crate::{Options, ProjectFiles, Target};

mod damage;
mod projects;
mod templates;

/// Seconds to go on for, with ever new cases; a fixed number of cases without it.
const SECONDS: &str = "FILMSTAR_TEST_FUZZ_SECONDS";
/// The one case to run, as the name of the thread that failed has it.
const CASE: &str = "FILMSTAR_TEST_FUZZ_CASE";
const CASES_PER_THREAD: u64 = 20;

/// Xorshift: the same case, the same numbers.
struct Random(u64);

impl Random {
    fn of_case(case: u64) -> Self {
        let mut random = Self((case + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        for _ in 0..4 {
            random.below(1);
        }
        random
    }

    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n.max(1) as u64) as usize
    }

    fn one_of<'a, T>(&mut self, values: &'a [T]) -> &'a T {
        &values[self.below(values.len())]
    }
}

/// The projects of `fixtures/dbt`, and our own last.
fn projects() -> Vec<ProjectFiles> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let cases = fs_err::read_dir(root.join("fixtures/dbt")).unwrap();
    let mut folders: Vec<_> = cases
        .map(|entry| entry.unwrap().path().join("project"))
        .filter(|folder| folder.join("dbt_project.yml").is_file())
        .collect();
    folders.sort();
    folders.push(root.join("dbt"));
    let read = |folder: &std::path::PathBuf| ProjectFiles::read(folder).unwrap();
    folders.iter().map(read).collect()
}

fn options() -> Options {
    let target = Target::duckdb("shop", "case", "main", 1);
    Options::new(target, "run", chrono::DateTime::UNIX_EPOCH)
}

/// Runs case after case and says how many of them went through. Each thread is called after its first case, so that a
/// stack that overflows says which it was; its stack is as small as that of the workers of a run.
fn run_cases(n_cases: u64, case: impl Fn(u64) -> bool + Send + Sync) -> (u64, u64) {
    let seconds = env::var(SECONDS).map_or(0, |text| text.parse().unwrap());
    if let Ok(only) = env::var(CASE) {
        return (1, u64::from(case(only.parse().unwrap())));
    }
    let (started, mut next, mut n_passed) = (Instant::now(), 0, 0);
    while next < n_cases || started.elapsed() < Duration::from_secs(seconds) {
        let cases = next..next + CASES_PER_THREAD;
        n_passed += thread::scope(|scope| {
            let thread = thread::Builder::new().name(format!("case {next} and on"));
            let run = || cases.filter(|number| told(*number, &case)).count() as u64;
            thread.spawn_scoped(scope, run).unwrap().join().unwrap()
        });
        next += CASES_PER_THREAD;
    }
    (next, n_passed)
}

/// Runs a case, and says which it was if it fails.
fn told(number: u64, case: &impl Fn(u64) -> bool) -> bool {
    struct Told(u64);
    impl Drop for Told {
        fn drop(&mut self) {
            if thread::panicking() {
                println!("case {}: run it alone with {CASE}={}", self.0, self.0);
            }
        }
    }
    let started = Instant::now();
    let _told = Told(number);
    let passed = case(number);
    if started.elapsed() > Duration::from_secs(5) {
        println!("case {number} took {:?}", started.elapsed());
    }
    passed
}
