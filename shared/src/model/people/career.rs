//! Coming and going: who leaves, who is looked for, who joins.

use crate::model::day::thought::Thought;
use crate::model::happen::Happen;
use crate::model::kind::Role;
use crate::model::kind::Seniority;
use crate::model::people::person::Person;
use crate::model::project::ALUMNI_KEPT;
use crate::model::project::Alumnus;
use crate::model::project::Project;
use crate::model::project::VACANCIES_MAX;
use crate::model::project::Vacancy;
use crate::model::project::YEAR_DAYS;
use crate::model::spec::PEOPLE_MAX;
use crate::model::spec::TeamSpec;
use crate::model::view::TaskState;
use crate::model::words::talk::About;

/// Leaving in a year, in millionths a working day: 13.2 % a year in software (LinkedIn 2018).
const LEAVING_MILLIONTHS: u64 = 132_000 / YEAR_DAYS as u64;
/// Mean working days until a position is filled (Abdel-Hamid and Madnick 1991).
pub const HIRING_DAYS: i64 = 40;
/// A newcomer's familiarity with the project: half productive at first, as in Abdel-Hamid and
/// Madnick 1991; rises with a time constant of [`SETTLING_DAYS`].
const NEWCOMER: u16 = 500;

impl Project {
    /// Who leaves: by a hazard that morale and exhaustion move.
    pub(in crate::model) fn let_people_go(
        &mut self,
        day: u32,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) {
        // The newest first, so that places of the others stay what they are.
        for at in (0..self.people.len()).rev() {
            let person = &self.people[at];
            let unhappy = (6_300 - i64::from(person.morale)) * 2;
            let worn = (i64::from(person.exhaustion) - 3_000).max(0) * 2;
            let mut factor = (10_000 + unhappy + worn).clamp(2_000, 60_000) as u64;
            if person.role == Role::Founder {
                factor /= 6;
            }
            let hazard = LEAVING_MILLIONTHS * factor / 10_000;
            let drawn = happen.below(1_000_000);
            if drawn < hazard {
                happen.say(self, at, None, About::Farewell, None, 0, now);
                let (role, seniority) = (self.people[at].role, self.people[at].seniority);
                self.remove_person(at, now);
                happen.person(self, self.alumni.last().map_or(0, |a| a.id), "left", now);
                if self.policies.replace_leavers {
                    self.open_vacancy(role, seniority, None, day, happen);
                }
            } else if drawn < hazard * 20 && factor > 20_000 {
                self.people[at].thought = Thought::leave();
            }
        }
    }

    /// Starts looking for somebody.
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
        let rng = happen.step.rng();
        // Half of the time is fixed, half is luck.
        let luck = (rng.exponential(HIRING_DAYS as f64 / 2.0) as u32).min(200);
        let due_day = day.saturating_add(HIRING_DAYS as u32 / 2).saturating_add(luck);
        self.vacancies.push(Vacancy { role, seniority, name, due_day });
    }

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
            let mut spec = TeamSpec::one(vacancy.role, vacancy.seniority);
            spec.name = vacancy.name;
            let id = self.next_person;
            self.next_person = self.next_person.saturating_add(1);
            let mut person = Person::new(id, &spec, self.shard, day + 1, happen.step.rng());
            person.familiarity = NEWCOMER;
            person.until = now;
            self.people.push(person);
            self.totals.hired += 1;
            let place = self.people.len() - 1;
            happen.say(self, place, None, About::Welcome, None, 5_000, now);
            happen.person(self, id, "joined", now);
        }
    }

    /// Somebody goes; what they had in hand goes back to the board or to its author.
    pub fn remove_person(&mut self, at: usize, now: u64) {
        let person = self.people.remove(at);
        self.totals.left += 1;
        if self.alumni.len() >= ALUMNI_KEPT {
            self.alumni.remove(0);
        }
        for id in person.reviews {
            let Some(task) =
                self.task_at(id).filter(|&at| self.tasks[at].state == TaskState::Review)
            else {
                continue;
            };
            // Unread work goes back to whoever did it, who finds another reviewer.
            let author = self.tasks[task].assignee.and_then(|id| self.person_at(id));
            self.tasks[task].reviewer = None;
            self.tasks[task].left = 1;
            match author {
                Some(author) => {
                    self.set_task_state(task, TaskState::Doing, now);
                    self.people[author].hand.push(id);
                }
                None => {
                    self.set_task_state(task, TaskState::Todo, now);
                    self.tasks[task].assignee = None;
                }
            }
        }
        for task in 0..self.tasks.len() {
            if self.tasks[task].assignee != Some(person.id) {
                continue;
            }
            match self.tasks[task].state {
                TaskState::Doing => {
                    self.tasks[task].assignee = None;
                    self.set_task_state(task, TaskState::Todo, now);
                }
                TaskState::Todo => {
                    self.tasks[task].assignee = None;
                    self.cache.ready_stale = true;
                }
                _ => {}
            }
        }
        self.alumni.push(Alumnus { id: person.id, name: person.name });
    }
}
