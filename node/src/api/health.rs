//! Whether the process answers, and whether the node takes part: for those who restart and route.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::Api;
use super::types::Health;

/// `GET /healthz`: this process answers. Only that: a node that waits for its mesh is healthy, and
/// restarting it would not help.
pub async fn healthz() -> Response {
    answer(Health { ok: true, reasons: Vec::new() })
}

/// `GET /readyz`: the node takes part and nothing is wrong with it; else 503 and why.
pub async fn readyz(State(api): State<Api>) -> Response {
    let picture = api.handle.picture.borrow().clone();
    let mut reasons = Vec::new();
    if api.handle.asks.is_closed() || api.shutdown.is_cancelled() {
        reasons.push("The node is shutting down.".to_owned());
    } else if !picture.ready {
        reasons.push("The node is starting: it opens its store, listens and joins.".to_owned());
    }
    let ok = reasons.is_empty();
    // Troubles that do not keep it from taking part are told, but do not take it out of service.
    reasons.extend(picture.status.problems.iter().cloned());
    answer(Health { ok, reasons })
}

fn answer(health: Health) -> Response {
    let status = if health.ok { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let mut response = (status, Json(health)).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
