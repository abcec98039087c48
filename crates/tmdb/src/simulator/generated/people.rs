use chrono::{Datelike, Days, NaiveDate};
use serde_json::{Value, json};

use super::draw::{Draw, Purpose};
use super::film::rounded;
use super::tongues::Region;
use super::words::names::names;
use super::words::{CITIES, OCCUPATIONS};

const FIRST_ID: u64 = 1_000;
const N_TRADES: u64 = 8;
const N_DECADES: u64 = 13;
const N_REGIONS: u64 = 5;

/// Departments that share one pool of people.
const CRAFTS: [&str; 5] = [
    "Art",
    "Costume & Make-Up",
    "Visual Effects",
    "Lighting",
    "Crew",
];

/// How unequal careers are: the share of a rank falls with this power of it.
const INEQUALITY: f64 = 0.9;

/// The part of a pool that is equally sought after.
const STARS: f64 = 1.0 / 25.0;

/// What people do for a living; a few do something else now and then.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Trade {
    Acting,
    Directing,
    Writing,
    Production,
    Camera,
    Editing,
    Sound,
    Craft,
}

impl Trade {
    const ALL: [Self; 8] = [
        Self::Acting,
        Self::Directing,
        Self::Writing,
        Self::Production,
        Self::Camera,
        Self::Editing,
        Self::Sound,
        Self::Craft,
    ];

    /// People per film.
    fn density(self) -> f64 {
        [2.6, 0.5, 0.6, 0.9, 0.25, 0.25, 0.45, 1.2][self as usize]
    }

    pub(super) fn of_department(department: &str) -> Self {
        match department {
            "Directing" => Self::Directing,
            "Writing" => Self::Writing,
            "Production" => Self::Production,
            "Camera" => Self::Camera,
            "Editing" => Self::Editing,
            "Sound" => Self::Sound,
            _ => Self::Craft,
        }
    }

    fn known_for(self, draw: &mut Draw) -> &'static str {
        match self {
            Self::Acting => "Acting",
            Self::Directing => "Directing",
            Self::Writing => "Writing",
            Self::Production => "Production",
            Self::Camera => "Camera",
            Self::Editing => "Editing",
            Self::Sound => "Sound",
            Self::Craft => draw.word(&CRAFTS),
        }
    }
}

/// Everybody: a pool for each trade, decade of debut and region, by rank of fame.
///
/// A person's id holds all four, so that nobody has to be stored.
#[derive(Clone, Copy)]
pub(super) struct People {
    seed: u64,
    films_per_decade: [u32; 13],
}

/// What a film asks of somebody.
#[derive(Clone, Copy)]
pub(super) struct Call {
    pub(super) year: i32,
    pub(super) home: Region,
    pub(super) pull: f64,
}

#[derive(Clone, Copy)]
struct Place {
    trade: Trade,
    decade: usize,
    region: Region,
    rank: u64,
}

/// A person as the credits show them.
pub(super) struct Person {
    pub(super) name: String,
    pub(super) gender: i32,
    pub(super) known_for_department: &'static str,
    pub(super) popularity: f64,
    pub(super) profile_path: Option<String>,
}

impl People {
    pub(super) fn new(seed: u64, films_per_decade: [u32; 13]) -> Self {
        Self {
            seed,
            films_per_decade,
        }
    }

    /// Somebody who may have worked in the film; the famous far more often, above all with `pull`.
    ///
    /// The pull is how likely the film gets one of the stars outright.
    pub(super) fn somebody(&self, draw: &mut Draw, trade: Trade, call: Call) -> i64 {
        let Call { year, home, pull } = call;
        let back = draw.weighted([30, 40, 21, 9].into_iter());
        let decade = usize::try_from((year - 1900) / 10).unwrap_or_default();
        let region = match draw.below(100) {
            0..86 => home,
            86..95 => Region::Anglo,
            _ => *draw.pick(&Region::ALL),
        };
        let mut place = Place {
            trade,
            decade: decade.saturating_sub(back).min(12),
            region,
            rank: 0,
        };
        let n_people = self.pool_size(place);
        place.rank = if draw.chance(pull) {
            let n_stars = (n_people as f64 * STARS).max(6.0);
            (n_stars * draw.unit().powf(1.2)) as u64
        } else {
            rank(n_people, draw.unit())
        };
        place.id()
    }

    /// How good the films of a director are: nearly standard normal.
    pub(super) fn talent(&self, id: i64) -> f64 {
        Draw::new(self.seed, Purpose::Talent, id as u64).normal()
    }

    fn pool_size(&self, place: Place) -> u64 {
        let following = self.films_per_decade.iter().skip(place.decade).take(3);
        let films = f64::from(following.sum::<u32>()) / 3.0;
        (films * place.trade.density() * place.region.share()) as u64 + 8
    }

    /// Everybody's id, in order: rank by rank, as long as a pool goes so far.
    pub(super) fn ids(&self) -> impl Iterator<Item = i64> {
        let n_pools = N_TRADES * N_DECADES * N_REGIONS;
        let first_ranks = (FIRST_ID as i64..).take(n_pools as usize);
        let places = first_ranks.filter_map(|id| self.place(id));
        let mut pools: Vec<_> = places.map(|place| (place, self.pool_size(place))).collect();
        let mut rank = 0;
        std::iter::from_fn(move || {
            pools.retain(|(_, size)| rank < *size);
            let place = |(place, _): &(Place, u64)| Place { rank, ..*place }.id();
            let ids: Vec<i64> = pools.iter().map(place).collect();
            rank += 1;
            (!ids.is_empty()).then_some(ids)
        })
        .flatten()
    }

    fn place(&self, id: i64) -> Option<Place> {
        let mut code = u64::try_from(id).ok()?.checked_sub(FIRST_ID)?;
        let mut next = |n: u64| {
            let digit = code % n;
            code /= n;
            digit as usize
        };
        let region = Region::ALL[next(N_REGIONS)];
        let decade = next(N_DECADES);
        let trade = Trade::ALL[next(N_TRADES)];
        let place = Place {
            trade,
            decade,
            region,
            rank: code,
        };
        (place.rank < self.pool_size(place)).then_some(place)
    }

    pub(super) fn person(&self, id: i64) -> Option<Person> {
        Some(self.person_at(id, self.place(id)?))
    }

    pub(super) fn has(&self, id: i64) -> bool {
        self.place(id).is_some()
    }

    /// No id is as high as this.
    pub(super) fn end(&self) -> i64 {
        let n_pools = N_TRADES * N_DECADES * N_REGIONS;
        let first_ranks = (FIRST_ID as i64..).take(n_pools as usize);
        let places = first_ranks.filter_map(|id| self.place(id));
        let lasts = places.map(|place| {
            let rank = self.pool_size(place) - 1;
            Place { rank, ..place }.id()
        });
        lasts.max().unwrap_or_default() + 1
    }

    /// Where somebody belongs whose id is beyond everybody's: with the unknown of the present.
    fn newcomer(&self, id: i64) -> Place {
        let mut draw = Draw::new(self.seed, Purpose::Birth, id as u64);
        Place {
            trade: *draw.pick(&Trade::ALL),
            decade: N_DECADES as usize - 1,
            region: *draw.pick(&Region::ALL),
            rank: 10_000,
        }
    }

    /// Somebody whose id is beyond everybody's.
    pub(super) fn new_person(&self, id: i64) -> Person {
        self.person_at(id, self.newcomer(id))
    }

    fn person_at(&self, id: i64, place: Place) -> Person {
        let mut draw = Draw::new(self.seed, Purpose::Person, id as u64);
        let is_acting = place.trade == Trade::Acting;
        let is_woman = draw.chance(if is_acting { 0.42 } else { 0.27 });
        let (no_gender, no_picture) = if is_acting { (0.22, 0.24) } else { (0.48, 0.8) };
        let people = names(place.region);
        let first = draw.pick(if is_woman { people.women } else { people.men });
        let family = draw.pick(people.families);
        let name = match draw.below(12) {
            0 => format!(
                "{first} {}. {family}",
                (b'A' + draw.below(26) as u8) as char
            ),
            _ => format!("{first} {family}"),
        };
        // The famous are filled in.
        let fame = 1.0 / (1.0 + place.rank as f64 / 25.0);
        let gender = match draw.unit() {
            unit if unit < no_gender * (1.0 - fame) => 0,
            unit if unit > 0.996 => 3,
            _ if is_woman => 1,
            _ => 2,
        };
        let has_picture = !draw.chance(no_picture * (1.0 - fame));
        Person {
            name,
            gender,
            known_for_department: place.trade.known_for(&mut draw),
            popularity: rounded(0.1 + 8.0 * fame * (0.5 * draw.normal()).exp(), 4),
            profile_path: has_picture.then(|| draw.image()),
        }
    }

    /// The body of `/person/{id}`.
    pub(super) fn body(&self, id: i64, today: NaiveDate) -> Option<Value> {
        Some(self.body_at(id, self.place(id)?, today))
    }

    /// The body of somebody whose id is beyond everybody's.
    pub(super) fn new_body(&self, id: i64, today: NaiveDate) -> Value {
        self.body_at(id, self.newcomer(id), today)
    }

    fn body_at(&self, id: i64, place: Place, today: NaiveDate) -> Value {
        let person = self.person_at(id, place);
        let mut draw = Draw::new(self.seed, Purpose::Life, id as u64);
        let is_known = draw.chance(0.25 + 0.7 / (1.0 + place.rank as f64 / 60.0));
        let (birthday, deathday) = life(&mut draw, place.decade, today);
        let city = draw.pick(&CITIES[place.region as usize * 8..][..8]);
        let biography = if is_known && draw.chance(0.7) {
            let occupation = draw.pick(&OCCUPATIONS);
            format!(
                "{} was born in {city} and first worked as a {occupation}.\n\nThe films followed.",
                person.name
            )
        } else {
            String::new()
        };
        let imdb_id = draw.chance(0.8).then(|| format!("nm{:07}", 9_000_000 + id));
        let alias = draw.chance(0.15).then(|| person.name.to_uppercase());
        json!({
            "adult": false,
            "also_known_as": alias.into_iter().collect::<Vec<_>>(),
            "biography": biography,
            "birthday": is_known.then(|| birthday.to_string()),
            "deathday": deathday.filter(|_| is_known).map(|date| date.to_string()),
            "gender": person.gender,
            "homepage": null,
            "id": id,
            "imdb_id": imdb_id,
            "known_for_department": person.known_for_department,
            "name": person.name,
            "place_of_birth": is_known.then_some(city),
            "popularity": person.popularity,
            "profile_path": person.profile_path,
        })
    }
}

impl Place {
    fn id(self) -> i64 {
        let code = self.rank * N_TRADES + self.trade as u64;
        let code = (code * N_DECADES + self.decade as u64) * N_REGIONS + self.region as u64;
        (FIRST_ID + code) as i64
    }
}

/// A rank out of `n`, falling off by a power law that is flat for the stars.
fn rank(n: u64, unit: f64) -> u64 {
    let shift = (n as f64 * STARS).max(6.0);
    let exponent = 1.0 - INEQUALITY;
    let (low, high) = (shift.powf(exponent), (n as f64 + shift).powf(exponent));
    let rank = (low + unit * (high - low)).powf(1.0 / exponent) - shift;
    (rank as u64).min(n - 1)
}

fn life(draw: &mut Draw, decade: usize, today: NaiveDate) -> (NaiveDate, Option<NaiveDate>) {
    let debut_year = 1900 + 10 * i32::try_from(decade).unwrap_or_default();
    let birth_year = debut_year - 16 - draw.below(24) as i32;
    let birthday = NaiveDate::from_yo_opt(birth_year, 1 + draw.below(365) as u32);
    let birthday = birthday.unwrap_or(today);
    let age_days = (76.0 + 11.0 * draw.normal()).clamp(35.0, 103.0) * 365.25;
    // Nobody dies before the last film: a career is four decades at most.
    let career_days = f64::from(debut_year + 40 - birth_year) * 365.25;
    let deathday = birthday.checked_add_days(Days::new(age_days.max(career_days) as u64));
    let deathday = deathday.filter(|date| *date <= today && today.year() > birth_year);
    (birthday, deathday)
}
