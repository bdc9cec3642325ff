//! An incident as the cells of one row, and what does not fit there.

use super::{
    columns::{MOST_PEOPLE, of_person},
    flat::Cells,
};
use model::{
    NewIncident, NewInvolvement, NewPlace, NewReport, Occurred, PlaceRole,
    involvement::{Person, PersonAddress, PersonName},
};
use std::fmt::Display;

/// Cells being filled, and a note of what is left out.
#[derive(Default)]
pub(super) struct Row {
    pub(super) cells: Cells,
    left_out: Vec<String>,
}

impl Row {
    pub(super) fn set(&mut self, column: &str, value: Option<impl Display>) {
        if let Some(value) = value {
            self.cells.insert(column.to_owned(), value.to_string());
        }
    }

    pub(super) fn list<T: Display>(&mut self, column: &str, values: &[T]) {
        let joined = values.iter().map(T::to_string).collect::<Vec<_>>().join(";");
        self.set(column, (!joined.is_empty()).then_some(joined));
    }

    /// Notes that some things do not fit.
    pub(super) fn leave_out(&mut self, number: usize, what: &str) {
        if number > 0 {
            self.left_out.push(format!("{number} {what}"));
        }
    }

    /// The row, with the column `left_out`.
    pub(super) fn finish(mut self) -> Cells {
        let left_out = self.left_out.join("; ");
        self.set("left_out", (!left_out.is_empty()).then_some(left_out));
        self.cells
    }

    /// Everything of an incident but who owns it by name, its reference and its status.
    pub(super) fn incident(&mut self, incident: &NewIncident) {
        self.set("id", incident.id);
        self.set("occurred", Some(occurred(&incident.occurred)));
        self.set("qualifier", incident.qualifier);
        self.list("types", &incident.types);
        self.list("additional_qualifiers", &incident.additional_qualifiers);
        self.set("summary", Some(&incident.summary));
        self.set("narrative", incident.narrative.as_ref());
        self.set("assessment", incident.assessment.as_ref());
        self.set("immediate_action", incident.immediate_action.as_ref());
        self.list("markings", &incident.markings);
        self.set("owning_agency", incident.owning_agency);
        self.set("regime", incident.regime);
        self.set("sharing_level", incident.sharing.as_ref().map(|sharing| sharing.level));
        let mut reports = incident.reports.iter();
        if let Some(report) = reports.next() {
            self.report(report, incident);
        }
        self.leave_out(reports.len(), "more reports");
        let at = incident.places.iter().position(|place| place.role.is_none_or(|role| role == PlaceRole::HappenedAt));
        if let Some(place) = at.and_then(|at| incident.places.get(at)) {
            self.place(place);
        }
        self.leave_out(incident.places.len() - usize::from(at.is_some()), "more places");
        self.people(&incident.involvements);
        self.leave_out(incident.allegations.len(), "allegations");
        self.leave_out(incident.hate.len(), "perceptions of hate");
        self.leave_out(usize::from(incident.next_step.is_some()), "next step");
        self.leave_out(usize::from(incident.safeguarding.is_some()), "safeguarding concern");
        self.leave_out(usize::from(incident.intake.is_some()), "intake");
        self.leave_out(incident.source.as_ref().map_or(0, |source| source.fields.len().max(1)), "original fields");
    }

    fn report(&mut self, report: &NewReport, incident: &NewIncident) {
        self.set("channel", report.channel.as_ref());
        self.set("reported_at", report.reported_at);
        self.set("wants", report.wants.as_ref());
        let mut references = report.external_references.iter();
        if let Some(external) = references.next() {
            self.set("external_system", Some(&external.system));
            self.set("external_reference", Some(&external.reference));
        }
        self.leave_out(references.len(), "more external references");
        self.leave_out(usize::from(report.device_time.is_some()), "device time");
        let first = incident.involvements.iter().find(|part| part.roles.contains(&model::InvolvementRole::Reporter));
        let other = report.reporter.is_some() && first.and_then(|part| part.id) != report.reporter;
        self.leave_out(usize::from(other), "link to the reporter");
    }

    fn place(&mut self, place: &NewPlace) {
        self.set("address", place.address.as_ref());
        self.set("street", place.street.as_ref());
        self.set("postcode", place.postcode.as_ref());
        self.set("uprn", place.uprn.as_ref());
        self.set("usrn", place.usrn.as_ref());
        self.set("easting", place.easting);
        self.set("northing", place.northing);
        self.set("longitude", place.longitude);
        self.set("latitude", place.latitude);
        self.set("precision", place.precision);
    }

    fn people(&mut self, involvements: &[NewInvolvement]) {
        let fits = |part: &&NewInvolvement| part.person.is_some() || part.unnamed.is_some();
        for (person, part) in (1..=MOST_PEOPLE).zip(involvements.iter().filter(fits)) {
            self.person(person, part);
        }
        let people = involvements.iter().filter(fits).count();
        self.leave_out(people.saturating_sub(MOST_PEOPLE), "more people");
        self.leave_out(involvements.len() - people, "organisations, premises, vehicles or protected people");
    }

    fn person(&mut self, number: usize, part: &NewInvolvement) {
        let column = |name: &str| of_person(number, name);
        self.list(&column("roles"), &part.roles);
        self.set(&column("identity"), part.identity);
        if let Some(unnamed) = &part.unnamed {
            self.set(&column("description"), Some(&unnamed.description));
            self.leave_out(usize::from(unnamed.number.saturating_sub(1)), "more unnamed people of that description");
        }
        if let Some(person) = &part.person {
            self.named(number, person);
        }
        let more = [
            part.subject_category.is_some(),
            part.conviction_reference.is_some(),
            part.same_person_as.is_some(),
            part.adult_because.is_some(),
            part.notes.is_some(),
            !part.guardians.is_empty(),
            part.extracted.is_some(),
        ];
        self.leave_out(more.iter().filter(|given| **given).count(), &format!("more fields of person {number}"));
    }

    fn named(&mut self, number: usize, person: &Person) {
        let column = |name: &str| of_person(number, name);
        let PersonName { full, title, given, middle, family } = &person.name;
        for (name, value) in [("name", full), ("title", title), ("given", given), ("middle", middle), ("family", family)] {
            self.set(&column(name), value.as_ref());
        }
        let plain = |name: &String| !name.contains(';');
        let aliases: Vec<&String> =
            person.aliases.iter().filter(|alias| alias.kind == "alias").map(|alias| &alias.name).filter(|name| plain(name)).collect();
        self.list(&column("aliases"), &aliases);
        self.leave_out(person.aliases.len() - aliases.len(), "more aliases");
        self.set(&column("date_of_birth"), person.date_of_birth);
        self.set(
            &column("age"),
            person.age_band.map(|age| if age.from == age.to { age.from.to_string() } else { format!("{}-{}", age.from, age.to) }),
        );
        self.set(&column("sex"), person.sex.as_ref());
        if let Some(PersonAddress { address, postcode, .. }) = person.addresses.first() {
            self.set(&column("address"), address.as_ref());
            self.set(&column("postcode"), postcode.as_ref());
        }
        self.leave_out(person.addresses.len().saturating_sub(1), "more addresses");
        let dated = person.addresses.first().is_some_and(|a| a.uprn.is_some() || a.from.is_some() || a.to.is_some());
        self.leave_out(usize::from(dated), "dates or UPRN of an address");
        self.list(&column("phone"), &person.phones);
        let more = [person.safe_contact.is_some(), person.language.is_some(), person.interpreter];
        self.leave_out(more.iter().filter(|given| **given).count(), &format!("wishes for contact with person {number}"));
    }
}

/// The form that is read back.
fn occurred(occurred: &Occurred) -> String {
    match occurred {
        Occurred { month: Some(month), .. } => month.to_string(),
        Occurred { on: Some(day), .. } => day.to_string(),
        Occurred { at: Some(at), .. } => at.to_string(),
        Occurred { from, to, .. } => {
            let text = |time: &Option<model::Timestamp>| time.map(|time| time.to_string()).unwrap_or_default();
            format!("{}/{}", text(from), text(to))
        }
    }
}
