//! Handing in: whether it is what was meant, whether it is good enough, and what is done about it.

use crate::model::day::draw::Draw;
use crate::model::day::thought::{Choice, Doubt, Goal, Thought};
use crate::model::happen::Happen;
use crate::model::people::person::shift;
use crate::model::project::Project;
use crate::model::view::TaskState;

/// Work turns out not to be what was meant, for somebody who understood nothing, in basis points;
/// it goes with the square of what is not understood. Our assumption; that avoidable rework takes two
/// fifths of the effort of software projects is in Boehm and Basili 2001.
const MISUNDERSTOOD: u32 = 7_500;
/// That chance for work that was left vague and for work that was looked into before, in basis points
/// of it. Our assumption.
const VAGUE: u32 = 15_000;
const REFINED: u32 = 8_000;
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
        let only_backlog = self.only_backlog;
        let person = &mut self.people[at];
        let task = &mut self.tasks[task_at];
        if task.state != TaskState::Doing || task.assignee != Some(person.id) {
            return false;
        }
        let mut thought = Thought::plain(Goal::HandIn, Choice::HandIn);
        // Somebody who has used up the estimate may hand in what there is.
        if task.left > 0 {
            thought = thought.doubting(Doubt::Craft, 0);
        } else if person.day.checked != id && task.rework == 0 && !only_backlog {
            person.day.checked = id;
            let chance = unclear * unclear / 10_000 * MISUNDERSTOOD / 10_000;
            let vague = if task.vague { VAGUE } else { REFINED };
            if draw.chance(chance * vague / 10_000) {
                task.left = (task.estimate / 100 * REDO_SHARE / 100).max(15);
                self.totals.misunderstood += 1;
                let unclear = 10_000 - i32::from(person.day.clarity.min(10_000));
                shift(&mut person.day.clarity, unclear / 4);
                thought = Thought::plain(Goal::Finish, Choice::Redo);
                thought = thought.doubting(Doubt::Misunderstood, 0);
                return self.focus_on(at, id, thought, now, room, communication, draw, happen);
            }
        }
        // Is it good enough? Whoever has time left may look over it once more, which is decided with
        // the work itself.
        let careful = person.conscientiousness();
        if self.tasks[task_at].left == 0 && self.looks_over_it(at, task_at, happen) {
            thought = Thought::between(
                Goal::HandIn,
                (Choice::TestMore, 3_500 + careful / 2),
                (Choice::HandIn, 6_500 - careful / 2),
            );
            let thought = thought.doubting(Doubt::Craft, 0);
            return self.focus_on(at, id, thought, now, room, communication, draw, happen);
        }
        self.people[at].thought = thought.on(id);
        happen.thought(self, at, now);
        self.finish_task(at, task_at, now, happen);
        false
    }

    /// What somebody does not know of what is wanted, in basis points. One person knows their own
    /// mind; the more there are, the more there is to be agreed.
    pub(super) fn unclear(&self, at: usize) -> u32 {
        let others = (self.people.len() as u32).saturating_sub(1).min(8);
        (10_000 - u32::from(self.people[at].day.clarity.min(10_000))) * others / 8
    }
}
