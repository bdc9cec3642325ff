//! The raw ceiling of creates: the same rows and bytes, written to the same tables with the same promises, without Beacon.

pub(crate) mod postgres;
pub(crate) mod sqlite;

use testkit::campaign::draft::Random;
use uuid::Uuid;

/// The rows of an incident that Beacon wrote, to be written again under other ids.
#[derive(Debug, Clone)]
pub(crate) struct Template {
    label: i64,
    person_label: i64,
    agency: Uuid,
    officer: Uuid,
    status: String,
    days: (i64, i64),
    types: i64,
    point: (f64, f64),
    body: String,
    at: String,
    request_id: String,
    places: Vec<(String, String, i64)>,
    operation: String,
    action: String,
    outcome: String,
    key_operation: String,
}

/// What differs from incident to incident.
#[derive(Debug, Clone)]
struct Fresh {
    id: Uuid,
    person: Uuid,
    reference: String,
    records: String,
    key: String,
}

impl Fresh {
    fn new(random: &mut Random, number: u64) -> Self {
        let mut bytes = [0; 10];
        bytes[..8].copy_from_slice(&random.next().to_le_bytes());
        let time = 1_780_000_000_000 + number;
        let id = uuid::Builder::from_unix_timestamp_millis(time, &bytes).into_uuid();
        bytes[0] ^= 1;
        let person = uuid::Builder::from_unix_timestamp_millis(time, &bytes).into_uuid();
        // As long as a reference of Beacon; from a wider alphabet, since nothing draws it again when it is taken.
        let reference = format!("ASB-26-{:016X}", random.next());
        Self { id, person, reference, records: format!("[\"{id}\"]"), key: id.to_string() }
    }
}
