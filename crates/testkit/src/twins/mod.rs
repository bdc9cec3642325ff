//! Twin worlds: two databases that differ only in records one caller may not know of. Every answer to that caller must be the
//! same, byte for byte: hits and their order, strengths, counts, pages, cells, errors, entity tags.

mod requests;
mod world;

use crate::campaign::{On, Violations, draft::Random};
use requests::{Asked, Book};
use world::{CALLERS, Caller, Records};

/// What was asked, and what differed.
#[derive(Debug, Default)]
pub struct Report {
    /// Callers.
    pub callers: u64,
    /// Requests sent to each of the two worlds.
    pub requests: u64,
    /// Records in the larger worlds that the caller may not know of.
    pub hidden: u64,
    /// Answers that were not 2xx: errors are compared too.
    pub refused: u64,
    /// Answers that differ.
    pub violations: Violations,
}

/// What to run.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// On which database.
    pub on: On,
    /// How many callers, of those there are.
    pub callers: usize,
    /// Records in the larger world.
    pub records: usize,
    /// Requests of each caller.
    pub requests: usize,
    /// Chooses records and requests.
    pub seed: u64,
}

/// How many callers there are.
pub const MOST_CALLERS: usize = CALLERS.len();

/// Asks both worlds the same.
///
/// # Panics
/// When a world cannot be set up.
pub fn run(plan: Plan, progress: impl Fn(u64)) -> Report {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let mut report = Report::default();
    for caller in &CALLERS[..plan.callers.min(MOST_CALLERS)] {
        runtime.block_on(one(plan, caller, &mut report, &progress));
    }
    report
}

async fn one(plan: Plan, caller: &Caller, report: &mut Report, progress: &impl Fn(u64)) {
    let records = Records::of(caller, plan.records, plan.seed);
    let (visible, hidden) = records.split();
    assert!(!hidden.is_empty(), "{} may know of everything: nothing is shown by that", caller.officer);
    report.callers += 1;
    report.hidden += hidden.len() as u64;
    let (less, more) = (
        world::start(plan.on, caller, &visible, records.links()).await,
        world::start(plan.on, caller, &records.all(), records.links()).await,
    );
    let mut random = Random::new(plan.seed, 7);
    let mut book = Book::of(&visible, &hidden);
    for _ in 0..plan.requests {
        let Asked { method, path, headers, body } = book.next(&mut random);
        let mut sent: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        for (name, value) in caller.headers().filter(|(name, _)| headers.is_empty() || !name.starts_with("beacon-purpose")) {
            sent.push((name, value));
        }
        let (a, b) = (less.send(method, &path, &sent, body.clone()).await, more.send(method, &path, &sent, body.clone()).await);
        report.requests += 1;
        report.refused += u64::from(a.status >= 400);
        if (a.status, &a.headers, &a.text) != (b.status, &b.headers, &b.text) {
            let what = format!("{} {method} {path} {}", caller.officer, body.unwrap_or_default());
            report.violations.add(format!(
                "{what}\n  without: {} {}\n  with:    {} {}",
                a.status,
                apart(&a.text, &b.text),
                b.status,
                apart(&b.text, &a.text)
            ));
        }
        book.learn(&a.text);
        progress(report.requests);
    }
    less.stop().await;
    more.stop().await;
}

/// What stands where the text begins to differ from the other.
fn apart(text: &str, other: &str) -> String {
    let alike = text.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    text.chars().skip(alike.saturating_sub(200)).take(600).collect()
}
