//! The features of a FeatureCollection, one at a time, without reading the file as a whole.
//!
//! Only the outline of the JSON is followed here (strings, and how deep braces and brackets stand, counted and not
//! recursed into); each feature's text is parsed by whoever asked for it, so a bad one costs only itself.

use crate::{FileError, lines::Line};
use std::io::{BufRead, ErrorKind};

/// The longest feature, in bytes.
const LONGEST_FEATURE: usize = 1 << 26;
/// The longest member of the collection other than the features that is looked at.
const LONGEST_MEMBER: usize = 1 << 16;

/// Reads features.
#[derive(Debug)]
pub(super) struct Features<R> {
    input: R,
    state: State,
    found_features: bool,
    kind: Option<String>,
}

#[derive(Debug, PartialEq, Eq)]
enum State {
    Start,
    Members,
    Features,
    End,
}

fn broken() -> FileError {
    FileError::new("not_json", "the file is not JSON, or ends in the middle: fetch it again. The features before that were read")
}

fn not_a_collection() -> FileError {
    FileError::new(
        "not_a_feature_collection",
        "the file is not a GeoJSON FeatureCollection: {\"type\":\"FeatureCollection\",\"features\":[…]}",
    )
}

impl<R: BufRead> Features<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, state: State::Start, found_features: false, kind: None }
    }

    /// Puts the next feature's text into `into`.
    pub(super) fn next(&mut self, into: &mut Vec<u8>) -> Result<Line, FileError> {
        if self.state == State::Start {
            match self.peek_past_blanks()? {
                None => return Err(FileError::empty("a GeoJSON FeatureCollection")),
                Some(b'{') => self.skip(),
                Some(_) => return Err(not_a_collection()),
            }
            self.state = State::Members;
            if self.peek_past_blanks()? == Some(b'}') {
                return Err(not_a_collection());
            }
        }
        while self.state == State::Members {
            self.member()?;
        }
        if self.state == State::End {
            return Ok(Line::End);
        }
        let whole = self.value(into, LONGEST_FEATURE)?;
        match self.peek_past_blanks()? {
            Some(b',') => self.skip(),
            Some(b']') => {
                self.skip();
                self.after_member()?;
            }
            _ => return Err(broken()),
        }
        Ok(if whole { Line::Text } else { Line::TooLong })
    }

    /// Reads one member of the collection, up to the first feature when it is the features.
    fn member(&mut self) -> Result<(), FileError> {
        let mut key = Vec::new();
        if self.peek_past_blanks()? != Some(b'"') || !self.value(&mut key, LONGEST_MEMBER)? {
            return Err(broken());
        }
        if self.peek_past_blanks()? != Some(b':') {
            return Err(broken());
        }
        self.skip();
        if key == b"\"features\"" {
            if self.found_features {
                return Err(FileError::new("duplicate_key", "the collection has the member \"features\" twice"));
            }
            if self.peek_past_blanks()? != Some(b'[') {
                return Err(not_a_collection());
            }
            self.found_features = true;
            self.skip();
            if self.peek_past_blanks()? != Some(b']') {
                self.state = State::Features;
                return Ok(());
            }
            self.skip();
            return self.after_member();
        }
        let mut value = Vec::new();
        let whole = self.value(&mut value, LONGEST_MEMBER)?;
        match key.as_slice() {
            b"\"crs\"" => check_system(&value)?,
            b"\"type\"" if whole => self.kind = serde_json::from_slice(&value).ok(),
            _ => {}
        }
        self.after_member()
    }

    /// Reads what stands between two members, or the collection's end.
    fn after_member(&mut self) -> Result<(), FileError> {
        match self.peek_past_blanks()? {
            Some(b',') => self.state = State::Members,
            Some(b'}') if self.found_features && self.kind.as_deref().is_none_or(|kind| kind == "FeatureCollection") => {
                self.state = State::End
            }
            Some(b'}') => return Err(not_a_collection()),
            _ => return Err(broken()),
        }
        self.skip();
        Ok(())
    }

    /// Reads one JSON value's text; `false` when it is longer than `longest` and was not kept.
    fn value(&mut self, into: &mut Vec<u8>, longest: usize) -> Result<bool, FileError> {
        let (mut depth, mut in_string, mut escaped, mut whole) = (0_u64, false, false, true);
        self.peek_past_blanks()?;
        let mut length = 0;
        loop {
            let Some(byte) = self.peek()? else { return Err(broken()) };
            if !in_string && depth == 0 && length > 0 && matches!(byte, b',' | b']' | b'}' | b':' | b' ' | b'\t' | b'\r' | b'\n') {
                return Ok(whole);
            }
            self.skip();
            length += 1;
            if length > longest {
                whole = false;
                into.clear();
            } else {
                into.push(byte);
            }
            match byte {
                _ if escaped => escaped = false,
                b'\\' if in_string => escaped = true,
                b'"' => in_string = !in_string,
                b'{' | b'[' if !in_string => depth += 1,
                b'}' | b']' if !in_string => depth = depth.checked_sub(1).ok_or_else(broken)?,
                _ => {}
            }
            if depth == 0 && !in_string && matches!(byte, b'"' | b'}' | b']') {
                return Ok(whole);
            }
        }
    }

    fn peek_past_blanks(&mut self) -> Result<Option<u8>, FileError> {
        loop {
            match self.peek()? {
                Some(b' ' | b'\t' | b'\r' | b'\n') => self.skip(),
                other => return Ok(other),
            }
        }
    }

    fn peek(&mut self) -> Result<Option<u8>, FileError> {
        loop {
            match self.input.fill_buf() {
                Ok(bytes) => return Ok(bytes.first().copied()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(FileError::unreadable(error)),
            }
        }
    }

    fn skip(&mut self) {
        self.input.consume(1);
    }
}

/// Refuses every coordinate system but WGS 84 (the member "crs" of GeoJSON before 2016).
fn check_system(value: &[u8]) -> Result<(), FileError> {
    let refuse = |named: &str| {
        let named: String = named.chars().filter(|c| !c.is_control()).take(80).collect();
        let detail =
            format!("the coordinates are in {named}: convert the file to WGS 84 first (ogr2ogr -t_srs EPSG:4326 OUT.geojson IN.geojson)");
        Err(FileError::new("wrong_coordinate_system", detail))
    };
    match serde_json::from_slice::<serde_json::Value>(value) {
        Ok(serde_json::Value::Null) => Ok(()),
        Ok(crs) => {
            let Some(name) = crs.pointer("/properties/name").and_then(serde_json::Value::as_str) else {
                return refuse("a system named in another way than by \"properties\": {\"name\": …}");
            };
            let upper = name.to_ascii_uppercase();
            let wgs84 = upper.ends_with("CRS84") || (upper.contains("EPSG") && upper.ends_with(":4326"));
            if wgs84 { Ok(()) } else { refuse(name) }
        }
        Err(_) => refuse("a system that cannot be read"),
    }
}
