use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use chrono::TimeDelta;

use super::Block;

/// What a client has done since it was set up.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Statistics {
    /// Requests sent, every attempt counted.
    pub requests: u64,
    /// Attempts after the first of their request.
    pub retries: u64,
    /// Attempts that were answered with "too many requests".
    pub rate_limited: u64,
    /// The rate that the bucket has come to; `None` is no limit of our own.
    pub requests_per_second: Option<f64>,
    /// By how many seconds this machine's clock is ahead of the server's, as its newest answer tells; 0 where none
    /// does. An answer from a cache bears an older time, so only much of it means something.
    pub clock_ahead_seconds: i64,
    /// Bytes of bodies, unpacked.
    pub bytes: u64,
    /// Blocks of films that neither the film's answer nor an answer of their own held.
    pub missing_blocks: u64,
    /// Blocks that are no longer asked for on their own, because this API does not have them.
    pub abandoned_blocks: Vec<Block>,
}

#[derive(Default)]
pub(super) struct Counters {
    requests: AtomicU64,
    retries: AtomicU64,
    rate_limited: AtomicU64,
    bytes: AtomicU64,
    missing_blocks: AtomicU64,
    clock_ahead_seconds: AtomicI64,
}

impl Counters {
    /// Counts one more request, unless there were `limit` already.
    pub(super) fn request(&self, limit: u64) -> bool {
        let more = |n: u64| (n < limit).then_some(n + 1);
        let (set, get) = (Ordering::Relaxed, Ordering::Relaxed);
        self.requests.fetch_update(set, get, more).is_ok()
    }

    pub(super) fn retried(&self) {
        self.retries.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn rate_limited(&self) {
        self.rate_limited.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn received(&self, n_bytes: usize) {
        self.bytes.fetch_add(n_bytes as u64, Ordering::Relaxed);
    }

    pub(super) fn told_time(&self, ahead: TimeDelta) {
        self.clock_ahead_seconds
            .store(ahead.num_seconds(), Ordering::Relaxed);
    }

    pub(super) fn missed_block(&self) {
        self.missing_blocks.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn read(&self) -> Statistics {
        Statistics {
            requests: self.requests.load(Ordering::Relaxed),
            retries: self.retries.load(Ordering::Relaxed),
            rate_limited: self.rate_limited.load(Ordering::Relaxed),
            clock_ahead_seconds: self.clock_ahead_seconds.load(Ordering::Relaxed),
            bytes: self.bytes.load(Ordering::Relaxed),
            missing_blocks: self.missing_blocks.load(Ordering::Relaxed),
            abandoned_blocks: Vec::new(),
            requests_per_second: None,
        }
    }
}
