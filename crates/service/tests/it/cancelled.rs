//! Clients go away in the middle of a request: nothing is lost, nothing comes twice.

use crate::world::{World, by_id, id, minimal, naming, retry};
use model::NewIncident;
use service::ServiceError;
use std::{collections::HashSet, time::Duration};

on_both_databases!(a_create_that_is_dropped_is_there_once_after_a_retry, a_change_that_is_dropped_is_whole_or_not_there);

async fn a_create_that_is_dropped_is_there_once_after_a_retry(world: World) {
    const CLIENTS: u128 = 60;
    let mut dropped = 0;
    for number in 0..CLIENTS {
        let new = move || NewIncident { id: Some(id(1_000 + number)), ..naming("Dropped", "Example") };
        let options = minimal(retry(&format!("key-{number}"), 1));
        let first = world.request(&world.officer);
        // From before it is sent until after it is answered.
        let patience = Duration::from_micros((number as u64 % 20) * 150);
        let attempt = tokio::time::timeout(patience, world.service().create_incident(&first, new(), options.clone())).await;
        dropped += usize::from(attempt.is_err());
        let answer = world.service().create_incident(&world.request(&world.officer), new(), options).await.unwrap();
        assert_eq!(answer.id, id(1_000 + number));
    }
    assert!(dropped > 0, "no client went away early enough");
    let all = CLIENTS as i64;
    for table in ["incident", "change_log", "mention", "idempotency_key"] {
        assert_eq!(world.count(table).await, all, "{table}");
    }
    assert_eq!(world.count("incident_version").await, 0, "each has one version, the current one");
    let created = world.sql("SELECT CAST(count(*) AS text) FROM audit WHERE action = 'incident.create' AND outcome = 'granted'").await;
    assert_eq!(created, [all.to_string()]);
}

async fn a_change_that_is_dropped_is_whole_or_not_there(world: World) {
    let made = world.log(naming("Pat", "Example")).await;
    let mut version = 1;
    for number in 0..40_u64 {
        let request = world.request(&world.officer);
        let patch = serde_json::json!({ "summary": format!("Change {number}") });
        let patience = Duration::from_micros((number % 20) * 200);
        let change = world.service().patch_incident(&request, by_id(made.id), Some(version), patch);
        let attempt = tokio::time::timeout(patience, change).await;
        if let Ok(answer) = attempt {
            assert_eq!(answer.unwrap().expect("still in sight").version, version + 1);
        }
        // What was under way when the client left goes on to its end: wait for it, unless it never began.
        let mut now = world.service().read_incident(&world.request(&world.officer), by_id(made.id)).await.unwrap().seen().unwrap();
        for _ in 0..100 {
            if now.version > version {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
            now = world.service().read_incident(&world.request(&world.officer), by_id(made.id)).await.unwrap().seen().unwrap();
        }
        assert!(now.version == version || (now.version == version + 1 && now.details.summary == format!("Change {number}")), "{now:?}");
        version = now.version;
    }
    let stale =
        world.service().patch_incident(&world.request(&world.officer), by_id(made.id), Some(version - 1), serde_json::json!({})).await;
    assert!(matches!(stale, Err(ServiceError::Changed)));
    let history = world.service().incident_history(&world.request(&world.officer), by_id(made.id)).await.unwrap();
    let versions: HashSet<i64> = history.iter().map(|entry| entry.version).collect();
    assert_eq!((history.len() as i64, versions.len() as i64), (version, version));
    assert_eq!(world.count("change_log").await, version);
}
