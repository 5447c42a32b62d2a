//! Reads the bodies of requests, within a size and a time.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{StatusCode, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;

use super::problem::Failure;

/// Bytes of a request that only turns or names something.
pub const SMALL_BYTES_MAX: usize = 16 * 1024;
/// How long a client may take to send a body: 4 MiB at a slow 300 kB/s, twice over.
const BODY_TIMEOUT: Duration = Duration::from_secs(30);

/// The whole body, if it has at most `bytes_max` bytes. A body that says it is longer is refused
/// before a byte of it is read.
pub async fn read(request: Request, bytes_max: usize) -> Result<Bytes, Failure> {
    let told = request.headers().get(header::CONTENT_LENGTH);
    let told = told.and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if told.is_some_and(|length| length > bytes_max as u64) {
        return Err(Failure::too_large(bytes_max));
    }
    collect(request.into_body(), bytes_max).await
}

async fn collect(body: Body, bytes_max: usize) -> Result<Bytes, Failure> {
    match tokio::time::timeout(BODY_TIMEOUT, Limited::new(body, bytes_max).collect()).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Failure::too_large(bytes_max)),
        Ok(Err(error)) => Err(Failure::bad_request(
            "bad-body",
            format!("The body of the request broke off: {error}. Send it again."),
        )),
        Err(_) => Err(Failure::new(
            StatusCode::REQUEST_TIMEOUT,
            "timeout",
            format!("The body did not arrive within {} s. Send it again.", BODY_TIMEOUT.as_secs()),
        )),
    }
}

/// The body as JSON of this shape.
pub async fn read_json<T: DeserializeOwned>(
    request: Request,
    bytes_max: usize,
) -> Result<T, Failure> {
    parse_json(&read(request, bytes_max).await?)
}

/// JSON that says where it went wrong.
pub fn parse_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(bytes).map_err(|error| {
        // Nothing there yet is the commonest mistake, and "EOF at line 1 column 0" hides it.
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Failure::bad_request("bad-json", "The body is empty: JSON was expected.");
        }
        let kind = if error.is_data() { "bad-shape" } else { "bad-json" };
        Failure::bad_request(kind, format!("The body is not what was expected: {error}."))
    })
}
