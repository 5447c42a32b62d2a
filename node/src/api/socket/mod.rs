//! `GET /api/v1/ws`: what changes, as it changes.
//!
//! Each channel is a [`feed`], written once and shared by all who follow it. A [`viewer`] (one
//! WebSocket) holds no queue: it remembers how far it has come on each channel and takes the next
//! message from the feed when its socket can take one. So a slow reader costs nobody anything: of
//! states it skips to the newest, and of talk, which feeds keep a while, it is told what it missed.
//! The [`hub`] keeps the feeds that somebody follows.

use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{Extension, State};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::Api;
use super::problem::Failure;
use super::server::OpenConnection;

pub mod feed;
pub mod hub;
pub mod viewer;

/// The subprotocol of this API, for clients that name one (those that bring a token in another).
const PROTOCOL: &str = "zeromesh";
/// Bytes of a client's message: the longest, a subscription, has about 150.
const MESSAGE_BYTES_MAX: usize = 4 * 1024;
/// With the library's 128 kB, 10,000 idle sockets would take 1.3 GB; so they take 63 MB.
const BUFFER_BYTES: usize = 4 * 1024;

/// Upgrades a request to a WebSocket.
pub async fn upgrade(
    State(api): State<Api>,
    connection: Option<Extension<Arc<OpenConnection>>>,
    upgrade: WebSocketUpgrade,
) -> Response {
    let open = api.counters.sockets.fetch_add(1, Ordering::Relaxed);
    let counted = Counted(api.clone());
    if open >= api.limits.websockets_max as u64 {
        return Failure::unavailable("This node has too many WebSockets open. Try another node.")
            .into_response();
    }
    upgrade
        .read_buffer_size(BUFFER_BYTES)
        .write_buffer_size(BUFFER_BYTES)
        .max_message_size(MESSAGE_BYTES_MAX)
        .max_frame_size(MESSAGE_BYTES_MAX)
        .protocols([PROTOCOL])
        .on_upgrade(move |socket| async move {
            viewer::serve(counted.0.clone(), socket).await;
            drop((counted, connection));
        })
}

/// Counts a WebSocket as long as it lives.
struct Counted(Api);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.counters.sockets.fetch_sub(1, Ordering::Relaxed);
    }
}
