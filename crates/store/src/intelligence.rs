//! The sources of intelligence, apart from it. No scope: the service asks only for whoever may know the source.

use crate::{StoreError, Tx, time::At};
use model::{Timestamp, Uuid};

/// A source as it is kept.
#[derive(Debug, Clone)]
pub struct Source {
    /// What is known of it.
    pub text: String,
    /// Who recorded it.
    pub officer: Uuid,
    /// When.
    pub recorded_at: Timestamp,
}

/// Keeps the source of a record, in place of what was known before.
///
/// # Errors
/// When the database fails.
pub async fn put_source(tx: &mut Tx, incident: Uuid, source: &Source) -> Result<(), StoreError> {
    run!(
        tx,
        execute,
        "INSERT INTO intelligence_source (incident_id, body, officer_id, recorded_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (incident_id) DO UPDATE SET body = excluded.body, officer_id = excluded.officer_id, recorded_at = excluded.recorded_at",
        incident,
        source.text.as_str(),
        source.officer,
        At(source.recorded_at)
    )?;
    Ok(())
}

/// The source of a record.
///
/// # Errors
/// When the database fails.
pub async fn source(tx: &mut Tx, incident: Uuid) -> Result<Option<Source>, StoreError> {
    let row = run!(
        tx,
        fetch_optional,
        (String, Uuid, At),
        "SELECT body, officer_id, recorded_at FROM intelligence_source WHERE incident_id = $1",
        incident
    )?;
    Ok(row.map(|(text, officer, at)| Source { text, officer, recorded_at: at.0 }))
}
