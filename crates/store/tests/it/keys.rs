//! Idempotency keys and access labels: made once, whoever comes second.

use crate::world::{World, id, now, owner_only};
use std::time::Duration;
use store::{
    idempotency::{self, Key},
    labels,
};

on_both_databases!(
    a_key_is_claimed_once,
    a_key_is_claimed_by_one_of_two_at_once,
    keys_are_forgotten_by_age,
    many_keys_are_claimed_together_or_told,
    a_label_has_one_number,
    a_label_made_twice_at_once_has_one_number
);

fn key(text: &str, resource: u128) -> Key {
    let operation = "incident.create".to_owned();
    Key { officer: id(1), agency: id(2), operation, key: text.to_owned(), request_hash: [7; 32], resource: id(resource), at: now() }
}

async fn a_key_is_claimed_once(world: World) {
    let mut tx = world.db.begin().await.unwrap();
    assert_eq!(idempotency::claim(&mut tx, &key("k", 10)).await.unwrap(), None);
    assert_eq!(idempotency::claim(&mut tx, &key("k", 11)).await.unwrap(), Some(([7; 32], id(10))));
    // Another officer, agency or operation is another key.
    for other in [
        Key { officer: id(9), ..key("k", 12) },
        Key { agency: id(9), ..key("k", 13) },
        Key { operation: "report.add".to_owned(), ..key("k", 14) },
    ] {
        assert_eq!(idempotency::claim(&mut tx, &other).await.unwrap(), None, "{other:?}");
    }
    // A claim that is undone leaves the key free.
    tx.rollback().await.unwrap();
    let mut tx = world.db.begin().await.unwrap();
    assert_eq!(idempotency::claim(&mut tx, &key("k", 15)).await.unwrap(), None);
    tx.commit().await.unwrap();
}

/// A retry that arrives while the first try is not yet committed waits for it, and finds what it made.
async fn a_key_is_claimed_by_one_of_two_at_once(world: World) {
    let mut first = world.db.begin().await.unwrap();
    assert_eq!(idempotency::claim(&mut first, &key("k", 10)).await.unwrap(), None);
    let db = world.db.clone();
    let second = tokio::spawn(async move {
        let mut tx = db.begin().await?;
        let found = idempotency::claim(&mut tx, &key("k", 11)).await?;
        tx.commit().await?;
        Ok::<_, store::StoreError>(found)
    });
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(!second.is_finished());
    first.commit().await.unwrap();
    assert_eq!(second.await.unwrap().unwrap(), Some(([7; 32], id(10))));
}

async fn keys_are_forgotten_by_age(world: World) {
    let mut tx = world.db.begin().await.unwrap();
    idempotency::claim(&mut tx, &Key { at: now().plus_seconds(-31 * 86_400), ..key("old", 1) }).await.unwrap();
    idempotency::claim(&mut tx, &key("new", 2)).await.unwrap();
    assert_eq!(idempotency::forget(&mut tx, now().plus_seconds(-30 * 86_400)).await.unwrap(), 1);
    assert_eq!(idempotency::find(&mut tx, &key("old", 0)).await.unwrap(), None);
    assert_eq!(idempotency::find(&mut tx, &key("new", 0)).await.unwrap(), Some(([7; 32], id(2))));
    tx.commit().await.unwrap();
}

async fn many_keys_are_claimed_together_or_told(world: World) {
    let keys: Vec<Key> = (0..300).map(|number| key(&format!("k{number}"), number)).collect();
    let all: Vec<&Key> = keys.iter().collect();
    let mut tx = world.db.begin().await.unwrap();
    assert!(idempotency::claim_all(&mut tx, &[]).await.unwrap());
    assert!(idempotency::claim_all(&mut tx, &all[..200]).await.unwrap());
    assert!(!idempotency::claim_all(&mut tx, &all[199..]).await.unwrap(), "one of them was used before");
    tx.rollback().await.unwrap();
    let twice = [&keys[0], &keys[1], &keys[0]];
    let mut tx = world.db.begin().await.unwrap();
    assert!(!idempotency::claim_all(&mut tx, &twice).await.unwrap(), "one of them comes twice");
    tx.rollback().await.unwrap();
}

async fn a_label_has_one_number(world: World) {
    let mut tx = world.db.begin().await.unwrap();
    let first = labels::ensure(&mut tx, &owner_only(id(1))).await.unwrap();
    let other = labels::ensure(&mut tx, &owner_only(id(2))).await.unwrap();
    assert_ne!(first, other);
    assert_eq!(labels::ensure(&mut tx, &owner_only(id(1))).await.unwrap(), first);
    tx.commit().await.unwrap();
    let mut tx = world.db.read().await.unwrap();
    assert_eq!(labels::after(&mut tx, 0).await.unwrap(), [(first, owner_only(id(1))), (other, owner_only(id(2)))]);
    assert_eq!(labels::after(&mut tx, i64::from(first)).await.unwrap().len(), 1);
}

async fn a_label_made_twice_at_once_has_one_number(world: World) {
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let db = world.db.clone();
            tokio::spawn(async move {
                let mut tx = db.begin().await.unwrap();
                let made = labels::ensure(&mut tx, &owner_only(id(1))).await.unwrap();
                tx.commit().await.unwrap();
                made
            })
        })
        .collect();
    let mut numbers = Vec::new();
    for task in tasks {
        numbers.push(task.await.unwrap());
    }
    numbers.dedup();
    assert_eq!(numbers.len(), 1, "{numbers:?}");
}
