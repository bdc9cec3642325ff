//! Several writers at once.

use crate::world::{World, id};
use std::time::Duration;
use store::{Database, changes, incidents};

on_both_databases!(writers_of_two_processes_take_turns, a_reader_sees_one_moment, what_is_not_committed_is_gone);

/// Two processes read and then write in each transaction. On SQLite a deferred transaction would fail at the write with
/// code 517 as soon as the other had written since its read.
async fn writers_of_two_processes_take_turns(world: World) {
    const EACH: u128 = 40;
    let writer = |db: Database, from: u128| async move {
        for number in from..from + EACH {
            let mut tx = db.begin().await?;
            incidents::count(&mut tx).await?;
            tokio::time::sleep(Duration::from_millis(1)).await;
            changes::touch(&mut tx, &[(id(number), 1)]).await?;
            tx.commit().await?;
        }
        Ok::<(), store::StoreError>(())
    };
    let other = world.again().await;
    let (first, second) = tokio::join!(tokio::spawn(writer(world.db.clone(), 1_000)), tokio::spawn(writer(other.clone(), 2_000)));
    first.unwrap().unwrap();
    second.unwrap().unwrap();
    assert_eq!(world.count("change_log").await, 2 * EACH as i64);
    other.close().await;
}

/// Export and rebuild page through a table: rows written meanwhile must not shift the pages.
async fn a_reader_sees_one_moment(world: World) {
    world.insert(vec![world.incident(1, 1), world.incident(2, 2)]).await.unwrap();
    let mut reader = world.db.read().await.unwrap();
    let first = incidents::all_after(&mut reader, None, 1).await.unwrap();
    world.insert(vec![world.incident(3, 3)]).await.unwrap();
    let rest = incidents::all_after(&mut reader, Some(first[0].id), 10).await.unwrap();
    assert_eq!(rest.len(), 1);
    reader.rollback().await.unwrap();
    assert_eq!(world.count("incident").await, 3);
}

async fn what_is_not_committed_is_gone(world: World) {
    let mut dropped = world.db.begin().await.unwrap();
    changes::touch(&mut dropped, &[(id(1), 1)]).await.unwrap();
    drop(dropped);
    let mut undone = world.db.begin().await.unwrap();
    changes::touch(&mut undone, &[(id(2), 1)]).await.unwrap();
    undone.rollback().await.unwrap();
    let mut kept = world.db.begin().await.unwrap();
    changes::touch(&mut kept, &[(id(3), 1)]).await.unwrap();
    kept.commit().await.unwrap();
    assert_eq!(world.count("change_log").await, 1);
}

/// The second writer waits for the first; it neither fails nor writes between.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_sqlite_writer_waits_for_the_other_process() {
    let world = World::sqlite().await;
    let other = world.again().await;
    let mut first = world.db.begin().await.unwrap();
    let second = tokio::spawn(async move {
        let mut tx = other.begin().await?;
        changes::touch(&mut tx, &[(id(2), 1)]).await?;
        tx.commit().await
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!second.is_finished(), "two writers at once");
    changes::touch(&mut first, &[(id(1), 1)]).await.unwrap();
    first.commit().await.unwrap();
    second.await.unwrap().unwrap();
    assert_eq!(world.count("change_log").await, 2);
}
