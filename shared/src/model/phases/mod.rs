//! Phases: what work a phase is made of, when it may be left, what it leaves behind.
//!
//! [`plan`] makes the work, [`evidence`] gathers what it finds out, [`validate`] and [`board`] weigh
//! it, [`condition`] keeps what the board asked for, [`gate`] decides where it goes, [`reach`] whether
//! it can still be paid for, and [`estimate`] says what is left. Called by [`day`](super::day) in the
//! evening and by [`work`](super::work) when a task is done.

pub mod board;
pub mod condition;
mod end;
pub mod estimate;
pub mod evidence;
mod gate;
pub mod plan;
mod reach;
#[cfg(test)]
pub(in crate::model) mod tests;
pub mod validate;

use bincode::{Decode, Encode};

use crate::model::kind::TaskKind;
use crate::model::phases::board::{ADVICE_MAX, BoardAnswer};
use crate::model::phases::condition::{CONDITIONS_MAX, Condition};
use crate::model::phases::estimate::Pace;
use crate::model::phases::evidence::{Brief, Evidence, NAMED_MAX, Said};
use crate::model::phases::validate::{RISKS_MAX, Report};
use crate::model::project::Project;
use crate::model::spec::ProjectSpec;
use crate::model::view::Phase;
use crate::model::words::title::Title;

/// Working days in a row on which a project has to pay for itself to be complete: a quarter.
pub const PROFITABLE_DAYS: u32 = 60;
/// Working days the market's answer is waited for.
pub const SURVEY_DAYS: u32 = 4;
/// Ends of phases that are remembered.
pub const ENDS_MAX: usize = 12;
/// Steps backwards that are remembered.
pub const SETBACKS_MAX: usize = 6;
/// Tasks named in an artifact: those that took longest.
pub const TASKS_NAMED: usize = 3;

/// What has been done in a phase.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct PhaseWork {
    pub tasks: u32,
    pub estimate_minutes: u64,
    pub spent_minutes: u64,
    pub caught: u32,
    /// Who finished how many tasks, at most [`NAMED_MAX`] of them.
    pub by: Vec<(u32, u16)>,
}

impl PhaseWork {
    /// Somebody has finished a task. With too many to name, those with the fewest give way
    /// (Metwally, Agrawal and El Abbadi 2005: the space-saving count of the most frequent).
    pub fn credit(&mut self, person: u32) {
        if let Some(entry) = self.by.iter_mut().find(|(id, _)| *id == person) {
            entry.1 = entry.1.saturating_add(1);
        } else if self.by.len() < NAMED_MAX {
            self.by.push((person, 1));
        } else if let Some(least) = self.by.iter_mut().min_by_key(|(id, count)| (*count, *id)) {
            *least = (person, least.1.saturating_add(1));
        }
    }

    /// Whether it could have come from steps.
    pub fn sound(&self) -> bool {
        self.by.len() <= NAMED_MAX
            && self.estimate_minutes <= 1 << 50
            && self.spent_minutes <= 1 << 50
            && self.tasks <= u32::MAX / 2
            && self.caught <= u32::MAX / 2
    }
}

/// A task that an artifact names.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct TaskFact {
    pub id: u32,
    pub title: Title,
    pub kind: TaskKind,
    /// The part of the product it is about.
    pub area: u8,
    pub estimate: u32,
    pub spent: u32,
    pub by: u32,
}

/// What is particular to a phase.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum EndFacts {
    Plain,
    Brief(Brief),
    Report(Box<Report>),
    Board(Box<BoardAnswer>),
    /// The estimate for the build, in working days at 50 % and 85 %.
    Plan {
        days_50: u32,
        days_85: u32,
    },
}

/// What is true at the end of a phase: the facts of its artifact.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct PhaseEnd {
    pub phase: Phase,
    pub tick: u64,
    pub days: u32,
    pub work: PhaseWork,
    pub people: u32,
    pub cash_cents: i64,
    /// Months the money lasts at the cost of today, at most 999.
    pub runway_months: u16,
    pub customers: u32,
    pub bugs: u32,
    pub quality: u16,
    pub scope: u32,
    /// The scope when the phase began.
    pub planned_scope: u32,
    /// What was estimated when it began: working days at 50 % and 85 %.
    pub promised: (u32, u32),
    /// Whoever led at that time.
    pub by: u32,
    pub tasks: Vec<TaskFact>,
    pub facts: EndFacts,
}

/// Why progress went back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum SetbackCause {
    /// More was asked for than had been planned.
    Scope,
    /// Defects were found that have to be put right.
    Bugs,
    /// A day cost more than it brought.
    Loss,
}

/// A step backwards, in basis points of the phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Setback {
    pub day: u32,
    pub from: u16,
    pub to: u16,
    pub cause: SetbackCause,
}

/// The way from the idea to the customers, as far as it has been gone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Path {
    /// The phase it was founded in: those before are skipped.
    pub from: Phase,
    pub brief: Brief,
    pub evidence: Evidence,
    pub conditions: Vec<Condition>,
    pub pivots: u8,
    /// Progress that has been shown, in basis points.
    pub held: u16,
    pub setbacks: Vec<Setback>,
    pub pace: Pace,
    pub planned_scope: u32,
    /// Working days estimated for the phase when it began, at 50 % and 85 %.
    pub promised: (u32, u32),
    pub weeks_out_of_reach: u8,
}

impl Path {
    /// At the founding.
    pub fn found(spec: &ProjectSpec) -> Path {
        let said = |there: bool| if there { Said::Owner } else { Said::Missing };
        let text = |text: &str| said(!text.trim().is_empty());
        Path {
            from: spec.phase,
            brief: [
                text(&spec.hypothesis),
                said(!spec.target_customers.is_empty()),
                text(&spec.target_market),
                text(&spec.business_model),
            ],
            planned_scope: spec.scope,
            ..Path::default()
        }
    }

    /// Whether it could have come from steps.
    pub fn check(&self) -> Result<(), String> {
        let sound = self.evidence.sound()
            && self.pace.sound()
            && self.conditions.len() <= CONDITIONS_MAX
            && self.setbacks.len() <= SETBACKS_MAX
            && self.held <= 10_000
            && self.planned_scope <= 100_000;
        if sound { Ok(()) } else { Err("the way of the project is not sound".into()) }
    }
}

impl PhaseEnd {
    /// Whether it could have come from steps.
    pub fn check(&self) -> Result<(), String> {
        let report = |report: &Report| {
            report.evidence.sound()
                && report.risks.len() <= RISKS_MAX
                && report.scores.iter().all(|&score| score <= 10_000)
        };
        let facts = match &self.facts {
            EndFacts::Report(facts) => report(facts),
            EndFacts::Board(answer) => {
                report(&answer.report)
                    && answer.advice.len() <= ADVICE_MAX
                    && answer.opinions.len() <= 4
            }
            _ => true,
        };
        let given = |title: &Title| matches!(title, Title::Given(text) if text.len() > 200);
        let sound = facts
            && self.work.sound()
            && self.tasks.len() <= TASKS_NAMED
            && !self.tasks.iter().any(|task| given(&task.title));
        if sound { Ok(()) } else { Err("the end of a phase is not sound".into()) }
    }
}

/// The phase that follows.
pub fn next(phase: Phase) -> Phase {
    match phase {
        Phase::Intake => Phase::Validation,
        Phase::Validation => Phase::Advisory,
        Phase::Advisory => Phase::Design,
        Phase::Design => Phase::Build,
        Phase::Build => Phase::Hardening,
        Phase::Hardening => Phase::Launch,
        Phase::Launch => Phase::Growth,
        Phase::Growth | Phase::Completed => Phase::Completed,
    }
}

/// The word of a phase.
pub fn word(phase: Phase) -> &'static str {
    match phase {
        Phase::Intake => "intake",
        Phase::Validation => "validation",
        Phase::Advisory => "advisory",
        Phase::Design => "design",
        Phase::Build => "build",
        Phase::Hardening => "hardening",
        Phase::Launch => "launch",
        Phase::Growth => "growth",
        Phase::Completed => "completed",
    }
}

impl Project {
    /// Months the money lasts at the cost of today.
    pub fn runway_months(&self) -> u16 {
        let monthly = self.daily_cost_cents().saturating_mul(20);
        (self.cash_cents.max(0) / monthly.max(1)).min(999) as u16
    }
}
