//! The minimal warning of a safety marker: that there is one, and whom to ask. It is told even where the record it hangs on is
//! closed to the caller, on a match of recorded name and date of birth, but never to an officer who is blocked from it.

use crate::{
    Service, ServiceError,
    held::{self, Holder},
};
use model::{
    Actor, LabelId, PartialDate, Role, Uuid,
    audit::{Operation, Request},
    marker::{Marker, MarkerKind},
};
use names::Query;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{
    Tx,
    incidents::{self, Key},
    markers,
};

/// That a safety marker is in force, and whom to ask about it before anybody goes there: none of its facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Warning {
    /// What it warns of: always safety.
    pub kind: MarkerKind,
    /// The agency that set it.
    #[serde(flatten)]
    pub set_by: Holder,
}

/// The most mentions looked through for one person.
const MOST: usize = 200;

/// People of whom a request tells name and date of birth, and the safety markers that may be about them.
#[derive(Default)]
pub(crate) struct Marked {
    people: Vec<(String, PartialDate)>,
    /// Those in force on people, by the mention they are set on, whatever their label: for the minimal warning alone.
    markers: HashMap<Uuid, Vec<Marker>>,
}

impl Marked {
    /// What is needed for warning of these people. Those whose date of birth is not known in full are left out.
    pub(crate) async fn load(tx: &mut Tx, request: &Request, mut people: Vec<(String, PartialDate)>) -> Result<Self, ServiceError> {
        people.retain(|(_, born)| born.exact().is_some());
        if people.is_empty() || !is_warned(&request.actor) {
            return Ok(Self::default());
        }
        let mut markers: HashMap<Uuid, Vec<Marker>> = HashMap::new();
        for marker in markers::warning_of_people(tx).await?.into_iter().filter(|marker| marker.in_force(request.at)) {
            if let Some(person) = marker.marker.person {
                markers.entry(person).or_default().push(marker);
            }
        }
        Ok(Self { people, markers })
    }
}

impl Service {
    /// The warnings about people of exactly these names and dates of birth, whether their records are open to the caller or
    /// not. Audited with the records it comes from.
    pub(crate) async fn warnings_about(&self, request: &Request, Marked { people, markers }: Marked) -> Result<Vec<Warning>, ServiceError> {
        if markers.is_empty() {
            return Ok(Vec::new());
        }
        let officer = request.actor.officer;
        let told: BTreeSet<LabelId> = self.inner.labels.labels_where(|label| !label.blocked.contains(&officer));
        let mut found: BTreeMap<Uuid, BTreeSet<Uuid>> = BTreeMap::new();
        for (name, born) in &people {
            let query = Query { name: name.clone(), date_of_birth: Some(*born), limit: MOST, ..Query::default() };
            let told = told.clone();
            for hit in self.matches_where(query, move |label| told.contains(&label)).await? {
                if markers.contains_key(&hit.mention) {
                    found.entry(hit.incident).or_default().insert(hit.mention);
                }
            }
        }
        if found.is_empty() {
            return Ok(Vec::new());
        }
        self.write(request, Operation::Disclosure, "marker.warn", move |tx, service, request| {
            Box::pin(async move {
                let (mut setters, mut records) = (BTreeSet::new(), Vec::new());
                for (incident, mentions) in found {
                    let Some(stored) = incidents::find(tx, &Key::Id(incident), false).await? else { continue };
                    if service.inner.labels.blocks(stored.label(), request.actor.officer) {
                        continue;
                    }
                    let incident = stored.incident()?;
                    let named = |part: &model::Involvement| people.iter().any(|(name, born)| held::is_named(part, name, *born));
                    for part in incident.involvements.iter().filter(|part| mentions.contains(&part.id) && named(part)) {
                        for marker in markers.get(&part.id).into_iter().flatten() {
                            setters.insert(marker.agency);
                            records.extend([marker.id, incident.id]);
                        }
                    }
                }
                records.sort_unstable();
                records.dedup();
                Ok((warnings_of(tx, &request.actor, &setters).await?, records))
            })
        })
        .await
    }
}

/// Whether somebody goes to people's doors, or sends those who do. A form on the web is warned of nobody.
fn is_warned(actor: &Actor) -> bool {
    matches!(actor.role, Role::Officer | Role::Supervisor | Role::SafeguardingLead)
}

/// The warning that each of these agencies has set a safety marker, by name.
pub(crate) async fn warnings_of(tx: &mut Tx, actor: &Actor, setters: &BTreeSet<Uuid>) -> Result<Vec<Warning>, ServiceError> {
    if !is_warned(actor) {
        return Ok(Vec::new());
    }
    let setters = held::to_be_asked(tx, setters).await?;
    Ok(setters.into_iter().map(|set_by| Warning { kind: MarkerKind::Safety, set_by }).collect())
}
