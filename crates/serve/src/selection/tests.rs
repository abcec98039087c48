use super::*;
use crate::{
    catalogue::{Genre, Language},
    page::embedded_pages,
};

fn read(page: &str, query: &[(&str, &str)]) -> Result<Selection> {
    let pages = embedded_pages().unwrap();
    let page = pages
        .iter()
        .find(|candidate| candidate.name == page)
        .unwrap();
    let catalogue = Catalogue {
        as_of: None,
        years: (1902, 2026),
        default_years: (1980, 2025),
        languages: vec![Language {
            code: "en".into(),
            name: "English".into(),
            n_movies: 9,
        }],
        genres: vec![Genre {
            id: 18,
            name: "Drama".into(),
            n_movies: 9,
        }],
    };
    let pairs: Vec<_> = query
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    Selection::read(page, &catalogue, &pairs)
}

fn refusal(page: &str, name: &str, value: &str) -> String {
    let error = read(page, &[(name, value)]).unwrap_err();
    format!("{error}; {}", error.hint().unwrap_or_default())
}

#[test]
fn an_empty_address_means_the_defaults() {
    let selection = read("people", &[("language", ""), ("min_films", "")]).unwrap();
    assert_eq!(selection.years, (1980, 2025));
    assert_eq!((selection.language, selection.genre), (None, None));
    assert_eq!(selection.parameters["min_films"], Value::Int(5));
}

#[test]
fn filters_and_switches_are_read() {
    let query = [
        ("years", "1990-2016"),
        ("language", "en"),
        ("genre", "18"),
        ("money", "nominal"),
    ];
    let selection = read("box-office", &query).unwrap();
    assert_eq!(selection.years, (1990, 2016));
    assert_eq!(
        (selection.language.as_deref(), selection.genre),
        (Some("en"), Some(18))
    );
    assert_eq!(selection.parameters["money"], Value::Text("nominal".into()));
    assert_eq!(
        read("genres", &[("years", "1994")]).unwrap().years,
        (1994, 1994)
    );
}

#[test]
fn what_cannot_be_is_named_with_what_can() {
    assert_eq!(
        refusal("people", "min_filmz", "3"),
        "no parameter `min_filmz`; one of: years, language, genre, min_films"
    );
    assert_eq!(
        refusal("people", "min_films", "0"),
        "`0` is not a value of `min_films`; expected 1 to 30"
    );
    assert_eq!(
        refusal("box-office", "money", "euro"),
        "`euro` is not a value of `money`; one of: real, nominal"
    );
    assert_eq!(
        refusal("genres", "genre", "18 or 1=1"),
        "`18 or 1=1` is not a value of `genre`; expected 18 (Drama)"
    );
    assert_eq!(
        refusal("genres", "language", "EN"),
        "`EN` is not a value of `language`; expected en"
    );
    for years in ["2016-1990", "90-95", "1990-", "-5", "99999999999999999999"] {
        assert!(
            refusal("genres", "years", years).contains("like `1990-2016`"),
            "{years}"
        );
    }
}
