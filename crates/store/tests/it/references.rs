//! References are random, so one may be taken; ids are made by clients, so one may be sent twice.

use crate::world::{World, id};
use model::{Reference, Uuid};
use store::incidents::{self, Key};

on_both_databases!(a_taken_reference_is_drawn_again, a_taken_id_is_told_and_nothing_of_it_written, one_id_twice_in_a_batch_is_written_once);

async fn a_taken_reference_is_drawn_again(world: World) {
    let first = world.incident(1, 1);
    let reference: Reference = first.reference.clone();
    world.insert(vec![first]).await.unwrap();

    // One clashes with what is kept, and two with each other.
    let (mut second, mut third, mut fourth) = (world.incident(2, 2), world.incident(3, 3), world.incident(4, 4));
    second.reference = reference.clone();
    fourth.reference = third.reference.clone();
    third.details.summary = "The third".to_owned();
    let mut tx = world.db.begin().await.unwrap();
    let mut written = Vec::new();
    for incident in [second, third, fourth] {
        written.push(world.written(&mut tx, incident).await);
    }
    assert_eq!(incidents::insert(&mut tx, &mut written.iter_mut().collect::<Vec<_>>()).await.unwrap(), [] as [Uuid; 0]);
    tx.commit().await.unwrap();

    let mut tx = world.db.read().await.unwrap();
    let mut seen = vec![reference.clone()];
    for written in &written {
        let told = &written.incident.reference;
        let stored = incidents::find(&mut tx, &Key::Reference(told.clone()), false).await.unwrap().unwrap();
        assert_eq!((stored.id, stored.reference()), (written.incident.id, told.as_str()));
        // The body was written with the reference that was taken: what is read back has the one that counts.
        assert_eq!(&stored.incident().unwrap().reference, told);
        assert!(!seen.contains(told), "{told} twice");
        seen.push(told.clone());
    }
    assert_eq!((world.count("incident").await, world.count("incident_version").await, world.count("change_log").await), (4, 0, 4));
}

async fn a_taken_id_is_told_and_nothing_of_it_written(world: World) {
    world.insert(vec![world.incident(1, 1)]).await.unwrap();
    let mut again = world.incident(1, 9);
    again.details.summary = "Another".to_owned();
    assert_eq!(world.insert(vec![again, world.incident(2, 2)]).await.unwrap(), [id(1)]);
    let mut tx = world.db.read().await.unwrap();
    let kept = incidents::find(&mut tx, &Key::Id(id(1)), false).await.unwrap().unwrap();
    assert_eq!(kept.incident().unwrap().details.summary, "Fireworks in the park");
    assert_eq!((world.count("incident").await, world.count("incident_version").await, world.count("change_log").await), (2, 0, 2));
}

/// Two offline queues may send one id in one group: one of the two is kept, the other is told.
async fn one_id_twice_in_a_batch_is_written_once(world: World) {
    // Seven rows: the two of one id come into different statements, however they are batched.
    for (round, places) in [(100, (0, 1)), (200, (0, 6)), (300, (4, 5))] {
        let mut batch: Vec<_> = (0..7).map(|number| world.incident(round + number, 1)).collect();
        batch[places.1].id = batch[places.0].id;
        let twice = batch[places.0].id;
        let (before, kept) = (world.count("change_log").await, world.count("incident").await);
        assert_eq!(world.insert(batch).await.unwrap(), [twice], "{places:?}");
        let mut tx = world.db.read().await.unwrap();
        assert_eq!(incidents::versions(&mut tx, twice).await.unwrap().len(), 1, "{places:?}");
        assert_eq!((world.count("incident").await, world.count("change_log").await), (kept + 6, before + 6), "{places:?}");
    }
}
