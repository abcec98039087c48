use serde::Serialize;

use super::Generated;
use super::draw::{Draw, Purpose};
use super::film::Film;
use super::genres::{ANIMATION, DOCUMENTARY};
use super::people::{Call, Person, Trade};
use super::words::OCCUPATIONS;
use super::words::names::names;
use crate::simulator::lists::JOBS;

/// The first so many of the cast stay with a series.
const REGULARS: usize = 3;

/// The first so many of the cast are cast for their names.
const PRINCIPALS: usize = 5;

/// The block `credits`.
#[derive(Serialize)]
pub(super) struct Credits {
    cast: Vec<CastMember>,
    crew: Vec<CrewMember>,
}

#[derive(Serialize)]
struct CastMember {
    adult: bool,
    gender: i32,
    id: i64,
    known_for_department: &'static str,
    name: String,
    original_name: String,
    popularity: f64,
    profile_path: Option<String>,
    cast_id: usize,
    character: String,
    credit_id: String,
    order: usize,
}

#[derive(Serialize)]
struct CrewMember {
    adult: bool,
    gender: i32,
    id: i64,
    known_for_department: &'static str,
    name: String,
    original_name: String,
    popularity: f64,
    profile_path: Option<String>,
    credit_id: String,
    department: &'static str,
    job: &'static str,
}

/// Usual jobs, how likely a film has them, and how many at most.
const USUAL_JOBS: [(&str, &str, f64, u64); 11] = [
    ("Writing", "Screenplay", 0.75, 2),
    ("Production", "Producer", 0.8, 3),
    ("Camera", "Director of Photography", 0.75, 1),
    ("Editing", "Editor", 0.75, 2),
    ("Sound", "Original Music Composer", 0.7, 1),
    ("Writing", "Story", 0.25, 1),
    ("Production", "Executive Producer", 0.45, 4),
    ("Art", "Production Design", 0.5, 1),
    ("Costume & Make-Up", "Costume Design", 0.45, 1),
    ("Production", "Casting", 0.4, 2),
    ("Art", "Art Direction", 0.35, 1),
];

impl Credits {
    pub(super) fn of(catalogue: &Generated, film: &Film) -> Self {
        Self {
            cast: cast(catalogue, film),
            crew: crew(catalogue, film),
        }
    }
}

/// The edits that credits have seen are so far from the first ones.
const EDITED_CAST_ID: usize = 400;

impl Credits {
    /// What an edit does to the credits: somebody joins the cast or the crew, or leaves.
    ///
    /// `newcomer` is somebody who may join the cast without having been there when the catalogue began.
    pub(super) fn edit(
        &mut self,
        catalogue: &Generated,
        film: &Film,
        draw: &mut Draw,
        newcomer: Option<i64>,
    ) {
        match draw.below(4) {
            0 if self.cast.len() > 1 => {
                self.cast
                    .remove(draw.below(self.cast.len() as u64) as usize);
            }
            1 => {
                let mut crew = Crew {
                    catalogue,
                    film,
                    members: Vec::new(),
                };
                let (department, jobs) = draw.pick(&JOBS[2..11]);
                let job = draw.pick(jobs);
                crew.hire(draw, department, job, None);
                self.crew.append(&mut crew.members);
            }
            _ => {
                let people = &catalogue.people;
                let known = people.somebody(draw, Trade::Acting, film.call(0.0));
                let (id, person) = match newcomer {
                    Some(id) => (id, Some(people.new_person(id))),
                    None => (known, people.person(known)),
                };
                let order = self.cast.last().map_or(0, |member| member.order + 1);
                let character = character(film, draw, order);
                if let Some(person) = person {
                    let cast_id = EDITED_CAST_ID + order;
                    let mut member = member(person, id, cast_id, character, order);
                    member.credit_id = draw.credit_id();
                    self.cast.push(member);
                }
            }
        }
    }
}

fn member(person: Person, id: i64, cast_id: usize, character: String, order: usize) -> CastMember {
    CastMember {
        adult: false,
        gender: person.gender,
        id,
        known_for_department: person.known_for_department,
        original_name: person.name.clone(),
        name: person.name,
        popularity: person.popularity,
        profile_path: person.profile_path,
        cast_id,
        character,
        credit_id: String::new(),
        order,
    }
}

fn cast(catalogue: &Generated, film: &Film) -> Vec<CastMember> {
    let mut draw = Draw::new(catalogue.seed, Purpose::Cast, u64::from(film.position));
    let size = (2.15 + 0.35 * film.prominence + 0.7 * draw.normal()).exp();
    let n_members = if draw.chance(0.03) {
        0
    } else {
        (size as usize).clamp(1, 180)
    };
    let mut regulars = film.franchise.map(|series| {
        let year = catalogue.calendar.year(series.first_position);
        (
            Draw::new(catalogue.seed, Purpose::Cast, u64::from(!series.column)),
            year,
        )
    });
    let mut members: Vec<CastMember> = Vec::with_capacity(n_members);
    for order in 0..n_members {
        let pull = if order < PRINCIPALS { film.pull() } else { 0.0 };
        let (draw, call) = match &mut regulars {
            // The same for all films of a series, however much each is seen.
            Some((regular, year)) if order < REGULARS => {
                let (year, pull) = (*year, 0.3);
                (
                    regular,
                    Call {
                        year,
                        pull,
                        ..film.call(0.0)
                    },
                )
            }
            _ => (&mut draw, film.call(pull)),
        };
        let id = catalogue.people.somebody(draw, Trade::Acting, call);
        // Twice in one cast does happen, but seldom.
        let is_repeated = members.iter().any(|member| member.id == id);
        let id = if is_repeated {
            catalogue.people.somebody(draw, Trade::Acting, call)
        } else {
            id
        };
        let character = character(film, draw, order);
        let Some(person) = catalogue.people.person(id) else {
            continue;
        };
        let cast_id = order * 7 % 5 + order + 1;
        members.push(member(person, id, cast_id, character, order));
    }
    let mut draw = Draw::new(
        catalogue.seed,
        Purpose::Cast,
        u64::from(film.position) << 32,
    );
    for member in &mut members {
        member.credit_id = draw.credit_id();
    }
    members
}

fn character(film: &Film, draw: &mut Draw, order: usize) -> String {
    if film.genre == DOCUMENTARY && draw.chance(0.85) {
        return "Self".to_owned();
    }
    let people = names(film.tongue.region);
    let first = if draw.chance(0.42) {
        draw.pick(people.women)
    } else {
        draw.pick(people.men)
    };
    let (family, occupation) = (draw.pick(people.families), draw.pick(&OCCUPATIONS));
    let mut name = match draw.below(1_000) {
        0..6 => return String::new(),
        6..420 => (*first).to_owned(),
        420..760 => format!("{first} {family}"),
        760..840 => format!("Dr. {family}"),
        840..900 => format!("Captain {family}"),
        900..990 => format!("The {occupation}"),
        _ => format!("{first} / The {occupation}"),
    };
    if film.genre == ANIMATION {
        name.push_str(" (voice)");
    } else if order > 9 && draw.chance(0.18) {
        name.push_str(" (uncredited)");
    }
    name
}

fn crew(catalogue: &Generated, film: &Film) -> Vec<CrewMember> {
    let mut draw = Draw::new(catalogue.seed, Purpose::Crew, u64::from(film.position));
    let size = (1.85 + 0.4 * film.prominence + 0.8 * draw.normal()).exp();
    let size = (size as usize).clamp(1, 320);
    let mut crew = Crew {
        catalogue,
        film,
        members: Vec::with_capacity(size),
    };
    let director = crew.directors(&mut draw);
    for (department, job, chance, most) in USUAL_JOBS {
        if crew.members.len() >= size || !draw.chance(chance) {
            continue;
        }
        for turn in 0..1 + draw.below(most) {
            let is_directors = turn == 0 && job == "Screenplay" && draw.chance(0.35);
            let id = director.filter(|_| is_directors);
            crew.hire(&mut draw, department, job, id);
        }
    }
    while crew.members.len() < size {
        let (department, jobs) = draw.pick(&JOBS[2..11]);
        let job = draw.pick(jobs);
        crew.hire(&mut draw, department, job, None);
    }
    crew.members
}

struct Crew<'a> {
    catalogue: &'a Generated,
    film: &'a Film,
    members: Vec<CrewMember>,
}

impl Crew<'_> {
    fn directors(&mut self, draw: &mut Draw) -> Option<i64> {
        let director = self.film.director?;
        self.hire(draw, "Directing", "Director", Some(director));
        if draw.chance(0.05) {
            self.hire(draw, "Directing", "Director", None);
        }
        Some(director)
    }

    fn hire(
        &mut self,
        draw: &mut Draw,
        department: &'static str,
        job: &'static str,
        id: Option<i64>,
    ) {
        let trade = Trade::of_department(department);
        let (people, film) = (&self.catalogue.people, self.film);
        let id = id.unwrap_or_else(|| people.somebody(draw, trade, film.call(0.0)));
        let Some(person) = people.person(id) else {
            return;
        };
        self.members.push(CrewMember {
            adult: false,
            gender: person.gender,
            id,
            known_for_department: person.known_for_department,
            original_name: person.name.clone(),
            name: person.name,
            popularity: person.popularity,
            profile_path: person.profile_path,
            credit_id: draw.credit_id(),
            department,
            job,
        });
    }
}
