//! What a request asks for: the filters and switches of its address, checked.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use warehouse::Value;

use crate::{
    Error, Result,
    catalogue::Catalogue,
    page::{Filter, Page, Parameter, Values},
};

/// The films and switches that one request is about.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Selection {
    /// First and last release year.
    pub(crate) years: (i64, i64),
    pub(crate) language: Option<String>,
    pub(crate) genre: Option<i64>,
    pub(crate) parameters: BTreeMap<String, Value>,
}

impl Selection {
    /// Reads the pairs of a query string; an empty value is as good as none.
    pub(crate) fn read(
        page: &Page,
        catalogue: &Catalogue,
        pairs: &[(String, String)],
    ) -> Result<Self> {
        let mut selection = Self {
            years: catalogue.default_years,
            language: None,
            genre: None,
            parameters: page
                .parameters
                .iter()
                .map(|parameter| (parameter.name.clone(), default(parameter)))
                .collect(),
        };
        for (name, value) in pairs {
            let filter = page.filters.iter().find(|filter| filter.name() == name);
            let parameter = page
                .parameters
                .iter()
                .find(|parameter| parameter.name == *name);
            match (filter, parameter) {
                _ if filter.is_none() && parameter.is_none() => return Err(unknown(page, name)),
                _ if value.is_empty() => {}
                (Some(Filter::Years), _) => selection.years = read_years(value)?,
                (Some(Filter::Language), _) => {
                    selection.language = Some(read_language(catalogue, value)?)
                }
                (Some(Filter::Genre), _) => selection.genre = Some(read_genre(catalogue, value)?),
                (None, Some(parameter)) => {
                    selection
                        .parameters
                        .insert(name.clone(), read_parameter(parameter, value)?);
                }
                (None, None) => {}
            }
        }
        Ok(selection)
    }
}

fn unknown(page: &Page, name: &str) -> Error {
    let filters = page.filters.iter().map(|filter| filter.name().to_owned());
    let valid = filters
        .chain(
            page.parameters
                .iter()
                .map(|parameter| parameter.name.clone()),
        )
        .collect();
    Error::UnknownParameter {
        name: name.to_owned(),
        valid,
    }
}

fn default(parameter: &Parameter) -> Value {
    match &parameter.values {
        Values::Range { default, .. } => Value::Int(*default),
        Values::Options { options } => options
            .first()
            .map_or(Value::Null, |option| Value::Text(option.value.clone())),
    }
}

fn bad(name: &str, value: &str, valid: Vec<String>) -> Error {
    Error::BadValue {
        name: name.to_owned(),
        value: value.chars().take(80).collect(),
        valid,
    }
}

fn read_years(value: &str) -> Result<(i64, i64)> {
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

fn read_language(catalogue: &Catalogue, value: &str) -> Result<String> {
    if catalogue
        .languages
        .iter()
        .any(|language| language.code == value)
    {
        return Ok(value.to_owned());
    }
    Err(bad(
        "language",
        value,
        catalogue
            .languages
            .iter()
            .map(|language| language.code.clone())
            .collect(),
    ))
}

fn read_genre(catalogue: &Catalogue, value: &str) -> Result<i64> {
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

fn read_parameter(parameter: &Parameter, value: &str) -> Result<Value> {
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
            let known = options.iter().any(|option| option.value == value);
            let valid = || options.iter().map(|option| option.value.clone()).collect();
            if known {
                Ok(Value::Text(value.to_owned()))
            } else {
                Err(bad(&parameter.name, value, valid()))
            }
        }
    }
}
