//! What a request asks for: the filters and switches of its address, checked.

mod read;
mod words;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use warehouse::Value;

use crate::{
    Error, Result,
    catalogue::Catalogue,
    page::{Filter, ID, ORDER, Page, Parameter, Scope, Values},
};

pub(crate) use words::{filled, money};

/// The films and switches that one request is about.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Selection {
    /// First and last release year.
    pub(crate) years: Option<(i64, i64)>,
    pub(crate) genre: Option<i64>,
    /// Whether the genre must be the film's first.
    pub(crate) is_primary_genre: bool,
    pub(crate) language: Option<String>,
    pub(crate) country: Option<String>,
    /// Any of these; none is as good as all.
    pub(crate) budget_classes: Vec<String>,
    /// The marts have one of their own: `analysis_budget_floor_usd` of the dbt project.
    pub(crate) budget_floor_usd: Option<i64>,
    pub(crate) votes_floor: i64,
    pub(crate) money: Money,
    /// What the query may use as `$name`.
    pub(crate) parameters: BTreeMap<String, Value>,
    /// What is not at its default, for the reader.
    pub(crate) chosen: Vec<Chosen>,
}

/// Which dollars the amounts are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Money {
    /// Of the base year of the price index.
    Real,
    /// Of their own year.
    Nominal,
}

/// A filter or switch that is not at its default, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "FilterInWords")]
pub(crate) struct Chosen {
    /// As the address has it.
    pub(crate) name: String,
    /// What the control is called.
    pub(crate) label: String,
    /// As the reader sees it.
    pub(crate) value: String,
}

impl Selection {
    /// Every film of the population.
    pub(crate) fn everything() -> Self {
        Self {
            years: None,
            genre: None,
            is_primary_genre: false,
            language: None,
            country: None,
            budget_classes: Vec::new(),
            budget_floor_usd: None,
            votes_floor: 0,
            money: Money::Real,
            parameters: BTreeMap::new(),
            chosen: Vec::new(),
        }
    }

    /// As a page is opened, without asking the data for its years.
    pub(crate) fn typical(page: &Page) -> Self {
        let parameters = page.parameters.iter();
        let parameters = parameters.map(|parameter| (parameter.name.clone(), default(parameter)));
        let id = page.subject.iter().map(|_| (ID.to_owned(), Value::Int(1)));
        Self {
            parameters: parameters.chain(id).collect(),
            ..Self::everything()
        }
    }

    /// With every filter that there is.
    pub(crate) fn narrow(page: &Page) -> Self {
        Self {
            years: Some((1990, 2016)),
            genre: Some(18),
            language: Some("en".to_owned()),
            country: Some("US".to_owned()),
            budget_classes: vec!["low".to_owned(), "mid".to_owned()],
            budget_floor_usd: Some(1),
            votes_floor: 1,
            money: Money::Nominal,
            ..Self::typical(page)
        }
    }

    /// Reads the pairs of a query string; an empty value is as good as none. A filter that the page does not offer
    /// does not narrow it.
    pub(crate) fn read(
        page: &Page,
        catalogue: &Catalogue,
        pairs: &[(String, String)],
    ) -> Result<Self> {
        let has_years = page.filters.contains(&Filter::Years);
        let mut selection = Self {
            years: has_years.then_some(catalogue.default_years),
            parameters: page
                .parameters
                .iter()
                .map(|parameter| (parameter.name.clone(), default(parameter)))
                .collect(),
            ..Self::everything()
        };
        for (name, value) in pairs {
            selection.read_pair(page, catalogue, name, value)?;
        }
        if let Some(subject) = &page.subject
            && !selection.parameters.contains_key(ID)
        {
            return Err(Error::NoId { kind: subject.kind });
        }
        selection.chosen = words::chosen(&selection, page, catalogue);
        Ok(selection)
    }

    fn read_pair(
        &mut self,
        page: &Page,
        catalogue: &Catalogue,
        name: &str,
        value: &str,
    ) -> Result<()> {
        if name == ORDER {
            return Ok(());
        }
        if !page.address_names().contains(&name) {
            return Err(Error::UnknownParameter {
                name: name.to_owned(),
                valid: page
                    .address_names()
                    .into_iter()
                    .map(str::to_owned)
                    .collect(),
            });
        }
        if value.is_empty() {
            return Ok(());
        }
        let parameter = page
            .parameters
            .iter()
            .find(|parameter| parameter.name == name);
        if let Some(parameter) = parameter {
            let value = read::parameter(parameter, value)?;
            self.parameters.insert(name.to_owned(), value);
            return Ok(());
        }
        match name {
            "years" => self.years = Some(read::years(value)?),
            "genre" => self.genre = Some(read::genre(catalogue, value)?),
            "genre_policy" => {
                self.is_primary_genre =
                    read::one_of(name, value, &["any", "primary"])? == "primary";
            }
            "language" => {
                self.language = Some(read::code(name, value, catalogue.language_codes())?)
            }
            "country" => self.country = Some(read::code(name, value, catalogue.country_codes())?),
            "budget_class" => self.budget_classes = read::budget_classes(catalogue, value)?,
            "budget_floor" => {
                let floor = Some(read::whole_number(name, value)?);
                self.budget_floor_usd =
                    floor.filter(|_| floor != catalogue.default_budget_floor_usd);
            }
            "votes_floor" => self.votes_floor = read::whole_number(name, value)?,
            "money" => {
                let is_nominal = read::one_of(name, value, &["real", "nominal"])? == "nominal";
                self.money = if is_nominal {
                    Money::Nominal
                } else {
                    Money::Real
                };
            }
            _ => {
                let id = Value::Int(read::whole_number(name, value)?);
                self.parameters.insert(name.to_owned(), id);
            }
        }
        Ok(())
    }

    /// What is chosen, and the years in any case: without them a file's numbers mean nothing.
    pub(crate) fn described(&self) -> Vec<Chosen> {
        let mut described = self.chosen.clone();
        if let Some(years) = self.years
            && described.iter().all(|chosen| chosen.name != "years")
        {
            described.insert(0, words::years(years));
        }
        described
    }

    /// What is left of it for a tile.
    pub(crate) fn within(self, scope: Scope, page: &Page) -> Self {
        match scope {
            Scope::Filter => self,
            Scope::Catalogue => {
                let is_parameter = |chosen: &Chosen| {
                    page.parameters
                        .iter()
                        .any(|parameter| parameter.name == chosen.name)
                };
                Self {
                    chosen: self.chosen.into_iter().filter(is_parameter).collect(),
                    parameters: self.parameters,
                    ..Self::everything()
                }
            }
        }
    }
}

/// What a parameter is when the address does not say.
pub(crate) fn default(parameter: &Parameter) -> Value {
    match &parameter.values {
        Values::Range { default, .. } => Value::Int(*default),
        Values::Options { options } => options
            .first()
            .map_or(Value::Null, |option| Value::Text(option.value.clone())),
    }
}
