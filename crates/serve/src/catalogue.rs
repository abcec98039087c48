//! What the filters can be: the years, genres, languages, countries and budget classes of one build.

use chrono::{Datelike, NaiveDate};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;
use warehouse::{Connection, Value};

/// The values that the shared filters take.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Catalogue {
    /// Newest observation of a film, ISO; null without films.
    pub(crate) as_of: Option<String>,
    /// First and last release year.
    pub(crate) years: (i64, i64),
    /// 1980 to the last full year, as far as there are films.
    pub(crate) default_years: (i64, i64),
    /// Most films first.
    pub(crate) languages: Vec<Language>,
    /// By name.
    pub(crate) genres: Vec<Genre>,
    /// Most films first.
    pub(crate) countries: Vec<Country>,
    /// Smallest first.
    pub(crate) budget_classes: Vec<BudgetClass>,
    /// From which budget on the marts analyse a film; null without films.
    pub(crate) default_budget_floor_usd: Option<i64>,
    /// Whose dollars the real ones are; null without films.
    pub(crate) cpi_base_year: Option<i64>,
}

/// An original language that films have.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Language {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) n_movies: i64,
}

/// A genre that films have.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Genre {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) n_movies: i64,
}

/// A country that films come from.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Country {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) n_movies: i64,
}

/// A class of real budgets.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct BudgetClass {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) n_movies: i64,
}

impl Catalogue {
    /// The day of the newest observation, ISO.
    pub(crate) fn day(&self) -> Option<String> {
        Some(self.as_of.as_deref()?.get(..10)?.to_owned())
    }

    pub(crate) fn language_codes(&self) -> impl Iterator<Item = &str> {
        self.languages.iter().map(|language| language.code.as_str())
    }

    pub(crate) fn country_codes(&self) -> impl Iterator<Item = &str> {
        self.countries.iter().map(|country| country.code.as_str())
    }

    /// Asks one build.
    pub(crate) fn read(connection: &mut dyn Connection) -> warehouse::Result<Self> {
        let range = rows(
            connection,
            "select min(release_year) filter (where is_in_population), max(release_year) filter (where is_in_population), \
             cast(max(fetched_at) as varchar), max(cpi_base_year), \
             max(analysis_budget_floor_usd) from mart_movies",
        )?;
        let first = range.first().cloned().unwrap_or_default();
        let as_of = first.get(2).and_then(Json::as_str).map(str::to_owned);
        let years = (integer(first.first()), integer(first.get(1)));
        Ok(Self {
            default_years: default_years(years, as_of.as_deref()),
            as_of,
            years,
            languages: Self::languages(connection)?,
            genres: Self::genres(connection)?,
            countries: Self::countries(connection)?,
            budget_classes: Self::budget_classes(connection)?,
            default_budget_floor_usd: first.get(4).and_then(Json::as_i64),
            cpi_base_year: first.get(3).and_then(Json::as_i64),
        })
    }

    fn languages(connection: &mut dyn Connection) -> warehouse::Result<Vec<Language>> {
        let rows = rows(
            connection,
            "select original_language, coalesce(language_name, original_language), count(*) from mart_movies \
             where is_in_population and original_language is not null group by 1, 2 order by 3 desc, 1",
        )?;
        let language = |row: Vec<Json>| Language {
            code: text(row.first()),
            name: text(row.get(1)),
            n_movies: integer(row.get(2)),
        };
        Ok(rows.into_iter().map(language).collect())
    }

    fn genres(connection: &mut dyn Connection) -> warehouse::Result<Vec<Genre>> {
        let rows = rows(
            connection,
            "select genres.genre_id, genres.genre_name, count(*) from mart_movies as movies \
             inner join bridge_movies_genres as bridge on movies.movie_id = bridge.movie_id \
             inner join dim_genres as genres on bridge.genre_id = genres.genre_id \
             where movies.is_in_population group by 1, 2 order by 2, 1",
        )?;
        let genre = |row: Vec<Json>| Genre {
            id: integer(row.first()),
            name: text(row.get(1)),
            n_movies: integer(row.get(2)),
        };
        Ok(rows.into_iter().map(genre).collect())
    }

    fn countries(connection: &mut dyn Connection) -> warehouse::Result<Vec<Country>> {
        let rows = rows(
            connection,
            "select countries.country_code, countries.country_name, count(*) from mart_movies as movies \
             inner join bridge_movies_origin_countries as bridge on movies.movie_id = bridge.movie_id \
             inner join dim_countries as countries on bridge.country_code = countries.country_code \
             where movies.is_in_population group by 1, 2 order by 3 desc, 1",
        )?;
        let country = |row: Vec<Json>| Country {
            code: text(row.first()),
            name: text(row.get(1)),
            n_movies: integer(row.get(2)),
        };
        Ok(rows.into_iter().map(country).collect())
    }

    fn budget_classes(connection: &mut dyn Connection) -> warehouse::Result<Vec<BudgetClass>> {
        let rows = rows(
            connection,
            "select classes.budget_class, classes.class_label, count(movies.movie_id) from budget_classes as classes \
             left join mart_movies as movies on classes.budget_class = movies.budget_class and movies.is_in_population \
             group by classes.budget_class, classes.class_label, classes.class_order order by classes.class_order",
        )?;
        let class = |row: Vec<Json>| {
            let name = text(row.first());
            BudgetClass {
                label: format!("{} ({})", capitalized(&name), text(row.get(1))),
                name,
                n_movies: integer(row.get(2)),
            }
        };
        Ok(rows.into_iter().map(class).collect())
    }
}

fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next();
    first
        .into_iter()
        .flat_map(char::to_uppercase)
        .chain(characters)
        .collect()
}

/// The year of the newest observation is not over, so it is left out.
fn default_years(years: (i64, i64), as_of: Option<&str>) -> (i64, i64) {
    let today = as_of
        .and_then(|text| text.get(..10))
        .and_then(|day| day.parse::<NaiveDate>().ok());
    let last_full = today.map_or(years.1, |day| i64::from(day.year()) - 1);
    let (from, to) = (years.0.max(1980), years.1.min(last_full));
    if from <= to { (from, to) } else { years }
}

fn rows(connection: &mut dyn Connection, sql: &str) -> warehouse::Result<Vec<Vec<Json>>> {
    Ok(connection.query(sql, &[] as &[Value])?.json_rows())
}

fn integer(value: Option<&Json>) -> i64 {
    value.and_then(Json::as_i64).unwrap_or_default()
}

fn text(value: Option<&Json>) -> String {
    value.and_then(Json::as_str).unwrap_or_default().to_owned()
}
