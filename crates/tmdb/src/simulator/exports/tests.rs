use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::Value;

use crate::simulator::{Catalogue, Options, Simulator};
use crate::{Error, Export, Exports, Patience};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

async fn start(catalogue: Catalogue) -> (Simulator, Exports) {
    let options = Options {
        clock: "2026-07-31T09:00:00Z*0".parse().unwrap(),
        ..Options::new(catalogue)
    };
    let simulator = Simulator::start(options).await.unwrap();
    let patience = Patience::default();
    let exports =
        Exports::new(&simulator.exports_url(), &patience, crate::Clock::default()).unwrap();
    (simulator, exports)
}

async fn read(
    exports: &Exports,
    export: Export,
    day: NaiveDate,
) -> Result<BTreeMap<i64, Value>, Error> {
    let mut file = exports.open(export, day).await?;
    let mut things = BTreeMap::new();
    let mut last = 0;
    while let Some(lines) = file.next().await? {
        for line in lines {
            assert_eq!(line.rejected, None, "{}", line.text);
            assert!(line.id > last, "{} comes after {last}", line.id);
            last = line.id;
            things.insert(line.id, serde_json::from_str(&line.text).unwrap());
        }
    }
    Ok(things)
}

fn popularity(thing: &Value) -> f64 {
    thing["popularity"].as_f64().unwrap()
}

#[tokio::test]
async fn a_generated_catalogue_is_listed_whole_and_drifts_from_day_to_day() {
    let (simulator, exports) = start(Catalogue::Generated {
        films: 700,
        seed: 3,
    })
    .await;
    let today = read(&exports, Export::Movies, day("2026-07-31"))
        .await
        .unwrap();
    let again = read(&exports, Export::Movies, day("2026-07-31"))
        .await
        .unwrap();
    assert_eq!(today, again);
    let mut keys: Vec<_> = today[&5].as_object().unwrap().keys().collect();
    keys.sort();
    assert_eq!(
        keys,
        ["adult", "id", "original_title", "popularity", "video"]
    );
    // Adult films have a file of their own.
    let url = |name: &str| format!("{}{name}_07_31_2026.json.gz", simulator.exports_url());
    let adult = reqwest::get(url("adult_movie_ids")).await.unwrap();
    let packed = adult.bytes().await.unwrap();
    let mut text = String::new();
    let mut decoder = flate2::read::MultiGzDecoder::new(&*packed);
    std::io::Read::read_to_string(&mut decoder, &mut text).unwrap();
    assert_eq!(today.len() + text.lines().count(), 700);
    assert!(today.values().all(|film| film["adult"] == false));

    let before = read(&exports, Export::Movies, day("2026-07-30"))
        .await
        .unwrap();
    assert!(today.keys().eq(before.keys()));
    let mut ratios: Vec<f64> = today
        .iter()
        .map(|(id, film)| popularity(film) / popularity(&before[id]))
        .collect();
    ratios.sort_by(f64::total_cmp);
    assert!(ratios[0] < 0.95, "{ratios:?}");
    assert!(
        (0.97..1.03).contains(&ratios[ratios.len() / 2]),
        "{ratios:?}"
    );
    // Somebody is in the news.
    assert!(ratios[ratios.len() - 1] > 1.3, "{ratios:?}");
}

#[tokio::test]
async fn everybody_who_has_a_page_is_listed() {
    let (simulator, exports) = start(Catalogue::Generated { films: 40, seed: 3 }).await;
    let people = read(&exports, Export::People, day("2026-07-31"))
        .await
        .unwrap();
    assert!(people.len() > 4_000, "{}", people.len());
    let last = *people.keys().last().unwrap();
    for id in (1_000..1_400).chain(last - 200..last + 200) {
        let url = format!("{}/person/{id}?api_key=any", simulator.url());
        let answer = reqwest::get(url).await.unwrap();
        assert_eq!(answer.status() == 200, people.contains_key(&id), "{id}");
        if let Some(listed) = people.get(&id) {
            let page: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
            assert_eq!(page["name"], listed["name"]);
            let ratio = popularity(listed) / popularity(&page);
            assert!((0.7..8.0).contains(&ratio), "{id}: {ratio}");
        }
    }
}

#[tokio::test]
async fn days_are_there_from_eight_oclock_for_three_months() {
    let (_simulator, exports) = start(Catalogue::Generated { films: 3, seed: 3 }).await;
    for (asked, is_there) in [
        ("2026-08-01", false),
        ("2026-07-31", true),
        ("2026-05-03", true),
        ("2026-05-02", false),
    ] {
        let found = read(&exports, Export::Movies, day(asked)).await;
        match found {
            Ok(_) => assert!(is_there, "{asked}"),
            Err(error) => {
                assert!(!is_there, "{asked}: {error}");
                assert!(matches!(error, Error::NoExport { .. }), "{error}");
            }
        }
    }
    let morning = "2026-07-31T07:59:00Z".parse().unwrap();
    assert!(!super::is_kept(day("2026-07-31"), morning));
    assert!(super::is_kept(day("2026-07-30"), morning));
    for name in [
        "tv_ids_07_31_2026.json.gz",
        "movie_ids_2026-07-31.json.gz",
        "x",
        "é.json.gz",
    ] {
        assert!(super::parse(name).is_none(), "{name}");
    }
}

#[tokio::test]
async fn a_replayed_catalogue_lists_its_films_and_everybody_credited() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bodies.jsonl");
    let bodies = [
        r#"{"id":9,"title":"Nine","original_title":"Neuf","popularity":2.5,"credits":{"cast":[{"id":70,"name":"A","popularity":3}],"crew":[{"id":60,"name":"B"}]}}"#,
        r#"{"id":7,"title":"Seven","popularity":1}"#,
        r#"{"id":60,"name":"B. B.","popularity":4.25}"#,
    ];
    std::fs::write(&path, bodies.join("\n")).unwrap();
    let (_simulator, exports) = start(Catalogue::Replay { path }).await;
    let films = read(&exports, Export::Movies, day("2026-07-31"))
        .await
        .unwrap();
    let titles: Vec<_> = films
        .values()
        .map(|film| film["original_title"].as_str().unwrap())
        .collect();
    assert_eq!(titles, ["Seven", "Neuf"]);
    let people = read(&exports, Export::People, day("2026-07-31"))
        .await
        .unwrap();
    let names: Vec<_> = people
        .iter()
        .map(|(id, person)| (*id, person["name"].as_str().unwrap()))
        .collect();
    assert_eq!(names, [(60, "B. B."), (70, "A")]);
    assert!((2.0..8.5).contains(&popularity(&people[&60])));
}
