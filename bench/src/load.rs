//! Load: so many clients on kept connections for so long, each sending its next request once it is answered.

use std::{
    sync::{
        Barrier,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};
use testkit::campaign::client::Connection;

/// What a load achieved.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Rate {
    /// Requests answered a second.
    pub(crate) per_second: f64,
    /// The median, in milliseconds.
    pub(crate) median_ms: f64,
    /// What 99 of 100 stay below, in milliseconds.
    pub(crate) p99_ms: f64,
}

/// Runs `work` in `clients` threads until the time is over: each call is one unit, given its thread and number.
pub(crate) fn run<S>(clients: u64, time: Duration, prepare: impl Fn(u64) -> S + Sync, work: impl Fn(&mut S, u64, u64) + Sync) -> Rate {
    let over = AtomicBool::new(false);
    let done = AtomicU64::new(0);
    let start = Barrier::new(usize::try_from(clients).expect("few") + 1);
    let (mut times, mut took) = (Vec::new(), Duration::ZERO);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..clients)
            .map(|client| {
                let (over, done, start, prepare, work) = (&over, &done, &start, &prepare, &work);
                scope.spawn(move || {
                    let mut state = prepare(client);
                    start.wait();
                    let mut times = Vec::new();
                    for number in 0.. {
                        if over.load(Relaxed) {
                            break;
                        }
                        let began = Instant::now();
                        work(&mut state, client, number);
                        if over.load(Relaxed) {
                            break;
                        }
                        times.push(began.elapsed());
                        done.fetch_add(1, Relaxed);
                    }
                    times
                })
            })
            .collect();
        start.wait();
        let began = Instant::now();
        std::thread::sleep(time);
        over.store(true, Relaxed);
        took = began.elapsed();
        times = threads.into_iter().flat_map(|thread| thread.join().expect("no client fails")).collect();
    });
    times.sort_unstable();
    let at = |share: usize| times.get(times.len() * share / 100).map_or(0.0, |time| time.as_secs_f64() * 1e3);
    Rate { per_second: done.load(Relaxed) as f64 / took.as_secs_f64(), median_ms: at(50), p99_ms: at(99) }
}

/// The same for requests over HTTP, each of which must be answered with one of `statuses`.
pub(crate) fn http(url: &str, clients: u64, time: Duration, statuses: &[u16], request: impl Fn(u64, u64) -> Vec<u8> + Sync) -> Rate {
    let prepare = |_| Connection::open(url).expect("the server listens");
    run(clients, time, prepare, |connection, client, number| {
        let answer = connection.exchange(&request(client, number)).expect("the server answers");
        assert!(statuses.contains(&answer.status), "answered {}: {}", answer.status, answer.text());
    })
}
