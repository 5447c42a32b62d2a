//! Days: people live through a queue of events. Whoever's activity ends chooses what to do next, by
//! need, role, personality and what others ask; nobody is asked anything in between.

mod evening;
mod morning;
mod outcome;
pub mod thought;

use std::cmp::Reverse;

use crate::engine::model::OutOfFuel;
use crate::model::day::outcome::SWITCH_MINUTES;
use crate::model::day::thought::Thought;
use crate::model::happen::Happen;
use crate::model::kind::Activity;
use crate::model::people::person::NO_MEETING;
use crate::model::project::{DAY, Project};
use crate::model::view::TaskState;
use crate::model::words::talk::About;

/// A stand-up.
pub const STAND_UP_MINUTES: u64 = 12;
/// A meeting of a department.
pub const MEETING_MINUTES: u64 = 40;
/// Who cannot go on and finds nobody in this time finds their own way.
pub const STUCK_MINUTES: u64 = 120;
/// Share of found review waiting that is looked at before own work, in basis points.
const REVIEW_FIRST: u32 = 7_000;
impl Project {
    /// Lets people live from one tick to another within one working day.
    pub fn live(
        &mut self,
        from: u64,
        to: u64,
        happen: &mut Happen<'_, '_>,
    ) -> Result<(), OutOfFuel> {
        let mut queue = std::mem::take(&mut self.cache.queue);
        queue.clear();
        for (at, person) in self.people.iter().enumerate() {
            if person.until < to {
                queue.push(Reverse((person.until.max(from), at as u32)));
            }
        }
        let communication = self.communication();
        let outcome = loop {
            let Some(Reverse((now, at))) = queue.pop() else { break Ok(()) };
            let at = at as usize;
            if let Err(out) = happen.step.burn(1) {
                break Err(out);
            }
            self.finish_activity(at, now, communication, happen);
            self.choose_activity(at, now, communication, happen);
            let until = self.people[at].until;
            if until < to {
                queue.push(Reverse((until.max(now + 1), at as u32)));
            }
        };
        self.cache.queue = queue;
        outcome
    }

    /// Chooses what to do next and begins it.
    fn choose_activity(
        &mut self,
        at: usize,
        now: u64,
        communication: u32,
        happen: &mut Happen<'_, '_>,
    ) {
        let day_end = now / DAY * DAY + DAY;
        let minute = (now % DAY) as u16;
        let room = day_end - now;
        let person = &mut self.people[at];
        // Part of the day is somebody else's.
        if u64::from(minute) * 10_000 >= DAY * u64::from(person.share) {
            person.thought = Thought::Away;
            return self.begin(at, Activity::Away, now, room, happen);
        }
        if minute >= person.meeting {
            person.meeting = NO_MEETING;
            person.thought = Thought::Meeting;
            return self.begin(at, Activity::Meeting, now, MEETING_MINUTES.min(room), happen);
        }
        // What others ask.
        if let Some(other) = person.asked_by.take()
            && let Some(other_at) = self.person_at(other)
            && self.people[other_at].stuck_since.is_some()
        {
            let minutes = 10 + happen.below(16);
            let person = &mut self.people[at];
            person.thought = Thought::Help { person: other, task: person.hand.first().copied() };
            self.begin(at, Activity::Helping, now, minutes.min(room), happen);
            self.people[at].partner = Some(other);
            return;
        }
        let person = &mut self.people[at];
        if let Some(since) = person.stuck_since
            && now.saturating_sub(since) >= STUCK_MINUTES
        {
            person.stuck_since = None;
            if let Some(id) = person.hand.first().copied() {
                person.thought = Thought::Alone { task: id };
                if let Some(task_at) = self.task_at(id) {
                    let task = &mut self.tasks[task_at];
                    task.left = task.left.saturating_add(task.estimate / 10 + 10);
                }
                happen.thought(self, at, now);
            }
        }
        let person = &self.people[at];
        if let Some(&id) = person.reviews.first()
            && happen.chance(REVIEW_FIRST.max(person.conscientiousness()))
        {
            let Some(task) = self.task(id).filter(|task| task.state == TaskState::Review) else {
                // Somebody moved it on the board.
                self.people[at].reviews.remove(0);
                return self.begin(at, Activity::Idle, now, 1, happen);
            };
            let minutes = self.review_minutes(task);
            let author = task.assignee;
            let person = &mut self.people[at];
            person.task = Some(id);
            person.thought = Thought::Review { task: id, author };
            return self.begin(at, Activity::Review, now, minutes.min(room), happen);
        }
        if self.refines(at, now, room, happen) {
            return;
        }
        self.choose_freely(at, now, room, communication, happen);
    }

    /// Nothing is asked of the person: work, rest, company or learning, by weight.
    fn choose_freely(
        &mut self,
        at: usize,
        now: u64,
        room: u64,
        communication: u32,
        happen: &mut Happen<'_, '_>,
    ) {
        let person = &self.people[at];
        let worn = 10_000 - u32::from(person.energy);
        let since_rest = now.saturating_sub(person.rested).min(DAY) as u32;
        // Weights against each other; all our assumption, set so that a typical day has about
        // five hours of focus, three short rests and a chat or two.
        let focus = 5_200 + person.conscientiousness() / 3;
        let rest = if since_rest < 45 { 0 } else { worn / 5 + since_rest * 6 };
        let social = if since_rest < 30 { 0 } else { person.extraversion() / 10 + since_rest };
        let learn = person.openness() / 50;
        let stuck = if person.stuck_since.is_some() { focus } else { 0 };
        let (extravert, openness) = (person.extraversion(), person.openness());
        let drawn = happen.below(u64::from(focus + rest + social + learn)) as u32;
        let turn = (drawn % 251) as u8;
        if drawn < focus && stuck == 0 {
            return self.focus(at, now, room, communication, turn, happen);
        }
        let drawn = drawn.saturating_sub(focus);
        if drawn < rest {
            let person = &mut self.people[at];
            person.thought = Thought::Tired { turn };
            let activity = if happen.below(12_000) < u64::from(extravert) {
                Activity::Coffee
            } else {
                Activity::Break
            };
            let minutes = 8 + happen.below(11);
            self.begin(at, activity, now, minutes.min(room), happen);
            if activity == Activity::Coffee {
                self.people[at].partner = self.companion(at, happen);
            }
            return;
        }
        if drawn < rest + social
            && let Some(other) = self.companion(at, happen)
        {
            self.people[at].thought = Thought::Social { person: other, turn };
            let minutes = 4 + happen.below(9);
            self.begin(at, Activity::Chat, now, minutes.min(room), happen);
            let person = &mut self.people[at];
            person.partner = Some(other);
            let about = About::Chat { energy: person.energy };
            let mood = (i32::from(person.morale) - 5_000) as i16;
            let task =
                self.person_at(other).and_then(|other| self.people[other].hand.first().copied());
            happen.say(self, at, Some(other), about, task, mood, now);
            return;
        }
        self.people[at].thought = Thought::Learn { idle: false, turn };
        let minutes = 20 + happen.below(20) + u64::from(openness / 500);
        self.begin(at, Activity::Learning, now, minutes.min(room), happen);
    }

    /// A block of work on the task that comes first.
    fn focus(
        &mut self,
        at: usize,
        now: u64,
        room: u64,
        communication: u32,
        turn: u8,
        happen: &mut Happen<'_, '_>,
    ) {
        let Some((task_at, fresh)) = self.next_task_of(at, now, happen) else {
            let person = &mut self.people[at];
            person.thought = Thought::Learn { idle: true, turn };
            let minutes = 40 + happen.below(40);
            return self.begin(at, Activity::Learning, now, minutes.min(room), happen);
        };
        let task = &self.tasks[task_at];
        let (id, kind, left) = (task.id, task.kind, task.left);
        let person = &mut self.people[at];
        let first = person.role.skills().0;
        let rework = matches!(person.thought, Thought::Rework { task, .. } if task == id);
        person.thought = match (fresh, rework) {
            (_, true) => person.thought,
            (true, _) if kind.skill() != first => Thought::Stretch { task: id, turn },
            (true, _) => Thought::Start { task: id, turn },
            _ => Thought::GoOn { task: id, turn },
        };
        person.task = Some(id);
        let needed =
            u64::from(left) * 10_000 / u64::from(person.rate(kind, communication)) + SWITCH_MINUTES;
        let block = 35 + happen.below(50) + u64::from(person.conscientiousness()) / 250;
        let mut minutes = block.min(needed.max(2)).min(room);
        if person.meeting != NO_MEETING {
            let to_meeting = u64::from(person.meeting).saturating_sub(now % DAY);
            minutes = minutes.min(to_meeting.max(1));
        }
        self.begin(at, Activity::Working, now, minutes, happen);
    }

    /// The task in hand, or one from the board if there is room for it: and whether it is new.
    fn next_task_of(
        &mut self,
        at: usize,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) -> Option<(usize, bool)> {
        while let Some(&id) = self.people[at].hand.first() {
            let found = self.task_at(id).filter(|&task| {
                self.tasks[task].state == TaskState::Doing
                    && self.tasks[task].assignee == Some(self.people[at].id)
            });
            match found {
                Some(task) => return Some((task, false)),
                None => {
                    self.people[at].hand.remove(0);
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
        if waiting >= usize::from(self.policies.wip_limit) {
            return None;
        }
        let task = self.take_ready(at)?;
        let id = self.tasks[task].id;
        self.set_task_state(task, TaskState::Doing, now);
        self.people[at].hand.push(id);
        self.estimate_own(at, task);
        happen.task(self, task, Some(me), now);
        self.workshop_started(at, task, now, happen);
        Some((task, true))
    }

    /// Somebody to talk to: of three met by chance the one who is liked best.
    fn companion(&self, at: usize, happen: &mut Happen<'_, '_>) -> Option<u32> {
        let mut best: Option<(i16, u32)> = None;
        for _ in 0..3 {
            let other = happen.below(self.people.len() as u64) as usize;
            let person = self.people.get(other)?;
            if other == at || person.activity == Activity::Away {
                continue;
            }
            let liking = self.people[at].affinity(person.id);
            if best.is_none_or(|(top, _)| liking > top) {
                best = Some((liking, person.id));
            }
        }
        best.map(|(_, id)| id)
    }

    /// Whom a person turns to with bad news: a lead of their department, or whoever leads.
    pub fn lead_for(&self, at: usize) -> Option<u32> {
        let me = &self.people[at];
        self.people
            .iter()
            .filter(|other| other.id != me.id)
            .filter(|other| {
                other.role.department() == crate::model::kind::Department::Leadership
                    || (other.role.department() == me.role.department()
                        && other.seniority > me.seniority)
            })
            .max_by_key(|other| {
                (other.role.department() == me.role.department(), Reverse(other.id))
            })
            .map(|other| other.id)
    }

    /// Begins an activity and tells whoever looks.
    pub fn begin(
        &mut self,
        at: usize,
        activity: Activity,
        now: u64,
        minutes: u64,
        happen: &mut Happen<'_, '_>,
    ) {
        let changed = self.people[at].activity != activity;
        self.people[at].turn_to(activity, now, now + minutes.max(1));
        if !matches!(activity, Activity::Working | Activity::Review | Activity::Refining) {
            self.people[at].task = None;
        }
        if changed {
            happen.activity(self, at, now);
        }
        happen.thought(self, at, now);
    }
}
