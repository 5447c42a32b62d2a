//! Scenarios, projects, commands and imports as people write them, turned into what the core takes.
//! The only file of the API that knows the model's inputs; the command line reads files through it
//! too, so that both say the same of the same mistake.

use std::hash::{BuildHasher, RandomState};

use shared::engine::command::{Command, Target};
use shared::id::ShardId;
use shared::model::command::ProjectCommand;
use shared::model::import::{self, Date};
use shared::model::scenario;
use shared::model::spec::{BadSpec, Founding, ProjectSpec};

pub use shared::model::import::CSV_BYTES_MAX;
pub use shared::model::scenario::{SCENARIO_BYTES_MAX, Scenario};

use super::body::parse_json;
use super::problem::Failure;

/// Input that makes no sense, with the place of the mistake and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadInput(String);

impl From<BadSpec> for BadInput {
    fn from(bad: BadSpec) -> Self {
        BadInput(bad.to_string())
    }
}

impl From<BadInput> for Failure {
    fn from(bad: BadInput) -> Self {
        Failure::invalid(bad.0)
    }
}

/// Reads a scenario. `origin` is what errors call it: a file's name.
pub fn scenario(text: &str, origin: &str) -> Result<Scenario, BadInput> {
    Scenario::parse(text, origin).map_err(|error| BadInput(error.to_string()))
}

/// The small world a node starts with.
pub fn default_scenario() -> Result<Scenario, BadInput> {
    scenario(scenario::DEFAULT, "the default scenario")
}

/// The scenario with a seed: its own, or one drawn now. So two nodes that start alone have two
/// worlds, and a file that says its seed is one world wherever it is loaded.
pub fn seeded(scenario: Scenario) -> Scenario {
    if scenario.seeded {
        return scenario;
    }
    // The standard library's own random keys: this is the only random number the API needs, and
    // nothing depends on nobody guessing it.
    scenario.with_seed(RandomState::new().hash_one("zeromesh/seed"))
}

/// The ids of the projects a scenario founds, in order of the file.
pub fn projects_of(scenario: &Scenario) -> Vec<String> {
    let world = scenario.genesis.id();
    // The market, if there is one, is founded first.
    let founded = scenario.commands.iter().filter(|(_, target, ..)| *target == Target::Found);
    let markets = founded.clone().count().saturating_sub(scenario.projects());
    founded
        .skip(markets)
        .map(|(_, target, body, nonce)| {
            Command { world, target: *target, body: body.clone(), nonce: *nonce }.id().to_string()
        })
        .collect()
}

/// The body of the command that founds the project described in JSON. It sells on the world's
/// market unless it names another.
pub fn founding(json: &[u8], market: Option<ShardId>) -> Result<Vec<u8>, Failure> {
    let mut spec: ProjectSpec = parse_json(json)?;
    spec.market = spec.market.or(market);
    Ok(found(spec)?)
}

/// The body of a command to a project, from JSON.
pub fn command(json: &[u8]) -> Result<Vec<u8>, Failure> {
    let command: ProjectCommand = parse_json(json)?;
    command.check().map_err(BadInput::from)?;
    Ok(command.to_body())
}

fn found(spec: ProjectSpec) -> Result<Vec<u8>, BadInput> {
    spec.check()?;
    Ok(Founding::Project(Box::new(spec)).to_body())
}

/// A project made of an export.
pub struct Import {
    /// Of the founding command.
    pub body: Vec<u8>,
    pub people: u32,
    pub open: u32,
    pub history: u32,
    pub hours_per_weight: f64,
    pub closings_per_week: f64,
    pub warnings: Vec<String>,
}

/// Makes a project of a GitLab CSV export as things stood on a day (YYYY-MM-DD).
pub fn import(
    csv: &[u8],
    name: &str,
    as_of: &str,
    market: Option<ShardId>,
) -> Result<Import, BadInput> {
    let as_of: Date = as_of
        .parse()
        .map_err(|error| BadInput(format!("as_of: {error}. Write the day as YYYY-MM-DD.")))?;
    let imported = import::import_gitlab(csv, name, as_of, market)
        .map_err(|error| BadInput(error.to_string()))?;
    let warnings = imported.warnings.into_iter().map(|warning| match warning.line {
        0 => warning.message,
        line => format!("line {line}: {}", warning.message),
    });
    let report = imported.report;
    Ok(Import {
        warnings: warnings.collect(),
        people: report.people,
        open: report.open,
        history: report.closed_before,
        hours_per_weight: f64::from(report.minutes_per_weight) / 60.0,
        closings_per_week: report.closings_per_week,
        body: found(imported.spec)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_scenario_is_one_and_draws_its_seed() {
        let plain = default_scenario().unwrap();
        let (one, other) = (seeded(plain.clone()), seeded(plain));
        assert_ne!(one.genesis.id(), other.genesis.id());
        assert_eq!(projects_of(&one).len(), one.projects());
        let text = scenario::DEFAULT.replace("name = \"main\"", "name = \"main\"\nseed = 7");
        let fixed = || seeded(scenario(&text, "x").unwrap()).genesis.id();
        assert_eq!(fixed(), fixed());
    }

    #[test]
    fn what_makes_no_sense_is_told_with_its_place() {
        let failure = founding(br#"{"name":"A","team":[]}"#, None).unwrap_err();
        assert_eq!(failure.0.status, 422);
        assert!(failure.0.detail.starts_with("team: is empty"), "{failure:?}");
        let failure = founding(br#"{"name":"A","teem":[]}"#, None).unwrap_err();
        assert_eq!(failure.0.status, 400);
        assert!(failure.0.detail.contains("teem"), "{failure:?}");
        let failure = command(br#"{"type":"fund","cents":-1}"#).unwrap_err();
        assert!(failure.0.detail.starts_with("cents:"), "{failure:?}");
        let bad = scenario("[world]\nname = 1", "my.toml").map(|_| ()).unwrap_err();
        assert!(bad.to_string().starts_with("my.toml:2:"), "{bad}");
        let bad = import(b"x", "a", "yesterday", None).map(|_| ()).unwrap_err();
        assert!(bad.to_string().contains("YYYY-MM-DD"), "{bad}");
    }

    #[test]
    fn a_project_sells_on_the_market_of_its_world() {
        let market = ShardId(shared::id::Hash([3; 32]));
        let json = br#"{"name":"A","team":[{"role":"founder"}]}"#;
        assert_ne!(founding(json, None).unwrap(), founding(json, Some(market)).unwrap());
    }
}
