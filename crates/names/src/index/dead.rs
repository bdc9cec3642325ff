//! The mentions of a segment that are no more: replaced, or removed.

use super::{
    bits::Bits,
    bytes::{Reader, Writer},
    packed::Packed,
};
use crate::NamesError;

/// The mentions that are no more.
#[derive(Debug, Clone, Default)]
pub(crate) struct Dead {
    bits: Bits,
    count: u32,
}

impl Dead {
    pub(crate) fn is_empty(&self) -> bool {
        self.count == 0
    }

    pub(crate) fn count(&self) -> u32 {
        self.count
    }

    pub(crate) fn has(&self, document: u32) -> bool {
        self.bits.has(document)
    }

    pub(super) fn add(&mut self, document: u32) {
        self.count += u32::from(!self.bits.has(document));
        self.bits.add(document);
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.bits.iter()
    }

    pub(super) fn write(&self) -> Vec<u8> {
        let mut to = Writer::default();
        Packed::of(self.iter().map(u64::from)).write(&mut to);
        to.finish()
    }

    /// Reads the dead of a segment of `mentions`.
    pub(super) fn read(bytes: &[u8], mentions: u32) -> Result<Dead, NamesError> {
        let mut dead = Dead::default();
        for document in Packed::read(&mut Reader::checked(bytes)?)?.iter() {
            if document >= u64::from(mentions) {
                return Err(NamesError::Damaged("a mention that is not there"));
            }
            dead.add(document as u32);
        }
        Ok(dead)
    }
}
