//! Which mentions are one person for a caller: what is in the database, given to `model::linking`.

use crate::ServiceError;
use model::{
    Scope, Uuid,
    linking::{Groups, LinkDecision, Tie},
};
use std::{
    collections::{BTreeSet, HashMap, HashSet},
    ops::Deref,
};
use store::{
    Tx,
    incidents::{self, Key},
    mentions::{self, MentionRow},
    person_links,
};

/// The most mentions the caller sees that people are put together from.
const MOST_MENTIONS: usize = 2_000;

/// Which of the mentions a caller sees are one person, and whose record each of them stands in.
pub(crate) struct Known {
    groups: Groups,
    rows: HashMap<Uuid, MentionRow>,
}

impl Deref for Known {
    type Target = Groups;

    fn deref(&self) -> &Groups {
        &self.groups
    }
}

impl Known {
    /// The incident of a mention the caller sees.
    pub(crate) fn incident_of(&self, mention: Uuid) -> Option<Uuid> {
        self.rows.get(&mention).map(|row| row.incident)
    }

    /// The agency that owns that incident.
    pub(crate) fn agency_of(&self, mention: Uuid) -> Option<Uuid> {
        self.rows.get(&mention).map(|row| row.agency)
    }
}

/// Groups mentions through the links whose every mention the caller sees, as far as they reach.
pub(crate) async fn groups(tx: &mut Tx, scope: &Scope, ids: &[Uuid]) -> Result<Known, ServiceError> {
    let own = scope.actor().agency;
    let (mut ties, mut apart): (Vec<Tie>, Vec<(Uuid, Uuid)>) = (Vec::new(), Vec::new());
    let (mut rows, mut asked): (HashMap<Uuid, MentionRow>, HashSet<Uuid>) = (HashMap::new(), HashSet::new());
    let mut linked: HashSet<Uuid> = HashSet::new();
    let mut next: Vec<Uuid> = ids.to_vec();
    while !next.is_empty() && rows.len() < MOST_MENTIONS {
        asked.extend(&next);
        let mut further: HashSet<Uuid> = HashSet::new();
        let mut fresh: Vec<Uuid> = Vec::new();
        for row in mentions::around(tx, &next).await?.into_iter().filter(|row| scope.sees_people(row.label)) {
            if rows.contains_key(&row.id) {
                continue;
            }
            fresh.push(row.id);
            further.insert(row.id);
            if let Some(same) = row.same_person_as {
                ties.push(Tie { recorded: true, id: row.id, ends: (row.id, same), agreed: BTreeSet::from([row.agency]) });
                further.insert(same);
            }
            rows.insert(row.id, row);
        }
        for link in person_links::around(tx, &fresh).await?.into_iter().filter(|link| link.undone.is_none()) {
            if !linked.insert(link.id) {
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
    Ok(Known { groups: Groups::new(rows.keys().copied(), ties, apart), rows })
}

/// The mentions in these incidents that were found in a text and not confirmed: they are linked with nobody.
pub(crate) async fn unconfirmed(tx: &mut Tx, of: BTreeSet<Uuid>) -> Result<HashSet<Uuid>, ServiceError> {
    let mut found = HashSet::new();
    for stored in incidents::load(tx, &of.into_iter().map(Key::Id).collect::<Vec<_>>()).await? {
        found.extend(stored.incident()?.involvements.iter().filter(|part| part.extracted.is_some()).map(|part| part.id));
    }
    Ok(found)
}
