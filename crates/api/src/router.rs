//! Every route, and what every request passes through.

use crate::{
    access::{agreements, asks, blocks, conflicts, emergency, notices, releases, source},
    administration::{accounts, agencies, audit, imports, intakes, ledger, markers, officers, secondments, tokens, vocabularies},
    data_protection::{disputes, erasures, proposals, recipients, rectifications, retention, subject_requests},
    document::with_what_all_share,
    http::{ApiError, body, caller},
    incidents::{change, create, duplicates, history, list, read},
    operations::health,
    parts::{allegations, involvements, places, reports},
    people, search,
};
use axum::{
    Router,
    body::HttpBody,
    extract::{DefaultBodyLimit, MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use identity::{Identity, browser::RequestId};
use metrics_exporter_prometheus::PrometheusHandle;
use service::Service;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tower_http::{catch_panic::CatchPanicLayer, timeout::RequestBodyTimeoutLayer};
use utoipa::{
    Modify, OpenApi,
    openapi::{
        OpenApi as Document,
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    },
};
use utoipa_axum::{router::OpenApiRouter, routes};
use utoipa_swagger_ui::SwaggerUi;

/// What every handler has at hand.
#[derive(Clone, Debug)]
pub struct App {
    /// The use cases.
    pub service: Service,
    /// Who somebody is. Shared: each layer of each request has a copy of this.
    pub identity: Arc<Identity>,
}

#[derive(OpenApi)]
#[openapi(
    info(title = "Beacon", description = "Anti-social behaviour incidents of a partnership: recorded, found by name, mapped.", license(name = "MIT")),
    modifiers(&Bearer),
    // Named by a query parameter only, whose schema is not collected.
    components(schemas(service::imports::ImportKind)),
    tags((name = "incidents"), (name = "reports"), (name = "places"), (name = "involvements"), (name = "allegations"),
        (name = "names and people"), (name = "imports"), (name = "vocabularies"), (name = "access"), (name = "data protection"),
        (name = "administration"), (name = "operations"))
)]
struct ApiDocument;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut Document) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("An API token, or an access token of an identity provider that is set"))
            .build();
        document.components.get_or_insert_default().security_schemes.insert("token".to_owned(), SecurityScheme::Http(scheme).into());
        let cookie = ApiKeyValue::with_description(identity::browser::SESSION, "A session, from Beacon's own pages alone: see /sign-in");
        let scheme = SecurityScheme::ApiKey(ApiKey::Cookie(cookie));
        document.components.get_or_insert_default().security_schemes.insert("session".to_owned(), scheme.into());
        document.security = Some(["token", "session"].map(|name| SecurityRequirement::new(name, Vec::<String>::new())).to_vec());
    }
}

fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(ApiDocument::openapi())
        .routes(routes!(list::list_incidents, create::create_incident))
        .routes(routes!(read::read_incident, change::change_incident))
        .routes(routes!(history::incident_history))
        .routes(routes!(duplicates::list_duplicates, duplicates::link_duplicate))
        .routes(routes!(duplicates::unlink_duplicate))
        .routes(routes!(reports::add_report))
        .routes(routes!(reports::change_report, reports::delete_report))
        .routes(routes!(places::add_place))
        .routes(routes!(places::change_place, places::delete_place))
        .routes(routes!(involvements::add_involvement))
        .routes(routes!(involvements::change_involvement, involvements::delete_involvement))
        .routes(routes!(allegations::add_allegation))
        .routes(routes!(allegations::change_allegation, allegations::delete_allegation))
        .routes(routes!(intakes::open_intake))
        .routes(routes!(search::names::search_names))
        .routes(routes!(search::name_forms::list_name_forms, search::name_forms::add_name_form))
        .routes(routes!(search::name_forms::withdraw_name_form))
        .routes(routes!(people::read::read_person))
        .routes(routes!(people::links::person_links))
        .routes(routes!(people::links::waiting_links, people::links::link_people))
        .routes(routes!(people::links::undo_link))
        .routes(routes!(people::links::agree_to_link))
        .routes(routes!(people::proposals::people_to_review))
        .routes(routes!(people::associations::add_association))
        .routes(routes!(people::associations::withdraw_association))
        .routes(routes!(people::chronology::person_chronology))
        .routes(routes!(people::reference_checks::list_reference_checks, people::reference_checks::check_reference))
        .routes(routes!(people::reference_checks::dispute_reference))
        .routes(routes!(markers::set_marker))
        .routes(routes!(markers::end_marker))
        .routes(routes!(search::places::search_places))
        .routes(routes!(search::hotspots::hotspots))
        .routes(routes!(search::areas::list_areas))
        .routes(routes!(vocabularies::list_vocabularies))
        .routes(routes!(imports::list_imports, imports::run_import))
        .routes(routes!(audit::read_audit))
        .routes(routes!(ledger::read_checkpoint))
        .routes(routes!(ledger::list_viewers))
        .routes(routes!(ledger::list_seen))
        .routes(routes!(ledger::list_disclosures))
        .routes(routes!(ledger::count_look_ups))
        .routes(routes!(ledger::erase_payload))
        .routes(routes!(agencies::list_agencies, agencies::add_agency))
        .routes(routes!(officers::list_officers, officers::add_officer))
        .routes(routes!(officers::change_officer))
        .routes(routes!(officers::suspend_officer, officers::reinstate_officer))
        .routes(routes!(accounts::set_password))
        .routes(routes!(accounts::link_identity))
        .routes(routes!(accounts::change_password))
        .routes(routes!(tokens::list_tokens, tokens::add_token))
        .routes(routes!(tokens::revoke_token))
        .routes(routes!(secondments::read_standing))
        .routes(routes!(secondments::list_partnerships))
        .routes(routes!(secondments::list_secondments, secondments::add_secondment))
        .routes(routes!(secondments::end_secondment))
        .routes(routes!(releases::add_release))
        .routes(routes!(releases::list_releases))
        .routes(routes!(releases::revoke_release))
        .routes(routes!(blocks::list_blocks))
        .routes(routes!(blocks::add_block, blocks::lift_block))
        .routes(routes!(emergency::list_emergency_access, emergency::open_in_emergency))
        .routes(routes!(conflicts::own_declarations, conflicts::declare))
        .routes(routes!(conflicts::withdraw_declaration))
        .routes(routes!(conflicts::list_declarations))
        .routes(routes!(notices::list_notices))
        .routes(routes!(notices::see_notice))
        .routes(routes!(notices::unfinished_intakes))
        .routes(routes!(asks::list_asks, asks::add_ask))
        .routes(routes!(asks::answer_ask))
        .routes(routes!(agreements::list_agreements))
        .routes(routes!(agreements::set_agreement))
        .routes(routes!(source::set_source, source::read_source))
        .routes(routes!(erasures::list_erasures, erasures::erase))
        .routes(routes!(proposals::list_proposals))
        .routes(routes!(proposals::decide_proposal))
        .routes(routes!(recipients::erasure_recipients))
        .routes(routes!(rectifications::rectify))
        .routes(routes!(rectifications::list_rectifications))
        .routes(routes!(disputes::dispute))
        .routes(routes!(recipients::rectification_recipients))
        .routes(routes!(retention::list_schedules, retention::set_schedule))
        .routes(routes!(retention::list_reviews))
        .routes(routes!(retention::list_decisions, retention::decide))
        .routes(routes!(subject_requests::list, subject_requests::open))
        .routes(routes!(subject_requests::draft))
        .routes(routes!(subject_requests::decide_line))
        .routes(routes!(subject_requests::release))
        .routes(routes!(subject_requests::package))
        .routes(routes!(health::health))
        .routes(routes!(health::ready))
}

/// The OpenAPI document.
pub fn document() -> Document {
    with_what_all_share(routes().into_openapi())
}

/// The whole service over HTTP, with the `pages` that people sign in by.
pub fn router(app: App, pages: Router) -> Router {
    let (router, document) = routes().split_for_parts();
    router
        .merge(SwaggerUi::new("/docs").url("/openapi.json", with_what_all_share(document)))
        .route("/", get(|| async { Redirect::to("/docs/") }))
        .fallback(|| async { ApiError::from(service::ServiceError::NotFound) })
        .method_not_allowed_fallback(|| async {
            ApiError::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "method",
                "The method is not allowed here",
                "see /docs for the methods of this path",
            )
        })
        .layer(DefaultBodyLimit::max(body::LIMIT))
        .with_state(app.clone())
        .merge(pages)
        .layer(RequestBodyTimeoutLayer::new(BODY_PAUSE))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn_with_state(app, every_request))
}

/// Says of every panic where it was, and nothing of what it says: it may quote a record. To be called once, before anything is
/// served.
pub fn hide_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "a panic: what was being done is not done");
    }));
}

fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    let detail = "the request was not carried out; it is in the log under its request id";
    ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something went wrong here", detail).into_response()
}

/// The metrics, on a listener of their own.
pub fn metrics_router(handle: PrometheusHandle) -> Router {
    Router::new().route("/metrics", get(move || std::future::ready(handle.render())))
}

/// How long a client may pause within a body.
const BODY_PAUSE: Duration = Duration::from_secs(30);

/// How long a request may take before it is told that it took too long; imports go on for as long as they need.
const PATIENCE: Duration = Duration::from_secs(60);

/// What every answer tells a browser, unless a page of ours says something narrower: nothing of it is a script, a frame or a
/// referrer. The API's own pages under `/docs` need their scripts and styles.
const HARDENED: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    ),
];

/// A page for people tells by itself what is wrong.
const HTML: &str = "text/html; charset=utf-8";

/// Names the request, bounds its time, counts it, and keeps its answer out of every cache.
async fn every_request(State(app): State<App>, matched: Option<MatchedPath>, mut request: Request, next: Next) -> Response {
    let id = caller::request_id(&app, request.headers());
    request.extensions_mut().insert(RequestId(id.clone()));
    let (method, began) = (method_name(request.method()), Instant::now());
    let has_body = !request.body().is_end_stream();
    let path = matched.map_or_else(|| "unmatched".to_owned(), |path| path.as_str().to_owned());
    let patience = if method == "POST" && path == "/v1/imports" { Duration::from_secs(24 * 3_600) } else { PATIENCE };
    let mut response = match tokio::time::timeout(patience, next.run(request)).await {
        Ok(response) => response,
        Err(_) => ApiError::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "timeout",
            "It took too long",
            "try again; with an Idempotency-Key nothing doubles",
        )
        .into_response(),
    };
    if response.status().is_client_error()
        && response.headers().get(header::CONTENT_TYPE).is_none_or(|kind| kind != "application/problem+json" && kind != HTML)
    {
        // Refused before it reached a handler, as a path that is not UTF-8: told as a problem like all others.
        let detail = "the path or a header of the request cannot be read: check how it is encoded";
        response = ApiError::new(response.status(), "bad-request", "The request cannot be read", detail).into_response();
    }
    if response.status() == StatusCode::INTERNAL_SERVER_ERROR {
        tracing::error!(request = id, method, path, "a request was not carried out");
    }
    let status = response.status().as_u16().to_string();
    metrics::counter!("beacon_requests_total", "method" => method, "path" => path.clone(), "status" => status).increment(1);
    metrics::histogram!("beacon_request_seconds", "method" => method, "path" => path.clone()).record(began.elapsed().as_secs_f64());
    let unread = has_body && matches!(response.status().as_u16(), 400 | 401 | 403 | 404 | 405 | 408 | 413 | 415 | 429);
    let headers = response.headers_mut();
    if unread {
        // Refused before its body was read: the connection ends, and a client that is not told would send its next
        // request into it.
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        headers.insert(HeaderName::from_static("x-request-id"), value);
    }
    for (name, value) in HARDENED {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if path.starts_with("/v1/") || path == "unmatched" {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// The method as a metric's label: one that a stranger makes up is no series of its own.
fn method_name(method: &Method) -> &'static str {
    let usual = ["GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"];
    usual.into_iter().find(|name| method == name).unwrap_or("other")
}
