//! Whoever leads: what the company as a whole decides.

use crate::model::happen::Happen;
use crate::model::kind::Seniority;
use crate::model::people::person::AchievementKind;
use crate::model::people::person::shift;
use crate::model::project::Project;
use crate::model::project::WEEK_DAYS;
use crate::model::words::talk::About;

impl Project {
    /// Whoever leads, for what the project says as a whole.
    pub(in crate::model) fn leader(&self) -> usize {
        (0..self.people.len())
            .min_by_key(|&at| {
                (self.people[at].role, std::cmp::Reverse(self.people[at].seniority), at)
            })
            .unwrap_or(0)
    }

    /// Once a week the leaders look at the whole: promotion of whoever has outgrown their level,
    /// warning when money gets short, and what to finish first.
    pub(in crate::model) fn decide(&mut self, day: u32, now: u64, happen: &mut Happen<'_, '_>) {
        if !(u64::from(day) + 1).is_multiple_of(WEEK_DAYS) {
            return;
        }
        let lead = self.leader();
        let months = self.runway_months();
        if months < 3 && self.totals.earned_cents < self.totals.spent_cents {
            happen.say(self, lead, None, About::Money { months }, None, -5_000, now);
            for person in &mut self.people {
                shift(&mut person.morale, -90);
            }
        }
        let open = self.cache.counts[0].min(9_999) as u16;
        let doing = self.cache.counts[1].min(9_999) as u16;
        if self.people.len() > 2 && open > 0 {
            self.refresh_ready();
            let first = self.cache.ready.first().map(|ready| self.tasks[ready.place as usize].id);
            happen.say(self, lead, None, About::Decision { open, doing }, first, 500, now);
        }
        for at in 0..self.people.len() {
            let person = &mut self.people[at];
            let next = match person.seniority {
                Seniority::Junior => Seniority::Mid,
                Seniority::Mid => Seniority::Senior,
                _ => continue,
            };
            let skill = i64::from(person.skill(person.role.skills().0));
            if skill >= next.skill() && i64::from(person.experience_months) >= next.years().0 * 12 {
                let old = person.seniority.pay();
                person.seniority = next;
                person.salary_cents = person.salary_cents / old * next.pay();
                person.achieve(AchievementKind::Promoted(next), day);
                shift(&mut person.morale, 900);
                let id = person.id;
                happen.person(self, id, &format!("was promoted to {}", next.word()), now);
            }
        }
    }
}
