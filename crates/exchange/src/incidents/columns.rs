//! The columns of the CSV file. `docs/import-formats.md` describes each.

/// The most people one row holds.
pub const MOST_PEOPLE: usize = 9;

/// Columns a file must have.
pub(crate) const REQUIRED: [&str; 4] = ["occurred", "qualifier", "types", "summary"];

/// Columns before the people, in the order they are written.
pub(crate) const BEFORE_PEOPLE: [&str; 27] = [
    "reference",
    "id",
    "status",
    "occurred",
    "qualifier",
    "types",
    "additional_qualifiers",
    "summary",
    "narrative",
    "assessment",
    "immediate_action",
    "markings",
    "owning_agency",
    "regime",
    "sharing_level",
    "channel",
    "reported_at",
    "wants",
    "address",
    "street",
    "postcode",
    "uprn",
    "usrn",
    "easting",
    "northing",
    "longitude",
    "latitude",
];

/// Columns of each person, after `person_1_`.
pub(crate) const OF_A_PERSON: [&str; 15] = [
    "name",
    "title",
    "given",
    "middle",
    "family",
    "aliases",
    "description",
    "date_of_birth",
    "age",
    "sex",
    "address",
    "postcode",
    "phone",
    "roles",
    "identity",
];

/// Columns after the people.
pub(crate) const AFTER_PEOPLE: [&str; 4] = ["precision", "external_system", "external_reference", "left_out"];

/// The name of a person's column; `person` is 1 to 9.
pub(crate) fn of_person(person: usize, column: &str) -> String {
    format!("person_{person}_{column}")
}

/// Every column, in the order they are written.
pub fn all() -> Vec<String> {
    let people = (1..=MOST_PEOPLE).flat_map(|person| OF_A_PERSON.iter().map(move |column| of_person(person, column)));
    let owned = |name: &&str| (*name).to_owned();
    BEFORE_PEOPLE.iter().map(owned).chain(people).chain(AFTER_PEOPLE.iter().map(owned)).collect()
}

/// The column that a problem's JSON pointer came from, for [`crate::Reject::of_problems`]. `people` are the numbers of
/// the persons of the row, in order: [`super::CsvIncident::people`].
pub fn column_of(pointer: &str, people: &[usize]) -> String {
    let steps: Vec<&str> = pointer.split('/').skip(1).collect();
    match steps.as_slice() {
        ["places", _] => "address".to_owned(),
        ["places", _, field, ..] => (*field).to_owned(),
        ["reports", _, "external_references", _, "system"] => "external_system".to_owned(),
        ["reports", _, "external_references", ..] => "external_reference".to_owned(),
        ["reports", _, field, ..] => (*field).to_owned(),
        ["sharing", ..] => "sharing_level".to_owned(),
        ["involvements", at, rest @ ..] => {
            let person = at.parse().ok().and_then(|at: usize| people.get(at)).copied().unwrap_or(1);
            let column = match rest {
                [] | ["person", "name"] | ["person", "name", "full"] => "name",
                ["person", "name", part] => part,
                ["person", "addresses", _, "postcode"] => "postcode",
                ["person", "addresses", ..] => "address",
                ["person", "phones", ..] => "phone",
                ["person", "age_band", ..] => "age",
                ["person", field, ..] => field,
                ["unnamed", ..] => "description",
                [field, ..] => field,
            };
            of_person(person, column)
        }
        [field, ..] => (*field).to_owned(),
        [] => crate::Reject::WHOLE_ROW.to_owned(),
    }
}
