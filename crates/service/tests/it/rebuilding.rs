//! The indexes are derived: deleted, or left over from another database, they are built again and answer the same.

use crate::world::{World, by_id, naming, stockton};
use service::{ServiceError, name_search::NameSearch};

on_both_databases!(a_deleted_index_is_built_again_and_answers_the_same, the_index_of_another_database_is_not_believed);

const FAMILIES: [&str; 8] =
    ["Quillfeather", "Quilfeather", "Thistlewood", "Thistelwood", "Ottershaw", "Otershaw", "Marchbank", "Marchbanks"];
const GIVEN: [&str; 5] = ["Zebedee", "Zeb", "Margaret", "Peggy", "Pat"];

/// Everything that is told, as text.
async fn answers(world: &World) -> String {
    let mut all = String::new();
    for family in FAMILIES {
        for given in GIVEN {
            let search = NameSearch { name: format!("{given} {family}"), limit: Some(100), ..NameSearch::default() };
            let found = world.service().search_names(&world.request(&world.officer), search).await.unwrap();
            all.push_str(&serde_json::to_string(&found).unwrap());
            all.push('\n');
        }
    }
    let hotspots = world.service().hotspots(&world.request(&world.officer), stockton()).await.unwrap();
    all.push_str(&format!("{hotspots:?}"));
    all
}

async fn a_deleted_index_is_built_again_and_answers_the_same(mut world: World) {
    let mut made = Vec::new();
    for given in GIVEN {
        for family in FAMILIES {
            made.push(world.log(naming(given, family)).await);
        }
    }
    let error = serde_json::json!({ "status": "recorded_in_error", "status_reason": "a test" });
    for undone in &made[..5] {
        world.service().patch_incident(&world.request(&world.officer), by_id(undone.id), Some(1), error.clone()).await.unwrap();
    }
    world.settled().await;
    let before = answers(&world).await;
    assert!(before.contains("Quillfeather") && before.matches("\"involvement\"").count() > 40, "{before}");

    let data = world.data_dir();
    world.service().stop().await;
    // Segments that are being merged are still written for a moment.
    for _ in 0..100 {
        if std::fs::remove_dir_all(&data).is_ok() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert!(!data.exists());
    world.restart(&data).await;
    world.settled().await;
    assert_eq!(answers(&world).await, before);

    // Taken up where it is, not built again.
    world.restart(&data).await;
    world.settled().await;
    assert_eq!(world.service().readiness().await.rebuilt, 0);
    assert_eq!(answers(&world).await, before);
}

async fn the_index_of_another_database_is_not_believed(mut world: World) {
    let mut other = world.another().await;
    other.log(naming("Zebedee", "Quillfeather")).await;
    other.settled().await;
    let data = other.data_dir();
    other.stop().await;

    // This database has come further, so that the cursor alone looks like one of its own.
    for _ in 0..20 {
        world.log(naming("Marmaduke", "Thistlewood")).await;
    }
    world.restart(&data).await;
    world.settled().await;
    assert!(world.service().readiness().await.rebuilt > 0, "the index was taken up as it was");
    let found = world.found("Zebedee Quillfeather").await;
    assert!(matches!(&found, Ok(none) if none.is_empty()), "{found:?}");
    assert_eq!(world.found("Marmaduke Thistlewood").await.unwrap().len(), 20);
    assert!(!matches!(world.counted().await, Err(ServiceError::IndexBehind)));
}
