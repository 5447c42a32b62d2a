//! Answers made from the pictures, rendered once for everybody who asks until the picture changes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Serialize;

use super::Api;
use super::problem::Failure;
use crate::handle::Picture;

/// Different answers kept for one picture. When there are more, all are dropped: who asks for that
/// many different pages does not ask for the same one often.
const BODIES_MAX: usize = 256;
/// Bytes of all of them.
const BODIES_BYTES_MAX: usize = 16 * 1024 * 1024;

/// The answers of the present picture.
#[derive(Default)]
pub struct Cache(Mutex<Bodies>);

#[derive(Default)]
struct Bodies {
    /// Held so that its address is not used again: that it is the same one is what counts.
    picture: Option<Arc<Picture>>,
    bodies: HashMap<String, Rendered>,
    bytes: usize,
}

#[derive(Clone)]
struct Rendered {
    body: Bytes,
    etag: HeaderValue,
}

impl Rendered {
    fn new(value: &impl Serialize) -> Result<Self, Failure> {
        let body = serde_json::to_vec(value).map_err(|error| {
            Failure::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal",
                format!("The answer could not be written as JSON: {error}. Please report this."),
            )
        })?;
        let hash = blake3::hash(&body).to_hex();
        let etag = HeaderValue::from_str(&format!("\"{}\"", &hash[..24]))
            .unwrap_or_else(|_| HeaderValue::from_static("\"\""));
        Ok(Rendered { body: body.into(), etag })
    }

    fn answer(self, headers: &HeaderMap) -> Response {
        let fresh = matches_etag(headers, self.etag.as_bytes());
        let body = if fresh { Body::empty() } else { Body::from(self.body) };
        let mut response = Response::new(body);
        let answer = response.headers_mut();
        answer.insert(header::ETAG, self.etag);
        answer.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        if fresh {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        } else {
            answer.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        response
    }
}

/// Whether the client has this version already (`If-None-Match`).
pub fn matches_etag(headers: &HeaderMap, etag: &[u8]) -> bool {
    headers.get_all(header::IF_NONE_MATCH).iter().any(|value| {
        value.as_bytes().split(|&byte| byte == b',').any(|known| {
            let known = known.trim_ascii();
            known == b"*" || known.strip_prefix(b"W/").unwrap_or(known) == etag
        })
    })
}

impl Cache {
    fn get(&self, picture: &Arc<Picture>, key: &str) -> Option<Rendered> {
        let bodies = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let same = bodies.picture.as_ref().is_some_and(|kept| Arc::ptr_eq(kept, picture));
        same.then(|| bodies.bodies.get(key).cloned()).flatten()
    }

    fn put(&self, picture: &Arc<Picture>, key: String, rendered: Rendered) {
        let mut bodies = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let same = bodies.picture.as_ref().is_some_and(|kept| Arc::ptr_eq(kept, picture));
        let full = bodies.bodies.len() >= BODIES_MAX
            || bodies.bytes + rendered.body.len() > BODIES_BYTES_MAX;
        if !same || full {
            *bodies = Bodies { picture: Some(picture.clone()), ..Bodies::default() };
        }
        bodies.bytes += rendered.body.len();
        bodies.bodies.insert(key, rendered);
    }
}

impl Api {
    /// Answers with what `make` sees in the present picture. `key` (the path and query) names the
    /// answer: it must be the same only where the answer is.
    pub(crate) fn shown_picture<T: Serialize>(
        &self,
        key: &str,
        headers: &HeaderMap,
        make: impl FnOnce(&Picture) -> Result<T, Failure>,
    ) -> Result<Response, Failure> {
        let picture = self.handle.picture.borrow().clone();
        if let Some(rendered) = self.rendered.get(&picture, key) {
            return Ok(rendered.answer(headers));
        }
        let rendered = Rendered::new(&make(&picture)?)?;
        self.rendered.put(&picture, key.to_owned(), rendered.clone());
        Ok(rendered.answer(headers))
    }
}

/// Answers with a value that is not kept.
pub fn json(value: &impl Serialize, headers: &HeaderMap) -> Result<Response, Failure> {
    Ok(Rendered::new(value)?.answer(headers))
}
