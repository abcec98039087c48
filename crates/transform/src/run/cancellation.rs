use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
};

use warehouse::{Canceller, Connection};

use super::lock;

/// Stops a run from another thread: no node is started after, what runs is cancelled in the warehouse.
#[derive(Default)]
pub struct Cancellation {
    is_cancelled: AtomicBool,
    cancellers: Mutex<Vec<Arc<dyn Canceller>>>,
}

impl std::fmt::Debug for Cancellation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cancellation")
            .field("is_cancelled", &self.is_cancelled())
            .finish_non_exhaustive()
    }
}

impl Cancellation {
    /// Stops the run.
    pub fn cancel(&self) {
        self.is_cancelled.store(true, Ordering::SeqCst);
        for canceller in lock(&self.cancellers).iter() {
            canceller.cancel();
        }
    }

    /// Whether it was stopped.
    pub fn is_cancelled(&self) -> bool {
        self.is_cancelled.load(Ordering::SeqCst)
    }

    pub(super) fn watch(&self, connection: &dyn Connection) {
        lock(&self.cancellers).push(connection.canceller());
    }
}
