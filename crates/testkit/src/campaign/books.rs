//! Whether the database's books balance: every incident with its history, its change row and its audit row, once each.

use super::Violations;
use crate::beacon::Deployment;
use model::Uuid;
use std::collections::{HashMap, HashSet};
use store::{
    Database, Options, StoreError, Tx,
    audit::{self, Filter},
    changes::{self, Cursor},
    incidents, mentions,
};

/// What a database should hold.
#[derive(Debug, Default)]
pub struct Expected {
    /// Acknowledged incidents, with the person each names.
    pub acknowledged: Vec<(Uuid, String)>,
    /// Every name that was sent; nothing else may be there.
    pub sent: HashSet<String>,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Balance {
    /// Incidents.
    pub incidents: u64,
    /// Mentions of people.
    pub mentions: u64,
    /// What does not balance.
    pub violations: Violations,
}

/// Rows read at once.
const PAGE: i64 = 10_000;

/// Checks a database from one moment, whatever else goes on with it.
///
/// # Panics
/// When it cannot be read.
pub fn check(deployment: &Deployment, expected: &Expected) -> Balance {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let options = Options { connections: 1, ..Options::new(&deployment.database_url) };
        let database = store::open::open(&options).await.expect("the database opens");
        let balance = balance(&database, expected).await.expect("the database can be read");
        database.close().await;
        balance
    })
}

async fn balance(database: &Database, expected: &Expected) -> Result<Balance, StoreError> {
    let mut tx = database.read().await?;
    let mut balance = Balance::default();
    let known = people(&mut tx, expected, &mut balance).await?;
    history(&mut tx, &known, &mut balance).await?;
    each_once("change row", &known, change_rows(&mut tx).await?, &mut balance.violations);
    each_once("audit row", &known, audit_rows(&mut tx).await?, &mut balance.violations);
    for (id, name) in &expected.acknowledged {
        balance.violations.check(known.get(id) == Some(name), || format!("acknowledged but not there: {id}"));
    }
    tx.rollback().await?;
    Ok(balance)
}

/// Every incident with the person it names: sent by somebody, and once.
async fn people(tx: &mut Tx, expected: &Expected, balance: &mut Balance) -> Result<HashMap<Uuid, String>, StoreError> {
    let (mut known, mut names) = (HashMap::new(), HashSet::new());
    let mut after = None;
    loop {
        let rows = incidents::all_after(tx, after, PAGE).await?;
        let Some(last) = rows.last() else { break };
        after = Some(last.id);
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let mentioned = mentions::of_incidents(tx, &ids).await?;
        balance.mentions += mentioned.len() as u64;
        let mentioned: HashSet<Uuid> = mentioned.into_iter().map(|mention| mention.incident).collect();
        for row in rows {
            let incident = row.incident()?;
            let person = incident.involvements.first().and_then(|part| part.person.as_ref());
            let name = person.map(|person| person.name.whole()).unwrap_or_default();
            let violations = &mut balance.violations;
            violations.check(row.version == 1 && incident.id == row.id, || format!("{} is not as it was sent", row.id));
            violations.check(expected.sent.contains(&name), || format!("{} was sent by nobody", row.id));
            violations.check(mentioned.contains(&row.id), || format!("{} has no mention of its person", row.id));
            violations.check(names.insert(name.clone()), || format!("there twice: the incident of one request, now also {}", row.id));
            known.insert(row.id, name);
        }
    }
    balance.incidents = known.len() as u64;
    Ok(known)
}

/// One version of each incident in its history.
async fn history(tx: &mut Tx, known: &HashMap<Uuid, String>, balance: &mut Balance) -> Result<(), StoreError> {
    for id in known.keys() {
        let versions = incidents::versions(tx, *id).await?;
        let numbers: Vec<i64> = versions.iter().map(|version| version.version).collect();
        balance.violations.check(numbers == [1], || format!("the history of {id} holds versions {numbers:?}"));
    }
    Ok(())
}

async fn change_rows(tx: &mut Tx) -> Result<Vec<Uuid>, StoreError> {
    let rows = changes::all_after(tx, &Cursor::default(), i64::MAX).await?;
    Ok(rows.into_iter().map(|row| row.incident_id).collect())
}

async fn audit_rows(tx: &mut Tx) -> Result<Vec<Uuid>, StoreError> {
    let mut found = Vec::new();
    let mut filter = Filter { action: Some("incident.create".to_owned()), ..Filter::default() };
    loop {
        let rows = audit::page(tx, &filter, PAGE).await?;
        let Some(last) = rows.last() else { return Ok(found) };
        filter.before = Some(last.seq);
        for row in rows.iter().filter(|row| row.outcome == "granted") {
            found.extend(serde_json::from_str::<Vec<Uuid>>(&row.records)?);
        }
    }
}

fn each_once(what: &str, known: &HashMap<Uuid, String>, rows: Vec<Uuid>, violations: &mut Violations) {
    let mut counted: HashMap<Uuid, u64> = HashMap::new();
    for id in rows {
        *counted.entry(id).or_default() += 1;
    }
    for id in known.keys() {
        let count = counted.remove(id).unwrap_or(0);
        violations.check(count == 1, || format!("{count} {what}s for {id}"));
    }
    for id in counted.keys() {
        violations.add(format!("{what} for an incident that is not there: {id}"));
    }
}
