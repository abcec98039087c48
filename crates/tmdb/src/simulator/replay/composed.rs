use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Deserialize;
use serde_json::json;

use crate::Credits;

/// A person as far as the credits of films know them; everything else stays unknown.
#[derive(Default)]
pub(super) struct Person {
    pub(super) name: Option<String>,
    gender: Option<i32>,
    profile_path: Option<String>,
    known_for_department: Option<String>,
    pub(super) popularity: Option<f64>,
    n_credits: BTreeMap<String, u32>,
}

#[derive(Deserialize)]
struct Film {
    credits: Option<Credits>,
}

/// Everybody in the credits who has no body of their own.
pub(super) fn people<'a>(
    films: impl Iterator<Item = &'a str>,
    with_bodies: &HashSet<i64>,
) -> HashMap<i64, Person> {
    let mut people: HashMap<i64, Person> = HashMap::new();
    for body in films {
        // A body whose credits cannot be read is served as it is; it just names nobody.
        let Ok(Film {
            credits: Some(credits),
        }) = serde_json::from_str(body)
        else {
            continue;
        };
        for member in credits.cast.into_iter().flatten() {
            let Some(id) = member.id.filter(|id| !with_bodies.contains(id)) else {
                continue;
            };
            let person = people.entry(id).or_default();
            person.learn(
                member.name,
                member.gender,
                member.profile_path,
                member.popularity,
            );
            person.credit(member.known_for_department, Some("Acting".to_owned()));
        }
        for member in credits.crew.into_iter().flatten() {
            let Some(id) = member.id.filter(|id| !with_bodies.contains(id)) else {
                continue;
            };
            let person = people.entry(id).or_default();
            person.learn(
                member.name,
                member.gender,
                member.profile_path,
                member.popularity,
            );
            person.credit(member.known_for_department, member.department);
        }
    }
    people
}

impl Person {
    /// Keeps what was known before where this credit does not say, or says "not set".
    fn learn(
        &mut self,
        name: Option<String>,
        gender: Option<i32>,
        profile_path: Option<String>,
        popularity: Option<f64>,
    ) {
        self.name = name.or(self.name.take());
        self.gender = gender.filter(|gender| *gender != 0).or(self.gender);
        self.profile_path = profile_path.or(self.profile_path.take());
        self.popularity = popularity.or(self.popularity);
    }

    fn credit(&mut self, known_for: Option<String>, department: Option<String>) {
        self.known_for_department = known_for.or(self.known_for_department.take());
        if let Some(department) = department {
            *self.n_credits.entry(department).or_default() += 1;
        }
    }

    /// Where the credits do not say it, the department with the most of them.
    fn known_for(&self) -> Option<&str> {
        let most = || self.n_credits.iter().max_by_key(|(_, n)| **n);
        self.known_for_department
            .as_deref()
            .or_else(|| most().map(|(name, _)| name.as_str()))
    }

    /// A body in the shape of `/person/{id}`.
    pub(super) fn body(&self, id: i64) -> String {
        json!({
            "adult": false,
            "also_known_as": [],
            "biography": "",
            "birthday": null,
            "deathday": null,
            "gender": self.gender.unwrap_or_default(),
            "homepage": null,
            "id": id,
            "imdb_id": null,
            "known_for_department": self.known_for(),
            "name": self.name,
            "place_of_birth": null,
            "popularity": self.popularity,
            "profile_path": self.profile_path,
        })
        .to_string()
    }
}
