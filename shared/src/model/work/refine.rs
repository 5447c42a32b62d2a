//! Refinement: whoever is in charge of the product looks into vague work before it is taken on. Part
//! of what was hidden shows, the estimate moves towards the truth, and fewer things are
//! misunderstood.

use crate::model::day::thought::{Choice, Goal, Thought};
use crate::model::happen::{Happen, Stream};
use crate::model::kind::{Activity, Role, Seniority, Skill, TaskKind};
use crate::model::people::person::{bp, shift};
use crate::model::project::Project;
use crate::model::view::TaskState;
use crate::model::work::estimate::said;
use crate::model::work::{HIDDEN_MORE, Task};

/// Vague tasks chosen at a time.
pub const REFINE_AHEAD: usize = 16;
/// When fewer are left, the next are chosen.
const REFINE_LEAST: usize = 4;
/// Of the estimate, in basis points: refining takes a tenth of a team's time at most (Scrum Guide
/// 2017); this is less, because one person does it.
const REFINE_SHARE: u32 = 600;
/// The shortest and the longest, in minutes; our assumption.
const REFINE_MINUTES: (u32, u32) = (15, 60);
/// How likely somebody who may refine does so when there is something vague, in basis points; our
/// assumption.
const REFINE_FIRST: u32 = 4_500;

/// Whether work of this kind is vague when it is asked for. Faults, tests and chores say what they
/// want; our assumption.
pub fn begins_vague(kind: TaskKind) -> bool {
    matches!(kind, TaskKind::Feature | TaskKind::Design)
}

impl Project {
    /// Whether this person looks into vague work.
    fn may_refine(&self, at: usize) -> bool {
        let person = &self.people[at];
        matches!(person.role, Role::Product | Role::Manager | Role::Founder)
            || person.seniority >= Seniority::Lead
            || (self.work.all_refine && person.seniority >= Seniority::Senior)
    }

    /// What is to be looked into next: the vague tasks that come first on the board.
    pub(in crate::model) fn choose_what_to_refine(&mut self) {
        if self.only_backlog || self.work.refine.len() >= REFINE_LEAST {
            return;
        }
        let vague =
            |task: &&Task| task.vague && task.state == TaskState::Todo && task.phase <= self.phase;
        let mut first: Vec<(u8, u32)> = Vec::with_capacity(REFINE_AHEAD + 1);
        for task in self.tasks.iter().filter(vague) {
            let entry = (5 - task.priority.min(5), task.id);
            if first.len() >= REFINE_AHEAD && first.last().is_some_and(|last| *last < entry) {
                continue;
            }
            first.insert(first.partition_point(|other| *other < entry), entry);
            first.truncate(REFINE_AHEAD);
        }
        self.work.refine = first.into_iter().map(|(_, id)| id).collect();
        self.work.all_refine = false;
        self.work.all_refine = (0..self.people.len()).all(|at| !self.may_refine(at));
    }

    /// Looks into a vague task, if that is for this person to do and they choose to.
    pub(in crate::model) fn refines(
        &mut self,
        at: usize,
        now: u64,
        room: u64,
        happen: &mut Happen<'_, '_>,
    ) -> bool {
        if self.work.refine.is_empty()
            || !self.may_refine(at)
            || !happen.rng(Stream::Work).chance(REFINE_FIRST)
        {
            return false;
        }
        let id = self.work.refine.remove(0);
        let Some(task) = self.task(id).filter(|task| task.vague && task.state == TaskState::Todo)
        else {
            return false;
        };
        let minutes =
            bp(task.estimate, REFINE_SHARE).clamp(REFINE_MINUTES.0, REFINE_MINUTES.1).into();
        if room < minutes {
            // Not begun so late: tomorrow.
            self.work.refine.insert(0, id);
            return false;
        }
        let person = &mut self.people[at];
        person.task = Some(id);
        person.thought = Thought::plain(Goal::Refine, Choice::Refine).on(id);
        self.begin(at, Activity::Refining, now, minutes, happen);
        true
    }

    /// A task has been looked into: part of what it will really take is known now.
    pub(in crate::model) fn finish_refining(&mut self, at: usize, minutes: u32) {
        let Some(task_at) = self.people[at].task.take().and_then(|id| self.task_at(id)) else {
            return;
        };
        shift(&mut self.people[at].energy, -(minutes as i32) * 6);
        let planning = f64::from(self.people[at].skill(Skill::Planning).min(10_000)) / 10_000.0;
        let task = &mut self.tasks[task_at];
        if !std::mem::take(&mut task.vague) || task.spent > 0 || task.source.is_some() {
            return;
        }
        // Of what is hidden in vague work, the part beyond the ordinary shows to whoever plans
        // ordinarily well (.4), more to the skilled.
        let hidden = libm::log(f64::from(task.left.max(1)) / f64::from(task.estimate.max(1)));
        let seen = (1.0 - 1.0 / HIDDEN_MORE) * (0.6 + planning);
        let minutes = f64::from(task.estimate) * libm::exp(hidden * seen);
        self.set_estimate(task_at, said(minutes));
    }
}
