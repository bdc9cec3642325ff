//! A date known in full, to the month, or only to the year.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, str::FromStr};

/// A date as people know it: `1987-04-12`, `1987-04` or `1987`. Written as that text in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PartialDate {
    year: i16,
    month: Option<i8>,
    day: Option<i8>,
}

/// Why a text is not a [`PartialDate`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a date: write YYYY-MM-DD, YYYY-MM or YYYY, from 1850 to 2200")]
pub struct NotADate;

impl PartialDate {
    /// A date of which only `year`, or `year` and `month`, may be known.
    ///
    /// # Errors
    /// [`NotADate`] when the parts name no day of the calendar, or a day is given without its month.
    pub fn new(year: i16, month: Option<i8>, day: Option<i8>) -> Result<Self, NotADate> {
        let date = Self { year, month, day };
        let possible = match (month, day) {
            (None, Some(_)) => false,
            (month, day) => jiff::civil::Date::new(year, month.unwrap_or(1), day.unwrap_or(1)).is_ok(),
        };
        if possible && (1850..=2200).contains(&year) { Ok(date) } else { Err(NotADate) }
    }

    /// The year, always known.
    pub fn year(self) -> i16 {
        self.year
    }

    /// The month, 1 to 12, where known.
    pub fn month(self) -> Option<i8> {
        self.month
    }

    /// The day of the month, where known.
    pub fn day(self) -> Option<i8> {
        self.day
    }

    /// The first day it can be.
    pub fn earliest(self) -> jiff::civil::Date {
        jiff::civil::date(self.year, self.month.unwrap_or(1), self.day.unwrap_or(1))
    }

    /// The last day it can be.
    pub fn latest(self) -> jiff::civil::Date {
        match (self.month, self.day) {
            (Some(_), Some(_)) => self.earliest(),
            (Some(_), None) => self.earliest().last_of_month(),
            (None, _) => self.earliest().last_of_year(),
        }
    }

    /// The whole date, where every part is known.
    pub fn exact(self) -> Option<jiff::civil::Date> {
        self.day.map(|_| self.earliest())
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
        }
        if let Some(day) = self.day {
            write!(f, "-{day:02}")?;
        }
        Ok(())
    }
}

impl FromStr for PartialDate {
    type Err = NotADate;

    fn from_str(text: &str) -> Result<Self, NotADate> {
        let digits = |part: &str, width: usize| -> Result<i16, NotADate> {
            if part.len() == width && part.bytes().all(|b| b.is_ascii_digit()) { part.parse().map_err(|_| NotADate) } else { Err(NotADate) }
        };
        let mut parts = text.split('-');
        let year = digits(parts.next().unwrap_or_default(), 4)?;
        let month = parts.next().map(|p| digits(p, 2)).transpose()?.map(|m| m as i8);
        let day = parts.next().map(|p| digits(p, 2)).transpose()?.map(|d| d as i8);
        if parts.next().is_some() {
            return Err(NotADate);
        }
        Self::new(year, month, day)
    }
}

impl Serialize for PartialDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PartialDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl utoipa::PartialSchema for PartialDate {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .pattern(Some(r"^\d{4}(-\d{2}(-\d{2})?)?$"))
            .description(Some("A date in full, to the month, or only the year."))
            .examples([serde_json::json!("1987-04")])
            .into()
    }
}

impl utoipa::ToSchema for PartialDate {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_every_precision() {
        for text in ["1987", "1987-04", "1987-04-12"] {
            assert_eq!(text.parse::<PartialDate>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn refuses_what_no_calendar_has() {
        for text in ["", "87", "1987-13", "1987-02-30", "1987-4-1", "1987-04-12-1", "+987", "1987-04-12T00:00"] {
            assert_eq!(text.parse::<PartialDate>(), Err(NotADate), "{text}");
        }
    }

    #[test]
    fn spans_the_days_it_can_be() {
        let month: PartialDate = "2024-02".parse().unwrap();
        assert_eq!(month.latest(), jiff::civil::date(2024, 2, 29));
        let year: PartialDate = "2023".parse().unwrap();
        assert_eq!((year.earliest(), year.latest()), (jiff::civil::date(2023, 1, 1), jiff::civil::date(2023, 12, 31)));
    }
}
