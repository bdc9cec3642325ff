//! What is written down, how it is marked and with whom it is shared.

use crate::{
    draft::Draft,
    partnership::{COUNCIL, Ids, MIDDLESBROUGH, POLICE, TRISTAR, recorders},
    phrases::{any, fill, phrases},
    scene::Scene,
};
use jiff::ToSpan;
use model::{
    Qualifier, Sharing, SharingLevel, Timestamp,
    incident::{HatePerception, NextStep, Safeguarding},
};

/// Types, qualifiers, summary, narrative and all that goes with them.
pub(crate) fn write(draft: &mut Draft<'_>) {
    let kind = draft.kind;
    let weights: Vec<f64> = kind.types.iter().map(|(_, weight)| *weight).collect();
    draft.incident.types = kind.types.get(draft.random.weighted(&weights)).map_or(vec![202], |(types, _)| types.to_vec());
    let qualifiers = [Qualifier::Personal, Qualifier::Nuisance, Qualifier::Environmental];
    draft.incident.qualifier = qualifiers.get(draft.random.weighted(&kind.qualifiers)).copied();
    draft.incident.summary = draft.event.summary.to_owned();
    draft.incident.narrative = Some(narrative(draft));
    draft.incident.assessment = draft.random.chance(0.22).then(|| any(&mut draft.random, "assessment").to_owned());
    draft.incident.immediate_action = draft.random.chance(0.45).then(|| any(&mut draft.random, "action").to_owned());
    if draft.random.chance(0.3) {
        let days = draft.random.between(2, 28);
        let from = Timestamp::from_micros(draft.recorded).london_day();
        draft.incident.next_step = Some(NextStep {
            action: any(&mut draft.random, "step").to_owned(),
            owner: any(&mut draft.random, "owner").to_owned(),
            by: draft.random.chance(0.8).then(|| from.saturating_add(days.days())),
        });
    }
    let personal = draft.incident.qualifier == Some(Qualifier::Personal);
    for (code, often) in [(610, 0.16), (635, 0.07), (636, 0.08), (606, 0.02), (631, 0.001)] {
        if personal && draft.random.chance(often) {
            draft.incident.additional_qualifiers.push(code);
        }
    }
    safeguard(draft, personal);
    if draft.random.chance(if personal { 0.035 } else { 0.003 }) {
        let strands = ["race", "race", "religion", "disability", "disability", "sexual_orientation", "transgender"];
        let by = ["the person affected", "the person affected", "a witness", "the officer"];
        draft.incident.hate.push(HatePerception {
            strand: draft.random.pick(&strands).copied().unwrap_or("other").to_owned(),
            perceived_by: draft.random.pick(&by).copied().unwrap_or("a witness").to_owned(),
        });
    }
    for (marking, often) in [("official_sensitive", 0.06), ("disputed", 0.004), ("legal_hold", 0.002)] {
        if draft.random.chance(often) {
            draft.incident.markings.push(marking.to_owned());
        }
    }
}

/// One to three sentences of fact.
fn narrative(draft: &mut Draft<'_>) -> String {
    let mut sentences = vec![draft.event.fact];
    for _ in 0..draft.random.below(3) {
        let more = draft.random.pick(phrases(draft.kind.key, "more")).copied().unwrap_or("No more is known.");
        if !sentences.contains(&more) {
            sentences.push(more);
        }
    }
    let scene: &Scene = &draft.scene;
    sentences.iter().map(|sentence| fill(sentence, scene)).collect::<Vec<_>>().join(" ")
}

fn safeguard(draft: &mut Draft<'_>, personal: bool) {
    if !draft.random.chance(if personal { 0.05 } else { 0.012 }) {
        return;
    }
    let concern = any(&mut draft.random, "safeguarding").to_owned();
    let code = if concern.contains("child") { 609 } else { 635 };
    if !draft.incident.additional_qualifiers.contains(&code) {
        draft.incident.additional_qualifiers.push(code);
    }
    let told = draft.random.chance(0.85);
    let told_to = told.then(|| any(&mut draft.random, "told").to_owned());
    let told_at = told.then(|| Timestamp::from_micros(draft.recorded).plus_seconds(-draft.random.between(60, 900)));
    draft.incident.safeguarding = Some(Safeguarding { concern, told_to, told_at });
}

/// With whom it is shared: mostly the rule of the service, which is left to it.
pub(crate) fn share(draft: &mut Draft<'_>, officer: usize, ids: &Ids) -> Option<Sharing> {
    let sensitive = draft.incident.additional_qualifiers.iter().any(|code| [606, 609, 631].contains(code));
    let weights = match draft.agency {
        MIDDLESBROUGH => [40.0, 50.0, 8.0, 2.0],
        POLICE => [82.0, 8.0, 8.0, 2.0],
        _ => [87.0, 7.0, 5.0, 1.0],
    };
    let level = draft.random.weighted(&weights);
    let mut sharing = Sharing::of(SharingLevel::OwnerOnly);
    match level {
        _ if sensitive => return None,
        0 => return None,
        1 => {
            let mut others: Vec<usize> = [COUNCIL, POLICE, TRISTAR].into_iter().filter(|agency| *agency != draft.agency).collect();
            if draft.random.chance(0.5) {
                others.truncate(1);
            }
            sharing = Sharing { agencies: ids.agencies(&others), ..Sharing::of(SharingLevel::NamedAgencies) };
        }
        3 => {
            let mut named = vec![officer];
            named.extend(recorders(draft.agency).into_iter().filter(|other| *other != officer).take(1));
            sharing = Sharing { officers: ids.officers(&named), ..Sharing::of(SharingLevel::NamedOfficers) };
        }
        _ => {}
    }
    // Whoever gave no ids gets the owner alone.
    let names_nobody = sharing.level != SharingLevel::OwnerOnly && sharing.agencies.is_empty() && sharing.officers.is_empty();
    Some(if names_nobody { Sharing::of(SharingLevel::OwnerOnly) } else { sharing })
}
