//! The virtual companies.

pub mod view;
