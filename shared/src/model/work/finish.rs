//! Finished work: what is handed in, what it has to pass, and what leaves the board.

use crate::model::happen::{Happen, Stream};
use crate::model::kind::TaskKind;
use crate::model::people::person::AchievementKind;
use crate::model::people::person::bp;
use crate::model::people::person::shift;
use crate::model::project::Project;
use crate::model::view::TaskState;
use crate::model::words::talk::About;
use crate::model::work::REWORK_MAX;
use crate::model::work::Stage;

/// Whoever is done with this share of the estimate left or less (basis points) may use it up.
const SPARE: u32 = 3_000;
/// Chance of that for somebody without any conscience for it, and what conscientiousness adds at
/// most, in basis points. Work fills the time there is for it (Parkinson 1955): a third of the
/// tasks of the SiP data took exactly what was estimated. The numbers are fitted to that.
const FILLS: u32 = 3_500;
const FILLS_CONSCIENTIOUS: u32 = 4_500;
/// Whoever has used up the estimate and sees no more than this share of it left (basis points) may
/// cut a corner and hand in what there is.
const CORNER: u32 = 2_500;
/// Chance of that for somebody without any conscience for it, and what conscientiousness takes off at
/// most, in basis points; fitted to the same.
const CUTS: u32 = 7_500;
const CUTS_CONSCIENTIOUS: u32 = 3_000;

impl Project {
    /// The work on a task is done: handed in, built, and then to review or off the board.
    pub(in crate::model) fn finish_task(
        &mut self,
        at: usize,
        task_at: usize,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) {
        let first = !self.tasks[task_at].handed;
        self.make_defects(at, task_at, happen);
        if first && self.tasks[task_at].tested {
            self.remove_defects(task_at, Stage::SelfTest, 10_000, happen);
        }
        if first && self.tasks[task_at].paired {
            self.remove_defects(task_at, Stage::Pair, 10_000, happen);
        }
        if !self.build(at, task_at, now, happen) {
            return;
        }
        let id = self.tasks[task_at].id;
        self.people[at].hand.retain(|&other| other != id);
        self.people[at].task = None;
        let reviewed = self.tasks[task_at].rework < REWORK_MAX
            && happen.rng(Stream::Work).chance(self.policies.review.into());
        match if reviewed { self.reviewer_for(at, task_at, now, happen) } else { None } {
            Some(reviewer) => {
                self.people[reviewer].reviews.push(id);
                self.tasks[task_at].reviewer = Some(self.people[reviewer].id);
                self.set_task_state(task_at, TaskState::Review, now);
                happen.task(self, task_at, Some(self.people[at].id), now);
            }
            None => self.close_task(at, task_at, false, now, happen),
        }
    }

    /// Whether somebody who has just used up the estimate, and sees the end, hands in what there is.
    pub(in crate::model) fn cuts_a_corner(
        &mut self,
        at: usize,
        task_at: usize,
        minutes: u32,
        happen: &mut Happen<'_, '_>,
    ) -> bool {
        let (task, person) = (&self.tasks[task_at], &self.people[at]);
        let crossed = task.spent >= task.estimate && task.spent - minutes < task.estimate;
        if self.only_backlog || task.handed || !crossed || task.left > bp(task.estimate, CORNER) {
            return false;
        }
        let chance = CUTS - bp(CUTS_CONSCIENTIOUS, person.conscientiousness().min(10_000));
        happen.rng(Stream::Work).chance(chance)
    }

    /// Whether somebody who is done early uses what is left of the estimate to look over it.
    pub(in crate::model) fn looks_over_it(
        &mut self,
        at: usize,
        task_at: usize,
        happen: &mut Happen<'_, '_>,
    ) -> bool {
        let (task, person) = (&self.tasks[task_at], &self.people[at]);
        let spare = task.estimate.saturating_sub(task.spent);
        if self.only_backlog
            || task.handed
            || task.tested
            || spare < 5
            || spare > bp(task.estimate, SPARE)
        {
            return false;
        }
        let chance = FILLS + bp(FILLS_CONSCIENTIOUS, person.conscientiousness());
        let rate = person.rate(task.kind, self.communication());
        if !happen.rng(Stream::Work).chance(chance) {
            return false;
        }
        let task = &mut self.tasks[task_at];
        task.tested = true;
        task.left = bp(spare, rate).max(1);
        true
    }

    /// A task leaves the board.
    pub fn close_task(
        &mut self,
        at: usize,
        task_at: usize,
        reviewed: bool,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) {
        let today = Project::day_of(now);
        let task = &self.tasks[task_at];
        let (id, kind, defects) = (task.id, task.kind, u32::from(task.defects));
        let (created, started, estimate) = (task.created, task.started, task.estimate);
        let spent = task.spent;
        self.latent = self.latent.saturating_add(defects);
        self.tasks[task_at].defects = 0;
        self.set_task_state(task_at, TaskState::Done, now);
        self.learn_to_estimate(task_at);
        self.work.flow.done(created, started, now);
        self.work.flow.estimated(spent, estimate);
        self.work.sprint.done(estimate);
        self.workshop_merged(at, task_at, now, happen);
        if kind.changes_product() {
            self.merged(id, started.unwrap_or(created), defects, now, happen);
        }
        self.phase_task_done(at, task_at, now, happen);
        let person = &mut self.people[at];
        person.tasks_done += 1;
        if matches!(person.tasks_done, 10 | 50 | 100 | 250 | 500 | 1_000) {
            let done = person.tasks_done;
            person.achieve(AchievementKind::Tasks(done), today);
        }
        shift(&mut person.morale, 45);
        happen.task(self, task_at, Some(self.people[at].id), now);
        happen.say(self, at, None, About::Finished { reviewed }, Some(id), 2_500, now);
        if kind == TaskKind::Test {
            self.find_defects(id, happen);
        }
    }
}
