//! What is written is found at once, and what is taken back is gone at once, from the index as from what lies above it.

use crate::world::{World, by_id, incident, naming, person};
use model::Uuid;
use service::incidents::{Part, PartKind};

on_both_databases!(
    what_is_logged_is_found_at_once,
    recorded_in_error_counts_nowhere_at_once,
    a_name_taken_out_leaves_the_index,
    a_linked_duplicate_is_counted_once
);

async fn what_is_logged_is_found_at_once(world: World) {
    for number in 0..26 {
        let family = format!("Quill{}", char::from(b'a' + number));
        world.log(naming("Zebedee", &family)).await;
        assert_eq!(world.found(&format!("Zebedee {family}")).await.unwrap()[0], format!("Zebedee {family}"));
        assert_eq!(world.counted().await.unwrap(), u64::from(number) + 1);
    }
}

async fn recorded_in_error_counts_nowhere_at_once(world: World) {
    let error = serde_json::json!({ "status": "recorded_in_error", "status_reason": "another street" });
    // Once while it is in the index on disk, once while it is only in memory above it.
    for settled in [true, false] {
        let made = world.log(naming("Zebedee", "Quillfeather")).await;
        if settled {
            world.settled().await;
        }
        assert_eq!((world.found("Zebedee Quillfeather").await.unwrap().len(), world.counted().await.unwrap()), (1, 1));
        world.service().patch_incident(&world.request(&world.officer), by_id(made.id), Some(1), error.clone()).await.unwrap();
        assert_eq!((world.found("Zebedee Quillfeather").await.unwrap().len(), world.counted().await.unwrap()), (0, 0));
        world.settled().await;
        assert_eq!((world.found("Zebedee Quillfeather").await.unwrap().len(), world.counted().await.unwrap()), (0, 0));
        // It is undone, not gone.
        let kept = world.service().read_incident(&world.request(&world.officer), by_id(made.id)).await.unwrap().seen().unwrap();
        assert_eq!((kept.version, kept.involvements.len()), (2, 1));
    }
}

async fn mentions(world: &World, incident: Uuid) -> Vec<Uuid> {
    let view = world.service().read_incident(&world.request(&world.officer), by_id(incident)).await.unwrap().seen().unwrap();
    view.involvements.iter().map(|part| part.involvement.id).collect()
}

async fn a_name_taken_out_leaves_the_index(mut world: World) {
    let made = world.log(naming("Zebedee", "Quillfeather")).await;
    let request = world.request(&world.officer);
    let more = Part::Involvement(Box::new(person("Marmaduke", "Thistlewood")));
    world.service().add_part(&request, by_id(made.id), more, None).await.unwrap();
    world.settled().await;
    let parts = mentions(&world, made.id).await;
    let renamed = serde_json::json!({ "person": { "name": { "given": "Peregrine", "family": "Ottershaw" } } });
    world.service().patch_part(&request, by_id(made.id), PartKind::Involvement, parts[0], Some(2), renamed).await.unwrap();
    world.service().delete_part(&request, by_id(made.id), PartKind::Involvement, parts[1], Some(3)).await.unwrap();
    let (data, mut rounds) = (world.data_dir(), 0);
    loop {
        // At once, from memory; then from the index; then from the index as another process finds it.
        assert_eq!(world.found("Zebedee Quillfeather").await.unwrap(), [] as [&str; 0], "round {rounds}");
        assert_eq!(world.found("Marmaduke Thistlewood").await.unwrap(), [] as [&str; 0], "round {rounds}");
        assert_eq!(world.found("Peregrine Ottershaw").await.unwrap(), ["Peregrine Ottershaw"], "round {rounds}");
        rounds += 1;
        match rounds {
            1 => world.settled().await,
            2 => world.restart(&data).await,
            _ => break,
        }
    }
    // The last name goes: nothing of the incident stays behind.
    world.service().delete_part(&world.request(&world.officer), by_id(made.id), PartKind::Involvement, parts[0], Some(4)).await.unwrap();
    world.settled().await;
    assert_eq!(world.found("Peregrine Ottershaw").await.unwrap(), [] as [&str; 0]);
}

async fn a_linked_duplicate_is_counted_once(world: World) {
    let (first, second) = (world.log(incident()).await, world.log(incident()).await);
    assert_eq!(world.counted().await.unwrap(), 2);
    let request = world.request(&world.officer);
    let link = world.service().link_duplicate(&request, by_id(first.id), by_id(second.id), None).await.unwrap();
    assert_eq!(world.counted().await.unwrap(), 1);
    world.settled().await;
    assert_eq!(world.counted().await.unwrap(), 1);
    world.service().unlink_duplicate(&request, by_id(second.id), link.id).await.unwrap();
    assert_eq!(world.counted().await.unwrap(), 2);
}
