//! Dossiers: all of a person that lasts, as it travels from one project to another. What belongs to
//! a place (relations, work in hand, knowing the project) stays behind.

use bincode::{Decode, Encode};

use crate::model::kind::{Role, SKILLS, Seniority};
use crate::model::people::career::CareerStep;
use crate::model::people::hiring::usual_pay;
use crate::model::people::names::Name;
use crate::model::people::person::{ACHIEVEMENTS_MAX, Achievement, Person};
use crate::model::spec::{CENTS_MAX, NAME_BYTES_MAX};

/// Bytes of an encoded dossier, at most: names of 80 bytes, eight former employers of 40.
pub const DOSSIER_BYTES_MAX: usize = 900;

/// All of a person that lasts.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Dossier {
    pub name: Name,
    pub role: Role,
    pub seniority: Seniority,
    pub personality: [u16; 5],
    pub skills: [u16; SKILLS],
    pub idle_weeks: [u8; SKILLS],
    pub practice: u64,
    pub talent: u16,
    pub experience_months: u16,
    pub achievements: Vec<Achievement>,
    pub salary_cents: i64,
    pub share: u16,
    pub morale: u16,
    pub exhaustion: u16,
    pub remote_turn: u16,
    pub career: Vec<CareerStep>,
    pub tasks_done: u32,
}

impl Dossier {
    /// What lasts of a person.
    pub fn of(person: Person) -> Dossier {
        Dossier {
            name: person.name,
            role: person.role,
            seniority: person.seniority,
            personality: person.personality,
            skills: person.skills,
            idle_weeks: person.idle_weeks,
            practice: person.practice,
            talent: person.talent,
            experience_months: person.experience_months,
            achievements: person.achievements,
            salary_cents: person.salary_cents,
            share: person.share,
            morale: person.morale,
            exhaustion: person.exhaustion,
            remote_turn: person.remote_turn,
            career: person.career,
            tasks_done: person.tasks_done,
        }
    }

    /// The person again, on their first day elsewhere; the project gives the number.
    pub fn into_person(self, day: u32) -> Person {
        Person {
            name: self.name,
            seniority: self.seniority,
            personality: self.personality,
            skills: self.skills,
            idle_weeks: self.idle_weeks,
            practice: self.practice,
            talent: self.talent,
            experience_months: self.experience_months,
            achievements: self.achievements,
            salary_cents: self.salary_cents,
            share: self.share,
            // A new start lifts.
            morale: self.morale.max(6_000),
            exhaustion: self.exhaustion,
            remote_turn: self.remote_turn,
            career: self.career,
            tasks_done: self.tasks_done,
            ..Person::blank(0, self.role, day)
        }
    }

    /// Weeks of a search: rested, and out of practice.
    pub fn out_of_work(&mut self, days: u32) {
        let weeks = (days / 5).min(u32::from(u8::MAX)) as u8;
        self.exhaustion -= u32::from(self.exhaustion).min(days.saturating_mul(40)) as u16;
        for idle in &mut self.idle_weeks {
            *idle = idle.saturating_add(weeks);
        }
    }

    /// What they ask for in a year, in cents: a little less with each week of looking, down to
    /// four fifths. Falling reservation wages are usual; the slope is our assumption.
    pub fn asks(&self, waited_days: u32) -> i64 {
        let percent = 100 - i64::from(waited_days / 5).min(20);
        self.salary_cents.min(usual_pay(self.role, self.seniority) * 3 / 2) / 100 * percent
    }

    /// Whether it could be somebody's.
    pub fn sound(&self) -> bool {
        let levels = [self.share, self.morale, self.exhaustion, self.remote_turn];
        levels.iter().chain(&self.personality).chain(&self.skills).all(|&level| level <= 10_000)
            && (1..=40_000).contains(&self.talent)
            && self.share > 0
            && (0..=CENTS_MAX).contains(&self.salary_cents)
            && self.practice < 10_000_000
            && self.tasks_done <= u32::MAX / 2
            && self.name.bytes() <= NAME_BYTES_MAX
            && self.achievements.len() <= ACHIEVEMENTS_MAX
            && crate::model::people::career::sound(&self.career)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::people::career::{CareerEvent, Employer};
    use crate::model::people::person::AchievementKind;
    use crate::model::people::person::tests::person;
    use crate::wire::codec;

    #[test]
    fn the_longest_dossier_fits_into_a_message() {
        let mut person = person(1);
        person.name = Name::Given("x".repeat(NAME_BYTES_MAX));
        person.salary_cents = CENTS_MAX;
        person.practice = 9_999_999;
        person.tasks_done = u32::MAX / 2;
        for day in 0..20 {
            person.achieve(AchievementKind::Tasks(1_000_000), 4_000_000_000 + day);
            let name = "é".repeat(20);
            let employer =
                Employer { project: [9; 4], person: u32::MAX, name, since_day: u32::MAX };
            person.turn_in_career(CareerEvent::Worked(Box::new(employer)), u32::MAX);
        }
        let dossier = Dossier::of(person);
        assert!(dossier.sound());
        let bytes = codec::encode(&dossier).len();
        assert!(bytes <= DOSSIER_BYTES_MAX, "{bytes} bytes");
    }

    #[test]
    fn a_person_comes_out_of_a_dossier_as_they_went_in() {
        let mut before = person(1);
        before.achieve(AchievementKind::Launch, 7);
        before.relate(4, 500);
        let after = Dossier::of(before.clone()).into_person(90);
        assert_eq!((after.skills, after.talent), (before.skills, before.talent));
        assert_eq!((after.name.clone(), after.personality), (before.name, before.personality));
        assert_eq!(after.career, before.career);
        assert!(after.relations.is_empty(), "relations stay behind");
    }
}
