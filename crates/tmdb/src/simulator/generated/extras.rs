//! The blocks other than the credits: keywords, release dates and external ids.

use std::io;

use chrono::{Days, NaiveDate};
use serde::Serialize;

use super::Generated;
use super::body::imdb_id;
use super::draw::{Draw, Purpose};
use super::film::Film;
use super::words::{KEYWORDS, NOUNS};

/// The block `keywords`.
#[derive(Serialize)]
pub(super) struct Keywords {
    keywords: Vec<Keyword>,
}

#[derive(Serialize)]
struct Keyword {
    id: usize,
    name: String,
}

impl Keywords {
    pub(super) fn of(catalogue: &Generated, film: &Film) -> Self {
        let mut draw = Draw::new(catalogue.seed, Purpose::Keywords, u64::from(film.position));
        let size = (0.7 + 0.6 * film.prominence + 0.7 * draw.normal()).exp() - 0.6;
        let mut keywords: Vec<Keyword> = Vec::new();
        for _ in 0..(size.max(0.0) as usize).min(40) {
            let keyword = keyword(&mut draw);
            if keywords.iter().all(|known| known.id != keyword.id) {
                keywords.push(keyword);
            }
        }
        Self { keywords }
    }
}

fn keyword(draw: &mut Draw) -> Keyword {
    let position = draw.below(KEYWORDS.len() as u64) as usize;
    if draw.chance(0.7) {
        return Keyword::plain(position);
    }
    Keyword::joined(position, draw.below(NOUNS.len() as u64) as usize)
}

impl Keyword {
    fn plain(position: usize) -> Self {
        Self {
            id: 300 + 11 * position,
            name: KEYWORDS[position].to_owned(),
        }
    }

    fn joined(position: usize, noun: usize) -> Self {
        Self {
            id: 90_000 + 100 * position + noun,
            name: format!("{} and {}", KEYWORDS[position], NOUNS[noun].to_lowercase()),
        }
    }
}

/// Every keyword's id and name, in order of id.
pub(super) fn each_keyword(each: &mut dyn FnMut(i64, &str) -> io::Result<()>) -> io::Result<()> {
    let plain = (0..KEYWORDS.len()).map(Keyword::plain);
    let joined = (0..KEYWORDS.len())
        .flat_map(|position| (0..NOUNS.len()).map(move |noun| Keyword::joined(position, noun)));
    for keyword in plain.chain(joined) {
        each(keyword.id as i64, &keyword.name)?;
    }
    Ok(())
}

/// The block `release_dates`.
#[derive(Serialize)]
pub(super) struct ReleaseDates {
    results: Vec<Region>,
}

#[derive(Serialize)]
struct Region {
    iso_3166_1: &'static str,
    release_dates: Vec<Release>,
}

#[derive(Serialize)]
struct Release {
    certification: &'static str,
    descriptors: [&'static str; 0],
    iso_639_1: &'static str,
    note: &'static str,
    release_date: String,
    #[serde(rename = "type")]
    release_type: u8,
}

/// Countries that films travel to, and the ratings they give.
const MARKETS: [(&str, [&str; 4]); 9] = [
    ("US", ["PG", "PG-13", "R", "NR"]),
    ("GB", ["PG", "12A", "15", "18"]),
    ("DE", ["0", "6", "12", "16"]),
    ("FR", ["U", "12", "16", ""]),
    ("BR", ["L", "12", "14", "16"]),
    ("JP", ["G", "PG12", "R15+", ""]),
    ("KR", ["ALL", "12", "15", "18"]),
    ("AU", ["PG", "M", "MA 15+", ""]),
    ("ES", ["A", "7", "12", "16"]),
];

const PREMIERE: u8 = 1;
const LIMITED: u8 = 2;
const THEATRICAL: u8 = 3;
const DIGITAL: u8 = 4;
const TELEVISION: u8 = 6;

impl ReleaseDates {
    pub(super) fn of(catalogue: &Generated, film: &Film) -> Self {
        let mut draw = Draw::new(catalogue.seed, Purpose::Releases, u64::from(film.position));
        let Some(date) = film.date else {
            return Self {
                results: Vec::new(),
            };
        };
        let home = film.tongue.countries[0];
        let reach = (0.2 + 0.6 * film.prominence + 0.5 * draw.normal()).exp();
        let n_abroad = (reach as usize).min(MARKETS.len());
        let abroad = MARKETS[..n_abroad].iter().map(|market| market.0);
        let mut results = vec![region(&mut draw, film, home, date, 0)];
        for country in abroad.filter(|country| *country != home) {
            let delay_days = draw.below(120);
            results.push(region(&mut draw, film, country, date, delay_days));
        }
        Self { results }
    }
}

fn region(
    draw: &mut Draw,
    film: &Film,
    country: &'static str,
    date: NaiveDate,
    delay_days: u64,
) -> Region {
    let market = MARKETS.iter().find(|market| market.0 == country);
    let is_rated = draw.chance(if film.votes > 50 { 0.85 } else { 0.25 });
    let ratings = market
        .filter(|_| is_rated)
        .map_or([""; 4], |market| market.1);
    let certification = *draw.pick(&ratings);
    let main = match draw.below(20) {
        0 => TELEVISION,
        1 | 2 => DIGITAL,
        3 | 4 => LIMITED,
        _ => THEATRICAL,
    };
    let mut release = |days: u64, release_type: u8, note: &'static str| Release {
        certification,
        descriptors: [],
        iso_639_1: "",
        note: if draw.chance(0.3) { note } else { "" },
        release_date: format!("{}T00:00:00.000Z", date + Days::new(delay_days + days)),
        release_type,
    };
    let mut releases = vec![release(0, main, "")];
    if delay_days == 0 && film.is_prominent() {
        releases.insert(0, release(0, PREMIERE, "Harbor Lights Film Festival"));
    }
    if main == THEATRICAL && film.year > 2008 && film.votes > 50 {
        releases.push(release(95, DIGITAL, "Streaming"));
    }
    Region {
        iso_3166_1: country,
        release_dates: releases,
    }
}

/// The block `external_ids`.
#[derive(Serialize)]
pub(super) struct ExternalIds {
    imdb_id: Option<String>,
    wikidata_id: Option<String>,
    facebook_id: Option<&'static str>,
    instagram_id: Option<&'static str>,
    twitter_id: Option<&'static str>,
}

impl ExternalIds {
    pub(super) fn of(catalogue: &Generated, film: &Film) -> Self {
        let position = u64::from(film.position);
        let mut draw = Draw::new(catalogue.seed, Purpose::ExternalIds, position << 32);
        let known = if film.votes > 50 { 0.9 } else { 0.35 };
        Self {
            imdb_id: imdb_id(catalogue, film),
            wikidata_id: draw
                .chance(known)
                .then(|| format!("Q{}", 200_000_000 + film.id)),
            facebook_id: draw.chance(0.3).then_some(""),
            instagram_id: draw.chance(0.1).then_some(""),
            twitter_id: draw.chance(0.2).then_some(""),
        }
    }
}
