use super::*;
use crate::{
    catalogue::{BudgetClass, Country, Genre, Language},
    page::load_pages,
    routes::tests::pages_folder,
};

fn read(page: &str, query: &[(&str, &str)]) -> Result<Selection> {
    let pages = load_pages(&pages_folder()).unwrap();
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
        countries: vec![Country {
            code: "FR".into(),
            name: "France".into(),
            n_movies: 9,
        }],
        budget_classes: ["low", "mid", "tent-pole"]
            .map(|name| BudgetClass {
                name: name.into(),
                label: name.into(),
                n_movies: 9,
            })
            .into(),
        default_budget_floor_usd: Some(100_000),
        cpi_base_year: Some(2025),
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
    assert_eq!(selection.years, Some((1980, 2025)));
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
    assert_eq!(selection.years, Some((1990, 2016)));
    assert_eq!(
        (selection.language.as_deref(), selection.genre),
        (Some("en"), Some(18))
    );
    assert_eq!(selection.money, Money::Nominal);
    assert_eq!(
        read("genres", &[("years", "1994")]).unwrap().years,
        Some((1994, 1994))
    );
}

#[test]
fn what_cannot_be_is_named_with_what_can() {
    assert_eq!(
        refusal("people", "min_filmz", "3"),
        "no parameter `min_filmz`; one of: years, language, genre, genre_policy, min_films, sort"
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
    assert_eq!(
        refusal("genres", "budget_class", "low,huge"),
        "`huge` is not a value of `budget_class`; one of: low, mid, tent-pole"
    );
    assert_eq!(
        refusal("genres", "genre_policy", "first"),
        "`first` is not a value of `genre_policy`; one of: any, primary"
    );
    for number in ["-1", "1e6", "1.5", "9999999999999", "٣"] {
        assert_eq!(
            refusal("genres", "votes_floor", number),
            format!("`{number}` is not a value of `votes_floor`; expected a whole number")
        );
    }
    for years in ["2016-1990", "90-95", "1990-", "-5", "99999999999999999999"] {
        assert!(
            refusal("genres", "years", years).contains("like `1990-2016`"),
            "{years}"
        );
    }
}

#[test]
fn what_a_page_does_not_offer_does_not_narrow_it() {
    let selection = read("movie", &[("id", "7")]).unwrap();
    assert_eq!((selection.years, selection.chosen), (None, Vec::new()));
    assert_eq!(selection.parameters["id"], Value::Int(7));
}

#[test]
fn the_same_classes_in_another_order_are_the_same_question() {
    let one = read("genres", &[("budget_class", "tent-pole,low")]).unwrap();
    let other = read("genres", &[("budget_class", "low,tent-pole,low")]).unwrap();
    assert_eq!(one, other);
}
