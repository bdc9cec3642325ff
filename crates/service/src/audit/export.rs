//! The export that `beacon audit verify` reads: keys, checkpoints with their leaves, every row, whatever state they are in.

use crate::{Service, ServiceError, sealing::row};
use ledger::{
    Row, base64,
    export::{FORMAT, Leaf, Line},
};
use model::audit::{Operation, Request};
use serde::Serialize;
use std::{
    collections::{HashMap, HashSet},
    io::Write,
};
use store::{
    Tx,
    sealing::{self, Place},
};

/// Rows read at once.
const PAGE: usize = 1_000;

/// What was exported.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct LedgerFigures {
    /// Rows under checkpoints.
    pub sealed: u64,
    /// Rows under none.
    pub unsealed: u64,
    /// Checkpoints.
    pub checkpoints: u64,
}

fn told(error: std::io::Error) -> ServiceError {
    ServiceError::Unavailable(format!("the export cannot be written: {error}"))
}

struct Writer(Box<dyn Write + Send>);

impl Writer {
    fn line(&mut self, line: &Line) -> Result<(), ServiceError> {
        let text = serde_json::to_string(line).map_err(store::StoreError::from)?;
        self.0.write_all(text.as_bytes()).and_then(|()| self.0.write_all(b"\n")).map_err(told)
    }
}

impl Service {
    /// Writes the whole ledger, all from one moment. At the console alone: it holds every agency's rows.
    ///
    /// # Errors
    /// [`ServiceError::Conflict`] where nothing was ever sealed, [`ServiceError::Unavailable`] when the ledger or the file
    /// fails.
    pub async fn export_audit(&self, request: &Request, target: Box<dyn Write + Send>) -> Result<LedgerFigures, ServiceError> {
        self.note_operation(request, Operation::Disclosure, "audit.export").await?;
        let mut tx = self.inner.database.read().await?;
        let mut writer = Writer(target);
        let keys = sealing::keys(&mut tx).await?;
        let Some(first) = keys.first() else {
            return Err(ServiceError::Conflict("nothing was ever sealed here: start the server once".to_owned()));
        };
        writer.line(&Line::Ledger { format: FORMAT, origin: first.origin.clone() })?;
        for key in keys {
            let (public_key, from_size) = (base64(&key.public_key), u64::try_from(key.from_size).unwrap_or_default());
            writer.line(&Line::Key { public_key, from_size, at: key.at.to_string(), statement: key.statement })?;
        }
        let mut figures = LedgerFigures::default();
        let (sealed, cursor) = write_sealed(&mut tx, &mut writer, &mut figures).await?;
        write_others(&mut tx, &mut writer, &sealed, cursor, &mut figures).await?;
        writer.line(&Line::End)?;
        writer.0.flush().map_err(told)?;
        tx.rollback().await?;
        Ok(figures)
    }
}

/// Every checkpoint with its rows; gives the numbers of all of them, and how far the last goes.
async fn write_sealed(tx: &mut Tx, writer: &mut Writer, figures: &mut LedgerFigures) -> Result<(HashSet<i64>, Place), ServiceError> {
    let (mut sealed, mut size, mut cursor) = (HashSet::new(), i64::MIN, Place::default());
    loop {
        let checkpoints = sealing::checkpoints_after(tx, size, 1_000).await?;
        if checkpoints.is_empty() {
            return Ok((sealed, cursor));
        }
        for checkpoint in checkpoints {
            (size, cursor) = (checkpoint.size, checkpoint.cursor);
            let packed = sealing::leaves(tx, size).await?;
            // What cannot be read is exported all the same: the verifier tells.
            let leaves = Leaf::unpack(&packed).unwrap_or_default();
            writer.line(&Line::Checkpoint { note: checkpoint.note, leaves: base64(&packed) })?;
            for page in leaves.chunks(PAGE) {
                let seqs: Vec<i64> = page.iter().map(|leaf| leaf.seq).collect();
                let found = sealing::rows(tx, &seqs).await?.into_iter().map(|raw| (raw.seq, row(raw)));
                let found: HashMap<i64, Row> = found.collect();
                for row in seqs.iter().filter_map(|seq| found.get(seq)) {
                    writer.line(&Line::Row(Box::new(row.clone())))?;
                    figures.sealed += 1;
                }
                sealed.extend(seqs);
            }
            figures.checkpoints += 1;
        }
    }
}

/// Every row that no leaf is of.
async fn write_others(
    tx: &mut Tx,
    writer: &mut Writer,
    sealed: &HashSet<i64>,
    cursor: Place,
    figures: &mut LedgerFigures,
) -> Result<(), ServiceError> {
    let mut above = i64::MIN;
    loop {
        let numbers = sealing::numbers_above(tx, above, 20_000).await?;
        let Some(last) = numbers.last() else { return Ok(()) };
        above = *last;
        let others: Vec<i64> = numbers.into_iter().filter(|seq| !sealed.contains(seq)).collect();
        for page in others.chunks(PAGE) {
            let mut found = sealing::rows(tx, page).await?;
            found.sort_by_key(|raw| (raw.txid, raw.seq));
            for raw in found {
                let under = Place { txid: raw.txid, seq: raw.seq } <= cursor && figures.checkpoints > 0;
                writer.line(&Line::Unsealed { under, row: Box::new(row(raw)) })?;
                figures.unsealed += 1;
            }
        }
    }
}
