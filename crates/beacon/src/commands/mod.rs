//! One file per command.

pub(crate) mod agency;
pub(crate) mod audit;
pub(crate) mod backup;
pub(crate) mod demo;
pub(crate) mod erasure;
pub(crate) mod export;
pub(crate) mod import;
pub(crate) mod index;
pub(crate) mod migrate;
pub(crate) mod officer;
pub(crate) mod partnership;
pub(crate) mod search;
pub(crate) mod secondment;
pub(crate) mod serve;
pub(crate) mod token;
