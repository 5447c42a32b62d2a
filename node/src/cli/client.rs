//! Talks to a node over its HTTP API: one request, one connection. (hyper is part of the node
//! anyway, and commands of an operator need no pool, no TLS and no redirects.)

use std::path::Path;
use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::http::uri::{Authority, Uri};
use hyper::{Method, Request, StatusCode, header};
use hyper_util::rt::TokioIo;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::net::TcpStream;

use super::exit::{CliError, Exit};
use crate::api::types::Problem;

/// A node on the same machine answers at once; one far away within a second or two.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Longer than the server may take.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(70);
/// Bytes of an answer: a page of 500 people has one or two million.
const ANSWER_BYTES_MAX: usize = 64 * 1024 * 1024;

/// A node.
pub struct Client {
    /// As the person wrote it.
    url: String,
    authority: Authority,
    token: Option<String>,
}

impl Client {
    /// The node at this URL, with the token in this file if it asks for one.
    pub fn new(url: &str, token_file: Option<&Path>) -> Result<Self, CliError> {
        let usage = |problem: &str| {
            let message = format!(
                "`{url}` is no address of a node: {problem}. It looks like http://127.0.0.1:7420."
            );
            CliError::new(Exit::Usage, message)
        };
        let with_scheme =
            if url.contains("://") { url.to_owned() } else { format!("http://{url}") };
        let uri: Uri = with_scheme.parse().map_err(|_| usage("it is not a URL"))?;
        if uri.scheme_str() != Some("http") {
            return Err(usage("only http:// is spoken here"));
        }
        if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
            return Err(usage("it may have no path"));
        }
        let authority = uri.authority().cloned().ok_or_else(|| usage("it names no host"))?;
        let token = match token_file {
            Some(path) => {
                let token = std::fs::read_to_string(path).map_err(|error| {
                    let path = path.display();
                    CliError::failure(format!("cannot read the token file {path}: {error}"))
                })?;
                Some(token.trim().to_owned())
            }
            None => None,
        };
        Ok(Client { url: with_scheme.trim_end_matches('/').to_owned(), authority, token })
    }

    /// Asks for something.
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, CliError> {
        self.send(Method::GET, path, None, Bytes::new()).await
    }

    /// Asks for something that is not JSON.
    pub async fn get_bytes(&self, path: &str) -> Result<Vec<u8>, CliError> {
        self.fetch(Method::GET, path, None, Bytes::new()).await.map(Vec::from)
    }

    /// Sends JSON.
    pub async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, CliError> {
        let body =
            serde_json::to_vec(body).map_err(|error| CliError::failure(error.to_string()))?;
        self.post_bytes(path, "application/json", body).await
    }

    /// Sends a file.
    pub async fn post_bytes<T: DeserializeOwned>(
        &self,
        path: &str,
        media: &'static str,
        body: Vec<u8>,
    ) -> Result<T, CliError> {
        self.send(Method::POST, path, Some(media), body.into()).await
    }

    async fn send<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        media: Option<&'static str>,
        body: Bytes,
    ) -> Result<T, CliError> {
        let body = self.fetch(method, path, media, body).await?;
        serde_json::from_slice(&body).map_err(|error| {
            CliError::failure(format!(
                "{} answered something else than expected ({error}). Is it a Zeromesh node of \
                 this version ({})?",
                self.url,
                env!("CARGO_PKG_VERSION")
            ))
        })
    }

    /// The body of a good answer.
    async fn fetch(
        &self,
        method: Method,
        path: &str,
        media: Option<&'static str>,
        body: Bytes,
    ) -> Result<Bytes, CliError> {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, self.authority.as_str())
            .header(header::CONNECTION, "close");
        if let Some(media) = media {
            request = request.header(header::CONTENT_TYPE, media);
        }
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let request = request
            .body(Full::new(body))
            .map_err(|error| CliError::failure(format!("cannot ask for {path}: {error}")))?;
        let answer = tokio::time::timeout(ANSWER_TIMEOUT, self.exchange(request)).await;
        let (status, body) = answer.map_err(|_| {
            let seconds = ANSWER_TIMEOUT.as_secs();
            self.unreachable(&format!("it did not answer within {seconds} s"))
        })??;
        if status.is_success() {
            return Ok(body);
        }
        Err(match serde_json::from_slice::<Problem>(&body) {
            Ok(problem) => problem.into(),
            Err(_) => CliError::failure(format!(
                "{} answered {status} without saying why. Is it a Zeromesh node?",
                self.url
            )),
        })
    }

    async fn exchange(
        &self,
        request: Request<Full<Bytes>>,
    ) -> Result<(StatusCode, Bytes), CliError> {
        let broke = |error: &dyn std::fmt::Display| {
            CliError::failure(format!("the connection to {} broke: {error}", self.url))
        };
        let host = self.authority.host().trim_start_matches('[').trim_end_matches(']');
        let connect = TcpStream::connect((host, self.authority.port_u16().unwrap_or(80)));
        let stream = match tokio::time::timeout(CONNECT_TIMEOUT, connect).await {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => return Err(self.unreachable(&error.to_string())),
            Err(_) => return Err(self.unreachable("it did not answer in time")),
        };
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .map_err(|error| broke(&error))?;
        let connection = tokio::spawn(connection);
        let answer = sender.send_request(request).await.map_err(|error| broke(&error))?;
        let status = answer.status();
        let body = Limited::new(answer.into_body(), ANSWER_BYTES_MAX).collect().await;
        let body = body.map_err(|error| broke(&error))?.to_bytes();
        connection.abort();
        Ok((status, body))
    }

    fn unreachable(&self, why: &str) -> CliError {
        CliError::new(
            Exit::Unreachable,
            format!(
                "no node could be reached at {} ({why}). Start one with `zeromesh run`, or name \
                 another with --api URL or ZEROMESH_API.",
                self.url
            ),
        )
    }
}

/// A part of a path: names have spaces and more in them.
pub fn segment(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'~' => out.push(byte as char),
            // `.` too: a project called `..` must stay a name.
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_in_a_path() {
        assert_eq!(segment("Blue Sky/2?"), "Blue%20Sky%2F2%3F");
        assert_eq!(segment(".."), "%2E%2E");
        assert_eq!(segment("é"), "%C3%A9");
    }

    #[test]
    fn an_address_that_is_none_is_wrong_usage() {
        for url in ["https://localhost:1", "http://localhost:1/api", "http://", "http://a b"] {
            let error = Client::new(url, None).map(|_| ()).unwrap_err();
            assert_eq!(error.exit, Exit::Usage, "{url}");
        }
        assert!(Client::new("localhost:7420", None).is_ok());
        assert!(Client::new("http://[::1]:7420/", None).is_ok());
    }
}
