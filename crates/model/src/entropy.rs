//! The only place that asks the machine for randomness.

use crate::Timestamp;
use uuid::Uuid;

/// `N` random bytes.
///
/// # Panics
/// When the operating system has no randomness to give: nothing safe can go on then.
#[allow(clippy::disallowed_methods, clippy::expect_used, reason = "this is the named module")]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives randomness");
    bytes
}

/// A new id that sorts by the time it was made (UUIDv7).
pub fn id(now: Timestamp) -> Uuid {
    let millis = u64::try_from(now.micros() / 1000).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &bytes::<10>()).into_uuid()
}
