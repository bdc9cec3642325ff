//! One incident of the random part, from its number and its day.

use crate::{
    DemoIncident, calendar,
    calls::{self, Call},
    doers,
    draft::Draft,
    kinds::{Doer, KINDS},
    partnership::{COUNCIL, FIRE, Ids, MIDDLESBROUGH, POLICE, recorder},
    people::Person,
    phrases,
    random::Random,
    scene::Scene,
    streets::{address, house, somewhere, street},
    town::Town,
    wording,
};
use jiff::civil::Date;
use model::{NewIncident, NewPlace, Occurred, PlaceRole, Timestamp};

/// The day on which it happens.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Day {
    pub(crate) date: Date,
    /// Its first moment, in microseconds.
    pub(crate) midnight: i64,
    /// The last moment at which anything is recorded.
    pub(crate) latest: i64,
}

const SECOND: i64 = 1_000_000;

/// Makes one incident of that kind on that day.
pub(crate) fn compose(town: &Town, ids: &Ids, day: Day, kind_at: usize, mut random: Random) -> Option<DemoIncident> {
    let kind = KINDS.get(kind_at)?;
    let at = town.street(&mut random, kind_at);
    let second = calendar::second_of_day(&mut random, &kind.hours);
    let occurred = (day.midnight + second * SECOND).min(day.latest - 900 * SECOND);
    let agency = agency(&mut random, &kind.agencies, at);
    let recorded = (occurred + delay(&mut random, agency)).min(day.latest - random.between(1, 400_000_000));
    let event = phrases::event(&mut random, kind.key);
    let scene: Scene = calls::scene(&mut random, at, second);
    let mut draft = Draft {
        town,
        random,
        kind,
        day: day.date,
        occurred,
        recorded,
        agency,
        street: at,
        scene,
        event,
        seen: Vec::new(),
        incident: NewIncident::default(),
    };
    draft.incident.id = Some(draft.id());
    let victim = if draft.random.chance(kind.at_home) { town.resident(&mut draft.random, at, day.date) } else { None };
    let call = calls::take(&mut draft, victim);
    place(&mut draft, victim, &call);
    let about = doers::add(&mut draft);
    if let Some(about) = about {
        doers::allege(&mut draft, &call, about);
    }
    wording::write(&mut draft);
    draft.incident.occurred = when(&mut draft);
    let officer = recorder(&mut draft.random, agency, call.online);
    draft.incident.sharing = wording::share(&mut draft, officer, ids);
    Some(DemoIncident { agency, officer, recorded_at: Timestamp::from_micros(recorded), incident: draft.incident, story: None })
}

/// Who records it. Middlesbrough keeps to its own side and to what lies next to it.
fn agency(random: &mut Random, weights: &[f64; 6], at: usize) -> usize {
    let area = street(at).map_or("", |street| street.area);
    let agency = random.weighted(weights);
    match area {
        "Middlesbrough West" if agency == FIRE || random.chance(0.3) => {
            if agency == FIRE {
                FIRE
            } else {
                POLICE
            }
        }
        "Middlesbrough West" => MIDDLESBROUGH,
        "Mandale" | "Thornaby" | "Village Thornaby" => agency,
        _ if agency == MIDDLESBROUGH => COUNCIL,
        _ => agency,
    }
}

/// How long until it is recorded.
fn delay(random: &mut Random, agency: usize) -> i64 {
    let soon = if agency == POLICE || agency == FIRE { 0.85 } else { 0.45 };
    let seconds = if random.chance(soon) {
        random.between(180, 5_400)
    } else if random.chance(0.7) {
        random.between(5_400, 2 * 86_400)
    } else {
        random.between(2 * 86_400, 9 * 86_400)
    };
    seconds * SECOND + random.between(0, SECOND - 1)
}

/// When, at the precision somebody knew.
fn when(draft: &mut Draft<'_>) -> Occurred {
    let at = Timestamp::from_micros(draft.occurred);
    let slow = draft.kind.doer == Doer::Unseen;
    match draft.random.weighted(if slow { &[40.0, 30.0, 25.0, 5.0] } else { &[82.0, 12.0, 5.0, 1.0] }) {
        1 => {
            let minutes = draft.random.between(2, if slow { 240 } else { 36 }) * 5;
            Occurred { from: Some(at.plus_seconds(-minutes * 60)), to: Some(at), ..Occurred::default() }
        }
        2 => Occurred { on: Some(draft.day), ..Occurred::default() },
        3 => {
            let month = format!("{:04}-{:02}", draft.day.year(), draft.day.month());
            month.parse().map_or_else(|_| Occurred::at(at), Occurred::in_month)
        }
        _ => Occurred::at(at),
    }
}

/// Where: at the house of whoever suffered it, unless that would tell who called; else somewhere on the street.
fn place(draft: &mut Draft<'_>, victim: Option<&Person>, call: &Call) {
    let home = victim.map(|victim| victim.home(draft.day)).filter(|(at, _)| *at == draft.street && !call.hidden);
    let first = match home {
        Some((at, number)) => {
            draft.scene.address = address(at, number).split(',').next().unwrap_or_default().to_owned();
            house(at, number, PlaceRole::HappenedAt)
        }
        None => somewhere(&mut draft.random, draft.street, PlaceRole::HappenedAt),
    };
    let first_id = draft.id();
    draft.incident.places.push(NewPlace { id: Some(first_id), ..first });
    if draft.random.chance(0.07) {
        let role = if draft.random.chance(0.5) { PlaceRole::ReportedFrom } else { PlaceRole::Affected };
        let other = somewhere(&mut draft.random, draft.street, role);
        let id = draft.id();
        draft.incident.places.push(NewPlace { id: Some(id), ..other });
    }
}
