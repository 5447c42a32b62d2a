//! Outcomes: what comes of an activity when it ends. Work moves on, reviews find things, help frees
//! somebody, company does good. Called by [`day`](crate::model::day) for each activity that ends.

use crate::model::happen::Happen;
use crate::model::kind::Activity;
use crate::model::people::person::shift;
use crate::model::people::relation::Shared;
use crate::model::project::{DAY, Project};

impl Project {
    /// What came of the activity that ends now.
    pub fn finish_activity(
        &mut self,
        at: usize,
        now: u64,
        communication: u32,
        happen: &mut Happen<'_, '_>,
    ) {
        let person = &mut self.people[at];
        let minutes = now.saturating_sub(person.since).min(DAY) as u32;
        match person.activity {
            Activity::Working => self.finish_focus(at, now, minutes, communication, happen),
            Activity::Pairing => self.finish_pairing(at, now, minutes, communication, happen),
            Activity::Review => {
                person.day.lost = 0;
                self.finish_review(at, now, happen);
            }
            Activity::Refining => self.finish_refining(at, minutes),
            Activity::Helping => self.finish_help(at, now, minutes, happen),
            Activity::StandUp | Activity::Meeting => self.finish_meeting(at, minutes, now, happen),
            Activity::Asking => shift(&mut person.morale, 5),
            Activity::Coffee | Activity::Chat | Activity::Lunch => {
                self.finish_company(at, minutes);
            }
            Activity::Break => shift(&mut person.energy, minutes as i32 * 20),
            Activity::Learning => {
                let skill = person.role.skills().0;
                person.practise(skill, minutes * 2, Project::day_of(now));
                shift(&mut person.energy, -(minutes as i32) * 3);
            }
            Activity::Idle | Activity::Away => {}
        }
    }

    /// Company costs the introvert what it gives the extravert; food and coffee do good to both.
    fn finish_company(&mut self, at: usize, minutes: u32) {
        let person = &mut self.people[at];
        let food = if person.activity == Activity::Chat { 0 } else { 6 };
        let gain = minutes * (5 + food + person.extraversion() / 800);
        shift(&mut person.energy, gain as i32);
        let Some(other) = person.partner else { return };
        let warmth = person.agreeableness() as i32 / 120;
        person.remember(other, Shared::Company);
        person.relate(other, warmth);
        shift(&mut person.morale, 4);
        let id = person.id;
        if let Some(other) = self.person_at(other) {
            self.people[other].remember(id, Shared::Company);
            self.people[other].relate(id, warmth);
        }
    }
}
