//! Conditions: what the board wanted to be done, what was done about it, and what was not.

use bincode::{Decode, Encode};

use crate::model::chief::talk::ChiefTalk;
use crate::model::happen::Happen;
use crate::model::kind::TaskKind;
use crate::model::phases::board::{Advice, Adviser, BoardAnswer};
use crate::model::phases::plan::step;
use crate::model::project::Project;
use crate::model::view::Phase;
use crate::model::words::talk::About;
use crate::model::words::title::Title;
use crate::rng::Rng;

/// Conditions a project remembers.
pub const CONDITIONS_MAX: usize = 12;
/// Working days a condition has. Our assumption: a quarter.
const CONDITION_DAYS: u32 = 60;

/// Whether it was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Kept {
    Open,
    /// On this working day.
    Done(u32),
    /// Not by the day it was due.
    Missed,
}

/// Something the board asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Condition {
    pub adviser: Adviser,
    pub advice: Advice,
    pub due_day: u32,
    pub kept: Kept,
    /// Money that had come in by then, for advice on money.
    pub funded_cents: i64,
}

impl Project {
    /// Takes the advice on: what can be done by a decision is done, the rest becomes work.
    pub(in crate::model) fn take_advice(
        &mut self,
        answer: &BoardAnswer,
        day: u32,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) {
        for &(adviser, advice) in &answer.advice {
            if self.path.conditions.len() >= CONDITIONS_MAX {
                self.path.conditions.remove(0);
            }
            let kept = match advice {
                Advice::CutScope { to, .. } => {
                    self.scope = self.scope.min(to).max(1);
                    Kept::Done(day)
                }
                Advice::Price { to, .. } if self.customers == 0 => {
                    self.policies.price_cents = to;
                    Kept::Done(day)
                }
                _ => Kept::Open,
            };
            self.path.conditions.push(Condition {
                adviser,
                advice,
                due_day: day.saturating_add(CONDITION_DAYS),
                kept,
                funded_cents: self.totals.funded_cents,
            });
            if self.people.len() > 1 && matches!(kept, Kept::Done(_)) {
                let lead = self.leader();
                let about = About::Chief(ChiefTalk::Followed { advice });
                happen.say(self, lead, None, about, None, 500, now);
            }
        }
    }

    /// The work of the conditions that are open, beside that of the design.
    pub(in crate::model) fn plan_conditions(&mut self, rng: &mut Rng) {
        let (now, phase) = (self.tick, Phase::Design);
        for at in 0..self.path.conditions.len() {
            let condition = self.path.conditions[at];
            let (step, kind, hours) = match (condition.kept, condition.advice) {
                (Kept::Open, Advice::MoreInterviews(_)) => {
                    (step::MORE_INTERVIEWS, TaskKind::Research, (8, 20))
                }
                (Kept::Open, Advice::TryRiskiest) => {
                    (step::TRY_RISKIEST, TaskKind::Feature, (12, 32))
                }
                (Kept::Open, Advice::OneGroup) => (step::ONE_GROUP, TaskKind::Research, (4, 10)),
                _ => continue,
            };
            let estimate = (rng.between(hours.0, hours.1) * 60) as u32;
            self.add_task(Title::Step(step), kind, phase, 5, estimate, Vec::new(), now, rng);
        }
    }

    /// The work of a condition is done.
    pub(in crate::model) fn keep_condition(&mut self, done: u8, now: u64) {
        let day = Project::day_of(now);
        for condition in &mut self.path.conditions {
            let step = match condition.advice {
                Advice::MoreInterviews(_) => step::MORE_INTERVIEWS,
                Advice::TryRiskiest => step::TRY_RISKIEST,
                Advice::OneGroup => step::ONE_GROUP,
                _ => continue,
            };
            if step == done && condition.kept == Kept::Open {
                condition.kept = Kept::Done(day);
            }
        }
    }

    /// Once a week: what has come about, and what has not by the day it was due.
    pub(in crate::model) fn check_conditions(&mut self, day: u32) {
        for at in 0..self.path.conditions.len() {
            let condition = self.path.conditions[at];
            if condition.kept != Kept::Open {
                continue;
            }
            let done = match condition.advice {
                Advice::Hire(role) => {
                    // Somebody of that role who came after the board had met.
                    let since = condition.due_day.saturating_sub(CONDITION_DAYS);
                    self.people.iter().any(|p| p.role == role && p.joined_day > since)
                }
                Advice::Fund(_) => self.totals.funded_cents > condition.funded_cents,
                _ => false,
            };
            if done {
                self.path.conditions[at].kept = Kept::Done(day);
            } else if day >= condition.due_day {
                self.path.conditions[at].kept = Kept::Missed;
            }
        }
    }

    /// The role the board wants to be hired and nobody has been found for.
    pub(in crate::model) fn role_wanted_by_board(&self) -> Option<crate::model::kind::Role> {
        self.path.conditions.iter().find_map(|condition| match (condition.kept, condition.advice) {
            (Kept::Open, Advice::Hire(role))
                if !self.vacancies.iter().any(|vacancy| vacancy.role == role) =>
            {
                Some(role)
            }
            _ => None,
        })
    }
}
