//! The morning: who is here, and who meets when.

use crate::model::day::thought::Thought;
use crate::model::happen::Happen;
use crate::model::kind::Activity;
use crate::model::kind::Department;
use crate::model::kind::Seniority;
use crate::model::people::person::NO_MEETING;
use crate::model::people::person::Person;
use crate::model::project::DAY;
use crate::model::project::Project;
use crate::model::project::WEEK_DAYS;
use crate::model::words::talk::About;

impl Project {
    /// The morning: who is here, and who meets when.
    pub fn start_day(&mut self, now: u64, happen: &mut Happen<'_, '_>) {
        self.tick = now;
        let today = Project::day_of(now);
        let planning = self.work_morning(now, happen);
        let team = self.people.len() > 1;
        let speaker = (u64::from(today) % self.people.len().max(1) as u64) as usize;
        for at in 0..self.people.len() {
            let person = &mut self.people[at];
            person.asked_by = None;
            person.meeting = NO_MEETING;
            if person.away_until <= today {
                // Sick on 1.5 % of days, two days at a time, and a week of leave about every fifty
                // working days; our assumption.
                let drawn = happen.below(10_000);
                if drawn < 75 {
                    person.away_until = today + 2;
                } else if drawn < 275 {
                    person.away_until = today + WEEK_DAYS as u32;
                }
            }
            if person.away_until > today {
                person.thought = Thought::Away;
                self.begin(at, Activity::Away, now, DAY, happen);
                continue;
            }
            // Each department meets once a week; who leads has more to sit in.
            let department = person.role.department() as u32;
            if team && today % WEEK_DAYS as u32 == department % WEEK_DAYS as u32 {
                person.meeting = 90 + 45 * department as u16;
            } else if team
                && (person.role.department() == Department::Leadership
                    || person.seniority >= Seniority::Lead)
                && happen.chance(4_000)
            {
                person.meeting = 60 + 30 * happen.below(12) as u16;
            }
            if team {
                let minutes = crate::model::day::STAND_UP_MINUTES + planning;
                self.begin(at, Activity::StandUp, now, minutes, happen);
            } else {
                self.begin(at, Activity::Idle, now, 1, happen);
            }
            if team && (at == speaker || (person_stuck(&self.people[at]) && happen.chance(5_000))) {
                let person = &self.people[at];
                let hand = person.hand.len().min(255) as u8;
                let stuck = person_stuck(person) && hand > 0;
                let task = person.hand.first().copied();
                let mood = (i32::from(person.morale) - 5_500) as i16;
                happen.say(self, at, None, About::StandUp { hand, stuck }, task, mood, now);
            }
        }
    }
}

fn person_stuck(person: &Person) -> bool {
    person.stuck_since.is_some()
}
