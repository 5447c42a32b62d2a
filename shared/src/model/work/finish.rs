//! Finished work: what is handed in, what leaves the board, and the defects that are in it.

use crate::model::happen::Happen;
use crate::model::kind::TaskKind;
use crate::model::people::person::AchievementKind;
use crate::model::people::person::bp;
use crate::model::people::person::shift;
use crate::model::project::Project;
use crate::model::spec::TASKS_MAX;
use crate::model::view::TaskState;
use crate::model::words::talk::About;
use crate::model::words::title::Title;
use crate::model::work::REWORK_MAX;

impl Project {
    /// The work on a task is done: to review, or off the board.
    pub(in crate::model) fn finish_task(
        &mut self,
        at: usize,
        task_at: usize,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) {
        let task = &self.tasks[task_at];
        let person = &self.people[at];
        if task.kind.changes_product() {
            // About one defect in two days' work of somebody fresh, able and at home; our
            // assumption, near .18 a function point (EBSPM) at some 20 hours a point.
            let skill = person.skill(task.kind.skill()).min(10_000);
            let haste = 10_000
                + (10_000 - u32::from(person.energy))
                + (10_000 - skill)
                + (10_000 - u32::from(person.familiarity)) / 2;
            let trials = (task.estimate / 240 + 1).min(24);
            // A fix breaks something else in about 7 % of cases (Jones).
            let base = if task.rework > 0 { 700 } else { 1_300 };
            let chance = bp(base, haste).min(9_000);
            let made = (0..trials).filter(|_| happen.chance(chance)).count() as u8;
            self.totals.defects_made += u32::from(made);
            self.tasks[task_at].defects = self.tasks[task_at].defects.saturating_add(made);
        }
        let id = self.tasks[task_at].id;
        self.people[at].hand.retain(|&other| other != id);
        self.people[at].task = None;
        let reviewed =
            self.tasks[task_at].rework < REWORK_MAX && happen.chance(self.policies.review.into());
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
        self.latent += defects;
        self.tasks[task_at].defects = 0;
        self.set_task_state(task_at, TaskState::Done, now);
        self.workshop_merged(at, task_at, now, happen);
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

    /// Each stage of test removes about 30 % of the defects that are in (Jones).
    pub(in crate::model) fn find_defects(&mut self, test: u32, happen: &mut Happen<'_, '_>) {
        let stages = self.scope.clamp(4, 400) / 4;
        let chance = 3_000 * 4 / stages.clamp(4, 40);
        let found = (0..self.latent.min(64)).filter(|_| happen.chance(chance)).count() as u32;
        self.latent -= found;
        self.totals.defects_caught += found;
        self.phase_work.caught += found;
        for _ in 0..found {
            self.add_bug(test, 4, happen);
        }
    }

    /// A defect that is known becomes work.
    pub fn add_bug(&mut self, from: u32, priority: u8, happen: &mut Happen<'_, '_>) {
        let rng = happen.step.rng();
        let estimate = (rng.between(1, 8) * 60) as u32;
        let title = Title::Fix(from, rng.below(256) as u8);
        let (phase, now) = (self.phase, self.tick);
        if self.tasks.len() < TASKS_MAX * 2 {
            let kind = TaskKind::Bug;
            self.add_task(title, kind, phase, priority, estimate, Vec::new(), now, rng);
        }
    }
}
