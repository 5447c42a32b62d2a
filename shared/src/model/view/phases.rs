//! What people are shown of the way from the idea to the customers.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Phase;

/// What is left, from the project's own pace so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct EstimateView {
    /// Working days until the present phase is done: half of all outcomes take less.
    pub phase_days_50: u32,
    /// Working days until the present phase is done: 85 % of all outcomes take less.
    pub phase_days_85: u32,
    /// Working days until the end of `until`, at 50 %.
    pub days_50: u32,
    /// Working days until the end of `until`, at 85 %.
    pub days_85: u32,
    /// The last phase that is counted.
    pub until: Phase,
    /// Estimated hours of work left in the present phase.
    pub hours_left: u32,
    /// Estimated hours the company finishes in a working day.
    pub hours_per_day: u32,
    /// Working days that were estimated for the phase when it began, at 50 % and 85 %.
    pub promised_days: [u32; 2],
    /// How the numbers come about, in words. Empty when there is nothing to estimate.
    pub explained: String,
}

/// The way so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct PathView {
    /// Phases that were over before the project began here.
    pub skipped: Vec<Phase>,
    /// How often the idea was changed after a first validation.
    pub pivots: u8,
    /// What has been found out about the idea.
    pub evidence: EvidenceView,
    /// What the advisory board asked for.
    pub conditions: Vec<ConditionView>,
    /// When progress went back, and why. Newest last.
    pub setbacks: Vec<SetbackView>,
}

/// What has been found out about the idea.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct EvidenceView {
    pub interviews: u16,
    /// Of those interviewed, who have the problem.
    pub confirmed: u16,
    pub asked_to_pay: u16,
    pub willing_to_pay: u16,
    pub competitors: u16,
    /// Of hypothesis, target customers, market and business model: those nobody has said.
    pub missing: Vec<String>,
}

/// A condition of the advisory board.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ConditionView {
    pub adviser: String,
    pub text: String,
    /// Working day of the world.
    pub due_day: u32,
    /// `open`, `done` or `missed`.
    pub state: String,
    pub done_day: Option<u32>,
}

/// A step backwards.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SetbackView {
    /// Working day of the world.
    pub day: u32,
    /// Progress of the phase before and after, in basis points.
    pub from: u16,
    pub to: u16,
    pub cause: String,
}
