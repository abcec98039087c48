use super::*;
use crate::schedule::{TimeOfDay, Zone};

fn time(text: &str) -> DateTime<Utc> {
    format!("{}:00Z", text.replace(' ', "T")).parse().unwrap()
}

fn run(at: &str, status: RunStatus) -> Run {
    Run {
        run_id: at.to_owned(),
        command: "up".to_owned(),
        started_at: time(at),
        finished_at: Some(time(at)),
        status,
        error: Some("no answer".to_owned()),
        hint: Some("wait".to_owned()),
        ..Run::default()
    }
}

fn told(runs: &[Run], published: &str) -> Vec<Event> {
    let schedule = Schedule::new(TimeOfDay::default(), None, Zone::default());
    events(runs, Some(time(published)), &schedule, TimeDelta::hours(36))
}

#[test]
fn a_failure_is_told_once_a_day_and_so_is_that_it_is_over() {
    use RunStatus::{Failed, Interrupted, Killed, Running, Succeeded};
    let published = "2026-11-23 08:40";
    let good = run("2026-11-23 08:31", Succeeded);
    let failed = run("2026-11-24 08:30", Failed);
    let again = run("2026-11-24 08:31", Killed);
    let next_day = run("2026-11-25 08:30", Failed);
    let stopped = run("2026-11-24 08:32", Interrupted);
    let well = run("2026-11-24 08:37", Succeeded);
    let now = run("2026-11-24 08:38", Running);
    assert_eq!(told(&[], published), []);
    assert_eq!(told(std::slice::from_ref(&good), published), []);
    assert_eq!(
        told(std::slice::from_ref(&failed), published),
        [Event::Failure]
    );
    assert_eq!(
        told(&[failed.clone(), good.clone()], published),
        [Event::Failure]
    );
    assert_eq!(
        told(&[again.clone(), failed.clone(), good.clone()], published),
        []
    );
    assert_eq!(
        told(
            &[run("2026-11-24 08:40", Failed), again.clone(), good.clone()],
            published
        ),
        [Event::Failure],
        "the killed one told nobody"
    );
    assert_eq!(
        told(
            &[now, well, stopped, again.clone(), failed.clone()],
            published
        ),
        [Event::Recovery]
    );
    assert_eq!(
        told(&[next_day, again, failed, good], published),
        [Event::Failure, Event::Stale]
    );
}

#[test]
fn a_message_says_what_happened_and_keeps_secrets() {
    let failed = run("2026-11-24 08:30", RunStatus::Failed);
    let now = time("2026-11-24 08:31");
    let message = message(Event::Failure, "films", Some(&failed), None, now);
    assert_eq!(
        message["text"],
        "✗ films: run 2026-11-24 08:30 (`filmstar up`) failed: no answer. Nothing is published yet. Hint: wait."
    );
    assert_eq!(message["event"], "failure");
    let webhook = Webhook::try_from("https://hooks.example/T0/s3cret".to_owned()).unwrap();
    let shown = format!("{webhook:?} {}", serde_json::to_string(&webhook).unwrap());
    assert!(!shown.contains("s3cret"), "{shown}");
    assert!(
        !Webhook::try_from("s3cret".to_owned())
            .unwrap_err()
            .contains("s3cret")
    );
}

#[tokio::test]
async fn what_does_not_arrive_is_told_without_the_address() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/s3cret", listener.local_addr().unwrap());
    drop(listener);
    let webhook = Webhook::try_from(address).unwrap();
    let refused = send(&webhook, &json!({})).await.unwrap_err().to_string();
    assert!(
        refused.starts_with("the webhook was not told: "),
        "{refused}"
    );
    assert!(!refused.contains("s3cret"), "{refused}");
}
