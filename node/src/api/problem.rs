//! Errors as people and programs meet them: RFC 9457 problems.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::types::Problem;
use crate::handle::Denied;

/// The media type of every error.
pub const PROBLEM_JSON: &str = "application/problem+json";
/// When to come back after "too busy": the core works off a full queue in well under a second.
const RETRY_AFTER_S: &str = "1";

/// Why a request was not done. Every handler's error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure(pub Problem);

impl Failure {
    /// A problem of this name and status. `detail` says what happened, to what, and what to do.
    pub fn new(status: StatusCode, kind: &str, detail: impl Into<String>) -> Self {
        Failure(Problem {
            kind: kind.to_owned(),
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            status: status.as_u16(),
            detail: detail.into(),
            candidates: Vec::new(),
        })
    }

    /// 400: the request itself cannot be understood.
    pub fn bad_request(kind: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, kind, detail)
    }

    /// 404: no such thing.
    pub fn unknown(kind: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, kind, detail)
    }

    /// 409: a name or prefix that means several things.
    pub fn ambiguous(detail: impl Into<String>, candidates: Vec<String>) -> Self {
        let mut failure = Self::new(StatusCode::CONFLICT, "ambiguous", detail);
        failure.0.candidates = candidates;
        failure
    }

    /// 409: not yet, or not any more.
    pub fn not_settled(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "not-settled", detail)
    }

    /// 413: more bytes than allowed.
    pub fn too_large(bytes_max: usize) -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-large",
            format!("The body of this request may have at most {bytes_max} bytes. Send less."),
        )
    }

    /// 422: understood, and it makes no sense.
    pub fn invalid(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail)
    }

    /// 503: not now.
    pub fn unavailable(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail)
    }

    /// The problem's status.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl From<Denied> for Failure {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Unknown(detail) => Self::unknown("unknown", detail),
            Denied::Invalid(detail) => Self::invalid(detail),
            Denied::Unavailable(detail) => Self::unavailable(detail),
            Denied::NotSettled(detail) => Self::not_settled(detail),
            Denied::Upstream(detail) => Self::new(StatusCode::BAD_GATEWAY, "upstream", detail),
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = self.status();
        let mut response = (status, Json(self.0)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER_S));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static("Bearer realm=\"zeromesh\""),
            );
        }
        response
    }
}
