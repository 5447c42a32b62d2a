//! Meetings: being at them, and what comes of them. Stand-ups and lunch are appointments too.

use crate::model::day::thought::{Choice, Doubt, Goal, Thought};
use crate::model::day::today::{Occasion, Slot};
use crate::model::happen::Happen;
use crate::model::kind::Activity;
use crate::model::people::person::shift;
use crate::model::project::{DAY, Project};
use crate::model::view::TaskState;
use crate::model::words::talk::About;

/// Energy a minute of a meeting costs. Our assumption.
const MEETING_STRAIN: u32 = 5;
/// A meeting of this many minutes would tell all there is to know of what is wanted, in a stand-up,
/// a one-to-one, a meeting called because of an escalation, any other. Our assumption: set so that
/// 90 minutes a week leave people with about seven tenths of it, none with a quarter, 600 with nine.
const CLEAR_STAND_UP: u32 = 600;
const CLEAR_ONE_TO_ONE: u32 = 120;
const CLEAR_ESCALATION: u32 = 60;
const CLEAR_MEETING: u32 = 150;
/// Share of what is left of a task that a meeting about it cuts, one part in so many. Our assumption.
const SCOPE_CUT: u32 = 12;
/// A meeting called because of a task.
const ESCALATION_MINUTES: u8 = 25;

impl Project {
    /// An appointment is due: goes there.
    pub(super) fn keep_appointment(
        &mut self,
        at: usize,
        slot: Slot,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) {
        let minute = (now % DAY) as u16;
        let left = (slot.minute + u16::from(slot.minutes)).saturating_sub(minute);
        let person = &mut self.people[at];
        let task = match slot.occasion {
            Occasion::Escalation => slot.with,
            _ => person.hand.first().copied().unwrap_or(0),
        };
        let (activity, minutes, choice, goal) = match slot.occasion {
            Occasion::Lunch => (Activity::Lunch, slot.minutes.into(), Choice::Lunch, Goal::Rest),
            Occasion::StandUp => (Activity::StandUp, left, Choice::Meet, Goal::Meet),
            _ => (Activity::Meeting, left, Choice::Meet, Goal::Meet),
        };
        let mut thought = Thought::plain(goal, choice).on(task);
        if slot.occasion == Occasion::OneToOne {
            thought = thought.with(slot.with);
        } else if goal == Goal::Meet && person.stuck_since.is_some() {
            let since = now.saturating_sub(person.stuck_since.unwrap_or(now));
            thought = thought.doubting(Doubt::Stuck, since.min(9_999) as u32);
        } else if goal == Goal::Meet && person.was == Activity::Working && task > 0 {
            thought = thought.doubting(Doubt::OwnWork, 0);
        }
        person.thought = thought;
        let minutes = u64::from(minutes).clamp(1, DAY - now % DAY);
        let company = if slot.occasion == Occasion::Lunch { self.at_table(at) } else { None };
        self.begin(at, activity, now, minutes, happen);
        self.people[at].partner = match slot.occasion {
            Occasion::OneToOne => Some(slot.with),
            _ => company,
        };
        if slot.occasion == Occasion::StandUp {
            self.speak_up(at, slot, now, happen);
        }
    }

    /// Some of those at a stand-up say what the others should hear.
    fn speak_up(&mut self, at: usize, slot: Slot, now: u64, happen: &mut Happen<'_, '_>) {
        let person = &self.people[at];
        let stuck = person.stuck_since.is_some() && !person.hand.is_empty();
        let today = Project::day_of(now);
        let size = match self.people.len() as u32 {
            few @ 0..=12 => few.max(1),
            _ => 8,
        };
        let turn = today % size == u32::from(slot.seat);
        // In a large company one team is heard of a day.
        let teams = 1 + self.people.len() as u32 / 9;
        if !(today + slot.with).is_multiple_of(teams) || !(turn || stuck) {
            return;
        }
        let hand = person.hand.len().min(255) as u8;
        let task = person.hand.first().copied();
        let mood = (i32::from(person.morale) - 5_500) as i16;
        happen.say(self, at, None, About::StandUp { hand, stuck }, task, mood, now);
    }

    /// Somebody of the same team to sit with at lunch: the one before or after, if there already.
    fn at_table(&self, at: usize) -> Option<u32> {
        let team = self.people[at].day.team;
        [at.wrapping_sub(1), at + 1, at.wrapping_sub(2), at + 2]
            .into_iter()
            .filter_map(|other| self.people.get(other))
            .find(|other| other.day.team == team && other.activity == Activity::Lunch)
            .map(|other| other.id)
    }

    /// What came of a meeting.
    pub(super) fn finish_meeting(
        &mut self,
        at: usize,
        minutes: u32,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) {
        self.totals.meeting_minutes += u64::from(minutes);
        let person = &mut self.people[at];
        let slot = person.day.present();
        shift(&mut person.energy, -((minutes * MEETING_STRAIN) as i32));
        let clear = match slot.occasion {
            Occasion::StandUp => CLEAR_STAND_UP,
            Occasion::OneToOne => CLEAR_ONE_TO_ONE,
            Occasion::Escalation => CLEAR_ESCALATION,
            _ => CLEAR_MEETING,
        };
        let unclear = 10_000 - u32::from(person.day.clarity.min(10_000));
        shift(&mut person.day.clarity, (unclear * minutes.min(clear) / clear) as i32);
        match slot.occasion {
            Occasion::OneToOne => {
                // Being heard lifts, and those two come to know each other.
                shift(&mut person.morale, 15);
                person.relate(slot.with, 60);
            }
            Occasion::Team | Occasion::Planning if slot.seat == 0 => {
                let teams = 1 + self.people.len() as u32 / 9;
                if Project::day_of(now).wrapping_add(slot.with).is_multiple_of(teams) {
                    let open = self.cache.counts[0].min(9_999) as u16;
                    let doing = self.cache.counts[1].min(9_999) as u16;
                    let task = self.people[at].hand.first().copied();
                    happen.say(self, at, None, About::Decision { open, doing }, task, 500, now);
                }
            }
            Occasion::Escalation => self.cut_scope(at, slot.with),
            _ => {}
        }
    }

    /// The owner of a task that ran away leaves the meeting with less to do and a way on.
    fn cut_scope(&mut self, at: usize, task: u32) {
        let Some(task_at) = self.task_at(task) else { return };
        let person = &mut self.people[at];
        let task = &mut self.tasks[task_at];
        if task.assignee == Some(person.id) && task.state == TaskState::Doing {
            task.left -= task.left / SCOPE_CUT;
            person.stuck_since = None;
            shift(&mut person.morale, 30);
        }
    }

    /// A meeting of these two because of a task, as soon as both have time today.
    pub(super) fn call_meeting(&mut self, at: usize, lead: usize, task: u32, now: u64) {
        let from = (now % DAY) as u16 + 30;
        let room = 1_024 + (self.people[at].day.desk % 1_000);
        for nth in 0..4 {
            let minute = (from + nth * 35).next_multiple_of(5);
            let both = [at, lead];
            if u64::from(minute) + u64::from(ESCALATION_MINUTES) > DAY {
                return;
            }
            if both.iter().all(|&at| self.people[at].day.free(minute, ESCALATION_MINUTES)) {
                for (seat, place) in both.into_iter().enumerate() {
                    self.people[place].day.plan(Slot {
                        occasion: Occasion::Escalation,
                        minute,
                        minutes: ESCALATION_MINUTES,
                        with: task,
                        room,
                        seat: seat as u8,
                    });
                }
                return;
            }
        }
    }
}
