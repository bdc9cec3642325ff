//! Places of an incident: where it happened, where people came from, what was affected, where it was reported from.

use crate::{
    Problems, Timestamp, Uuid,
    agency::words,
    grid::{self, Grid, Wgs84},
};
use serde::{Deserialize, Serialize};

words! {
    /// What a place is to an incident.
    PlaceRole, "a place role" {
        /// Where it happened: the point analysts count.
        HappenedAt = "happened_at",
        /// Where those complained about came from.
        CameFrom = "came_from",
        /// What was affected.
        Affected = "affected",
        /// Where it was reported from.
        ReportedFrom = "reported_from",
    }
}

words! {
    /// How closely a place was put on the map.
    Precision, "a precision" {
        /// A point taken on the spot.
        Exact = "exact",
        /// The point of a property.
        Property = "property",
        /// Somewhere on a street.
        Street = "street",
        /// The centre of a postcode.
        Postcode = "postcode",
        /// A published anchor point.
        SnapPoint = "snap_point",
        /// Somewhere in an area.
        Area = "area",
        /// Not on the map.
        Unplaced = "unplaced",
    }
}

/// A place as it is sent in.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPlace {
    /// An id made by the client, for retries; otherwise made here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Uuid>,
    /// What it is to the incident; `happened_at` unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<PlaceRole>,
    /// Unique property reference number, 1 to 12 digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uprn: Option<String>,
    /// Unique street reference number, 1 to 8 digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usrn: Option<String>,
    /// The address as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The street's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    /// The postcode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postcode: Option<String>,
    /// Metres on the British National Grid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub easting: Option<f64>,
    /// Metres on the British National Grid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub northing: Option<f64>,
    /// Degrees, WGS 84.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longitude: Option<f64>,
    /// Degrees, WGS 84.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latitude: Option<f64>,
    /// How closely it was placed; worked out from what is given unless stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precision: Option<Precision>,
}

/// A place as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Place {
    /// Its id, kept for ever.
    pub id: Uuid,
    /// The incident's version at which it last changed.
    pub version: i64,
    /// The agency that recorded it.
    pub recorded_by: Uuid,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// What it is to the incident.
    pub role: PlaceRole,
    /// Unique property reference number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uprn: Option<String>,
    /// Unique street reference number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usrn: Option<String>,
    /// The address as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The street's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    /// The postcode, as `TS18 1AB`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postcode: Option<String>,
    /// The point on the British National Grid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grid: Option<Grid>,
    /// The point in WGS 84.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wgs84: Option<Wgs84>,
    /// How closely it was placed.
    pub precision: Precision,
}

/// A postcode in its standard form, or `None` when it cannot be one.
pub fn postcode(text: &str) -> Option<String> {
    let letters: String = text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_uppercase();
    if !(5..=7).contains(&letters.len()) || !letters.is_ascii() {
        return None;
    }
    let (outward, inward) = letters.split_at(letters.len() - 3);
    let shape = |part: &str| -> String {
        part.bytes()
            .map(|b| {
                if b.is_ascii_digit() {
                    '9'
                } else if b.is_ascii_uppercase() {
                    'A'
                } else {
                    '?'
                }
            })
            .collect()
    };
    let sound = matches!(shape(outward).as_str(), "A9" | "A99" | "AA9" | "AA99" | "A9A" | "AA9A") && shape(inward) == "9AA";
    sound.then(|| format!("{outward} {inward}"))
}

/// Whether a text can be a unique property reference number: 1 to 12 digits.
pub fn is_uprn(text: &str) -> bool {
    (1..=12).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

/// How a unique property or street reference number is compared: without leading zeros.
pub fn number_key(number: &str) -> &str {
    number.trim_start_matches('0')
}

/// How a street or an address is compared: lower case, letters and digits, single blanks, common words in full.
pub fn street_key(text: &str) -> String {
    let plain: String = text
        .chars()
        .filter(|c| !matches!(c, '\'' | '\u{2019}' | '.'))
        .map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { ' ' })
        .collect();
    let words = plain.split_whitespace().map(|word| match word {
        "rd" => "road",
        "ave" | "av" => "avenue",
        "ln" => "lane",
        "cl" => "close",
        "cres" | "cresc" => "crescent",
        "dr" => "drive",
        "ct" => "court",
        "gdns" => "gardens",
        "pl" => "place",
        "sq" => "square",
        "tce" | "terr" => "terrace",
        other => other,
    });
    words.collect::<Vec<_>>().join(" ")
}

impl NewPlace {
    /// Checks it and gives what is kept, with both kinds of coordinates filled in.
    pub fn settle(self, id: Uuid, recorded_by: Uuid, now: Timestamp, problems: &mut Problems) -> Place {
        let digits = |name: &'static str, most: usize, value: &Option<String>, problems: &mut Problems| {
            if let Some(text) = value
                && (text.is_empty() || text.len() > most || !text.bytes().all(|b| b.is_ascii_digit()))
            {
                problems.add(name, "digits", format!("must be 1 to {most} digits"));
            }
        };
        digits("uprn", 12, &self.uprn, problems);
        digits("usrn", 8, &self.usrn, problems);
        problems.optional_text("address", self.address.as_deref(), 500);
        problems.optional_text("street", self.street.as_deref(), 200);
        let standard = self.postcode.as_deref().map(postcode);
        if standard == Some(None) {
            problems.add("postcode", "postcode", "is not a United Kingdom postcode: write it as TS18 1AB");
        }
        let (grid, wgs84) = grid::settle((self.easting, self.northing), (self.longitude, self.latitude), problems);
        let placed = grid.is_some() || wgs84.is_some();
        let postcode = standard.flatten();
        if !placed
            && self.uprn.is_none()
            && self.usrn.is_none()
            && self.address.is_none()
            && self.street.is_none()
            && self.postcode.is_none()
        {
            problems.add("", "empty", "must say where: give uprn, usrn, address, street, postcode or a point");
        }
        let precision = self.precision.unwrap_or(match () {
            () if placed && self.uprn.is_some() => Precision::Property,
            () if placed => Precision::Exact,
            () => Precision::Unplaced,
        });
        Place {
            id,
            version: 1,
            recorded_by,
            recorded_at: now,
            role: self.role.unwrap_or(PlaceRole::HappenedAt),
            uprn: self.uprn.map(|uprn| number_key(&uprn).to_owned()),
            usrn: self.usrn.map(|usrn| number_key(&usrn).to_owned()),
            address: self.address,
            street: self.street,
            postcode,
            grid,
            wgs84,
            precision,
        }
    }
}

impl Place {
    /// The same as it would be sent in, for edits.
    pub fn as_new(&self) -> NewPlace {
        NewPlace {
            id: None,
            role: Some(self.role),
            uprn: self.uprn.clone(),
            usrn: self.usrn.clone(),
            address: self.address.clone(),
            street: self.street.clone(),
            postcode: self.postcode.clone(),
            easting: self.grid.map(|grid| grid.easting),
            northing: self.grid.map(|grid| grid.northing),
            longitude: if self.grid.is_some() { None } else { self.wgs84.map(|point| point.longitude) },
            latitude: if self.grid.is_some() { None } else { self.wgs84.map(|point| point.latitude) },
            precision: Some(self.precision),
        }
    }

    /// What a place look-up compares: kind of key and value.
    pub fn keys(&self) -> Vec<(&'static str, String)> {
        let mut keys = Vec::new();
        let mut add = |kind, value: Option<String>| keys.extend(value.filter(|v| !v.is_empty()).map(|value| (kind, value)));
        add("uprn", self.uprn.clone());
        add("usrn", self.usrn.clone());
        add("postcode", self.postcode.clone());
        add("address", self.address.as_deref().map(street_key));
        add("street", self.street.as_deref().map(street_key));
        keys
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postcodes_take_their_standard_form() {
        assert_eq!(postcode("ts181ab").as_deref(), Some("TS18 1AB"));
        assert_eq!(postcode(" EC1A 1BB").as_deref(), Some("EC1A 1BB"));
        for wrong in ["", "TS18", "1TS 1AB", "TS181ABX", "TS18 1A1", "T\u{e9}18 1AB"] {
            assert_eq!(postcode(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn streets_compare_without_dots_and_short_forms() {
        assert_eq!(street_key("St. Bernard's  Rd"), street_key("st bernards road"));
    }
}
