//! The virtual companies: a [`Model`](crate::engine::model::Model) that the engine drives.
//!
//! [`companies`] is the door: it founds, steps, encodes and decodes. [`spec`] and [`command`] are
//! what comes in, [`view`] is what people see, [`picture`] makes it. Inside, [`project`] holds the
//! state; [`day`], [`outcome`] and [`staff`] move it; [`person`], [`work`], [`phase`], [`money`] and [`market`]
//! are its parts; [`talk`] and [`thought`] put it into words. [`scenario`] reads worlds from files,
//! [`import`] makes a project of a real backlog.

mod check;
pub mod command;
pub mod companies;
mod day;
mod happen;
pub mod import;
pub mod kind;
pub mod market;
pub mod money;
mod names;
mod outcome;
pub mod person;
pub mod phase;
mod picture;
pub mod project;
pub mod scenario;
pub mod spec;
mod staff;
pub mod talk;
#[cfg(test)]
mod tests;
pub mod thought;
pub mod view;
pub mod work;

pub use command::ProjectCommand;
pub use companies::{Companies, NAME, RULES, State, decode_event, summary_of, view};
pub use import::{Date, ImportedBacklog, import_gitlab};
pub use scenario::{Scenario, ScenarioError};
pub use spec::{BadSpec, MarketSpec, ProjectSpec, TaskSpec, TeamSpec};
