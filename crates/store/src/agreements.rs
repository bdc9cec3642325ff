//! Sharing agreements. No scope: how an agency shares is known to every signed-in caller.

use crate::{StoreError, Tx, partnerships::changed, time::At};
use model::{
    Uuid,
    agreement::{Agreement, NewAgreement, RecordClass},
};

/// Enters an agreement in place of the one before of that agency and class.
///
/// # Errors
/// When the database fails.
pub async fn replace(tx: &mut Tx, agreement: &Agreement) -> Result<(), StoreError> {
    run!(
        tx,
        execute,
        "UPDATE sharing_agreement SET ended_at = $1 WHERE agency_id = $2 AND class = $3 AND ended_at IS NULL",
        At(agreement.recorded_at),
        agreement.agency,
        agreement.class.as_str()
    )?;
    run!(
        tx,
        execute,
        "INSERT INTO sharing_agreement (id, agency_id, class, sharing, basis, document, review_at, officer_id, recorded_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        agreement.id,
        agreement.agency,
        agreement.class.as_str(),
        serde_json::to_string(&agreement.says)?,
        agreement.says.basis.as_str(),
        agreement.says.document.as_deref(),
        At(agreement.says.review_at),
        agreement.recorded_by,
        At(agreement.recorded_at)
    )?;
    changed(tx).await
}

type Row = (Uuid, Uuid, String, String, Uuid, At, Option<At>);

/// Every agreement, those that have ended too, latest first.
///
/// # Errors
/// When the database fails.
pub async fn all(tx: &mut Tx) -> Result<Vec<Agreement>, StoreError> {
    let rows = run!(
        tx,
        fetch_all,
        Row,
        "SELECT id, agency_id, class, sharing, officer_id, recorded_at, ended_at FROM sharing_agreement ORDER BY id DESC"
    )?;
    let agreement = |(id, agency, class, sharing, recorded_by, at, ended): Row| -> Result<Agreement, StoreError> {
        let class: RecordClass = class.parse().map_err(StoreError::Damaged)?;
        let says: NewAgreement = serde_json::from_str(&sharing)?;
        Ok(Agreement { id, agency, class, says, recorded_by, recorded_at: at.0, ended_at: ended.map(|at| at.0) })
    };
    rows.into_iter().map(agreement).collect()
}
