//! Builds are published while readers ask; `cargo xtask soak-pages` does so for minutes, with a browser.

use std::time::Duration;

use chrono::DateTime;
use warehouse::{
    Access, Builds, Postgres, Reader,
    postgres::{LoadOptions, ReleaseReader, Releases, load, suffix},
    testing::Server,
};

use super::{builds::publish, *};
use crate::PublishedReleases;

const N_BUILDS: i64 = 5;
const N_READERS: usize = 8;

#[tokio::test(flavor = "multi_thread")]
async fn a_swap_under_load_fails_nobody_and_mixes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let builds = Builds::open(folder.path()).unwrap();
    let reader = Reader::new(
        Builds::open(folder.path()).unwrap(),
        Access::ReadOnly,
        Settings::default(),
    );
    read_while(Arc::new(reader), move |number| {
        publish(&builds, &format!("build-{number}"), number);
        builds.prune(1, None).unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nor_does_one_on_postgres() {
    // The server is waited for on a thread that may wait.
    let found = tokio::task::spawn_blocking(|| {
        let settings = Server::shared()?.database();
        let postgres = Postgres::new(settings.clone()).unwrap();
        let options = LoadOptions { n_connections: 1 };
        load(&postgres, &[], options, &|| false, &|_| {}).unwrap();
        Some((settings, postgres))
    });
    let Some((mut settings, postgres)) = found.await.unwrap() else {
        return;
    };
    settings.session.search_path = vec!["main".to_owned()];
    settings.session.is_read_only = true;
    let published = PublishedReleases {
        reader: ReleaseReader::new(Postgres::new(settings).unwrap()),
        artifacts: PathBuf::new(),
    };
    let releases = Releases::new(postgres.clone());
    read_while(Arc::new(published), move |number| {
        let build_id = format!("build-{number}");
        let pending = releases.begin(&build_id, &["main".to_owned()]).unwrap();
        let fixture = include_str!("warehouse.sql");
        postgres
            .connect()
            .unwrap()
            .execute(&format!(
                "set search_path to \"main{}\"; {fixture}; delete from mart_movies where movie_id <= {number}",
                suffix(&build_id)
            ))
            .unwrap();
        let at = DateTime::from_timestamp(number, 0).unwrap();
        releases.publish(pending, at).unwrap();
        releases.prune(1, None).unwrap();
    })
    .await;
}

/// Readers ask while build after build is published, each with one film fewer, until they have met the last.
async fn read_while(published: Arc<dyn Published>, publish: impl Fn(i64) + Send + 'static) {
    let options = Options {
        published,
        dashboards: Some(pages_folder()),
        web: None,
        admission: Admission::default(),
        pictures: false,
        notice: None,
        limits: Limits::default(),
    };
    let router = App::new(options).unwrap().router();
    assert_eq!(
        get(&router, "/readyz").await.status,
        StatusCode::SERVICE_UNAVAILABLE
    );
    let publish = tokio::task::spawn_blocking(move || {
        publish(0);
        publish
    });
    let publish = publish.await.unwrap();
    let read_until_the_last = async |router: Router| {
        loop {
            let answered = get(&router, "/api/pages/genres/tiles/figures").await;
            assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
            let answer = answered.json();
            let number: i64 = answer["build_id"].as_str().unwrap()["build-".len()..]
                .parse()
                .unwrap();
            assert_eq!(
                (&answer["N"], &answer["rows"][0][0]),
                (&(59 - number).into(), &(59 - number).into())
            );
            if number == N_BUILDS {
                break;
            }
        }
    };
    let writer = tokio::task::spawn_blocking(move || (1..=N_BUILDS).for_each(publish));
    let readers = (0..N_READERS).map(|_| read_until_the_last(router.clone()));
    tokio::time::timeout(Duration::from_secs(120), futures::future::join_all(readers))
        .await
        .unwrap();
    writer.await.unwrap();
}
