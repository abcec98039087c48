use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Fault, FaultKind};
use crate::simulator::exports;
use crate::simulator::generated::draw::{Draw, Purpose};

/// Places that each say of the last path that fell on it how often it was asked for.
const VISITS: usize = 1 << 18;
/// The part of a place that counts; the rest tells the path.
const COUNT: u64 = 0xffff;

const DEFAULT_MS: u64 = 1_000;
const DEFAULT_HOURS: u32 = 5;

/// The faults of a simulator, and how far it is.
///
/// Whether a request is struck follows from the seed, its path and how often that was asked for before, so that it
/// does not matter in which order requests side by side arrive.
pub(in crate::simulator) struct Faults {
    seed: u64,
    faults: Vec<Fault>,
    n_requests: AtomicU64,
    visits: Box<[AtomicU64]>,
}

/// What one request gets.
#[derive(Default)]
pub(in crate::simulator) struct Strike<'a> {
    pub(in crate::simulator) delay: Duration,
    pub(in crate::simulator) fault: Option<(&'a Fault, Draw)>,
}

impl Strike<'_> {
    /// How many rows of a list have moved up from before the page.
    pub(in crate::simulator) fn shift(&mut self) -> usize {
        match &mut self.fault {
            Some((fault, draw)) if fault.kind == FaultKind::Reranked => 1 + draw.below(5) as usize,
            _ => 0,
        }
    }

    pub(in crate::simulator) fn kind(&self) -> Option<FaultKind> {
        self.fault.as_ref().map(|(fault, _)| fault.kind)
    }
}

impl Faults {
    pub(in crate::simulator) fn new(seed: u64, faults: Vec<Fault>) -> Self {
        let n_visits = if faults.is_empty() { 0 } else { VISITS };
        Self {
            seed,
            faults,
            n_requests: AtomicU64::new(0),
            visits: (0..n_visits).map(|_| AtomicU64::new(0)).collect(),
        }
    }

    /// What strikes the next request, which is for `path`, the API's version left out.
    pub(in crate::simulator) fn strike(&self, path: &str, now: DateTime<Utc>) -> Strike<'_> {
        let mut strike = Strike::default();
        if self.faults.is_empty() {
            return strike;
        }
        let number = self.n_requests.fetch_add(1, Ordering::Relaxed) + 1;
        let mut hasher = DefaultHasher::new();
        path.hash(&mut hasher);
        let path_hash = hasher.finish();
        let visit = self.visit(path_hash);
        for (rank, fault) in self.faults.iter().enumerate() {
            if !fault.concerns(path, now) {
                continue;
            }
            let index = path_hash ^ (visit << 48) ^ ((rank as u64) << 40);
            let mut draw = Draw::new(self.seed, Purpose::Fault, index);
            let is_struck = match (&fault.at, fault.share) {
                (Some(numbers), _) => numbers.contains(&number),
                (None, Some(share)) => draw.chance(share),
                (None, None) => true,
            };
            if !is_struck {
                continue;
            }
            if fault.kind == FaultKind::Latency {
                strike.delay += Duration::from_millis(fault.ms.unwrap_or(DEFAULT_MS));
            } else if strike.fault.is_none() {
                strike.fault = Some((fault, draw));
            }
        }
        strike
    }
}

impl Faults {
    /// How often a path was asked for before, as far as that is remembered.
    fn visit(&self, path_hash: u64) -> u64 {
        let place = &self.visits[path_hash as usize % VISITS];
        let before = |known: u64| match known & !COUNT == path_hash & !COUNT {
            true => known & COUNT,
            false => 0,
        };
        let counted = |known| Some(path_hash & !COUNT | (before(known) + 1).min(COUNT));
        let known = place.fetch_update(Ordering::Relaxed, Ordering::Relaxed, counted);
        before(known.unwrap_or_default())
    }
}

impl Fault {
    pub(in crate::simulator) fn age(&self) -> TimeDelta {
        TimeDelta::hours(self.hours.unwrap_or(DEFAULT_HOURS).into())
    }

    fn concerns(&self, path: &str, now: DateTime<Utc>) -> bool {
        let is_export = path.starts_with(exports::FOLDER);
        let is_details = || {
            let id = path.strip_prefix("/movie/");
            id.is_some_and(|id| id.bytes().all(|byte| byte.is_ascii_digit()))
        };
        let is_list = || path.starts_with("/discover/") || path.ends_with("/changes");
        self.kind.is_of_exports() == (is_export && self.kind != FaultKind::Latency)
            && (!self.kind.is_of_details() || is_details())
            && (!self.kind.is_of_lists() || is_list())
            && self
                .path
                .as_ref()
                .is_none_or(|start| path.starts_with(start))
            && self.from.is_none_or(|from| from <= now)
            && self.until.is_none_or(|until| now < until)
    }
}
