use std::{num::NonZeroU32, time::Duration};

use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
};

use super::Client;

/// Seconds' worth of requests that may come at once: a page asks for all its tiles.
const BURST_S: u32 = 5;
/// More clients than that are looked through for those who have not asked lately.
const MANY: usize = 10_000;

/// How often each client may ask.
pub(crate) struct Rate {
    per_second: u32,
    limiter: Option<DefaultKeyedRateLimiter<Client>>,
}

impl Rate {
    /// 0 is no limit.
    pub(crate) fn new(requests_per_second: u32) -> Self {
        let quota = |rate: NonZeroU32| {
            let burst = rate.saturating_mul(NonZeroU32::MIN.saturating_add(BURST_S - 1));
            RateLimiter::keyed(Quota::per_second(rate).allow_burst(burst))
        };
        Self {
            per_second: requests_per_second,
            limiter: NonZeroU32::new(requests_per_second).map(quota),
        }
    }

    pub(crate) fn per_second(&self) -> u32 {
        self.per_second
    }

    /// Counts a request.
    ///
    /// # Errors
    /// With the time to wait, when it is one too many.
    pub(crate) fn count(&self, client: Client) -> Result<(), Duration> {
        let Some(limiter) = self.limiter.as_ref().filter(|_| !client.is_this_machine()) else {
            return Ok(());
        };
        if limiter.len() > MANY {
            limiter.retain_recent();
        }
        limiter
            .check_key(&client)
            .map_err(|early| early.wait_time_from(DefaultClock::default().now()))
    }
}

#[cfg(test)]
mod tests {
    use super::{BURST_S, Client, Rate};

    #[test]
    fn each_client_has_its_own_share_and_this_machine_needs_none() {
        let client = |address: &str| Client::new(address.parse().unwrap());
        let rate = Rate::new(1);
        let ask = |address: &str| rate.count(client(address));
        let n_answered = (0..100).filter(|_| ask("192.0.2.1").is_ok()).count();
        assert!(
            (BURST_S as usize..100).contains(&n_answered),
            "{n_answered}"
        );
        assert!(ask("192.0.2.1").is_err_and(|wait| wait.as_secs() <= 1));
        assert!(ask("192.0.2.2").is_ok());
        assert!((0..100).all(|_| ask("127.0.0.1").is_ok()));
        let unlimited = Rate::new(0);
        assert!((0..100).all(|_| unlimited.count(client("192.0.2.1")).is_ok()));
    }
}
