use std::time::Duration;

use tokio::time::Instant;

use super::{Pace, SPAN};

#[test]
fn the_rate_gives_way_once_for_requests_that_went_together_and_comes_back() {
    let pace = Pace::new(40);
    assert_eq!(pace.rate(), Some(40.0));
    let mut now = Instant::now();
    for _ in 0..10 {
        pace.slow_down(now, Duration::ZERO);
    }
    assert_eq!(pace.rate(), Some(28.0));
    pace.speed_up(now);
    assert_eq!(pace.rate(), Some(28.0), "not so soon");
    for step in 1..=6 {
        now += SPAN;
        pace.speed_up(now);
        assert_eq!(pace.rate(), Some(28.0 + 2.0 * f64::from(step)));
    }
    pace.speed_up(now + SPAN);
    assert_eq!(pace.rate(), Some(40.0), "never more than allowed");
}

#[test]
fn the_rate_never_ends() {
    let pace = Pace::new(3);
    let mut now = Instant::now();
    for _ in 0..20 {
        pace.slow_down(now, Duration::ZERO);
        now += SPAN;
    }
    assert_eq!(pace.rate(), Some(1.0));
}

#[test]
fn without_a_limit_of_our_own_the_api_still_has_one() {
    let pace = Pace::new(0);
    assert_eq!(pace.rate(), None);
    let mut now = Instant::now();
    pace.slow_down(now, Duration::ZERO);
    assert_eq!(pace.rate(), Some(28.0));
    for _ in 0..6 {
        now += SPAN;
        pace.speed_up(now);
    }
    assert_eq!(pace.rate(), None);
}

#[test]
fn however_many_wait_each_has_a_place_and_none_is_lost() {
    let pace = Pace::new(40);
    let now = Instant::now();
    let places: Vec<Instant> = (0..400)
        .map(|_| pace.state().take_place(now).unwrap_or(now))
        .collect();
    let span = places[399] - now;
    assert!(span > Duration::from_secs_f64(9.8) && span <= Duration::from_secs(10));
    // Whoever comes while others wait stands behind them; after an idle minute a few go at once, and no more.
    let later = now + Duration::from_secs(60);
    let at_once = (0..100).filter(|_| pace.state().take_place(later).is_none());
    assert!(at_once.count() <= 21);
}

/// When requests go in a span, if so many are under way at most and each takes so long to be answered; who waits
/// wakes late, and at times the whole machine stands still.
fn sent(rate: u32, in_flight: usize, latency: Duration, span: Duration) -> Vec<Instant> {
    let pace = Pace::new(rate);
    let started = Instant::now();
    let awake = |time: Instant| {
        let late = time
            + Duration::from_micros(1_000 + u64::from((time - started).subsec_micros()) % 4_000);
        let since = (late - started).as_millis() % 7_000;
        match since < 400 {
            true => late + Duration::from_millis(400 - since as u64),
            false => late,
        }
    };
    let mut free = vec![started; in_flight];
    let mut sent = Vec::new();
    loop {
        let (worker, now) = (0..in_flight)
            .map(|worker| (worker, free[worker]))
            .min_by_key(|(_, at)| *at)
            .unwrap();
        if now - started > span {
            return sent;
        }
        let went = pace.state().take_place(now).map_or(now, awake);
        sent.push(went);
        free[worker] = awake(went + latency);
    }
}

#[test]
fn the_rate_is_used_up_however_late_who_waits_wakes_and_never_exceeded() {
    let span = Duration::from_secs(300);
    let mut sent = sent(40, 16, Duration::from_millis(150), span);
    let allowed = 40.0 * span.as_secs_f64();
    let share = sent.len() as f64 / allowed;
    assert!((0.98..=1.01).contains(&share), "{share}");
    sent.sort_unstable();
    // A bucket of one second's requests, as the API has one, never runs dry.
    let mut level = 40.0_f64;
    for pair in sent.windows(2) {
        level = (level - 1.0 + 40.0 * (pair[1] - pair[0]).as_secs_f64()).min(40.0);
        assert!(level >= 1.0, "{level}");
    }
}

#[tokio::test]
async fn everybody_waits_as_long_as_the_api_asks() {
    let pace = Pace::new(0);
    let began = Instant::now();
    pace.slow_down(began, Duration::from_millis(60));
    pace.slow_down(began, Duration::from_millis(1));
    pace.ready().await;
    assert!(began.elapsed() >= Duration::from_millis(60));
}
