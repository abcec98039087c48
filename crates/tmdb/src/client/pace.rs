//! How fast requests go: a token bucket whose rate gives way to the API and comes back.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::time::Instant;

/// What is left of the rate after a "too many requests".
const BACK_BY: f64 = 0.7;
/// What is won back of the full rate by each span without one.
const FORWARD_BY: f64 = 0.05;
/// The answers to requests that went out together are one "too many requests"; and nothing is won back sooner.
const SPAN: Duration = Duration::from_secs(2);
/// Nobody is slower.
const SLOWEST: f64 = 1.0;
/// What a client without a limit of its own begins with when the API has one after all.
const ASSUMED: u32 = 40;

/// One a client: the bucket, and the pause that the API asked for.
pub(super) struct Pace {
    /// Requests a second at most; `None` is no limit of our own.
    full: Option<NonZeroU32>,
    state: Mutex<State>,
}

struct State {
    bucket: Option<Arc<DefaultDirectRateLimiter>>,
    rate: f64,
    changed_at: Option<Instant>,
    paused_until: Option<Instant>,
}

impl Pace {
    pub(super) fn new(requests_per_second: u32) -> Self {
        let full = NonZeroU32::new(requests_per_second);
        let rate = f64::from(full.map_or(ASSUMED, NonZeroU32::get));
        Self {
            full,
            state: Mutex::new(State {
                bucket: full.map(|_| bucket(rate)),
                rate,
                changed_at: None,
                paused_until: None,
            }),
        }
    }

    /// Waits until one more request may go.
    pub(super) async fn ready(&self) {
        loop {
            let (paused_until, bucket) = {
                let state = self.state();
                (state.paused_until, state.bucket.clone())
            };
            if let Some(until) = paused_until.filter(|until| *until > Instant::now()) {
                tokio::time::sleep_until(until).await;
                continue;
            }
            let Some(bucket) = bucket else { return };
            bucket.until_ready().await;
            // It may have been replaced by a slower one, or a pause may have begun.
            let state = self.state();
            let is_same = state
                .bucket
                .as_ref()
                .is_some_and(|newest| Arc::ptr_eq(newest, &bucket));
            if is_same
                && state
                    .paused_until
                    .is_none_or(|until| until <= Instant::now())
            {
                return;
            }
        }
    }

    /// The API was asked too often: everybody waits, and goes on slower.
    pub(super) fn slow_down(&self, now: Instant, pause: Duration) {
        let mut state = self.state();
        let until = now + pause;
        state.paused_until = Some(state.paused_until.map_or(until, |known| known.max(until)));
        if state.changed_at.is_some_and(|at| now - at < SPAN) {
            return;
        }
        let rate = (state.rate * BACK_BY).max(SLOWEST);
        state.set(rate, now);
        tracing::info!(
            rate = state.rate,
            "the API asks for fewer requests a second"
        );
    }

    /// The API answered: after a while without complaint, a little faster again.
    pub(super) fn speed_up(&self, now: Instant) {
        let mut state = self.state();
        let Some(changed_at) = state.changed_at else {
            return;
        };
        if now - changed_at < SPAN {
            return;
        }
        let full = f64::from(self.full.map_or(ASSUMED, NonZeroU32::get));
        let rate = (state.rate + full * FORWARD_BY).min(full);
        state.set(rate, now);
        if rate >= full {
            state.changed_at = None;
            if self.full.is_none() {
                state.bucket = None;
            }
        }
    }

    /// Requests a second now; `None` is no limit.
    pub(super) fn rate(&self) -> Option<f64> {
        let state = self.state();
        state.bucket.as_ref().map(|_| state.rate)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn set(&mut self, rate: f64, now: Instant) {
        self.rate = rate;
        self.changed_at = Some(now);
        self.bucket = Some(bucket(rate));
    }
}

/// A tenth of a second's worth may go at once, so that a start is no burst.
fn bucket(rate: f64) -> Arc<DefaultDirectRateLimiter> {
    let period = Duration::from_secs_f64(1.0 / rate);
    let burst = NonZeroU32::new((rate / 10.0) as u32).unwrap_or(NonZeroU32::MIN);
    let quota = Quota::with_period(period).expect("the period of a rate is longer than none");
    Arc::new(RateLimiter::direct(quota.allow_burst(burst)))
}

#[cfg(test)]
mod tests;
