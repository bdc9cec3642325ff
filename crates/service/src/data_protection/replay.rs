//! The list of erasures that is kept beside backups: a copy that is put back was made before some of them. It names
//! kinds, ids and places in texts, never what was erased.

use super::{erase::named_nowhere_else, writing_over::Then};
use crate::{Service, ServiceError, audit::erase::erase_payloads};
use model::{
    Timestamp,
    audit::{Operation, Outcome, Request},
    erasing::{ErasureKind, RedactionDecision, Traces},
    erasure::{Erasure, Proposal},
    rectifying::Rectification,
};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use store::{
    Tx, agencies, audit, erasures,
    incidents::{self, Key},
    rectifications,
};

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReplayLine {
    /// Somebody or something was erased.
    Erasure(Erasure),
    /// A person had free text redacted.
    Redaction(Proposal),
    /// Something was put right.
    Rectification(Rectification),
}

impl ReplayLine {
    fn at(&self) -> Option<Timestamp> {
        match self {
            Self::Erasure(erasure) => Some(erasure.at),
            Self::Redaction(proposal) => proposal.decided_at,
            Self::Rectification(made) => Some(made.at),
        }
    }
}

/// How far a database is behind a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Missing {
    /// Lines it has not seen.
    pub lines: usize,
}

impl Service {
    /// Every erasure and redaction this database has seen, in the order they were carried out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn erasure_list(&self) -> Result<Vec<ReplayLine>, ServiceError> {
        self.read(|tx, _| Box::pin(async move { lines(tx).await })).await
    }

    /// Which lines of a list this database has not seen, of those that concern agencies it knows.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn missing_of(&self, list: Vec<ReplayLine>) -> Result<Missing, ServiceError> {
        self.read(move |tx, _| Box::pin(async move { Ok(Missing { lines: unseen(tx, list).await?.len() }) })).await
    }

    /// Carries out what a list names and this database has not seen. Gives how many lines that were.
    ///
    /// # Errors
    /// When the database fails: then nothing of it is done.
    pub async fn replay_erasures(&self, request: &Request, list: Vec<ReplayLine>) -> Result<usize, ServiceError> {
        let done = self
            .write(request, Operation::Erasure, "erasure.replay", move |tx, service, request| {
                Box::pin(async move {
                    let unseen = unseen(tx, list).await?;
                    let mut records = Vec::new();
                    for line in &unseen {
                        match line {
                            ReplayLine::Erasure(erasure) => {
                                service.erase_again(tx, erasure, request).await?;
                                records.push(erasure.id);
                            }
                            ReplayLine::Redaction(proposal) => service.redact_again(tx, proposal.clone(), request).await?,
                            ReplayLine::Rectification(made) => service.rectify_again(tx, made, request).await?,
                        }
                    }
                    if !unseen.is_empty() {
                        erasures::advance(tx).await?;
                    }
                    Ok((unseen.len(), records))
                })
            })
            .await?;
        self.let_go_of_the_log().await;
        Ok(done)
    }

    async fn erase_again(&self, tx: &mut Tx, erasure: &Erasure, request: &Request) -> Result<(), ServiceError> {
        let mut traces = Traces::default();
        for id in &erasure.incidents {
            let Some(stored) = incidents::find(tx, &Key::Id(*id), true).await? else { continue };
            match erasure.kind {
                ErasureKind::Person => {
                    self.erase_people(tx, *id, &erasure.people, &mut traces, Then::SameVersion, request).await?;
                }
                ErasureKind::Incident => {
                    traces = traces.with(named_nowhere_else(tx, erasure.agency, *id).await?);
                    self.erase_incident(tx, &stored.incident()?).await?;
                }
            }
        }
        let naming = audit::details_naming(tx, &traces).await?;
        erase_payloads(tx, request, &naming, &erasure.reason).await?;
        Ok(erasures::insert(tx, erasure).await?)
    }

    async fn redact_again(&self, tx: &mut Tx, mut proposal: Proposal, request: &Request) -> Result<(), ServiceError> {
        if !erasures::proposals(tx, proposal.erasure).await?.iter().any(|one| one.number == proposal.number) {
            erasures::propose(tx, std::slice::from_ref(&proposal)).await?;
        }
        let there =
            proposal.kind != model::erasure::RecordKind::Incident || incidents::find(tx, &Key::Id(proposal.record), true).await?.is_some();
        if there {
            self.redact(tx, &mut proposal, Then::SameVersion, request).await?;
        }
        Ok(erasures::decide(tx, &proposal).await?)
    }

    /// Writes the list where the deployment keeps it, if it does: whole, then in the place of the one before.
    pub(super) async fn keep_erasure_list(&self) {
        let Some(path) = self.inner.settings.erasure_list.clone() else { return };
        let written = async {
            let list = self.erasure_list().await?;
            let told = |error: &dyn std::fmt::Display| ServiceError::Unavailable(error.to_string());
            let mut text = String::new();
            for line in &list {
                text.push_str(&serde_json::to_string(line).map_err(|error| told(&error))?);
                text.push('\n');
            }
            let write = move || {
                let part = path.with_extension("part");
                std::fs::write(&part, text)?;
                std::fs::File::open(&part)?.sync_all()?;
                std::fs::rename(&part, &path)
            };
            tokio::task::spawn_blocking(write).await?.map_err(|error| told(&error))
        };
        if let Err(error) = written.await {
            tracing::error!(error = %error, "the list of erasures cannot be written: a backup put back now would bring back what was erased");
        }
    }

    /// Notes that the list was read at the console.
    ///
    /// # Errors
    /// When it cannot be noted.
    pub async fn note_erasure_list(&self, request: &Request) -> Result<(), ServiceError> {
        self.note(vec![request.entry(Operation::Consultation, "erasure.list", Outcome::Granted, Vec::new())]).await
    }
}

async fn lines(tx: &mut Tx) -> Result<Vec<ReplayLine>, ServiceError> {
    let mut all = Vec::new();
    for erasure in erasures::list(tx, None).await? {
        let decided = erasures::proposals(tx, erasure.id).await?.into_iter().filter(|one| one.decision == Some(RedactionDecision::Redact));
        all.extend(decided.map(ReplayLine::Redaction));
        all.push(ReplayLine::Erasure(erasure));
    }
    // What was wrong stays in the database, and its time is over there.
    let made = rectifications::list(tx, None, Timestamp::from_micros(0)).await?;
    all.extend(made.into_iter().map(|made| ReplayLine::Rectification(Rectification { old: None, ..made })));
    // Places in a text are told as of the moment of each decision, so the order is theirs.
    all.sort_by_key(|line| (line.at(), matches!(line, ReplayLine::Redaction(_))));
    Ok(all)
}

async fn unseen(tx: &mut Tx, list: Vec<ReplayLine>) -> Result<Vec<ReplayLine>, ServiceError> {
    let seen = lines(tx).await?;
    let erasure = |line: &ReplayLine| match line {
        ReplayLine::Erasure(erasure) => Some((erasure.id, 0)),
        ReplayLine::Redaction(proposal) => Some((proposal.erasure, proposal.number)),
        ReplayLine::Rectification(made) => Some((made.id, 0)),
    };
    let seen: HashSet<_> = seen.iter().filter_map(erasure).collect();
    let known: HashSet<_> = agencies::all(tx).await?.into_iter().map(|agency| agency.id).collect();
    // An agency entered after the copy was made has nothing in it.
    let strangers: HashSet<_> = list
        .iter()
        .filter_map(|line| match line {
            ReplayLine::Erasure(erasure) if !known.contains(&erasure.agency) => Some(erasure.id),
            ReplayLine::Rectification(made) if !known.contains(&made.agency) => Some(made.id),
            _ => None,
        })
        .collect();
    Ok(list.into_iter().filter(|line| erasure(line).is_some_and(|key| !seen.contains(&key) && !strangers.contains(&key.0))).collect())
}
