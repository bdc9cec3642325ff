//! Query strings.

use api::params::{self, Params};

/// Every parameter that any list, map or hotspot knows, read in every way.
///
/// # Panics
/// When what was read is not what it must be.
pub fn filters(data: &[u8]) {
    const KNOWN: [&str; 9] = ["from", "to", "types", "agency", "bbox", "area", "limit", "cursor", "role"];
    let text = String::from_utf8_lossy(data);
    let mut params = Params::new(Some(&text), &KNOWN);
    let backwards = matches!(params.days(), (Some(from), Some(to)) if from > to);
    params.types();
    params.ids("agency");
    params.parsed::<model::Uuid>("agency", "an id");
    let limit = params.number("limit", 1, 200, 50);
    assert!((1..=200).contains(&limit));
    if let Some([west, south, east, north]) = params.bounds() {
        assert!(west < east && south < north, "a box inside out: {west} {south} {east} {north}");
        assert!([west, south, east, north].iter().all(|metres| metres.is_finite()));
    }
    params.cursor();
    assert!(params.list("area").iter().all(|code| !code.is_empty() && code.trim() == code));
    let problems = params.into_problems().err().unwrap_or_default();
    assert!(!backwards || !problems.is_empty());
    assert!(problems.iter().all(|problem| !problem.detail.is_empty()));
}

/// A text as a cursor: what is read is written the same again.
///
/// # Panics
/// When it is not.
pub fn cursor(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Some(at) = params::read_cursor(&text) {
        let written = params::cursor(at);
        assert_eq!(params::read_cursor(&written), Some(at));
    }
    let mut params = Params::new(Some(&format!("cursor={text}")), &["cursor"]);
    params.cursor();
}
