//! Reading the work of others: now or later, and how hard to look. What is found is in
//! [`work`](crate::model::work).

use crate::model::day::draw::Draw;
use crate::model::day::thought::{Choice, Doubt, Goal, Weighing};
use crate::model::happen::Happen;
use crate::model::kind::Activity;
use crate::model::people::person::bp;
use crate::model::project::Project;
use crate::model::view::TaskState;

/// Share of found review waiting that is looked at before own work, in basis points, at least.
const REVIEW_FIRST: u32 = 7_000;
/// How hard a lenient and a strict reader look, against the usual 10,000: in time, in what is found
/// and in how it is felt. Our assumption.
const LENIENT: u16 = 7_000;
const STRICT: u16 = 13_500;

impl Project {
    /// A review waits: reads it now, more or less closely. Whether something was begun.
    pub(super) fn weigh_review(
        &mut self,
        at: usize,
        id: u32,
        now: u64,
        room: u64,
        draw: &mut Draw,
        happen: &mut Happen<'_, '_>,
    ) -> bool {
        let person = &self.people[at];
        if !draw.chance(REVIEW_FIRST.max(person.conscientiousness())) {
            return false;
        }
        let Some(task) = self.task(id).filter(|task| task.state == TaskState::Review) else {
            // Somebody moved it on the board.
            self.people[at].reviews.remove(0);
            return false;
        };
        let author = task.assignee.unwrap_or(0);
        let liking = i32::from(person.affinity(author));
        let worn = 10_000 - u32::from(person.energy);
        let lenient = 800
            + person.agreeableness() / 6
            + liking.max(0) as u32 / 4
            + worn / 6
            + 200 * person.reviews.len() as u32;
        let strict = 800
            + person.conscientiousness() / 6
            + (-liking).max(0) as u32 / 4
            + u32::from(self.policies.review_strictness) / 6;
        let thought = Weighing::default()
            .option(Choice::ReviewLenient, lenient)
            .option(Choice::ReviewUsual, 5_000)
            .option(Choice::ReviewStrict, strict)
            .choose(Goal::Review, draw)
            .doubting(Doubt::Harshness, 0);
        let stance = match thought.choice() {
            Choice::ReviewLenient => LENIENT,
            Choice::ReviewStrict => STRICT,
            _ => 10_000,
        };
        let minutes = bp(self.review_minutes(task) as u32, stance.into());
        let person = &mut self.people[at];
        person.day.stance = stance;
        person.task = Some(id);
        person.thought = thought.on(id).with(author);
        self.begin(at, Activity::Review, now, u64::from(minutes).min(room), happen);
        true
    }
}
