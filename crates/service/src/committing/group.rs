//! One group: read, insert, audit, commit, then answer.

use super::{Create, Created, Job, Look, Seen};
use crate::{
    ServiceError, conflicts,
    service::Inner,
    standing::{NOT_SECONDED, STANDING_CHANGED},
};
use model::{Scope, Uuid};
use std::collections::{HashMap, HashSet};
use store::{
    Database, StoreError, Tx, audit, idempotency,
    incidents::{self, Key, Stored},
};

/// Carries out a group and answers everybody in it. Runs in the worker's task, which no client can cancel.
pub(super) async fn commit(database: &Database, inner: &Inner, jobs: Vec<Job>) {
    let (mut looks, mut creates) = (Vec::new(), Vec::new());
    for job in jobs {
        match job {
            Job::Look(look, reply) => looks.push((look, reply)),
            Job::Create(create, reply) => creates.push((create, reply)),
        }
    }
    metrics::histogram!("beacon_group_size").record((looks.len() + creates.len()) as f64);
    let wrote = !creates.is_empty();
    let asked: Vec<&Look> = looks.iter().map(|(look, _)| look.as_ref()).collect();
    let mut made: Vec<&mut Create> = creates.iter_mut().map(|(create, _)| create.as_mut()).collect();
    match together(database, inner, &asked, &mut made).await {
        Ok(seen) => {
            for ((_, reply), seen) in looks.into_iter().zip(seen) {
                // A client that went away does not care; its row is in the ledger all the same.
                let _ = reply.send(Ok(seen));
            }
            for (create, reply) in creates {
                let _ = reply.send(Ok(Created::New(Box::new(create.written))));
            }
        }
        // Whoever waited for the database once need not wait again, one after the other.
        Err(ServiceError::Busy) => {
            looks.into_iter().for_each(|(_, reply)| drop(reply.send(Err(ServiceError::Busy))));
            creates.into_iter().for_each(|(_, reply)| drop(reply.send(Err(ServiceError::Busy))));
        }
        Err(_) => {
            for (look, reply) in looks {
                let answer = together(database, inner, &[&look], &mut []).await;
                let answer = match (answer, look.denial()) {
                    // What they acted under ended between their signing in and this transaction: a denial like any other.
                    (Err(ServiceError::Forbidden(why)), Some(denial)) => {
                        let noted = together(database, inner, &[&Look::note(vec![denial])], &mut []).await;
                        Err(noted.err().unwrap_or(ServiceError::Forbidden(why)))
                    }
                    (answer, _) => answer,
                };
                let _ = reply.send(answer.and_then(|mut seen| seen.pop().ok_or(ServiceError::NotFound)));
            }
            for (create, reply) in creates {
                let _ = reply.send(alone(database, inner, *create).await);
            }
        }
    }
    if wrote && let Some(follower) = &inner.follower {
        follower.wake();
    }
}

/// Everything in one transaction, or nothing.
async fn together(database: &Database, inner: &Inner, looks: &[&Look], creates: &mut [&mut Create]) -> Result<Vec<Seen>, ServiceError> {
    let mut tx = database.begin().await?;
    match within(&mut tx, inner, looks, creates).await {
        Ok(done) => {
            tx.commit().await?;
            Ok(done)
        }
        Err(error) => {
            tx.rollback().await?;
            Err(error)
        }
    }
}

async fn within(tx: &mut Tx, inner: &Inner, looks: &[&Look], creates: &mut [&mut Create]) -> Result<Vec<Seen>, ServiceError> {
    check_standing(tx, inner, looks, creates).await?;
    let mut entries = Vec::new();
    let mut seen = Vec::with_capacity(looks.len());
    if !looks.is_empty() {
        inner.labels.refresh(tx).await?;
        let loaded = Loaded::of(tx, looks).await?;
        for look in looks {
            let scope = look.asks.as_ref().map(|(request, _, _)| inner.scope_in_force(request)).transpose()?;
            let records = scope.as_ref().map_or_else(Vec::new, |scope| loaded.visible(look, scope));
            tell_supervisors(tx, inner, look, &loaded, &records).await?;
            entries.extend(look.entry(&records));
            entries.extend(look.entries.iter().cloned());
            seen.push(Seen { records, scope });
        }
    }
    if !creates.is_empty() {
        let keys: Vec<&idempotency::Key> = creates.iter().filter_map(|create| create.key.as_ref()).collect();
        let fresh = idempotency::claim_all(tx, &keys).await?;
        if !fresh || !incidents::insert(tx, &mut creates.iter_mut().map(|create| &mut create.written).collect::<Vec<_>>()).await?.is_empty()
        {
            // Somebody in the group is a retry or reuses an id: each goes alone.
            return Err(ServiceError::KeyReused);
        }
        entries.extend(creates.iter().map(|create| create.entry.clone()));
    }
    let rows = audit::append(tx, &entries).await?;
    if let Some(sealer) = &inner.sealer {
        sealer.recent.keep(rows);
    }
    Ok(seen)
}

/// Every credential of the group must be in force in this transaction, and whoever writes must stand where they did when the
/// record was put together; a look is asked the same when its scope is made. With one that fails, each request goes alone.
async fn check_standing(tx: &mut Tx, inner: &Inner, looks: &[&Look], creates: &[&mut Create]) -> Result<(), ServiceError> {
    let requests = || looks.iter().filter_map(|look| Some(&look.asks.as_ref()?.0)).chain(creates.iter().map(|create| &create.request));
    inner.standing.refresh(tx).await?;
    for create in creates {
        let (actor, _) = inner.stands(&create.request).ok_or(NOT_SECONDED)?;
        if !actor.records() {
            return Err(ServiceError::Forbidden("your role does not log incidents"));
        }
        let shared = create.written.incident.details.sharing.partnership;
        if shared.is_some_and(|partnership| !actor.partnerships.contains(&partnership)) {
            return Err(ServiceError::Conflict(STANDING_CHANGED.to_owned()));
        }
        if create.defaulted.is_some_and(|version| version != inner.standing.book().version()) {
            return Err(ServiceError::Conflict(STANDING_CHANGED.to_owned()));
        }
    }
    let mut tokens: Vec<[u8; 32]> = requests().filter_map(|request| request.token).collect();
    tokens.sort_unstable();
    tokens.dedup();
    if tokens.is_empty() { Ok(()) } else { inner.in_force(tx, &tokens).await }
}

/// Tells supervisors of an officer who asks for a record that is closed to them, or reads one that fits what they declared.
async fn tell_supervisors(tx: &mut Tx, inner: &Inner, look: &Look, loaded: &Loaded, seen: &[Stored]) -> Result<(), ServiceError> {
    let Some((request, _, _)) = look.asks.as_ref().filter(|_| look.exact) else { return Ok(()) };
    let officer = request.actor.officer;
    for stored in loaded.asked(look).filter(|stored| inner.labels.blocks(stored.label(), officer)) {
        conflicts::tell_blocked(tx, request, &stored.incident()?).await?;
    }
    if inner.standing.declares(officer) {
        for stored in seen {
            let incident = stored.incident()?;
            if inner.standing.declared(officer, &incident) {
                conflicts::tell_declared(tx, request, &incident).await?;
            }
        }
    }
    Ok(())
}

/// The records a group asks for, read once.
struct Loaded {
    by_id: HashMap<Uuid, Stored>,
    by_reference: HashMap<String, Uuid>,
}

impl Loaded {
    async fn of(tx: &mut Tx, looks: &[&Look]) -> Result<Self, ServiceError> {
        let mut asked = HashSet::new();
        let keys: Vec<Key> = looks.iter().flat_map(|look| &look.keys).filter(|key| asked.insert(*key)).cloned().collect();
        let by_reference = keys.iter().any(|key| matches!(key, Key::Reference(_)));
        let stored = incidents::load(tx, &keys).await?;
        Ok(Self {
            by_reference: if by_reference {
                stored.iter().map(|stored| (stored.reference().to_owned(), stored.id)).collect()
            } else {
                HashMap::new()
            },
            by_id: stored.into_iter().map(|stored| (stored.id, stored)).collect(),
        })
    }

    /// The records a look asks for that are there, in its order.
    fn asked<'a>(&'a self, look: &'a Look) -> impl Iterator<Item = &'a Stored> {
        look.keys.iter().filter_map(|key| match key {
            Key::Id(id) => self.by_id.get(id),
            Key::Reference(reference) => self.by_id.get(self.by_reference.get(reference.as_str())?),
        })
    }

    /// The records a look may show, in the order it asks for them.
    fn visible(&self, look: &Look, scope: &Scope) -> Vec<Stored> {
        self.asked(look).filter(|stored| scope.sight(stored.label()) >= look.least).cloned().collect()
    }
}

/// One create by itself: a retry is recognised, an id that is taken is told.
async fn alone(database: &Database, inner: &Inner, mut create: Create) -> Result<Created, ServiceError> {
    let mut tx = database.begin().await?;
    match alone_within(&mut tx, inner, &mut create).await {
        Ok(None) => {
            tx.commit().await?;
            Ok(Created::New(Box::new(create.written)))
        }
        Ok(Some(before)) => {
            tx.rollback().await?;
            Ok(Created::Before(before))
        }
        Err(error) => {
            tx.rollback().await?;
            let mut denied = create.entry;
            denied.outcome = model::audit::Outcome::Denied;
            denied.records.clear();
            let note = Look::note(vec![denied]);
            together(database, inner, &[&note], &mut []).await?;
            Err(error)
        }
    }
}

/// Gives the incident that the same request made before, if it did.
async fn alone_within(tx: &mut Tx, inner: &Inner, create: &mut Create) -> Result<Option<Uuid>, ServiceError> {
    check_standing(tx, inner, &[], &[create]).await?;
    if let Some(key) = &create.key
        && let Some((hash, resource)) = idempotency::claim(tx, key).await?
    {
        return if hash == key.request_hash { Ok(Some(resource)) } else { Err(ServiceError::KeyReused) };
    }
    match incidents::insert(tx, &mut [&mut create.written]).await {
        Ok(taken) if taken.is_empty() => {}
        Ok(_) => return Err(ServiceError::Conflict("an incident with this id is there already: send it with another id".to_owned())),
        Err(StoreError::Conflict(_)) => {
            return Err(ServiceError::Conflict("a part of this incident has an id that is taken: send it with another id".to_owned()));
        }
        Err(error) => return Err(error.into()),
    }
    audit::append(tx, std::slice::from_ref(&create.entry)).await?;
    Ok(None)
}
