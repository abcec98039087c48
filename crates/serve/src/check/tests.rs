use warehouse::{DuckDb, Settings, Warehouse};

use super::*;
use crate::routes::tests::pages_folder;

/// The tests' pages, with one file of one of them written anew.
fn inspection(file: &str, text: impl Fn(String) -> String) -> Inspection {
    let folder = tempfile::tempdir().unwrap();
    for page in fs_err::read_dir(pages_folder()).unwrap() {
        let page = page.unwrap();
        let copy = folder.path().join(page.file_name());
        fs_err::create_dir(&copy).unwrap();
        for file in fs_err::read_dir(page.path()).unwrap() {
            let file = file.unwrap();
            fs_err::copy(file.path(), copy.join(file.file_name())).unwrap();
        }
    }
    let path = folder.path().join(file);
    let changed = text(fs_err::read_to_string(&path).unwrap());
    fs_err::write(&path, changed).unwrap();
    Inspection::begin(Some(folder.path()))
}

fn bound(file: &str, text: impl Fn(String) -> String) -> Vec<String> {
    let mut connection = DuckDb::in_memory(&Settings::default())
        .unwrap()
        .connect()
        .unwrap();
    connection
        .execute(include_str!("../routes/tests/warehouse.sql"))
        .unwrap();
    let mut inspection = inspection(file, text);
    inspection.bind(connection.as_mut()).unwrap();
    inspection
        .problems
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[test]
fn sound_pages_are_found_sound() {
    let none: Vec<String> = Vec::new();
    assert_eq!(bound("find/page.yml", |text| text), none);
    assert!(Inspection::begin(None).pages.len() > 3);
}

#[test]
fn what_the_database_says_is_told_with_the_line_of_the_file() {
    let file = "genres/returns.sql";
    let text = fs_err::read_to_string(pages_folder().join(file)).unwrap();
    let line = |word: &str| text.lines().position(|line| line.contains(word)).unwrap() + 1;

    let problems = bound(file, |text| {
        text.replace(
            "order by movies.roi) as q1_roi",
            "order by movies.rio) as q1_roi",
        )
    });
    let place = format!("{file}:{}: ", line("as q1_roi"));
    assert!(
        problems[0].starts_with(&place) && problems[0].contains("rio"),
        "{problems:?}"
    );

    let problems = bound(file, |text| {
        text.replace("inner join dim_genres", "inner join dim_genre")
    });
    let place = format!("{file}:{}: ", line("inner join dim_genres"));
    assert!(
        problems[0].starts_with(&place) && problems[0].contains("dim_genre"),
        "{problems:?}"
    );
    assert!(!problems[0].contains("LINE"), "{problems:?}");

    let problems = bound("genres/catalogue.sql", |text| {
        text.replace("from movies", "from movies where nope")
    });
    assert!(
        problems[0].starts_with("genres/catalogue.sql:4: "),
        "{problems:?}"
    );
}

#[test]
fn a_header_says_what_its_query_gives() {
    let file = "genres/catalogue.sql";
    for (sql, problem) in [
        (
            "select 1 as n_movie",
            "genres/catalogue.sql:1: the query gives no column `n_movies`, which its header declares (hint: did you mean `n_movie`?)",
        ),
        (
            "select 1 as n_movies, 2 as m",
            "genres/catalogue.sql:1: the header does not declare the column `m` (hint: add it, with `hidden: true` if only the drawing needs it)",
        ),
        (
            "select 'a' as n_movies",
            "genres/catalogue.sql:1: the format of column `n_movies` does not suit its values (hint: formats: dashboards/README.md)",
        ),
    ] {
        let problems = bound(file, |text| {
            let (header, _) = text.split_once("select").unwrap();
            format!("{header}{sql}")
        });
        assert_eq!(problems, [problem]);
    }
}

#[test]
fn exposures_name_what_pages_read() {
    let mut inspection = inspection("find/page.yml", |text| text);
    inspection.expose(
        "exposures:
  - name: genres
    depends_on: [ref('mart_movies'), ref('dim_genres'), ref('mart_year')]
  - name: box_office
    depends_on:
      - ref('mart_movies')
  - name: movie
    depends_on: [ref('mart_movies'), ref('bridge_movies_genres'), ref('dim_genres')]
  - name: find
    depends_on: [ref('mart_search')]
",
    );
    let problems: Vec<String> = inspection
        .problems
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        problems,
        [
            "dbt/models/exposures.yml: page `people` has no exposure (hint: add one named `people` that depends on mart_movies, mart_person_films)",
            "dbt/models/exposures.yml:2: exposure `genres` does not name `bridge_movies_genres`, which its page reads (hint: add `- ref('bridge_movies_genres')`)",
            "dbt/models/exposures.yml:2: exposure `genres` names `mart_year`, which its page does not read (hint: delete `- ref('mart_year')`)",
        ]
    );
}
