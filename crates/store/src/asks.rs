//! Asks. No scope: the two agencies of an ask see it, and no other.

use crate::{StoreError, Tx, time::At};
use model::{
    Timestamp, Uuid,
    ask::{Ask, AskAnswer},
};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    from_agency: Uuid,
    from_officer: Uuid,
    to_agency: Uuid,
    incident_id: Option<Uuid>,
    body: String,
    asked_at: At,
    answer: Option<String>,
    note: Option<String>,
    answered_by: Option<Uuid>,
    answered_at: Option<At>,
}

impl TryFrom<Row> for Ask {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            from_agency: row.from_agency,
            from_officer: row.from_officer,
            to_agency: row.to_agency,
            incident: row.incident_id,
            question: serde_json::from_str(&row.body)?,
            asked_at: row.asked_at.0,
            answer: row.answer.map(|answer| answer.parse().map_err(StoreError::Damaged)).transpose()?,
            note: row.note,
            answered_by: row.answered_by,
            answered_at: row.answered_at.map(|at| at.0),
        })
    }
}

/// Enters an ask.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, ask: &Ask) -> Result<(), StoreError> {
    run!(
        tx,
        execute,
        "INSERT INTO ask (id, from_agency, from_officer, to_agency, incident_id, body, asked_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        ask.id,
        ask.from_agency,
        ask.from_officer,
        ask.to_agency,
        ask.incident,
        serde_json::to_string(&ask.question)?,
        At(ask.asked_at)
    )?;
    Ok(())
}

/// The asks from or to an agency, latest first, before one already seen.
///
/// # Errors
/// When the database fails.
pub async fn of_agency(tx: &mut Tx, agency: Uuid, before: Option<Uuid>, limit: i64) -> Result<Vec<Ask>, StoreError> {
    let rows = run!(
        tx,
        fetch_all,
        Row,
        "SELECT id, from_agency, from_officer, to_agency, incident_id, body, asked_at, answer, note, answered_by, answered_at FROM ask
         WHERE (from_agency = $1 OR to_agency = $1) AND id < $2 ORDER BY id DESC LIMIT $3",
        agency,
        before.unwrap_or(Uuid::max()),
        limit
    )?;
    rows.into_iter().map(Ask::try_from).collect()
}

/// The ask with that id.
///
/// # Errors
/// When the database fails.
pub async fn by_id(tx: &mut Tx, id: Uuid) -> Result<Option<Ask>, StoreError> {
    let row = run!(
        tx,
        fetch_optional,
        Row,
        "SELECT id, from_agency, from_officer, to_agency, incident_id, body, asked_at, answer, note, answered_by, answered_at FROM ask
         WHERE id = $1",
        id
    )?;
    row.map(Ask::try_from).transpose()
}

/// Answers an ask. Gives `false` when it has an answer.
///
/// # Errors
/// When the database fails.
pub async fn answer(tx: &mut Tx, id: Uuid, answer: (AskAnswer, Option<&str>), by: Uuid, at: Timestamp) -> Result<bool, StoreError> {
    let answered = run!(
        tx,
        execute,
        "UPDATE ask SET answer = $1, note = $2, answered_by = $3, answered_at = $4 WHERE id = $5 AND answer IS NULL",
        answer.0.as_str(),
        answer.1,
        by,
        At(at),
        id
    )?;
    Ok(answered > 0)
}
