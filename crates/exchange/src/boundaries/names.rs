//! What an area is called: published boundary files name their properties after the kind of area and the year.

use super::Area;
use crate::{Reject, json_problem};
use serde::Deserialize;
use serde_json::{Map, Value, value::RawValue};
use std::borrow::Cow;

/// How properties are read, where they do not say themselves what they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AreaOptions {
    /// The kind of every area in the file, as `ward`; worked out from the names of the properties unless given.
    pub kind: Option<String>,
    /// The property that holds the code.
    pub code_property: Option<String>,
    /// The property that holds the name.
    pub name_property: Option<String>,
}

/// How the Office for National Statistics begins the names of properties, from the smallest kind of area to the
/// largest: a ward file names the ward's district too.
const PREFIXES: [(&str, &str); 14] = [
    ("OA", "output_area"),
    ("LSOA", "lsoa"),
    ("MSOA", "msoa"),
    ("WD", "ward"),
    ("PAR", "parish"),
    ("PCON", "constituency"),
    ("LAD", "district"),
    ("LTLA", "district"),
    ("CSP", "community_safety_partnership"),
    ("CTYUA", "county"),
    ("CTY", "county"),
    ("PFA", "police_force_area"),
    ("RGN", "region"),
    ("CTRY", "country"),
];

#[derive(Deserialize)]
struct Feature<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(default)]
    properties: Option<Map<String, Value>>,
    #[serde(borrow, default)]
    geometry: Option<&'a RawValue>,
}

/// Reads one feature.
pub(super) fn area(row: u64, text: &str, options: &AreaOptions) -> Result<Area, Reject> {
    let feature: Feature<'_> = json_problem::read(text).map_err(|problem| problem.reject(row))?;
    if feature.kind != "Feature" {
        return Err(Reject::new(row, "type", "not_a_feature", "must be \"Feature\""));
    }
    let properties = feature.properties.unwrap_or_default();
    let (published_kind, published_code, published_name) = published(&properties);
    let kind = options.kind.clone().or_else(|| published_kind.map(str::to_owned)).or_else(|| property(&properties, "kind"));
    let kind = kind.ok_or_else(|| {
        Reject::new(row, "properties", "unknown_kind", "do not say what kind of area this is: name it with --kind, as --kind ward")
    })?;
    let found = |wanted: &Option<String>, published: Option<String>, plain: &str, option: &str| {
        let value = match wanted {
            Some(name) => property(&properties, name),
            None => published.or_else(|| property(&properties, plain)),
        };
        value.ok_or_else(|| {
            let reason = format!("do not hold the area's {plain}: name the property that does with --{option}");
            Reject::new(row, format!("properties/{}", wanted.as_deref().unwrap_or(plain)), "missing", reason)
        })
    };
    let code = found(&options.code_property, published_code, "code", "code-property")?;
    let name = found(&options.name_property, published_name, "name", "name-property")?;
    let geometry = feature.geometry.map(RawValue::get).filter(|text| *text != "null");
    let geometry = geometry.ok_or_else(|| Reject::new(row, "geometry", "missing", "is needed"))?;
    Area::new(&kind, &code, &name, geometry).map_err(|refusal| Reject::new(row, refusal.field, refusal.code, refusal.reason))
}

/// A property's text; numbers are taken as written.
fn property(properties: &Map<String, Value>, name: &str) -> Option<String> {
    match properties.get(name)? {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Kind, code and name by published property names, as WD13CD and WD13NM.
fn published(properties: &Map<String, Value>) -> (Option<&'static str>, Option<String>, Option<String>) {
    for (prefix, kind) in PREFIXES {
        for key in properties.keys() {
            let year = key.to_ascii_uppercase();
            let year = year.strip_prefix(prefix).and_then(|rest| rest.strip_suffix("CD"));
            if year.is_some_and(|year| year.len() == 2 && year.bytes().all(|b| b.is_ascii_digit())) {
                let name = format!("{}{}", &key[..key.len() - 2], if key.ends_with("cd") { "nm" } else { "NM" });
                return (Some(kind), property(properties, key), property(properties, &name));
            }
        }
    }
    (None, None, None)
}
