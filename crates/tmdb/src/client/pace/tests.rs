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
    assert!(at_once.count() <= 5);
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
