//! Connections: how many, how long a client may take to say what it wants, TLS where it is set up, and an orderly end.

use crate::console::Failure;
use axum::{Router, extract::ConnectInfo};
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
    service::TowerToHyperService,
};
use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpListener,
    sync::Semaphore,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    },
};

/// How long a client may take to send the head of a request, and a connection may lie idle.
const HEAD_WITHIN: Duration = Duration::from_secs(20);
/// How long the TLS handshake may take.
const HANDSHAKE_WITHIN: Duration = Duration::from_secs(10);
/// The bytes of a head after which no more is read; what is in the buffer by then may be twice as much.
const HEAD_BYTES: usize = 64 * 1024;
/// The most headers of a request.
const HEADERS: usize = 100;
/// The most connections at once.
const CONNECTIONS: usize = 10_000;

/// TLS by a certificate chain and its key.
///
/// # Errors
/// In words for whoever set it up.
pub(crate) fn tls((certificate, key): &(PathBuf, PathBuf)) -> Result<TlsAcceptor, Failure> {
    let told = |path: &PathBuf, error: &dyn std::fmt::Display| {
        Failure::new(format!("{} cannot be used for TLS ({error}): check BEACON_TLS_CERTIFICATE and BEACON_TLS_KEY", path.display()))
    };
    let chain = CertificateDer::pem_file_iter(certificate).map_err(|error| told(certificate, &error))?;
    let chain = chain.collect::<Result<Vec<_>, _>>().map_err(|error| told(certificate, &error))?;
    let secret = PrivateKeyDer::from_pem_file(key).map_err(|error| told(key, &error))?;
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().map_err(|error| told(key, &error))?;
    let config = config.with_no_client_auth().with_single_cert(chain, secret).map_err(|error| told(certificate, &error))?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Serves until `stop` ends, then until the requests under way have been answered.
pub(crate) async fn serve(listener: TcpListener, router: Router, tls: Option<TlsAcceptor>, stop: impl Future<Output = ()>) {
    let (graceful, free) = (GracefulShutdown::new(), Arc::new(Semaphore::new(CONNECTIONS)));
    tokio::pin!(stop);
    loop {
        // Taken before a connection is: more than these wait in the queue of the system.
        let room = tokio::select! {
            room = free.clone().acquire_owned() => room,
            () = &mut stop => break,
        };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // As when there are no more files to be had: waiting is all that helps.
                tracing::warn!(error = %error, "a connection could not be taken");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let _ = stream.set_nodelay(true);
        let (router, watcher, tls) = (router.clone(), graceful.watcher(), tls.clone());
        tokio::spawn(async move {
            match tls {
                None => one(stream, peer, router, watcher).await,
                Some(tls) => {
                    if let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE_WITHIN, tls.accept(stream)).await {
                        one(stream, peer, router, watcher).await;
                    }
                }
            }
            drop(room);
        });
    }
    // Nobody new is let in while those who are in finish.
    drop(listener);
    graceful.shutdown().await;
}

async fn one(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, peer: SocketAddr, router: Router, watcher: Watcher) {
    let service = TowerToHyperService::new(router.layer(axum::Extension(ConnectInfo(peer))));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .max_buf_size(HEAD_BYTES)
        .max_headers(HEADERS)
        .serve_connection(TokioIo::new(stream), service);
    // Its end is the client's affair: what was carried out is in the ledger.
    let _ = watcher.watch(connection).await;
}
