use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::sync::Notify;
use transform::Cancellation;

/// Long enough for what a cancelled node still does to leave things as they were.
const CANCELLED_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// Ctrl-C (or SIGTERM) as a value that work can look at or wait for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Interrupt {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    is_raised: AtomicBool,
    raised: Notify,
}

impl Interrupt {
    /// Starts listening; a second signal ends the process at once.
    pub(crate) fn listen() -> Self {
        let interrupt = Self::default();
        let listener = interrupt.clone();
        tokio::spawn(async move {
            signal().await;
            listener.raise();
            signal().await;
            // The user asked twice; the journal keeps what was fetched.
            std::process::exit(crate::exit::Exit::Interrupted as i32);
        });
        interrupt
    }

    /// Whether a signal has come.
    pub(crate) fn is_raised(&self) -> bool {
        self.inner.is_raised.load(Ordering::Relaxed)
    }

    /// Waits for a signal.
    pub(crate) async fn raised(&self) {
        let notified = self.inner.raised.notified();
        if !self.is_raised() {
            notified.await;
        }
    }

    /// A cancellation for a run of models, which a signal triggers. Needs a runtime around it.
    pub(crate) fn cancellation(&self) -> Arc<Cancellation> {
        let cancellation = Arc::new(Cancellation::default());
        // Weak: a server makes many runs, and the waiting outlasts each of them.
        let (interrupt, cancelled) = (self.clone(), Arc::downgrade(&cancellation));
        tokio::spawn(async move {
            interrupt.raised().await;
            // A query that was just about to begin is not hit the first time.
            while let Some(cancellation) = cancelled.upgrade() {
                cancellation.cancel();
                drop(cancellation);
                tokio::time::sleep(CANCELLED_AGAIN_AFTER).await;
            }
        });
        cancellation
    }

    /// Does what a signal does.
    pub(crate) fn raise(&self) {
        self.inner.is_raised.store(true, Ordering::Relaxed);
        self.inner.raised.notify_waiters();
    }
}

async fn signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    drop(tokio::signal::ctrl_c().await);
}
