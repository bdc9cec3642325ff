//! A set of mentions, a bit each.

/// A set of small numbers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bits(Vec<u64>);

impl Bits {
    /// Those of the numbers that are below `end`.
    pub(super) fn of(end: u32, numbers: impl Iterator<Item = u32>) -> Bits {
        let mut words = vec![0u64; end.div_ceil(64) as usize];
        numbers.for_each(|at| {
            if let Some(word) = words.get_mut(at as usize / 64) {
                *word |= 1 << (at % 64);
            }
        });
        Bits(words)
    }

    pub(super) fn has(&self, at: u32) -> bool {
        self.0.get(at as usize / 64).is_some_and(|word| word >> (at % 64) & 1 != 0)
    }

    pub(super) fn add(&mut self, at: u32) {
        let word = at as usize / 64;
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= 1 << (at % 64);
    }

    /// The numbers, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        (0..self.0.len() as u32 * 64).filter(|at| self.has(*at))
    }
}
