//! Focus: blocks of work on one task, what they lose to finding the way back in, and what comes of them.

use crate::model::day::draw::Draw;
use crate::model::day::thought::{Choice, Doubt, Goal, Thought};
use crate::model::day::today::After;
use crate::model::happen::Happen;
use crate::model::kind::Activity;
use crate::model::people::person::{bp, shift};
use crate::model::project::Project;
use crate::model::view::TaskState;

/// Minutes until work goes on as before after a pause that was planned. Our assumption: less than
/// after an interruption, because one stops where it is easy to go on.
const RESUME_MINUTES: u32 = 8;
/// Minutes until work goes on as before after an interruption (Parnin and Rugaber 2011: it takes 10
/// to 15 until editing goes on in most sessions).
pub const INTERRUPTED_MINUTES: u32 = 12;
/// Minutes lost when a task is taken up again after another one: all of it has to come back. The
/// upper end of the same range.
const SWITCH_MINUTES: u32 = 15;
/// Work done by two at one desk, against one of them, in basis points: a pair takes 15 % more
/// person-time (Cockburn and Williams 2000), so it is done in .575 of the time; less is gained here,
/// because the second one has not been there from the start. Our assumption.
const PAIR_SPEED: u32 = 15_000;
/// Work on a task one is stuck with goes on at this share, in basis points. Our assumption.
const STUCK_SPEED: u32 = 3_000;
/// An hour of trying alone finds the way, in basis points. Our assumption.
const FOUND_ALONE: u32 = 3_000;
/// Getting stuck in an hour for somebody who knows nothing of the craft, in basis points. Our assumption.
const STUCK_HOUR: u32 = 900;
/// What is understood by somebody who is at the usual meetings, in basis points: getting stuck is
/// measured against it. Our assumption.
const USUAL_CLARITY: u32 = 7_000;
/// Blocks that end where the estimate is used up are at least this long, in minutes. Our assumption.
const LOOK_UP_FROM: u64 = 15;
/// Shares of the estimate, in percent, at which people wonder what to do about an overrun.
const OVER_PERCENT: [u64; 3] = [125, 200, 400];

impl Project {
    /// A block of work on a certain task, for a reason that is known already. Whether it was begun.
    #[expect(clippy::too_many_arguments, reason = "a choice and its surroundings")]
    pub(super) fn focus_on(
        &mut self,
        at: usize,
        id: u32,
        thought: Thought,
        now: u64,
        room: u64,
        communication: u32,
        draw: &mut Draw,
        happen: &mut Happen<'_, '_>,
    ) -> bool {
        let Some(task_at) = self.task_at(id) else { return false };
        let hand = &mut self.people[at].hand;
        if let Some(place) = hand.iter().position(|&other| other == id) {
            hand[..=place].rotate_right(1);
        }
        self.people[at].thought = thought.on(id);
        self.begin_block(at, task_at, now, room, communication, draw, happen);
        true
    }

    /// A block of work on the task that comes first.
    #[expect(clippy::too_many_arguments, reason = "a choice and its surroundings")]
    pub(super) fn focus(
        &mut self,
        at: usize,
        thought: Thought,
        now: u64,
        room: u64,
        communication: u32,
        draw: &mut Draw,
        happen: &mut Happen<'_, '_>,
    ) {
        let Some((task_at, fresh)) = self.next_task_of(at, now, happen) else {
            return self.without_work(at, thought, now, room, draw, happen);
        };
        let task = &self.tasks[task_at];
        let person = &self.people[at];
        let stuck = person.stuck_since.filter(|_| person.day.stuck_on == task.id);
        let percent = (u64::from(task.spent) * 100 / u64::from(task.estimate.max(1))) as u32;
        let foreign = task.kind.skill() != person.role.skills().0;
        let later = thought.choice() == Choice::Later;
        let sprint_left = if self.in_sprints() {
            self.work.sprint.until.saturating_sub(Project::day_of(now))
        } else {
            u32::MAX
        };
        let (goal, choice, doubt, fact) = match stuck {
            _ if later => (thought.goal, Choice::Later, thought.doubt, thought.fact.into()),
            Some(since) => {
                let minutes = now.saturating_sub(since).min(9_999) as u32;
                (Goal::Unblock, Choice::TryAlone, Doubt::Stuck, minutes)
            }
            None if person.stuck_since.is_some() => (Goal::Finish, Choice::Switch, Doubt::Stuck, 0),
            None if task.rework > 0 => (Goal::PutRight, Choice::PutRight, Doubt::None, 0),
            None if fresh && foreign => (Goal::Begin, Choice::Stretch, Doubt::Unfamiliar, 0),
            None if fresh => (Goal::Begin, Choice::Start, Doubt::None, 0),
            None if percent > 125 => (Goal::Finish, Choice::GoOn, Doubt::Over, percent),
            None if sprint_left < 2 && task.committed => {
                (Goal::Finish, Choice::GoOn, Doubt::Deadline, sprint_left)
            }
            None if person.energy < 5_000 => (Goal::Finish, Choice::GoOn, Doubt::Tired, 0),
            None => (Goal::Finish, Choice::GoOn, Doubt::None, 0),
        };
        let person_about = match goal {
            Goal::PutRight => task.reviewer.unwrap_or(0),
            _ => thought.person,
        };
        let thought = Thought { goal, task: task.id, person: person_about, ..thought };
        self.people[at].thought = thought.choosing(choice).doubting(doubt, fact);
        self.begin_block(at, task_at, now, room, communication, draw, happen);
    }

    #[expect(clippy::too_many_arguments, reason = "a choice and its surroundings")]
    fn begin_block(
        &mut self,
        at: usize,
        task_at: usize,
        now: u64,
        room: u64,
        communication: u32,
        draw: &mut Draw,
        happen: &mut Happen<'_, '_>,
    ) {
        let task = &self.tasks[task_at];
        let (id, kind, left) = (task.id, task.kind, task.left);
        let person = &mut self.people[at];
        let same = person.day.last == id;
        let lost = match person.activity {
            Activity::Working | Activity::Pairing if same => 0,
            _ if same || task.spent == 0 => RESUME_MINUTES,
            _ => SWITCH_MINUTES,
        };
        if !same && person.day.last > 0 {
            self.totals.switches += 1;
        }
        person.day.last = id;
        person.day.lost = lost as u8;
        person.task = Some(id);
        let needed = u64::from(left) * 10_000 / u64::from(person.rate(kind, communication))
            + u64::from(lost);
        let block = u64::from(40 + draw.below(45) + person.conscientiousness() / 500);
        // When the time that was said is used up, people stop to look where they are.
        let said = u64::from(task.estimate.saturating_sub(task.spent));
        let block = if said >= LOOK_UP_FROM { block.min(said) } else { block };
        self.begin(at, Activity::Working, now, block.min(needed.max(2)).min(room), happen);
    }

    /// The task in hand, or one from the board if there is room for it: and whether it is new.
    /// While somebody has an answer to wait for, other work comes first.
    fn next_task_of(
        &mut self,
        at: usize,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) -> Option<(usize, bool)> {
        let waits = self.people[at].stuck_since.is_some() && self.people[at].day.asked;
        let mut stuck_at = None;
        let mut place = 0;
        while let Some(&id) = self.people[at].hand.get(place) {
            let found = self.task_at(id).filter(|&task| {
                self.tasks[task].state == TaskState::Doing
                    && self.tasks[task].assignee == Some(self.people[at].id)
            });
            match found {
                Some(task) if waits && id == self.people[at].day.stuck_on => {
                    stuck_at = Some((task, false));
                    place += 1;
                }
                Some(task) => return Some((task, false)),
                None => {
                    self.people[at].hand.remove(place);
                }
            }
        }
        // Work that waits for review is in progress too.
        let me = self.people[at].id;
        let limit = u32::from(self.policies.wip_limit);
        let waiting = if self.cache.counts[TaskState::Review as usize] < limit {
            0
        } else {
            self.cache
                .in_review
                .iter()
                .filter(|&&place| self.tasks[place as usize].assignee == Some(me))
                .count()
        };
        if waiting + usize::from(stuck_at.is_some()) >= usize::from(self.policies.wip_limit) {
            return stuck_at;
        }
        let Some(task) = self.take_ready(at) else { return stuck_at };
        let id = self.tasks[task].id;
        self.set_task_state(task, TaskState::Doing, now);
        self.people[at].hand.push(id);
        self.estimate_own(at, task);
        happen.task(self, task, Some(me), now);
        self.workshop_started(at, task, now, happen);
        Some((task, true))
    }

    /// What came of a block of work, alone or in a pair.
    pub(super) fn finish_focus(
        &mut self,
        at: usize,
        now: u64,
        minutes: u32,
        communication: u32,
        happen: &mut Happen<'_, '_>,
    ) {
        let today = Project::day_of(now);
        let lost = u32::from(std::mem::take(&mut self.people[at].day.lost));
        let person = &mut self.people[at];
        let pair = person.activity == Activity::Pairing;
        let strain = 7 + u32::from(person.exhaustion) / 1_500;
        shift(&mut person.energy, -((minutes * strain) as i32));
        let Some(task_at) = self.people[at].task.and_then(|id| self.task_at(id)) else { return };
        let task = &mut self.tasks[task_at];
        let person = &mut self.people[at];
        if task.state != TaskState::Doing || task.assignee != Some(person.id) {
            return;
        }
        let (id, kind, estimate) = (task.id, task.kind, u64::from(task.estimate.max(1)));
        let mut done = bp(minutes.saturating_sub(lost), person.rate(kind, communication));
        let stuck = person.stuck_since.is_some() && person.day.stuck_on == id;
        if stuck {
            done = bp(done, STUCK_SPEED);
        } else if pair {
            done = bp(done, PAIR_SPEED);
            task.paired = true;
        }
        let spent_before = u64::from(task.spent);
        task.spent = task.spent.saturating_add(minutes);
        task.left = task.left.saturating_sub(done.max(1));
        let (left, spent) = (task.left, u64::from(task.spent));
        self.totals.focus_minutes += u64::from(minutes);
        person.day.focus_minutes = (person.day.focus_minutes + minutes as u16).min(480);
        person.practise(kind.skill(), minutes, today);
        let gain = minutes * (10_000 - u32::from(person.familiarity.min(10_000))) / 60_000;
        shift(&mut person.familiarity, gain as i32);
        self.workshop_progress(at, task_at, minutes, now, happen);
        if left == 0 || self.cuts_a_corner(at, task_at, minutes, happen) {
            self.people[at].day.after = After::Finished(id);
            return;
        }
        let person = &self.people[at];
        if stuck {
            if happen.chance(FOUND_ALONE * minutes / 60) {
                self.people[at].stuck_since = None;
            }
            return;
        }
        // Whoever knows little gets stuck more often, newcomers twice as often, and so does who does
        // not know what is wanted.
        let lack = 10_000 - person.skill(kind.skill()).min(10_000);
        let new = 20_000 - u32::from(person.familiarity.min(10_000));
        let unclear = USUAL_CLARITY + self.unclear(at);
        let chance = bp(bp(bp(lack * minutes / 60, new), STUCK_HOUR), unclear);
        if person.stuck_since.is_none() && happen.chance(chance) {
            let day = &mut self.people[at].day;
            (day.stuck_on, day.asked, day.after) = (id, false, After::Stuck(id));
            self.people[at].stuck_since = Some(now);
            return;
        }
        // Each time the overrun reaches a new size something is done about it, or not.
        let beyond =
            |spent: u64| OVER_PERCENT.iter().filter(|&&p| spent * 100 > p * estimate).count();
        if beyond(spent) > beyond(spent_before) {
            self.people[at].day.after = After::Over(id);
        }
    }
}
