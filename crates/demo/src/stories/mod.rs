//! The planted stories: the same whatever the seed, told in days before today. Their ids never change.

mod feud;
mod hotspot;
mod jinx;
mod repeat_victim;
mod two_records;

use crate::{
    DemoIncident,
    partnership::{AGENCIES, OFFICERS, officer_called},
    random::fixed_id,
};
use jiff::{ToSpan, civil::Date};
use model::{
    InvolvementRole, NewIncident, NewInvolvement, NewPlace, NewReport, Occurred, Qualifier, Timestamp,
    involvement::{Identity, Person, PersonAddress, PersonName, Unnamed},
};
use uuid::Uuid;

pub(crate) use hotspot::recent as hotspot_labels;
pub(crate) use {feud::FEUD, hotspot::HOTSPOT, jinx::JINX, jinx::OWNER_ONLY, repeat_victim::REPEAT_VICTIM, two_records::TWO_RECORDS};

/// The words for the planted stories, as in [`crate::DemoIncident::story`].
pub const STORIES: [&str; 6] = [REPEAT_VICTIM, FEUD, HOTSPOT, JINX, OWNER_ONLY, TWO_RECORDS];

/// The labels of the two records of one event.
pub(crate) fn two_records_labels() -> [&'static str; 2] {
    [two_records::FIRE, two_records::COUNCIL]
}

/// Every incident of every story.
pub(crate) fn all(today: Date) -> Vec<DemoIncident> {
    let mut telling = Telling { today, told: Vec::new() };
    repeat_victim::tell(&mut telling);
    feud::tell(&mut telling);
    hotspot::tell(&mut telling);
    jinx::tell(&mut telling);
    two_records::tell(&mut telling);
    telling.told
}

/// The id of a story's incident, or of a part of it.
pub(crate) fn id(story: &str, label: &str) -> Uuid {
    fixed_id(&format!("beacon demo: {story}: {label}"))
}

/// The stories while they are told.
pub(crate) struct Telling {
    today: Date,
    told: Vec<DemoIncident>,
}

/// Who recorded what, and when.
pub(crate) struct Entry {
    pub(crate) story: &'static str,
    /// Its word within the story.
    pub(crate) label: String,
    /// The officer's key.
    pub(crate) by: &'static str,
    /// Days before today, hour and minute at which it happened.
    pub(crate) happened: (i64, i64, i64),
    /// Minutes until it was recorded.
    pub(crate) minutes_later: i64,
}

impl Entry {
    pub(crate) fn new(story: &'static str, label: &str, by: &'static str, happened: (i64, i64, i64), minutes_later: i64) -> Self {
        Self { story, label: label.to_owned(), by, happened, minutes_later }
    }
}

impl Telling {
    /// That moment, so many days before today.
    pub(crate) fn moment(&self, (days, hour, minute): (i64, i64, i64)) -> Timestamp {
        let day = self.today.saturating_sub(days.days());
        Timestamp::start_of_london_day(day).plus_seconds(hour * 3600 + minute * 60)
    }

    /// Adds an incident: it happened at that moment unless it says otherwise, and every part gets an id.
    pub(crate) fn tell(&mut self, entry: &Entry, mut incident: NewIncident) {
        let occurred = self.moment(entry.happened);
        let recorded_at = occurred.plus_seconds(entry.minutes_later * 60);
        if incident.occurred == Occurred::default() {
            incident.occurred = Occurred::at(occurred);
        }
        let part = |list: &str, at: usize| Some(id(entry.story, &format!("{} {list} {at}", entry.label)));
        incident.id = Some(id(entry.story, &entry.label));
        for (at, report) in incident.reports.iter_mut().enumerate() {
            report.id = report.id.or_else(|| part("report", at));
            report.reported_at = report.reported_at.or(Some(recorded_at.plus_seconds(-120)));
        }
        for (at, place) in incident.places.iter_mut().enumerate() {
            place.id = place.id.or_else(|| part("place", at));
        }
        for (at, involvement) in incident.involvements.iter_mut().enumerate() {
            involvement.id = involvement.id.or_else(|| part("involvement", at));
        }
        for (at, allegation) in incident.allegations.iter_mut().enumerate() {
            allegation.id = allegation.id.or_else(|| part("allegation", at));
        }
        let officer = officer_called(entry.by);
        let key = OFFICERS.get(officer).map_or("", |officer| officer.agency);
        let agency = AGENCIES.iter().position(|agency| agency.key == key).unwrap_or(0);
        self.told.push(DemoIncident { agency, officer, recorded_at, incident, story: Some(entry.story) });
    }
}

/// An incident with what every one has.
pub(crate) fn incident(qualifier: Qualifier, types: &[u16], summary: &str, narrative: &str, place: NewPlace) -> NewIncident {
    NewIncident {
        qualifier: Some(qualifier),
        types: types.to_vec(),
        summary: summary.to_owned(),
        narrative: Some(narrative.to_owned()),
        places: vec![place],
        ..NewIncident::default()
    }
}

/// A name in parts; `-` for a part nobody gave.
pub(crate) fn name(given: &str, family: &str) -> PersonName {
    let part = |text: &str| Some(text.to_owned()).filter(|text| text != "-");
    PersonName { given: part(given), family: part(family), ..PersonName::default() }
}

/// A name as one text.
pub(crate) fn whole(text: &str) -> PersonName {
    PersonName { full: Some(text.to_owned()), ..PersonName::default() }
}

/// A person with a date of birth, written as far as it is known; `-` for nothing.
pub(crate) fn person(name: PersonName, born: &str, sex: &str) -> Person {
    Person { name, date_of_birth: born.parse().ok(), sex: Some(sex.to_owned()), ..Person::default() }
}

/// The same at an address.
pub(crate) fn living(person: Person, address: &str, postcode: &str) -> Person {
    let address = PersonAddress { address: Some(address.to_owned()), postcode: Some(postcode.to_owned()), ..PersonAddress::default() };
    Person { addresses: vec![address], ..person }
}

/// An involvement whose identity may be told.
pub(crate) fn open(id: Uuid, person: Person, roles: &[InvolvementRole]) -> NewInvolvement {
    NewInvolvement {
        id: Some(id),
        person: Some(person),
        roles: roles.to_vec(),
        identity: Some(Identity::Open),
        ..NewInvolvement::default()
    }
}

/// People nobody could name, complained about.
pub(crate) fn unnamed(description: &str, number: u16) -> NewInvolvement {
    NewInvolvement {
        unnamed: Some(Unnamed { description: description.to_owned(), number }),
        roles: vec![InvolvementRole::PersonComplainedAbout],
        ..NewInvolvement::default()
    }
}

/// A report by one of the involvements.
pub(crate) fn report(reporter: Option<Uuid>, channel: &str, wants: &str) -> NewReport {
    NewReport {
        reporter,
        channel: Some(channel.to_owned()),
        wants: Some(wants.to_owned()).filter(|wants| !wants.is_empty()),
        ..NewReport::default()
    }
}
