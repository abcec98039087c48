//! A selection as a reader would say it.

use warehouse::Value;

use super::{Chosen, Money, Selection, default};
use crate::{
    catalogue::Catalogue,
    page::{Page, Parameter, Values},
};

/// What is not at its default, in the order of the controls.
pub(super) fn chosen(selection: &Selection, page: &Page, catalogue: &Catalogue) -> Vec<Chosen> {
    let years = selection
        .years
        .filter(|years| *years != catalogue.default_years);
    let mut chosen: Vec<Chosen> = years.map(self::years).into_iter().collect();
    let mut say = |name: &str, label: &str, value: Option<String>| {
        chosen.extend(value.map(|value| Chosen {
            name: name.to_owned(),
            label: label.to_owned(),
            value,
        }));
    };
    say("genre", "Genre", genre(selection, catalogue));
    let language = catalogue
        .languages
        .iter()
        .find(|language| Some(&language.code) == selection.language.as_ref());
    say(
        "language",
        "Original language",
        language.map(|language| language.name.clone()),
    );
    let country = catalogue
        .countries
        .iter()
        .find(|country| Some(&country.code) == selection.country.as_ref());
    say(
        "country",
        "Country of origin",
        country.map(|country| country.name.clone()),
    );
    say(
        "budget_class",
        "Budget class",
        classes(selection, catalogue),
    );
    let floor = selection.budget_floor_usd;
    say(
        "budget_floor",
        "Smallest budget",
        floor.map(|floor| format!("${}", grouped(floor))),
    );
    let votes = selection.votes_floor;
    say(
        "votes_floor",
        "Fewest votes",
        (votes > 0).then(|| grouped(votes)),
    );
    let is_nominal = selection.money == Money::Nominal;
    say(
        "money",
        "Money",
        is_nominal.then(|| money(selection.money, catalogue)),
    );
    for parameter in &page.parameters {
        let value = selection.parameters.get(&parameter.name);
        let value = value.filter(|value| **value != default(parameter));
        say(
            &parameter.name,
            &parameter.label,
            value.map(|value| label(parameter, value)),
        );
    }
    chosen
}

/// A title with `{money}` and `{parameter}` replaced by the labels of what is chosen.
pub(crate) fn filled(
    text: &str,
    selection: &Selection,
    page: &Page,
    catalogue: &Catalogue,
) -> String {
    let mut text = text.replace("{money}", &money(selection.money, catalogue));
    for parameter in &page.parameters {
        let value = selection.parameters.get(&parameter.name);
        let label = value.map_or_else(String::new, |value| label(parameter, value));
        text = text.replace(&format!("{{{}}}", parameter.name), &label);
    }
    text
}

/// What `{money}` in a title stands for.
pub(crate) fn money(money: Money, catalogue: &Catalogue) -> String {
    match (money, catalogue.cpi_base_year) {
        (Money::Nominal, _) => "nominal dollars".to_owned(),
        (Money::Real, Some(year)) => format!("real {year} dollars"),
        (Money::Real, None) => "real dollars".to_owned(),
    }
}

pub(super) fn years((from, to): (i64, i64)) -> Chosen {
    let value = if from == to {
        from.to_string()
    } else {
        format!("{from}–{to}")
    };
    Chosen {
        name: "years".to_owned(),
        label: "Release years".to_owned(),
        value,
    }
}

fn genre(selection: &Selection, catalogue: &Catalogue) -> Option<String> {
    let genre = catalogue
        .genres
        .iter()
        .find(|genre| Some(genre.id) == selection.genre)?;
    Some(if selection.is_primary_genre {
        format!("{} as the first genre", genre.name)
    } else {
        genre.name.clone()
    })
}

fn classes(selection: &Selection, catalogue: &Catalogue) -> Option<String> {
    let is_chosen = |name: &String| selection.budget_classes.contains(name);
    let labels: Vec<&str> = catalogue
        .budget_classes
        .iter()
        .filter(|class| is_chosen(&class.name))
        .map(|class| class.label.as_str())
        .collect();
    (!labels.is_empty()).then(|| labels.join(", "))
}

fn label(parameter: &Parameter, value: &Value) -> String {
    match (&parameter.values, value) {
        (Values::Options { options }, Value::Text(value)) => options
            .iter()
            .find(|option| option.value == *value)
            .map_or_else(|| value.clone(), |option| option.label.clone()),
        (_, Value::Int(value)) => grouped(*value),
        _ => String::new(),
    }
}

/// `1234567` as `1,234,567`.
fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(|group| std::str::from_utf8(group).unwrap_or_default())
        .collect();
    let sign = if number < 0 { "−" } else { "" };
    format!("{sign}{}", groups.join(","))
}
