//! Other forms of names, by partnership. No scope: they name nobody, and whoever is in the partnership searches by them.

use crate::{StoreError, Tx, partnerships::changed, time::At};
use model::{Timestamp, Uuid, name_form::NameForm};

/// Enters a form; searches of the partnership count it from the commit on.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, form: &NameForm) -> Result<(), StoreError> {
    run!(
        tx,
        execute,
        "INSERT INTO name_form (id, partnership_id, name, form, officer_id, entered_at) VALUES ($1, $2, $3, $4, $5, $6)",
        form.id,
        form.partnership,
        form.name.as_str(),
        form.form.as_str(),
        form.officer,
        At(form.entered_at)
    )?;
    changed(tx).await
}

/// Withdraws a form of one of these partnerships. Gives `false` when it is none of theirs, or withdrawn before.
///
/// # Errors
/// When the database fails.
pub async fn withdraw(tx: &mut Tx, id: Uuid, partnerships: &[Uuid], by: Uuid, at: Timestamp) -> Result<bool, StoreError> {
    if !all(tx).await?.iter().any(|form| form.id == id && partnerships.contains(&form.partnership)) {
        return Ok(false);
    }
    run!(tx, execute, "UPDATE name_form SET withdrawn_at = $1, withdrawn_by = $2 WHERE id = $3", At(at), by, id)?;
    changed(tx).await?;
    Ok(true)
}

/// Every form that counts, in the order of entering.
///
/// # Errors
/// When the database fails.
pub async fn all(tx: &mut Tx) -> Result<Vec<NameForm>, StoreError> {
    let rows = run!(
        tx,
        fetch_all,
        (Uuid, Uuid, String, String, Uuid, At),
        "SELECT id, partnership_id, name, form, officer_id, entered_at FROM name_form WHERE withdrawn_at IS NULL ORDER BY id"
    )?;
    let form = |(id, partnership, name, form, officer, at): (Uuid, Uuid, String, String, Uuid, At)| NameForm {
        id,
        partnership,
        name,
        form,
        officer,
        entered_at: at.0,
    };
    Ok(rows.into_iter().map(form).collect())
}
