//! Who sees what, and that nothing is looked at without a trace.

mod confidential;
mod ledger;
mod sharing;
mod tokens;
mod twins;
