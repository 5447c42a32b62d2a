//! A small client of a node's HTTP API.

use std::time::Duration;

use serde_json::Value;

/// Nodes are on this machine: one that does not answer within this is stuck.
pub const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// More than any answer of the API.
const ANSWER_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// The API of one node.
#[derive(Clone, Debug)]
pub struct Api {
    base: String,
    agent: ureq::Agent,
}

/// What a node answered, whatever the status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// Without parameters, such as `application/problem+json`.
    pub content_type: String,
    pub body: String,
}

/// No usable answer.
#[derive(Debug, thiserror::Error)]
pub enum NoAnswer {
    #[error("{url} does not answer: {source}")]
    Unreachable { url: String, source: Box<ureq::Error> },
    #[error("{url} answers {status}: {detail}")]
    Refused { url: String, status: u16, detail: String },
    #[error("{url} answers something that is not JSON: {source}")]
    NotJson { url: String, source: serde_json::Error },
}

impl Answer {
    /// The body as JSON; null if it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or(Value::Null)
    }

    /// What a problem document says of what happened.
    pub fn detail(&self) -> String {
        match self.json().get("detail").and_then(Value::as_str) {
            Some(detail) => detail.to_owned(),
            None => self.body.chars().take(200).collect(),
        }
    }
}

impl Api {
    /// `base` is like `http://127.0.0.1:8600`.
    pub fn new(base: &str) -> Api {
        Api::with_patience(base, ANSWER_WITHIN)
    }

    /// One that gives up on an answer after `patience`.
    pub fn with_patience(base: &str, patience: Duration) -> Api {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            // Nodes are on this machine, whatever the environment says of proxies
            .proxy(None)
            .timeout_global(Some(patience))
            // Nodes are killed and restarted: a kept connection is usually a dead one
            .max_idle_connections(0)
            .max_idle_connections_per_host(0)
            .build();
        Api { base: base.trim_end_matches('/').to_owned(), agent: config.into() }
    }

    /// Where this is, without a slash at the end.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The base without `http://`, for a socket.
    pub fn authority(&self) -> &str {
        self.base.strip_prefix("http://").unwrap_or(&self.base)
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// # Errors
    /// The node does not answer. Any status is an answer.
    pub fn get(&self, path: &str) -> Result<Answer, NoAnswer> {
        let url = self.url(path);
        read(&url, self.agent.get(&url).call())
    }

    /// # Errors
    /// As [`Api::get`].
    pub fn post(&self, path: &str, content_type: &str, body: &[u8]) -> Result<Answer, NoAnswer> {
        let url = self.url(path);
        read(&url, self.agent.post(&url).content_type(content_type).send(body))
    }

    /// JSON, and nothing but success.
    ///
    /// # Errors
    /// The node does not answer, answers with an error, or with something else than JSON.
    pub fn get_json(&self, path: &str) -> Result<Value, NoAnswer> {
        let url = self.url(path);
        success(&url, &self.get(path)?)
    }

    /// # Errors
    /// As [`Api::get_json`].
    pub fn post_json(&self, path: &str, body: &Value) -> Result<Value, NoAnswer> {
        let url = self.url(path);
        success(&url, &self.post(path, "application/json", body.to_string().as_bytes())?)
    }
}

fn read(
    url: &str,
    response: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
) -> Result<Answer, NoAnswer> {
    let unreachable =
        |error| NoAnswer::Unreachable { url: url.to_owned(), source: Box::new(error) };
    let mut response = response.map_err(unreachable)?;
    let status = response.status().as_u16();
    let content_type = response.headers().get("content-type").and_then(|value| value.to_str().ok());
    let content_type = content_type.unwrap_or("").split(';').next().unwrap_or("").trim().to_owned();
    let body = response.body_mut().with_config().limit(ANSWER_BYTES_MAX).lossy_utf8(true);
    Ok(Answer { status, content_type, body: body.read_to_string().map_err(unreachable)? })
}

fn success(url: &str, answer: &Answer) -> Result<Value, NoAnswer> {
    if !(200..300).contains(&answer.status) {
        return Err(NoAnswer::Refused {
            url: url.to_owned(),
            status: answer.status,
            detail: answer.detail(),
        });
    }
    serde_json::from_str(&answer.body)
        .map_err(|source| NoAnswer::NotJson { url: url.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;

    /// Answers one request with these bytes.
    fn serve_once(answer: &'static str) -> Api {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).unwrap();
            stream.write_all(answer.as_bytes()).unwrap();
        });
        Api::new(&base)
    }

    #[test]
    fn an_error_status_is_an_answer_with_a_reason() {
        let api = serve_once(
            "HTTP/1.1 404 Not Found\r\ncontent-type: application/problem+json; charset=utf-8\r\n\
             connection: close\r\n\r\n{\"detail\":\"no such project\"}",
        );
        let answer = api.get("/x").unwrap();
        assert_eq!((answer.status, answer.detail().as_str()), (404, "no such project"));
        assert_eq!(answer.content_type, "application/problem+json");
    }

    #[test]
    fn an_error_status_is_no_json() {
        let api = serve_once("HTTP/1.1 503 Busy\r\ncontent-length: 4\r\n\r\nbusy");
        let error = api.get_json("/x").unwrap_err();
        assert!(error.to_string().ends_with("/x answers 503: busy"), "{error}");
    }

    #[test]
    fn nobody_there_says_where() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        drop(listener);
        let error = Api::new(&base).get("/api/v1/mesh").unwrap_err();
        assert!(error.to_string().contains(&base), "{error}");
    }
}
