//! Query parameters: known names only, each once, every problem told at once.

use super::ApiError;
use model::{
    Problem, Problems, Uuid,
    grid::{Grid, Wgs84},
    timestamp::day_number,
    vocabulary,
};
use std::{collections::BTreeMap, str::FromStr};

/// An id in a path.
///
/// # Errors
/// Not found for a text that is none: nothing has that name.
pub(crate) fn path_id(text: &str) -> Result<Uuid, ApiError> {
    text.parse().map_err(|_| service::ServiceError::NotFound.into())
}

/// The parameters of one request.
#[derive(Debug)]
pub struct Params {
    values: BTreeMap<String, String>,
    problems: Problems,
}

impl Params {
    /// Reads a query string; a name that is not `known`, or given twice, is a problem.
    pub fn new(query: Option<&str>, known: &[&str]) -> Self {
        let mut problems = Problems::default();
        let mut values = BTreeMap::new();
        for (name, value) in form(query.unwrap_or_default()) {
            if !known.contains(&name.as_str()) {
                problems.add(&name, "unknown", format!("is not a parameter here: use {}", known.join(", ")));
            } else if value.chars().any(char::is_control) {
                problems.add(&name, "control_character", "must not hold control characters");
            } else if values.insert(name.clone(), value).is_some() {
                problems.add(&name, "repeated", "send this parameter once");
            }
        }
        Self { values, problems }
    }

    fn problem(&mut self, name: &str, code: &'static str, detail: impl Into<String>) {
        self.problems.add(name, code, detail);
    }

    /// The text of a parameter.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// A parameter read as some type; `form` says what it looks like.
    pub fn parsed<T: FromStr>(&mut self, name: &str, form: &str) -> Option<T> {
        let text = self.values.get(name)?;
        match text.parse() {
            Ok(value) => Some(value),
            Err(_) => {
                self.problem(name, "form", format!("must be {form}"));
                None
            }
        }
    }

    /// The same for a parameter that must be there.
    pub fn needed<T: FromStr>(&mut self, name: &str, form: &str) -> Option<T> {
        if !self.values.contains_key(name) {
            self.problem(name, "required", format!("must be {form}"));
        }
        self.parsed(name, form)
    }

    /// A calendar day as a day number.
    pub fn day(&mut self, name: &str) -> Option<i32> {
        self.parsed::<jiff::civil::Date>(name, "a day, as 2026-01-31").map(day_number)
    }

    /// `from` and `to`, in order.
    pub fn days(&mut self) -> (Option<i32>, Option<i32>) {
        let (from, to) = (self.day("from"), self.day("to"));
        if let (Some(first), Some(last)) = (from, to)
            && last < first
        {
            self.problem("to", "order", "must not be before from");
        }
        (from, to)
    }

    /// A whole number within bounds.
    pub fn number(&mut self, name: &str, least: i64, most: i64, default: i64) -> i64 {
        match self.parsed::<i64>(name, "a whole number") {
            Some(number) if (least..=most).contains(&number) => number,
            Some(_) => {
                self.problem(name, "range", format!("must be {least} to {most}"));
                default
            }
            None => default,
        }
    }

    /// A list with commas between.
    pub fn list(&self, name: &str) -> Vec<String> {
        self.text(name)
            .map(|text| text.split(',').map(|entry| entry.trim().to_owned()).filter(|entry| !entry.is_empty()).collect())
            .unwrap_or_default()
    }

    /// A list of ids.
    pub fn ids(&mut self, name: &str) -> Vec<Uuid> {
        let list = self.list(name);
        let ids: Vec<Uuid> = list.iter().filter_map(|text| text.parse().ok()).collect();
        if ids.len() != list.len() {
            self.problem(name, "form", "must be ids with commas between");
        }
        ids
    }

    /// NSIR types as a bit set.
    pub fn types(&mut self) -> u32 {
        let list = self.list("types");
        let codes: Vec<u16> = list.iter().filter_map(|text| text.parse().ok()).collect();
        let known = codes.iter().filter(|code| vocabulary::current().nsir_bit(**code).is_some()).count();
        if known != list.len() {
            self.problem("types", "unknown_code", vocabulary::current().remedy("nsir_types"));
        }
        vocabulary::current().nsir_bits(&codes)
    }

    /// `bbox` (west, south, east, north in degrees) as a box on the grid: the one that holds its four corners.
    pub fn bounds(&mut self) -> Option<[f64; 4]> {
        let text = self.values.get("bbox")?.clone();
        let degrees: Vec<f64> =
            text.split(',').filter_map(|part| part.trim().parse().ok()).filter(|degrees: &f64| degrees.is_finite()).collect();
        let [west, south, east, north] = degrees[..] else {
            self.problem("bbox", "form", "must be west,south,east,north in degrees, as -1.40,54.50,-1.20,54.65");
            return None;
        };
        if text.split(',').count() != 4 || west >= east || south >= north {
            self.problem("bbox", "order", "must be west,south,east,north, with west below east and south below north");
            return None;
        }
        let corners =
            [(west, south), (east, south), (east, north), (west, north)].map(|(longitude, latitude)| Wgs84 { longitude, latitude });
        // A map's corners may lie at sea, beyond the grid; what it shows must not.
        let points = corners.map(Wgs84::to_grid_roughly);
        let least = |of: fn(&model::grid::Grid) -> f64| points.iter().map(of).fold(f64::INFINITY, f64::min);
        let most = |of: fn(&model::grid::Grid) -> f64| points.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
        let bounds = [least(|p| p.easting), least(|p| p.northing), most(|p| p.easting), most(|p| p.northing)];
        let [south_west, north_east] = [(0, 1), (2, 3)].map(|(at, and)| Grid { easting: bounds[at], northing: bounds[and] });
        if corners.iter().all(|corner| corner.in_northern_ireland()) || !Grid::land_between(south_west, north_east) {
            self.problem("bbox", "not_on_land", "must show some of Great Britain: the British National Grid does not reach further");
            return None;
        }
        Some(bounds)
    }

    /// Where a page starts.
    pub fn cursor(&mut self) -> Option<(i32, Uuid)> {
        let text = self.values.get("cursor")?.clone();
        let cursor = read_cursor(&text);
        if cursor.is_none() {
            self.problem("cursor", "form", "must be the cursor of the page before, unchanged");
        }
        cursor
    }

    /// What is wrong with the parameters, if anything is.
    ///
    /// # Errors
    /// Every problem, each with the name of its parameter.
    pub fn into_problems(self) -> Result<(), Vec<Problem>> {
        // A parameter is named as it is sent, not as a pointer into a body.
        let named = |problem: Problem| Problem { pointer: problem.pointer.trim_start_matches('/').to_owned(), ..problem };
        self.problems.into_result().map_err(|problems| problems.into_iter().map(named).collect())
    }

    /// The parameters, if they are all sound.
    pub(crate) fn finish(self) -> Result<(), ApiError> {
        self.into_problems().map_err(ApiError::bad_parameters)
    }
}

/// A cursor as text.
pub fn cursor(at: (i32, Uuid)) -> String {
    format!("{}_{}", at.0, at.1.simple())
}

/// A text as a cursor.
pub fn read_cursor(text: &str) -> Option<(i32, Uuid)> {
    let (day, id) = text.split_once('_')?;
    Some((day.parse().ok()?, Uuid::parse_str(id).ok()?))
}

/// Pairs of a query string, percent-decoded.
fn form(query: &str) -> impl Iterator<Item = (String, String)> + '_ {
    let decode = |text: &str| {
        let mut bytes = Vec::with_capacity(text.len());
        let mut rest = text.bytes();
        while let Some(byte) = rest.next() {
            match byte {
                b'+' => bytes.push(b' '),
                b'%' => {
                    let ahead = rest.clone();
                    let hex = ahead
                        .take(2)
                        .map(|digit| (digit as char).to_digit(16))
                        .collect::<Option<Vec<u32>>>()
                        .filter(|digits| digits.len() == 2);
                    match hex {
                        Some(digits) => {
                            bytes.push((digits[0] * 16 + digits[1]) as u8);
                            rest.nth(1);
                        }
                        None => bytes.push(b'%'),
                    }
                }
                other => bytes.push(other),
            }
        }
        String::from_utf8_lossy(&bytes).into_owned()
    };
    query.split('&').filter(|pair| !pair.is_empty()).map(move |pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(name), decode(value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_may_reach_out_to_sea_but_not_lie_there() {
        let bounds = |bbox: &str| Params::new(Some(&format!("bbox={bbox}")), &["bbox"]).bounds();
        // All of Great Britain, as maps draw it.
        let [west, south, east, north] = bounds("-8.65,49.86,1.77,60.86").unwrap();
        assert!(west == 0.0 && south < 12_000.0 && east > 600_000.0 && north > 1_200_000.0, "{west} {south} {east} {north}");
        for elsewhere in ["2.0,45.0,5.0,48.0", "-20.0,50.0,-15.0,58.0", "-7.5,54.2,-6.2,54.9", "3.0,51.0,8.0,54.0", "-1.0,62.0,1.0,64.0"] {
            assert_eq!(bounds(elsewhere), None, "{elsewhere}");
        }
    }

    #[test]
    fn every_problem_is_told_at_once() {
        let mut params = Params::new(Some("from=2026-02-30&types=202,999&what=1&limit=1000&limit=3"), &["from", "to", "types", "limit"]);
        params.days();
        params.types();
        params.number("limit", 1, 100, 50);
        let problems = params.problems.into_result().unwrap_err();
        let fields: Vec<&str> = problems.iter().map(|problem| problem.pointer.as_str()).collect();
        assert_eq!(fields, ["/what", "/limit", "/from", "/types"]);
    }

    #[test]
    fn percent_signs_are_decoded_or_left() {
        let pairs: Vec<_> = form("a=%41+b%2&%zz").collect();
        assert_eq!(pairs, [("a".into(), "A b%2".into()), ("%zz".into(), String::new())]);
    }
}
