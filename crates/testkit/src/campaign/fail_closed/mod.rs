//! The ledger cannot be written: every operation about a record or a person answers 503, and nothing of the record leaves.

mod mount;
mod scene;

pub use scene::Scene;

use super::{On, Violations};
use crate::{
    http::{self, Answer},
    matrix::planted::{self, Planted, Question},
};
use scene::Stage;
use std::time::Instant;

/// How a campaign is run.
#[derive(Debug, Clone, Copy)]
pub struct Plan<'a> {
    /// On which database.
    pub on: On,
    /// What is done to the ledger, one after the other.
    pub scenes: &'a [Scene],
}

/// What came of it.
#[derive(Debug, Clone, Default)]
pub struct FailClosedReport {
    /// Scenes.
    pub scenes: u64,
    /// Requests asked in each.
    pub requests: u64,
    /// Answers 503 without a ledger, over all scenes.
    pub unavailable: u64,
    /// Answers about nobody, as vocabularies, which need no ledger.
    pub open: u64,
    /// Refusals that a stranger gets too, word for word: they were decided without the database.
    pub refused_unread: u64,
    /// The slowest answer without a ledger, in milliseconds.
    pub slowest_ms: u64,
    /// Seconds it took.
    pub seconds: f64,
    /// What went wrong.
    pub violations: Violations,
}

/// Runs a campaign; `tell` hears of each scene.
///
/// # Panics
/// When Beacon or the database cannot be started, or a small disk cannot be mounted.
pub fn fail_closed(plan: Plan<'_>, mut tell: impl FnMut(Scene)) -> FailClosedReport {
    let began = Instant::now();
    let mut stage = Stage::new(plan.on);
    let mut planted = planted::plant(&stage.deployment);
    stage.serve();
    not_modified(stage.url(), &mut planted);
    let mut report = FailClosedReport { requests: planted.questions.len() as u64, ..FailClosedReport::default() };
    let whole = ask_all(stage.url(), &planted.questions);
    sound(&planted, &whole, &mut report.violations);
    report.violations.check(report.violations.count == 0, || format!("the log while all is well: {}", stage.log()));
    for scene in plan.scenes {
        tell(*scene);
        stage.spoil(*scene);
        let answers = ask_all(stage.url(), &planted.questions);
        judge(*scene, stage.url(), &planted, &answers, &mut report);
        stage.mend(*scene);
        stage.wait_ready();
        let again = ask_all(stage.url(), &planted.questions);
        let before = report.violations.count;
        mended(*scene, &planted, &whole, &again, &mut report.violations);
        if report.violations.count > before {
            report.violations.told.insert(0, format!("{}, mended, the log: {}", scene.as_str(), stage.log()));
        }
        report.scenes += 1;
    }
    if let Some(refused) = stage.refuses_to_start_read_only() {
        report.violations.check(refused, || "a server started on a read-only disk".to_owned());
    }
    report.seconds = began.elapsed().as_secs_f64();
    report
}

/// What came back, and how long it took.
type Asked = (Result<Answer, String>, u64);

/// Adds the question whose answer is 304 while all is well: the record as the caller has it already.
fn not_modified(url: &str, planted: &mut Planted) {
    let own = format!("/v1/incidents/{}", planted.record);
    let read = planted.questions.iter().find(|question| question.method == "GET" && question.path == own).expect("the record is read");
    let tag = ask(url, read).0.ok().and_then(|answer| answer.headers.get("etag").cloned()).expect("the record has a tag");
    let mut known = read.clone();
    known.headers.push(("if-none-match", tag));
    planted.questions.push(known);
}

/// Asks everything at once: where it has to wait, it waits together.
fn ask_all(url: &str, questions: &[Question]) -> Vec<Asked> {
    std::thread::scope(|scope| {
        let asked: Vec<_> = questions.iter().map(|question| scope.spawn(move || ask(url, question))).collect();
        asked.into_iter().map(|thread| thread.join().expect("a client ends")).collect()
    })
}

fn ask(url: &str, question: &Question) -> Asked {
    ask_as(url, question, &question.token)
}

fn ask_as(url: &str, question: &Question, token: &str) -> Asked {
    let began = Instant::now();
    let headers: Vec<(&str, &str)> = question.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let body = question.body.as_ref().map(String::as_bytes);
    let answer = http::try_send(question.method, url, token, &question.path, &headers, body);
    (answer, u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX))
}

/// The questions are worth asking: while all is well, answers hold every canary, and one is 304.
fn sound(planted: &Planted, answers: &[Asked], violations: &mut Violations) {
    let answered = || answers.iter().filter_map(|(answer, _)| answer.as_ref().ok());
    for canary in &planted.canaries {
        violations.check(answered().any(|answer| shows(answer, canary)), || format!("{canary} is in no answer at all"));
    }
    violations.check(answered().any(|answer| answer.status == 304), || "no answer was 304".to_owned());
    for ((answer, _), question) in answers.iter().zip(&planted.questions) {
        let well = answer.as_ref().is_ok_and(|answer| answer.status < 500 && answer.status != 401);
        violations.check(well, || format!("{} {} while all is well: {answer:?}", question.method, question.path));
    }
}

fn shows(answer: &Answer, canary: &str) -> bool {
    answer.text.contains(canary) || answer.headers.iter().any(|(_, value)| value.contains(canary))
}

fn judge(scene: Scene, url: &str, planted: &Planted, answers: &[Asked], report: &mut FailClosedReport) {
    for ((answer, milliseconds), question) in answers.iter().zip(&planted.questions) {
        report.slowest_ms = report.slowest_ms.max(*milliseconds);
        let what = || format!("{}: {} {}", scene.as_str(), question.method, question.path);
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => {
                report.violations.add(format!("{}: no answer: {error}", what()));
                continue;
            }
        };
        for canary in planted.canaries.iter().filter(|canary| shows(answer, canary)) {
            report.violations.add(format!("{}: {} with {canary} in it", what(), answer.status));
        }
        match answer.status {
            503 => report.unavailable += 1,
            _ if question.open => report.open += 1,
            400 | 415 | 422 | 428 if unread(url, question, answer) => report.refused_unread += 1,
            status => report.violations.add(format!("{}: {status} {}", what(), answer.text.chars().take(200).collect::<String>())),
        }
    }
}

/// Whether somebody of the same role who may see nothing of it is told the very same.
fn unread(url: &str, question: &Question, answer: &Answer) -> bool {
    let stranger = ask_as(url, question, &question.stranger).0;
    stranger.is_ok_and(|stranger| (stranger.status, &stranger.text) == (answer.status, &answer.text))
}

/// Once it is mended, everything answers as before.
fn mended(scene: Scene, planted: &Planted, before: &[Asked], after: &[Asked], violations: &mut Violations) {
    let own = planted.record.to_string();
    for ((question, (before, _)), (after, _)) in planted.questions.iter().zip(before).zip(after) {
        let same = match (before, after) {
            // The record is as it was, to the byte.
            (Ok(before), Ok(after)) => {
                let record = question.method == "GET" && question.path.ends_with(&own) && question.path.starts_with("/v1/incidents/");
                before.status == after.status && (!record || before.text == after.text)
            }
            _ => false,
        };
        let short =
            |asked: &Result<Answer, String>| asked.as_ref().map(|answer| (answer.status, answer.text.clone())).map_err(Clone::clone);
        let (was, is) = (short(before), short(after));
        let told = || format!("{}, mended: {} {}: {was:?} before, {is:?} now", scene.as_str(), question.method, question.path);
        violations.check(same, told);
    }
}
