//! A lake in a bucket of a server that speaks S3.

use lake::testing::S3Server;

use crate::{
    postgres,
    sandbox::{Sandbox, Server, transcript},
};

const BUCKET: &str = "films";

/// Makes the bucket the place of a sandbox's lake.
fn put_lake_into(bucket: &S3Server, sandbox: &mut Sandbox) {
    for (name, value) in bucket.variables() {
        sandbox.set(&name, value);
    }
    sandbox.set("FILMSTAR_STORAGE__LAKE", format!("s3://{BUCKET}/tmdb"));
}

fn ingested(api: &Server, bucket: &S3Server) -> Sandbox {
    let mut sandbox = Sandbox::with_api(api);
    sandbox.succeed(&["init", "--yes"]);
    put_lake_into(bucket, &mut sandbox);
    sandbox.succeed(&["ingest"]);
    sandbox
}

const TOTALS: &str = "select count(*) || ' ' || sum(budget_usd) || ' ' || (select count(*) from fact_popularity_daily) from fact_movies";

#[test]
fn everything_goes_on_as_with_a_folder() {
    let api = Server::generated(60);
    let bucket = S3Server::start(BUCKET).unwrap();
    let sandbox = ingested(&api, &bucket);
    assert!(bucket.bucket(BUCKET).join("tmdb/movies").is_dir());
    assert!(!sandbox.path().join("data/lake").exists());
    sandbox.succeed(&["build"]);

    let plain = Sandbox::with_api(&api);
    plain.succeed(&["init", "--yes"]);
    plain.succeed(&["ingest"]);
    plain.succeed(&["build"]);
    assert_eq!(sandbox.value(TOTALS), plain.value(TOTALS));

    // Another machine has the bucket alone, and fetches nothing from the API that is there already.
    let mut other = Sandbox::with_api(&api);
    other.succeed(&["init", "--yes"]);
    put_lake_into(&bucket, &mut other);
    other.succeed(&["build"]);
    assert_eq!(other.value(TOTALS), plain.value(TOTALS));
    let again = other.succeed(&["ingest", "--json"]);
    let again: serde_json::Value = serde_json::from_str(&again).unwrap();
    assert_eq!(again["movies"]["fetched"], 0);
    assert_eq!(again["movies"]["fresh"], 60);
    let doctor = other.succeed(&["doctor"]);
    assert!(
        doctor.contains("s3://films/tmdb: 1 files of films"),
        "{doctor}"
    );
}

#[test]
fn a_load_takes_the_parts_of_a_bucket() {
    let api = Server::generated(60);
    let bucket = S3Server::start(BUCKET).unwrap();
    let Some(mut sandbox) = postgres::ingested(&api) else {
        return;
    };
    put_lake_into(&bucket, &mut sandbox);
    sandbox.succeed(&["ingest"]);
    let load = |target: &str| -> serde_json::Value {
        serde_json::from_str(&sandbox.succeed(&["load", "--json", "--target", target])).unwrap()
    };
    let (first, second) = (load("postgres"), load("postgres"));
    assert_ne!(first["rows"], 0);
    assert_eq!((&second["rows"], &second["files"]), (&0.into(), &0.into()));
}

#[test]
fn what_a_bucket_refuses_is_told_with_the_way_out() {
    let api = Server::generated(20);
    let bucket = S3Server::start(BUCKET).unwrap();
    let mut sandbox = Sandbox::with_api(&api);
    put_lake_into(&bucket, &mut sandbox);
    let check = |sandbox: &Sandbox, arguments: &[&str], expected: [&str; 2]| {
        let output = sandbox.filmstar(arguments).output().unwrap();
        let told = transcript(sandbox, &output);
        assert!(told.starts_with("exit code: 2"), "{told}");
        assert!(expected.iter().all(|text| told.contains(text)), "{told}");
        assert!(!told.contains("somebody-elses"), "{told}");
    };
    check(
        &sandbox,
        &["build"],
        [
            "error: there is nothing in the lake at `s3://films/tmdb`",
            "hint: run `filmstar ingest` first",
        ],
    );
    sandbox.set("FILMSTAR_STORAGE__LAKE", "s3://nowhere/tmdb".to_owned());
    check(
        &sandbox,
        &["ingest"],
        [
            "there is no bucket for `s3://nowhere/tmdb`",
            "hint: make the bucket first",
        ],
    );
    sandbox.set("FILMSTAR_STORAGE__LAKE", "s3://films".to_owned());
    sandbox.set("AWS_SECRET_ACCESS_KEY", "somebody-elses".to_owned());
    check(
        &sandbox,
        &["ingest"],
        [
            "the object store refuses the credential for `s3://films`",
            "hint: check AWS_ACCESS_KEY_ID",
        ],
    );
    sandbox.set("FILMSTAR_STORAGE__LAKE", "ftp://films/tmdb".to_owned());
    check(
        &sandbox,
        &["ingest"],
        [
            "`storage.lake` is neither a folder nor the address of one",
            "hint: it looks like `data/lake` or `s3://bucket/prefix`",
        ],
    );
}
