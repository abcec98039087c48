//! What happens, told on standard error as text or as JSON lines, and kept with the run that is at work.

use std::{
    fmt,
    fs::File,
    io::{IsTerminal as _, Write as _},
    path::Path,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use clap::ValueEnum;
use serde_json::{Map, Value, json};
use tracing::{Event, Subscriber, field::Field};
use tracing_subscriber::{
    EnvFilter, Layer, layer::Context, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

use crate::clock;

/// How standard error is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Text,
    /// A JSON object a line: `at`, `level`, `message`, `run_id` and what belongs to the message.
    Json,
}

/// What of us is kept with a run.
const KEPT: &str =
    "warn,filmstar=info,tmdb=info,lake=info,warehouse=info,transform=info,serve=info";

static IS_JSON: AtomicBool = AtomicBool::new(false);
/// One process makes one run at a time.
static RUN: Mutex<Option<RunLog>> = Mutex::new(None);

struct RunLog {
    run_id: String,
    file: Option<File>,
}

/// Whether standard error is lines of JSON.
pub(crate) fn is_json() -> bool {
    IS_JSON.load(Ordering::Relaxed)
}

/// Starts logging; `FILMSTAR_LOG` takes tracing's filter syntax.
pub(crate) fn start(verbose: u8, format: Format) {
    let default = match verbose {
        0 => "warn",
        1 => "info",
        // Ours alone: a library's debug log may hold a URL, and a URL may hold the key.
        _ => {
            "info,filmstar=debug,tmdb=debug,lake=debug,warehouse=debug,transform=debug,serve=debug"
        }
    };
    let filter =
        EnvFilter::try_from_env("FILMSTAR_LOG").unwrap_or_else(|_| EnvFilter::new(default));
    let kept = Lines { is_of_run: true }.with_filter(EnvFilter::new(KEPT));
    let registry = tracing_subscriber::registry().with(kept);
    if format == Format::Json {
        IS_JSON.store(true, Ordering::Relaxed);
        registry
            .with(Lines { is_of_run: false }.with_filter(filter))
            .init();
    } else {
        let text = tracing_subscriber::fmt::layer()
            .with_writer(std::io::stderr)
            // A file, a journal or a container's log takes the colours for text.
            .with_ansi(std::io::stderr().is_terminal());
        registry.with(text.with_filter(filter)).init();
    }
}

/// From here on everything belongs to a run; kept in `file`, if there is one.
pub(crate) fn begin_run(run_id: &str, file: Option<&Path>) {
    let open = |file| File::options().append(true).create(true).open(file).ok();
    *run() = Some(RunLog {
        run_id: run_id.to_owned(),
        file: file.and_then(open),
    });
}

/// The run is over.
pub(crate) fn end_run() {
    *run() = None;
}

/// Keeps a line that the user was told; true when it was told as JSON, so that it need not be printed.
pub(crate) fn said(level: &'static str, line: &str) -> bool {
    let message = Map::from_iter([("message".to_owned(), line.into())]);
    let mut run = run();
    let text = object(level, "filmstar", message, run.as_ref());
    keep(run.as_mut(), &text);
    drop(run);
    let is_json = IS_JSON.load(Ordering::Relaxed);
    if is_json {
        drop(writeln!(std::io::stderr(), "{text}"));
    }
    is_json
}

fn run() -> MutexGuard<'static, Option<RunLog>> {
    RUN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn keep(run: Option<&mut RunLog>, text: &Value) {
    if let Some(file) = run.and_then(|run| run.file.as_mut()) {
        // One write a line. A full disk is told by what needs the room.
        drop(file.write_all(format!("{text}\n").as_bytes()));
    }
}

fn object(level: &str, target: &str, fields: Map<String, Value>, run: Option<&RunLog>) -> Value {
    let mut object = json!({ "at": clock::now(), "level": level, "target": target });
    if let (Some(run), Some(object)) = (run, object.as_object_mut()) {
        object.insert("run_id".to_owned(), run.run_id.clone().into());
    }
    if let Some(object) = object.as_object_mut() {
        object.extend(fields);
    }
    object
}

/// Writes events as JSON lines: to the run's file, or to standard error.
struct Lines {
    is_of_run: bool,
}

impl<S: Subscriber> Layer<S> for Lines {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let (level, target) = (event.metadata().level().as_str(), event.metadata().target());
        let mut run = run();
        let text = object(level, target, fields.0, run.as_ref());
        if self.is_of_run {
            keep(run.as_mut(), &text);
        } else {
            drop(run);
            drop(writeln!(std::io::stderr(), "{text}"));
        }
    }
}

#[derive(Default)]
struct Fields(Map<String, Value>);

impl Fields {
    fn put(&mut self, field: &Field, value: impl Into<Value>) {
        self.0.insert(field.name().to_owned(), value.into());
    }
}

impl tracing::field::Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.put(field, format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value);
    }
}
