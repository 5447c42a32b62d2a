//! The morning: who is here, when they arrive, and what is on their agenda.

use crate::model::day::agenda::Plan;
use crate::model::day::thought::Thought;
use crate::model::happen::Happen;
use crate::model::kind::Activity;
use crate::model::project::Project;

/// Understanding fades, because what is wanted moves on: 1 part in so many a day. Our assumption.
const CLARITY_FADES_DAYS: u16 = 16;
/// People arrive within this many minutes, most of them early in it. Our assumption.
const ARRIVAL_MINUTES: u32 = 21;

impl Project {
    /// The morning: who is here, and who meets when.
    pub fn start_day(&mut self, now: u64, happen: &mut Happen<'_, '_>) {
        self.tick = now;
        let planning = self.work_morning(now, happen);
        self.give_desks();
        let mut plan = Plan::new(self, now, planning, happen.step.rng().bits());
        for at in 0..self.people.len() {
            let mut draw = plan.draw(at);
            let day = &mut self.people[at].day;
            day.dawn();
            day.clarity -= day.clarity / CLARITY_FADES_DAYS;
            self.people[at].asked_by = None;
            if self.absent_today(at, now, happen) {
                continue;
            }
            plan.person(self, at, &mut draw);
            let arrival = draw.below(ARRIVAL_MINUTES) + draw.below(ARRIVAL_MINUTES / 2);
            let person = &mut self.people[at];
            person.thought = Thought::NONE;
            if arrival < 2 {
                self.begin(at, Activity::Idle, now, 1, happen);
            } else {
                self.begin(at, Activity::Away, now, arrival.into(), happen);
            }
        }
        plan.one_to_ones(self);
    }

    /// Gives a desk to everybody who has none: the first that is free.
    fn give_desks(&mut self) {
        if self.people.iter().all(|person| person.day.desk > 0) {
            return;
        }
        let mut taken = [0u64; super::today::DESKS_MAX as usize / 64];
        for person in &self.people {
            let at = usize::from(person.day.desk).wrapping_sub(1);
            if let Some(word) = taken.get_mut(at / 64) {
                *word |= 1 << (at % 64);
            }
        }
        let mut free = 0;
        for person in self.people.iter_mut().filter(|person| person.day.desk == 0) {
            while taken.get(free / 64).is_some_and(|word| word >> (free % 64) & 1 == 1) {
                free += 1;
            }
            person.day.desk = (free + 1).min(super::today::DESKS_MAX.into()) as u16;
            free += 1;
        }
    }
}
