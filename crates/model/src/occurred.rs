//! When an incident occurred, at the precision it is known to.

use crate::{Problems, Timestamp, timestamp::day_number};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Exactly one of: an instant (`at`), a range (`from` and `to`), a day (`on`) or a month (`month`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Occurred {
    /// An instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// The start of a range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// The end of a range, not before its start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Timestamp>,
    /// A calendar day in the United Kingdom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date, example = "2026-01-31")]
    pub on: Option<Date>,
    /// A calendar month, `2026-01`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "2026-01")]
    pub month: Option<Month>,
}

/// A calendar month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Month {
    first: Date,
}

impl Month {
    /// The first day.
    pub fn first(self) -> Date {
        self.first
    }
}

impl std::str::FromStr for Month {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "not a month: write YYYY-MM".to_owned();
        if text.len() != 7 {
            return Err(wrong());
        }
        let first: Date = format!("{text}-01").parse().map_err(|_| wrong())?;
        Ok(Self { first })
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.first.year(), self.first.month())
    }
}

impl Serialize for Month {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl Occurred {
    /// An instant.
    pub fn at(at: Timestamp) -> Self {
        Self { at: Some(at), ..Self::default() }
    }

    /// A month.
    pub fn in_month(month: Month) -> Self {
        Self { month: Some(month), ..Self::default() }
    }

    /// The first and last calendar day in the United Kingdom on which it can have occurred.
    pub fn days(&self) -> (Date, Date) {
        if let Some(month) = self.month {
            (month.first, month.first.last_of_month())
        } else if let Some(day) = self.on {
            (day, day)
        } else if let Some(at) = self.at {
            (at.london_day(), at.london_day())
        } else {
            let from = self.from.or(self.to).unwrap_or_else(|| Timestamp::from_micros(0));
            (from.london_day(), self.to.unwrap_or(from).london_day())
        }
    }

    /// The same as day numbers (days since 1970-01-01).
    pub fn day_numbers(&self) -> (i32, i32) {
        let (first, last) = self.days();
        (day_number(first), day_number(last))
    }

    /// Checks that exactly one form is given and that it lies between 1900 and the day after `now`.
    pub fn check(&self, now: Timestamp, problems: &mut Problems) {
        let range = self.from.is_some() || self.to.is_some();
        let forms = [self.at.is_some(), range, self.on.is_some(), self.month.is_some()];
        if forms.iter().filter(|given| **given).count() != 1 {
            problems.add("", "one_form", "give exactly one of at, from and to, on, month");
            return;
        }
        match (self.from, self.to) {
            (Some(from), Some(to)) if to < from => problems.add("to", "order", "must not be before from"),
            (Some(_), None) => problems.add("to", "missing", "a range needs both from and to"),
            (None, Some(_)) => problems.add("from", "missing", "a range needs both from and to"),
            _ => {}
        }
        let (first, last) = self.days();
        if first.year() < 1900 {
            problems.add("", "too_early", "must not be before 1900");
        }
        let newest = self.month.map_or(last, |month| month.first);
        if day_number(newest) > day_number(now.london_day()) + 1 {
            problems.add("", "in_the_future", "must not lie in the future: check the year and the device's clock");
        }
    }
}
