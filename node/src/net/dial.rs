//! Joining by address: what can go wrong, in words that say what to do.

use std::error::Error as _;
use std::io;
use std::time::Duration;

use libp2p::core::transport::TransportError;
use libp2p::multiaddr::Protocol;
use libp2p::swarm::DialError;
use libp2p::{Multiaddr, PeerId, connection_limits, memory_connection_limits};
use shared::id::NodeId;

use super::ids::Transport;

/// How long a dial may take until the peer has said who it is.
pub const DIAL_TIMEOUT: Duration = Duration::from_secs(8);

/// A connection to a node of our mesh.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connected {
    pub peer: NodeId,
    pub address: Multiaddr,
    pub transport: Transport,
    pub took: Duration,
}

/// Why an address could not be joined.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DialFailed {
    #[error(
        "`{text}` is not an address: {reason}. It should look like \
         /ip4/192.168.1.5/udp/4001/quic-v1 or /ip4/192.168.1.5/tcp/4001; `zeromesh status` on the \
         other node prints its addresses"
    )]
    NotAnAddress { text: String, reason: String },
    #[error(
        "this node cannot use {address}: {reason}. Use an address with /udp/PORT/quic-v1 or /tcp/PORT"
    )]
    Unsupported { address: String, reason: String },
    #[error("{address} is this node itself. Give the address of another node")]
    OwnAddress { address: String },
    #[error(
        "another node than expected is at {address}: it is {found}, not {expected}. Its key may have \
         changed: ask its operator for the new address, or leave out /p2p/… to accept whoever is there"
    )]
    WrongPeer { address: String, expected: String, found: String },
    #[error("nothing listens at {address}. Check the port, and that the node runs there")]
    Refused { address: String },
    #[error(
        "no answer from {address}. Check that the node runs, and that no firewall drops its packets \
         (QUIC needs UDP)"
    )]
    NoAnswer { address: String },
    #[error("{address} cannot be reached: {reason}")]
    Unreachable { address: String, reason: String },
    #[error("{address} answers, but not as a node does: {reason}")]
    NotANode { address: String, reason: String },
    #[error(
        "that node is in mesh `{theirs}`, this one is in `{ours}`. Start this node with \
         `--mesh {theirs}` to join it"
    )]
    WrongMesh { theirs: String, ours: String },
    #[error(
        "that node speaks `{theirs}`, this one `{ours}`: bring both to the same version of Zeromesh"
    )]
    WrongProtocol { theirs: String, ours: String },
    #[error(
        "{address} closed the connection before it said who it is: it may be full. Try again later \
         or another node"
    )]
    Closed { address: String },
    #[error("this node takes no more connections: {reason}. Raise the limit or disconnect others")]
    Denied { reason: String },
    #[error("the network of this node has ended")]
    Ended,
}

/// Reads an address as a person gives it.
pub(super) fn parse(text: &str) -> Result<Multiaddr, DialFailed> {
    let shown: String = text.chars().take(200).collect();
    let address: Multiaddr = text.trim().parse().map_err(|error| DialFailed::NotAnAddress {
        text: shown.clone(),
        reason: format!("{error}"),
    })?;
    if address.is_empty() {
        let reason = "it is empty".to_string();
        return Err(DialFailed::NotAnAddress { text: shown, reason });
    }
    supported(&address)
        .map_err(|reason| DialFailed::Unsupported { address: shown, reason: reason.to_string() })?;
    Ok(address)
}

/// Whether one of our transports can carry a connection to this address.
fn supported(address: &Multiaddr) -> Result<(), &'static str> {
    let mut parts = address.iter().peekable();
    match parts.next() {
        Some(Protocol::Ip4(ip)) if ip.is_unspecified() => return Err("it names no machine"),
        Some(Protocol::Ip6(ip)) if ip.is_unspecified() => return Err("it names no machine"),
        Some(
            Protocol::Ip4(_)
            | Protocol::Ip6(_)
            | Protocol::Dns(_)
            | Protocol::Dns4(_)
            | Protocol::Dns6(_)
            | Protocol::Dnsaddr(_),
        ) => {}
        _ => return Err("it must begin with /ip4, /ip6 or /dns"),
    }
    match parts.next() {
        Some(Protocol::Tcp(0) | Protocol::Udp(0)) => return Err("port 0 is nobody's"),
        Some(Protocol::Tcp(_)) => {}
        Some(Protocol::Udp(_)) => match parts.next() {
            Some(Protocol::QuicV1) => {}
            _ => return Err("/udp/PORT must be followed by /quic-v1"),
        },
        None | Some(Protocol::P2p(_))
            if matches!(address.iter().next(), Some(Protocol::Dnsaddr(_))) =>
        {
            return Ok(());
        }
        _ => return Err("neither a TCP nor a UDP port is named"),
    }
    match (parts.next(), parts.next()) {
        (None, None) | (Some(Protocol::P2p(_)), None) => Ok(()),
        _ => Err("only TCP and QUIC are spoken here"),
    }
}

/// What libp2p says of a failed dial, as we say it.
pub(super) fn failure(
    error: &DialError,
    asked: &Multiaddr,
    expected: Option<PeerId>,
) -> DialFailed {
    let address = asked.to_string();
    match error {
        DialError::LocalPeerId { .. } | DialError::NoAddresses => {
            DialFailed::OwnAddress { address }
        }
        DialError::WrongPeerId { obtained, .. } => DialFailed::WrongPeer {
            address,
            expected: expected.map_or_else(|| "another".to_string(), |peer| peer.to_string()),
            found: obtained.to_string(),
        },
        DialError::Denied { cause } => DialFailed::Denied { reason: denied(cause) },
        DialError::DialPeerConditionFalse(_) | DialError::Aborted => {
            DialFailed::Unreachable { address, reason: "the dial was given up".to_string() }
        }
        DialError::Transport(errors) => match errors.last() {
            Some((_, error)) => transport_failure(error, address),
            None => DialFailed::NoAnswer { address },
        },
    }
}

fn denied(cause: &libp2p::swarm::ConnectionDenied) -> String {
    if let Some(exceeded) = cause.downcast_ref::<connection_limits::Exceeded>() {
        return exceeded.to_string();
    }
    match cause.downcast_ref::<memory_connection_limits::MemoryUsageLimitExceeded>() {
        Some(exceeded) => exceeded.to_string(),
        None => cause.to_string(),
    }
}

fn transport_failure(error: &TransportError<io::Error>, address: String) -> DialFailed {
    let error = match error {
        TransportError::MultiaddrNotSupported(_) => {
            let reason = "no transport for it".to_string();
            return DialFailed::Unsupported { address, reason };
        }
        TransportError::Other(error) => error,
    };
    let chain = chain(error);
    let says = |word: &str| chain.to_ascii_lowercase().contains(word);
    if error.kind() == io::ErrorKind::ConnectionRefused || says("refused") {
        DialFailed::Refused { address }
    } else if error.kind() == io::ErrorKind::TimedOut || says("timed out") || says("timeout") {
        DialFailed::NoAnswer { address }
    } else if says("unreachable") || says("no route") || says("resolve") || says("lookup") {
        DialFailed::Unreachable { address, reason: chain }
    } else if says("handshake") || says("negotiat") || says("upgrade") || says("multistream") {
        DialFailed::NotANode { address, reason: chain }
    } else {
        DialFailed::Unreachable { address, reason: chain }
    }
}

/// An error and what it came from, without saying the same thing twice.
fn chain(error: &io::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let next = error.to_string();
        if !text.contains(&next) {
            text = format!("{text}: {next}");
        }
        source = error.source();
    }
    text.chars().take(300).collect()
}

/// In a few words, for the address book.
pub(super) fn short(error: &TransportError<io::Error>, address: &Multiaddr) -> String {
    match transport_failure(error, address.to_string()) {
        DialFailed::Refused { .. } => "nothing listens there".to_string(),
        DialFailed::NoAnswer { .. } => "no answer".to_string(),
        DialFailed::Unsupported { reason, .. }
        | DialFailed::Unreachable { reason, .. }
        | DialFailed::NotANode { reason, .. } => reason,
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_is_none_is_told_apart_from_one_we_cannot_use() {
        for text in ["", "nonsense", "192.168.1.5:4001", "/ip4/300.1.1.1/tcp/1", "/ip4/1.2.3.4/tcp"]
        {
            assert!(matches!(parse(text), Err(DialFailed::NotAnAddress { .. })), "{text}");
        }
        for text in [
            "/ip4/1.2.3.4",
            "/ip4/1.2.3.4/udp/4001",
            "/ip4/1.2.3.4/udp/4001/quic",
            "/ip4/1.2.3.4/tcp/4001/ws",
            "/ip4/0.0.0.0/tcp/4001",
            "/ip4/1.2.3.4/tcp/0",
            "/memory/7",
        ] {
            assert!(matches!(parse(text), Err(DialFailed::Unsupported { .. })), "{text}");
        }
        let peer = "12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN";
        for text in
            ["/ip4/1.2.3.4/tcp/4001", "/dns4/example.org/udp/4001/quic-v1", "/ip6/::1/tcp/1"]
        {
            assert!(parse(text).is_ok(), "{text}");
            assert!(parse(&format!("{text}/p2p/{peer}")).is_ok(), "{text}");
        }
    }
}
