//! What else speaks for or against: date of birth, age, postcode, sex. Graded evidence in nats, never a filter.

use crate::{Rule, Sex};
use model::PartialDate;
use std::ops::Range;

/// The same date of birth in full: the most that one tells.
pub(crate) const MOST_OF_BIRTH: f32 = 9.5;
const PARTLY: f32 = 6.5;
const YEAR: f32 = 3.8;
const SWAPPED: f32 = 6.0;
const ONE_DIGIT: f32 = 4.2;
/// The year alone, where both are known in full.
const OTHER_DAY: f32 = -0.6;
/// One digit apart, where both are not known in full.
const OTHER_YEAR: f32 = -1.2;
const AGE_FITS: f32 = 1.2;
/// The same postcode: the most that one tells.
pub(crate) const MOST_OF_POSTCODE: f32 = 6.0;
const AREA: f32 = 3.0;
/// Postcodes that are all in other areas.
pub(crate) const OTHER_POSTCODE: f32 = -1.4;
/// The same sex, which half of all people are; the most that one tells.
pub(crate) const SAME_SEX: f32 = 0.7;
/// Another one: recorded wrongly now and then, and not the same for life with everybody.
const OTHER_SEX: f32 = -2.5;

/// The most a date of birth adds that is not among [`births_near`].
pub(crate) const BIRTH_OTHERWISE: f32 = AGE_FITS;

/// Dates of birth that tell something, and what.
pub(crate) struct Birth {
    pub(crate) weight: f32,
    /// Packed dates, the last excluded.
    pub(crate) range: Range<u32>,
}

/// The dates of birth that speak for the packed one asked for by more than [`BIRTH_OTHERWISE`], those that speak most first.
pub(crate) fn births_near(asked: u64) -> Vec<Birth> {
    let (year, month, day) = unpack(asked);
    let packed = |year: u64, month: u64, day: u64| (year << 9 | month << 5 | day) as u32;
    let mut near = Vec::new();
    let mut add = |weight: f32, from: u32, to: u32| near.push(Birth { weight, range: from..to + 1 });
    if day != 0 {
        add(MOST_OF_BIRTH, asked as u32, asked as u32);
        add(PARTLY, packed(year, month, 0), packed(year, month, 0));
        if day != month && day <= 12 {
            add(SWAPPED, packed(year, day, month), packed(year, day, month));
        }
        // Each digit in turn; what is no date is nobody's.
        for place in [1, 10, 100, 1_000] {
            other_digits(year, place).for_each(|year| add(ONE_DIGIT, packed(year, month, day), packed(year, month, day)));
        }
        for place in [1, 10] {
            other_digits(month, place).filter(|month| (1..=12).contains(month)).for_each(|month| {
                add(ONE_DIGIT, packed(year, month, day), packed(year, month, day));
            });
            other_digits(day, place).filter(|day| (1..=31).contains(day)).for_each(|day| {
                add(ONE_DIGIT, packed(year, month, day), packed(year, month, day));
            });
        }
        add(YEAR, packed(year, 0, 0), packed(year, 0, 0));
    } else if month != 0 {
        add(PARTLY, packed(year, month, 0), packed(year, month, 31));
        add(YEAR, packed(year, 0, 0), packed(year, 0, 0));
    } else {
        add(YEAR, packed(year, 0, 0), packed(year, 15, 31));
    }
    near.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    near
}

/// The number with another digit at one place.
fn other_digits(number: u64, place: u64) -> impl Iterator<Item = u64> {
    let digit = number / place % 10;
    (0..10).filter(move |other| *other != digit).map(move |other| number - digit * place + other * place)
}

/// A date of birth in one number (year, month, day; 0 for an unknown month or day), as the index keeps it.
pub(crate) fn pack_date(date: PartialDate) -> u64 {
    let month = date.month().unwrap_or(0) as u64;
    let day = date.day().unwrap_or(0) as u64;
    (date.year() as u64) << 9 | month << 5 | day
}

fn unpack(packed: u64) -> (u64, u64, u64) {
    (packed >> 9, packed >> 5 & 15, packed & 31)
}

/// The packed date as people write it.
pub(crate) fn written(packed: u64) -> String {
    match unpack(packed) {
        (year, 0, _) => format!("{year:04}"),
        (year, month, 0) => format!("{year:04}-{month:02}"),
        (year, month, day) => format!("{year:04}-{month:02}-{day:02}"),
    }
}

/// What a recorded date of birth tells about the one asked for, both packed.
pub(crate) fn date_of_birth(asked: u64, recorded: u64) -> (Rule, f32) {
    let ((year_a, month_a, day_a), (year_r, month_r, day_r)) = (unpack(asked), unpack(recorded));
    let in_full = day_a != 0 && day_r != 0;
    if asked == recorded && in_full {
        return (Rule::DateOfBirthExact, MOST_OF_BIRTH);
    }
    let fits = |a: u64, r: u64| a == 0 || r == 0 || a == r;
    if year_a == year_r && fits(month_a, month_r) && fits(day_a, day_r) {
        return match (month_a != 0 && month_r != 0, in_full) {
            (true, _) => (Rule::DateOfBirthPartly, PARTLY),
            (false, _) => (Rule::DateOfBirthYearOnly, YEAR),
        };
    }
    if in_full && year_a == year_r && month_a == day_r && day_a == month_r {
        return (Rule::DateOfBirthDayMonthSwapped, SWAPPED);
    }
    let digits = digits_apart(year_a, year_r)
        + if month_a == 0 || month_r == 0 { 0 } else { digits_apart(month_a, month_r) }
        + if in_full { digits_apart(day_a, day_r) } else { 0 };
    match (digits, in_full, year_a == year_r) {
        (1, true, _) => (Rule::DateOfBirthOneDigit, ONE_DIGIT),
        (_, true, true) => (Rule::DateOfBirthYearOnly, OTHER_DAY),
        (1, false, false) => (Rule::DateOfBirthOneDigit, OTHER_YEAR),
        _ => (Rule::DateOfBirthDiffers, -5.3),
    }
}

fn digits_apart(mut a: u64, mut b: u64) -> u32 {
    let mut apart = 0;
    while a > 0 || b > 0 {
        apart += u32::from(a % 10 != b % 10);
        (a, b) = (a / 10, b / 10);
    }
    apart
}

/// What a recorded age band tells, from the year somebody turns that age: `asked` is a packed date of birth, `first_day`
/// the day since 1970-01-01 on which they had the age.
pub(crate) fn age_band(asked: u64, band: (u8, u8), first_day: i32) -> (Rule, f32) {
    let year_then = 1970.0 + f64::from(first_day) / 365.2425;
    let age = year_then - (asked >> 9) as f64;
    // Only the year is compared, so a year either way still fits.
    if age > f64::from(band.0) - 1.0 && age < f64::from(band.1) + 2.0 {
        (Rule::AgeBandFits, AGE_FITS)
    } else {
        (Rule::AgeBandDiffers, -3.0)
    }
}

/// What a recorded sex tells about the one asked for.
pub(crate) fn sex(asked: Sex, recorded: Sex) -> (Rule, f32) {
    if asked == recorded { (Rule::SexSame, SAME_SEX) } else { (Rule::SexDiffers, OTHER_SEX) }
}

/// A postcode or outward code in one number, as the index keeps it; nothing for what cannot be one.
pub(crate) fn pack_postcode(text: &str) -> Option<u64> {
    let plain: Vec<u8> = text.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_uppercase()).take(9).collect();
    if !(2..=7).contains(&plain.len()) {
        return None;
    }
    let digit = |byte: u8| u64::from(if byte.is_ascii_digit() { byte - b'0' } else { byte - b'A' + 10 }) + 1;
    Some(plain.iter().fold(0, |packed, byte| packed * 37 + digit(*byte)))
}

const INWARD: u64 = 37 * 37 * 37;

/// The outward code of a packed postcode: all but the last three characters of a whole one.
fn outward(packed: u64) -> u64 {
    // Outward codes have two to four characters, whole postcodes five to seven.
    if packed >= INWARD * 37 { packed / INWARD } else { packed }
}

/// The postcodes that speak for the packed one asked for, as ranges of packed ones, those that speak most first.
pub(crate) fn postcodes_near(asked: u64) -> Vec<(f32, Range<u64>)> {
    let area = outward(asked);
    let mut near = Vec::new();
    if area != asked {
        near.push((MOST_OF_POSTCODE, asked..asked + 1));
    }
    near.push((AREA, area..area + 1));
    near.push((AREA, area * INWARD..(area + 1) * INWARD));
    near
}

/// What recorded postcodes tell about the one asked for, all packed: the best of them.
pub(crate) fn postcode(asked: u64, recorded: impl Iterator<Item = u64>) -> Option<(Rule, f32)> {
    recorded
        .map(|recorded| {
            if recorded == asked && outward(asked) != asked {
                (Rule::PostcodeExact, MOST_OF_POSTCODE)
            } else if outward(recorded) == outward(asked) {
                (Rule::PostcodeArea, AREA)
            } else {
                (Rule::PostcodeDiffers, OTHER_POSTCODE)
            }
        })
        .max_by(|a: &(Rule, f32), b| a.1.total_cmp(&b.1))
}

/// The packed postcode as people write it.
pub(crate) fn postcode_written(mut packed: u64) -> String {
    let mut letters = Vec::new();
    while packed > 0 {
        let digit = (packed % 37) as u8;
        letters.push(char::from(if digit > 10 { b'A' + digit - 11 } else { b'0' + digit.saturating_sub(1) }));
        packed /= 37;
    }
    if letters.len() > 4 {
        letters.insert(3, ' ');
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grades_dates_of_birth() {
        let packed = |text: &str| pack_date(text.parse().unwrap());
        for (asked, recorded, rule) in [
            ("1987-04-12", "1987-04-12", Rule::DateOfBirthExact),
            ("1987-04-12", "1987-04-13", Rule::DateOfBirthOneDigit),
            ("1987-04-12", "1978-04-12", Rule::DateOfBirthDiffers),
            ("1987-04-12", "1987-12-04", Rule::DateOfBirthDayMonthSwapped),
            ("1987", "1987-12-04", Rule::DateOfBirthYearOnly),
            ("1987-12", "1987-12-04", Rule::DateOfBirthPartly),
            ("1987-04-12", "1987-11-30", Rule::DateOfBirthYearOnly),
            ("1987-04-12", "1951-11-30", Rule::DateOfBirthDiffers),
            ("1987", "1986", Rule::DateOfBirthOneDigit),
        ] {
            assert_eq!(date_of_birth(packed(asked), packed(recorded)).0, rule, "{asked} {recorded}");
        }
        for text in ["1987", "1987-04", "1987-04-12"] {
            assert_eq!(written(packed(text)), text);
        }
    }

    #[test]
    fn grades_postcodes() {
        let packed = |text: &str| pack_postcode(text).unwrap();
        for (asked, recorded, rule) in [
            ("TS18 1AB", "ts181ab", Rule::PostcodeExact),
            ("TS18 1AB", "TS18 2XX", Rule::PostcodeArea),
            ("TS18", "TS18 2XX", Rule::PostcodeArea),
            ("TS18", "TS18", Rule::PostcodeArea),
            ("B1 1AA", "B1", Rule::PostcodeArea),
            ("TS18 1AB", "TS1 1AB", Rule::PostcodeDiffers),
        ] {
            let found = postcode(packed(asked), [packed(recorded)].into_iter());
            assert_eq!(found.map(|found| found.0), Some(rule), "{asked} {recorded}");
        }
        assert_eq!(postcode(packed("TS18"), std::iter::empty()), None);
        assert_eq!(postcode_written(packed("ts181ab")), "TS18 1AB");
        assert_eq!(postcode_written(packed("A9Z 0AA")), "A9Z 0AA");
        assert_eq!(pack_postcode("no postcode"), None);
    }

    #[test]
    fn weighs_ages() {
        let born = pack_date("2000-01-01".parse().unwrap());
        assert_eq!(age_band(born, (18, 25), 20_000).0, Rule::AgeBandFits);
        assert_eq!(age_band(born, (40, 50), 20_000).0, Rule::AgeBandDiffers);
    }
}
