//! `beacon serve`

use crate::{
    console::{self, Failure},
    listener,
    settings::Settings,
};
use api::Limits;
use service::Service;
use std::{io::Write, net::SocketAddr, process::ExitCode, sync::Arc, time::Duration};
use tokio::{net::TcpListener, sync::watch};
use tokio_rustls::TlsAcceptor;

/// How long requests under way may go on after a signal to stop.
const DRAIN: Duration = Duration::from_secs(30);

pub(crate) async fn run(settings: &Settings) -> Result<ExitCode, Failure> {
    let listeners = bind(settings).await?;
    let service = console::open_to_serve(settings).await?;
    super::erasure::refuse_to_bring_back(settings, &service).await?;
    let pages = pages(settings, &service)?;
    println!("listening on {}", listeners.address()?);
    std::io::stdout().flush()?;
    serve(service, pages, listeners).await
}

/// The pages people sign in by, as set.
pub(crate) fn pages(settings: &Settings, service: &Service) -> Result<web::Pages, Failure> {
    Ok(web::Pages { identity: Arc::new(console::identity(settings, service)?), local_accounts: settings.local_accounts })
}

/// The ports of a server.
pub(crate) struct Listeners {
    /// Where the API is served.
    pub(crate) api: TcpListener,
    /// Where the metrics are given, if anywhere.
    metrics: Option<TcpListener>,
    tls: Option<TlsAcceptor>,
    limits: Limits,
}

impl Listeners {
    /// The address of the API, with its scheme.
    pub(crate) fn address(&self) -> Result<String, Failure> {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        Ok(format!("{scheme}://{}", self.api.local_addr()?))
    }
}

/// Takes the ports first: a second server on the same one must fail before it touches anything.
pub(crate) async fn bind(settings: &Settings) -> Result<Listeners, Failure> {
    let take = async |address: SocketAddr, setting: &str| {
        let taken = TcpListener::bind(address).await;
        taken.map_err(|error| Failure::new(format!("cannot listen on {address} ({error}): stop what uses it, or set {setting}")))
    };
    let api = take(settings.listen, "BEACON_LISTEN").await?;
    let metrics = match settings.metrics_listen {
        Some(address) => Some(take(address, "BEACON_METRICS_LISTEN").await?),
        None => None,
    };
    let tls = settings.tls.as_ref().map(listener::tls).transpose()?;
    let limits = Limits::per_second(settings.requests_per_second, settings.requests_per_second_of_an_address);
    Ok(Listeners { api, metrics, tls, limits })
}

/// Serves until SIGTERM or SIGINT, then lets requests under way finish.
pub(crate) async fn serve(service: Service, pages: web::Pages, listeners: Listeners) -> Result<ExitCode, Failure> {
    let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
    let metrics = recorder.handle();
    // Already set only when a test serves twice in one process.
    let _ = metrics::set_global_recorder(recorder);
    let (stop, stopping) = watch::channel(false);
    tokio::spawn(async move {
        signal().await;
        tracing::info!("stopping: requests under way may finish");
        let _ = stop.send(true);
    });
    if let Some(listener) = listeners.metrics {
        tracing::info!(address = %listener.local_addr()?, "metrics");
        let router = api::metrics_router(metrics);
        let stopping = stopping.clone();
        tokio::spawn(async move { axum::serve(listener, router).with_graceful_shutdown(stopped(stopping)).await });
    }
    let app = api::App { service: service.clone(), identity: pages.identity.clone() };
    let router = listeners.limits.around(api::router(app, web::router(pages)));
    let serving = listener::serve(listeners.api, router, listeners.tls, stopped(stopping.clone()));
    let bounded = async {
        stopped(stopping).await;
        tokio::time::sleep(DRAIN).await;
    };
    tokio::select! {
        () = serving => {}
        () = bounded => tracing::warn!("requests still under way after 30 s were cut off"),
    }
    service.stop().await;
    Ok(ExitCode::SUCCESS)
}

async fn stopped(mut stopping: watch::Receiver<bool>) {
    // An error means the sender is gone, and so is whoever would tell us to stop.
    let _ = stopping.wait_for(|stop| *stop).await;
}

async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) else {
        return std::future::pending().await;
    };
    tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
}
