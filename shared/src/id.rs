//! The names of things: hashes and keys as types that cannot be mixed up.

use std::fmt;
use std::str::FromStr;

use bincode::{Decode, Encode};

/// An epoch: the unit the engine steps and signs. A simulated working hour with default parameters.
pub type Epoch = u64;

/// A 32-byte BLAKE3 hash.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct Hash(pub [u8; 32]);

/// Hashes values under a domain, so that a hash of one kind is never a hash of another.
pub struct Hasher(blake3::Hasher);

impl Hasher {
    /// Starts a hash of the kind `domain`.
    pub fn new(domain: &str) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&(domain.len() as u64).to_le_bytes());
        hasher.update(domain.as_bytes());
        Hasher(hasher)
    }

    /// Adds bytes of a length that is fixed by the domain.
    pub fn fixed(mut self, bytes: &[u8]) -> Self {
        self.0.update(bytes);
        self
    }

    /// Adds a number.
    pub fn number(self, number: u64) -> Self {
        self.fixed(&number.to_le_bytes())
    }

    /// Adds bytes of any length.
    pub fn bytes(self, bytes: &[u8]) -> Self {
        self.number(bytes.len() as u64).fixed(bytes)
    }

    /// The hash of all that was added.
    pub fn finish(self) -> Hash {
        Hash(*self.0.finalize().as_bytes())
    }
}

/// A text that is not the id it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {expected}")]
pub struct BadId {
    /// What was given.
    pub text: String,
    /// What it should have been, in words.
    pub expected: &'static str,
}

fn hash_from_hex(text: &str, expected: &'static str) -> Result<Hash, BadId> {
    let mut bytes = [0; 32];
    match hex::decode_to_slice(text, &mut bytes) {
        Ok(()) => Ok(Hash(bytes)),
        Err(_) => Err(BadId { text: text.chars().take(80).collect(), expected }),
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&self.0[..4]))
    }
}

macro_rules! hash_id {
    ($(#[$doc:meta])* $name:ident, $expected:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
        pub struct $name(pub Hash);

        impl $name {
            /// The first eight hexadecimal digits: enough to tell ids apart in a table.
            pub fn short(&self) -> String {
                hex::encode(&self.0.0[..4])
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({:?})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                hash_from_hex(text, $expected).map($name)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

hash_id!(
    /// A world: the hash of its genesis.
    WorldId,
    "a world id (64 hexadecimal digits)"
);
hash_id!(
    /// A shard (to the model: a project or a market): the id of the command that founded it.
    ShardId,
    "a project id (64 hexadecimal digits)"
);
hash_id!(
    /// A command: the hash of its world, target, body and nonce.
    CommandId,
    "a command id (64 hexadecimal digits)"
);
hash_id!(
    /// Names the state of a shard at an epoch by everything that ever went into it.
    Lineage,
    "a lineage (64 hexadecimal digits)"
);
hash_id!(
    /// The hash of a shard's encoded state.
    StateHash,
    "a state hash (64 hexadecimal digits)"
);

/// A node: its ed25519 public key. Printed as the libp2p peer id of the same key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct NodeId(pub [u8; 32]);

/// A peer id of an ed25519 key is these bytes and the key: an identity multihash (0x00) of 0x24
/// bytes that hold a protobuf of key type 1 (ed25519) and a 0x20-byte key
/// (libp2p specification, peer ids).
const PEER_ID_PREFIX: [u8; 6] = [0x00, 0x24, 0x08, 0x01, 0x12, 0x20];

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = PEER_ID_PREFIX.to_vec();
        bytes.extend_from_slice(&self.0);
        f.write_str(&bs58::encode(bytes).into_string())
    }
}

impl fmt::Debug for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.to_string();
        f.write_str(&text[text.len() - 6..])
    }
}

impl FromStr for NodeId {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        let bad = || BadId {
            text: text.chars().take(80).collect(),
            expected: "a peer id of an ed25519 key (it starts with 12D3KooW)",
        };
        let mut bytes = [0; 38];
        let length = bs58::decode(text).onto(&mut bytes).map_err(|_| bad())?;
        let key = bytes.strip_prefix(&PEER_ID_PREFIX).ok_or_else(bad)?;
        if length != bytes.len() {
            return Err(bad());
        }
        Ok(NodeId(key.try_into().map_err(|_| bad())?))
    }
}

impl serde::Serialize for NodeId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for NodeId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_id_is_printed_as_a_peer_id_and_read_back() {
        let id = NodeId([7; 32]);
        let text = id.to_string();
        assert!(text.starts_with("12D3KooW"), "{text}");
        assert_eq!(text.parse(), Ok(id));
        assert!("12D3KooWnope".parse::<NodeId>().is_err());
        assert!("".parse::<NodeId>().is_err());
    }

    #[test]
    fn the_domain_and_the_lengths_are_part_of_a_hash() {
        let hash = |domain, a: &[u8], b: &[u8]| Hasher::new(domain).bytes(a).bytes(b).finish();
        assert_ne!(hash("a", b"x", b"y"), hash("b", b"x", b"y"));
        assert_ne!(hash("a", b"xy", b""), hash("a", b"x", b"y"));
    }
}
