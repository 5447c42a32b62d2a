//! Real nodes as processes on this machine: start them, watch them, torment them.
//!
//! Used by the `testnet` program and by the tests with real processes. Nothing here knows what a
//! node is made of: it keeps to the command line, the line a node prints when it is ready, and the
//! HTTP API.
//!
//! - [`binary`] finds the `zeromesh` program, [`launch`] says how it is started and when it is ready;
//! - [`os`] is signals and process tables, [`http`] a small client, [`wait`] waiting with a deadline;
//! - [`observe`] reads from the API whether nodes are one mesh and a world moves;
//! - [`node`] is one node with its process, [`mesh`] several in a temporary folder; both end with
//!   their owner. [`log`] shows the end of what they logged.

pub mod binary;
pub mod http;
pub mod launch;
pub mod log;
pub mod mesh;
pub mod node;
pub mod observe;
pub mod os;
pub mod wait;
