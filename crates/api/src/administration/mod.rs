//! Agencies, officers, partnerships, secondments, tokens, the audit ledger, intakes, markers, vocabularies, imports.

pub(crate) mod accounts;
pub(crate) mod agencies;
pub(crate) mod audit;
pub(crate) mod imports;
pub(crate) mod intakes;
pub(crate) mod ledger;
pub(crate) mod markers;
pub(crate) mod officers;
pub(crate) mod secondments;
pub(crate) mod tokens;
pub(crate) mod vocabularies;
