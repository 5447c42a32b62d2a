//! How a command ends: a word to the person, a number to the script.

use std::process::ExitCode;

use crate::api::types::Problem;

/// Shown under `--help`.
pub const HELP: &str = "\
Exit codes:
  0  done
  1  something failed
  2  wrong usage
  3  no node could be reached
  4  refused: the input makes no sense or is not allowed
  5  there is no such thing
  6  not settled yet: try again later";

/// What a command ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    Failure = 1,
    Usage = 2,
    Unreachable = 3,
    Refused = 4,
    NotFound = 5,
    NotSettled = 6,
}

/// Why a command did not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct CliError {
    pub exit: Exit,
    /// What happened, to what, and what to do.
    pub message: String,
}

impl CliError {
    /// An error of this kind.
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        CliError { exit, message: message.into() }
    }

    /// Something failed.
    pub fn failure(message: impl Into<String>) -> Self {
        Self::new(Exit::Failure, message)
    }

    /// The input makes no sense or is not allowed.
    pub fn refused(message: impl Into<String>) -> Self {
        Self::new(Exit::Refused, message)
    }
}

impl From<Problem> for CliError {
    fn from(problem: Problem) -> Self {
        let exit = match (problem.status, problem.kind.as_str()) {
            (404, _) => Exit::NotFound,
            (_, "not-settled") => Exit::NotSettled,
            (400..=499, _) => Exit::Refused,
            _ => Exit::Failure,
        };
        CliError::new(exit, problem.detail)
    }
}

impl From<crate::api::BindError> for CliError {
    fn from(error: crate::api::BindError) -> Self {
        Self::failure(error.to_string())
    }
}

impl From<crate::api::access::Exposed> for CliError {
    fn from(exposed: crate::api::access::Exposed) -> Self {
        Self::refused(exposed.to_string())
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}
