//! Who may see what beside the sharing of a record: releases, blocks, emergency access, conflicts, asks, agreements.

pub(crate) mod agreements;
pub(crate) mod asks;
pub(crate) mod blocks;
pub(crate) mod conflicts;
pub(crate) mod emergency;
pub(crate) mod notices;
pub(crate) mod releases;
pub(crate) mod source;

use crate::http::Params;
use model::Uuid;

/// The parameters of a list that starts after an id.
pub(crate) const PAGE: [&str; 2] = ["limit", "cursor"];

/// How many, and before which id.
pub(crate) fn page(params: &mut Params) -> (i64, Option<Uuid>) {
    let limit = params.number("limit", 1, 500, 100);
    (limit, params.parsed("cursor", "the cursor of the page before, unchanged"))
}

/// The cursor of the next page: the last id of a page that is full.
pub(crate) fn next_cursor(ids: impl ExactSizeIterator<Item = Uuid>, limit: i64) -> Option<String> {
    if ids.len() as i64 == limit { ids.last().map(|id| id.to_string()) } else { None }
}
