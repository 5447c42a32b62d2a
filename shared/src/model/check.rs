//! Whether a state that came from outside could have come from steps: every bound that a step
//! relies on. A state that passes never makes a step panic.

use std::collections::BTreeSet;

use crate::model::business::money::{DAYS_KEPT, MONEY_MAX};
use crate::model::people::person::{ACHIEVEMENTS_MAX, Person, RELATIONS_MAX, REVIEWS_MAX};
use crate::model::phases::ENDS_MAX;
use crate::model::project::{ALUMNI_KEPT, Project, VACANCIES_MAX};
use crate::model::spec::{
    CENTS_MAX, ESTIMATE_MAX, NAME_BYTES_MAX, PEOPLE_MAX, TASKS_MAX, TITLE_BYTES_MAX,
};
use crate::model::words::talk::TALK_KEPT;
use crate::model::words::title::Title;
use crate::model::words::vocabulary::AREAS;
use crate::model::work::Task;

/// Numbers of people and tasks that were ever given out.
const IDS_MAX: u32 = u32::MAX / 2;

fn hold(good: bool, what: &str) -> Result<(), String> {
    if good { Ok(()) } else { Err(format!("the state of the project is not sound: {what}")) }
}

impl Project {
    /// Whether all that steps rely on holds.
    pub fn check(&self) -> Result<(), String> {
        self.policies.check().map_err(|error| error.to_string())?;
        hold(self.people.len() <= PEOPLE_MAX as usize, "too many people")?;
        hold(self.people.windows(2).all(|pair| pair[0].id < pair[1].id), "people out of order")?;
        hold(self.people.iter().all(|p| p.id < self.next_person), "a person from the future")?;
        hold(self.next_person <= IDS_MAX && self.next_task <= IDS_MAX, "numbers used up")?;
        hold(self.tasks.len() <= TASKS_MAX * 3, "too many tasks")?;
        hold(self.tasks.windows(2).all(|pair| pair[0].id < pair[1].id), "tasks out of order")?;
        hold(self.tasks.iter().all(|task| task.id < self.next_task), "a task from the future")?;
        hold(self.alumni.len() <= ALUMNI_KEPT, "too many who left")?;
        hold(self.vacancies.len() <= VACANCIES_MAX, "too many open positions")?;
        hold(self.ends.len() <= ENDS_MAX, "too many phases")?;
        for end in &self.ends {
            end.check()?;
        }
        self.path.check()?;
        self.chief.check()?;
        hold(self.days.len() <= DAYS_KEPT, "too many days")?;
        hold(self.talk.len() <= TALK_KEPT, "too much talk")?;
        self.staff.check()?;
        self.words.analysis.check()?;
        hold(self.scope <= 100_000, "the scope")?;
        hold((4_000..=25_000).contains(&self.difficulty), "the difficulty")?;
        hold(self.latent <= IDS_MAX, "the defects")?;
        hold(self.idea <= 10_000, "the idea")?;
        hold(self.customers <= 1 << 30, "the customers")?;
        let totals = &self.totals;
        let money = [self.cash_cents, totals.spent_cents, totals.earned_cents, totals.funded_cents];
        hold(money.iter().all(|cents| (-MONEY_MAX..=MONEY_MAX).contains(cents)), "the money")?;
        for day in self.days.iter().chain([&self.today]) {
            let money = [day.cash_cents, day.spent_cents, day.earned_cents];
            hold(money.iter().all(|cents| (-MONEY_MAX..=MONEY_MAX).contains(cents)), "the books")?;
        }
        let counters = [totals.hired, totals.left, totals.defects_made, totals.defects_caught];
        hold(counters.iter().all(|&count| count <= IDS_MAX), "the totals")?;
        hold(totals.defects_escaped <= IDS_MAX, "the totals")?;
        let large = [totals.done, totals.dropped, totals.reopened, totals.focus_minutes];
        hold(large.iter().all(|&count| count <= 1 << 60), "the totals")?;
        hold(totals.meeting_minutes <= 1 << 60 && self.next_talk <= 1 << 60, "the totals")?;
        let day =
            [totals.interruptions, totals.switches, totals.misunderstood, totals.pair_minutes];
        hold(day.iter().all(|&count| count <= 1 << 60), "the totals")?;
        self.work.check()?;
        hold(self.phase_work.sound(), "the phase")?;
        self.business.check()?;
        for person in &self.people {
            check_person(person)?;
        }
        for task in &self.tasks {
            check_task(task)?;
        }
        self.workshop.check()?;
        self.check_hands()
    }

    /// No task is in two hands.
    fn check_hands(&self) -> Result<(), String> {
        let mut held = BTreeSet::new();
        for person in &self.people {
            hold(person.hand.iter().all(|id| held.insert(*id)), "a task in two hands")?;
        }
        Ok(())
    }
}

fn check_person(person: &Person) -> Result<(), String> {
    let levels =
        [person.energy, person.morale, person.exhaustion, person.familiarity, person.share];
    let all = levels.iter().chain(&person.personality).chain(&person.skills);
    hold(all.copied().all(|level| level <= 10_000), "a level of a person")?;
    hold((1..=40_000).contains(&person.talent), "a talent")?;
    hold(person.share > 0, "a share")?;
    hold((0..=CENTS_MAX).contains(&person.salary_cents), "a salary")?;
    hold(person.name.bytes() <= NAME_BYTES_MAX, "a name")?;
    hold(person.achievements.len() <= ACHIEVEMENTS_MAX, "achievements")?;
    hold(person.relations.len() <= RELATIONS_MAX, "relations")?;
    hold(person.relations.iter().all(|r| i32::from(r.affinity).abs() <= 10_000), "relations")?;
    hold(person.reviews.len() <= REVIEWS_MAX, "reviews")?;
    hold(person.hand.len() <= 256, "work in hand")?;
    hold(person.relations.iter().all(|r| i32::from(r.trust).abs() <= 10_000), "relations")?;
    hold(person.practice < 10_000_000, "practice")?;
    hold(person.remote_turn <= 10_000 && person.pace <= 60_000, "a level of a person")?;
    hold(crate::model::people::career::sound(&person.career), "a career")?;
    hold(person.thought.check().is_ok(), "a thought")?;
    person.day.check()?;
    hold(person.tasks_done <= IDS_MAX, "tasks done")
}

fn check_task(task: &Task) -> Result<(), String> {
    let title = match &task.title {
        Title::Given(text) => text.len(),
        _ => 0,
    };
    hold(title <= TITLE_BYTES_MAX, "a title")?;
    hold(task.area < AREAS, "an area")?;
    hold((1..=ESTIMATE_MAX).contains(&task.estimate), "an estimate")?;
    hold((1..=5).contains(&task.priority), "a priority")?;
    hold(task.depends_on.len() <= 16, "dependencies")?;
    hold(task.spent <= IDS_MAX && task.left <= IDS_MAX, "the work of a task")?;
    hold(task.rework <= 64, "rework")?;
    hold(task.source.as_ref().is_none_or(|source| source.len() <= NAME_BYTES_MAX), "a source")
}
