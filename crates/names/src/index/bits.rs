//! A set of mentions, a bit each.

/// A set of small numbers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bits(Vec<u64>);

impl Bits {
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

impl<'a> FromIterator<&'a u32> for Bits {
    fn from_iter<T: IntoIterator<Item = &'a u32>>(numbers: T) -> Bits {
        let mut bits = Bits::default();
        numbers.into_iter().for_each(|at| bits.add(*at));
        bits
    }
}
