//! Migrations of a generated FLARE export: read twice, and cut off in the middle and read again, the account is the same.

use super::{On, Place, Violations};
use serde_json::Value;
use std::{path::Path, process::Stdio, time::Duration};

/// What to run.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// On which database.
    pub on: On,
    /// Rows of the export.
    pub rows: u64,
    /// Chooses what stands in it.
    pub seed: u64,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct MigrationReport {
    /// Rows of the export.
    pub rows: u64,
    /// Incidents in Beacon.
    pub incidents: u64,
    /// Mentions found in texts.
    pub mentions: u64,
    /// Mentions that may be somebody on record.
    pub proposed: u64,
    /// Rows rejected.
    pub rejected: u64,
    /// Categories and years that were compared.
    pub totals: u64,
    /// Times the export was read to its end.
    pub runs: u64,
    /// Times it was cut off.
    pub cut_off: u64,
    /// Seconds of the first run.
    pub seconds: f64,
    /// What differed.
    pub violations: Violations,
}

/// Imports an export twice into one database; and into another, where the program is killed on the way, and again.
///
/// # Panics
/// When a deployment cannot be set up.
pub fn migration(plan: Plan, progress: impl Fn(&str)) -> MigrationReport {
    let export = demo::flare_export(plan.seed, plan.rows);
    let mut report = MigrationReport { rows: plan.rows, ..MigrationReport::default() };
    progress("first run");
    let place = ready(plan.on, &export.csv);
    let began = std::time::Instant::now();
    let first = import(&place, &mut report);
    report.seconds = began.elapsed().as_secs_f64();
    progress("again");
    let again = import(&place, &mut report);
    report.violations.check(again == first, || format!("read again: {again}\n  before: {first}"));
    drop(place);
    let place = ready(plan.on, &export.csv);
    // Killed a third of the way, and two thirds; then left alone.
    for share in [3.0, 1.5] {
        progress("cut off");
        let mut child = command(&place).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("beacon starts");
        std::thread::sleep(Duration::from_secs_f64((report.seconds / share).min(20.0)));
        let running = child.try_wait().expect("the program is there").is_none();
        report.cut_off += u64::from(running);
        let _ = child.kill();
        let _ = child.wait();
    }
    progress("to its end");
    let whole = import(&place, &mut report);
    report.violations.check(whole == first, || format!("cut off and read again: {whole}\n  at once: {first}"));
    let figure = |name: &str| first[name].as_u64().unwrap_or_default();
    (report.incidents, report.mentions, report.proposed) = (figure("incidents"), figure("mentions"), figure("people_proposed"));
    report.rejected = first["rejected_by_reason"].as_object().into_iter().flatten().filter_map(|(_, count)| count.as_u64()).sum();
    report.totals = first["totals"].as_array().map_or(0, |totals| totals.len() as u64);
    let sound = plan.rows - export.bad - export.repeated;
    report.violations.check(report.incidents == sound, || format!("{} incidents of {sound} sound rows", report.incidents));
    report.violations.check(report.rejected == export.bad, || format!("{} rows rejected, {} are bad", report.rejected, export.bad));
    report
}

fn ready(on: On, csv: &str) -> Place {
    let place = Place::new(on);
    let agency = place.deployment.agency("Stockton Council", "council");
    place.deployment.ok(&["officer", "add", "Migrating officer", "--agency", &agency, "--role", "supervisor"]);
    std::fs::write(file(&place, "flare.csv"), csv).expect("the folder can be written");
    place
}

fn file(place: &Place, name: &str) -> String {
    place.deployment.folder.path().join(name).display().to_string()
}

fn command(place: &Place) -> std::process::Command {
    let (csv, report, rejects) = (file(place, "flare.csv"), file(place, "report.json"), file(place, "rejects.csv"));
    let arguments = ["import", "flare", &csv, "--officer", "Migrating officer", "--report", &report, "--rejects", &rejects];
    place.deployment.command(&arguments)
}

/// The account of one run to the end.
fn import(place: &Place, report: &mut MigrationReport) -> Value {
    let output = command(place).output().expect("the program runs");
    report.runs += 1;
    let told = String::from_utf8_lossy(&output.stdout);
    report.violations.check(told.contains("totals are equal"), || format!("{told}{}", String::from_utf8_lossy(&output.stderr)));
    let text = std::fs::read_to_string(Path::new(&file(place, "report.json"))).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}
