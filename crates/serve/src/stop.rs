//! Stops the work of a thread when the future that waits for it is dropped.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use warehouse::Canceller;

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What the thread that works and the future that waits for it share.
#[derive(Clone, Default)]
pub(crate) struct Stop(Arc<Mutex<StopState>>);

#[derive(Default)]
struct StopState {
    is_asked: bool,
    /// Only while the work runs.
    canceller: Option<Arc<dyn Canceller>>,
}

impl Stop {
    pub(crate) fn begin(&self, canceller: Arc<dyn Canceller>) -> warehouse::Result<()> {
        let mut state = lock(&self.0);
        state.canceller = Some(canceller);
        if state.is_asked {
            Err(warehouse::Error::Cancelled)
        } else {
            Ok(())
        }
    }

    /// Between two steps of the work: whether there is to be another.
    pub(crate) fn check(&self) -> warehouse::Result<()> {
        if lock(&self.0).is_asked {
            Err(warehouse::Error::Cancelled)
        } else {
            Ok(())
        }
    }

    /// Whether the work ended on its own.
    pub(crate) fn end(&self) -> bool {
        let mut state = lock(&self.0);
        state.canceller = None;
        !state.is_asked
    }
}

/// Cancels the work when the future that waits for it is dropped.
#[derive(Default)]
pub(crate) struct Watch {
    pub(crate) stop: Stop,
}

impl Drop for Watch {
    fn drop(&mut self) {
        let mut state = lock(&self.stop.0);
        state.is_asked = true;
        if let Some(canceller) = state.canceller.take() {
            canceller.cancel();
        }
    }
}
