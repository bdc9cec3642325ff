//! The records of a CSV file (RFC 4180): cells between commas, quoted where they hold commas, quotes or line breaks.
//!
//! Read here and not by the crate `csv`, which keeps a record of any length, and takes text after a closing quote as
//! part of the cell: two rows could become one, and one of them be lost unseen.
//!
//! A quote that is opened and never closed costs its own line, not the rest of the file: the lines it swallowed are
//! read again.

use crate::{
    FileError,
    lines::{Line, Lines},
};
use std::{collections::VecDeque, io::BufRead};

/// The longest record, in bytes.
pub(crate) const LONGEST_RECORD: usize = 1 << 20;

/// What reading a record gave.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// A record: see [`Records::cells`].
    Cells,
    /// A record longer than [`LONGEST_RECORD`].
    TooLong,
    /// A line with a quote that is never closed, or with text after a closing quote.
    OpenQuote,
    /// A line with a carriage return in it that does not end it.
    StrayReturn,
    /// The file's end.
    End,
}

/// Reads records.
#[derive(Debug)]
pub(crate) struct Records<R> {
    lines: Lines<R>,
    again: VecDeque<Again>,
    breaks_in_cells: bool,
    expected: Option<usize>,
    raw: Vec<u8>,
    within: Within,
    text: Vec<u8>,
    ends: Vec<usize>,
}

/// A line, or what stood in its place, to be read again.
#[derive(Debug)]
enum Again {
    Line(Vec<u8>),
    TooLong,
    Broken(FileError),
}

/// Where in a cell the parser stands.
#[derive(Debug, Clone, Copy)]
enum Within {
    Start,
    Plain,
    Quoted,
    AfterQuote,
}

enum Parsed {
    Whole,
    QuoteOpen,
    BadQuote,
    StrayReturn,
}

impl<R: BufRead> Records<R> {
    /// `breaks_in_cells` says whether quoted cells may hold line breaks.
    pub(crate) fn new(input: R, breaks_in_cells: bool) -> Self {
        Self {
            lines: Lines::new(input, LONGEST_RECORD),
            again: VecDeque::new(),
            breaks_in_cells,
            expected: None,
            raw: Vec::new(),
            within: Within::Start,
            text: Vec::new(),
            ends: Vec::new(),
        }
    }

    /// Says how many cells a record has: a record over several lines with another number opened a quote by mistake.
    pub(crate) fn expect(&mut self, cells: usize) {
        self.expected = Some(cells);
    }

    /// The cells of the record just found.
    pub(crate) fn cells(&self) -> Cells<'_> {
        Cells { text: &self.text, ends: &self.ends }
    }

    /// Reads the next record; blank lines are passed over.
    pub(crate) fn next(&mut self) -> Result<Found, FileError> {
        loop {
            self.raw.clear();
            match self.line() {
                Ok(Line::Text) if self.raw.iter().all(|byte| matches!(byte, b'\r' | b'\n')) => {}
                Ok(Line::Text) => return Ok(self.record()),
                Ok(Line::TooLong) => return Ok(Found::TooLong),
                Ok(Line::End) => return Ok(Found::End),
                Err(error) => return Err(error),
            }
        }
    }

    /// Reads the record that begins with the line in `raw`.
    fn record(&mut self) -> Found {
        self.within = Within::Start;
        self.text.clear();
        self.ends.clear();
        let mut parsed = self.parse(0);
        let mut lines = 1;
        while matches!(parsed, Parsed::QuoteOpen) && self.breaks_in_cells {
            let start = self.raw.len();
            match self.line() {
                Ok(Line::Text) if self.raw.len() <= self.lines.longest() => {
                    parsed = self.parse(start);
                    lines += 1;
                }
                Ok(Line::Text | Line::End) => break,
                Ok(Line::TooLong) => {
                    self.again.push_front(Again::TooLong);
                    break;
                }
                Err(error) => {
                    self.again.push_front(Again::Broken(error));
                    break;
                }
            }
        }
        match parsed {
            Parsed::Whole if lines > 1 && self.expected.is_some_and(|expected| expected != self.ends.len()) => self.give_back(),
            Parsed::Whole => Found::Cells,
            Parsed::QuoteOpen | Parsed::BadQuote => self.give_back(),
            Parsed::StrayReturn => Found::StrayReturn,
        }
    }

    /// Adds the next line to `raw`, always with its line feed.
    fn line(&mut self) -> Result<Line, FileError> {
        match self.again.pop_front() {
            Some(Again::Line(line)) => {
                self.raw.extend_from_slice(&line);
                Ok(Line::Text)
            }
            Some(Again::TooLong) => Ok(Line::TooLong),
            Some(Again::Broken(error)) => Err(error),
            None => {
                let line = self.lines.read(&mut self.raw)?;
                if line == Line::Text && self.raw.last() != Some(&b'\n') {
                    self.raw.push(b'\n');
                }
                Ok(line)
            }
        }
    }

    /// Parses `raw` from `start`, which is the start of a line; the line ends in a line feed.
    fn parse(&mut self, start: usize) -> Parsed {
        let mut rest = &self.raw[start..];
        // What stands up to the first byte that ends it.
        let upto = |rest: &[u8], ends: fn(u8) -> bool| rest.iter().position(|byte| ends(*byte)).unwrap_or(rest.len());
        loop {
            if let Within::Quoted = self.within {
                let length = upto(rest, |byte| byte == b'"');
                self.text.extend_from_slice(&rest[..length]);
                let Some((_, after)) = rest[length..].split_first() else { return Parsed::QuoteOpen };
                rest = after;
                self.within = Within::AfterQuote;
            }
            match (self.within, rest) {
                (Within::Start, [b'"', after @ ..]) => {
                    rest = after;
                    self.within = Within::Quoted;
                }
                (Within::AfterQuote, [b'"', after @ ..]) => {
                    self.text.push(b'"');
                    rest = after;
                    self.within = Within::Quoted;
                }
                (_, [b',', after @ ..]) => {
                    self.ends.push(self.text.len());
                    rest = after;
                    self.within = Within::Start;
                }
                (_, [b'\n'] | [b'\r', b'\n']) => {
                    self.ends.push(self.text.len());
                    return Parsed::Whole;
                }
                (Within::AfterQuote, _) => return Parsed::BadQuote,
                (_, [] | [b'\r' | b'\n', ..]) => return Parsed::StrayReturn,
                (_, _) => {
                    let length = upto(rest, |byte| matches!(byte, b',' | b'\n' | b'\r'));
                    self.text.extend_from_slice(&rest[..length]);
                    rest = &rest[length..];
                    self.within = Within::Plain;
                }
            }
        }
    }

    /// Gives up the first line of `raw` and has the others read again.
    fn give_back(&mut self) -> Found {
        let lines: Vec<&[u8]> = self.raw.split_inclusive(|byte| *byte == b'\n').skip(1).collect();
        for line in lines.into_iter().rev() {
            self.again.push_front(Again::Line(line.to_vec()));
        }
        Found::OpenQuote
    }
}

/// The cells of one record.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cells<'a> {
    text: &'a [u8],
    ends: &'a [usize],
}

impl<'a> Cells<'a> {
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The bytes of a cell; none when there is no such cell.
    pub(crate) fn bytes(&self, at: usize) -> &'a [u8] {
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.ends.get(at).and_then(|end| self.text.get(start..*end)).unwrap_or_default()
    }

    /// The text of a cell; `None` when it is not UTF-8.
    pub(crate) fn text(&self, at: usize) -> Option<&'a str> {
        std::str::from_utf8(self.bytes(at)).ok()
    }
}
