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
    habit(35.0, 2.2, -0.2),
    habit(48.0, 2.4, 0.0),
    habit(42.0, 2.5, 0.4),
    habit(16.0, 2.3, -0.1),
    habit(16.0, 1.9, 0.1),
    habit(1.8, 1.9, 0.7),
    habit(11.0, 1.8, 0.3),
    habit(26.0, 2.5, 0.1),
    habit(32.0, 2.3, 0.1),
    habit(18.0, 1.6, 0.4),
    habit(6.0, 3.1, -0.7),
    habit(9.0, 2.5, 0.5),
    habit(12.0, 1.9, 0.0),
    habit(11.0, 2.2, 0.0),
    habit(32.0, 2.3, -0.2),
    habit(3.0, 0.6, -0.1),
    habit(16.0, 2.1, -0.2),
    habit(22.0, 1.8, 0.3),
    habit(14.0, 1.3, 0.0),
];

pub(super) const ANIMATION: usize = 2;
pub(super) const DOCUMENTARY: usize = 5;
pub(super) const TV_MOVIE: usize = 15;

/// What each genre mostly goes with.
const COMPANIONS: [&[usize]; 19] = [
    &[1, 16, 16, 4, 14, 3],
    &[0, 0, 8, 7, 3, 14],
    &[7, 7, 3, 1, 8],
    &[13, 13, 6, 6, 7, 4],
    &[6, 6, 16, 16, 0, 12],
    &[11, 11, 9, 9],
    &[13, 13, 16, 4, 3, 3],
    &[3, 3, 2, 1, 8],
    &[1, 1, 7, 0, 3],
    &[6, 6, 6, 17, 13],
    &[16, 16, 16, 12, 14, 3],
    &[6, 6, 3, 13],
    &[16, 16, 6, 4, 10],
    &[6, 6, 6, 3, 3],
    &[0, 0, 1, 16, 10],
    &[6, 6, 7, 3, 13],
    &[0, 0, 4, 4, 6, 12],
    &[6, 6, 6, 9, 0],
    &[0, 0, 6, 1],
];

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
    let n_more = draw.weighted([22, 34, 28, 13, 3].into_iter());
    for _ in 0..n_more {
        let more = if draw.chance(0.85) {
            *draw.pick(COMPANIONS[main])
        } else {
            self::main(draw, is_prominent)
        };
        let is_odd = more == TV_MOVIE || more == DOCUMENTARY;
        if !is_odd && !genres.contains(&more) {
            genres.push(more);
        }
    }
    genres
}
