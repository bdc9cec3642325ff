//! Erasing the payload of an entry lawfully: who, when, what and which records stay, and so does the proof.

use crate::{Service, ServiceError, sealing::row};
use ledger::leaf::{ERASES, row_id};
use model::{
    Actor,
    audit::{Operation, Outcome, Purpose, Request},
    vocabulary,
};
use store::{
    Tx, audit,
    sealing::{erase_payload, rows},
};

/// Erases the payloads of these entries in a transaction that erases the people they name. They leave one entry under
/// `reason` that names every one of them. Gives how many there were; an erasure's own entry holds nothing to erase.
pub(crate) async fn erase_payloads(tx: &mut Tx, request: &Request, seqs: &[i64], reason: &str) -> Result<usize, ServiceError> {
    let mut erased_rows = Vec::new();
    for some in seqs.chunks(500) {
        for found in rows(tx, some).await?.into_iter().map(row).filter(|row| !row.is_erased() && row.action != ERASES) {
            // A row that is not as the program wrote it keeps its place, and loses its text all the same: the verifier tells.
            let erased = found.erased();
            let (salt, commitment) = erased.map_or_else(
                || (found.salt.clone(), Vec::new()),
                |erased| (erased.salt.clone(), erased.payload_commitment.clone().unwrap_or_default()),
            );
            erase_payload(tx, found.seq, &salt, &commitment).await?;
            erased_rows.push(row_id(found.seq));
        }
    }
    if !erased_rows.is_empty() {
        let purpose = Purpose { code: Some(reason.to_owned()), reference: None };
        let request = Request { purpose, ..request.clone() };
        audit::append(tx, &[request.entry(Operation::Erasure, ERASES, Outcome::Granted, erased_rows.clone())]).await?;
    }
    Ok(erased_rows.len())
}

impl Service {
    /// Erases what was searched for, the free text of the reference and the client's request id of an entry of the caller's
    /// agency; at the console, of any. The erasure leaves an entry of its own, under `reason`, whose `records` name the
    /// erased row; that entry is sealed, and cannot be erased itself.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for any role but the data protection officer, [`ServiceError::NotFound`],
    /// [`ServiceError::Invalid`] for a reason that is none, [`ServiceError::Conflict`] where nothing is left to erase or the
    /// entry is an erasure.
    pub async fn erase_audit_payload(&self, request: &Request, seq: i64, reason: &str) -> Result<(), ServiceError> {
        if !request.actor.audits() && request.actor != Actor::console() {
            self.note(vec![request.entry(Operation::Erasure, ERASES, Outcome::Denied, vec![row_id(seq)])]).await?;
            return Err(ServiceError::Forbidden("payloads of the audit ledger are erased by data protection officers"));
        }
        if !vocabulary::current().has("erasure_reasons", reason) {
            return Err(ServiceError::invalid("reason", "unknown_code", vocabulary::current().remedy("erasure_reasons")));
        }
        // The reason takes the purpose's place, in the part that is never erased; a free text would be there for ever.
        let purpose = Purpose { code: Some(reason.to_owned()), reference: None };
        self.write(&Request { purpose, ..request.clone() }, Operation::Erasure, ERASES, move |tx, _, request| {
            Box::pin(async move {
                let found = rows(tx, &[seq]).await?.pop().map(row);
                let open = |row: &ledger::Row| request.actor == Actor::console() || row.agency == request.actor.agency;
                let row = found.filter(open).ok_or(ServiceError::NotFound)?;
                if row.is_erased() {
                    return Err(ServiceError::Conflict("the payload of this entry is erased already".to_owned()));
                }
                if row.action == ERASES {
                    return Err(ServiceError::Conflict("an erasure's own entry is never erased".to_owned()));
                }
                let erased = row.erased().ok_or_else(|| {
                    ServiceError::Conflict("this entry is not as the program wrote it: run `beacon audit verify` first".to_owned())
                })?;
                erase_payload(tx, seq, &erased.salt, erased.payload_commitment.as_deref().unwrap_or_default()).await?;
                Ok(((), vec![row_id(seq)]))
            })
        })
        .await
    }
}
