use super::calendar::Calendar;
use super::draw::{Draw, Purpose};

/// Films in a column are a fortieth of the catalogue apart, which makes sequels years apart.
const ROWS: u32 = 40;

/// A series of films: every so many rows of one column of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Franchise {
    pub(super) column: u32,
    /// Counted from 1.
    pub(super) instalment: u32,
    /// The position of the first film, whose year the cast comes from.
    pub(super) first_position: u32,
}

impl Franchise {
    /// The series that a film is part of, found without looking at any other film.
    pub(super) fn of(seed: u64, calendar: &Calendar, position: u32) -> Option<Self> {
        let index = calendar.dated_index(position)?;
        let n_columns = (calendar.n_dated() / ROWS).max(1);
        let (row, column) = (index / n_columns, index % n_columns);
        let mut draw = Draw::new(seed, Purpose::Franchise, u64::from(column));
        if !draw.chance(0.5) {
            return None;
        }
        let first_row = draw.below(u64::from(ROWS) - 4) as u32;
        let step = match first_row {
            0..10 => 1,
            10..22 => 1 + draw.below(2) as u32,
            _ => 2 + draw.below(3) as u32,
        };
        let length = 2 + draw.weighted([40, 28, 14, 8, 5, 3, 2].into_iter()) as u32;
        let ahead = row.checked_sub(first_row)?;
        if ahead % step != 0 || ahead / step >= length {
            return None;
        }
        Some(Self {
            column,
            instalment: 1 + ahead / step,
            first_position: position - ahead * n_columns,
        })
    }

    /// The first film of each series, in order of the collections' ids.
    pub(super) fn firsts(seed: u64, calendar: &Calendar) -> impl Iterator<Item = (Self, u32)> {
        let n_columns = (calendar.n_dated() / ROWS).max(1);
        (0..n_columns).filter_map(move |column| {
            let mut draw = Draw::new(seed, Purpose::Franchise, u64::from(column));
            if !draw.chance(0.5) {
                return None;
            }
            let first_row = draw.below(u64::from(ROWS) - 4) as u32;
            let position = calendar.position_of(first_row * n_columns + column)?;
            Some((Self::of(seed, calendar, position)?, position))
        })
    }

    pub(super) fn collection_id(self) -> i64 {
        10_007 + 13 * i64::from(self.column)
    }
}
