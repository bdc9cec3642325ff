//! Subject access requests: which lines a draft has, and what was decided about each; never what they say. No scope: the
//! own agency's alone, read and written by its data protection officers, whom the caller has authorised.

use crate::{StoreError, Tx, time::At};
use model::{
    Timestamp, Uuid,
    subject::{Line, LineDecision, SubjectRequest},
};

type RequestRow = (Uuid, Uuid, Uuid, At, String, String, String, Option<At>, Option<Uuid>);

fn request(row: RequestRow) -> Result<SubjectRequest, StoreError> {
    let (id, agency, officer, opened, people, received, due, released, released_by) = row;
    let day = |text: String| text.parse().map_err(|_| StoreError::Damaged(text));
    Ok(SubjectRequest {
        id,
        agency,
        officer,
        opened_at: opened.0,
        people: serde_json::from_str(&people)?,
        received: day(received)?,
        due: day(due)?,
        released_at: released.map(|at| at.0),
        released_by,
    })
}

/// Keeps a request with the lines of its draft.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, one: &SubjectRequest, lines: &[Line]) -> Result<(), StoreError> {
    run!(
        tx,
        execute,
        "INSERT INTO subject_request (id, agency_id, officer_id, opened_at, people, received, due) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        one.id,
        one.agency,
        one.officer,
        At(one.opened_at),
        serde_json::to_string(&one.people)?,
        one.received.to_string(),
        one.due.to_string()
    )?;
    for line in lines {
        run!(
            tx,
            execute,
            "INSERT INTO subject_line (request_id, number, record_kind, record_id, version, pointer, marks, spans)
             VALUES ($1, $2, $3, $4, $5, $6, $7, '[]')",
            one.id,
            line.number,
            line.kind.as_str(),
            line.record,
            line.version,
            line.pointer.as_str(),
            serde_json::to_string(&line.marks)?
        )?;
    }
    Ok(())
}

/// The requests of an agency, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list(tx: &mut Tx, agency: Uuid) -> Result<Vec<SubjectRequest>, StoreError> {
    let rows = run!(
        tx,
        fetch_all,
        RequestRow,
        "SELECT id, agency_id, officer_id, opened_at, people, received, due, released_at, released_by
         FROM subject_request WHERE agency_id = $1 ORDER BY opened_at, id",
        agency
    )?;
    rows.into_iter().map(request).collect()
}

/// The lines of a request, by number.
///
/// # Errors
/// When the database fails.
pub async fn lines(tx: &mut Tx, request: Uuid) -> Result<Vec<Line>, StoreError> {
    type Row = (i64, String, Uuid, i64, String, String, Option<String>, String, Option<String>, Option<Uuid>, Option<At>);
    let rows = run!(
        tx,
        fetch_all,
        Row,
        "SELECT number, record_kind, record_id, version, pointer, marks, decision, spans, exemption, decided_by, decided_at
         FROM subject_line WHERE request_id = $1 ORDER BY number",
        request
    )?;
    rows.into_iter()
        .map(|(number, kind, record, version, pointer, marks, decision, spans, exemption, decided_by, decided_at)| {
            Ok(Line {
                number,
                kind: kind.parse().map_err(StoreError::Damaged)?,
                record,
                version,
                pointer,
                marks: serde_json::from_str(&marks)?,
                decision: decision.map(|text| text.parse().map_err(StoreError::Damaged)).transpose()?,
                spans: serde_json::from_str(&spans)?,
                exemption,
                decided_by,
                decided_at: decided_at.map(|at| at.0),
            })
        })
        .collect()
}

/// Keeps what was decided about a line.
///
/// # Errors
/// When the database fails.
pub async fn decide(tx: &mut Tx, request: Uuid, line: &Line) -> Result<(), StoreError> {
    run!(
        tx,
        execute,
        "UPDATE subject_line SET decision = $1, spans = $2, exemption = $3, decided_by = $4, decided_at = $5
         WHERE request_id = $6 AND number = $7",
        line.decision.map(LineDecision::as_str),
        serde_json::to_string(&line.spans)?,
        line.exemption.as_deref(),
        line.decided_by,
        line.decided_at.map(At),
        request,
        line.number
    )?;
    Ok(())
}

/// Takes back what was decided about blanking texts of a record that is being written over: places in them are others now.
///
/// # Errors
/// When the database fails.
pub async fn reopen(tx: &mut Tx, record: Uuid) -> Result<(), StoreError> {
    run!(
        tx,
        execute,
        "UPDATE subject_line SET decision = NULL, spans = '[]', exemption = NULL, decided_by = NULL, decided_at = NULL
         WHERE record_id = $1 AND spans <> '[]'",
        record
    )?;
    Ok(())
}

/// Notes that the answer is released. Gives `false` when it was before.
///
/// # Errors
/// When the database fails.
pub async fn release(tx: &mut Tx, request: Uuid, officer: Uuid, at: Timestamp) -> Result<bool, StoreError> {
    let done = run!(
        tx,
        execute,
        "UPDATE subject_request SET released_at = $1, released_by = $2 WHERE id = $3 AND released_at IS NULL",
        At(at),
        officer,
        request
    )?;
    Ok(done > 0)
}
