//! Group commit: requests share a transaction, and nobody's failure is anybody else's.

use crate::world::{World, by_id, id, incident, minimal, naming, retry};
use model::{NewIncident, NewInvolvement};
use service::{ServiceError, incidents::CreatedIncident};
use std::time::Duration;
use store::idempotency;

on_both_databases!(a_group_gives_each_its_own_answer, a_look_is_in_the_ledger_before_it_is_answered, many_at_once_are_all_kept);

/// Keeps every worker of the committer busy until it is let go, so that what is sent meanwhile comes into one group.
struct Busy {
    tx: store::Tx,
    workers: Vec<tokio::task::JoinHandle<Result<CreatedIncident, ServiceError>>>,
}

impl Busy {
    /// Claims keys in a transaction of another process; a create with one of them waits for its end.
    async fn keep(world: &World) -> Self {
        const WORKERS: usize = 4;
        let mut tx = world.other_process().await.begin().await.unwrap();
        let mut workers = Vec::new();
        for number in 0..WORKERS {
            let claim = idempotency::Key {
                officer: world.officer.officer,
                agency: world.officer.agency,
                operation: "incident.create".to_owned(),
                key: format!("busy-{number}"),
                request_hash: [0; 32],
                resource: id(1),
                at: world.clock.now(),
            };
            idempotency::claim(&mut tx, &claim).await.unwrap();
        }
        for number in 0..WORKERS {
            let (service, request) = (world.service().clone(), world.request(&world.officer));
            let options = minimal(retry(&format!("busy-{number}"), 1));
            workers.push(tokio::spawn(async move { service.create_incident(&request, incident(), options).await }));
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Self { tx, workers }
    }

    async fn let_go(self) {
        tokio::time::sleep(Duration::from_millis(300)).await;
        self.tx.rollback().await.unwrap();
        for worker in self.workers {
            worker.await.unwrap().unwrap();
        }
    }
}

async fn a_group_gives_each_its_own_answer(world: World) {
    let first = NewIncident { id: Some(id(100)), involvements: vec![NewInvolvement { id: Some(id(101)), ..named() }], ..incident() };
    let before = world.service().create_incident(&world.request(&world.officer), first, minimal(retry("first", 1))).await.unwrap();
    let kept = world.count("incident").await;
    let busy = Busy::keep(&world).await;

    let create = |new: NewIncident, key: Option<&'static str>, body: u8| {
        let (service, request) = (world.service().clone(), world.request(&world.officer));
        let sent = request.id.clone();
        let options = minimal(key.and_then(|key| retry(key, body)));
        (sent, tokio::spawn(async move { service.create_incident(&request, new, options).await }))
    };
    let look = |number: u128| {
        let (service, request) = (world.service().clone(), world.request(&world.officer));
        let sent = request.id.clone();
        (sent, tokio::spawn(async move { service.read_incident(&request, by_id(id(number))).await }))
    };
    let again = create(incident(), Some("first"), 1);
    let other_body = create(incident(), Some("first"), 2);
    let taken = create(NewIncident { id: Some(id(100)), ..incident() }, None, 0);
    let taken_part = create(NewIncident { involvements: vec![NewInvolvement { id: Some(id(101)), ..named() }], ..incident() }, None, 0);
    let twins = [1, 2].map(|_| create(NewIncident { id: Some(id(200)), ..naming("Twin", "Example") }, None, 0));
    let sound = [300, 301, 302].map(|number| create(NewIncident { id: Some(id(number)), ..naming("Sound", "Example") }, None, 0));
    let seen = look(100);
    let unseen = look(999);
    busy.let_go().await;

    let answer = again.1.await.unwrap().unwrap();
    assert!(answer.before && answer.id == before.id && answer.reference == before.reference, "{answer:?}");
    assert!(matches!(other_body.1.await.unwrap(), Err(ServiceError::KeyReused)));
    for (_, refused) in [taken, taken_part] {
        assert!(matches!(refused.await.unwrap(), Err(ServiceError::Conflict(_))));
    }
    let mut twin_outcomes = Vec::new();
    for (sent, twin) in twins {
        match twin.await.unwrap() {
            Ok(created) => assert_eq!(created.id, id(200)),
            Err(error) => assert!(matches!(error, ServiceError::Conflict(_)), "{error}"),
        }
        twin_outcomes.extend(world.ledger(&sent).await);
    }
    twin_outcomes.sort();
    assert_eq!(twin_outcomes, [create_row("denied"), create_row("granted")]);
    for (sent, made) in sound {
        let made = made.await.unwrap().unwrap();
        assert!(!made.before);
        assert_eq!(world.ledger(&sent).await, [create_row("granted")]);
        world.service().read_incident(&world.request(&world.officer), by_id(made.id)).await.unwrap().seen().unwrap();
    }
    assert_eq!(seen.1.await.unwrap().unwrap().seen().unwrap().id, id(100));
    assert!(matches!(unseen.1.await.unwrap(), Err(ServiceError::NotFound)));

    // Three sound ones, one of the twins, and the four that kept the workers busy. Each with all its rows, once.
    assert_eq!(world.count("incident").await, kept + 8);
    assert_eq!(world.count("incident_version").await, 0);
    assert_eq!(world.count("change_log").await, kept + 8);
    for (sent, row) in [
        (&again.0, ("incident.create.retry".to_owned(), "granted".to_owned())),
        (&other_body.0, create_row("denied")),
        (&seen.0, ("incident.read".to_owned(), "granted".to_owned())),
        (&unseen.0, ("incident.read".to_owned(), "denied".to_owned())),
    ] {
        assert_eq!(world.ledger(sent).await, [row]);
    }
}

fn named() -> NewInvolvement {
    crate::world::person("Pat", "Example")
}

fn create_row(outcome: &str) -> (String, String) {
    ("incident.create".to_owned(), outcome.to_owned())
}

async fn a_look_is_in_the_ledger_before_it_is_answered(world: World) {
    let made = world.log(naming("Pat", "Example")).await;
    for _ in 0..20 {
        let request = world.request(&world.officer);
        world.service().read_incident(&request, by_id(made.id)).await.unwrap().seen().unwrap();
        let other = world.other_process().await;
        let mut tx = other.read().await.unwrap();
        let rows = store::audit::page(&mut tx, &store::audit::Filter { record: Some(made.id), ..Default::default() }, 100).await.unwrap();
        assert!(rows.iter().any(|row| row.request_id == request.id), "answered before another process sees the row");
        drop(tx);
        other.close().await;
    }
    let request = world.request(&world.officer);
    world.service().read_incident(&request, by_id(id(999))).await.unwrap_err();
    assert_eq!(world.ledger(&request.id).await, [("incident.read".to_owned(), "denied".to_owned())]);
}

async fn many_at_once_are_all_kept(world: World) {
    let tasks: Vec<_> = (0..300_u32)
        .map(|number| {
            let (service, request) = (world.service().clone(), world.request(&world.officer));
            let options = minimal(retry(&format!("key-{}", number / 3), 1));
            // Every request is sent three times at once, as an impatient client does.
            tokio::spawn(async move { service.create_incident(&request, naming("Many", "Example"), options).await.unwrap() })
        })
        .collect();
    let mut ids = Vec::new();
    for task in tasks {
        ids.push(task.await.unwrap().id);
    }
    assert!(ids.chunks(3).all(|three| three.iter().all(|id| *id == three[0])), "a retry was told another id");
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((ids.len(), world.count("incident").await, world.count("change_log").await), (100, 100, 100));
}
