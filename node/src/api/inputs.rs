//! Scenarios, projects, commands and imports as people write them, turned into what the core takes.
//! The only file of the API that knows the model's inputs.

use shared::engine::command::Target;
use shared::engine::genesis::Genesis;
use shared::id::{Epoch, ShardId};

use super::problem::Failure;

/// Input that makes no sense, with where and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadInput(pub String);

impl From<BadInput> for Failure {
    fn from(bad: BadInput) -> Self {
        Failure::invalid(bad.0)
    }
}

pub struct Scenario {
    pub genesis: Genesis,
    pub commands: Vec<(Epoch, Target, Vec<u8>, u64)>,
    pub pace: (u64, bool),
}

pub struct Import {
    pub body: Vec<u8>,
    pub people: u32,
    pub open: u32,
    pub history: u32,
    pub hours_per_weight: f64,
    pub closings_per_week: f64,
    pub warnings: Vec<String>,
}

pub fn scenario(_text: &str, _origin: &str) -> Result<Scenario, BadInput> {
    Err(BadInput("scenarios are not part of this build".into()))
}

pub fn projects_of(_scenario: &Scenario) -> Vec<String> {
    Vec::new()
}

pub fn founding(bytes: &[u8], _market: Option<ShardId>) -> Result<Vec<u8>, Failure> {
    super::body::parse_json::<serde_json::Value>(bytes)?;
    Ok(bytes.to_vec())
}

pub fn command(bytes: &[u8]) -> Result<Vec<u8>, Failure> {
    super::body::parse_json::<serde_json::Value>(bytes)?;
    Ok(bytes.to_vec())
}

pub fn import(_: &[u8], _name: &str, _as_of: &str, _: Option<ShardId>) -> Result<Import, BadInput> {
    Err(BadInput("imports are not part of this build".into()))
}

pub fn default_scenario() -> Result<Scenario, BadInput> {
    Err(BadInput("scenarios are not part of this build".into()))
}
