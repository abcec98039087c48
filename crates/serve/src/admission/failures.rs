use std::{
    collections::HashMap,
    sync::Mutex,
    time::{Duration, Instant},
};

use super::Client;
use crate::stop::lock;

/// Slips of the finger that cost nothing.
const N_FREE: u32 = 5;
const WAIT: Duration = Duration::from_secs(30);
/// More clients than that are looked through for those whose time is over.
const MANY: usize = 10_000;

/// Wrong tokens, by client. After a few in a row none of the client's is looked at for a while, not even the right
/// one: otherwise the answer to it would tell.
#[derive(Debug, Default)]
pub(crate) struct Failures(Mutex<HashMap<Client, Failed>>);

#[derive(Debug)]
struct Failed {
    n: u32,
    last: Instant,
}

impl Failures {
    /// How long the client must wait until a token of its is looked at.
    pub(crate) fn wait(&self, client: Client, now: Instant) -> Option<Duration> {
        let failures = lock(&self.0);
        let failed = failures.get(&client)?;
        let since = now.saturating_duration_since(failed.last);
        (failed.n >= N_FREE && since < WAIT).then(|| WAIT - since)
    }

    pub(crate) fn add(&self, client: Client, now: Instant) {
        let mut failures = lock(&self.0);
        let is_over = |failed: &Failed| now.saturating_duration_since(failed.last) >= WAIT;
        if failures.len() > MANY {
            failures.retain(|_, failed| !is_over(failed));
        }
        let failed = failures.entry(client).or_insert(Failed { n: 0, last: now });
        failed.n = if is_over(failed) { 1 } else { failed.n + 1 };
        failed.last = now;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::{Client, Failures, N_FREE, WAIT};

    #[test]
    fn after_a_few_failures_one_waits_and_then_begins_anew() {
        let (failures, start) = (Failures::default(), Instant::now());
        let client = |address: &str| Client::new(address.parse().unwrap());
        let (first, second) = (client("192.0.2.1"), client("192.0.2.2"));
        for _ in 0..N_FREE {
            assert_eq!(failures.wait(first, start), None);
            failures.add(first, start);
        }
        assert_eq!(failures.wait(first, start), Some(WAIT));
        assert_eq!(
            failures.wait(first, start + WAIT / 3),
            Some(WAIT - WAIT / 3)
        );
        assert_eq!(failures.wait(second, start), None, "another's");
        assert_eq!(failures.wait(first, start + WAIT), None);
        failures.add(first, start + WAIT);
        assert_eq!(failures.wait(first, start + WAIT), None);
    }
}
