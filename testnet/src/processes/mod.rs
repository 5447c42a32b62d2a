//! Real nodes as processes on this machine: start them, watch them, torment them.
//!
//! Used by the `testnet` program and by the tests with real processes. Nothing here knows what a
//! node is made of: it keeps to the command line, the line a node prints when it is ready, and the
//! HTTP API.
//!
//! - [`binary`] finds the `zeromesh` program, [`launch`] says how it is started and when it is ready;
//! - [`os`] is signals and process tables, [`http`] a small client, [`wait`] waiting with a deadline;
//! - [`observe`] reads from the API whether nodes are one mesh and a world moves;
//! - [`mesh`] puts these together: a mesh in a temporary folder that ends with its owner.

pub mod binary;
pub mod http;
pub mod launch;
pub mod mesh;
pub mod observe;
pub mod os;
pub mod wait;
