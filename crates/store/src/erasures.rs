//! Erasures: what was erased and what is proposed, by id and kind alone. No scope: the caller reads and writes the own
//! agency's alone, and has authorised it in the same transaction.

use crate::{StoreError, Tx, time::At};
use model::{
    Uuid,
    erasing::RedactionDecision,
    erasure::{Erasure, Proposal},
};

/// How many erasures this database has seen: a derived index built at a lower number may hold what was erased.
///
/// # Errors
/// When the database fails.
pub async fn epoch(tx: &mut Tx) -> Result<i64, StoreError> {
    let (number,) = run!(tx, fetch_one, (i64,), "SELECT number FROM erasure_epoch")?;
    Ok(number)
}

/// Counts one more erasure.
///
/// # Errors
/// When the database fails.
pub async fn advance(tx: &mut Tx) -> Result<(), StoreError> {
    run!(tx, execute, "UPDATE erasure_epoch SET number = number + 1")?;
    Ok(())
}

/// Keeps an erasure.
///
/// # Errors
/// [`StoreError::Conflict`] when it is there already.
pub async fn insert(tx: &mut Tx, erasure: &Erasure) -> Result<(), StoreError> {
    run!(
        tx,
        execute,
        "INSERT INTO erasure (id, agency_id, officer_id, at, kind, basis, reason, incidents, people, erased)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        erasure.id,
        erasure.agency,
        erasure.officer,
        At(erasure.at),
        erasure.kind.as_str(),
        erasure.basis.as_str(),
        erasure.reason.as_str(),
        serde_json::to_string(&erasure.incidents)?,
        serde_json::to_string(&erasure.people)?,
        serde_json::to_string(&erasure.erased)?
    )?;
    Ok(())
}

/// Erasures, of one agency or of all, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list(tx: &mut Tx, agency: Option<Uuid>) -> Result<Vec<Erasure>, StoreError> {
    type Row = (Uuid, Uuid, Uuid, At, String, String, String, String, String, String);
    let rows: Vec<Row> = build!(tx, fetch_all, Row, |q| {
        q.push("SELECT id, agency_id, officer_id, at, kind, basis, reason, incidents, people, erased FROM erasure");
        if let Some(agency) = agency {
            q.push(" WHERE agency_id = ").push_bind(agency);
        }
        q.push(" ORDER BY at, id");
    })?;
    rows.into_iter()
        .map(|(id, agency, officer, at, kind, basis, reason, incidents, people, erased)| {
            Ok(Erasure {
                id,
                agency,
                officer,
                at: at.0,
                kind: kind.parse().map_err(StoreError::Damaged)?,
                basis,
                reason,
                incidents: serde_json::from_str(&incidents)?,
                people: serde_json::from_str(&people)?,
                erased: serde_json::from_str(&erased)?,
            })
        })
        .collect()
}

/// Keeps proposals, decided or not.
///
/// # Errors
/// When the database fails.
pub async fn propose(tx: &mut Tx, proposals: &[Proposal]) -> Result<(), StoreError> {
    for proposal in proposals {
        run!(
            tx,
            execute,
            "INSERT INTO erasure_proposal (erasure_id, number, record_kind, record_id, pointer, versions, spans)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            proposal.erasure,
            proposal.number,
            proposal.kind.as_str(),
            proposal.record,
            proposal.pointer.as_str(),
            serde_json::to_string(&proposal.versions)?,
            serde_json::to_string(&proposal.spans)?
        )?;
    }
    Ok(())
}

type ProposalRow = (Uuid, i64, String, Uuid, String, String, String, Option<String>, Option<String>, Option<Uuid>, Option<At>);

fn proposal(row: ProposalRow) -> Result<Proposal, StoreError> {
    let (erasure, number, kind, record, pointer, versions, spans, decision, reason, decided_by, decided_at) = row;
    Ok(Proposal {
        erasure,
        number,
        kind: kind.parse().map_err(StoreError::Damaged)?,
        record,
        pointer,
        versions: serde_json::from_str(&versions)?,
        spans: serde_json::from_str(&spans)?,
        decision: decision.map(|text| text.parse().map_err(StoreError::Damaged)).transpose()?,
        reason,
        decided_by,
        decided_at: decided_at.map(|at| at.0),
    })
}

/// The proposals of an erasure, by number.
///
/// # Errors
/// When the database fails.
pub async fn proposals(tx: &mut Tx, erasure: Uuid) -> Result<Vec<Proposal>, StoreError> {
    let rows = run!(
        tx,
        fetch_all,
        ProposalRow,
        "SELECT erasure_id, number, record_kind, record_id, pointer, versions, spans, decision, reason, decided_by, decided_at
         FROM erasure_proposal WHERE erasure_id = $1 ORDER BY number",
        erasure
    )?;
    rows.into_iter().map(proposal).collect()
}

/// The proposals about one record that nobody has decided yet.
///
/// # Errors
/// When the database fails.
pub async fn open_proposals(tx: &mut Tx, record: Uuid) -> Result<Vec<Proposal>, StoreError> {
    let rows = run!(
        tx,
        fetch_all,
        ProposalRow,
        "SELECT erasure_id, number, record_kind, record_id, pointer, versions, spans, decision, reason, decided_by, decided_at
         FROM erasure_proposal WHERE record_id = $1 AND decision IS NULL ORDER BY erasure_id, number",
        record
    )?;
    rows.into_iter().map(proposal).collect()
}

/// Keeps what was decided, and where in the text it was carried out.
///
/// # Errors
/// When the database fails.
pub async fn decide(tx: &mut Tx, proposal: &Proposal) -> Result<(), StoreError> {
    run!(
        tx,
        execute,
        "UPDATE erasure_proposal SET versions = $1, spans = $2, decision = $3, reason = $4, decided_by = $5, decided_at = $6
         WHERE erasure_id = $7 AND number = $8",
        serde_json::to_string(&proposal.versions)?,
        serde_json::to_string(&proposal.spans)?,
        proposal.decision.map(RedactionDecision::as_str),
        proposal.reason.as_deref(),
        proposal.decided_by,
        proposal.decided_at.map(At),
        proposal.erasure,
        proposal.number
    )?;
    Ok(())
}

/// Forgets the proposals about a record that is gone.
///
/// # Errors
/// When the database fails.
pub async fn withdraw(tx: &mut Tx, record: Uuid) -> Result<(), StoreError> {
    run!(tx, execute, "DELETE FROM erasure_proposal WHERE record_id = $1 AND decision IS NULL", record)?;
    Ok(())
}
