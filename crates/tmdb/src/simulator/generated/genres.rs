use super::draw::Draw;
use crate::simulator::lists::GENRES;

/// What a genre does to a film, in the order of the list of genres.
pub(super) struct Habit {
    /// The median budget in millions of today's dollars.
    pub(super) budget_millions: f64,
    /// The median of revenue over budget.
    pub(super) multiple: f64,
    /// Added to the vote average.
    pub(super) charm: f64,
}

const fn habit(budget_millions: f64, multiple: f64, charm: f64) -> Habit {
    Habit {
        budget_millions,
        multiple,
        charm,
    }
}

const HABITS: [Habit; 19] = [
    habit(35.0, 2.0, -0.2),
    habit(48.0, 2.4, 0.0),
    habit(42.0, 2.5, 0.4),
    habit(14.0, 2.1, -0.1),
    habit(14.0, 1.5, 0.1),
    habit(1.2, 1.5, 0.7),
    habit(9.0, 1.4, 0.3),
    habit(26.0, 2.6, 0.1),
    habit(32.0, 2.0, 0.1),
    habit(18.0, 1.1, 0.4),
    habit(5.0, 3.0, -0.7),
    habit(8.0, 1.6, 0.5),
    habit(10.0, 1.7, 0.0),
    habit(9.0, 2.2, 0.0),
    habit(32.0, 2.1, -0.2),
    habit(3.0, 0.3, -0.1),
    habit(14.0, 1.8, -0.2),
    habit(20.0, 1.3, 0.3),
    habit(12.0, 0.9, 0.0),
];

pub(super) const ANIMATION: usize = 2;
pub(super) const DOCUMENTARY: usize = 5;

/// How much likelier a genre becomes with every step of prominence, in percent of its weight.
fn weight(genre: usize, is_prominent: bool) -> u32 {
    let weight = GENRES[genre].2;
    if !is_prominent {
        return weight;
    }
    match genre {
        DOCUMENTARY | 11 | 15 => weight / 8,
        0 | 1 | 8 | 14 => weight * 4,
        7 | 10 | 16 => weight * 2,
        _ => weight,
    }
}

pub(super) fn main(draw: &mut Draw, is_prominent: bool) -> usize {
    draw.weighted((0..GENRES.len()).map(|genre| weight(genre, is_prominent)))
}

pub(super) fn habits(genre: usize) -> &'static Habit {
    &HABITS[genre]
}

/// The main genre and up to four more, each once.
pub(super) fn all(draw: &mut Draw, main: usize, is_prominent: bool) -> Vec<usize> {
    let mut genres = vec![main];
    if draw.chance(0.03) && !is_prominent {
        return Vec::new();
    }
    let n_more = draw.weighted([34, 36, 20, 8, 2].into_iter());
    for _ in 0..n_more {
        let more = draw.weighted((0..GENRES.len()).map(|genre| weight(genre, is_prominent)));
        if !genres.contains(&more) {
            genres.push(more);
        }
    }
    genres
}
