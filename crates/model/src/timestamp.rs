//! One instant, in UTC, to the microsecond: what PostgreSQL keeps, and what JSON shows.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, str::FromStr};

/// An instant. Written as RFC 3339 in UTC with six decimals (27 characters), so that text sorts as time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(jiff::Timestamp);

/// Why a text is not a [`Timestamp`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a time: write RFC 3339 with an offset, as 2026-01-31T21:05:00Z, from 1900 to 2200")]
pub struct NotATime;

impl Timestamp {
    /// Microseconds since 1970-01-01T00:00:00Z, held within the years 1900 to 2200.
    pub fn from_micros(micros: i64) -> Self {
        const EARLIEST: i64 = -2_208_988_800_000_000;
        const LATEST: i64 = 7_289_654_399_999_999;
        let micros = micros.clamp(EARLIEST, LATEST);
        Self(jiff::Timestamp::from_microsecond(micros).unwrap_or_default())
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    pub fn micros(self) -> i64 {
        self.0.as_microsecond()
    }

    /// This instant moved by whole seconds.
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self::from_micros(self.micros().saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// Seconds from `earlier` to this instant.
    pub fn seconds_since(self, earlier: Self) -> f64 {
        (self.micros() - earlier.micros()) as f64 / 1e6
    }

    /// The calendar day in the United Kingdom.
    pub fn london_day(self) -> jiff::civil::Date {
        self.0.to_zoned(london()).date()
    }

    /// A day and a time of day by the clocks of London; the earlier of two where they were set back.
    pub fn of_london(day: jiff::civil::Date, time: jiff::civil::Time) -> Option<Self> {
        day.to_datetime(time).to_zoned(london()).ok().map(|zoned| Self::from_micros(zoned.timestamp().as_microsecond()))
    }

    /// Midnight at the start of a calendar day in the United Kingdom.
    pub fn start_of_london_day(day: jiff::civil::Date) -> Self {
        day.to_zoned(london()).map_or_else(|_| Self::from_micros(i64::MIN), |z| Self::from_micros(z.timestamp().as_microsecond()))
    }

    /// The UTC year.
    pub fn year(self) -> i16 {
        self.0.to_zoned(jiff::tz::TimeZone::UTC).year()
    }
}

/// The time zone of every analysis day. Bundled, so that it does not depend on the machine.
fn london() -> jiff::tz::TimeZone {
    static LONDON: std::sync::LazyLock<jiff::tz::TimeZone> =
        std::sync::LazyLock::new(|| jiff::tz::TimeZone::get("Europe/London").unwrap_or(jiff::tz::TimeZone::UTC));
    LONDON.clone()
}

/// Days from 1970-01-01 to `date`: the day number used by the incident columns.
pub fn day_number(date: jiff::civil::Date) -> i32 {
    let epoch = jiff::civil::date(1970, 1, 1);
    date.since((jiff::Unit::Day, epoch)).map_or(0, |span| span.get_days())
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.6}", self.0)
    }
}

impl FromStr for Timestamp {
    type Err = NotATime;
    fn from_str(text: &str) -> Result<Self, NotATime> {
        let time: jiff::Timestamp = text.parse().map_err(|_| NotATime)?;
        let micros = time.as_microsecond();
        let held = Self::from_micros(micros);
        if held.micros() == micros { Ok(held) } else { Err(NotATime) }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl utoipa::PartialSchema for Timestamp {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .format(Some(utoipa::openapi::SchemaFormat::KnownFormat(utoipa::openapi::KnownFormat::DateTime)))
            .examples([serde_json::json!("2026-01-31T21:05:00.000000Z")])
            .into()
    }
}

impl utoipa::ToSchema for Timestamp {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_sorts_as_time_and_survives_a_round_trip() {
        let early: Timestamp = "2026-01-31T21:05:00+01:00".parse().unwrap();
        let late = Timestamp::from_micros(early.micros() + 1);
        assert_eq!(early.to_string(), "2026-01-31T20:05:00.000000Z");
        assert!(early.to_string() < late.to_string());
        assert_eq!(late.to_string().parse::<Timestamp>().unwrap(), late);
    }

    #[test]
    fn refuses_years_that_do_not_sort() {
        for text in ["0001-01-01T00:00:00Z", "9999-01-01T00:00:00Z", "2026-01-31T21:05:00", "yesterday"] {
            assert_eq!(text.parse::<Timestamp>(), Err(NotATime), "{text}");
        }
    }

    #[test]
    fn a_summer_evening_is_the_next_day_in_london() {
        let late: Timestamp = "2024-06-30T23:30:00Z".parse().unwrap();
        assert_eq!(late.london_day(), jiff::civil::date(2024, 7, 1));
        assert_eq!(Timestamp::start_of_london_day(jiff::civil::date(2024, 7, 1)).to_string(), "2024-06-30T23:00:00.000000Z");
    }

    #[test]
    fn days_are_counted_from_1970() {
        assert_eq!(day_number(jiff::civil::date(1970, 1, 2)), 1);
        assert_eq!(day_number(jiff::civil::date(2024, 2, 29)), 19_782);
    }
}
