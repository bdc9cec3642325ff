//! sqlx 0.9.0 can lose an acknowledged write on PostgreSQL: a future dropped while BEGIN is in flight gives its
//! connection back inside an open transaction, and the next statement without one of its own answers and vanishes.

use crate::world::{World, id};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};
use store::{Options, changes};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// A wire to the server on which the next BEGIN is held up for a while.
struct Wire {
    port: u16,
    hold: Arc<AtomicBool>,
    held: Arc<AtomicUsize>,
}

const HELD_FOR: Duration = Duration::from_millis(400);

impl Wire {
    async fn to(server: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let wire = Self { port: listener.local_addr().unwrap().port(), hold: Arc::default(), held: Arc::default() };
        let (hold, held) = (wire.hold.clone(), wire.held.clone());
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(("127.0.0.1", server)).await.unwrap();
                let ((mut from_client, mut to_client), (mut from_server, mut to_server)) = (client.into_split(), server.into_split());
                tokio::spawn(async move { tokio::io::copy(&mut from_server, &mut to_client).await });
                let (hold, held) = (hold.clone(), held.clone());
                tokio::spawn(async move {
                    let mut bytes = vec![0; 65_536];
                    while let Ok(read @ 1..) = from_client.read(&mut bytes).await {
                        if bytes[..read].windows(5).any(|window| window == b"BEGIN") && hold.swap(false, SeqCst) {
                            tokio::time::sleep(HELD_FOR).await;
                            held.fetch_add(1, SeqCst);
                        }
                        if to_server.write_all(&bytes[..read]).await.is_err() {
                            return;
                        }
                    }
                    let _ = to_server.shutdown().await;
                });
            }
        });
        wire
    }

    fn url(&self, server: &str) -> String {
        let (start, rest) = server.rsplit_once(':').unwrap();
        let (_, database) = rest.split_once('/').unwrap();
        format!("{start}:{}/{database}", self.port)
    }
}

fn port(url: &str) -> u16 {
    url.rsplit_once(':').unwrap().1.split_once('/').unwrap().0.parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_begin_dropped_in_flight_loses_no_later_write() {
    let world = World::postgres().await;
    let wire = Wire::to(port(&world.url)).await;
    let db = store::open::open(&Options { connections: 2, ..Options::new(wire.url(&world.url)) }).await.unwrap();
    for round in 1..=3_u128 {
        wire.hold.store(true, SeqCst);
        let given_up = tokio::time::timeout(HELD_FOR / 4, db.begin()).await;
        assert!(given_up.is_err(), "the transaction was to begin too late");
        tokio::time::sleep(HELD_FOR * 2).await;
        assert_eq!(wire.held.load(SeqCst), round as usize, "BEGIN reached the server after its future was dropped");

        // A statement without a transaction of its own: what used to vanish. The program itself has none of these.
        store::testing::sql(&db, &format!("INSERT INTO change_log (incident_id, version) VALUES ('{}', 1)", id(round))).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        changes::touch(&mut tx, &[(id(100 + round), 1)]).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(world.count("change_log").await, 2 * round as i64, "another connection sees every acknowledged write");
    }
    let forgotten = "SELECT count(*)::text FROM pg_stat_activity WHERE state = 'idle in transaction' AND datname = current_database()";
    assert_eq!(world.sql(forgotten).await, ["0"]);
    db.close().await;
}

/// A reader that is given up must not leave a snapshot behind either: it would hold up the change feed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_dropped_in_flight_does_not_hold_up_the_feed() {
    let world = World::postgres().await;
    let wire = Wire::to(port(&world.url)).await;
    let db = store::open::open(&Options { connections: 2, ..Options::new(wire.url(&world.url)) }).await.unwrap();
    wire.hold.store(true, SeqCst);
    assert!(tokio::time::timeout(HELD_FOR / 4, db.read()).await.is_err());
    tokio::time::sleep(HELD_FOR * 2).await;
    let mut tx = db.begin().await.unwrap();
    changes::touch(&mut tx, &[(id(1), 1)]).await.unwrap();
    tx.commit().await.unwrap();
    // Other tests' transactions may hold it up for a moment; a forgotten one would for its whole time-out of 30 s.
    let mut safe = 0;
    for _ in 0..400 {
        let mut tx = db.read().await.unwrap();
        safe = changes::safe_after(&mut tx, &changes::Cursor::default(), 10).await.unwrap().len();
        tx.rollback().await.unwrap();
        if safe > 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(safe, 1);
    db.close().await;
}
