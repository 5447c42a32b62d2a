//! Work: tasks, what they really take, how they are refined, estimated, chosen, built, reviewed,
//! put right and deployed, and the figures that fall out of it.
//!
//! A task goes: vague -> refined ([`refine`]) -> committed ([`sprint`], only where work goes in
//! sprints) -> taken on and estimated ([`estimate`]) -> handed in ([`finish`]) -> built ([`build`])
//! -> reviewed ([`review`]) -> merged -> deployed ([`deploy`]).

mod board;
mod build;
mod cache;
mod defects;
mod deploy;
mod estimate;
mod finish;
pub mod flow;
pub mod histogram;
mod refine;
mod review;
pub mod sprint;
pub mod talk;
mod task;
#[cfg(test)]
mod tests;

use bincode::{Decode, Encode};

pub use cache::*;
pub use defects::{DefectLog, STAGES, Stage};
pub use deploy::Deployments;
pub use task::*;

use crate::model::happen::Happen;
use crate::model::project::{Project, WEEK_DAYS};
use estimate::{SCALE_MAX, SCALE_MIN};
use flow::Flow;
use refine::REFINE_AHEAD;
use sprint::Sprint;

/// What the work as a whole remembers, beside the tasks.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct WorkState {
    pub sprint: Sprint,
    pub deployments: Deployments,
    pub defects: DefectLog,
    pub flow: Flow,
    /// Vague tasks that are looked into next: ids.
    pub refine: Vec<u32>,
    /// Whether the most senior refine too, because nobody of product or leadership is here.
    pub all_refine: bool,
    /// What the team has learned to multiply its estimates with, in basis points.
    pub scale: u16,
    /// How well the team keeps its own house, in basis points: grows with retrospectives.
    pub habits: u16,
}

impl Default for WorkState {
    fn default() -> Self {
        WorkState {
            sprint: Sprint::default(),
            deployments: Deployments::default(),
            defects: DefectLog::default(),
            flow: Flow::default(),
            refine: Vec::new(),
            all_refine: false,
            scale: 10_000,
            habits: 0,
        }
    }
}

impl WorkState {
    /// Whether all that steps rely on holds.
    pub fn check(&self) -> Result<(), String> {
        let hold = |good: bool, what: &str| {
            if good { Ok(()) } else { Err(format!("the state of the work is not sound: {what}")) }
        };
        hold(self.refine.len() <= REFINE_AHEAD, "too much to refine")?;
        hold((SCALE_MIN..=SCALE_MAX).contains(&self.scale), "the scale of estimates")?;
        hold(self.habits <= 10_000, "the habits")?;
        hold(self.sprint.sound(), "the sprint")?;
        hold(self.deployments.sound(), "the deployments")?;
        hold(self.defects.sound(), "the defects")?;
        hold(self.flow.sound(), "the flow")
    }
}

impl Project {
    /// The morning of the work: planning if a sprint is due, who refines what, reviews that would
    /// wait for somebody who is away. Says how many minutes of planning each person has.
    pub(in crate::model) fn work_morning(&mut self, now: u64, happen: &mut Happen<'_, '_>) -> u64 {
        let minutes = self.plan_sprint(now, happen);
        self.choose_what_to_refine();
        self.hand_over_reviews(now, happen);
        minutes
    }

    /// The evening of the work: what is asked for on the way, what goes out, and the figures of the
    /// week.
    pub(in crate::model) fn work_evening(
        &mut self,
        day: u32,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) {
        if self.ended() {
            return;
        }
        if !self.only_backlog {
            self.creep(day, now, happen);
            self.deploy_in_the_evening(now, happen);
        }
        if (u64::from(day) + 1).is_multiple_of(WEEK_DAYS) {
            let asked = self.next_task;
            self.work.flow.close_week(asked, now);
            // What is not looked after slips: a fortieth a week; our assumption.
            self.work.habits -= self.work.habits / 40;
        }
    }
}
