use std::ops::ControlFlow;

use chrono::DateTime;
use serde_json::json;

use super::*;

fn publish(builds: &Builds, build_id: &str, n_rows: u32) {
    let build = builds.begin(build_id).unwrap();
    let writer = DuckDb::open(&build.path(), Access::ReadWrite, &Settings::default()).unwrap();
    writer
        .connect()
        .unwrap()
        .execute(&format!(
            "create table t as select i from range({n_rows}) as r(i)"
        ))
        .unwrap();
    drop(writer);
    builds
        .publish(build, DateTime::from_timestamp(n_rows.into(), 0).unwrap())
        .unwrap();
}

fn count(current: &Current) -> serde_json::Value {
    let rows = current
        .warehouse
        .connect()
        .unwrap()
        .query("select count(*) from filmstar.main.t", &[])
        .unwrap();
    rows.json_rows().remove(0).remove(0)
}

#[test]
fn readers_follow_the_current_build_and_finish_on_the_one_they_have() {
    let folder = tempfile::tempdir().unwrap();
    let builds = Builds::open(folder.path()).unwrap();
    let reader = Reader::new(builds.clone(), Access::ReadOnly, Settings::default());
    assert!(matches!(reader.current(), Err(Error::NoBuild { .. })));

    publish(&builds, "first", 100_000);
    let first = reader.current().unwrap();
    assert!(Arc::ptr_eq(
        &first.warehouse,
        &reader.current().unwrap().warehouse
    ));

    // The build is replaced and deleted in the middle of a query.
    let mut n_rows = 0;
    let mut connection = first.warehouse.connect().unwrap();
    connection
        .stream("select i from t", &[], &mut |batch| {
            if n_rows == 0 {
                publish(&builds, "second", 200_000);
                assert_eq!(builds.prune(0, None).unwrap(), ["first"]);
                assert_eq!(count(&reader.current().unwrap()), json!(200_000));
            }
            n_rows += batch.num_rows();
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(n_rows, 100_000);
    assert_eq!(count(&first), json!(100_000));

    let second = reader.current().unwrap();
    assert_eq!(
        (
            second.build.build_id.as_str(),
            second.build.published_at.timestamp()
        ),
        ("second", 200_000)
    );
    let closed = Arc::downgrade(&first.warehouse);
    drop((first, connection));
    assert!(closed.upgrade().is_none());
}
