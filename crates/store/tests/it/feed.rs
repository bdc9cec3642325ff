//! The change feed loses nothing, whatever the order of commits.

use crate::world::{World, id};
use std::{collections::HashSet, time::Duration};
use store::{
    Database,
    changes::{self, Cursor},
};

on_both_databases!(eight_writers_lose_nothing, a_follower_starts_where_it_was_told, every_database_has_an_origin_of_its_own);

async fn origin(db: &Database) -> String {
    let mut tx = db.read().await.unwrap();
    changes::origin(&mut tx).await.unwrap()
}

async fn read(db: &Database, cursor: &Cursor, limit: i64) -> Vec<changes::Change> {
    let mut tx = db.read().await.unwrap();
    changes::safe_after(&mut tx, cursor, limit).await.unwrap()
}

/// Reads until `wanted` changes are safe: a transaction of any database of the server holds them up while it runs.
async fn read_all(db: &Database, cursor: &Cursor, wanted: usize) -> Vec<model::Uuid> {
    for _ in 0..1_000 {
        let found = read(db, cursor, 100).await;
        if found.len() >= wanted {
            return found.iter().map(|change| change.incident_id).collect();
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{wanted} changes are not safe after 20 s");
}

/// Follows until it has seen `wanted` changes, as the index follower does.
async fn follow(db: Database, mut cursor: Cursor, wanted: usize) -> Vec<changes::Change> {
    let mut seen = Vec::new();
    while seen.len() < wanted {
        let found = read(&db, &cursor, 7).await;
        match found.last() {
            Some(last) => cursor = Cursor { txid: last.txid, seq: last.seq, ..cursor },
            None => tokio::time::sleep(Duration::from_millis(2)).await,
        }
        seen.extend(found);
    }
    // Anything that comes now came twice.
    seen.extend(read(&db, &cursor, 7).await);
    seen
}

async fn eight_writers_lose_nothing(world: World) {
    const EACH: u128 = 50;
    let start = Cursor { origin: origin(&world.db).await, ..Cursor::default() };
    let follower = tokio::spawn(tokio::time::timeout(Duration::from_secs(60), follow(world.db.clone(), start, 8 * EACH as usize)));
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let db = world.db.clone();
            tokio::spawn(async move {
                for number in 0..EACH {
                    let mut tx = db.begin().await.unwrap();
                    changes::touch(&mut tx, &[(id(writer * 1_000 + number), 1)]).await.unwrap();
                    // Different for each, so that commits come in another order than the numbers.
                    tokio::time::sleep(Duration::from_micros((writer * 7 + number * 13) as u64 % 50 * 100)).await;
                    tx.commit().await.unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let seen = follower.await.unwrap().expect("the follower lost changes: it still waits for some");
    let different: HashSet<_> = seen.iter().map(|change| change.incident_id).collect();
    assert_eq!((seen.len(), different.len()), (8 * EACH as usize, 8 * EACH as usize));
}

async fn a_follower_starts_where_it_was_told(world: World) {
    world.insert(vec![world.incident(1, 1)]).await.unwrap();
    let mut tx = world.db.read().await.unwrap();
    let position = changes::position(&mut tx).await.unwrap();
    tx.rollback().await.unwrap();
    world.insert(vec![world.incident(2, 1)]).await.unwrap();
    let mut tx = world.db.read().await.unwrap();
    let lag = changes::lag(&mut tx, &position, 10).await.unwrap();
    assert_eq!(changes::lag(&mut tx, &position, 1).await.unwrap(), 1, "counted up to what is asked");
    tx.rollback().await.unwrap();
    // Nothing later is missed; what was there may come again while some older transaction of the server runs.
    let found = read_all(&world.db, &position, lag as usize).await;
    assert!(found == [id(2)] || found == [id(1), id(2)], "{found:?}");
}

/// A cursor of one database means nothing in another, though both be files beside each other or databases of one server.
async fn every_database_has_an_origin_of_its_own(world: World) {
    let (sqlite, postgres) = (World::sqlite().await, World::postgres().await);
    let origins: HashSet<String> = [origin(&world.db).await, origin(&sqlite.db).await, origin(&postgres.db).await].into();
    assert_eq!(origins.len(), 3, "{origins:?}");
    let again = world.again().await;
    assert_eq!(origin(&again).await, origin(&world.db).await, "it is the same at every start");
    again.close().await;
}

/// The trap itself: a change numbered first is committed last. A cursor over the number alone has passed it by then.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cursor_over_the_number_alone_would_lose_a_change() {
    let world = World::postgres().await;
    let by_number = |after: i64| format!("SELECT seq::text FROM change_log WHERE seq > {after} ORDER BY seq");
    let cursor = Cursor::default();
    let (mut slow, mut quick) = (world.db.begin().await.unwrap(), world.db.begin().await.unwrap());
    changes::touch(&mut slow, &[(id(1), 1)]).await.unwrap();
    changes::touch(&mut quick, &[(id(2), 1)]).await.unwrap();
    quick.commit().await.unwrap();

    let naive = world.sql(&by_number(0)).await;
    assert_eq!(naive.len(), 1, "a naive follower takes the second change, and its cursor with it");
    assert_eq!(read(&world.db, &cursor, 10).await, [], "ours waits: something may still come before it");
    let mut tx = world.db.read().await.unwrap();
    assert_eq!(changes::all_after(&mut tx, &cursor, 10).await.unwrap().len(), 1, "what is committed is searched in memory meanwhile");
    tx.rollback().await.unwrap();

    slow.commit().await.unwrap();
    assert_eq!(world.sql(&by_number(naive[0].parse().unwrap())).await.len(), 0, "lost to the naive follower");
    assert_eq!(read_all(&world.db, &cursor, 2).await, [id(1), id(2)]);
}
