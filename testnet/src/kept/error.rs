//! What went wrong, and the exit codes for it (the same as the `zeromesh` program's).

use std::io;
use std::path::PathBuf;

use testnet::processes::binary::NoBinary;
use testnet::processes::node::Failed;
use testnet::processes::wait::InVain;

#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("there is no testnet in {}; `{command} up` starts one", .dir.display())]
    NoTestnet { dir: PathBuf, command: String },
    #[error("there is no node \"{name}\" here; there are {there}")]
    NoNode { name: String, there: String },
    #[error("{0}")]
    Usage(String),
    #[error("{} cannot be read: {why}; mend it, or remove the folder to start anew", .file.display())]
    BadState { file: PathBuf, why: String },
    #[error("another testnet command is at work in {}; wait for it to end", .0.display())]
    Busy(PathBuf),
    #[error("{what}: {source}")]
    Io { what: String, source: io::Error },
    #[error("{0}")]
    Other(String),
    #[error(transparent)]
    NoBinary(#[from] NoBinary),
    #[error(transparent)]
    InVain(#[from] InVain),
    #[error(transparent)]
    Mesh(#[from] Failed),
}

impl Failure {
    /// 2 for what was asked wrongly, 5 for what is not there, else 1.
    pub fn exit_code(&self) -> u8 {
        match self {
            Failure::Usage(_) => 2,
            Failure::NoTestnet { .. } | Failure::NoNode { .. } => 5,
            _ => 1,
        }
    }

    /// For `map_err`: what was being done when the system said no.
    pub fn io(what: impl Into<String>) -> impl FnOnce(io::Error) -> Failure {
        let what = what.into();
        |source| Failure::Io { what, source }
    }
}

/// How to call this program, for hints.
pub fn command() -> String {
    std::env::var("ZEROMESH_TESTNET_COMMAND").unwrap_or_else(|_| "testnet".to_owned())
}
