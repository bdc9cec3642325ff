//! No log, no look: when the ledger cannot be written, nothing is shown and nothing is kept.

use crate::world::{World, by_id, minimal, naming, stockton};
use service::{
    ServiceError,
    export::ExportFormat,
    imports::Progress,
    incidents::{IncidentFilter, Part},
    name_search::NameSearch,
    place_search::PlaceSearch,
};
use std::{
    io::Write,
    sync::{Arc, Mutex},
};

on_both_databases!(a_broken_ledger_closes_every_door);

/// A file in memory.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Every way to be told something: its name, and what came of it.
async fn ask_everything(world: &World, incident: model::Uuid, mention: model::Uuid) -> Vec<(&'static str, Result<(), ServiceError>)> {
    let (service, officer) = (&world.service(), world.request(&world.officer));
    let auditor = world.request(&world.data_protection);
    let key = || by_id(incident);
    let search = NameSearch { name: "Pat Example".to_owned(), ..NameSearch::default() };
    let place = PlaceSearch { postcode: Some("TS18 1AB".to_owned()), ..PlaceSearch::default() };
    vec![
        ("read", service.read_incident(&officer, key()).await.map(drop)),
        (
            "read by a stranger's id",
            match service.read_incident(&officer, by_id(mention)).await {
                Err(ServiceError::NotFound) => Ok(()),
                other => other.map(drop),
            },
        ),
        ("history", service.incident_history(&officer, key()).await.map(drop)),
        ("list", service.list_incidents(&officer, IncidentFilter::default(), 10).await.map(drop)),
        ("names", service.search_names(&officer, search).await.map(drop)),
        ("person", service.read_person(&officer, mention).await.map(drop)),
        ("places", service.search_places(&officer, place, None).await.map(drop)),
        ("hotspots", service.hotspots(&officer, stockton()).await.map(drop)),
        ("duplicates", service.duplicates(&officer, key()).await.map(drop)),
        ("ledger", service.read_audit(&auditor, Default::default(), 10).await.map(drop)),
    ]
}

async fn a_broken_ledger_closes_every_door(world: World) {
    let made = world.log(naming("Pat", "Example")).await;
    let mention = world.service().read_incident(&world.request(&world.officer), by_id(made.id)).await.unwrap().seen().unwrap().involvements
        [0]
    .involvement
    .id;
    for (what, outcome) in ask_everything(&world, made.id, mention).await {
        outcome.unwrap_or_else(|error| panic!("{what}: {error}"));
    }
    let before = world.count("audit").await;
    world.sql("ALTER TABLE audit RENAME TO audit_broken").await;
    for (what, outcome) in ask_everything(&world, made.id, mention).await {
        assert!(matches!(outcome, Err(ServiceError::Unavailable(_))), "{what}: {outcome:?}");
    }
    let file = Kept::default();
    let export =
        world.service().export(&world.request(&world.officer), ExportFormat::JsonLines, Box::new(file.clone()), &Progress::default()).await;
    assert!(matches!(export, Err(ServiceError::Unavailable(_))), "{export:?}");
    assert!(!String::from_utf8_lossy(&file.0.lock().unwrap()).contains("Pat"), "names left in an export that nobody logged");

    // Writes are refused too, and leave nothing.
    let request = world.request(&world.officer);
    let refused = world.service().create_incident(&request, naming("Unlogged", "Example"), minimal(None)).await;
    assert!(matches!(refused, Err(ServiceError::Unavailable(_))), "{refused:?}");
    let patch = serde_json::json!({ "summary": "Changed without a trace" });
    let refused = world.service().patch_incident(&request, by_id(made.id), Some(1), patch).await;
    assert!(matches!(refused, Err(ServiceError::Unavailable(_))), "{refused:?}");
    let part = Part::Involvement(Box::new(crate::world::person("Unlogged", "Example")));
    let refused = world.service().add_part(&request, by_id(made.id), part, None).await;
    assert!(matches!(refused, Err(ServiceError::Unavailable(_))), "{refused:?}");
    assert_eq!((world.count("incident").await, world.count("incident_version").await, world.count("mention").await), (1, 0, 1));

    world.sql("ALTER TABLE audit_broken RENAME TO audit").await;
    assert_eq!(world.count("audit").await, before);
    for (what, outcome) in ask_everything(&world, made.id, mention).await {
        outcome.unwrap_or_else(|error| panic!("{what}, mended: {error}"));
    }
    assert!(world.count("audit").await > before);
}
