//! What the tests of the demonstration share.

use demo::{Demo, DemoIncident};
use jiff::civil::{Date, date};
use model::{Actor, Incident, Problem};
use uuid::Uuid;

/// The day called today.
pub(crate) const TODAY: Date = date(2026, 11, 22);

/// The ids of the agencies and of the officers.
pub(crate) fn ids() -> (Vec<Uuid>, Vec<Uuid>) {
    let Demo { agencies, officers } = demo::demo(1);
    let numbered = |base: u128, many: usize| (0..many as u128).map(|at| Uuid::from_u128(base + at)).collect();
    (numbered(1_000, agencies.len()), numbered(2_000, officers.len()))
}

/// The incidents of a seed.
pub(crate) fn incidents(seed: u64, count: usize) -> Vec<DemoIncident> {
    let (agencies, officers) = ids();
    demo::incidents(seed, TODAY, count, &agencies, &officers).collect()
}

/// The officer at that place, as whoever asks.
pub(crate) fn actor(officer: usize) -> Actor {
    let (demo, (agency_ids, officer_ids)) = (demo::demo(1), ids());
    let asks = &demo.officers[officer];
    let agency = demo.agencies.iter().position(|agency| agency.key == asks.agency).unwrap_or(usize::MAX);
    let partnerships = demo.agencies[agency].partnerships.iter().map(|at| Uuid::from_u128(3_000 + *at as u128)).collect();
    Actor::new(officer_ids[officer], asks.name, agency_ids[agency], demo.agencies[agency].kind, asks.role).in_partnerships(partnerships)
}

/// The incident as it would be kept.
pub(crate) fn settled(incident: &DemoIncident) -> Result<Incident, Vec<Problem>> {
    incident.incident.clone().settle(&actor(incident.officer), incident.recorded_at)
}
