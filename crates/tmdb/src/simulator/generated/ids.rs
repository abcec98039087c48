/// Gives every position its id and back: scattered, and with gaps as deleted films leave them.
#[derive(Clone, Copy)]
pub(super) struct Ids {
    n_films: u64,
    factor: u64,
    inverse: u64,
}

/// Where ids begin, and how far positions are turned.
const FIRST_ID: u64 = 5;

impl Ids {
    pub(super) fn new(n_films: u32) -> Self {
        let n_films = u64::from(n_films.max(1));
        // Golden ratio: neighbours end up far apart.
        let wished = (n_films as f64 * 0.618_034) as u64;
        let mut candidates = wished.max(1)..;
        let factor = candidates.find(|factor| common_divisor(*factor, n_films) == 1);
        let factor = factor.unwrap_or(1);
        Self {
            n_films,
            factor,
            inverse: inverse(factor, n_films),
        }
    }

    pub(super) fn id(&self, position: u32) -> i64 {
        (FIRST_ID + self.rank(position) * 3 / 2) as i64
    }

    /// The positions in order of id.
    pub(super) fn positions(&self) -> impl Iterator<Item = u32> {
        (0..self.n_films).filter_map(|rank| self.at_rank(rank))
    }

    /// How many ids of others are lower.
    pub(super) fn rank(&self, position: u32) -> u64 {
        u64::from(position) * self.factor % self.n_films
    }

    /// The position whose id has so many lower ones.
    pub(super) fn at_rank(&self, rank: u64) -> Option<u32> {
        let position = (rank < self.n_films).then_some(rank * self.inverse % self.n_films)?;
        u32::try_from(position).ok()
    }

    /// No id is as high as this.
    pub(super) fn end(&self) -> i64 {
        (FIRST_ID + self.n_films * 3 / 2 + 1) as i64
    }

    pub(super) fn position(&self, id: i64) -> Option<u32> {
        let spread = u64::try_from(id).ok()?.checked_sub(FIRST_ID)?;
        if spread % 3 == 2 {
            return None;
        }
        self.at_rank(spread / 3 * 2 + spread % 3)
    }
}

fn common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { common_divisor(b, a % b) }
}

/// The number that `factor` times is 1, modulo `modulus`, by Euclid's algorithm.
fn inverse(factor: u64, modulus: u64) -> u64 {
    let (mut old, mut new) = ((factor as i64, 1_i64), (modulus as i64, 0_i64));
    while new.0 != 0 {
        let quotient = old.0 / new.0;
        (old, new) = (new, (old.0 - quotient * new.0, old.1 - quotient * new.1));
    }
    old.1.rem_euclid(modulus as i64) as u64
}
