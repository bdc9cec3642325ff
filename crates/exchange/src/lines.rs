//! The lines of a file, none of them kept beyond a length.

use crate::FileError;
use std::io::{BufRead, ErrorKind};

/// What reading a line gave.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// A line, with its line feed unless it is the last.
    Text,
    /// A line longer than allowed; it was read past and not kept.
    TooLong,
    /// The file's end.
    End,
}

/// Reads lines of at most `longest` bytes.
#[derive(Debug)]
pub(crate) struct Lines<R> {
    input: R,
    longest: usize,
}

impl<R: BufRead> Lines<R> {
    pub(crate) fn new(input: R, longest: usize) -> Self {
        Self { input, longest }
    }

    pub(crate) fn longest(&self) -> usize {
        self.longest
    }

    /// Adds the next line to `into`; nothing when it is too long or cannot be read whole.
    pub(crate) fn read(&mut self, into: &mut Vec<u8>) -> Result<Line, FileError> {
        let start = into.len();
        let mut too_long = false;
        loop {
            let bytes = match self.input.fill_buf() {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => {
                    into.truncate(start);
                    return Err(FileError::unreadable(error));
                }
            };
            if bytes.is_empty() {
                return Ok(match (too_long, into.len() > start) {
                    (true, _) => Line::TooLong,
                    (false, true) => Line::Text,
                    (false, false) => Line::End,
                });
            }
            let end = bytes.iter().position(|byte| *byte == b'\n').map(|at| at + 1);
            let part = &bytes[..end.unwrap_or(bytes.len())];
            if too_long || into.len() - start + part.len() > self.longest {
                too_long = true;
                into.truncate(start);
            } else {
                into.extend_from_slice(part);
            }
            let read = part.len();
            self.input.consume(read);
            if end.is_some() {
                return Ok(if too_long { Line::TooLong } else { Line::Text });
            }
        }
    }
}
