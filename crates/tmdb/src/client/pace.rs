//! How fast requests go: a token bucket whose rate gives way to the API and comes back.
//!
//! Whoever waits has a place in the queue with a time of its own, so that one who wakes late, as on a busy machine,
//! delays nobody and no part of the rate is lost.

use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// What is left of the rate after a "too many requests".
const BACK_BY: f64 = 0.7;
/// What is won back of the full rate by each span without one.
const FORWARD_BY: f64 = 0.05;
/// The answers to requests that went out together are one "too many requests"; and nothing is won back sooner.
const SPAN: Duration = Duration::from_secs(2);
/// Nobody is slower.
const SLOWEST: f64 = 1.0;
/// After an idle time so much of it may be made up for at once: more than a busy machine stands still for, so that
/// no part of the rate is lost, and less than the second over which the API counts, so that a start is no burst.
const MADE_UP_FOR: Duration = Duration::from_millis(500);
/// What a client without a limit of its own begins with when the API has one after all.
const ASSUMED: u32 = 40;

/// One a client: the bucket, and the pause that the API asked for.
pub(super) struct Pace {
    /// Requests a second at most; `None` is no limit of our own.
    full: Option<NonZeroU32>,
    state: Mutex<State>,
}

struct State {
    /// Whether there is a rate at all.
    is_limited: bool,
    /// Requests a second.
    rate: f64,
    /// When the next request may go; none has this place yet.
    next: Instant,
    changed_at: Option<Instant>,
    paused_until: Option<Instant>,
}

impl Pace {
    pub(super) fn new(requests_per_second: u32) -> Self {
        let full = NonZeroU32::new(requests_per_second);
        Self {
            full,
            state: Mutex::new(State {
                is_limited: full.is_some(),
                rate: f64::from(full.map_or(ASSUMED, NonZeroU32::get)),
                next: Instant::now(),
                changed_at: None,
                paused_until: None,
            }),
        }
    }

    /// Waits until one more request may go.
    pub(super) async fn ready(&self) {
        loop {
            let time = self.state().take_place(Instant::now());
            let Some(time) = time else { return };
            tokio::time::sleep_until(time).await;
            // A pause may have begun meanwhile: a new place then, or all who waited would go at once.
            let paused_until = self.state().paused_until;
            if paused_until.is_none_or(|until| until <= time) {
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
                state.is_limited = false;
            }
        }
    }

    /// Requests a second now; `None` is no limit.
    pub(super) fn rate(&self) -> Option<f64> {
        let state = self.state();
        state.is_limited.then_some(state.rate)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn set(&mut self, rate: f64, now: Instant) {
        self.rate = rate;
        self.changed_at = Some(now);
        self.is_limited = true;
    }

    /// The time at which somebody who comes now may go; `None` is at once.
    fn take_place(&mut self, now: Instant) -> Option<Instant> {
        let paused_until = self.paused_until.filter(|until| *until > now);
        if !self.is_limited {
            return paused_until;
        }
        let earliest = now.checked_sub(MADE_UP_FOR).unwrap_or(now);
        let place = self
            .next
            .max(paused_until.unwrap_or(earliest))
            .max(earliest);
        self.next = place + Duration::from_secs_f64(1.0 / self.rate);
        Some(place).filter(|place| *place > now)
    }
}

#[cfg(test)]
mod tests;
