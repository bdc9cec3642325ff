//! Values that repeat, kept once and named by a small number.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash};

/// Codes count from 1; 0 stands for "none".
#[derive(Debug, Clone)]
pub(super) struct Dictionary<T, S> {
    values: Vec<T>,
    codes: HashMap<T, u32, S>,
}

impl<T, S: Default> Default for Dictionary<T, S> {
    fn default() -> Self {
        Self { values: Vec::new(), codes: HashMap::default() }
    }
}

impl<T: Copy + Eq + Hash, S: BuildHasher> Dictionary<T, S> {
    pub(super) fn code(&mut self, value: T) -> u32 {
        *self.codes.entry(value).or_insert_with(|| {
            self.values.push(value);
            self.values.len() as u32
        })
    }

    pub(super) fn value(&self, code: u32) -> Option<T> {
        self.values.get((code as usize).checked_sub(1)?).copied()
    }

    /// The values of the codes 1, 2, ….
    pub(super) fn values(&self) -> &[T] {
        &self.values
    }

    pub(super) fn bytes(&self) -> usize {
        self.values.capacity() * size_of::<T>() + self.codes.capacity() * size_of::<(T, u32)>()
    }
}
