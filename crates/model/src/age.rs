//! Age, worked out at the date of the incident. Unknown, or a band that crosses 18, is treated as a child.

use crate::PartialDate;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The youngest and oldest a person can be, in whole years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgeBand {
    /// The youngest.
    pub from: u8,
    /// The oldest.
    pub to: u8,
}

/// Whole years from `birth` to `day`; a birthday on 29 February falls on 1 March in other years.
fn whole_years(birth: Date, day: Date) -> i16 {
    let had_birthday = (day.month(), day.day()) >= (birth.month(), birth.day());
    day.year() - birth.year() - i16::from(!had_birthday)
}

/// How old somebody can have been on a day between `first` and `last`; `None` when nothing is known.
pub fn on(born: Option<PartialDate>, band: Option<AgeBand>, first: Date, last: Date) -> Option<AgeBand> {
    let held = |years: i16| u8::try_from(years.clamp(0, 130)).unwrap_or(0);
    match born {
        Some(born) => Some(AgeBand { from: held(whole_years(born.latest(), first)), to: held(whole_years(born.earliest(), last)) }),
        None => band,
    }
}

/// Whether a person of that age is to be treated as a child.
pub fn is_treated_as_child(age: Option<AgeBand>) -> bool {
    age.is_none_or(|age| age.from < 18)
}

/// Whether a person of that age is certainly under ten, the age of criminal responsibility.
pub fn is_under_ten(age: Option<AgeBand>) -> bool {
    age.is_some_and(|age| age.to < 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn age(born: &str, day: Date) -> AgeBand {
        on(Some(born.parse().unwrap()), None, day, day).unwrap()
    }

    #[test]
    fn the_day_before_an_eighteenth_birthday_is_a_child() {
        assert_eq!(age("2006-05-10", date(2024, 5, 9)), AgeBand { from: 17, to: 17 });
        assert_eq!(age("2006-05-10", date(2024, 5, 10)), AgeBand { from: 18, to: 18 });
        assert_eq!(age("2004-02-29", date(2022, 2, 28)), AgeBand { from: 17, to: 17 });
    }

    #[test]
    fn what_is_unknown_or_crosses_eighteen_is_a_child() {
        assert!(is_treated_as_child(None));
        assert!(is_treated_as_child(Some(age("2006", date(2024, 5, 9)))));
        assert!(is_treated_as_child(Some(AgeBand { from: 16, to: 25 })));
        assert!(!is_treated_as_child(Some(AgeBand { from: 18, to: 25 })));
    }

    #[test]
    fn under_ten_must_be_certain() {
        assert!(is_under_ten(Some(age("2016-01-01", date(2024, 5, 9)))));
        assert!(!is_under_ten(Some(age("2014", date(2024, 5, 9)))));
        assert!(!is_under_ten(None));
    }
}
