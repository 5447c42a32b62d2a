//! What nodes say to each other: signed, versioned and bounded.
//!
//! [`codec`] is the one encoding; [`signed`] is the envelope of everything stored or relayed;
//! [`message`] lists what is gossiped, asked and answered; [`topic`] on which topic.

pub mod codec;
pub mod message;
pub mod signed;
pub mod topic;
