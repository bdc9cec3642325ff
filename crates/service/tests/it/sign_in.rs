//! Signing in, and sessions that end, by a clock that tests move.

use crate::world::World;
use model::{CredentialKind, Role, audit::Request};
use secrecy::ExposeSecret;
use service::{
    Hash, ServiceError,
    accounts::{Attempt, NewPassword},
    incidents::IncidentFilter,
    sessions::{Claimed, Vouched},
};

on_both_databases!(
    a_session_that_rests_is_over,
    a_session_ends_at_the_latest,
    waits_grow_and_are_forgiven,
    attempts_at_the_same_moment_are_counted_one_by_one,
    an_access_token_ends_at_its_second,
    a_provider_that_names_another_agency_lets_nobody_in,
);

const SESSION: Hash = [7; 32];
const SESSIONS: &[CredentialKind] = &[CredentialKind::Session];
const ACCESS: &[CredentialKind] = &[CredentialKind::AccessToken];

fn attempt(id: &str) -> Attempt {
    Attempt { buckets: [11, 22], request_id: id.to_owned() }
}

async fn account(world: &World) {
    let new = NewPassword { user_name: Some("ada".to_owned()), password_hash: "a hash".into() };
    world.service().set_password(&world.request(&world.administrator), world.officer.officer, new).await.unwrap();
}

async fn sign_in(world: &World) {
    account(world).await;
    let known = world.service().begin_attempt(&attempt("in"), " ADA".to_owned()).await.unwrap().unwrap();
    assert_eq!((known.officer, known.password_hash.expose_secret()), (world.officer.officer, "a hash"));
    world.service().finish_attempt(&attempt("in"), known.officer, SESSION, None).await.unwrap();
    assert_eq!(world.ledger("in").await, [("sign_in".to_owned(), "granted".to_owned())]);
}

async fn lists(world: &World, token: Hash) -> Result<(), ServiceError> {
    let request = Request { token: Some(token), ..world.request(&world.officer) };
    world.service().list_incidents(&request, IncidentFilter::default(), 10).await.map(drop)
}

fn over<T: std::fmt::Debug>(outcome: Result<T, ServiceError>) {
    assert!(matches!(outcome, Err(ServiceError::Unauthenticated)), "{outcome:?}");
}

async fn a_session_that_rests_is_over(mut world: World) {
    sign_in(&world).await;
    for _ in 0..3 {
        world.clock.advance(3_599);
        assert_eq!(world.service().authenticate(SESSION, SESSIONS).await.unwrap(), world.officer);
        lists(&world, SESSION).await.unwrap();
    }
    // Not taken for anything else.
    over(world.service().authenticate(SESSION, ACCESS).await);
    // Another process knows of it by what was written down.
    let folder = world.data_dir().with_extension("again");
    world.restart(&folder).await;
    world.clock.advance(3_599);
    world.service().authenticate(SESSION, SESSIONS).await.unwrap();
    world.clock.advance(3_600);
    over(lists(&world, SESSION).await);
    over(world.service().authenticate(SESSION, SESSIONS).await);
    over(world.service().authenticate_now(SESSION, SESSIONS).await);
}

async fn a_session_ends_at_the_latest(world: World) {
    sign_in(&world).await;
    for _ in 0..23 {
        world.clock.advance(1_800);
        world.service().authenticate(SESSION, SESSIONS).await.unwrap();
    }
    world.clock.advance(1_799);
    lists(&world, SESSION).await.unwrap();
    world.clock.advance(1);
    over(lists(&world, SESSION).await);
    over(world.service().authenticate(SESSION, SESSIONS).await);
}

async fn waits_grow_and_are_forgiven(world: World) {
    account(&world).await;
    let try_it = |name: &'static str| world.service().begin_attempt(&TRY, name.to_owned());
    static TRY: std::sync::LazyLock<Attempt> = std::sync::LazyLock::new(|| attempt("try"));
    for _ in 0..5 {
        try_it("ada").await.unwrap();
    }
    for wait in [30, 60, 120, 240, 480, 900, 900] {
        world.clock.advance(wait - 1);
        let told = try_it("ada").await;
        assert!(matches!(told, Err(ServiceError::TooMany(1))), "{wait}: {told:?}");
        world.clock.advance(1);
        assert!(try_it("ada").await.unwrap().is_some());
    }
    assert!(world.ledger("try").await.iter().all(|row| *row == ("sign_in.refused".to_owned(), "denied".to_owned())));
    world.clock.advance(3_600);
    for _ in 0..5 {
        assert!(try_it("nobody").await.unwrap().is_none());
    }
    assert!(matches!(try_it("nobody").await, Err(ServiceError::TooMany(30))), "an unknown name waits alike");
}

async fn attempts_at_the_same_moment_are_counted_one_by_one(world: World) {
    account(&world).await;
    let mut tries = Vec::new();
    for _ in 0..20 {
        let service = world.service().clone();
        tries.push(tokio::spawn(async move { service.begin_attempt(&attempt("many"), "ada".to_owned()).await.is_ok() }));
    }
    let mut let_through = 0;
    for tried in tries {
        let_through += u32::from(tried.await.unwrap());
    }
    assert_eq!(let_through, 5);
}

fn vouched() -> Vouched {
    Vouched { issuer: "https://id.example".to_owned(), subject: "subject".to_owned(), session: Some("signed".to_owned()) }
}

fn claimed(agency: Option<&str>) -> Claimed {
    Claimed { officer: "ada-there".to_owned(), agency: agency.map(str::to_owned) }
}

async fn linked(world: &World) {
    let (issuer, subject) = ("https://id.example".to_owned(), "ada-there".to_owned());
    world.service().link_identity(&world.request(&world.administrator), world.officer.officer, issuer, subject).await.unwrap();
}

async fn an_access_token_ends_at_its_second(world: World) {
    let (token, ends) = ([5; 32], world.clock.now().plus_seconds(600));
    let enter = |token: Hash| world.service().enter_access_token(vouched(), claimed(None), token, ends, "enter".to_owned());
    over(enter(token).await);
    linked(&world).await;
    enter(token).await.unwrap();
    enter(token).await.unwrap();
    // The same signed text under another signature is no second credential.
    enter([6; 32]).await.unwrap();
    over(world.service().authenticate_now([6; 32], ACCESS).await);
    world.clock.advance(599);
    assert_eq!(world.service().authenticate(token, ACCESS).await.unwrap(), world.officer);
    lists(&world, token).await.unwrap();
    // What is remembered of a role goes with the change of it.
    world.service().change_role(&world.request(&world.administrator), world.officer.officer, Role::Analyst).await.unwrap();
    lists(&world, token).await.unwrap();
    assert_eq!(world.service().authenticate(token, ACCESS).await.unwrap().role, Role::Analyst);
    world.clock.advance(1);
    over(lists(&world, token).await);
    over(world.service().authenticate(token, ACCESS).await);
}

async fn a_provider_that_names_another_agency_lets_nobody_in(world: World) {
    linked(&world).await;
    let enter = |agency| world.service().sign_in_vouched(vouched(), claimed(agency), SESSION, None, "vouched".to_owned());
    over(enter(Some("Another Council")).await);
    assert_eq!(world.ledger("vouched").await, [("sign_in.refused".to_owned(), "denied".to_owned())]);
    enter(Some("Example Council")).await.unwrap();
    world.service().authenticate_now(SESSION, SESSIONS).await.unwrap();
    // Ended by the provider: once.
    let end = || {
        let (issuer, subject, until) = (vouched().issuer, Some(vouched().subject), world.clock.now().plus_seconds(60));
        world.service().sign_out_vouched(issuer, subject, None, "jti".to_owned(), until, "back".to_owned())
    };
    end().await.unwrap();
    assert!(matches!(end().await, Err(ServiceError::Conflict(_))));
    over(lists(&world, SESSION).await);
    over(world.service().authenticate(SESSION, SESSIONS).await);
    assert_eq!(world.ledger("back").await, [("sign_out.back_channel".to_owned(), "granted".to_owned())]);
}
