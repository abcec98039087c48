use std::{
    collections::BTreeMap,
    net::TcpStream,
    panic,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use serde_json::Value;

use crate::sandbox::get;

/// What each build was seen to say.
type Seen = Mutex<BTreeMap<String, Value>>;

/// Somebody who asks all the time, and remembers what each build said.
#[derive(Default)]
pub(super) struct Reader {
    url: Arc<Mutex<Option<String>>>,
    seen: Arc<Seen>,
    wrong: Arc<Mutex<Vec<String>>>,
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Reader {
    pub(super) fn go_to(&mut self, url: &str) {
        *self.url.lock().unwrap() = Some(url.to_owned());
        if self.thread.is_some() {
            return;
        }
        let (url, seen) = (Arc::clone(&self.url), Arc::clone(&self.seen));
        let (wrong, is_over) = (Arc::clone(&self.wrong), Arc::clone(&self.is_over));
        self.thread = Some(thread::spawn(move || {
            while !is_over.load(Ordering::Relaxed) {
                let now = url.lock().unwrap().clone();
                if let Some(fault) = now.and_then(|url| look(&url, &seen)) {
                    wrong.lock().unwrap().push(fault);
                }
                thread::sleep(Duration::from_millis(200));
            }
        }));
    }

    /// What each build was seen to say; fails when one said two things, or something that was no answer.
    pub(super) fn end(&mut self) -> BTreeMap<String, Value> {
        self.is_over.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
        assert_eq!(*self.wrong.lock().unwrap(), [""; 0]);
        self.seen.lock().unwrap().clone()
    }
}

/// Asks for the tiles of a page; says what is wrong with an answer, if something is.
fn look(url: &str, seen: &Seen) -> Option<String> {
    ["figures", "coverage"]
        .iter()
        .find_map(|tile| look_at(url, tile, seen))
}

fn look_at(url: &str, tile: &str, seen: &Seen) -> Option<String> {
    // A server that was just killed answers nobody.
    TcpStream::connect(url.strip_prefix("http://").unwrap()).ok()?;
    let asked = format!("{url}/api/pages/overview/tiles/{tile}");
    let (status, body) = panic::catch_unwind(|| get(&asked)).ok()?;
    if status != 200 {
        // Before the first build, and while the database is down, nobody can be answered, and that is said.
        let is_said = (500..600).contains(&status) && body.contains("detail");
        return (!is_said).then(|| format!("{status}: {body}"));
    }
    let answer: Value = serde_json::from_str(&body).unwrap();
    let build = answer["build_id"].as_str().unwrap().to_owned();
    let rows = &answer["rows"];
    let mut seen = seen.lock().unwrap();
    let known = seen
        .entry(format!("{build} {tile}"))
        .or_insert_with(|| rows.clone());
    (known != rows).then(|| format!("build {build} said {known}, then {rows}"))
}
