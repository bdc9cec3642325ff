//! What a look at people's records is for: a code, and a reference that can be checked. One of ours must name something the
//! caller may see; one of another system is accepted and shows as unchecked.

use crate::{Service, ServiceError};
use model::{
    Problems, Reference,
    audit::{Operation, Outcome, Purpose, Request},
};
use store::{
    Tx,
    incidents::{self, Key},
    intakes,
};

/// Where the code and the reference are given.
const CODE: &str = "Beacon-Purpose";
const REFERENCE: &str = "Beacon-Purpose-Reference";

/// What takes a purpose: its references of ours are checked before anything is shown.
const CHECKED: [&str; 2] = ["name.search", "person.read"];

/// Whether the reference of a ledger entry was checked: one of ours, of a look that checks it and was granted.
pub(crate) fn was_checked(action: &str, outcome: &str, reference: &str) -> bool {
    CHECKED.contains(&action) && outcome == Outcome::Granted.as_str() && is_ours(reference)
}

/// Whether a reference is one of ours.
fn is_ours(reference: &str) -> bool {
    reference.parse::<Reference>().is_ok() || reference.parse::<model::Uuid>().is_ok()
}

impl Service {
    /// Checks that a look at people's records says what it is for.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] naming the header: what is not there and what the caller may not see are told alike. The
    /// refusal is audited.
    pub(crate) async fn check_purpose(&self, request: &Request, action: &'static str) -> Result<(), ServiceError> {
        let refused = match self.purpose_problems(request).await? {
            None => return Ok(()),
            Some(problems) => problems,
        };
        let mut denied = request.entry(Operation::Consultation, action, Outcome::Denied, Vec::new());
        denied.detail = Some(serde_json::json!({ "error": "the purpose was refused" }));
        self.note(vec![denied]).await?;
        Err(refused)
    }

    async fn purpose_problems(&self, request: &Request) -> Result<Option<ServiceError>, ServiceError> {
        let Purpose { code, reference } = &request.purpose;
        let mut problems = Problems::default();
        if code.is_none() {
            problems.add(CODE, "missing", format!("say what this is for: {}", model::vocabulary::current().remedy("purposes")));
        }
        match reference {
            None => problems.add(
                REFERENCE,
                "missing",
                "name the incident, intake or referral this is for, or the number another system gave it",
            ),
            Some(reference) if is_ours(reference) => {
                let (asking, text) = (request.clone(), reference.clone());
                let known = self.read(move |tx, service| Box::pin(async move { service.is_visible(tx, &asking, &text).await })).await?;
                if !known {
                    problems.add(REFERENCE, "unknown_reference", "is no incident or open intake of ours that you may see");
                }
            }
            Some(_) => {}
        }
        Ok(problems.into_result().err().map(named))
    }

    async fn is_visible(&self, tx: &mut Tx, request: &Request, text: &str) -> Result<bool, ServiceError> {
        if let Ok(reference) = text.parse::<Reference>()
            && reference.is_intake()
        {
            let found = intakes::by_reference(tx, reference.as_str()).await?;
            return Ok(found.is_some_and(|intake| intake.agency == request.actor.agency && intake.expires_at > request.at));
        }
        let key = match text.parse() {
            Ok(id) => Key::Id(id),
            Err(_) => match text.parse() {
                Ok(reference) => Key::Reference(reference),
                Err(_) => return Ok(false),
            },
        };
        let scope = self.scope(request);
        Ok(incidents::find(tx, &key, false).await?.is_some_and(|stored| scope.sees(stored.label())))
    }
}

/// A header is named as it is sent, not as a pointer into a body.
fn named(problems: Vec<model::Problem>) -> ServiceError {
    let plain = |problem: model::Problem| model::Problem { pointer: problem.pointer.trim_start_matches('/').to_owned(), ..problem };
    ServiceError::Invalid(problems.into_iter().map(plain).collect())
}
