use std::{
    collections::HashMap,
    io,
    net::{Shutdown, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

/// A way to a server that can be cut: its address stays, and nobody answers there.
pub(super) struct Proxy {
    pub(super) url: String,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    is_cut: AtomicBool,
    open: Mutex<HashMap<usize, TcpStream>>,
}

impl Proxy {
    pub(super) fn to(url: &str) -> Self {
        let there = url.strip_prefix("http://").unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(State::default());
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for (number, client) in listener.incoming().flatten().enumerate() {
                if !shared.is_cut.load(Ordering::SeqCst)
                    && let Ok(server) = TcpStream::connect(&there)
                {
                    let shared = Arc::clone(&shared);
                    thread::spawn(move || connect(number, client, server, &shared));
                }
            }
        });
        Self { url, state }
    }

    /// Cuts the way, connections under way included, or opens it again.
    pub(super) fn cut(&self, is_cut: bool) {
        self.state.is_cut.store(is_cut, Ordering::SeqCst);
        for stream in self.state.open.lock().unwrap().values() {
            drop(stream.shutdown(Shutdown::Both));
        }
    }
}

/// Carries bytes both ways until either end has had enough.
fn connect(number: usize, mut client: TcpStream, mut server: TcpStream, state: &State) {
    let twice = |stream: &TcpStream| stream.try_clone().unwrap();
    let held = twice(&client);
    state.open.lock().unwrap().insert(number, held);
    let (mut from, mut to) = (twice(&server), twice(&client));
    let answers = thread::spawn(move || {
        drop(io::copy(&mut from, &mut to));
        drop(to.shutdown(Shutdown::Both));
    });
    drop(io::copy(&mut client, &mut server));
    drop(server.shutdown(Shutdown::Both));
    answers.join().unwrap();
    state.open.lock().unwrap().remove(&number);
}
