//! The only place that writes to the terminal.

use std::{
    fmt,
    io::{IsTerminal as _, Write as _},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use crate::{failure::Explained, logging};

/// How the user wants to be told.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Printer {
    json: bool,
    quiet: bool,
}

impl Printer {
    pub(crate) fn new(json: bool, quiet: bool) -> Self {
        Self { json, quiet }
    }

    /// Whether output is one JSON object.
    pub(crate) fn is_json(self) -> bool {
        self.json
    }

    /// A line about what is going on; on standard error, so that results can be piped.
    pub(crate) fn note(self, line: impl AsRef<str>) {
        if !self.json && !self.quiet {
            tell("INFO", line.as_ref());
        }
    }

    /// A line that must be seen even with `--quiet`.
    pub(crate) fn warn(self, line: impl AsRef<str>) {
        tell("WARN", &format!("warning: {}", line.as_ref()));
    }

    /// A line of the result itself.
    pub(crate) fn line(self, line: impl AsRef<str>) {
        if !self.json {
            print(line.as_ref());
        }
    }

    /// The end of a command: what happened, where it is, what next.
    pub(crate) fn summary(self, summary: &Summary) {
        if self.json {
            print(&summary.json.to_string());
            return;
        }
        print(&summary.headline);
        let width = summary
            .facts
            .iter()
            .map(|(name, _)| name.len())
            .max()
            .unwrap_or(0);
        for (name, fact) in &summary.facts {
            print(&format!("  {name:width$}  {fact}"));
        }
        for next in &summary.next {
            print(&format!("next: {next}"));
        }
    }

    /// An error: what, why, and the way out.
    pub(crate) fn error(self, error: &Explained) {
        if self.json {
            let error = serde_json::json!({
                "status": "error",
                "exit_code": error.exit as u8,
                "error": error.message,
                "causes": error.causes,
                "hint": error.hint,
            });
            print(&error.to_string());
            return;
        }
        explain(error);
    }

    /// A failure that does not end the program, and what it does about it.
    pub(crate) fn setback(self, error: &Explained, then: impl AsRef<str>) {
        explain(error);
        tell("ERROR", &format!("then: {}", then.as_ref()));
    }

    /// A bar on a terminal, a plain line every ten seconds without one, nothing when quiet or for machines.
    pub(crate) fn progress(self, what: &str) -> Progress {
        let is_silent = self.json || self.quiet;
        let is_terminal = std::io::stderr().is_terminal();
        let bar = ProgressBar::with_draw_target(
            None,
            if is_terminal && !is_silent {
                ProgressDrawTarget::stderr()
            } else {
                ProgressDrawTarget::hidden()
            },
        )
        .with_style(style(SPINNER))
        .with_message(what.to_owned());
        if is_terminal {
            bar.enable_steady_tick(Duration::from_millis(120));
        }
        Progress {
            bar,
            what: what.to_owned(),
            is_plain: !is_terminal && !is_silent,
            last_line: std::sync::Mutex::new(None),
        }
    }
}

fn explain(error: &Explained) {
    tell("ERROR", &format!("error: {}", error.message));
    for cause in &error.causes {
        tell("ERROR", &format!("  because: {cause}"));
    }
    if let Some(hint) = &error.hint {
        tell("ERROR", &format!("hint: {hint}"));
    }
}

/// A line on standard error. A closed pipe (`2>&1 | head`) is the reader's choice, not an error.
fn tell(level: &'static str, line: &str) {
    if logging::said(level, line) {
        return;
    }
    drop(writeln!(std::io::stderr(), "{line}"));
}

/// The same on standard output.
fn print(line: &str) {
    drop(writeln!(std::io::stdout(), "{line}"));
}

const SPINNER: &str = "{spinner} {msg} {human_pos} ({rate})";
const BAR: &str = "{spinner} {msg} [{bar:32}] {human_pos}/{human_len} ({rate}, {eta} left)";
const PLAIN_EVERY: Duration = Duration::from_secs(10);

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template)
        .expect("the templates above are valid")
        .progress_chars("━╸─")
        .with_key(
            "rate",
            |state: &ProgressState, writer: &mut dyn fmt::Write| {
                // A bar that cannot be drawn is no reason to stop.
                let _ = write!(writer, "{:.0}/s", state.per_sec());
            },
        )
}

/// Progress of one piece of work.
pub(crate) struct Progress {
    bar: ProgressBar,
    what: String,
    is_plain: bool,
    last_line: std::sync::Mutex<Option<std::time::Instant>>,
}

impl Progress {
    /// How much there is to do, once that is known; it may grow.
    pub(crate) fn expect(&self, total: u64) {
        if self.bar.length() != Some(total) {
            self.bar.set_style(style(BAR));
            self.bar.set_length(total);
        }
    }

    /// One more is done.
    pub(crate) fn advance(&self) {
        self.bar.inc(1);
        if self.is_plain {
            self.plain_line();
        }
    }

    /// So many are done.
    pub(crate) fn reach(&self, n_done: u64) {
        self.bar.set_position(n_done);
        if self.is_plain {
            self.plain_line();
        }
    }

    /// Prints without tearing the bar.
    pub(crate) fn suspend(&self, print: impl FnOnce()) {
        self.bar.suspend(print);
    }

    /// Removes the bar.
    pub(crate) fn finish(self) {
        self.bar.finish_and_clear();
    }

    fn plain_line(&self) {
        let Ok(mut last) = self.last_line.lock() else {
            return;
        };
        let now = std::time::Instant::now();
        if last.is_some_and(|last| now.duration_since(last) < PLAIN_EVERY) {
            return;
        }
        if last.replace(now).is_some() {
            let done = self.bar.position();
            match self.bar.length() {
                // The API's totals waver while they are read.
                Some(total) => tell(
                    "INFO",
                    &format!("{} {done} of {}", self.what, total.max(done)),
                ),
                None => tell("INFO", &format!("{} {done}", self.what)),
            }
        }
    }
}

/// How a command ended.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    /// What happened, one sentence.
    pub(crate) headline: String,
    /// Where it is and what it measured.
    pub(crate) facts: Vec<(&'static str, String)>,
    /// What to type next.
    pub(crate) next: Vec<String>,
    /// The same for machines.
    pub(crate) json: serde_json::Value,
}

/// `1234567` as `1,234,567`.
pub(crate) fn count(number: u64) -> String {
    indicatif::HumanCount(number).to_string()
}

/// Bytes as people read them.
pub(crate) fn bytes(number: u64) -> String {
    indicatif::HumanBytes(number).to_string()
}

/// A duration as people read it: `3.2 s`, `4 m 05 s`, `2 h 10 m`.
pub(crate) fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0..60 => format!("{:.1} s", duration.as_secs_f64()),
        60..3600 => format!("{} m {:02} s", seconds / 60, seconds % 60),
        _ => format!("{} h {:02} m", seconds / 3600, seconds % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::duration;

    #[test]
    fn durations_read_as_people_say_them() {
        let read = |seconds: f64| duration(Duration::from_secs_f64(seconds));
        assert_eq!(read(3.24), "3.2 s");
        assert_eq!(read(245.0), "4 m 05 s");
        assert_eq!(read(7_800.0), "2 h 10 m");
    }
}
