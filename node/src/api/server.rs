//! The HTTP server: connections within limits, requests within time, every error a problem.
//!
//! hyper is driven directly because `axum::serve` has no timeouts: one client that sends a byte a
//! minute would hold a connection for good. What bounds what:
//!
//! | what | limit |
//! | --- | --- |
//! | connections | [`Limits::connections_max`], those beyond it get a 503 and are closed |
//! | time to send the head of a request, and idle time between two | [`Limits::head_timeout`] |
//! | size of a head, number of headers | `HEAD_BYTES_MAX`, `HEADERS_MAX` |
//! | size and time of a body | per route, see [`super::body`] |
//! | time to answer | `ANSWER_TIMEOUT` |
//! | time a write may make no progress | [`WRITE_STALL_MAX`](super::stall::WRITE_STALL_MAX) |
//!
//! Only a head that cannot be understood at all is answered by hyper itself, with a bare 400 or 431.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::task::TaskTracker;

use super::problem::{Failure, PROBLEM_JSON};
use super::stall::WriteStall;
use super::{Api, routes};

/// Bytes of a head: ours have a few hundred, browsers with cookies of other local pages some kB.
const HEAD_BYTES_MAX: usize = 32 * 1024;
/// Headers of a request.
const HEADERS_MAX: usize = 100;
/// Longer than a body may take to come in and the core to answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(60);
/// How long open requests may take to end when the node stops.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(3);
/// After an error of `accept` that is not the client's: mostly too many open files.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// Bytes of an error text of a library that is turned into a problem.
const ERROR_TEXT_BYTES_MAX: usize = 4 * 1024;

/// How much of everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Open connections, WebSockets included.
    pub connections_max: usize,
    /// Open WebSockets.
    pub websockets_max: usize,
    /// How long a client may take to send a request's head, and how long a connection may idle.
    pub head_timeout: Duration,
    /// A WebSocket to which nothing can be sent for this long is closed.
    pub stuck_after: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            connections_max: 12_000,
            websockets_max: 10_000,
            head_timeout: Duration::from_secs(15),
            stuck_after: Duration::from_secs(20),
        }
    }
}

/// Why the server cannot listen.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    #[error(
        "the HTTP address {0} is in use by another program, perhaps another node. Stop it, or \
         choose another with --http (0 takes a free port)"
    )]
    InUse(SocketAddr),
    #[error("cannot listen for HTTP on {address}: {source}")]
    Other { address: SocketAddr, source: io::Error },
}

/// Listens at the address.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, BindError> {
    TcpListener::bind(address).await.map_err(|source| match source.kind() {
        io::ErrorKind::AddrInUse => BindError::InUse(address),
        _ => BindError::Other { address, source },
    })
}

/// Serves until the API's shutdown is told, then lets open requests end.
pub async fn serve(api: Api, listener: TcpListener) {
    let router = routes::router(&api);
    let room = Arc::new(Semaphore::new(api.limits.connections_max));
    let open = TaskTracker::new();
    tokio::spawn(super::socket::hub::run(api.clone()));
    loop {
        let accepted = tokio::select! {
            () = api.shutdown.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                // The client's own going away is its affair; anything else will not pass at once.
                if error.kind() != io::ErrorKind::ConnectionAborted {
                    tracing::warn!(%error, "cannot accept an HTTP connection");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
                continue;
            }
        };
        match room.clone().try_acquire_owned() {
            Ok(permit) => {
                open.spawn(connection(api.clone(), router.clone(), stream, permit));
            }
            Err(_) => {
                api.counters.connections_refused.fetch_add(1, Ordering::Relaxed);
                open.spawn(turn_away(stream));
            }
        }
    }
    drop(listener);
    open.close();
    if tokio::time::timeout(DRAIN_TIMEOUT, open.wait()).await.is_err() {
        tracing::debug!("some HTTP connections were still open at the end");
    }
}

async fn connection(api: Api, router: Router, stream: TcpStream, permit: OwnedSemaphorePermit) {
    // Answers are small and wait for nothing.
    let _ = stream.set_nodelay(true);
    let guard = Arc::new(OpenConnection::new(api.clone(), permit));
    let service = service_fn({
        let (api, guard) = (api.clone(), guard.clone());
        move |request: hyper::Request<Incoming>| {
            let (api, router) = (api.clone(), router.clone());
            let mut request = request.map(Body::new);
            // A WebSocket outlives the HTTP connection it came on, and counts as long as it lives.
            request.extensions_mut().insert(guard.clone());
            async move { Ok::<_, Infallible>(answer(&api, router, request).await) }
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(api.limits.head_timeout)
        .max_buf_size(HEAD_BYTES_MAX)
        .max_headers(HEADERS_MAX)
        .serve_connection(TokioIo::new(WriteStall::new(stream)), service)
        .with_upgrades();
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = api.shutdown.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::trace!(%error, "an HTTP connection ended early");
    }
}

/// Counted as long as it, or the WebSocket it became, lives.
pub struct OpenConnection {
    api: Api,
    _permit: OwnedSemaphorePermit,
}

impl OpenConnection {
    fn new(api: Api, permit: OwnedSemaphorePermit) -> Self {
        api.counters.connections.fetch_add(1, Ordering::Relaxed);
        OpenConnection { api, _permit: permit }
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.api.counters.connections.fetch_sub(1, Ordering::Relaxed);
    }
}

async fn answer(api: &Api, router: Router, request: Request) -> Response {
    let started = Instant::now();
    let checked = api.access.check(request.uri(), request.headers());
    let mut response = match checked {
        Err(failure) => failure.into_response(),
        Ok(()) => {
            use tower_service::Service;
            let mut router = router;
            match tokio::time::timeout(ANSWER_TIMEOUT, router.call(request)).await {
                Ok(Ok(response)) => response,
                Ok(Err(never)) => match never {},
                Err(_) => Failure::new(
                    StatusCode::GATEWAY_TIMEOUT,
                    "timeout",
                    format!("This took longer than {} s. Try again.", ANSWER_TIMEOUT.as_secs()),
                )
                .into_response(),
            }
        }
    };
    if response.status().is_client_error() || response.status().is_server_error() {
        response = as_problem(response).await;
    }
    secure(&mut response);
    api.counters.answered(response.status(), started.elapsed());
    response
}

/// Errors that libraries word themselves (a query that does not parse, a handshake that is none)
/// become problems like all others.
async fn as_problem(response: Response) -> Response {
    let kind = response.headers().get(header::CONTENT_TYPE);
    // Health says why in its own words.
    if kind.is_some_and(|kind| kind == PROBLEM_JSON || kind == "application/json") {
        return response;
    }
    let (parts, body) = response.into_parts();
    let text = match Limited::new(body, ERROR_TEXT_BYTES_MAX).collect().await {
        Ok(body) => String::from_utf8_lossy(&body.to_bytes()).trim().to_owned(),
        Err(_) => String::new(),
    };
    let detail = if text.is_empty() { "The request cannot be answered.".to_owned() } else { text };
    let mut problem = Failure::new(parts.status, "about:blank", detail).into_response();
    for name in [header::ALLOW, header::RETRY_AFTER, header::SEC_WEBSOCKET_VERSION] {
        if let Some(value) = parts.headers.get(&name) {
            problem.headers_mut().insert(name, value.clone());
        }
    }
    problem
}

/// Headers that keep browsers from guessing, framing and telling others.
fn secure(response: &mut Response) {
    let headers = response.headers_mut();
    let mut set = |name, value| headers.insert(name, HeaderValue::from_static(value));
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::REFERRER_POLICY, "no-referrer");
    const SAME_SITE: &str = "same-origin";
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static(SAME_SITE));
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static(SAME_SITE));
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        let nothing = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
        headers.insert(header::CONTENT_SECURITY_POLICY, nothing);
    }
}

/// A word to those who come when all places are taken; a silent wait would look like a dead node.
async fn turn_away(mut stream: TcpStream) {
    let failure = Failure::unavailable("This node has too many connections. Try again later.");
    let body = serde_json::to_string(&failure.0).unwrap_or_default();
    let answer = format!(
        "HTTP/1.1 503 Service Unavailable\r\ncontent-type: {PROBLEM_JSON}\r\nretry-after: 1\r\n\
         connection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let _ = tokio::time::timeout(Duration::from_secs(1), async {
        stream.write_all(answer.as_bytes()).await?;
        stream.shutdown().await
    })
    .await;
}
