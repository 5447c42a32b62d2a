//! Handing in: whether it is what was meant, whether it is good enough, and what is done about it.

use crate::model::day::draw::Draw;
use crate::model::day::thought::{Choice, Doubt, Goal, Thought, Weighing};
use crate::model::happen::Happen;
use crate::model::project::Project;
use crate::model::view::TaskState;

/// Defects an author finds by testing once more before handing in, in basis points: each stage of
/// review or test removes about 30 % (Jones).
const TESTING_FINDS: u32 = 3_000;
/// What it takes, as a share of the estimate in basis points, within 10 to 60 minutes. Our assumption.
const TESTING_SHARE: u32 = 1_000;
/// Fewer defects of work done in a pair all the time, in basis points (Cockburn and Williams 2000:
/// 15 % fewer; Hannay et al. 2009 find a smaller and uncertain effect).
const PAIR_AVOIDS: u32 = 1_500;
/// Work turns out not to be what was meant, for somebody who understood nothing, in basis points;
/// it goes with the square of what is not understood. Our assumption; that avoidable rework takes two
/// fifths of the effort of software projects is in Boehm and Basili 2001.
const MISUNDERSTOOD: u32 = 5_000;
/// What is then done again, as a share of the estimate in basis points. Our assumption.
const REDO_SHARE: u32 = 6_000;

impl Project {
    /// The work on a task seems done: hand it in, or not yet. Whether something was begun.
    #[expect(clippy::too_many_arguments, reason = "a choice and its surroundings")]
    pub(super) fn weigh_hand_in(
        &mut self,
        at: usize,
        id: u32,
        now: u64,
        room: u64,
        communication: u32,
        draw: &mut Draw,
        happen: &mut Happen<'_, '_>,
    ) -> bool {
        let Some(task_at) = self.task_at(id) else { return false };
        let unclear = self.unclear(at);
        let strict = u32::from(self.policies.review_strictness.min(10_000));
        let sprint_left = self.sprint_days_left(now);
        let person = &mut self.people[at];
        let task = &mut self.tasks[task_at];
        if task.state != TaskState::Doing || task.assignee != Some(person.id) || task.left > 0 {
            return false;
        }
        let mut thought = Thought::plain(Goal::HandIn, Choice::HandIn);
        if person.day.checked != id && task.rework == 0 {
            person.day.checked = id;
            if draw.chance(unclear * unclear / 10_000 * MISUNDERSTOOD / 10_000) {
                task.left = (task.estimate / 100 * REDO_SHARE / 100).max(15);
                self.totals.misunderstood += 1;
                let unclear = 10_000 - i32::from(person.day.clarity.min(10_000));
                crate::model::people::person::shift(&mut person.day.clarity, unclear / 4);
                thought = Thought::plain(Goal::Finish, Choice::Redo);
                thought = thought.doubting(Doubt::Misunderstood, 0);
                return self.focus_on(at, id, thought, now, room, communication, draw, happen);
            }
            if task.kind.changes_product() {
                let worn = 10_000 - u32::from(person.energy);
                let over = task.spent > task.estimate;
                let haste = if over { 1_500 } else { 0 }
                    + if task.priority >= 5 { 1_500 } else { 0 }
                    + if sprint_left == Some(0) { 2_500 } else { 0 };
                let care = person.conscientiousness() / 2
                    + person.neuroticism() / 5
                    + (10_000 - u32::from(person.familiarity)) / 5
                    + strict / 10;
                let doubt = if sprint_left.is_some_and(|days| days < 2) {
                    (Doubt::Deadline, sprint_left.unwrap_or(0))
                } else {
                    (Doubt::Craft, 0)
                };
                thought = Weighing::default()
                    .option(Choice::HandIn, 4_500 + haste + worn / 4)
                    .option(Choice::TestMore, care)
                    .choose(Goal::HandIn, draw)
                    .doubting(doubt.0, doubt.1);
                if thought.choice() == Choice::TestMore {
                    task.left = (task.estimate / 100 * TESTING_SHARE / 100).clamp(10, 60);
                    person.day.tested = id;
                    return self.focus_on(at, id, thought, now, room, communication, draw, happen);
                }
            }
        }
        self.people[at].thought = thought.on(id);
        happen.thought(self, at, now);
        self.finish_task(at, task_at, now, happen);
        false
    }

    /// What the author's care leaves of the defects they would put into a task, in basis points:
    /// less after more testing, and less when two worked on it.
    pub(in crate::model) fn care_left(&self, at: usize, task_at: usize) -> u32 {
        let day = &self.people[at].day;
        let task = &self.tasks[task_at];
        let tested = if day.tested == task.id { 10_000 - TESTING_FINDS } else { 10_000 };
        let paired = if day.paired.0 == task.id {
            u32::from(day.paired.1).min(task.spent) * 100 / task.spent.max(1) * 100
        } else {
            0
        };
        tested * (10_000 - PAIR_AVOIDS * paired / 10_000) / 10_000
    }

    /// What somebody does not know of what is wanted, in basis points. One person knows their own
    /// mind; the more there are, the more there is to be agreed.
    pub(super) fn unclear(&self, at: usize) -> u32 {
        let others = (self.people.len() as u32).saturating_sub(1).min(8);
        (10_000 - u32::from(self.people[at].day.clarity.min(10_000))) * others / 8
    }

    /// Working days until the sprint ends, if there are sprints.
    fn sprint_days_left(&self, now: u64) -> Option<u32> {
        let days = u32::from(self.policies.sprint_days).max(1);
        match self.policies.process {
            crate::model::policies::Process::Flow => None,
            crate::model::policies::Process::Sprint => Some(days - 1 - Project::day_of(now) % days),
        }
    }
}
