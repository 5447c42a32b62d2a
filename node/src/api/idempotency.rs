//! A request sent twice under one `Idempotency-Key` is done once.
//!
//! The key becomes the nonce of the command, and so a part of its id: the same request with the
//! same key is the same command, on whichever node and after whatever restart it arrives again.
//! What is kept here only serves to tell a client that uses one key for two different requests.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use axum::http::HeaderMap;

use super::problem::Failure;

/// The header's name.
pub const HEADER: &str = "idempotency-key";
/// Bytes of a key: a UUID has 36.
const KEY_BYTES_MAX: usize = 128;
/// Keys remembered, the oldest forgotten first: 64 bytes each.
const KEYS_MAX: usize = 8_192;

/// Which request each of the latest keys stood for.
#[derive(Default)]
pub struct Keys(Mutex<Seen>);

#[derive(Default)]
struct Seen {
    requests: HashMap<u64, blake3::Hash>,
    order: VecDeque<u64>,
}

impl Keys {
    /// The nonce for a request with this body to this path; none without a key.
    pub fn nonce(
        &self,
        headers: &HeaderMap,
        path: &str,
        body: &[u8],
    ) -> Result<Option<u64>, Failure> {
        let Some(key) = headers.get(HEADER) else { return Ok(None) };
        let key = key.as_bytes();
        if key.is_empty() || key.len() > KEY_BYTES_MAX {
            return Err(Failure::bad_request(
                "bad-idempotency-key",
                format!("An Idempotency-Key has 1 to {KEY_BYTES_MAX} bytes. A UUID does well."),
            ));
        }
        let nonce = nonce(key);
        let mut request = blake3::Hasher::new();
        request.update(&(path.len() as u64).to_le_bytes()).update(path.as_bytes()).update(body);
        let request = request.finalize();
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match seen.requests.get(&nonce) {
            Some(before) if *before == request => {}
            Some(_) => {
                return Err(Failure::new(
                    axum::http::StatusCode::UNPROCESSABLE_ENTITY,
                    "idempotency-key-reused",
                    "This Idempotency-Key was used for a different request. Take a new key for \
                     each new request.",
                ));
            }
            None => {
                if seen.order.len() >= KEYS_MAX
                    && let Some(oldest) = seen.order.pop_front()
                {
                    seen.requests.remove(&oldest);
                }
                seen.order.push_back(nonce);
                seen.requests.insert(nonce, request);
            }
        }
        Ok(Some(nonce))
    }
}

fn nonce(key: &[u8]) -> u64 {
    let hash = shared::id::Hasher::new("zeromesh/idempotency-key").bytes(key).finish();
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&hash.0[..8]);
    u64::from_le_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(key: &str) -> HeaderMap {
        [(HEADER.parse().unwrap(), key.parse().unwrap())].into_iter().collect()
    }

    #[test]
    fn a_key_is_one_nonce_for_one_request() {
        let keys = Keys::default();
        assert_eq!(keys.nonce(&HeaderMap::new(), "/p", b"x"), Ok(None));
        let first = keys.nonce(&with("k1"), "/p", b"x").unwrap();
        assert!(first.is_some());
        assert_eq!(keys.nonce(&with("k1"), "/p", b"x").unwrap(), first);
        assert_ne!(keys.nonce(&with("k2"), "/p", b"x").unwrap(), first);
        assert_eq!(Keys::default().nonce(&with("k1"), "/p", b"x").unwrap(), first, "on any node");
        let reused = keys.nonce(&with("k1"), "/p", b"y").unwrap_err();
        assert_eq!(reused.0.kind, "idempotency-key-reused");
        assert_eq!(keys.nonce(&with(""), "/p", b"x").unwrap_err().0.status, 400);
    }

    #[test]
    fn the_oldest_keys_are_forgotten() {
        let keys = Keys::default();
        for n in 0..=KEYS_MAX {
            keys.nonce(&with(&format!("k{n}")), "/p", b"x").unwrap();
        }
        assert_eq!(keys.0.lock().unwrap().requests.len(), KEYS_MAX);
        assert!(keys.nonce(&with("k0"), "/p", b"y").is_ok(), "k0 was forgotten");
    }
}
