//! The ceiling of reads: an axum that answers the same number of bytes and does nothing else, in a process of its own.

use axum::{Router, routing::get};
use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, Command, Stdio},
};

/// A running hello; killed when it goes.
pub(crate) struct Hello {
    /// Its address.
    pub(crate) url: String,
    child: Child,
}

impl Hello {
    /// Starts this program again as `bench hello`.
    pub(crate) fn start() -> Self {
        let own = std::env::current_exe().expect("this program");
        let mut child = Command::new(own).arg("hello").stdout(Stdio::piped()).spawn().expect("it starts");
        let mut url = String::new();
        BufReader::new(child.stdout.take().expect("its output is piped")).read_line(&mut url).expect("its address");
        Self { url: url.trim().to_owned(), child }
    }
}

impl Drop for Hello {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Serves until killed.
pub(crate) fn serve() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        println!("http://{}", listener.local_addr().expect("its address"));
        std::io::stdout().flush().expect("standard output");
        let answer = async || "hello, ".repeat(200);
        axum::serve(listener, Router::new().route("/", get(answer).post(answer))).await.expect("it serves");
    });
}
