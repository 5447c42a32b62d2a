//! Measures: the numbers by which a chief steers, as anybody in the company could count them. What
//! nobody knows (defects not found, the effort left in a task) is in none of them.

use bincode::{Decode, Encode};

use crate::model::kind::{Department, TaskKind};
use crate::model::project::Project;

/// A number that a goal is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Measure {
    /// Working days the money lasts at the cost and income of today.
    Runway,
    /// Of the phase, in percent.
    Progress,
    /// Known defects that are open.
    Bugs,
    Customers,
    /// Mean over people, in percent.
    Morale,
    /// Estimated hours of work of a department that were finished since the goal was set.
    Output,
    /// What a month costs, in whole units of money.
    Cost,
    /// People who wait for help or for work.
    Waiting,
}

impl Measure {
    pub fn word(self) -> &'static str {
        match self {
            Measure::Runway => "runway",
            Measure::Progress => "progress",
            Measure::Bugs => "open defects",
            Measure::Customers => "customers",
            Measure::Morale => "morale",
            Measure::Output => "finished work",
            Measure::Cost => "monthly cost",
            Measure::Waiting => "people waiting",
        }
    }

    /// A value with its unit.
    pub fn text(self, value: i32) -> String {
        match self {
            Measure::Runway if value >= 9_999 => "money without end".into(),
            Measure::Runway => format!("{value} working days of money"),
            Measure::Progress => format!("{value} % of the phase"),
            Measure::Bugs if value == 1 => "1 open defect".into(),
            Measure::Bugs => format!("{value} open defects"),
            Measure::Customers => format!("{value} customers"),
            Measure::Morale => format!("a mean morale of {value} of 100"),
            Measure::Output => format!("{value} hours of finished work"),
            Measure::Cost => format!("{value} a month"),
            Measure::Waiting if value == 1 => "1 person waiting".into(),
            Measure::Waiting => format!("{value} people waiting"),
        }
    }

    /// A value with its unit, where it is clear what it is about.
    pub fn short(self, value: i32) -> String {
        match self {
            Measure::Runway if value >= 9_999 => "no end".into(),
            Measure::Runway => format!("{value} days"),
            Measure::Progress => format!("{value} %"),
            Measure::Morale => format!("{value} of 100"),
            Measure::Output => format!("{value} hours"),
            _ => value.to_string(),
        }
    }

    /// Whether more of it is better.
    pub fn up(self) -> bool {
        !matches!(self, Measure::Bugs | Measure::Cost | Measure::Waiting)
    }

    /// Whether it adds up over the time of a goal; the others are to be at a level all the time.
    pub fn adds_up(self) -> bool {
        matches!(self, Measure::Progress | Measure::Customers | Measure::Output)
    }
}

/// Where work of a kind belongs.
pub fn department_of(kind: TaskKind) -> Department {
    match kind {
        TaskKind::Feature | TaskKind::Bug | TaskKind::Chore | TaskKind::Ops => {
            Department::Engineering
        }
        TaskKind::Research | TaskKind::Design | TaskKind::Docs => Department::Product,
        TaskKind::Test => Department::Quality,
        TaskKind::Marketing | TaskKind::Sales | TaskKind::Support => Department::Commercial,
        TaskKind::Finance => Department::Finance,
    }
}

fn narrow(value: i64) -> i32 {
    value.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32
}

impl Project {
    /// What a measure stands at; of a department, where it is one's own.
    pub(in crate::model) fn measure(&self, measure: Measure, department: Department) -> i32 {
        match measure {
            Measure::Runway => self.money_days() as i32,
            Measure::Progress => i32::from(self.progress() / 100),
            Measure::Bugs => narrow(self.cache.bugs.into()),
            Measure::Customers => narrow(self.customers.into()),
            Measure::Morale => {
                let sum: u64 = self.people.iter().map(|person| u64::from(person.morale)).sum();
                (sum / self.people.len().max(1) as u64 / 100) as i32
            }
            Measure::Output => narrow(i64::from(self.chief.finished[department as usize]) / 60),
            Measure::Cost => narrow(self.daily_cost_cents() / 5),
            Measure::Waiting => {
                self.people.iter().filter(|p| p.stuck_since.is_some() || idle(p)).count() as i32
            }
        }
    }
}

/// Whether somebody has found nothing to do on the board.
pub fn idle(person: &crate::model::people::person::Person) -> bool {
    use crate::model::day::thought::Doubt;
    person.hand.is_empty() && person.thought.doubt == Doubt::Idle
}
