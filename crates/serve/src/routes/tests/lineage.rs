use warehouse::{Access, Builds, Reader};

use super::{builds::publish, *};

/// Two models over a source, a test on each and one of their logic; what each is about is in its name.
const MANIFEST: &str = r#"{
  "metadata": {"dbt_version": "1.11.16"},
  "nodes": {
    "model.films.stg_movies": {
      "resource_type": "model", "name": "stg_movies", "fqn": ["films", "staging", "stg_movies"],
      "description": "Renamed.", "columns": {}, "raw_code": "select * from {{ source('tmdb', 'movies') }}",
      "compiled_code": "select * from raw.movies", "depends_on": {"nodes": ["source.films.tmdb.movies"]},
      "config": {"materialized": "view"}, "access": "private", "group": "preparation"
    },
    "model.films.mart_movies": {
      "resource_type": "model", "name": "mart_movies", "fqn": ["films", "marts", "mart_movies"],
      "description": "One row per film.",
      "columns": {
        "movie_id": {"name": "movie_id", "description": "Its id.", "data_type": "bigint"},
        "budget_usd": {"name": "budget_usd", "description": "Its budget.", "data_type": null}
      },
      "raw_code": "select * from {{ ref('stg_movies') }}", "compiled_code": "select * from staging.stg_movies",
      "depends_on": {"nodes": ["model.films.stg_movies"]},
      "config": {"materialized": "table"}, "access": "public", "group": "marts"
    },
    "test.films.not_null_mart_movies_movie_id.aa": {
      "resource_type": "test", "name": "not_null_mart_movies_movie_id", "column_name": "movie_id",
      "attached_node": "model.films.mart_movies", "depends_on": {"nodes": ["model.films.mart_movies"]},
      "config": {"severity": "ERROR"}, "test_metadata": {"name": "not_null"}
    },
    "test.films.no_budget_is_odd": {
      "resource_type": "test", "name": "no_budget_is_odd", "config": {"severity": "warn"},
      "depends_on": {"nodes": ["model.films.stg_movies", "model.films.mart_movies"]}
    }
  },
  "sources": {
    "source.films.tmdb.movies": {
      "resource_type": "source", "name": "movies", "source_name": "tmdb", "fqn": ["films", "staging", "tmdb", "movies"],
      "description": "What TMDB said.", "raw_code": ""
    }
  },
  "exposures": {
    "exposure.films.box_office": {
      "resource_type": "exposure", "name": "box_office", "depends_on": {"nodes": ["model.films.stg_movies"]}
    }
  },
  "unit_tests": {
    "unit_test.films.stg_movies.names_are_kept": {
      "resource_type": "unit_test", "name": "names_are_kept", "depends_on": {"nodes": ["model.films.stg_movies"]}
    }
  }
}"#;

const RESULTS: &str = r#"{
  "metadata": {"invocation_started_at": "2026-11-24T08:30:00Z"},
  "elapsed_time": 90.5,
  "results": [
    {"unique_id": "model.films.stg_movies", "status": "success", "execution_time": 0.25, "message": "CREATE VIEW"},
    {"unique_id": "model.films.mart_movies", "status": "success", "execution_time": 1.5, "message": "CREATE TABLE"},
    {"unique_id": "test.films.not_null_mart_movies_movie_id.aa", "status": "pass", "failures": 0, "message": null},
    {"unique_id": "test.films.no_budget_is_odd", "status": "warn", "failures": 3, "message": "Got 3 results"}
  ]
}"#;

struct Project {
    builds: Builds,
    router: Router,
    _folder: tempfile::TempDir,
}

impl Project {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let open = || Builds::open(folder.path()).unwrap();
        let options = Options {
            published: Arc::new(Reader::new(open(), Access::ReadOnly, Settings::default())),
            dashboards: Some(pages_folder()),
            web: None,
            admission: Admission::default(),
            pictures: false,
            notice: None,
            limits: Limits::default(),
        };
        Self {
            builds: open(),
            router: App::new(options).unwrap().router(),
            _folder: folder,
        }
    }

    fn leave(&self, build_id: &str, files: &[(&str, &str)]) {
        let artifacts = self.builds.artifacts(build_id);
        fs_err::create_dir_all(&artifacts).unwrap();
        for (name, content) in files {
            fs_err::write(artifacts.join(name), content).unwrap();
        }
    }

    async fn get(&self, path: &str) -> Value {
        let answered = get(&self.router, path).await;
        assert_eq!(answered.status, StatusCode::OK, "{path}: {}", answered.body);
        answered.json()
    }
}

fn files() -> [(&'static str, &'static str); 2] {
    [("manifest.json", MANIFEST), ("run_results.json", RESULTS)]
}

#[tokio::test]
async fn models_come_with_what_they_read_and_how_their_tests_went() {
    let project = Project::new();
    publish(&project.builds, "first", 0);
    project.leave("first", &files());
    let answer = project.get("/api/models").await;
    assert_eq!(answer["build_id"], "first");
    let models = answer["models"].as_array().unwrap();
    let names: Vec<_> = models.iter().map(|model| &model["name"]).collect();
    assert_eq!(names, ["mart_movies", "stg_movies", "tmdb.movies"]);
    assert_eq!(
        models[0],
        serde_json::json!({
            "name": "mart_movies", "layer": "marts", "kind": "model", "materialized": "table", "group": "marts",
            "access": "public", "description": "One row per film.", "depends_on": ["stg_movies"], "seconds": 1.5,
            "is_public": true, "tests": {"pass": 1, "warn": 1, "fail": 0, "skip": 0}
        })
    );
    assert_eq!(
        (
            &models[2]["layer"],
            &models[2]["kind"],
            &models[2]["seconds"]
        ),
        (&"sources".into(), &"source".into(), &Value::Null)
    );
    let pages = answer["pages"].as_array().unwrap();
    let box_office = pages.iter().find(|page| page["name"] == "box-office");
    assert_eq!(
        box_office.unwrap()["depends_on"],
        serde_json::json!(["mart_movies", "stg_movies"]),
        "its tiles read one, its exposure says the other"
    );
}

#[tokio::test]
async fn a_model_shows_columns_tests_and_sql() {
    let project = Project::new();
    publish(&project.builds, "first", 0);
    project.leave("first", &files());
    let model = project.get("/api/models/mart_movies").await;
    assert_eq!(
        model["columns"],
        serde_json::json!([
            {"name": "movie_id", "type": "bigint", "description": "Its id.", "tests": ["not_null"]},
            {"name": "budget_usd", "type": null, "description": "Its budget.", "tests": []}
        ]),
        "as the project orders them"
    );
    assert_eq!(
        model["tests"],
        serde_json::json!([
            {"name": "no_budget_is_odd", "column": null, "severity": "warn", "status": "warn", "failures": 3,
             "message": "Got 3 results"},
            {"name": "not_null_mart_movies_movie_id", "column": "movie_id", "severity": "error", "status": "pass",
             "failures": 0, "message": null}
        ])
    );
    assert_eq!(model["compiled_sql"], "select * from staging.stg_movies");
    assert!(
        model["pages"]
            .as_array()
            .unwrap()
            .contains(&"genres".into())
    );

    let staged = project.get("/api/models/stg_movies").await;
    assert_eq!(staged["referenced_by"], serde_json::json!(["mart_movies"]));
    assert_eq!(staged["depends_on"], serde_json::json!(["tmdb.movies"]));
    let tests = staged["tests"].as_array().unwrap();
    let logic = tests.iter().find(|test| test["name"] == "names_are_kept");
    assert_eq!(
        logic.unwrap()["status"],
        "not run",
        "the results do not say"
    );

    let lost = get(&project.router, "/api/models/mart_movie").await;
    assert_eq!(lost.status, StatusCode::NOT_FOUND);
    assert_eq!(lost.json()["valid"][0], Value::Null);
    assert!(
        lost.json()["hint"]
            .as_str()
            .unwrap()
            .starts_with("one of: mart_movies"),
        "{}",
        lost.body
    );
}

#[tokio::test]
async fn a_newer_build_brings_its_own_models() {
    let project = Project::new();
    publish(&project.builds, "first", 0);
    project.leave("first", &files());
    let answer = project.get("/api/models").await;
    assert_eq!(answer["models"].as_array().unwrap().len(), 3);
    publish(&project.builds, "second", 0);
    project.leave(
        "second",
        &[(
            "manifest.json",
            &MANIFEST.replace("stg_movies", "stg_films"),
        )],
    );
    let answer = project.get("/api/models").await;
    assert_eq!(answer["models"][1]["name"], "stg_films");
    assert_eq!(answer["models"][1]["seconds"], Value::Null);
}

#[tokio::test]
async fn without_artifacts_the_hint_says_where_they_are() {
    let project = Project::new();
    publish(&project.builds, "first", 0);
    let check = async |expected: &str| {
        let answered = get(&project.router, "/api/models").await;
        assert_eq!(answered.status, StatusCode::NOT_FOUND);
        let problem = answered.json();
        let told = problem["detail"].as_str().unwrap();
        assert!(told.contains(expected), "{told}");
        assert!(
            problem["hint"]
                .as_str()
                .unwrap()
                .contains("copy the build's folder `target`")
        );
    };
    check("there is no `manifest.json`").await;
    project.leave("first", &[("manifest.json", "{\"nodes\": ")]);
    check("`manifest.json` cannot be read: EOF").await;
}

#[tokio::test]
async fn runs_tell_how_each_build_went_and_nothing_else() {
    let project = Project::new();
    assert_eq!(
        project.get("/api/runs").await["runs"],
        serde_json::json!([])
    );
    publish(&project.builds, "1-published", 0);
    project.leave("1-published", &files());
    publish(&project.builds, "2-withdrawn", 0);
    project.builds.rollback().unwrap();
    let failed = project.builds.begin("3-failed").unwrap();
    let results = RESULTS.replace("\"pass\"", "\"fail\"");
    project.leave("3-failed", &[("run_results.json", &results)]);
    let runs = project.get("/api/runs").await["runs"].clone();
    let runs = runs.as_array().unwrap();
    let told = |run: &Value| {
        ["build_id", "status", "is_current", "started_at", "n_models"].map(|key| run[key].clone())
    };
    let start = Value::from("2026-11-24T08:30:00Z");
    let expected = [
        [
            "3-failed".into(),
            "failed".into(),
            false.into(),
            start.clone(),
            2.into(),
        ],
        [
            "2-withdrawn".into(),
            "withdrawn".into(),
            false.into(),
            Value::Null,
            Value::Null,
        ],
        [
            "1-published".into(),
            "published".into(),
            true.into(),
            start,
            2.into(),
        ],
    ];
    assert_eq!(runs.iter().map(told).collect::<Vec<_>>(), expected);
    assert_eq!(
        (&runs[2]["finished_at"], &runs[2]["seconds"]),
        (&"2026-11-24T08:31:30.500Z".into(), &90.5.into())
    );
    assert_eq!(
        runs[2]["tests"],
        serde_json::json!({"pass": 1, "warn": 1, "fail": 0, "skip": 0})
    );
    assert_eq!(runs[1]["tests"], Value::Null);
    assert_eq!(
        runs[0]["failures"],
        serde_json::json!([
            {"name": "not_null_mart_movies_movie_id", "status": "fail", "message": ""},
            {"name": "no_budget_is_odd", "status": "warn", "message": "Got 3 results"}
        ])
    );
    drop(failed);
    let again = project.builds.begin("4-killed").unwrap();
    let runs = project.get("/api/runs").await["runs"].clone();
    assert_eq!(
        (&runs[0]["build_id"], &runs[0]["status"]),
        (&"4-killed".into(), &"unfinished".into())
    );
    assert_eq!(
        runs.as_array().unwrap().len(),
        3,
        "the failed one is cleared away"
    );
    drop(again);
}

#[tokio::test]
async fn runs_are_told_from_their_account_with_what_became_of_their_builds() {
    use warehouse::history::{NodeResult, Run, RunStatus};

    let project = Project::new();
    let history = project.builds.history().unwrap();
    let account = |run_id: &str, status, build_id: Option<&str>, error: Option<&str>| {
        let mut run = Run {
            run_id: run_id.to_owned(),
            command: "up".to_owned(),
            build_id: build_id.map(str::to_owned),
            ..Run::default()
        };
        let account = history.begin(&run).unwrap();
        let result = NodeResult {
            run_id: run_id.to_owned(),
            name: "is_odd".to_owned(),
            status: "warn".to_owned(),
            ..NodeResult::default()
        };
        account.node_results(&[result]).unwrap();
        (run.status, run.is_published) = (status, Some(build_id.is_some()));
        (run.n_tests, run.n_test_warnings) = (Some(9), Some(1));
        run.error = error.map(str::to_owned);
        if status != RunStatus::Killed {
            account.run(&run).unwrap();
        }
    };
    publish(&project.builds, "0", 0);
    publish(&project.builds, "2-build", 0);
    account("1", RunStatus::Succeeded, Some("gone"), None);
    account("2", RunStatus::Succeeded, Some("2-build"), None);
    account("3", RunStatus::Failed, None, Some("no answer"));
    account("4", RunStatus::Killed, None, None);
    let told = async || {
        let runs = project.get("/api/runs").await["runs"].clone();
        let line = |run: &Value| {
            let text = |name: &str| run[name].as_str().unwrap_or("-").to_owned();
            let parts = [
                text("run_id"),
                text("build_id"),
                text("status"),
                text("error"),
            ];
            format!("{} {}", parts.join(" "), run["is_current"])
        };
        let told: Vec<_> = runs.as_array().unwrap().iter().map(line).collect();
        assert_eq!(runs[1]["failures"][0]["name"], "is_odd");
        assert_eq!(runs[1]["tests"]["pass"], 8);
        told
    };
    let killed = "4 - killed its process was killed, or the machine went down false";
    let failed = "3 - failed no answer false";
    assert_eq!(
        told().await,
        [
            killed,
            failed,
            "2 2-build published - true",
            "1 gone published - false",
            "- 0 published - false"
        ]
    );
    let page = get(&project.router, "/pages/genres").await.body;
    let notice = "The last run was broken off at 1970-01-01 00:00 UTC; these pages show the build of 1970-01-01";
    assert!(page.contains(notice), "{page}");
    project.builds.rollback().unwrap();
    assert_eq!(
        told().await,
        [
            killed,
            failed,
            "2 2-build withdrawn - false",
            "1 gone published - false",
            "- 0 published - true"
        ]
    );
}
