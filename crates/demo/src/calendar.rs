//! When things happen: seasons, days of the week, hours, and the nights everybody knows.

use crate::{kinds::Kind, random::Random};
use jiff::civil::{Date, Weekday};

/// A shape of the day: a weight for each hour.
pub(crate) type Hours = [u8; 24];

/// Youths: from school's end to bedtime.
pub(crate) const EVENING: Hours = [3, 1, 1, 0, 0, 0, 0, 1, 2, 1, 1, 2, 3, 3, 4, 8, 10, 12, 15, 18, 19, 18, 12, 6];
/// Parties and neighbours.
pub(crate) const NIGHT: Hours = [16, 12, 8, 4, 2, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3, 4, 5, 6, 8, 9, 11, 14, 18, 19];
/// What is found or reported by day.
pub(crate) const DAY: Hours = [1, 0, 0, 0, 0, 1, 4, 9, 13, 14, 13, 12, 11, 10, 10, 10, 9, 8, 6, 5, 4, 3, 2, 1];
/// Shopping hours and after.
pub(crate) const AFTERNOON: Hours = [3, 2, 1, 0, 0, 0, 1, 2, 4, 6, 8, 10, 12, 13, 14, 14, 13, 12, 11, 10, 9, 8, 6, 4];

/// Weight of each month, January first.
pub(crate) type Months = [f64; 12];

pub(crate) const SUMMER: Months = [0.65, 0.7, 0.85, 1.05, 1.2, 1.3, 1.4, 1.4, 1.1, 1.0, 0.75, 0.6];
pub(crate) const LEVEL: Months = [0.95, 0.95, 1.0, 1.0, 1.05, 1.05, 1.1, 1.1, 1.0, 1.0, 0.95, 0.9];
pub(crate) const BONFIRE: Months = [0.4, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.5, 3.0, 4.5, 0.8];

/// How much of that kind a day brings, against an ordinary one.
pub(crate) fn weight(kind: &Kind, day: Date) -> f64 {
    let month = usize::try_from(day.month() - 1).unwrap_or(0);
    let weekday = match day.weekday() {
        Weekday::Friday => 0.5,
        Weekday::Saturday => 0.7,
        Weekday::Sunday => 0.2,
        Weekday::Thursday => -0.05,
        _ => -0.2,
    };
    let season = kind.months.get(month).copied().unwrap_or(1.0);
    season * (1.0 + weekday * kind.weekend) * special(kind, day)
}

/// Mischief night, Bonfire Night, New Year, bank holidays, school holidays.
fn special(kind: &Kind, day: Date) -> f64 {
    match (kind.key, day.month(), day.day()) {
        ("fireworks", 11, 5) => 14.0,
        ("fireworks", 11, 3..=8) => 5.0,
        ("fireworks", 10, 28..=31) => 3.0,
        ("fireworks", 12, 31) | ("fireworks", 1, 1) => 12.0,
        ("rowdy" | "targeted", 10, 30..=31) => 2.6,
        ("noise" | "drinking", 12, 24..=31) => 1.5,
        ("noise" | "rowdy", 1, 1) => 2.0,
        ("rowdy" | "vehicle" | "trespass", 7, 22..=31) | ("rowdy" | "vehicle" | "trespass", 8, 1..=31) => 1.15,
        ("begging", 12, _) => 1.2,
        (_, 12, 25) => 0.5,
        _ => 1.0,
    }
}

/// A second of the day.
pub(crate) fn second_of_day(random: &mut Random, hours: &Hours) -> i64 {
    let weights = hours.map(f64::from);
    let minute = random.between(0, 59);
    // People say ten past, not eleven minutes past.
    let minute = if random.chance(0.7) { minute / 5 * 5 } else { minute };
    random.weighted(&weights) as i64 * 3600 + minute * 60
}
