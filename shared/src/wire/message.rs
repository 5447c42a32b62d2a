//! What is gossiped, asked and answered.
/// The largest message on the wire.
pub const MESSAGE_BYTES_MAX: usize = 1024 * 1024;
