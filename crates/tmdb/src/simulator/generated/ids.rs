/// Gives every position its id and back: scattered, and with gaps as deleted films leave them.
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
        let turned = u64::from(position) * self.factor % self.n_films;
        (FIRST_ID + turned * 3 / 2) as i64
    }

    /// The positions in order of id.
    pub(super) fn positions(&self) -> impl Iterator<Item = u32> {
        let positions = (0..self.n_films).map(|turned| turned * self.inverse % self.n_films);
        positions.filter_map(|position| u32::try_from(position).ok())
    }

    pub(super) fn position(&self, id: i64) -> Option<u32> {
        let spread = u64::try_from(id).ok()?.checked_sub(FIRST_ID)?;
        if spread % 3 == 2 {
            return None;
        }
        let turned = spread / 3 * 2 + spread % 3;
        if turned >= self.n_films {
            return None;
        }
        u32::try_from(turned * self.inverse % self.n_films).ok()
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
