//! Our ids as libp2p knows them.

use libp2p::{Multiaddr, PeerId, multiaddr::Protocol};
use shared::id::NodeId;

/// See [`NodeId`]: an identity multihash of an ed25519 key in protobuf.
const PEER_ID_PREFIX: [u8; 6] = [0x00, 0x24, 0x08, 0x01, 0x12, 0x20];

/// The peer id of a node.
pub fn peer_id(node: NodeId) -> PeerId {
    let mut bytes = PEER_ID_PREFIX.to_vec();
    bytes.extend_from_slice(&node.0);
    PeerId::from_bytes(&bytes).expect("an identity multihash of 36 bytes is a peer id")
}

/// The node with this peer id. None for keys that are not ed25519: we could not check what it signs.
pub fn node_id(peer: &PeerId) -> Option<NodeId> {
    let bytes = peer.to_bytes();
    bytes.strip_prefix(&PEER_ID_PREFIX)?.try_into().ok().map(NodeId)
}

/// An address without the `/p2p/…` at its end, and the peer named there.
pub(super) fn split_peer(address: &Multiaddr) -> (Multiaddr, Option<PeerId>) {
    let mut bare = address.clone();
    match bare.pop() {
        Some(Protocol::P2p(peer)) => (bare, Some(peer)),
        _ => (address.clone(), None),
    }
}

/// How a connection is carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    Quic,
    Tcp,
}

impl Transport {
    pub(super) fn of(address: &Multiaddr) -> Transport {
        match address.iter().any(|part| part == Protocol::QuicV1) {
            true => Transport::Quic,
            false => Transport::Tcp,
        }
    }

    /// As the API says it.
    pub fn name(self) -> &'static str {
        match self {
            Transport::Quic => "quic",
            Transport::Tcp => "tcp",
        }
    }
}

#[cfg(test)]
mod tests {
    use libp2p::identity::Keypair;

    use super::*;

    #[test]
    fn a_node_and_a_peer_id_are_the_same_key_with_the_same_name() {
        let key = ed25519_dalek::SigningKey::from_bytes(&[5; 32]);
        let node = NodeId(key.verifying_key().to_bytes());
        let peer = Keypair::ed25519_from_bytes([5; 32]).expect("32 bytes").public().to_peer_id();
        assert_eq!(peer_id(node), peer);
        assert_eq!(node_id(&peer), Some(node));
        assert_eq!(node.to_string(), peer.to_string());
    }
}
