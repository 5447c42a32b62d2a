//! The `zeromesh` program.

// Used by the core, which is not here yet.
#[allow(dead_code, unused_imports)]
mod key;
#[allow(dead_code, unused_imports)]
mod net;
#[allow(dead_code, unused_imports)]
mod store;

fn main() {}
