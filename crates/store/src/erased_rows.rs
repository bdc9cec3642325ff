//! What an erasure does to the rows: bodies of every version written over, rows taken away, retries made useless. No
//! scope: the caller has authorised the records in the same transaction.

use crate::{StoreError, Tx, associations, changes, duplicates, incidents::Written, person_links};
use model::{Uuid, erasing::Traces};

/// Writes over the body of one version, past or present. Its number and everything else about it stays.
///
/// # Errors
/// When the database fails.
pub async fn write_over(tx: &mut Tx, incident: Uuid, version: i64, body: &str) -> Result<(), StoreError> {
    run!(tx, execute, "UPDATE incident_version SET body = $1 WHERE incident_id = $2 AND version = $3", body, incident, version)?;
    run!(tx, execute, "UPDATE incident SET body = $1 WHERE id = $2 AND version = $3", body, incident, version)?;
    Ok(())
}

/// Derives the rows beside an incident anew from a state that was written over, without a new version.
///
/// # Errors
/// When the database fails.
pub async fn derive_again(tx: &mut Tx, written: &Written) -> Result<(), StoreError> {
    run!(tx, execute, "DELETE FROM mention WHERE incident_id = $1", written.incident.id)?;
    run!(tx, execute, "DELETE FROM place_key WHERE incident_id = $1", written.incident.id)?;
    crate::incidents::insert_rest(tx, &[written]).await
}

/// Takes an incident away with everything derived from it. Followers are told by the change log.
///
/// # Errors
/// When the database fails.
pub async fn remove_incident(tx: &mut Tx, incident: Uuid, version: i64) -> Result<(), StoreError> {
    let linked: Vec<Uuid> =
        duplicates::of(tx, incident).await?.iter().map(|link| if link.first == incident { link.second } else { link.first }).collect();
    run!(tx, execute, "DELETE FROM duplicate_link WHERE first_id = $1 OR second_id = $1", incident)?;
    duplicates::regroup(tx, &linked).await?;
    associations::erase(tx, incident).await?;
    run!(tx, execute, "DELETE FROM mention WHERE incident_id = $1", incident)?;
    run!(tx, execute, "DELETE FROM place_key WHERE incident_id = $1", incident)?;
    run!(tx, execute, "DELETE FROM incident_version WHERE incident_id = $1", incident)?;
    // Its releases, the questions about it and who opened it in emergency stay in their registers, by its id.
    run!(tx, execute, "DELETE FROM block WHERE incident_id = $1", incident)?;
    run!(tx, execute, "DELETE FROM intelligence_source WHERE incident_id = $1", incident)?;
    run!(tx, execute, "DELETE FROM incident WHERE id = $1", incident)?;
    changes::append(tx, &[(incident, version + 1)]).await
}

/// Makes the keys under which something was sent useless: the hash of what was sent goes, and the key stays, so that the
/// same request sent again is refused and never makes it anew.
///
/// # Errors
/// When the database fails.
pub async fn spoil_retries(tx: &mut Tx, resource: Uuid) -> Result<(), StoreError> {
    let nothing = [0_u8; 32];
    run!(tx, execute, "UPDATE idempotency_key SET request_hash = $1 WHERE resource_id = $2", nothing.as_slice(), resource)?;
    Ok(())
}

/// The incidents, of one agency or of all, that may say one of these words in any version: a superset, to be looked at closely.
///
/// # Errors
/// When the database fails.
pub async fn incidents_saying(tx: &mut Tx, agency: Option<Uuid>, traces: &Traces) -> Result<Vec<Uuid>, StoreError> {
    let patterns: Vec<String> = traces.words().into_iter().map(pattern).collect();
    if patterns.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(Uuid,)> = build!(tx, fetch_all, (Uuid,), |q| {
        q.push("SELECT i.id FROM incident i WHERE (1 = 0");
        for pattern in &patterns {
            q.push(" OR lower(i.body) LIKE ").push_bind(pattern.clone());
        }
        q.push(" OR EXISTS (SELECT 1 FROM incident_version v WHERE v.incident_id = i.id AND (1 = 0");
        for pattern in &patterns {
            q.push(" OR lower(v.body) LIKE ").push_bind(pattern.clone());
        }
        q.push(")))");
        if let Some(agency) = agency {
            q.push(" AND i.owning_agency_id = ").push_bind(agency);
        }
    })?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// A pattern for LIKE that fits the word whatever the database takes for small letters: what is not ASCII fits any letter,
/// and what JSON may write otherwise fits anything.
fn pattern(word: &str) -> String {
    let fit = |c: char| match c {
        c if c.is_ascii_alphanumeric() => c.to_ascii_lowercase(),
        c if c.is_alphanumeric() => '_',
        _ => '%',
    };
    format!("%{}%", word.chars().map(fit).collect::<String>())
}

/// Takes away the markers on a person, whoever set them: they warn of nobody any more. Gives which.
///
/// # Errors
/// When the database fails.
pub async fn remove_markers_on(tx: &mut Tx, person: Uuid) -> Result<Vec<Uuid>, StoreError> {
    let gone = run!(
        tx,
        fetch_all,
        (Uuid,),
        "DELETE FROM marker WHERE subject_kind = 'person' AND subject_value = $1 RETURNING id",
        person.to_string()
    )?;
    Ok(gone.into_iter().map(|row| row.0).collect())
}

/// Takes away what officers decided of an erased mention, and whom they said it goes about with.
///
/// # Errors
/// When the database fails.
pub async fn remove_ties_of(tx: &mut Tx, mention: Uuid) -> Result<(), StoreError> {
    person_links::erase(tx, mention).await?;
    associations::erase(tx, mention).await
}

/// The ledger rows whose erasable text names an erased person, by number.
///
/// # Errors
/// When the database fails.
pub async fn details_naming(tx: &mut Tx, traces: &Traces) -> Result<Vec<i64>, StoreError> {
    type Row = (i64, Option<String>, Option<String>);
    let patterns: Vec<String> = traces.words().into_iter().map(pattern).collect();
    if patterns.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Row> = build!(tx, fetch_all, Row, |q| {
        q.push("SELECT seq, detail, purpose_reference FROM audit WHERE (detail IS NOT NULL OR purpose_reference IS NOT NULL) AND (1 = 0");
        for pattern in &patterns {
            q.push(" OR lower(detail) LIKE ").push_bind(pattern.clone());
            q.push(" OR lower(purpose_reference) LIKE ").push_bind(pattern.clone());
        }
        q.push(")");
    })?;
    let names = |text: &str| traces.is_searched_by(text) || !traces.spans(text, false).is_empty();
    let mut naming = Vec::new();
    for (seq, detail, reference) in rows {
        let said = detail.as_deref().map(serde_json::from_str::<serde_json::Value>).transpose()?;
        if said.is_some_and(|said| any_text(&said, &names)) || reference.as_deref().is_some_and(names) {
            naming.push(seq);
        }
    }
    Ok(naming)
}

fn any_text(value: &serde_json::Value, names: &dyn Fn(&str) -> bool) -> bool {
    match value {
        serde_json::Value::String(text) => names(text),
        serde_json::Value::Array(list) => list.iter().any(|value| any_text(value, names)),
        serde_json::Value::Object(fields) => fields.values().any(|value| any_text(value, names)),
        _ => false,
    }
}
