//! Numbers and texts in the bytes of a file, with a checksum at its end.

use crate::NamesError;

const CUT_SHORT: NamesError = NamesError::Damaged("a file that was cut short");

/// Bytes being put together.
#[derive(Debug, Default)]
pub(crate) struct Writer(Vec<u8>);

impl Writer {
    pub(crate) fn byte(&mut self, byte: u8) {
        self.0.push(byte);
    }

    /// A number, the smaller the shorter (seven bits to a byte).
    pub(crate) fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    pub(crate) fn words(&mut self, words: &[u64]) {
        self.number(words.len() as u64);
        for word in words {
            self.0.extend(word.to_le_bytes());
        }
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.0.extend(text.as_bytes());
    }

    /// The bytes with their checksum behind them.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        let sum = crc32fast::hash(&self.0);
        self.0.extend(sum.to_le_bytes());
        self.0
    }
}

/// Bytes being read.
#[derive(Debug)]
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// Reads what [`Writer::finish`] gave.
    ///
    /// # Errors
    /// [`NamesError::Damaged`] when the checksum is wrong.
    pub(crate) fn checked(bytes: &'a [u8]) -> Result<Reader<'a>, NamesError> {
        let (content, sum) = bytes.split_last_chunk::<4>().ok_or(CUT_SHORT)?;
        if crc32fast::hash(content) != u32::from_le_bytes(*sum) {
            return Err(NamesError::Damaged("a file whose checksum is wrong"));
        }
        Ok(Reader(content))
    }

    pub(crate) fn byte(&mut self) -> Result<u8, NamesError> {
        let (byte, rest) = self.0.split_first().ok_or(CUT_SHORT)?;
        self.0 = rest;
        Ok(*byte)
    }

    pub(crate) fn number(&mut self) -> Result<u64, NamesError> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(NamesError::Damaged("a number that does not end"))
    }

    /// A number of things.
    pub(crate) fn length(&mut self) -> Result<usize, NamesError> {
        usize::try_from(self.number()?)
            .ok()
            .filter(|length| *length <= u32::MAX as usize)
            .ok_or(NamesError::Damaged("an impossible length"))
    }

    pub(crate) fn words(&mut self) -> Result<Vec<u64>, NamesError> {
        let length = self.length()?;
        let (words, rest) = self.0.split_at_checked(length * 8).ok_or(CUT_SHORT)?;
        self.0 = rest;
        let (words, _) = words.as_chunks::<8>();
        Ok(words.iter().map(|word| u64::from_le_bytes(*word)).collect())
    }

    pub(crate) fn text(&mut self) -> Result<&'a str, NamesError> {
        let length = self.length()?;
        let (text, rest) = self.0.split_at_checked(length).ok_or(CUT_SHORT)?;
        self.0 = rest;
        std::str::from_utf8(text).map_err(|_| NamesError::Damaged("a text that is none"))
    }
}
