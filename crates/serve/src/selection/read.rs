//! One value of an address, or what it could have been.

use warehouse::Value;

use crate::{
    Error, Result,
    catalogue::Catalogue,
    page::{Parameter, Values},
};

fn bad(name: &str, value: &str, valid: Vec<String>) -> Error {
    Error::BadValue {
        name: name.to_owned(),
        value: value.chars().take(80).collect(),
        valid,
    }
}

pub(super) fn years(value: &str) -> Result<(i64, i64)> {
    let year = |text: &str| {
        text.parse()
            .ok()
            .filter(|year| (1000..=9999).contains(year))
    };
    let (from, to) = value.split_once('-').unwrap_or((value, value));
    match (year(from), year(to)) {
        (Some(from), Some(to)) if from <= to => Ok((from, to)),
        _ => Err(bad(
            "years",
            value,
            vec!["two years, the earlier one first, like `1990-2016`".to_owned()],
        )),
    }
}

pub(super) fn genre(catalogue: &Catalogue, value: &str) -> Result<i64> {
    let known = catalogue
        .genres
        .iter()
        .find(|genre| genre.id.to_string() == value);
    let valid = || {
        catalogue
            .genres
            .iter()
            .map(|genre| format!("{} ({})", genre.id, genre.name))
            .collect()
    };
    known
        .map(|genre| genre.id)
        .ok_or_else(|| bad("genre", value, valid()))
}

pub(super) fn one_of<'a>(name: &str, value: &'a str, valid: &[&str]) -> Result<&'a str> {
    let valid = valid.iter().copied();
    if valid.clone().any(|known| known == value) {
        return Ok(value);
    }
    Err(bad(name, value, valid.map(str::to_owned).collect()))
}

pub(super) fn code<'c>(
    name: &str,
    value: &str,
    known: impl Iterator<Item = &'c str>,
) -> Result<String> {
    let known: Vec<&str> = known.collect();
    one_of(name, value, &known).map(str::to_owned)
}

/// In the order of the classes, so that the same choice is the same question.
pub(super) fn budget_classes(catalogue: &Catalogue, value: &str) -> Result<Vec<String>> {
    let known: Vec<&str> = catalogue
        .budget_classes
        .iter()
        .map(|class| class.name.as_str())
        .collect();
    let asked = value
        .split(',')
        .map(|name| one_of("budget_class", name, &known))
        .collect::<Result<Vec<&str>>>()?;
    let is_asked = |class: &&str| asked.contains(class);
    Ok(known
        .into_iter()
        .filter(is_asked)
        .map(str::to_owned)
        .collect())
}

pub(super) fn whole_number(name: &str, value: &str) -> Result<i64> {
    let is_plain = value.bytes().all(|byte| byte.is_ascii_digit());
    // TMDB's ids, votes and dollars have fewer digits, and both engines add to such a number without an overflow.
    let number = value.parse().ok().filter(|_| is_plain && value.len() <= 12);
    number.ok_or_else(|| bad(name, value, vec!["a whole number".to_owned()]))
}

pub(super) fn parameter(parameter: &Parameter, value: &str) -> Result<Value> {
    match &parameter.values {
        Values::Range { min, max, .. } => {
            let number: Option<i64> = value
                .parse()
                .ok()
                .filter(|number| (min..=max).contains(&number));
            number
                .map(Value::Int)
                .ok_or_else(|| bad(&parameter.name, value, vec![format!("{min} to {max}")]))
        }
        Values::Options { options } => {
            let known: Vec<&str> = options.iter().map(|option| option.value.as_str()).collect();
            let value = one_of(&parameter.name, value, &known)?;
            Ok(Value::Text(value.to_owned()))
        }
    }
}
