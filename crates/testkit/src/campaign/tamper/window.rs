//! The unprotected window: how long a row is in the ledger before a checkpoint holds it.

use crate::campaign::{On, Place, client::Connection, draft::Draft};
use ledger::export::Leaf;
use store::{Options, sealing};

/// The ages of rows when they were sealed, in milliseconds. They begin with the request, so the commit is a little later.
#[derive(Debug, Clone, Copy, Default)]
pub struct Window {
    /// How many rows.
    pub rows: u64,
    /// Half of them were younger.
    pub median_ms: u64,
    /// 99 of 100 were younger.
    pub p99_ms: u64,
    /// None was older.
    pub slowest_ms: u64,
}

/// Lets `clients` log incidents for so many seconds, and looks how old each row was when it was sealed.
///
/// # Panics
/// When Beacon or the database cannot be started.
pub fn window(on: On, clients: u64, seconds: u64) -> Window {
    let place = Place::new(on);
    place.deployment.agency("Stockton Council", "council");
    let token = place.deployment.officer("Pat Reed", "Stockton Council", "officer");
    let server = place.deployment.serve();
    let until = std::time::Instant::now() + std::time::Duration::from_secs(seconds);
    std::thread::scope(|scope| {
        for client in 0..clients {
            let (url, token) = (&server.url, &token);
            scope.spawn(move || {
                let mut connection = Connection::open(url).expect("the server listens");
                for number in 0.. {
                    if std::time::Instant::now() > until {
                        break;
                    }
                    let answer = connection.exchange(&Draft::new(9, client, number).request(token, true)).expect("an answer");
                    assert_eq!(answer.status, 201, "{}", answer.text());
                }
            });
        }
    });
    // What came last is sealed by the server as it runs, not by its stopping.
    std::thread::sleep(std::time::Duration::from_secs(2));
    server.stop();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut ages: Vec<u64> = runtime.block_on(async {
        let database = store::open::open(&Options::new(&place.deployment.database_url)).await.expect("the database opens");
        let mut tx = database.read().await.expect("a transaction");
        let mut ages = Vec::new();
        // The first holds what was there before the server: commands do not seal.
        for stored in sealing::checkpoints_after(&mut tx, -1, 10_000).await.expect("checkpoints").iter().skip(1) {
            let leaves = Leaf::unpack(&sealing::leaves(&mut tx, stored.size).await.expect("leaves")).expect("leaves");
            for chunk in leaves.chunks(1_000) {
                let seqs: Vec<i64> = chunk.iter().map(|leaf| leaf.seq).collect();
                for row in sealing::rows(&mut tx, &seqs).await.expect("rows") {
                    let at: model::Timestamp = row.at.parse().expect("a time");
                    ages.push((stored.at.seconds_since(at) * 1e3).max(0.0) as u64);
                }
            }
        }
        tx.rollback().await.expect("a rollback");
        database.close().await;
        ages
    });
    ages.sort_unstable();
    let at = |share: usize| ages.get(ages.len() * share / 100).copied().unwrap_or_default();
    Window { rows: ages.len() as u64, median_ms: at(50), p99_ms: at(99), slowest_ms: ages.last().copied().unwrap_or_default() }
}
