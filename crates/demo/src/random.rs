//! Numbers that look random and depend on the seed alone (splitmix64).

use uuid::Uuid;

/// A stream of numbers.
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

fn mixed(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A number for a text, the same for ever (FNV-1a, mixed).
pub(crate) fn hash(text: &str) -> u64 {
    mixed(text.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)))
}

impl Random {
    /// The stream called `name` of a seed; streams of different names have nothing to do with each other.
    pub(crate) fn new(seed: u64, name: &str, number: u64) -> Self {
        Self(mixed(mixed(seed ^ hash(name)).wrapping_add(number)))
    }

    /// The next number.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mixed(self.0)
    }

    /// At least 0, below 1.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Below `n`; 0 when `n` is 0.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.next()) * n as u128) >> 64) as usize
    }

    /// From `least` to `most`, both included.
    pub(crate) fn between(&mut self, least: i64, most: i64) -> i64 {
        least + self.below(usize::try_from(most - least + 1).unwrap_or(1)) as i64
    }

    /// True with that probability.
    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// One of them, all alike.
    pub(crate) fn pick<'a, T>(&mut self, among: &'a [T]) -> Option<&'a T> {
        among.get(self.below(among.len()))
    }

    /// One of them, the first ones far more often: how the same few people turn up again and again.
    pub(crate) fn pick_early<'a, T>(&mut self, among: &'a [T]) -> Option<&'a T> {
        let at = self.unit().powi(3) * among.len() as f64;
        among.get(at as usize)
    }

    /// The place of one of them, by weight.
    pub(crate) fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut left = self.unit() * weights.iter().sum::<f64>();
        for (at, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return at;
            }
        }
        weights.len().saturating_sub(1)
    }

    /// The place of one of them, by running totals of weights.
    pub(crate) fn by_totals(&mut self, totals: &[f64]) -> usize {
        let mark = self.unit() * totals.last().copied().unwrap_or(0.0);
        totals.partition_point(|total| *total <= mark).min(totals.len().saturating_sub(1))
    }

    /// An id shaped as version 7, of that time.
    pub(crate) fn id(&mut self, micros: i64) -> Uuid {
        let millis = u64::try_from(micros / 1000).unwrap_or(0);
        let (high, low) = (self.next().to_be_bytes(), self.next().to_be_bytes());
        let [a, b, c, d, e, f, g, h] = high;
        uuid::Builder::from_unix_timestamp_millis(millis, &[a, b, c, d, e, f, g, h, low[0], low[1]]).into_uuid()
    }
}

/// An id of its own for a text, the same for ever (version 8).
pub(crate) fn fixed_id(text: &str) -> Uuid {
    let (high, low) = (hash(text), mixed(hash(text) ^ 0x5DEE_CE66));
    Uuid::new_v8(((u128::from(high) << 64) | u128::from(low)).to_be_bytes())
}
