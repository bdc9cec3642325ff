//! What every handler shares: who calls, what the body and the query say, how an error is told.

mod accept;
pub(crate) mod body;
pub(crate) mod caller;
pub(crate) mod etag;
pub(crate) mod limits;
pub mod params;
pub(crate) mod problem;

pub(crate) use accept::{json_or_pdf, pdf_wanted};
pub(crate) use body::Body;
pub(crate) use caller::{Caller, FreshCaller};
pub(crate) use params::{Params, path_id};
pub(crate) use problem::ApiError;
