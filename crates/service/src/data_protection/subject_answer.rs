//! The answer to a subject access request, once a person has released it: as data and as a document.

use crate::{Service, ServiceError};
use jiff::civil::Date;
use model::{
    Timestamp, Uuid,
    audit::{Operation, Request},
    erasing,
    subject::LineDecision,
};
use serde::Serialize;
use std::collections::BTreeMap;
use store::agencies;

/// What stands where something was blanked.
const BLANKED: &str = "[withheld]";

/// The answer to the person.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Package {
    /// The agency that answers.
    pub agency: String,
    /// The request.
    pub request: Uuid,
    /// The day it was received.
    #[schema(value_type = String, format = Date)]
    pub received: Date,
    /// When the answer was released.
    pub released_at: Timestamp,
    /// What is held, record by record.
    pub records: Vec<PackageRecord>,
    /// How many lines were withheld or blanked, by exemption.
    pub exemptions: BTreeMap<String, usize>,
}

/// One record of the answer.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct PackageRecord {
    /// The incident's reference; for other records, what they are.
    pub reference: String,
    /// What it says of the person.
    pub lines: Vec<PackageLine>,
}

/// One line of the answer.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct PackageLine {
    /// Which field.
    pub field: String,
    /// What it says, with what is withheld blanked.
    pub text: String,
}

impl Service {
    /// The answer, once it is released.
    ///
    /// # Errors
    /// As [`Service::subject_draft`]; [`ServiceError::Conflict`] before it is released.
    pub async fn subject_package(&self, request: &Request, id: Uuid) -> Result<Package, ServiceError> {
        let (one, lines) = self.subject_lines(request, id, Operation::Disclosure, "subject_request.package").await?;
        let Some(released_at) = one.released_at else {
            return Err(ServiceError::Conflict("the answer is not released: decide every line, then release it".to_owned()));
        };
        let agency = one.agency;
        let name = self.read(move |tx, _| Box::pin(async move { Ok(agencies::by_id(tx, agency).await?) })).await?;
        let mut package = Package {
            agency: name.map(|agency| agency.name).unwrap_or_default(),
            request: id,
            received: one.received,
            released_at,
            records: Vec::new(),
            exemptions: BTreeMap::new(),
        };
        for (line, text, reference) in lines {
            if let Some(exemption) = &line.exemption {
                *package.exemptions.entry(exemption.clone()).or_default() += 1;
            }
            let told = matches!(line.decision, Some(LineDecision::Release | LineDecision::Redact));
            let Some(text) = text.filter(|_| told) else { continue };
            let shown = PackageLine { field: line.pointer, text: erasing::replaced(&text, &line.spans, BLANKED) };
            match package.records.last_mut() {
                Some(record) if record.reference == reference => record.lines.push(shown),
                _ => package.records.push(PackageRecord { reference, lines: vec![shown] }),
            }
        }
        Ok(package)
    }
}

impl Package {
    /// The answer as a document to print.
    pub fn pdf(&self) -> Vec<u8> {
        let title = format!("Personal data held by {}", self.agency);
        let mut lines = vec![
            title.clone(),
            String::new(),
            format!("Request {} received {}, answered {}.", self.request, self.received, self.released_at.london_day()),
            format!("{BLANKED} stands for what is kept back; the exemptions are listed at the end."),
        ];
        for record in &self.records {
            lines.extend([String::new(), record.reference.clone(), "-".repeat(record.reference.chars().count())]);
            lines.extend(record.lines.iter().map(|line| format!("{}: {}", line.field, line.text)));
        }
        lines.extend([String::new(), "Exemptions".to_owned(), "----------".to_owned()]);
        if self.exemptions.is_empty() {
            lines.push("None: everything is told.".to_owned());
        }
        let label = |code: &str| {
            let terms = model::vocabulary::current().terms("subject_access_exemptions");
            terms.iter().find(|term| term.code == code).map_or_else(|| code.to_owned(), |term| term.label.clone())
        };
        lines.extend(self.exemptions.iter().map(|(code, count)| format!("{count} of the lines: {}", label(code))));
        exchange::pdf::document(&title, lines.iter().map(String::as_str))
    }
}
