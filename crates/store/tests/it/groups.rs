//! Linked duplicates count as one event, whatever the order in which links are made and undone.

use crate::world::{World, id, now};
use model::Uuid;
use store::{
    changes,
    duplicates::{self, Link},
    incidents,
};

on_both_databases!(links_make_events_and_undoing_splits_them);

fn link(number: u128, first: u128, second: u128) -> Link {
    Link {
        id: id(number),
        first: id(first),
        second: id(second),
        officer: id(0xb),
        agency: id(0xa),
        linked_at: now(),
        removed_at: None,
        removed_by: None,
    }
}

async fn events(world: &World) -> Vec<Option<Uuid>> {
    let mut tx = world.db.read().await.unwrap();
    incidents::columns(&mut tx, None, 100).await.unwrap().into_iter().map(|row| row.event_id).collect()
}

async fn links_make_events_and_undoing_splits_them(world: World) {
    world.insert((1..=5).map(|number| world.incident(number, 1)).collect()).await.unwrap();
    let at = |numbers: [u128; 5]| numbers.map(|number| (number > 0).then(|| id(number)));
    assert_eq!(events(&world).await, at([0, 0, 0, 0, 0]));
    // The steps: a link made or undone, and the event of each incident after it.
    let (ab, cd, bc, de) = (link(11, 2, 1), link(12, 4, 3), link(13, 2, 3), link(14, 4, 5));
    for (made, link, wanted) in [
        (true, &ab, [1, 1, 0, 0, 0]),
        (true, &cd, [1, 1, 3, 3, 0]),
        (true, &bc, [1, 1, 1, 1, 0]),
        (true, &de, [1, 1, 1, 1, 1]),
        (false, &bc, [1, 1, 3, 3, 3]),
        (false, &ab, [0, 0, 3, 3, 3]),
        (false, &cd, [0, 0, 0, 4, 4]),
        (false, &de, [0, 0, 0, 0, 0]),
    ] {
        let before = world.count("change_log").await;
        let earlier = events(&world).await;
        let mut tx = world.db.begin().await.unwrap();
        if made {
            duplicates::insert(&mut tx, link).await.unwrap();
        } else {
            duplicates::remove(&mut tx, link, id(0xb), now()).await.unwrap();
        }
        tx.commit().await.unwrap();
        let after = events(&world).await;
        assert_eq!(after, at(wanted), "{made} {link:?}");
        // Whoever follows the change log hears of exactly those whose event is another now.
        let changed = earlier.iter().zip(&after).filter(|(earlier, after)| earlier != after).count();
        assert_eq!(world.count("change_log").await - before, changed as i64, "{made} {link:?}");
    }
    let mut tx = world.db.read().await.unwrap();
    let kept = duplicates::of(&mut tx, id(2)).await.unwrap();
    assert!(kept.iter().all(|link| link.removed_by == Some(id(0xb))), "{kept:?}");
    assert_eq!(kept.iter().map(|link| (link.id, link.removed_at)).collect::<Vec<_>>(), [(id(11), Some(now())), (id(13), Some(now()))]);
    let feed = changes::all_after(&mut tx, &changes::Cursor::default(), 1_000).await.unwrap();
    assert!(feed.iter().all(|change| change.version == 1), "a link is no version");
}
