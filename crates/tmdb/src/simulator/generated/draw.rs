/// Random numbers that are a pure function of what they are for.
///
/// Own arithmetic (SplitMix64), because a library's generator may change its numbers between
/// releases, and with them every film of every seed.
#[derive(Clone)]
pub(in crate::simulator) struct Draw {
    state: u64,
}

/// What a draw is for, so that two of one film do not go together.
#[derive(Clone, Copy)]
pub(in crate::simulator) enum Purpose {
    Head = 1,
    Money,
    Titles,
    Franchise,
    Details,
    Cast,
    Crew,
    Director,
    Talent,
    Keywords,
    Releases,
    ExternalIds,
    Company,
    Person,
    Life,
    Drift,
    Burst,
    Edit,
    Merge,
    Birth,
    Fault,
}

impl Draw {
    pub(in crate::simulator) fn new(seed: u64, purpose: Purpose, index: u64) -> Self {
        let state = mix(seed ^ mix(purpose as u64)) ^ index;
        Self { state: mix(state) }
    }

    pub(in crate::simulator) fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.state)
    }

    /// From 0 up to, but without, 1.
    pub(in crate::simulator) fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// From 0 up to, but without, `end`.
    pub(in crate::simulator) fn below(&mut self, end: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(end)) >> 64) as u64
    }

    pub(in crate::simulator) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// Nearly standard normal: twelve uniform numbers, out of six draws.
    pub(super) fn normal(&mut self) -> f64 {
        let halves = (0..6).map(|_| {
            let bits = self.bits();
            (bits >> 32) + (bits & 0xffff_ffff)
        });
        halves.sum::<u64>() as f64 / (1_u64 << 32) as f64 - 6.0
    }

    pub(in crate::simulator) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len() as u64) as usize]
    }

    /// One of `words` itself, not a reference to its place.
    pub(super) fn word(&mut self, words: &[&'static str]) -> &'static str {
        words[self.below(words.len() as u64) as usize]
    }

    /// A position among `weights`, as often as its weight says.
    pub(super) fn weighted(&mut self, weights: impl Iterator<Item = u32> + Clone) -> usize {
        let total: u64 = weights.clone().map(u64::from).sum();
        let mut left = self.below(total);
        for (position, weight) in weights.enumerate() {
            match left.checked_sub(u64::from(weight)) {
                Some(rest) => left = rest,
                None => return position,
            }
        }
        0
    }

    /// 24 hexadecimal digits, as credits have them.
    pub(super) fn credit_id(&mut self) -> String {
        format!("{:016x}{:08x}", self.bits(), self.bits() >> 32)
    }

    /// The path of an image that does not exist.
    pub(super) fn image(&mut self) -> String {
        format!("/{:016x}{:08x}.jpg", self.bits(), self.bits() >> 32)
    }
}

fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}
