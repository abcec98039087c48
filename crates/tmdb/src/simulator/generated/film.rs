use chrono::{Datelike, NaiveDate};

use super::Generated;
use super::draw::{Draw, Purpose};
use super::franchise::Franchise;
use super::genres;
use super::people::{Call, Trade};
use super::tongues::{TONGUES, Tongue};

/// From here on a film is one that many people have heard of.
const PROMINENT: f64 = 0.7;

/// What everything else about a film follows from.
pub(super) struct Film {
    pub(super) position: u32,
    pub(super) id: i64,
    pub(super) date: Option<NaiveDate>,
    pub(super) year: i32,
    pub(super) is_released: bool,
    pub(super) franchise: Option<Franchise>,
    /// How much a film is seen: nearly standard normal, sequels higher.
    pub(super) prominence: f64,
    pub(super) tongue: &'static Tongue,
    pub(super) genre: usize,
    pub(super) director: Option<i64>,
    /// How good a film is among its kind: nearly standard normal, good directors' higher.
    pub(super) quality: f64,
    pub(super) is_adult: bool,
    pub(super) is_video: bool,
    pub(super) votes: i64,
    pub(super) vote_average: f64,
    pub(super) popularity: f64,
    pub(super) runtime: i32,
}

impl Film {
    pub(super) fn new(catalogue: &Generated, position: u32) -> Self {
        let (seed, calendar) = (catalogue.seed, &catalogue.calendar);
        let date = calendar.date(position);
        let year = calendar.year(position);
        let franchise = Franchise::of(seed, calendar, position).filter(|_| catalogue.has_series);
        let mut draw = Draw::new(seed, Purpose::Head, u64::from(position));
        let mut prominence = draw.normal();
        if franchise.is_some() {
            prominence = prominence.max(0.3) + 0.7;
        }
        // A series keeps its language and its genre.
        let mut nature = match franchise {
            Some(series) => Draw::new(seed, Purpose::Franchise, u64::from(!series.column)),
            None => draw.clone(),
        };
        let is_prominent = franchise.is_some() || prominence > PROMINENT;
        let english = if is_prominent { 0.45 } else { 0.0 };
        let is_english = nature.chance(english);
        let tongue = nature.weighted(TONGUES.iter().map(|tongue| tongue.weight));
        let tongue = &TONGUES[if is_english { 0 } else { tongue }];
        let genre = genres::main(&mut nature, is_prominent);
        draw.bits();
        let is_released = date.is_some_and(|date| date <= calendar.today());
        let mut film = Self {
            position,
            id: catalogue.ids.id(position),
            date,
            year,
            is_released,
            franchise,
            prominence,
            tongue,
            genre,
            director: None,
            quality: 0.0,
            is_adult: franchise.is_none() && draw.chance(0.008),
            is_video: franchise.is_none() && draw.chance(0.02),
            votes: 0,
            vote_average: 0.0,
            popularity: 0.0,
            runtime: 0,
        };
        film.be_directed(catalogue, &mut draw);
        film.be_seen(catalogue, &mut draw);
        film
    }

    fn be_directed(&mut self, catalogue: &Generated, draw: &mut Draw) {
        let people = &catalogue.people;
        let mut chair = Draw::new(catalogue.seed, Purpose::Director, u64::from(self.position));
        let trade = match chair.chance(0.04) {
            true => Trade::Acting,
            false => Trade::Directing,
        };
        let is_known = !chair.chance(0.03);
        let director = people.somebody(&mut chair, trade, self.call(self.pull()));
        self.director = is_known.then_some(director);
        let talent = self.director.map_or(0.0, |id| people.talent(id));
        self.quality = 0.7 * talent + 0.7 * draw.normal();
    }

    fn be_seen(&mut self, catalogue: &Generated, draw: &mut Draw) {
        let age_years = f64::from(catalogue.calendar.today().year() - self.year).max(0.0);
        let level = catalogue.fame - 0.012 * age_years;
        let votes = (level + 1.9 * self.prominence + 0.3 * draw.normal()).exp();
        self.votes = if self.is_released {
            votes as i64
        } else {
            draw.below(3) as i64
        };
        let spread = if self.votes > 50 { 0.75 } else { 1.4 };
        let charm = genres::habits(self.genre).charm + 0.15 * self.prominence;
        let average = (6.0 + charm + spread * self.quality).clamp(1.0, 10.0);
        self.vote_average = if self.votes == 0 {
            0.0
        } else {
            rounded(average, 3)
        };
        let fresh = 1.0 + 4.0 * (-age_years).exp();
        let popularity = (0.2 + 0.11 * (self.votes as f64).powf(0.55)) * fresh;
        self.popularity = rounded(popularity * (0.4 * draw.normal()).exp(), 4);
        self.runtime = self.length(draw);
    }

    fn length(&self, draw: &mut Draw) -> i32 {
        let (unknown, short) = if self.votes < 20 {
            (0.08, 0.2)
        } else {
            (0.005, 0.02)
        };
        if draw.chance(unknown) {
            return 0;
        }
        if draw.chance(short) {
            return 4 + draw.below(30) as i32;
        }
        let usual = match self.genre {
            genres::DOCUMENTARY => 84.0,
            genres::ANIMATION => 88.0,
            _ => 101.0 + 4.0 * self.prominence,
        };
        // Features grew to their length with the talkies.
        let early = 28.0 * (f64::from(1920 - self.year) / 14.0).exp();
        ((usual - early + 17.0 * draw.normal()) as i32).max(41)
    }

    /// How likely the film gets somebody sought after.
    pub(super) fn pull(&self) -> f64 {
        (0.2 * self.prominence).clamp(0.0, 0.5)
    }

    pub(super) fn call(&self, pull: f64) -> Call {
        Call {
            year: self.year,
            home: self.tongue.region,
            pull,
        }
    }

    pub(super) fn is_prominent(&self) -> bool {
        self.prominence > PROMINENT
    }

    pub(super) fn genres(&self, catalogue: &Generated) -> Vec<usize> {
        let mut draw = Draw::new(catalogue.seed, Purpose::Details, u64::from(self.position));
        genres::all(&mut draw, self.genre, self.is_prominent())
    }
}

pub(super) fn rounded(value: f64, n_digits: i32) -> f64 {
    let scale = 10_f64.powi(n_digits);
    (value * scale).round() / scale
}
