//! The involvement of a person, organisation, premises or vehicle in an incident. A role belongs to the involvement,
//! never to the person: somebody can be a victim here and complained about there.

use crate::{
    PartialDate, Problems, Timestamp, Uuid,
    age::{self, AgeBand},
    agency::words,
    linking::DifferentPerson,
    place, vocabulary,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

words! {
    /// The everyday role of somebody in an incident.
    InvolvementRole, "a role" {
        /// Told us.
        Reporter = "reporter",
        /// Suffered it.
        PersonAffected = "person_affected",
        /// Saw or heard it.
        Witness = "witness",
        /// Is said to have done it.
        PersonComplainedAbout = "person_complained_about",
        /// Is the parent or guardian of a child involved.
        ParentOrGuardian = "parent_or_guardian",
        /// Anything else.
        Other = "other",
    }
}

words! {
    /// The data-subject category of the Data Protection Act 2018 s.38(3), apart from the everyday role.
    SubjectCategory, "a subject category" {
        /// Suspected of an offence.
        Suspect = "suspect",
        /// Convicted of an offence.
        Convicted = "convicted",
        /// Victim, or possibly so.
        Victim = "victim",
        /// Witness.
        Witness = "witness",
        /// Anybody else with information.
        OtherWithInformation = "other_with_information",
    }
}

words! {
    /// How far the identity of a reporter, person affected or witness is known and may be told.
    Identity, "an identity" {
        /// Known, and told to whoever may see the record.
        Open = "open",
        /// Known to us and kept from others; the default for reporters.
        Confidential = "confidential",
        /// Unknown to us.
        Anonymous = "anonymous",
    }
}

words! {
    /// By which rule a name was found in a free text.
    ExtractionRule, "a rule" {
        /// A title with a family name, initials between.
        TitledName = "titled_name",
        /// A first name after what they are to somebody.
        Relative = "relative",
        /// A nickname alone.
        Nickname = "nickname",
        /// A given name and a family name.
        WholeName = "whole_name",
    }
}

impl InvolvementRole {
    /// The bit of the role in a bit set.
    pub fn bit(self) -> u16 {
        1 << Self::ALL.iter().position(|role| *role == self).unwrap_or(0)
    }
}

/// A name as it was given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonName {
    /// The whole name as given; put together from the parts when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub full: Option<String>,
    /// Title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// First or given name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given: Option<String>,
    /// Middle names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub middle: Option<String>,
    /// Family name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<String>,
}

impl PersonName {
    /// The whole name.
    pub fn whole(&self) -> String {
        self.full.clone().unwrap_or_else(|| {
            [&self.title, &self.given, &self.middle, &self.family].into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ")
        })
    }

    fn check(&self, problems: &mut Problems) {
        for (field, value) in
            [("full", &self.full), ("title", &self.title), ("given", &self.given), ("middle", &self.middle), ("family", &self.family)]
        {
            problems.optional_text(field, value.as_deref(), 200);
        }
        if self.full.is_none() && self.given.is_none() && self.family.is_none() {
            problems.add("", "empty", "must hold full, given or family");
        }
    }
}

/// Another name of the same person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Alias {
    /// The name.
    pub name: String,
    /// What kind (vocabulary `alias_kinds`); `alias` unless given.
    #[serde(default = "Alias::ordinary")]
    pub kind: String,
}

impl Alias {
    fn ordinary() -> String {
        "alias".to_owned()
    }
}

/// An address somebody had, with its dates where known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonAddress {
    /// The address as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The postcode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postcode: Option<String>,
    /// Unique property reference number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uprn: Option<String>,
    /// From when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<PartialDate>,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<PartialDate>,
}

/// A person as named in this incident.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The name as given.
    pub name: PersonName,
    /// Other names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<Alias>,
    /// Date of birth, as far as known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<PartialDate>,
    /// The age the person was taken to be, where no date of birth is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age_band: Option<AgeBand>,
    /// Sex as recorded (vocabulary `sexes`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<String>,
    /// Addresses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<PersonAddress>,
    /// Telephone numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<String>,
    /// How and when the person may safely be reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub safe_contact: Option<String>,
    /// The language they speak.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Whether they need an interpreter.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub interpreter: bool,
}

/// People nobody could name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Unnamed {
    /// What they looked like.
    pub description: String,
    /// How many.
    #[serde(default = "Unnamed::one")]
    pub number: u16,
}

impl Unnamed {
    fn one() -> u16 {
        1
    }
}

/// An organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    /// Its name.
    pub name: String,
}

/// Premises.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Premises {
    /// The name or address.
    pub description: String,
    /// Unique property reference number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uprn: Option<String>,
    /// The postcode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postcode: Option<String>,
}

/// A vehicle.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Vehicle {
    /// The registration mark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration: Option<String>,
    /// Make, model, colour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// An involvement as it is sent in. Exactly one of `person`, `unnamed`, `organisation`, `premises` and `vehicle`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewInvolvement {
    /// An id made by the client, for retries; otherwise made here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Uuid>,
    /// A named person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Person>,
    /// People without a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unnamed: Option<Unnamed>,
    /// An organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<Organisation>,
    /// Premises.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub premises: Option<Premises>,
    /// A vehicle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vehicle: Option<Vehicle>,
    /// The roles, one at least.
    pub roles: Vec<InvolvementRole>,
    /// The data-subject category, where one has been decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_category: Option<SubjectCategory>,
    /// The conviction that `convicted` rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conviction_reference: Option<String>,
    /// How far the identity may be told; `confidential` for a reporter unless given, else `open`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
    /// The same person as in another involvement: its person id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_person_as: Option<Uuid>,
    /// Known people who are somebody else, though they may resemble this one: the agency is not asked again. Kept as decisions of
    /// their own, to be read and undone as links of the person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub different_from: Vec<DifferentPerson>,
    /// The involvements that are this child's parents or guardians.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub guardians: Vec<Uuid>,
    /// Why an officer takes the person for an adult though the age does not say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adult_because: Option<String>,
    /// Notes that may identify the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// The name was found in a free text by this rule, and nobody has confirmed it: it has no role, is shown to the owning agency
    /// alone and linked with nobody. Null confirms it, with a role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extracted: Option<ExtractionRule>,
}

/// What somebody says against the data about them, or that it may not be used meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Dispute {
    /// The person's statement, shown beside the data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement: Option<String>,
    /// The data is restricted: shown to nobody but data protection officers and safeguarding leads of the owning agency.
    pub restricted: bool,
    /// The officer who recorded it.
    pub officer: Uuid,
    /// When.
    pub at: Timestamp,
}

/// An involvement as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Involvement {
    /// Its id, kept for ever; the person's own id too.
    pub id: Uuid,
    /// The incident's version at which it last changed.
    pub version: i64,
    /// The agency that recorded it.
    pub recorded_by: Uuid,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// A named person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Person>,
    /// People without a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unnamed: Option<Unnamed>,
    /// An organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<Organisation>,
    /// Premises.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub premises: Option<Premises>,
    /// A vehicle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vehicle: Option<Vehicle>,
    /// The roles.
    pub roles: Vec<InvolvementRole>,
    /// The data-subject category, where one has been decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_category: Option<SubjectCategory>,
    /// The conviction that `convicted` rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conviction_reference: Option<String>,
    /// How far the identity may be told.
    pub identity: Identity,
    /// The same person as in another involvement: its person id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_person_as: Option<Uuid>,
    /// Known people who are said now to be somebody else; kept as decisions of their own, not here.
    #[serde(skip)]
    pub different_from: Vec<DifferentPerson>,
    /// The involvements that are this child's parents or guardians.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub guardians: Vec<Uuid>,
    /// Why an officer takes the person for an adult though the age does not say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adult_because: Option<String>,
    /// Notes that may identify the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// The name was found in a free text by this rule, and nobody has confirmed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extracted: Option<ExtractionRule>,
    /// What the person says against it, or its restriction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dispute: Option<Dispute>,
    /// The identity is kept from this reader: set only in what is shown, never in what is kept.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub protected: bool,
}

fn check_uprn(field: &str, uprn: Option<&str>, problems: &mut Problems) {
    if uprn.is_some_and(|uprn| !place::is_uprn(uprn)) {
        problems.add(field, "digits", "must be 1 to 12 digits");
    }
}

fn check_person(person: &mut Person, problems: &mut Problems) {
    problems.within("name", |problems| person.name.check(problems));
    problems.list("aliases", &person.aliases, 50);
    for (at, alias) in person.aliases.iter().enumerate() {
        problems.within(format!("aliases/{at}"), |problems| {
            problems.text("name", &alias.name, 200);
            if !vocabulary::current().has("alias_kinds", &alias.kind) {
                problems.add("kind", "unknown_code", vocabulary::current().remedy("alias_kinds"));
            }
        });
    }
    if person.age_band.is_some_and(|band| band.from > band.to || band.to > 130) {
        problems.add("age_band", "order", "from must not be above to, and to not above 130");
    }
    if let Some(sex) = &person.sex
        && !vocabulary::current().has("sexes", sex)
    {
        problems.add("sex", "unknown_code", vocabulary::current().remedy("sexes"));
    }
    problems.list("addresses", &person.addresses, 50);
    for (at, address) in person.addresses.iter_mut().enumerate() {
        problems.within(format!("addresses/{at}"), |problems| {
            problems.optional_text("address", address.address.as_deref(), 500);
            if let Some(text) = &address.postcode {
                match place::postcode(text) {
                    Some(standard) => address.postcode = Some(standard),
                    None => problems.add("postcode", "postcode", "is not a United Kingdom postcode: write it as TS18 1AB"),
                }
            }
            check_uprn("uprn", address.uprn.as_deref(), problems);
            if let (Some(from), Some(to)) = (address.from, address.to)
                && to.latest() < from.earliest()
            {
                problems.add("to", "order", "must not be before from");
            }
        });
    }
    problems.list("phones", &person.phones, 20);
    for (at, phone) in person.phones.iter().enumerate() {
        let digits = phone.bytes().filter(u8::is_ascii_digit).count();
        if !(3..=15).contains(&digits) || !phone.chars().all(|c| c.is_ascii_digit() || " +()-".contains(c)) {
            problems.add(&format!("phones/{at}"), "telephone", "must be 3 to 15 digits, with blanks, +, ( ) or - between");
        }
    }
    problems.optional_text("safe_contact", person.safe_contact.as_deref(), 1_000);
    problems.optional_text("language", person.language.as_deref(), 100);
}

impl NewInvolvement {
    /// Checks it and gives what is kept. `days` are the first and last day of the incident: age is worked out then.
    pub fn settle(mut self, id: Uuid, recorded_by: Uuid, now: Timestamp, days: (Date, Date), problems: &mut Problems) -> Involvement {
        let kinds =
            [self.person.is_some(), self.unnamed.is_some(), self.organisation.is_some(), self.premises.is_some(), self.vehicle.is_some()];
        if kinds.iter().filter(|given| **given).count() != 1 {
            problems.add("", "one_kind", "give exactly one of person, unnamed, organisation, premises, vehicle");
        }
        if let Some(person) = &mut self.person {
            problems.within("person", |problems| check_person(person, problems));
            if person.date_of_birth.is_some_and(|born| born.earliest() > now.london_day()) {
                problems.add("person/date_of_birth", "in_the_future", "must not lie in the future");
            }
        }
        if let Some(unnamed) = &self.unnamed {
            problems.text("unnamed/description", &unnamed.description, 1_000);
            if unnamed.number == 0 {
                problems.add("unnamed/number", "range", "must be 1 or more");
            }
        }
        if let Some(organisation) = &self.organisation {
            problems.text("organisation/name", &organisation.name, 200);
        }
        if let Some(premises) = &mut self.premises {
            problems.text("premises/description", &premises.description, 500);
            check_uprn("premises/uprn", premises.uprn.as_deref(), problems);
            if let Some(text) = &premises.postcode {
                match place::postcode(text) {
                    Some(standard) => premises.postcode = Some(standard),
                    None => problems.add("premises/postcode", "postcode", "is not a United Kingdom postcode: write it as TS18 1AB"),
                }
            }
        }
        if let Some(vehicle) = &self.vehicle {
            problems.optional_text("vehicle/registration", vehicle.registration.as_deref(), 20);
            problems.optional_text("vehicle/description", vehicle.description.as_deref(), 500);
            if vehicle.registration.is_none() && vehicle.description.is_none() {
                problems.add("vehicle", "empty", "must hold registration or description");
            }
        }
        if self.extracted.is_none() && self.roles.is_empty() {
            problems.add("roles", "empty", "must hold at least one role");
        }
        if self.extracted.is_some() && (self.person.is_none() || !self.roles.is_empty() || self.same_person_as.is_some()) {
            let detail = "is of a named person without a role, linked with nobody: confirm it with null and a role";
            problems.add("extracted", "not_confirmed", detail);
        }
        problems.list("different_from", &self.different_from, 20);
        if self.person.is_none() && !self.different_from.is_empty() {
            problems.add("different_from", "not_a_person", "is said of a named person");
        }
        for (at, other) in self.different_from.iter().enumerate() {
            if self.different_from.iter().take(at).any(|before| before.person == other.person) {
                problems.add(&format!("different_from/{at}/person"), "repeated", "is given twice");
            }
        }
        self.roles.sort_unstable();
        self.roles.dedup();
        problems.optional_text("notes", self.notes.as_deref(), 4_000);
        problems.optional_text("adult_because", self.adult_because.as_deref(), 1_000);
        problems.optional_text("conviction_reference", self.conviction_reference.as_deref(), 200);
        if self.subject_category == Some(SubjectCategory::Convicted) && self.conviction_reference.is_none() {
            problems.add("conviction_reference", "missing", "is needed for the category convicted");
        }
        let may_hide = self
            .roles
            .iter()
            .any(|role| matches!(role, InvolvementRole::Reporter | InvolvementRole::PersonAffected | InvolvementRole::Witness));
        let default = if self.roles.contains(&InvolvementRole::Reporter) { Identity::Confidential } else { Identity::Open };
        let identity = self.identity.unwrap_or(default);
        if identity != Identity::Open && !may_hide {
            problems.add("identity", "role", "only a reporter, person affected or witness can be confidential or anonymous");
        }
        if identity == Identity::Anonymous && self.person.is_some() {
            problems.add("identity", "named", "an anonymous person has no name here: describe them under unnamed, or use confidential");
        }
        let involvement = Involvement {
            id,
            version: 1,
            recorded_by,
            recorded_at: now,
            person: self.person,
            unnamed: self.unnamed,
            organisation: self.organisation,
            premises: self.premises,
            vehicle: self.vehicle,
            roles: self.roles,
            subject_category: self.subject_category,
            conviction_reference: self.conviction_reference,
            identity,
            same_person_as: self.same_person_as,
            different_from: self.different_from,
            guardians: self.guardians,
            adult_because: self.adult_because,
            notes: self.notes,
            extracted: self.extracted,
            dispute: None,
            protected: false,
        };
        if involvement.subject_category == Some(SubjectCategory::Suspect) && age::is_under_ten(involvement.age_on(days)) {
            problems.add("subject_category", "under_ten", "a child under ten is never a suspect");
        }
        involvement
    }
}

impl Involvement {
    /// How old the person can have been between two days.
    pub fn age_on(&self, days: (Date, Date)) -> Option<AgeBand> {
        let person = self.person.as_ref()?;
        age::on(person.date_of_birth, person.age_band, days.0, days.1)
    }

    /// Whether the person is to be treated as a child.
    pub fn is_treated_as_child(&self, days: (Date, Date)) -> bool {
        let human = self.person.is_some() || self.unnamed.is_some();
        human && self.adult_because.is_none() && age::is_treated_as_child(self.age_on(days))
    }

    /// Whether the identity is kept from everybody but named roles of the owning agency.
    pub fn is_confidential(&self) -> bool {
        self.identity == Identity::Confidential || self.extracted.is_some()
    }

    /// Whether the data is restricted.
    pub fn is_restricted(&self) -> bool {
        self.dispute.as_ref().is_some_and(|dispute| dispute.restricted)
    }

    /// Every name of the person: the recorded one first, then the aliases.
    pub fn names(&self) -> Vec<String> {
        self.person
            .iter()
            .flat_map(|person| std::iter::once(person.name.whole()).chain(person.aliases.iter().map(|alias| alias.name.clone())))
            .collect()
    }

    /// The bit set of its roles.
    pub fn role_bits(&self) -> u16 {
        self.roles.iter().fold(0, |bits, role| bits | role.bit())
    }

    /// The same as it would be sent in, for edits.
    pub fn as_new(&self) -> NewInvolvement {
        NewInvolvement {
            id: None,
            person: self.person.clone(),
            unnamed: self.unnamed.clone(),
            organisation: self.organisation.clone(),
            premises: self.premises.clone(),
            vehicle: self.vehicle.clone(),
            roles: self.roles.clone(),
            subject_category: self.subject_category,
            conviction_reference: self.conviction_reference.clone(),
            identity: Some(self.identity),
            same_person_as: self.same_person_as,
            different_from: Vec::new(),
            guardians: self.guardians.clone(),
            adult_because: self.adult_because.clone(),
            notes: self.notes.clone(),
            extracted: self.extracted,
        }
    }
}
