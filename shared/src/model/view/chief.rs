//! What people are shown of how a company is led.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Goals, acts and answers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct ChiefView {
    /// Whoever leads; none in a company of one or two.
    pub chief: Option<String>,
    pub chief_name: Option<String>,
    /// Whether nobody is looked for, to save money.
    pub hiring_frozen: bool,
    /// Goals of the whole company have no parent; those of departments follow theirs.
    pub goals: Vec<GoalView>,
    /// Goals of earlier months.
    pub goals_met: u32,
    pub goals_missed: u32,
    /// Newest last.
    pub acts: Vec<ActView>,
    /// Questions about the business, answered from its state when somebody looks.
    pub answers: Vec<AnswerView>,
}

/// Something that is wanted within a month.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct GoalView {
    pub id: u32,
    pub parent: Option<u32>,
    /// `leadership` for a goal of the whole company.
    pub department: String,
    pub owner: String,
    pub owner_name: String,
    /// `runway`, `progress`, `open defects`, `customers`, `morale`, `finished work`, …
    pub measure: String,
    pub base: i32,
    pub target: i32,
    pub value: i32,
    /// The goal in words.
    pub text: String,
    /// `on_track`, `at_risk`, `off`, `met` or `missed`.
    pub state: String,
    /// Working days of the world.
    pub set_day: u32,
    pub due_day: u32,
}

/// Something the chief has done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ActView {
    /// Working day of the world.
    pub day: u32,
    pub by: String,
    pub by_name: String,
    /// `raise`, `hire`, `hardening_week`, `cut_scope`, `talk`, `reassign`, `freeze_hiring`,
    /// `resume_hiring` or `let_go`.
    pub kind: String,
    pub text: String,
    /// Why: the measure and where it stood.
    pub measure: String,
    pub before: i32,
    pub expected: i32,
    /// Where the measure stood a month later; none before that.
    pub after: Option<i32>,
    /// `open`, `helped`, `nothing` or `worse`.
    pub outcome: String,
}

/// A question and what whoever leads says to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct AnswerView {
    pub question: String,
    pub answer: String,
}
