use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use serde_json::{Value, json};

use super::films::Films;
use super::query::{Genres, Order, Query};

const ROWS_PER_PAGE: usize = 20;

/// Beyond so many films, an order by title is only some order, to stay quick and small.
const MAX_TITLES: usize = 50_000;

/// Lists that are kept, so that the next page costs nothing.
const KEPT_LISTS: usize = 8;

/// A page in so many falls short of films, and another one repeats some.
const PAGES_PER_RERANK: u64 = 16;

type Positions = Arc<OnceLock<Vec<u32>>>;

/// Answers `/discover/movie`.
pub(super) struct Listing {
    is_reranking: bool,
    kept: Mutex<VecDeque<(String, Positions)>>,
}

impl Listing {
    pub(super) fn new(is_reranking: bool) -> Self {
        Self {
            is_reranking,
            kept: Mutex::default(),
        }
    }

    /// The body of one page of the films as they are in the given `hour`.
    ///
    /// `shift` films have been lost from before it.
    pub(super) fn page(
        &self,
        films: &dyn Films,
        hour: i64,
        query: &Query,
        page: usize,
        shift: usize,
    ) -> String {
        let key = query.key();
        let list = self.list(&format!("{hour} {key}"));
        let positions = list.get_or_init(|| select(films, query));
        let total = positions.len();
        let shown = if shift > 0 {
            let end = total.min(page * ROWS_PER_PAGE + shift);
            let start = end.min((page - 1) * ROWS_PER_PAGE + shift);
            positions[start..end].to_vec()
        } else if self.is_reranking {
            reranked(&key, page, positions)
        } else {
            positions[rows(page, total)].to_vec()
        };
        let rows: Vec<Value> = shown.iter().map(|position| films.row(*position)).collect();
        let total_results = if self.is_reranking {
            drifted(page, total)
        } else {
            total
        };
        json!({
            "page": page,
            "results": rows,
            "total_pages": total_results.div_ceil(ROWS_PER_PAGE).max(1),
            "total_results": total_results,
        })
        .to_string()
    }

    fn list(&self, key: &str) -> Positions {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, list)) = kept.iter().find(|(name, _)| name == key) {
            return Arc::clone(list);
        }
        if kept.len() == KEPT_LISTS {
            kept.pop_front();
        }
        let list = Positions::default();
        kept.push_back((key.to_owned(), Arc::clone(&list)));
        list
    }
}

fn rows(page: usize, total: usize) -> Range<usize> {
    let end = page * ROWS_PER_PAGE;
    (end - ROWS_PER_PAGE).min(total)..end.min(total)
}

/// Every film that matches, in the query's order.
fn select(films: &dyn Films, query: &Query) -> Vec<u32> {
    let range = if query.takes_undated() {
        0..films.count()
    } else {
        films.released(query.first, query.last)
    };
    let mut beyond = films.beyond();
    beyond.retain(|position| query.takes(films.date(*position)));
    let is_mixed = !beyond.is_empty();
    let mut positions: Vec<u32> = range
        .chain(beyond)
        .filter(|position| films.exists(*position) && matches(films, query, *position))
        .collect();
    if is_mixed {
        positions.sort_by_cached_key(|position| (films.date(*position), *position));
    }
    positions = match query.order {
        Order::ReleaseDate => positions,
        Order::Popularity => by(positions, |position| films.facts(position).popularity),
        Order::Revenue => by(positions, |position| films.revenue(position) as f64),
        Order::VoteAverage => by(positions, |position| films.facts(position).vote_average),
        Order::VoteCount => by(positions, |position| films.facts(position).votes as f64),
        Order::Title | Order::OriginalTitle if positions.len() > MAX_TITLES => {
            positions.sort_unstable_by_key(|position| (hash(position), *position));
            positions
        }
        Order::Title => by_text(positions, |position| films.titles(position).0),
        Order::OriginalTitle => by_text(positions, |position| films.titles(position).1),
    };
    if query.is_descending {
        positions.reverse();
    }
    positions
}

fn by(positions: Vec<u32>, number: impl Fn(u32) -> f64) -> Vec<u32> {
    let keyed = positions
        .iter()
        .map(|position| (number(*position), *position));
    let mut keyed: Vec<(f64, u32)> = keyed.collect();
    keyed.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    keyed.into_iter().map(|(_, position)| position).collect()
}

fn by_text(mut positions: Vec<u32>, text: impl Fn(u32) -> String) -> Vec<u32> {
    positions.sort_by_cached_key(|position| (text(*position), *position));
    positions
}

fn matches(films: &dyn Films, query: &Query, position: u32) -> bool {
    let facts = films.facts(position);
    let votes = facts.votes as f64;
    (query.with_adult || !facts.is_adult)
        && (query.with_video || !facts.is_video)
        && query.min_votes.is_none_or(|least| votes >= least)
        && query.max_votes.is_none_or(|most| votes <= most)
        && query
            .language
            .is_none_or(|language| language == Some(facts.language))
        && match &query.genres {
            None => true,
            Some(Genres::All(ids)) => {
                let genres = films.genre_ids(position);
                ids.iter().all(|id| genres.contains(id))
            }
            Some(Genres::Any(ids)) => {
                let genres = films.genre_ids(position);
                ids.iter().any(|id| genres.contains(id))
            }
        }
}

/// A page read while films change rank: some of its films are missing, or have been seen before.
///
/// The same page of the same query is always the same, as it is from a cache. The first page is
/// always right.
fn reranked(key: &str, page: usize, positions: &[u32]) -> Vec<u32> {
    let range = rows(page, positions.len());
    let mut shown = positions[range.clone()].to_vec();
    let chance = hash(&(key, page));
    let n_lost = 1 + (chance >> 32) as usize % 2;
    if page == 1 || shown.len() <= n_lost {
        return shown;
    }
    match chance % PAGES_PER_RERANK {
        0 => {
            for turn in 0..n_lost {
                let victim = (chance >> (40 + turn * 8)) as usize % shown.len();
                shown.remove(victim);
            }
        }
        1 => shown[..n_lost].copy_from_slice(&positions[range.start - n_lost..range.start]),
        _ => {}
    }
    shown
}

/// Totals differ between pages of one query by a hundredth of a percent.
fn drifted(page: usize, total: usize) -> usize {
    let drift = total / 10_000;
    match page % 3 {
        0 => total - drift,
        1 => total,
        _ => total + drift,
    }
}

/// `DefaultHasher::new` has fixed keys, so this is the same in every run.
fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
