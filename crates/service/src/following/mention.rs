//! An incident's people as the name index knows them.

use model::{Incident, LabelId, Uuid};
use names::{Mention, NameKind, RecordedName, Sex};
use std::collections::HashMap;

/// The mentions of an incident. `labels` are those of the people in it; one without is left out, which hides it.
pub(crate) fn of(incident: &Incident, labels: &HashMap<Uuid, LabelId>) -> Vec<Mention> {
    if !incident.counts() {
        return Vec::new();
    }
    let (first_day, last_day) = incident.details.occurred.day_numbers();
    let days = incident.details.occurred.days();
    let people = incident.involvements.iter().filter_map(|involvement| {
        let (person, label) = (involvement.person.as_ref()?, labels.get(&involvement.id)?);
        let recorded = RecordedName {
            full: person.name.whole(),
            given: person.name.given.clone(),
            family: person.name.family.clone(),
            kind: NameKind::Recorded,
        };
        let aliases =
            person.aliases.iter().map(|alias| RecordedName { full: alias.name.clone(), kind: NameKind::Alias, ..RecordedName::default() });
        Some(Mention {
            id: involvement.id,
            incident: incident.id,
            person: involvement.same_person_as,
            label: *label,
            names: std::iter::once(recorded).chain(aliases).collect(),
            date_of_birth: person.date_of_birth,
            age_band: if person.date_of_birth.is_some() { None } else { involvement.age_on(days).map(|band| (band.from, band.to)) },
            sex: person.sex.as_deref().and_then(Sex::of_code),
            postcodes: person.addresses.iter().filter_map(|address| address.postcode.clone()).collect(),
            roles: involvement.role_bits(),
            first_day,
            last_day,
        })
    });
    people.collect()
}
