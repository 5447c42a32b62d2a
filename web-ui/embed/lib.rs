//! The built dashboard.
