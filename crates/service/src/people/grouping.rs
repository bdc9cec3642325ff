//! Which mentions are one person for a caller: what is in the database, given to `model::linking`.

use crate::ServiceError;
use model::{
    Scope, Uuid,
    linking::{Groups, LinkDecision, Tie},
};
use std::collections::{BTreeSet, HashSet};
use store::{
    Tx,
    incidents::{self, Key},
    mentions, person_links,
};

/// The most mentions the caller sees that people are put together from.
const MOST_MENTIONS: usize = 2_000;

/// Groups mentions through the links whose every mention the caller sees, as far as they reach.
pub(crate) async fn groups(tx: &mut Tx, scope: &Scope, ids: &[Uuid]) -> Result<Groups, ServiceError> {
    let own = scope.actor().agency;
    let (mut ties, mut apart): (Vec<Tie>, Vec<(Uuid, Uuid)>) = (Vec::new(), Vec::new());
    let (mut seen, mut asked): (HashSet<Uuid>, HashSet<Uuid>) = (HashSet::new(), HashSet::new());
    let mut known: HashSet<Uuid> = HashSet::new();
    let mut next: Vec<Uuid> = ids.to_vec();
    while !next.is_empty() && seen.len() < MOST_MENTIONS {
        asked.extend(&next);
        let mut further: HashSet<Uuid> = HashSet::new();
        let mut fresh: Vec<Uuid> = Vec::new();
        for row in mentions::around(tx, &next).await?.into_iter().filter(|row| scope.sees_people(row.label)) {
            if seen.insert(row.id) {
                fresh.push(row.id);
            }
            further.insert(row.id);
            if let Some(same) = row.same_person_as
                && known.insert(row.id)
            {
                ties.push(Tie { recorded: true, id: row.id, ends: (row.id, same), agreed: BTreeSet::from([row.agency]) });
                further.insert(same);
            }
        }
        for link in person_links::around(tx, &fresh).await?.into_iter().filter(|link| link.undone.is_none()) {
            if !known.insert(link.id) {
                continue;
            }
            match link.decision {
                LinkDecision::Same => {
                    further.extend([link.first, link.second]);
                    ties.push(Tie { recorded: false, id: link.id, ends: (link.first, link.second), agreed: link.agencies() });
                }
                LinkDecision::Different if link.agencies().contains(&own) => apart.push((link.first, link.second)),
                LinkDecision::Different => {}
            }
        }
        next = further.into_iter().filter(|id| !asked.contains(id)).collect();
    }
    Ok(Groups::new(seen, ties, apart))
}

/// Which of these mentions were found in a text and not confirmed: they are linked with nobody.
pub(crate) async fn unconfirmed(tx: &mut Tx, ids: &[Uuid]) -> Result<HashSet<Uuid>, ServiceError> {
    let rows = mentions::around(tx, ids).await?;
    let of: BTreeSet<Uuid> = rows.iter().filter(|row| ids.contains(&row.id)).map(|row| row.incident).collect();
    let mut found = HashSet::new();
    for stored in incidents::load(tx, &of.into_iter().map(Key::Id).collect::<Vec<_>>()).await? {
        let incident = stored.incident()?;
        found.extend(incident.involvements.iter().filter(|part| part.extracted.is_some() && ids.contains(&part.id)).map(|part| part.id));
    }
    Ok(found)
}
