//! Asking everything, and comparing.

use super::{
    cell::{Cell, MOMENTS},
    operations::{Follows, OperationRow, operations},
    requests::{Asked, Expected, by_role, requests},
    table::table,
    world::World,
};
use crate::campaign::{On, Violations};
use model::Role;
use serde_json::Value;

/// What was asked, and what differed.
#[derive(Debug, Default)]
pub struct Report {
    /// Cells of `docs/access.csv` asked.
    pub cells: u64,
    /// Operations asked in them.
    pub operations: u64,
    /// Requests sent.
    pub requests: u64,
    /// Answers that differ from the tables.
    pub violations: Violations,
}

/// How many requests are under way at once.
const TOGETHER: usize = 32;

/// Asks every operation in these cells, and those that the role decides in every role.
///
/// # Panics
/// When the world cannot be set up.
pub fn run(on: On, cells: &[Cell], progress: impl Fn(u64)) -> Report {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        // Whoever is asked by role stands there whatever cells were chosen.
        let roles: Vec<Cell> = Role::ALL.iter().map(|role| super::cells()[0].in_role(*role)).collect();
        let world = World::new(on, &[cells, &roles].concat()).await;
        let mut report = Report { cells: cells.len() as u64, ..Report::default() };
        ask_by_role(&world, &roles, &mut report).await;
        ask_cells(&world, cells, &mut report, progress).await;
        world.inside.stop().await;
        report
    })
}

impl Cell {
    /// The same of the owner in another role.
    fn in_role(self, role: Role) -> Self {
        Self { role, relation: "owner", moment: "at_start", ..self }
    }
}

async fn ask_by_role(world: &World, roles: &[Cell], report: &mut Report) {
    for operation in operations() {
        let (path, body) = match operation.follows {
            Follows::Public | Follows::SignedIn | Follows::Role => by_role(&operation, &roles[0]),
            _ => (operation.path.replace("{incident}", "x").replace("{id}", "x"), None),
        };
        report.operations += 1;
        let anonymous = send(world, &operation, &path, body.as_ref(), None, None).await.0;
        report.requests += 1;
        let open = operation.follows == Follows::Public;
        report.violations.check((anonymous == 401) != open, || format!("{} {path} without a token: {anonymous}", operation.method));
        if !matches!(operation.follows, Follows::SignedIn | Follows::Role) {
            continue;
        }
        for cell in roles {
            let status = send(world, &operation, &path, body.as_ref(), Some(world.token(cell)), None).await.0;
            report.requests += 1;
            let may = operation.follows == Follows::SignedIn || operation.roles.contains(&cell.role);
            let right = if may { !matches!(status, 401 | 403) && status < 500 } else { status == 403 };
            report.violations.check(right, || format!("{} {path} as {}: {status}", operation.method, cell.role));
        }
    }
}

async fn ask_cells(world: &World, cells: &[Cell], report: &mut Report, progress: impl Fn(u64)) {
    let (table, operations) = (table(), operations());
    let mut done = 0;
    for moment in MOMENTS {
        let now: Vec<&Cell> = cells.iter().filter(|cell| cell.moment == moment).collect();
        if let Some(cell) = now.first() {
            world.inside.set(cell.at());
        }
        for some in now.chunks(TOGETHER) {
            let asked = some.iter().map(|cell| ask_cell(world, cell, &operations, cell.expected(&table).1));
            for (requests, violations) in futures_join(asked).await {
                report.requests += requests;
                report.violations.extend(violations);
            }
            done += some.len() as u64;
            progress(done);
        }
    }
}

/// All of them at once, in order.
async fn futures_join<T>(all: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut waiting: Vec<_> = all.map(Box::pin).collect();
    let mut answers: Vec<Option<T>> = waiting.iter().map(|_| None).collect();
    std::future::poll_fn(|context| {
        let mut all_done = true;
        for (future, answer) in waiting.iter_mut().zip(&mut answers) {
            if answer.is_none() {
                match future.as_mut().poll(context) {
                    std::task::Poll::Ready(value) => *answer = Some(value),
                    std::task::Poll::Pending => all_done = false,
                }
            }
        }
        if all_done { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    answers.into_iter().flatten().collect()
}

async fn ask_cell(world: &World, cell: &Cell, operations: &[OperationRow], answer: &super::table::Answer) -> (u64, Violations) {
    let (mut sent, mut violations) = (0, Violations::default());
    let record = world.record(cell);
    let host = cell.seconded().then(|| cell.acts_for().0.to_string());
    for operation in operations {
        for asked in requests(operation, cell, record, answer) {
            let Asked { method, path, body, expected } = asked;
            let row = OperationRow { method, ..operation.clone() };
            let (status, told) = send(world, &row, &path, body.as_ref(), Some(world.token(cell)), host.as_deref()).await;
            sent += 1;
            if let Some(found) = differs(&expected, status, &told, record) {
                violations.add(format!("{method} {path} {body:?}\n  in {cell:?}\n  must be {expected:?}, is {found}"));
            }
        }
    }
    (sent, violations)
}

/// What came back, where it is not what was expected.
fn differs(expected: &Expected, status: u16, told: &Value, record: &super::record::Record) -> Option<String> {
    let id = record.incident.id.to_string();
    let lists = |field: &str| told[field].as_array().is_some_and(|list| list.iter().any(|entry| entry["id"] == *id));
    let named = |kind: usize| {
        let parts = told["involvements"].as_array().into_iter().flatten();
        parts.filter(|part| part["id"] == record.person(kind).to_string()).any(|part| part["person"].is_object())
    };
    let right = match expected {
        Expected::Status(wanted) => status == *wanted,
        Expected::Record { sight, protected, child } => {
            let people = sight == "full" || sight == "summary";
            let adult = people && !record.incident.involvements.is_empty();
            status == 200 && told["sight"] == **sight && named(0) == adult && named(1) == *protected && named(2) == (people && *child)
        }
        Expected::Hit(wanted) => {
            let hits = told["people"].as_array().into_iter().flatten().flat_map(|person| person["hits"].as_array().into_iter().flatten());
            let found = hits.clone().any(|hit| hit["incident"]["id"] == *id);
            let held = told["held_by"].as_array().is_some_and(|held| !held.is_empty());
            let is = if found {
                "yes"
            } else if held {
                "held"
            } else {
                "no"
            };
            status == 200 && is == *wanted && !told.to_string().contains(&id) | found
        }
        Expected::Counted(wanted) => {
            let is = lists("incidents") || told["total"].as_u64().is_some_and(|total| total > 0);
            status == 200 && is == *wanted
        }
    };
    (!right).then(|| format!("{status} {}", told.to_string().chars().take(300).collect::<String>()))
}

async fn send(
    world: &World,
    operation: &OperationRow,
    path: &str,
    body: Option<&Value>,
    token: Option<&str>,
    acting_as: Option<&str>,
) -> (u16, Value) {
    let bearer = token.map(|token| format!("Bearer {token}"));
    // A version that no record has: whoever is let in is told so, and nothing is changed.
    let mut headers = vec![("if-match", "\"0\""), ("content-type", content_type(operation))];
    headers.extend(crate::http::PURPOSE);
    headers.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
    headers.extend(acting_as.map(|host| ("beacon-acting-as", host)));
    let answer = world.inside.send(operation.method, path, &headers, body.map(Value::to_string)).await;
    (answer.status, answer.json())
}

pub(super) fn content_type(operation: &OperationRow) -> &'static str {
    match (operation.method, operation.path) {
        ("PATCH", _) => "application/merge-patch+json",
        ("POST", "/v1/imports") => "text/csv",
        _ => "application/json",
    }
}
