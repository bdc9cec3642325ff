//! Who sees what, and that nothing is looked at without a trace.

mod asking;
mod confidential;
mod ledger;
mod openings;
mod partnerships;
mod sealed;
mod secondments;
mod sharing;
mod tokens;
mod twins;
mod warnings;
