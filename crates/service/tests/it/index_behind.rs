//! When the index cannot catch up, a search waits, then says so; it never answers with a part.

use crate::world::{World, id, naming};
use service::ServiceError;
use std::time::Instant;
use store::changes;

on_both_databases!(a_search_past_its_patience_says_so);

/// More changes than are held in memory above the index.
const TOO_MANY: usize = 4_200;

/// What holds the index up: on PostgreSQL a slow transaction, over whose number the cursor may not move; on SQLite, where
/// nothing can be committed out of order, an index folder that has been deleted under the running program.
async fn hold_up(world: &World) -> Option<store::Tx> {
    if world.is_postgres() {
        let mut slow = world.other_process().await.begin().await.unwrap();
        changes::touch(&mut slow, &[(id(77), 1)]).await.unwrap();
        Some(slow)
    } else {
        std::fs::remove_dir_all(world.data_dir()).unwrap();
        None
    }
}

async fn a_search_past_its_patience_says_so(mut world: World) {
    let made = world.log(naming("Zebedee", "Quillfeather")).await;
    world.settled().await;
    let slow = hold_up(&world).await;

    // A few changes above the index are searched in memory, old and new together.
    world.log(naming("Zebedee", "Quillfeathers")).await;
    assert_eq!(world.found("Zebedee Quillfeather").await.unwrap().len(), 2);
    assert_eq!(world.counted().await.unwrap(), 2);
    assert!(world.service().readiness().await.ready, "it answers, so it is ready");

    let mut tx = world.service().database().begin().await.unwrap();
    changes::touch(&mut tx, &vec![(made.id, 1); TOO_MANY]).await.unwrap();
    tx.commit().await.unwrap();
    for _ in 0..2 {
        let began = Instant::now();
        let (names, count) = tokio::join!(world.found("Zebedee Quillfeather"), world.counted());
        assert!(matches!(names, Err(ServiceError::IndexBehind)), "{names:?}");
        assert!(matches!(count, Err(ServiceError::IndexBehind)), "{count:?}");
        let waited = began.elapsed().as_secs_f64();
        assert!((1.9..5.0).contains(&waited), "waited {waited} s");
    }
    assert!(world.service().readiness().await.index_lag > 0, "the lag is told");

    // Logging goes on meanwhile, though the look-up of what is already known is not complete.
    let full = service::incidents::CreateOptions::default();
    let logged = world.service().create_incident(&world.request(&world.officer), naming("Zebedee", "Quillfeather"), full).await.unwrap();
    assert!(logged.already_known.unwrap().incomplete);

    match slow {
        Some(slow) => slow.rollback().await.unwrap(),
        None => {
            let data = world.data_dir();
            world.restart(&data).await;
        }
    }
    world.settled().await;
    assert_eq!(world.found("Zebedee Quillfeather").await.unwrap().len(), 3);
    assert_eq!(world.counted().await.unwrap(), 3);
}
