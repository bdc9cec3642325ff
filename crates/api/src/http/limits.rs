//! How often somebody may ask: of one credential, and of one address whatever it sends.

use super::ApiError;
use axum::{
    Router,
    extract::{ConnectInfo, Request, State},
    http::{StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock};
use std::{
    hash::{BuildHasher, Hash, RandomState},
    net::{IpAddr, SocketAddr},
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

/// How many times its rate somebody may ask at once.
const AT_ONCE: u32 = 10;
/// After how many requests those who have not asked for a while are forgotten.
const FORGET_AFTER: u32 = 10_000;

/// The limits of a server.
#[derive(Clone)]
pub struct Limits(Arc<Inner>);

struct Inner {
    /// By a hash of the credential that nobody outside can work out.
    credentials: Option<DefaultKeyedRateLimiter<u64>>,
    addresses: Option<DefaultKeyedRateLimiter<IpAddr>>,
    hasher: RandomState,
    asked: AtomicU32,
}

impl std::fmt::Debug for Limits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Limits(…)")
    }
}

impl Limits {
    /// Requests a second over time, of one credential and of one address; 0 for any number.
    pub fn per_second(credential: u32, address: u32) -> Self {
        let quota = |rate: u32| {
            let (rate, at_once) = (NonZeroU32::new(rate)?, NonZeroU32::new(rate.saturating_mul(AT_ONCE))?);
            Some(Quota::per_second(rate).allow_burst(at_once))
        };
        Self(Arc::new(Inner {
            credentials: quota(credential).map(RateLimiter::keyed),
            addresses: quota(address).map(RateLimiter::keyed),
            hasher: RandomState::new(),
            asked: AtomicU32::new(0),
        }))
    }

    /// The same routes within these limits.
    pub fn around(&self, router: Router) -> Router {
        router.layer(middleware::from_fn_with_state(self.clone(), limit))
    }

    /// Whether a request is one too many, and in how many seconds it will not be.
    fn refuses(&self, request: &Request) -> Option<u64> {
        if self.0.asked.fetch_add(1, Ordering::Relaxed) % FORGET_AFTER == FORGET_AFTER - 1 {
            self.0.credentials.iter().for_each(RateLimiter::retain_recent);
            self.0.addresses.iter().for_each(RateLimiter::retain_recent);
        }
        let address = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let credential = request.headers().get(header::AUTHORIZATION).or_else(|| request.headers().get(header::COOKIE));
        let by_address = address.and_then(|address| wait(self.0.addresses.as_ref()?, &address));
        by_address.or_else(|| wait(self.0.credentials.as_ref()?, &self.0.hasher.hash_one(credential?.as_bytes())))
    }
}

fn wait<K: Hash + Eq + Clone>(limiter: &DefaultKeyedRateLimiter<K>, key: &K) -> Option<u64> {
    let refused = limiter.check_key(key).err()?;
    Some(refused.wait_time_from(limiter.clock().now()).as_secs() + 1)
}

async fn limit(State(limits): State<Limits>, request: Request, next: Next) -> Response {
    match limits.refuses(&request) {
        None => next.run(request).await,
        Some(seconds) => {
            metrics::counter!("beacon_requests_refused_total").increment(1);
            let problem =
                ApiError::new(StatusCode::TOO_MANY_REQUESTS, "too-many", "Too many requests", "wait as Retry-After says, then go on");
            let mut response = problem.into_response();
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, header::HeaderValue::from(seconds));
            // Refused unread: what follows in the connection may be its body.
            headers.insert(header::CONNECTION, header::HeaderValue::from_static("close"));
            response
        }
    }
}
