//! Access ends when it ends, to the second, whatever is remembered.

use crate::world::{World, by_id, minimal, naming, stockton};
use model::{CredentialKind, Uuid, audit::Request};
use service::{ServiceError, incidents::IncidentFilter, name_search::NameSearch, place_search::PlaceSearch, tokens::NewToken};

on_both_databases!(a_token_ends_at_its_second, a_revoked_token_ends_at_once);

const TOKEN: [u8; 32] = [9; 32];
const TOKENS: &[CredentialKind] = &[CredentialKind::ApiToken];

async fn token(world: &World, lasts: Option<i64>) -> Uuid {
    let new = NewToken { officer: world.officer.officer, expires_at: lasts.map(|seconds| world.clock.now().plus_seconds(seconds)) };
    world.service().add_token(&world.request(&world.administrator), new, TOKEN).await.unwrap().id
}

fn with_token(world: &World) -> Request {
    Request { token: Some(TOKEN), ..world.request(&world.officer) }
}

/// Everything a signed-in officer can ask or do, with a request that was let in before.
async fn outcomes(world: &World, request: &Request, incident: Uuid) -> Vec<(&'static str, Option<ServiceError>)> {
    let service = &world.service();
    let search = NameSearch { name: "Pat Example".to_owned(), ..NameSearch::default() };
    let place = PlaceSearch { street: Some("Example Street".to_owned()), ..PlaceSearch::default() };
    vec![
        ("read", service.read_incident(request, by_id(incident)).await.err()),
        ("history", service.incident_history(request, by_id(incident)).await.err()),
        ("list", service.list_incidents(request, IncidentFilter::default(), 10).await.err()),
        ("names", service.search_names(request, search).await.err()),
        ("places", service.search_places(request, place, None).await.err()),
        ("hotspots", service.hotspots(request, stockton()).await.err()),
        ("create", service.create_incident(request, naming("Late", "Example"), minimal(None)).await.err()),
        ("intake", service.open_intake(request, Default::default(), None).await.err()),
    ]
}

async fn expect_over(world: &World, request: &Request, incident: Uuid) {
    let kept = world.count("incident").await;
    for (what, error) in outcomes(world, request, incident).await {
        assert!(matches!(error, Some(ServiceError::Unauthenticated)), "{what}: {error:?}");
    }
    assert_eq!(world.count("incident").await, kept);
    // What was remembered of the caller is forgotten by then.
    assert!(matches!(world.service().authenticate(TOKEN, TOKENS).await, Err(ServiceError::Unauthenticated)));
    assert!(matches!(world.service().authenticate_now(TOKEN, TOKENS).await, Err(ServiceError::Unauthenticated)));
}

async fn a_token_ends_at_its_second(world: World) {
    let made = world.log(naming("Pat", "Example")).await;
    token(&world, Some(3_600)).await;
    world.clock.advance(3_599);
    assert_eq!(world.service().authenticate(TOKEN, TOKENS).await.unwrap(), world.officer);
    let request = with_token(&world);
    for (what, error) in outcomes(&world, &request, made.id).await {
        assert!(error.is_none(), "{what}: {error:?}");
    }
    world.clock.advance(1);
    // The caller was let in, and remembered, a second ago.
    expect_over(&world, &request, made.id).await;
}

async fn a_revoked_token_ends_at_once(world: World) {
    let made = world.log(naming("Pat", "Example")).await;
    let token = token(&world, None).await;
    world.service().authenticate(TOKEN, TOKENS).await.unwrap();
    let request = with_token(&world);
    world.service().revoke_token(&world.request(&world.administrator), world.officer.officer, token).await.unwrap();
    expect_over(&world, &request, made.id).await;
}
