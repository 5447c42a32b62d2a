//! The signed envelope: who said what, beyond doubt.

use std::marker::PhantomData;
use std::ops::Deref;

use bincode::{Decode, Encode};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

use super::codec::{self, BadBytes};
use crate::id::NodeId;

/// A kind of statement that can be signed. The domain keeps a signature of one kind from being
/// passed off as one of another.
pub trait Statement: Encode + Decode<()> {
    /// Unique among statements; with a version.
    const DOMAIN: &'static str;
    /// Whether the content is within its bounds.
    fn check(&self) -> Result<(), &'static str>;
}

/// Bytes of a statement, whose they are, and the signature over both. Not yet checked.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Signed<T> {
    bytes: Vec<u8>,
    author: NodeId,
    signature: [u8; 64],
    kind: PhantomData<T>,
}

/// Why an envelope was not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadEnvelope {
    /// The author is not a public key.
    #[error("the author is not an ed25519 key")]
    Author,
    /// The signature is not the author's over these bytes.
    #[error("the signature is not the author's")]
    Signature,
    /// The bytes are not a statement of this kind.
    #[error("{0}")]
    Content(#[from] BadBytes),
    /// The statement is out of its bounds.
    #[error("{0}")]
    Bounds(&'static str),
}

/// A statement whose signature, encoding and bounds were checked. It comes only out of
/// [`Signed::verify`] or [`Verified::sign`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified<T> {
    value: T,
    envelope: Signed<T>,
}

fn signed_bytes<T: Statement>(bytes: &[u8]) -> Vec<u8> {
    let domain = T::DOMAIN.as_bytes();
    let mut message = Vec::with_capacity(8 + domain.len() + bytes.len());
    message.extend_from_slice(&(domain.len() as u64).to_le_bytes());
    message.extend_from_slice(domain);
    message.extend_from_slice(bytes);
    message
}

impl<T: Statement> Signed<T> {
    /// Checks signature, encoding and bounds.
    pub fn verify(self) -> Result<Verified<T>, BadEnvelope> {
        let key = VerifyingKey::from_bytes(&self.author.0).map_err(|_| BadEnvelope::Author)?;
        let signature = Signature::from_bytes(&self.signature);
        key.verify_strict(&signed_bytes::<T>(&self.bytes), &signature)
            .map_err(|_| BadEnvelope::Signature)?;
        let value: T = codec::decode(&self.bytes)?;
        value.check().map_err(BadEnvelope::Bounds)?;
        Ok(Verified { value, envelope: self })
    }
}

impl<T: Statement> Verified<T> {
    /// Signs a statement of our own.
    pub fn sign(value: T, key: &SigningKey) -> Self {
        debug_assert_eq!(value.check(), Ok(()));
        let bytes = codec::encode(&value);
        let signature = key.sign(&signed_bytes::<T>(&bytes)).to_bytes();
        let author = NodeId(key.verifying_key().to_bytes());
        Verified { value, envelope: Signed { bytes, author, signature, kind: PhantomData } }
    }

    /// Who said it.
    pub fn author(&self) -> NodeId {
        self.envelope.author
    }

    /// The envelope, to be stored or passed on.
    pub fn envelope(&self) -> &Signed<T> {
        &self.envelope
    }

    /// The statement.
    pub fn into_value(self) -> T {
        self.value
    }
}

impl<T> Deref for Verified<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

/// The node that signs with this key.
pub fn node_id(key: &SigningKey) -> NodeId {
    NodeId(key.verifying_key().to_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Encode, Decode)]
    struct Said(u64);
    impl Statement for Said {
        const DOMAIN: &'static str = "test/said/1";
        fn check(&self) -> Result<(), &'static str> {
            if self.0 < 100 { Ok(()) } else { Err("too large") }
        }
    }

    #[derive(Clone, Debug, PartialEq, Encode, Decode)]
    struct Shouted(u64);
    impl Statement for Shouted {
        const DOMAIN: &'static str = "test/shouted/1";
        fn check(&self) -> Result<(), &'static str> {
            Ok(())
        }
    }

    fn key() -> SigningKey {
        SigningKey::from_bytes(&[3; 32])
    }

    #[test]
    fn what_was_signed_verifies_and_names_its_author() {
        let verified = Verified::sign(Said(7), &key());
        let again = verified.envelope().clone().verify().expect("it was just signed");
        assert_eq!(*again, Said(7));
        assert_eq!(again.author(), node_id(&key()));
    }

    #[test]
    fn a_changed_byte_author_or_kind_does_not_verify() {
        let envelope = Verified::sign(Said(7), &key()).envelope().clone();
        let mut changed = envelope.clone();
        changed.bytes[0] ^= 1;
        assert_eq!(changed.verify(), Err(BadEnvelope::Signature));

        let mut passed_off = envelope.clone();
        passed_off.author = node_id(&SigningKey::from_bytes(&[4; 32]));
        assert_eq!(passed_off.verify(), Err(BadEnvelope::Signature));

        let other_kind: Signed<Shouted> = Signed {
            bytes: envelope.bytes,
            author: envelope.author,
            signature: envelope.signature,
            kind: PhantomData,
        };
        assert_eq!(other_kind.verify(), Err(BadEnvelope::Signature));
    }

    #[test]
    fn a_well_signed_statement_out_of_bounds_is_refused() {
        let envelope = Verified::sign(Shouted(500), &key()).envelope().clone();
        let bytes = signed_bytes::<Said>(&envelope.bytes);
        let signature = key().sign(&bytes).to_bytes();
        let said: Signed<Said> =
            Signed { bytes: envelope.bytes, author: envelope.author, signature, kind: PhantomData };
        assert_eq!(said.verify(), Err(BadEnvelope::Bounds("too large")));
    }
}
