use std::io;
use std::ops::Range;
use std::sync::Arc;

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::{Living, NEW};
use crate::simulator::films::{Changed, Each, EachName, Facts, Films, LanguageCode, Listed, Named};
use crate::simulator::generated::amend::Amendments;
use crate::simulator::generated::body::Body;
use crate::simulator::generated::credits::Credits;
use crate::simulator::generated::extras::{ExternalIds, Keywords, ReleaseDates};
use crate::simulator::generated::film::{Film, rounded};
use crate::simulator::generated::life::{DAY, STRETCH, Story};
use crate::simulator::generated::{Generated, WithBlocks, alone, json, titles};
use crate::simulator::lists::{GENRES, Lists};

/// The catalogue as it is at a moment.
pub(in crate::simulator) struct Snapshot {
    pub(super) living: Arc<Living>,
    pub(super) now: i64,
}

impl Snapshot {
    /// A film that is there, and what became of it.
    fn living_film(&self, slot: u32) -> Option<Story> {
        let story = self.living.film_story(slot, self.now)?;
        (!story.is_gone).then_some(story)
    }

    fn amendments(&self, slot: u32) -> Amendments {
        let story = self.living.film_story(slot, self.now);
        Amendments::of(&story.unwrap_or_default())
    }

    fn credits(&self, catalogue: &Generated, film: &Film, amended: &Amendments) -> Credits {
        let mut credits = Credits::of(catalogue, film);
        for (at, edit) in &amended.credits {
            let mut draw = edit.clone();
            let newcomer = self.living.newcomer(&mut draw, *at);
            credits.edit(catalogue, film, &mut draw, newcomer);
        }
        credits
    }

    fn found(&self, id: i64) -> Option<(u32, Story)> {
        let slot = self.living.film_slot(id)?;
        Some((slot, self.living_film(slot)?))
    }

    fn listed(&self, slot: u32, each: &mut Each<'_>) -> io::Result<()> {
        let Some(story) = self.living_film(slot) else {
            return Ok(());
        };
        let (catalogue, film) = self.living.film(slot);
        let (title, original_title) = titles::titles(catalogue.seed, &film);
        let amended = Amendments::of(&story);
        let (_, original_title) = amended_titles(&amended, title, original_title);
        each(&Listed {
            id: film.id,
            name: &original_title,
            popularity: Some(amended.popularity(film.popularity)),
            is_adult: film.is_adult,
            is_video: film.is_video,
        })
    }
}

impl Films for Snapshot {
    fn count(&self) -> u32 {
        self.living.base.count()
    }

    fn released(&self, first: Option<NaiveDate>, last: Option<NaiveDate>) -> Range<u32> {
        self.living.base.released(first, last)
    }

    fn beyond(&self) -> Vec<u32> {
        let n_new = self.living.new_films.count(self.now);
        let mut slots: Vec<u32> = (0..n_new).map(|n| NEW + n).collect();
        for stretch in 0..=self.now.div_euclid(STRETCH) {
            let renewed = self.living.renewed_in(stretch);
            let renewed = renewed.iter().filter(|(at, _)| *at <= self.now);
            slots.extend(renewed.map(|(_, slot)| *slot));
        }
        slots
    }

    fn exists(&self, position: u32) -> bool {
        self.living_film(position).is_some()
    }

    fn date(&self, position: u32) -> Option<NaiveDate> {
        self.living.film(position).1.date
    }

    fn facts(&self, position: u32) -> Facts {
        let (_, film) = self.living.film(position);
        self.amendments(position).facts(film.facts())
    }

    fn revenue(&self, position: u32) -> i64 {
        let (catalogue, film) = self.living.film(position);
        let body = Body::of(&catalogue, &film).amended(&self.amendments(position));
        body.revenue()
    }

    fn genre_ids(&self, position: u32) -> Vec<i64> {
        let (catalogue, film) = self.living.film(position);
        let genres = film.genres(&catalogue).into_iter();
        genres.map(|genre| GENRES[genre].0).collect()
    }

    fn titles(&self, position: u32) -> (String, String) {
        let (catalogue, film) = self.living.film(position);
        let (title, original) = titles::titles(catalogue.seed, &film);
        amended_titles(&self.amendments(position), title, original)
    }

    fn row(&self, position: u32) -> Value {
        let (catalogue, film) = self.living.film(position);
        let body = Body::of(&catalogue, &film);
        body.amended(&self.amendments(position)).into_row()
    }

    fn movie(&self, id: i64, blocks: &[&str]) -> Option<String> {
        let (slot, story) = self.found(id)?;
        let amended = Amendments::of(&story);
        let (catalogue, film) = self.living.film(slot);
        let has = |block: &str| blocks.contains(&block);
        json(&WithBlocks {
            body: Body::of(&catalogue, &film).amended(&amended),
            credits: has("credits").then(|| self.credits(&catalogue, &film, &amended)),
            keywords: has("keywords").then(|| Keywords::of(&catalogue, &film)),
            release_dates: has("release_dates").then(|| ReleaseDates::of(&catalogue, &film)),
            external_ids: has("external_ids").then(|| ExternalIds::of(&catalogue, &film)),
        })
    }

    fn block(&self, id: i64, block: &str) -> Option<String> {
        let (slot, story) = self.found(id)?;
        let (catalogue, film) = self.living.film(slot);
        match block {
            "credits" => {
                let amended = Amendments::of(&story);
                alone(id, self.credits(&catalogue, &film, &amended))
            }
            _ => catalogue.block_of(&film, block),
        }
    }

    fn person(&self, id: i64) -> Option<String> {
        let story = self.living.person_story(id, self.now)?;
        if story.is_gone {
            return None;
        }
        let (people, today) = (&self.living.base.people, self.living.base.calendar.today());
        let mut body = match people.body(id, today) {
            Some(body) => body,
            None => people.new_body(id, today),
        };
        for event in story.edits() {
            let mut draw = event.draw.clone();
            let popularity = body["popularity"].as_f64().unwrap_or_default();
            let popularity = (popularity * (0.3 * draw.normal()).exp()).max(0.0001);
            body["popularity"] = json!(rounded(popularity, 4));
            let biography = body["biography"].as_str().unwrap_or_default();
            let year = 1950 + draw.below(70);
            body["biography"] = json!(format!("{biography}\n\nA prize came in {year}.").trim());
        }
        Some(body.to_string())
    }

    fn films_by_id(&self, each: &mut Each<'_>) -> io::Result<()> {
        let base = &self.living.base;
        for slot in base.ids.positions().take(base.n_films as usize) {
            self.listed(slot, each)?;
        }
        let mut beyond = self.beyond();
        beyond.sort_unstable_by_key(|slot| self.living.film_id(*slot));
        for slot in beyond {
            self.listed(slot, each)?;
        }
        Ok(())
    }

    fn people_by_id(&self, each: &mut Each<'_>) -> io::Result<()> {
        let living = &self.living;
        let n_new = i64::from(living.new_people.count(self.now));
        let new = (0..n_new).map(|n| living.first_new_person + n);
        for id in living.base.people.ids().chain(new) {
            let story = living.person_story(id, self.now);
            if story.is_none_or(|story| story.is_gone) {
                continue;
            }
            let people = &living.base.people;
            let person = match people.person(id) {
                Some(person) => person,
                None => people.new_person(id),
            };
            each(&Listed {
                id,
                name: &person.name,
                popularity: Some(person.popularity),
                is_adult: false,
                is_video: false,
            })?;
        }
        Ok(())
    }

    fn names_by_id(&self, named: Named, each: &mut EachName<'_>) -> io::Result<()> {
        self.living.base.names_by_id(named, each)
    }

    fn changed(&self, of_people: bool, days: Range<NaiveDate>) -> Vec<Changed> {
        let second = |day: NaiveDate| {
            let days = day - self.living.base.calendar.today();
            days.num_days() * DAY
        };
        let (start, end) = (second(days.start), second(days.end).min(self.now + 1));
        self.changed_between(of_people, start, end)
    }

    fn changed_lately(&self, of_people: bool) -> Vec<Changed> {
        self.changed_between(of_people, self.now + 1 - DAY, self.now + 1)
    }

    fn lists(&self) -> &Lists {
        self.living.base.lists()
    }
}

impl Snapshot {
    /// What changed from `start` up to, but without, `end`: each thing once, in the order of its last change.
    pub(super) fn changed_between(&self, of_people: bool, start: i64, end: i64) -> Vec<Changed> {
        let start = start.max(0);
        if start >= end {
            return Vec::new();
        }
        let mut last = std::collections::HashMap::new();
        for number in start / STRETCH..=(end - 1) / STRETCH {
            let stretch = match of_people {
                true => self.living.person_stretch(number),
                false => self.living.film_stretch(number),
            };
            for change in &stretch.changes {
                if (start..end).contains(&change.at) {
                    last.insert(change.id, change.at);
                }
            }
        }
        let mut changes: Vec<(i64, i64)> = last.into_iter().map(|(id, at)| (at, id)).collect();
        changes.sort_unstable();
        let changed = changes.into_iter().map(|(_, id)| Changed {
            id,
            is_adult: if of_people {
                self.is_there(id).then_some(false)
            } else {
                self.found(id)
                    .map(|(slot, _)| self.living.film(slot).1.is_adult)
            },
        });
        changed.collect()
    }

    fn is_there(&self, person: i64) -> bool {
        let story = self.living.person_story(person, self.now);
        story.is_some_and(|story| !story.is_gone)
    }
}

/// A film that has but one title goes on having one.
fn amended_titles(amended: &Amendments, title: String, original: String) -> (String, String) {
    let is_one = title == original;
    let title = amended.title(title);
    let original = if is_one { title.clone() } else { original };
    (title, original)
}

impl Film {
    pub(in crate::simulator::generated) fn facts(&self) -> Facts {
        Facts {
            is_adult: self.is_adult,
            is_video: self.is_video,
            votes: self.votes,
            vote_average: self.vote_average,
            popularity: self.popularity,
            language: LanguageCode::new(self.tongue.code),
        }
    }
}
