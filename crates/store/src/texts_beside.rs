//! The texts that stand beside incidents: markers, intakes, questions, reasons, conditions, sources. Each record is shown as a
//! JSON object of its texts, and written over whole. No scope: the caller is a data protection officer of the agency.

use crate::{StoreError, Tx};
use model::{
    Uuid,
    erasing::{self, FreeText},
    erasure::RecordKind,
};
use serde_json::{Value, json};

/// A record beside incidents.
#[derive(Debug, Clone, PartialEq)]
pub struct Beside {
    /// What kind of record.
    pub kind: RecordKind,
    /// Which: its id; of a source, the incident's.
    pub record: Uuid,
    /// Its texts by field.
    pub body: Value,
}

/// Every kind that stands beside incidents.
const KINDS: [RecordKind; 8] = [
    RecordKind::Marker,
    RecordKind::Intake,
    RecordKind::Ask,
    RecordKind::Block,
    RecordKind::Declaration,
    RecordKind::EmergencyAccess,
    RecordKind::Release,
    RecordKind::Source,
];

impl Beside {
    fn new(kind: RecordKind, (record, text, note): (Uuid, String, Option<String>)) -> Result<Self, StoreError> {
        let mut body = match field(kind) {
            Some(field) => json!({ field: text }),
            None => serde_json::from_str(&text)?,
        };
        if let (Some(note), Value::Object(fields)) = (note, &mut body) {
            fields.insert("note".to_owned(), note.into());
        }
        Ok(Self { kind, record, body })
    }

    /// Its freely written texts.
    pub fn free_texts(&self) -> Vec<FreeText> {
        match self.kind {
            // A marker says when and what of besides.
            RecordKind::Marker => erasing::free_texts(&self.body),
            _ => erasing::every_text(&self.body),
        }
    }
}

/// The field of a record that is one plain text; none for those kept as JSON.
fn field(kind: RecordKind) -> Option<&'static str> {
    match kind {
        RecordKind::Incident | RecordKind::Marker | RecordKind::Ask | RecordKind::Declaration => None,
        RecordKind::Intake => Some("note"),
        RecordKind::Block | RecordKind::EmergencyAccess => Some("reason"),
        RecordKind::Release => Some("conditions"),
        RecordKind::Source => Some("text"),
    }
}

/// Everything of an agency that stands beside incidents. A question belongs to who asks and to who is asked; a reason for
/// emergency access to who took it and to whose records it opened.
///
/// # Errors
/// When the database fails.
pub async fn of_agency(tx: &mut Tx, agency: Uuid) -> Result<Vec<Beside>, StoreError> {
    let mut found = Vec::new();
    for kind in KINDS {
        found.extend(of_kind(tx, agency, kind).await?);
    }
    Ok(found)
}

async fn of_kind(tx: &mut Tx, agency: Uuid, kind: RecordKind) -> Result<Vec<Beside>, StoreError> {
    type Row = (Uuid, String, Option<String>);
    let rows: Vec<Row> = match kind {
        RecordKind::Incident => Vec::new(),
        RecordKind::Marker => run!(tx, fetch_all, Row, "SELECT id, body, NULL FROM marker WHERE agency_id = $1 ORDER BY id", agency)?,
        RecordKind::Intake => {
            run!(tx, fetch_all, Row, "SELECT id, note, NULL FROM intake WHERE agency_id = $1 AND note IS NOT NULL ORDER BY id", agency)?
        }
        RecordKind::Ask => {
            run!(tx, fetch_all, Row, "SELECT id, body, note FROM ask WHERE from_agency = $1 OR to_agency = $1 ORDER BY id", agency)?
        }
        RecordKind::Block => run!(tx, fetch_all, Row, "SELECT id, reason, NULL FROM block WHERE agency_id = $1 ORDER BY id", agency)?,
        RecordKind::Declaration => {
            run!(tx, fetch_all, Row, "SELECT id, body, NULL FROM declaration WHERE agency_id = $1 ORDER BY id", agency)?
        }
        RecordKind::EmergencyAccess => run!(
            tx,
            fetch_all,
            Row,
            "SELECT e.id, e.reason, NULL FROM emergency_access e
                 WHERE e.agency_id = $1 OR EXISTS (SELECT 1 FROM emergency_record r WHERE r.emergency_id = e.id AND r.owner_id = $1)
                 ORDER BY e.id",
            agency
        )?,
        RecordKind::Release => run!(
            tx,
            fetch_all,
            Row,
            "SELECT id, conditions, NULL FROM record_release WHERE owner_id = $1 AND conditions IS NOT NULL ORDER BY id",
            agency
        )?,
        RecordKind::Source => run!(
            tx,
            fetch_all,
            Row,
            "SELECT s.incident_id, s.body, NULL FROM intelligence_source s JOIN incident i ON i.id = s.incident_id
                 WHERE i.owning_agency_id = $1 ORDER BY s.incident_id",
            agency
        )?,
    };
    rows.into_iter().map(|row| Beside::new(kind, row)).collect()
}

/// One record of an agency; nothing where it is no more.
///
/// # Errors
/// When the database fails.
pub async fn by_id(tx: &mut Tx, agency: Uuid, kind: RecordKind, record: Uuid) -> Result<Option<Beside>, StoreError> {
    Ok(of_kind(tx, agency, kind).await?.into_iter().find(|one| one.record == record))
}

/// Writes over what a record says.
///
/// # Errors
/// When the database fails.
pub async fn write_over(tx: &mut Tx, beside: &Beside) -> Result<(), StoreError> {
    let Beside { kind, record, body } = beside;
    let plain = field(*kind).and_then(|field| body[field].as_str()).unwrap_or_default();
    match kind {
        RecordKind::Incident => 0,
        RecordKind::Marker => run!(tx, execute, "UPDATE marker SET body = $1 WHERE id = $2", body.to_string(), *record)?,
        RecordKind::Intake => run!(tx, execute, "UPDATE intake SET note = $1 WHERE id = $2", plain, *record)?,
        RecordKind::Ask => {
            let mut question = body.clone();
            let note = question.as_object_mut().and_then(|fields| fields.remove("note"));
            let note = note.as_ref().and_then(Value::as_str);
            run!(tx, execute, "UPDATE ask SET body = $1, note = $2 WHERE id = $3", question.to_string(), note, *record)?
        }
        RecordKind::Block => run!(tx, execute, "UPDATE block SET reason = $1 WHERE id = $2", plain, *record)?,
        RecordKind::Declaration => run!(tx, execute, "UPDATE declaration SET body = $1 WHERE id = $2", body.to_string(), *record)?,
        RecordKind::EmergencyAccess => run!(tx, execute, "UPDATE emergency_access SET reason = $1 WHERE id = $2", plain, *record)?,
        RecordKind::Release => run!(tx, execute, "UPDATE record_release SET conditions = $1 WHERE id = $2", plain, *record)?,
        RecordKind::Source => run!(tx, execute, "UPDATE intelligence_source SET body = $1 WHERE incident_id = $2", plain, *record)?,
    };
    Ok(())
}
