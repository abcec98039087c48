use super::*;
use crate::{Access, DuckDb, Settings, Warehouse};

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000 + minute * 60, 0).unwrap()
}

fn write(build: &Build) {
    let warehouse = DuckDb::open(&build.path(), Access::ReadWrite, &Settings::default()).unwrap();
    warehouse
        .connect()
        .unwrap()
        .execute(&format!(
            "create table t as select '{}' as build",
            build.id()
        ))
        .unwrap();
}

fn publish(builds: &Builds, build_id: &str, minute: i64) -> Published {
    let build = builds.begin(build_id).unwrap();
    write(&build);
    builds.publish(build, at(minute)).unwrap()
}

fn current(builds: &Builds) -> Option<String> {
    builds.current().unwrap().map(|build| build.build_id)
}

fn previous(builds: &Builds) -> Option<String> {
    builds.previous().unwrap().map(|build| build.build_id)
}

#[test]
fn a_build_is_seen_once_published_and_can_be_rolled_back() {
    let folder = tempfile::tempdir().unwrap();
    let builds = Builds::open(folder.path()).unwrap();
    assert_eq!(current(&builds), None);
    let first = publish(&builds, "first", 1);
    assert_eq!(builds.current().unwrap(), Some(first));
    assert_eq!(previous(&builds), None);
    assert_eq!(builds.rollback().unwrap(), None);

    publish(&builds, "second", 2);
    assert_eq!(
        (current(&builds), previous(&builds)),
        (Some("second".into()), Some("first".into()))
    );
    assert_eq!(builds.rollback().unwrap().unwrap().build_id, "first");
    assert_eq!(
        (current(&builds), previous(&builds)),
        (Some("first".into()), None)
    );

    // A withdrawn build is not gone back to.
    publish(&builds, "third", 3);
    assert_eq!(
        (current(&builds), previous(&builds)),
        (Some("third".into()), Some("first".into()))
    );
    assert_eq!(builds.prune(1, None).unwrap(), ["second"]);
    assert_eq!(builds.prune(0, None).unwrap(), ["first"]);
    assert_eq!(
        (current(&builds), previous(&builds)),
        (Some("third".into()), None)
    );
}

#[test]
fn a_crash_at_any_point_leaves_the_previous_build_current() {
    let folder = tempfile::tempdir().unwrap();
    let builds = Builds::open(folder.path()).unwrap();
    publish(&builds, "good", 1);
    let crashes: [fn(&Build); 4] = [
        |_| {},
        |build| fs::write(build.path(), "half a file").unwrap(),
        write,
        |build| {
            write(build);
            fs_err::os::unix::fs::symlink("builds/bad", build.folder.join("../../current.next"))
                .unwrap();
        },
    ];
    for crash in crashes {
        let build = builds.begin("bad").unwrap();
        crash(&build);
        drop(build);
        assert_eq!(
            (current(&builds), previous(&builds)),
            (Some("good".into()), None)
        );
    }
    // The name is free again each time, and what comes next is published as if nothing had been.
    publish(&builds, "bad", 2);
    assert_eq!(
        (current(&builds), previous(&builds)),
        (Some("bad".into()), Some("good".into()))
    );

    // Marked as published, but the swap never came.
    let build = builds.begin("marked").unwrap();
    write(&build);
    fs::write(
        build.folder.join(PUBLISHED_FILE),
        r#"{"published_at":"2030-01-01T00:00:00Z"}"#,
    )
    .unwrap();
    drop(build);
    assert_eq!(
        (current(&builds), previous(&builds)),
        (Some("bad".into()), Some("good".into()))
    );

    // Withdrawn, but the swap never came.
    fs::write(builds.build_folder("bad").join(WITHDRAWN_FILE), "").unwrap();
    assert_eq!(current(&builds), Some("bad".into()));
    assert_eq!(builds.rollback().unwrap().unwrap().build_id, "good");
}

#[test]
fn a_build_that_is_being_written_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let builds = Builds::open(folder.path()).unwrap();
    let running = builds.begin("running").unwrap();
    assert!(matches!(
        builds.begin("running"),
        Err(Error::BuildExists { .. })
    ));
    let other = builds.begin("other").unwrap();
    assert!(running.folder.exists() && other.folder.exists());
    drop(running);
    builds.begin("third").unwrap();
    assert!(!builds.build_folder("running").exists() && other.folder.exists());
}

#[test]
fn only_a_closed_database_is_published() {
    let folder = tempfile::tempdir().unwrap();
    let builds = Builds::open(folder.path()).unwrap();
    let build = builds.begin("empty").unwrap();
    assert!(matches!(
        builds.publish(build, at(1)),
        Err(Error::BuildUnfinished { .. })
    ));
    let build = builds.begin("open").unwrap();
    let warehouse = DuckDb::open(&build.path(), Access::ReadWrite, &Settings::default()).unwrap();
    warehouse
        .connect()
        .unwrap()
        .execute("create table t (x integer)")
        .unwrap();
    assert!(matches!(
        builds.publish(build, at(1)),
        Err(Error::BuildUnfinished { .. })
    ));
    assert_eq!(current(&builds), None);
}

#[test]
fn names_that_would_leave_the_folder_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let builds = Builds::open(folder.path()).unwrap();
    for name in ["", ".", "..", "a/b", ".hidden", "a b"] {
        assert!(
            matches!(builds.begin(name), Err(Error::BuildName { .. })),
            "{name}"
        );
    }
}

#[test]
fn builds_are_kept_as_far_as_there_are_bytes_for_them() {
    let folder = tempfile::tempdir().unwrap();
    let builds = Builds::open(folder.path()).unwrap();
    for (second, build_id) in (1..).zip(["a", "b", "c"]) {
        publish(&builds, build_id, second);
        fs::write(builds.database(build_id), [0; 100]).unwrap();
    }
    assert_eq!(builds.prune(2, Some(300)).unwrap(), [""; 0]);
    assert_eq!(builds.prune(2, Some(299)).unwrap(), ["a"]);
    // The current one is never too large.
    assert_eq!(builds.prune(2, Some(1)).unwrap(), ["b"]);
    assert_eq!(current(&builds), Some("c".into()));
}

/// Lets a build be one of another release's.
fn mark(builds: &Builds, build_id: &str, marker: &str) {
    fs::write(builds.build_folder(build_id).join(PUBLISHED_FILE), marker).unwrap();
}

#[test]
fn a_build_of_a_newer_release_is_refused_and_can_be_gone_back_from() {
    let folder = tempfile::tempdir().unwrap();
    let builds = Builds::open(folder.path()).unwrap();
    publish(&builds, "ours", 1);
    publish(&builds, "theirs", 2);
    let marker = format!(
        "{{\"published_at\":\"{}\",\"layout\":2,\"more\":1}}",
        at(2).to_rfc3339()
    );
    mark(&builds, "theirs", &marker);
    let refused = builds.current().unwrap_err();
    assert!(
        matches!(
            &refused,
            Error::TooNew {
                found: 2,
                known: 1,
                ..
            }
        ),
        "{refused}"
    );
    assert_eq!(builds.kept().unwrap().len(), 2, "it is listed all the same");
    assert_eq!(builds.rollback().unwrap().unwrap().build_id, "ours");
    assert_eq!(current(&builds), Some("ours".into()));
}

#[test]
fn a_build_of_before_layouts_were_written_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let builds = Builds::open(folder.path()).unwrap();
    publish(&builds, "old", 1);
    mark(
        &builds,
        "old",
        "{\"published_at\":\"2026-11-24T08:31:02.123456Z\"}",
    );
    assert_eq!(current(&builds), Some("old".into()));
    publish(&builds, "new", 2_000_000);
    assert_eq!(builds.rollback().unwrap().unwrap().build_id, "old");
}
