//! Somebody who can write to the database, and to everything the ledger keeps there, but has no signing key: every change
//! under a checkpoint held elsewhere is found, and lawful erasures are not.

mod attack;
mod database;
mod scene;
mod window;

use super::{On, Violations, draft::Random};
use attack::Attack;
use ledger::{Expect, verify, verify::Wrong};
use scene::Scene;
use std::{collections::BTreeMap, time::Instant};

pub use window::{Window, window};

/// How a campaign of changes is run.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// On which database.
    pub on: On,
    /// How many changes, each undone after it was looked for.
    pub changes: u32,
    /// The seed of what is changed.
    pub seed: u64,
}

/// What came of it.
#[derive(Debug, Clone, Default)]
pub struct TamperReport {
    /// Changes made.
    pub changes: u64,
    /// Changes found.
    pub found: u64,
    /// Of each kind, how many were made.
    pub kinds: BTreeMap<&'static str, u64>,
    /// Rows under checkpoints.
    pub rows: u64,
    /// Checkpoints.
    pub checkpoints: u64,
    /// Lawful erasures that stood in the ledger all along.
    pub lawful: u64,
    /// How often the untouched ledger was verified between changes.
    pub untouched: u64,
    /// Seconds it took.
    pub seconds: f64,
    /// What went wrong.
    pub violations: Violations,
}

/// Runs a campaign; `tell` hears of each change.
///
/// # Panics
/// When Beacon or the database cannot be started at all.
pub fn tamper(plan: Plan, mut tell: impl FnMut(u32)) -> TamperReport {
    let began = Instant::now();
    let mut scene = Scene::set(plan.on, plan.seed);
    let mut report = TamperReport { lawful: scene.lawful, ..TamperReport::default() };
    untouched(&mut scene, &mut report);
    older_copy(&scene, &mut report);
    let mut random = Random::new(plan.seed, 77);
    for change in 1..=plan.changes {
        one(&mut scene, &mut random, change, &mut report);
        if change % 50 == 0 {
            untouched(&mut scene, &mut report);
        }
        tell(change);
    }
    report.seconds = began.elapsed().as_secs_f64();
    report
}

/// Nothing was done: nothing is found, the lawful erasures are counted as such.
fn untouched(scene: &mut Scene, report: &mut TamperReport) {
    report.untouched += 1;
    match verify(&scene.export()[..], &scene.expect) {
        Ok(told) => {
            (report.rows, report.checkpoints) = (told.rows, told.checkpoints);
            let fits = told.warnings.is_empty() && told.erased == scene.lawful && told.held == 1;
            report.violations.check(fits, || format!("an untouched ledger is told of as {told}"));
        }
        Err(finding) => report.violations.add(format!("an untouched ledger: {finding}")),
    }
}

/// The database as it was earlier is swapped in: whole in itself, and found by the checkpoint held elsewhere alone.
fn older_copy(scene: &Scene, report: &mut TamperReport) {
    let Some(older) = scene.older() else { return };
    report.changes += 1;
    *report.kinds.entry("older backup swapped in").or_default() += 1;
    let alone = verify(&older[..], &Expect::default());
    report.violations.check(alone.is_ok(), || format!("an older copy is whole in itself: {alone:?}"));
    match verify(&older[..], &scene.expect) {
        Err(finding) if finding.wrong == Wrong::Older => report.found += 1,
        other => report.violations.add(format!("an older copy was swapped in: {other:?}")),
    }
}

fn one(scene: &mut Scene, random: &mut Random, number: u32, report: &mut TamperReport) {
    let attack = Attack::choose(scene, random);
    let place = scene.carry_out(&attack, random);
    report.changes += 1;
    *report.kinds.entry(attack.kind()).or_default() += 1;
    let verified = verify(&scene.export()[..], &scene.expect);
    match verified {
        Ok(_) => report.violations.add(format!("change {number} was not found: {attack:?} at {place}")),
        Err(finding) if finding.wrong == Wrong::File => report.violations.add(format!("change {number} broke the export: {finding}")),
        Err(finding) => {
            report.found += 1;
            // The last leaf of a checkpoint, once it is gone, is missed at its end.
            let end = if attack.shortens() { finding.until + 1 } else { finding.until };
            let named = finding.position <= place && place <= end;
            report.violations.check(named, || format!("change {number}, {attack:?} at {place}, was told as {finding}"));
        }
    }
    scene.undo();
}
