//! The virtual companies: a [`Model`](crate::engine::model::Model) that the engine drives.
//!
//! [`companies`] is the door: it founds, steps, encodes and decodes. [`spec`] and [`command`] are
//! what comes in, [`view`] is what people see, [`picture`] makes it. [`project`] holds the state of
//! a company. What moves it has a room each: [`day`] (what people do, minute by minute), [`people`]
//! (what they are, how they feel, how they come and go), [`work`] (tasks and the board),
//! [`workshop`] (code, builds, deployments), [`business`] (money, customers, market), [`phases`]
//! (from idea to growth), [`chief`] (goals and decisions) and [`words`] (what is said and how things
//! are called). [`scenario`] reads worlds from files, [`import`] makes a project of a real backlog,
//! [`facts`] holds the whole against what is known of real software work.

pub mod business;
mod check;
pub mod chief;
pub mod command;
pub mod companies;
#[cfg(test)]
mod conservation;
pub mod day;
pub mod facts;
mod happen;
pub mod import;
pub mod kind;
pub mod mail;
#[cfg(test)]
mod metamorphic;
pub mod people;
pub mod phases;
mod picture;
pub mod policies;
pub mod project;
pub mod scenario;
pub mod spec;
#[cfg(test)]
mod tests;
pub mod view;
pub mod words;
pub mod work;
pub mod workshop;

pub use command::ProjectCommand;
pub use companies::{Companies, NAME, RULES, State, decode_event, summary_of, view};
pub use import::{Date, ImportedBacklog, import_gitlab};
pub use scenario::{Scenario, ScenarioError};
pub use spec::{BadSpec, MarketSpec, ProjectSpec, TaskSpec, TeamSpec};
