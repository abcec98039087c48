//! Which ways to the lake a run takes: named by the user, or chosen by what the lake is.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use super::scope::Scope;
use crate::config::{Config, ExportKind, Ingest, People};

/// A way to what the lake lacks. A run takes them in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Strategy {
    /// The films that the command names
    #[value(skip)]
    #[serde(skip)]
    Named,
    /// Genres, countries, languages, jobs, configuration
    Reference,
    /// Films by window of release dates, with every floor
    Discover,
    /// Every film of the newest daily export
    Catalogue,
    /// What TMDB says has changed since the last time, of films and people
    Changes,
    /// The lake beside the newest daily exports: what is new comes, what is gone becomes a tombstone
    Reconcile,
    /// What the lake has and was seen too long ago
    Details,
    /// Whoever is credited, as `ingest.people` says
    People,
    /// The popularity of every film and person, each day
    Exports,
}

impl Strategy {
    /// As the user types it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Named => "ids",
            Self::Reference => "reference",
            Self::Discover => "discover",
            Self::Catalogue => "catalogue",
            Self::Changes => "changes",
            Self::Reconcile => "reconcile",
            Self::Details => "details",
            Self::People => "people",
            Self::Exports => "exports",
        }
    }
}

/// What a run does, in order.
pub(crate) fn choose(config: &Config, scope: &Scope, is_in_step: bool) -> Vec<Strategy> {
    let ingest = &config.ingest;
    if scope.is_some() {
        return of_part(ingest, scope);
    }
    let mut chosen = ingest.strategies.clone();
    if chosen.is_empty() {
        chosen = fitting(ingest, is_in_step);
    }
    chosen.sort_unstable();
    chosen.dedup();
    chosen
}

/// What fills the part that the user names, and brings whoever is credited there.
fn of_part(ingest: &Ingest, scope: &Scope) -> Vec<Strategy> {
    let wanted = [
        (Strategy::Named, !scope.ids().is_empty()),
        (Strategy::Discover, scope.released.is_some()),
        (
            Strategy::People,
            scope.names_films() && ingest.people != People::None,
        ),
        (Strategy::Exports, scope.names_exports()),
    ];
    let wanted = wanted.into_iter().filter(|(_, is_wanted)| *is_wanted);
    wanted.map(|(strategy, _)| strategy).collect()
}

/// The first run brings everything; after that the lake is kept in step.
fn fitting(ingest: &Ingest, is_in_step: bool) -> Vec<Strategy> {
    let exports = uses_exports(ingest, ExportKind::Movies);
    let mut chosen = vec![Strategy::Reference, Strategy::Changes, Strategy::Details];
    // What is new passes floors that no export tells of by being discovered.
    if has_floors(ingest) || !exports && !is_in_step {
        chosen.push(Strategy::Discover);
    } else if exports && !is_in_step {
        chosen.push(Strategy::Catalogue);
    }
    if exports || uses_exports(ingest, ExportKind::People) {
        chosen.extend([Strategy::Reconcile, Strategy::Exports]);
    }
    if ingest.people != People::None {
        chosen.push(Strategy::People);
    }
    chosen
}

/// Whether films are left out for what only discover knows of them: votes, year, language.
pub(crate) fn has_floors(ingest: &Ingest) -> bool {
    ingest.min_votes > 0
        || ingest.first_year > Ingest::default().first_year
        || ingest.last_year.is_some()
        || !ingest.languages.is_empty()
}

/// Whether the daily exports of a kind are wanted at all.
pub(crate) fn uses_exports(ingest: &Ingest, kind: ExportKind) -> bool {
    ingest.exports_days > 0 && ingest.exports.contains(&kind)
}

#[cfg(test)]
mod tests {
    use super::{Scope, Strategy as S, choose};
    use crate::config::{Config, People};

    fn check(change: impl FnOnce(&mut Config), is_in_step: bool, expect: &[S]) {
        let mut config = Config::default();
        change(&mut config);
        let chosen = choose(&config, &Scope::default(), is_in_step);
        assert_eq!(chosen, expect);
    }

    #[test]
    fn the_first_run_brings_everything_and_the_next_keep_it_in_step() {
        let first = [
            S::Reference,
            S::Catalogue,
            S::Changes,
            S::Reconcile,
            S::Details,
            S::People,
            S::Exports,
        ];
        check(|_| {}, false, &first);
        let daily = [
            S::Reference,
            S::Changes,
            S::Reconcile,
            S::Details,
            S::People,
            S::Exports,
        ];
        check(|_| {}, true, &daily);
    }

    #[test]
    fn floors_and_a_life_without_exports_ask_for_discover() {
        let with_floor = [
            S::Reference,
            S::Discover,
            S::Changes,
            S::Reconcile,
            S::Details,
            S::People,
            S::Exports,
        ];
        check(|config| config.ingest.min_votes = 10, true, &with_floor);
        let without_exports = |config: &mut Config| {
            config.ingest.exports_days = 0;
            config.ingest.people = People::None;
        };
        let first = [S::Reference, S::Discover, S::Changes, S::Details];
        check(without_exports, false, &first);
        check(
            without_exports,
            true,
            &[S::Reference, S::Changes, S::Details],
        );
    }

    #[test]
    fn what_is_named_is_done_in_order() {
        let named =
            |config: &mut Config| config.ingest.strategies = vec![S::People, S::Changes, S::People];
        check(named, true, &[S::Changes, S::People]);
    }
}
