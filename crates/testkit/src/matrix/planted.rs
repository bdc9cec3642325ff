//! One record of the matrix in a database of its own, and every question the operations have about it: for the real program.

use super::{
    cell::Cell,
    operations::{Follows, OperationRow, operations},
    record::Record,
    requests::{UNKNOWN, by_role, requests},
    run::content_type,
    table::table,
    world::{enter_people, entered_at},
};
use crate::{beacon::Deployment, inside};
use model::{Role, SharingLevel, Uuid};
use std::collections::BTreeMap;

/// A request of an operation.
#[derive(Debug, Clone)]
pub struct Question {
    /// The method.
    pub method: &'static str,
    /// The path, filled in.
    pub path: String,
    /// What it sends beside the usual headers.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Option<String>,
    /// The token of somebody who may ask.
    pub token: String,
    /// The token of somebody in the same role, of no partnership, who may see nothing of it.
    pub stranger: String,
    /// Whether what is asked names no person and no record: it is answered without the ledger.
    pub open: bool,
}

/// What was planted.
#[derive(Debug, Clone)]
pub struct Planted {
    /// The record.
    pub record: Uuid,
    /// Texts that stand in it and nowhere else.
    pub canaries: Vec<String>,
    /// Everything to ask.
    pub questions: Vec<Question>,
}

/// The tokens of a role: of somebody who may ask, and of a stranger.
type Tokens = BTreeMap<Role, [String; 2]>;

/// Operations about no person and no record, beside the public ones.
const OPEN: [&str; 7] =
    ["/v1/me", "/v1/agencies", "/v1/partnerships", "/v1/vocabularies", "/v1/areas", "/v1/sharing-agreements", "/v1/name-forms"];

/// Which of the matrix's records it is: far from the others, and early enough to have happened.
const NUMBER: usize = 731;

/// Enters everybody and the record into a deployment's empty database; gives what can be asked.
///
/// # Panics
/// When the database cannot be used.
pub fn plant(deployment: &Deployment) -> Planted {
    let all = super::cells();
    let ordinary = |cell: &&Cell| cell.class == "ordinary" && cell.sharing.0 == SharingLevel::Partnership && cell.relation == "owner";
    let supervisor = *all.iter().find(|cell| ordinary(cell) && cell.role == Role::Supervisor).expect("a supervisor of the owner");
    let callers: BTreeMap<Role, Cell> = Role::ALL.iter().map(|role| (*role, Cell { role: *role, ..supervisor })).collect();
    let strangers: BTreeMap<Role, Cell> =
        Role::ALL.iter().map(|role| (*role, Cell { role: *role, relation: "nobody", ..supervisor })).collect();
    let record = Record::of(supervisor, NUMBER, entered_at());
    let cells: Vec<Cell> = callers.values().chain(strangers.values()).copied().collect();
    enter(deployment, &cells, &record);
    let token = |cell: &Cell| deployment.ok(&["token", "create", "--officer", &cell.officer().to_string()]);
    let tokens: Tokens = callers.iter().map(|(role, cell)| (*role, [token(cell), token(&strangers[role])])).collect();
    let table = table();
    let answer = supervisor.expected(&table).1;
    let mut questions = Vec::new();
    for operation in operations() {
        let own = match operation.follows {
            Follows::Public => Vec::new(),
            Follows::SignedIn | Follows::Role => vec![by_the_role(&operation, &supervisor, &record, &tokens)],
            _ => {
                let asked = requests(&operation, &supervisor, &record, answer);
                let token = &tokens[&Role::Supervisor];
                asked.into_iter().map(|one| question(&operation, one.method, one.path, one.body, token)).collect()
            }
        };
        for question in own {
            if question.method == "GET" {
                questions.push(Question { method: "HEAD", ..question.clone() });
            }
            questions.push(question);
        }
    }
    Planted { record: record.incident.id, canaries: canaries(&record), questions }
}

fn enter(deployment: &Deployment, cells: &[Cell], record: &Record) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let database = store::open::open(&store::Options::new(&deployment.database_url)).await.expect("the database opens");
        let mut tx = database.begin().await.expect("a transaction");
        enter_people(&mut tx, cells).await;
        inside::enter(&mut tx, record.incident.clone()).await;
        tx.commit().await.expect("it is committed");
        database.close().await;
    });
}

/// What no answer without a ledger may hold: names whole and in part, the property, the ids of the record and its people.
fn canaries(record: &Record) -> Vec<String> {
    let mut canaries: Vec<String> = record.names.iter().flat_map(|name| name.split(' ')).map(str::to_owned).collect();
    canaries.push(record.uprn.clone());
    canaries.push(record.incident.reference.to_string());
    canaries.push(record.incident.id.to_string());
    canaries.extend(record.incident.involvements.iter().map(|part| part.id.to_string()));
    canaries
}

fn question(
    operation: &OperationRow,
    method: &'static str,
    path: String,
    body: Option<serde_json::Value>,
    tokens: &[String; 2],
) -> Question {
    let open = operation.method == "GET" && OPEN.contains(&operation.path);
    let [token, stranger] = tokens.clone();
    let mut headers = vec![("if-match", "\"0\"".to_owned())];
    headers.extend(body.as_ref().map(|_| ("content-type", content_type(operation).to_owned())));
    Question { method, path, headers, body: body.map(|body| body.to_string()), token, stranger, open }
}

/// A question of the registers, by somebody whose role may ask it: the data protection officer wherever they may.
fn by_the_role(operation: &OperationRow, supervisor: &Cell, record: &Record, tokens: &Tokens) -> Question {
    let (path, body) = by_role(operation, supervisor);
    // What is read is read of the record that is there.
    let there = if operation.path.ends_with("/seen") { supervisor.officer() } else { record.incident.id };
    let about = operation.method == "GET" && (operation.path.contains("{incident}") || operation.path.starts_with("/v1/audit/"));
    let path = if about { path.replace(UNKNOWN, &there.to_string()) } else { path };
    let dpo = Role::DataProtectionOfficer;
    let role = if operation.roles.is_empty() || operation.roles.contains(&dpo) { Some(&dpo) } else { operation.roles.first() };
    question(operation, operation.method, path, body, &tokens[role.unwrap_or(&dpo)])
}
