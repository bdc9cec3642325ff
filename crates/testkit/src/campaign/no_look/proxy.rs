//! A proxy on loopback that keeps every byte that comes back from the server, before it passes it on.

use socket2::{Domain, Socket, Type};
use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering::SeqCst},
    },
    thread::{sleep, spawn},
    time::Duration,
};

/// The proxy of one officer's connections.
#[derive(Debug)]
pub(super) struct Proxy {
    /// Where the officer's clients connect.
    pub(super) url: String,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    /// Where the server is at the moment, if anywhere.
    to: Mutex<Option<String>>,
    /// What came back, connection by connection.
    kept: Mutex<Vec<Vec<u8>>>,
    open: AtomicU64,
    /// How many connections there have been.
    count: AtomicU64,
}

/// How much is read at once; little, so that a large answer is still under way when its server is killed.
const AT_ONCE: usize = 4 * 1024;
/// How long every fourth connection waits before it reads on.
const PAUSE: Duration = Duration::from_millis(4);

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Proxy {
    pub(super) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("its address"));
        let shared = Arc::new(Shared::default());
        let own = shared.clone();
        // Ends with the process: a campaign has one for each officer.
        spawn(move || {
            for client in listener.incoming().flatten() {
                let shared = own.clone();
                spawn(move || pass(&shared, client));
            }
        });
        Self { url, shared }
    }

    /// Tells it where the server is now.
    pub(super) fn serve_at(&self, url: Option<&str>) {
        *lock(&self.shared.to) = url.map(|url| url.trim_start_matches("http://").to_owned());
    }

    /// Everything kept since the last time, once the server is down and its last bytes have come.
    pub(super) fn take(&self) -> Vec<Vec<u8>> {
        while self.shared.open.load(SeqCst) > 0 {
            sleep(Duration::from_millis(2));
        }
        std::mem::take(&mut lock(&self.shared.kept))
    }
}

fn pass(shared: &Shared, client: TcpStream) {
    shared.open.fetch_add(1, SeqCst);
    let slow = shared.count.fetch_add(1, SeqCst) % 4 == 3;
    let to = lock(&shared.to).clone();
    let kept = to.and_then(|to| connect(&to).ok()).map(|server| between(client, server, slow));
    if let Some(kept) = kept {
        lock(&shared.kept).push(kept);
    }
    shared.open.fetch_sub(1, SeqCst);
}

/// Connects with a buffer so small that most of a large answer waits in the server: killed, it cannot send the rest.
fn connect(to: &str) -> std::io::Result<TcpStream> {
    let address: std::net::SocketAddr = to.parse().map_err(std::io::Error::other)?;
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    socket.set_recv_buffer_size(AT_ONCE)?;
    socket.connect(&address.into())?;
    Ok(socket.into())
}

/// Carries bytes both ways until the server's end; gives what the server said.
fn between(client: TcpStream, server: TcpStream, slow: bool) -> Vec<u8> {
    let mut kept = Vec::new();
    let (Ok(mut from_client), Ok(mut to_server)) = (client.try_clone(), server.try_clone()) else { return kept };
    spawn(move || {
        let _ = std::io::copy(&mut from_client, &mut to_server);
        let _ = to_server.shutdown(Shutdown::Write);
    });
    let (mut client, mut server) = (client, server);
    let mut some = [0; AT_ONCE];
    while let Ok(read @ 1..) = server.read(&mut some) {
        kept.extend_from_slice(&some[..read]);
        if client.write_all(&some[..read]).is_err() {
            // The client is gone, but what the server says still counts.
            continue;
        }
        if slow {
            sleep(PAUSE);
        }
    }
    let _ = client.shutdown(Shutdown::Both);
    kept
}
