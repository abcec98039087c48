use std::io;

use serde::Serialize;
use serde_json::{Value, json};

use super::Generated;
use super::amend::Amendments;
use super::draw::{Draw, Purpose};
use super::film::Film;
use super::money::Money;
use super::titles;
use super::tongues::{Region, TONGUES};
use super::words::{ADJECTIVES, COMPANY_ENDS, NOUNS, OCCUPATIONS, PLACES, PREDICAMENTS, TURNS};
use crate::simulator::lists::{GENRES, country_name};

/// `/movie/{id}` without its blocks, in the API's order of keys.
#[derive(Serialize)]
pub(super) struct Body {
    adult: bool,
    backdrop_path: Option<String>,
    belongs_to_collection: Option<Collection>,
    budget: i64,
    genres: Vec<Genre>,
    homepage: String,
    id: i64,
    imdb_id: Option<String>,
    origin_country: Vec<&'static str>,
    original_language: &'static str,
    original_title: String,
    overview: String,
    popularity: f64,
    poster_path: Option<String>,
    production_companies: Vec<Company>,
    production_countries: Vec<Country>,
    release_date: String,
    revenue: i64,
    runtime: i32,
    softcore: bool,
    spoken_languages: Vec<Language>,
    status: &'static str,
    tagline: String,
    title: String,
    video: bool,
    vote_average: f64,
    vote_count: i64,
}

#[derive(Serialize)]
struct Collection {
    id: i64,
    name: String,
    poster_path: Option<String>,
    backdrop_path: Option<String>,
}

#[derive(Serialize)]
struct Genre {
    id: i64,
    name: &'static str,
}

#[derive(Serialize)]
struct Company {
    id: i64,
    logo_path: Option<String>,
    name: String,
    origin_country: &'static str,
}

#[derive(Serialize)]
struct Country {
    iso_3166_1: &'static str,
    name: &'static str,
}

#[derive(Serialize)]
struct Language {
    english_name: &'static str,
    iso_639_1: &'static str,
    name: &'static str,
}

impl Body {
    pub(super) fn of(catalogue: &Generated, film: &Film) -> Self {
        let seed = catalogue.seed;
        let position = u64::from(film.position);
        let money = Money::of(seed, film);
        let (title, original_title) = titles::titles(seed, film);
        let mut draw = Draw::new(seed, Purpose::Details, position << 32);
        let home = home_country(film, &mut draw);
        let is_seen = film.votes > 50;
        Self {
            adult: film.is_adult,
            backdrop_path: draw
                .chance(if is_seen { 0.99 } else { 0.6 })
                .then(|| draw.image()),
            belongs_to_collection: collection(catalogue, film),
            budget: money.budget,
            genres: genres(catalogue, film),
            homepage: homepage(&mut draw, &title, is_seen),
            id: film.id,
            imdb_id: imdb_id(catalogue, film),
            origin_country: if draw.chance(0.03) {
                Vec::new()
            } else {
                vec![home]
            },
            original_language: film.tongue.code,
            original_title,
            overview: overview(&mut draw, is_seen),
            popularity: film.popularity,
            poster_path: draw
                .chance(if is_seen { 0.999 } else { 0.88 })
                .then(|| draw.image()),
            production_companies: companies(catalogue, film, &mut draw),
            production_countries: countries(film, home, &mut draw),
            release_date: film.date.map(|date| date.to_string()).unwrap_or_default(),
            revenue: money.revenue,
            runtime: film.runtime,
            softcore: false,
            spoken_languages: languages(film, &mut draw),
            status: status(film, &mut draw),
            tagline: tagline(&mut draw, is_seen),
            title,
            video: film.is_video,
            vote_average: film.vote_average,
            vote_count: film.votes,
        }
    }
}

impl Body {
    /// The film with its edits.
    pub(super) fn amended(mut self, amendments: &Amendments) -> Self {
        self.budget = amendments.budget(self.budget);
        self.revenue = amendments.revenue(self.revenue, self.status);
        self.status = amendments.status(self.status);
        if self.original_title == self.title {
            self.original_title = amendments.title(self.original_title);
        }
        self.title = amendments.title(self.title);
        self.popularity = amendments.popularity(self.popularity);
        self.vote_average = amendments.vote_average(self.vote_average);
        self.vote_count = amendments.votes(self.vote_count);
        self
    }

    pub(super) fn revenue(&self) -> i64 {
        self.revenue
    }

    /// The film as a list shows it.
    pub(super) fn into_row(self) -> Value {
        let genre_ids: Vec<i64> = self.genres.iter().map(|genre| genre.id).collect();
        json!({
            "adult": self.adult,
            "backdrop_path": self.backdrop_path,
            "genre_ids": genre_ids,
            "id": self.id,
            "original_language": self.original_language,
            "original_title": self.original_title,
            "overview": self.overview,
            "popularity": self.popularity,
            "poster_path": self.poster_path,
            "release_date": self.release_date,
            "softcore": self.softcore,
            "title": self.title,
            "video": self.video,
            "vote_average": self.vote_average,
            "vote_count": self.vote_count,
        })
    }
}

/// States that are gone, where the film is old enough.
fn home_country(film: &Film, draw: &mut Draw) -> &'static str {
    let country = *draw.pick(film.tongue.countries);
    match (film.tongue.code, film.year) {
        ("ru", ..1992) => "SU",
        ("cs", ..1993) => "XC",
        ("de", 1950..1991) if draw.chance(0.15) => "XG",
        _ => country,
    }
}

fn collection(catalogue: &Generated, film: &Film) -> Option<Collection> {
    let series = film.franchise?;
    let mut draw = Draw::new(
        catalogue.seed,
        Purpose::Franchise,
        u64::from(series.column) << 32,
    );
    Some(Collection {
        id: series.collection_id(),
        name: titles::collection(catalogue.seed, film, series.column),
        poster_path: draw.chance(0.9).then(|| draw.image()),
        backdrop_path: draw.chance(0.8).then(|| draw.image()),
    })
}

fn genres(catalogue: &Generated, film: &Film) -> Vec<Genre> {
    let genres = film.genres(catalogue).into_iter();
    let genre = |genre: usize| Genre {
        id: GENRES[genre].0,
        name: GENRES[genre].1,
    };
    genres.map(genre).collect()
}

fn homepage(draw: &mut Draw, title: &str, is_seen: bool) -> String {
    if !draw.chance(if is_seen { 0.5 } else { 0.12 }) {
        return String::new();
    }
    let letters = title
        .chars()
        .filter(|letter| letter.is_ascii_alphanumeric());
    let host: String = letters.map(|letter| letter.to_ascii_lowercase()).collect();
    format!("https://{host}.example")
}

/// The same in the film and in its external ids.
pub(super) fn imdb_id(catalogue: &Generated, film: &Film) -> Option<String> {
    let mut draw = Draw::new(
        catalogue.seed,
        Purpose::ExternalIds,
        u64::from(film.position),
    );
    let is_missing = draw.chance(if film.votes > 50 { 0.005 } else { 0.11 });
    (!is_missing).then(|| format!("tt{:07}", 40_000_000 + film.id))
}

fn overview(draw: &mut Draw, is_seen: bool) -> String {
    if !is_seen && draw.chance(0.06) {
        return String::new();
    }
    let (adjective, occupation) = (
        draw.pick(&ADJECTIVES).to_lowercase(),
        draw.pick(&OCCUPATIONS),
    );
    let (place, predicament) = (draw.pick(&PLACES), draw.pick(&PREDICAMENTS));
    let article = titles::article(&adjective);
    let break_or_space = if draw.chance(0.002) { "\n" } else { " " };
    let turn = draw.pick(&TURNS);
    format!("{article} {adjective} {occupation} from {place} {predicament}.{break_or_space}{turn}")
}

fn tagline(draw: &mut Draw, is_seen: bool) -> String {
    if !draw.chance(if is_seen { 0.8 } else { 0.2 }) {
        return String::new();
    }
    let (noun, other) = (
        draw.pick(&NOUNS).to_lowercase(),
        draw.pick(&NOUNS).to_lowercase(),
    );
    match draw.below(3) {
        0 => format!("Every {noun} has its {other}."),
        1 => format!("Mind the {noun}."),
        _ => format!("One {noun}. No {other}."),
    }
}

fn companies(catalogue: &Generated, film: &Film, draw: &mut Draw) -> Vec<Company> {
    let n_companies = draw.weighted([12, 38, 24, 14, 8, 4].into_iter());
    let mut companies: Vec<Company> = Vec::with_capacity(n_companies);
    for _ in 0..n_companies {
        let region = if draw.chance(0.85) {
            film.tongue.region
        } else {
            *draw.pick(&Region::ALL)
        };
        // The squared number makes a few companies large; a seen film has larger ones.
        let power = if film.is_prominent() { 4 } else { 2 };
        let rank = (pool(catalogue, region) * draw.unit().powi(power)) as u64;
        let id = company_id(rank, region);
        if companies.iter().all(|company| company.id != id) {
            companies.push(company(catalogue.world, id, rank, region));
        }
    }
    companies
}

/// How many companies a region has.
fn pool(catalogue: &Generated, region: Region) -> f64 {
    f64::from(catalogue.n_films / 12 + 60) * region.share()
}

fn company_id(rank: u64, region: Region) -> i64 {
    33 + (rank * 5 + region as u64) as i64
}

/// Every company's id and name, in order of id.
pub(super) fn each_company(
    catalogue: &Generated,
    each: &mut dyn FnMut(i64, &str) -> io::Result<()>,
) -> io::Result<()> {
    let sizes = Region::ALL.map(|region| pool(catalogue, region).ceil() as u64);
    for rank in 0..sizes.iter().copied().max().unwrap_or_default() {
        for region in Region::ALL {
            if rank < sizes[region as usize] {
                let id = company_id(rank, region);
                each(id, &company(catalogue.world, id, rank, region).name)?;
            }
        }
    }
    Ok(())
}

fn company(seed: u64, id: i64, rank: u64, region: Region) -> Company {
    let mut draw = Draw::new(seed, Purpose::Company, id as u64);
    // One in thirty goes by the name of another one.
    let namesake = if draw.chance(0.03) {
        id - 5 * (rank.min(7) as i64)
    } else {
        id
    };
    let mut letters = Draw::new(seed, Purpose::Company, !(namesake as u64));
    let (adjective, noun) = (letters.pick(&ADJECTIVES), letters.pick(&NOUNS));
    let end = letters.pick(&COMPANY_ENDS);
    let name = if letters.chance(0.4) {
        format!("{noun} {end}")
    } else {
        format!("{adjective} {noun} {end}")
    };
    let tongues = TONGUES
        .iter()
        .filter(|tongue| tongue.region == region && tongue.code != "xx");
    let tongues: Vec<_> = tongues.collect();
    let tongue = tongues[draw.weighted(tongues.iter().map(|tongue| tongue.weight))];
    let country = draw.pick(tongue.countries);
    Company {
        id,
        logo_path: draw
            .chance(0.63)
            .then(|| draw.image().replace(".jpg", ".png")),
        name,
        origin_country: if draw.chance(0.18) { "" } else { country },
    }
}

fn countries(film: &Film, home: &'static str, draw: &mut Draw) -> Vec<Country> {
    if draw.chance(if film.votes > 50 { 0.01 } else { 0.12 }) {
        return Vec::new();
    }
    let mut codes = vec![home];
    for _ in 0..draw.weighted([78, 15, 5, 2].into_iter()) {
        let tongue = &TONGUES[draw.weighted(TONGUES.iter().map(|tongue| tongue.weight))];
        let code = draw.pick(tongue.countries);
        if !codes.contains(code) {
            codes.push(code);
        }
    }
    let country = |code| Country {
        iso_3166_1: code,
        name: country_name(code),
    };
    codes.into_iter().map(country).collect()
}

fn languages(film: &Film, draw: &mut Draw) -> Vec<Language> {
    if draw.chance(if film.votes > 50 { 0.01 } else { 0.1 }) {
        return Vec::new();
    }
    let mut tongues = vec![film.tongue];
    for _ in 0..draw.weighted([80, 14, 4, 2].into_iter()) {
        let more = &TONGUES[draw.weighted(TONGUES.iter().map(|tongue| tongue.weight))];
        if tongues.iter().all(|tongue| tongue.code != more.code) {
            tongues.push(more);
        }
    }
    let language = |tongue: &super::tongues::Tongue| Language {
        english_name: tongue.english_name,
        iso_639_1: tongue.code,
        name: tongue.name,
    };
    tongues.into_iter().map(language).collect()
}

/// States of films whose release is to come.
const UNFINISHED: [&str; 3] = ["Post Production", "In Production", "Planned"];

/// States of films without a date.
const UNDATED: [&str; 5] = [
    "Released",
    "Planned",
    "Rumored",
    "In Production",
    "Canceled",
];

fn status(film: &Film, draw: &mut Draw) -> &'static str {
    match film.date {
        Some(_) if film.is_released => "Released",
        Some(_) => draw.word(&UNFINISHED),
        None => draw.word(&UNDATED),
    }
}
