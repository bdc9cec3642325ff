//! Everything at one property, address, postcode or street.

use crate::{
    Service, ServiceError,
    committing::Look,
    incidents::Page,
    warnings::{self, Warning},
};
use model::{
    Uuid,
    audit::{Operation, Request},
    marker::Marker,
    place,
    redact::IncidentView,
};
use serde::{Deserialize, Serialize};
use store::{incidents::Key, markers, places};

/// Which place: exactly one of the fields.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceSearch {
    /// Unique property reference number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uprn: Option<String>,
    /// Unique street reference number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usrn: Option<String>,
    /// The address, as recorded but for case, dots and short forms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The postcode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postcode: Option<String>,
    /// The street's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    /// The most incidents to give, 1 to 100; 50 unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
    /// Where the next page starts, as the page before says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// What a look-up by place answers.
#[derive(Debug, Clone)]
pub struct PlaceSearchResult {
    /// The incidents.
    pub page: Page<IncidentView>,
    /// Markers in force on the premises.
    pub markers: Vec<Marker>,
    /// Agencies that have a safety marker in force there which is closed to the caller.
    pub warnings: Vec<Warning>,
}

impl PlaceSearch {
    fn key(&self) -> Result<(&'static str, String), ServiceError> {
        let given = [
            ("uprn", &self.uprn),
            ("usrn", &self.usrn),
            ("address", &self.address),
            ("postcode", &self.postcode),
            ("street", &self.street),
        ];
        let mut given = given.into_iter().filter_map(|(kind, value)| value.as_ref().map(|value| (kind, value)));
        let (Some((kind, value)), None) = (given.next(), given.next()) else {
            return Err(ServiceError::invalid("", "one_place", "give exactly one of uprn, usrn, address, postcode, street"));
        };
        let wrong = |detail: &str| ServiceError::invalid(format!("/{kind}"), kind, detail);
        let value = match kind {
            "uprn" | "usrn" if value.is_empty() || value.len() > 12 || !value.bytes().all(|b| b.is_ascii_digit()) => {
                return Err(wrong("must be digits, at most 12"));
            }
            "uprn" | "usrn" => place::number_key(value).to_owned(),
            "postcode" => place::postcode(value).ok_or_else(|| wrong("is not a United Kingdom postcode: write it as TS18 1AB"))?,
            _ => place::street_key(value),
        };
        if value.is_empty() || value.len() > 500 {
            return Err(wrong("must be 1 to 500 characters"));
        }
        Ok((kind, value))
    }
}

impl Service {
    /// The incidents at a place that the caller sees, newest occurrence first.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`], [`ServiceError::Unavailable`].
    pub async fn search_places(
        &self,
        request: &Request,
        search: PlaceSearch,
        after: Option<(i32, Uuid)>,
    ) -> Result<PlaceSearchResult, ServiceError> {
        let limit = search.limit.unwrap_or(50);
        if !(1..=100).contains(&limit) {
            return Err(ServiceError::invalid("/limit", "range", "must be 1 to 100"));
        }
        let (kind, value) = search.key()?;
        let asking = request.clone();
        let (mut found, markers, warnings) = self
            .read(move |tx, service| {
                Box::pin(async move {
                    let scope = service.scope(&asking);
                    let found = places::incidents_at(tx, &scope, kind, &value, after, limit + 1).await?;
                    let mut there = markers::on(tx, &scope, &[(kind, value.clone())]).await?;
                    there.retain(|marker| marker.in_force(asking.at));
                    let warned = markers::warning_at(tx, &[(kind, value)]).await?;
                    let closed = warned.into_iter().filter(|marker| marker.in_force(asking.at) && !there.contains(marker));
                    let warnings = warnings::warnings_of(tx, &asking.actor, &closed.map(|marker| marker.agency).collect()).await?;
                    Ok((found, there, warnings))
                })
            })
            .await?;
        let more = found.len() > limit;
        found.truncate(limit);
        let detail = serde_json::to_value(&search).map_err(store::StoreError::from)?;
        let keys = found.into_iter().map(Key::Id).collect();
        let seen = self.look(Look::search(request, Operation::Consultation, "place.search", keys, Some(detail))).await?;
        let scope = seen.scope.ok_or(ServiceError::NotFound)?;
        let items = seen.records.iter().map(|stored| self.show(stored, &scope)).collect::<Result<Vec<_>, _>>()?;
        let next = if more { items.last().map(|last| (last.details.occurred.day_numbers().0, last.id)) } else { None };
        Ok(PlaceSearchResult { page: Page { items, next }, markers, warnings })
    }
}
