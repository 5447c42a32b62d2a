//! Who may ask: this machine, or whoever holds the token.
//!
//! On loopback nobody signs in, so a web page that a person happens to visit must not be able to
//! reach the node through the browser. Two checks see to that: the `Host` must be a loopback name
//! (a name that an attacker points at 127.0.0.1 is refused: DNS rebinding), and an `Origin`, if
//! there is one, must be this node's own or another page of this machine (cross-site requests and
//! WebSockets are refused). Any other address needs a token, and then all but the health checks
//! and the dashboard's files asks for it.

use std::net::{IpAddr, SocketAddr};

use axum::http::uri::Authority;
use axum::http::{HeaderMap, StatusCode, Uri, header};

use super::problem::Failure;

/// How a browser, which cannot set headers on a WebSocket, brings the token along: as a
/// subprotocol of this prefix and the token.
pub const TOKEN_PROTOCOL: &str = "bearer.";

/// What the checks go by.
#[derive(Clone, Debug)]
pub struct Access {
    loopback: bool,
    token: Option<blake3::Hash>,
}

/// An address that others can reach needs a token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the HTTP address {0} can be reached from other machines, and there is no token to keep them \
     out. Use a loopback address such as 127.0.0.1, or write a long random word to a file and name \
     it in the setting http.token_file"
)]
pub struct Exposed(pub SocketAddr);

impl Access {
    /// The rules for a server at this address.
    pub fn new(address: SocketAddr, token: Option<&str>) -> Result<Self, Exposed> {
        let loopback = is_loopback(address.ip());
        if !loopback && token.is_none() {
            return Err(Exposed(address));
        }
        Ok(Access { loopback, token: token.map(hash) })
    }

    /// Refuses who may not ask for this.
    pub fn check(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), Failure> {
        let host = self.check_host(uri, headers)?;
        self.check_origin(host.as_ref(), headers)?;
        match self.token {
            Some(token) if needs_token(uri.path()) => check_token(token, headers),
            _ => Ok(()),
        }
    }

    fn check_host(&self, uri: &Uri, headers: &HeaderMap) -> Result<Option<Authority>, Failure> {
        let host = match headers.get(header::HOST) {
            Some(value) => value.to_str().ok().and_then(|text| text.parse::<Authority>().ok()),
            None => uri.authority().cloned(),
        };
        if self.loopback && !host.as_ref().is_some_and(|host| names_loopback(host.host())) {
            return Err(Failure::new(
                StatusCode::FORBIDDEN,
                "forbidden-host",
                "This node answers on this machine only, as localhost or 127.0.0.1. Use that name \
                 in the address.",
            ));
        }
        Ok(host)
    }

    fn check_origin(&self, host: Option<&Authority>, headers: &HeaderMap) -> Result<(), Failure> {
        let Some(origin) = headers.get(header::ORIGIN) else { return Ok(()) };
        let origin = origin.to_str().ok().and_then(|text| text.parse::<Uri>().ok());
        let allowed = origin.as_ref().and_then(Uri::authority).is_some_and(|origin| {
            host.is_some_and(|host| host == origin)
                || (self.loopback && names_loopback(origin.host()))
        });
        if allowed {
            return Ok(());
        }
        Err(Failure::new(
            StatusCode::FORBIDDEN,
            "forbidden-origin",
            "A page of another site may not use this node. Open the dashboard from the node itself.",
        ))
    }
}

fn hash(token: &str) -> blake3::Hash {
    blake3::hash(token.as_bytes())
}

/// Hashes are compared, in constant time, so that the time taken tells nothing about the token.
fn check_token(expected: blake3::Hash, headers: &HeaderMap) -> Result<(), Failure> {
    let bearer = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim());
    let protocol = headers
        .get_all(header::SEC_WEBSOCKET_PROTOCOL)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .find_map(|value| value.trim().strip_prefix(TOKEN_PROTOCOL));
    match bearer.or(protocol) {
        Some(token) if hash(token) == expected => Ok(()),
        Some(_) => Err(Failure::new(
            StatusCode::UNAUTHORIZED,
            "unauthorized",
            "The token is not the one of this node. Take it from the file named in its setting \
             http.token_file.",
        )),
        None => Err(Failure::new(
            StatusCode::UNAUTHORIZED,
            "unauthorized",
            "This node asks for a token: send it as `Authorization: Bearer TOKEN` (operator \
             commands: --token-file FILE).",
        )),
    }
}

/// Health checks are asked by machines that hold no secrets, and the dashboard's files are in every
/// copy of the program; all else says something about the mesh.
fn needs_token(path: &str) -> bool {
    path.starts_with("/api/") || path == "/metrics"
}

fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

fn names_loopback(host: &str) -> bool {
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    host.eq_ignore_ascii_case("localhost") || host.parse().is_ok_and(is_loopback)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(header::HeaderName, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect()
    }

    fn local() -> Access {
        Access::new("127.0.0.1:7420".parse().unwrap(), None).unwrap()
    }

    #[test]
    fn an_address_others_can_reach_needs_a_token() {
        let open = "0.0.0.0:7420".parse().unwrap();
        assert_eq!(Access::new(open, None).unwrap_err(), Exposed(open));
        assert!(Access::new(open, Some("secret")).is_ok());
        assert!(Access::new("[::1]:0".parse().unwrap(), None).is_ok());
        assert!(Access::new("[::ffff:127.0.0.1]:0".parse().unwrap(), None).is_ok());
    }

    #[test]
    fn a_name_pointed_at_this_machine_is_refused() {
        let uri = "/api/v1/status".parse().unwrap();
        for host in ["localhost:7420", "127.0.0.1", "127.0.0.9:1", "[::1]:7420", "LOCALHOST"] {
            assert_eq!(local().check(&uri, &headers(&[(header::HOST, host)])), Ok(()), "{host}");
        }
        for host in
            ["evil.example", "127.0.0.1.evil.example", "10.0.0.1:7420", "", "localhost.evil"]
        {
            let failure = local().check(&uri, &headers(&[(header::HOST, host)])).unwrap_err();
            assert_eq!(failure.0.kind, "forbidden-host", "{host}");
        }
        assert!(local().check(&uri, &HeaderMap::new()).is_err());
    }

    #[test]
    fn pages_of_other_sites_are_refused() {
        let uri = "/api/v1/ws".parse().unwrap();
        let with = |origin| headers(&[(header::HOST, "localhost:7420"), (header::ORIGIN, origin)]);
        for origin in ["http://localhost:7420", "http://127.0.0.1:5173", "http://[::1]:7420"] {
            assert_eq!(local().check(&uri, &with(origin)), Ok(()), "{origin}");
        }
        for origin in ["https://evil.example", "null", "http://localhost.evil.example", "file://"] {
            let failure = local().check(&uri, &with(origin)).unwrap_err();
            assert_eq!(failure.0.kind, "forbidden-origin", "{origin}");
        }
        let open = Access::new("0.0.0.0:7420".parse().unwrap(), Some("s")).unwrap();
        let page = "/".parse().unwrap();
        let own =
            [(header::HOST, "mesh.example:7420"), (header::ORIGIN, "http://mesh.example:7420")];
        let other =
            [(header::HOST, "mesh.example:7420"), (header::ORIGIN, "http://localhost:7420")];
        assert_eq!(open.check(&page, &headers(&own)), Ok(()));
        assert!(open.check(&page, &headers(&other)).is_err());
    }

    #[test]
    fn with_a_token_all_but_health_and_dashboard_asks_for_it() {
        let open = Access::new("0.0.0.0:7420".parse().unwrap(), Some("secret")).unwrap();
        let ask = |path: &str, extra: Option<(header::HeaderName, &str)>| {
            let mut all = headers(&[(header::HOST, "mesh.example")]);
            all.extend(extra.map(|(name, value)| (name, value.parse().unwrap())));
            open.check(&path.parse().unwrap(), &all).map_err(|failure| failure.0.status)
        };
        for path in ["/", "/healthz", "/readyz", "/assets/app.js", "/mesh"] {
            assert_eq!(ask(path, None), Ok(()), "{path}");
        }
        for path in ["/api/v1/status", "/api/v1/ws", "/api/v1/openapi.json", "/metrics"] {
            assert_eq!(ask(path, None), Err(401), "{path}");
            assert_eq!(ask(path, Some((header::AUTHORIZATION, "Bearer wrong"))), Err(401));
            assert_eq!(ask(path, Some((header::AUTHORIZATION, "bearer secret"))), Ok(()));
        }
        let protocols = "zeromesh, bearer.secret";
        assert_eq!(ask("/api/v1/ws", Some((header::SEC_WEBSOCKET_PROTOCOL, protocols))), Ok(()));
    }
}
