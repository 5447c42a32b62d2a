//! Hiring: who is looked for, who joins, and who shows them around.

use crate::model::happen::{Happen, Stream};
use crate::model::kind::{Role, Seniority};
use crate::model::people::career::CareerEvent;
use crate::model::people::person::Person;
use crate::model::people::person::shift;
use crate::model::people::relation::Shared;
use crate::model::project::{Project, VACANCIES_MAX, Vacancy};
use crate::model::spec::{PEOPLE_MAX, TeamSpec};
use crate::model::words::talk::About;

/// Mean working days until a position is filled (Abdel-Hamid and Madnick 1991).
pub const HIRING_DAYS: u32 = 40;
/// No search takes longer, in working days beyond half of the mean.
const LUCK_DAYS_MAX: u32 = 200;
/// A newcomer's familiarity with the project: half productive at first, as in Abdel-Hamid and
/// Madnick 1991; see `SETTLING_DAYS` for how it rises.
pub const NEWCOMER: u16 = 500;
/// Familiarity from which nobody has to show them around any more: after about 40 working days,
/// between the 20 (Madachy) and the 80 (Abdel-Hamid and Madnick) of assimilation.
pub const TRAINED: u16 = 6_500;
/// Newcomers one mentor takes on. Our assumption.
const MENTEES_MAX: u8 = 3;
/// A day off site takes one part in this many of what is missing from a newcomer's familiarity, so
/// that assimilation takes about a quarter longer: what is picked up in passing is missing, and
/// those who work from elsewhere keep to fewer people (Yang et al. 2022). Our assumption.
const REMOTE_SLOWER: u16 = 200;

/// What a position usually pays in a year, in cents.
pub fn usual_pay(role: Role, seniority: Seniority) -> i64 {
    role.salary_cents() / 10_000 * seniority.pay()
}

impl Project {
    /// Starts looking for somebody. Without a name, people of the same world are looked for first.
    pub fn open_vacancy(
        &mut self,
        role: Role,
        seniority: Seniority,
        name: Option<String>,
        day: u32,
        happen: &mut Happen<'_, '_>,
    ) {
        if self.vacancies.len() >= VACANCIES_MAX {
            return;
        }
        // Half of the time is fixed, half is luck.
        let luck = happen.rng(Stream::People).exponential(f64::from(HIRING_DAYS) / 2.0) as u32;
        let due_day = day.saturating_add(HIRING_DAYS / 2).saturating_add(luck.min(LUCK_DAYS_MAX));
        let id = self.staff.next_vacancy;
        self.staff.next_vacancy = id.saturating_add(1);
        let known = name.is_some();
        self.vacancies.push(Vacancy { id, role, seniority, name, due_day });
        if !known {
            self.tell_open(id, role, seniority, happen);
        }
    }

    /// Positions that are due are filled from outside the world.
    pub(in crate::model) fn welcome_people(
        &mut self,
        day: u32,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) {
        let mut at = 0;
        while at < self.vacancies.len() {
            if self.vacancies[at].due_day > day || self.people.len() as u32 >= PEOPLE_MAX {
                at += 1;
                continue;
            }
            let vacancy = self.vacancies.remove(at);
            if vacancy.name.is_none() {
                self.tell_filled(vacancy.id, happen);
            }
            let mut spec = TeamSpec::one(vacancy.role, vacancy.seniority);
            spec.name = vacancy.name;
            let rng = happen.rng(Stream::People);
            let person = Person::new(self.next_person, &spec, self.shard, day + 1, rng);
            self.staff.flows.drawn += 1;
            self.join_staff(person, day + 1, now, happen);
        }
    }

    /// Somebody's first day: they know little, and somebody shows them around. The id is given here.
    pub(in crate::model) fn join_staff(
        &mut self,
        mut person: Person,
        day: u32,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) {
        let id = self.next_person;
        self.next_person = self.next_person.saturating_add(1);
        person.id = id;
        person.familiarity = NEWCOMER;
        person.until = now;
        person.turn_in_career(CareerEvent::Joined, day);
        self.people.push(person);
        self.totals.hired += 1;
        let at = self.people.len() - 1;
        self.find_mentor(at);
        self.people[at].settle_pace();
        happen.say(self, at, None, About::Welcome, None, 5_000, now);
        if !happen.step.recording() {
            return;
        }
        let before = self.people[at].career.iter().rev().find_map(|step| match &step.event {
            CareerEvent::Worked(employer) => Some(employer.name.as_str()),
            _ => None,
        });
        let change = before.map(|name| format!("joined, coming from {name}"));
        happen.person(self, id, change.as_deref().unwrap_or("joined"), now);
    }

    /// Somebody of the same craft who knows the project and has few newcomers to look after.
    fn find_mentor(&mut self, at: usize) {
        let newcomer = &self.people[at];
        let (role, id) = (newcomer.role, newcomer.id);
        let fits = |person: &Person| {
            let kin = i64::from(person.role == role) * 6_000
                + i64::from(person.role.department() == role.department()) * 3_000;
            kin + i64::from(person.familiarity) / 2
                + i64::from(person.agreeableness()) / 5
                + i64::from(person.seniority as u8) * 300
                - i64::from(person.mentees) * 4_000
        };
        let mentor = (0..self.people.len())
            .filter(|&other| {
                let person = &self.people[other];
                person.id != id && person.familiarity >= TRAINED && person.mentees < MENTEES_MAX
            })
            .max_by_key(|&other| (fits(&self.people[other]), std::cmp::Reverse(other)));
        let Some(mentor) = mentor else { return };
        self.people[at].mentor = Some(self.people[mentor].id);
        self.people[mentor].mentees += 1;
    }

    /// Each evening: mentor and newcomer have worked together; whoever is trained stands alone.
    pub(in crate::model) fn show_around(&mut self, day: u32) {
        if self.people.iter().all(|person| person.familiarity >= TRAINED && person.mentees == 0) {
            return;
        }
        for person in &mut self.people {
            person.mentees = 0;
        }
        for at in 0..self.people.len() {
            let person = &self.people[at];
            let (me, known) = (person.id, person.familiarity);
            let mentor = person.mentor.and_then(|id| self.person_at(id)).filter(|&m| m != at);
            if known >= TRAINED {
                self.people[at].mentor = None;
                if let Some(mentor) = mentor {
                    self.people[mentor].taught(day);
                }
                continue;
            }
            if self.people[at].remote(&self.policies) {
                let missing = 10_000 - known;
                let slower = -i32::from(missing / REMOTE_SLOWER);
                shift(&mut self.people[at].familiarity, slower);
            }
            match mentor {
                Some(mentor) => {
                    self.people[mentor].mentees = self.people[mentor].mentees.saturating_add(1);
                    let other = self.people[mentor].id;
                    self.people[at].remember(other, Shared::Paired);
                    self.people[mentor].remember(me, Shared::Paired);
                }
                None => {
                    self.people[at].mentor = None;
                    self.find_mentor(at);
                }
            }
        }
    }
}

impl Person {
    /// A newcomer they showed around is on their own feet now.
    fn taught(&mut self, day: u32) {
        if let Some(step) = self.career.iter_mut().find_map(|step| match &mut step.event {
            CareerEvent::Taught(count) => Some(count),
            _ => None,
        }) {
            *step = step.saturating_add(1);
            return;
        }
        self.turn_in_career(CareerEvent::Taught(1), day);
    }
}
