//! The one binary encoding: bincode with fixed settings and a bound on what is read.

use bincode::config::{Configuration, Limit, LittleEndian, Varint};
use bincode::{Decode, Encode};

/// The most that one decoded value may take: the size of a mesh message, see
/// [`MESSAGE_BYTES_MAX`](super::message::MESSAGE_BYTES_MAX), with room for what grows in memory.
pub const DECODED_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Bytes from outside that are not what they should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadBytes {
    /// bincode could not read them.
    #[error("the bytes cannot be read: {0}")]
    Unreadable(String),
    /// Something is left over behind the value.
    #[error("{0} bytes are left over behind the value")]
    LeftOver(usize),
}

fn settings() -> Configuration<LittleEndian, Varint, Limit<DECODED_BYTES_MAX>> {
    bincode::config::standard().with_limit::<DECODED_BYTES_MAX>()
}

/// The bytes of a value.
pub fn encode<T: Encode>(value: &T) -> Vec<u8> {
    // Encoding fails only for types that refuse to be encoded; ours are plain data.
    bincode::encode_to_vec(value, bincode::config::standard()).expect("plain data can be encoded")
}

/// The value of these bytes, all of them.
pub fn decode<T: Decode<()>>(bytes: &[u8]) -> Result<T, BadBytes> {
    let (value, read) = bincode::decode_from_slice(bytes, settings())
        .map_err(|error| BadBytes::Unreadable(error.to_string()))?;
    match bytes.len() - read {
        0 => Ok(value),
        rest => Err(BadBytes::LeftOver(rest)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_is_read_back_and_nothing_may_follow() {
        let value = (7u64, "seven".to_string(), vec![1u8, 2, 3]);
        let mut bytes = encode(&value);
        assert_eq!(decode(&bytes), Ok(value));
        bytes.push(0);
        assert_eq!(decode::<(u64, String, Vec<u8>)>(&bytes), Err(BadBytes::LeftOver(1)));
    }

    #[test]
    fn a_length_that_lies_does_not_take_memory() {
        let bytes = encode(&u64::MAX);
        assert!(matches!(decode::<Vec<u8>>(&bytes), Err(BadBytes::Unreadable(_))));
        assert!(matches!(decode::<Vec<[u64; 8]>>(&bytes), Err(BadBytes::Unreadable(_))));
    }
}
