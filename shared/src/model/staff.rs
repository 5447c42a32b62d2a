//! The ends of a day: people come and go, rest, tire, join and leave; books are closed; the project
//! moves from phase to phase. Everything that happens once a working day.

use super::happen::Happen;
use super::kind::{Activity, Department, Role, Seniority};
use super::market::{self, Message};
use super::person::{AchievementKind, NO_MEETING, Person, bp, shift};
use super::project::{
    ALUMNI_KEPT, Alumnus, DAY, EndReason, Project, VACANCIES_MAX, Vacancy, WEEK_DAYS, YEAR_DAYS,
};
use super::spec::{PEOPLE_MAX, TeamSpec};
use super::talk::About;
use super::thought::Thought;
use super::view::{Status, TaskState};

/// Leaving in a year, in millionths a working day: 13.2 % a year in software (LinkedIn 2018).
const LEAVING_MILLIONTHS: u64 = 132_000 / YEAR_DAYS as u64;
/// Mean working days until a position is filled (Abdel-Hamid and Madnick 1991).
pub const HIRING_DAYS: i64 = 40;
/// A newcomer's familiarity with the project: half productive at first, as in Abdel-Hamid and
/// Madnick 1991; rises with a time constant of [`SETTLING_DAYS`].
const NEWCOMER: u16 = 500;
/// Assimilation: 20 working days (Madachy) to 80 (Abdel-Hamid and Madnick).
const SETTLING_DAYS: u16 = 40;

impl Project {
    /// The morning: who is here, and who meets when.
    pub fn start_day(&mut self, now: u64, happen: &mut Happen<'_, '_>) {
        self.tick = now;
        let today = Project::day_of(now);
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
                self.begin(at, Activity::StandUp, now, super::day::STAND_UP_MINUTES, happen);
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

    /// The evening. Says why the project ends, if it does.
    pub fn end_day(&mut self, now: u64, happen: &mut Happen<'_, '_>) -> Option<EndReason> {
        self.tick = now;
        // The day that ends, not the one that begins at this very minute.
        let day = Project::day_of(now - 1);
        self.work_overtime();
        self.rest(day);
        if let Some(end) = self.close_books(day) {
            return Some(end);
        }
        self.decide(day, now, happen);
        self.meet_customers(happen);
        self.let_people_go(day, now, happen);
        self.welcome_people(day, now, happen);
        if self.people.is_empty() {
            return Some(EndReason::Deserted);
        }
        self.new_week(happen.step.rng());
        let before = self.phase;
        let end = self.end_of_phase(happen.step.rng());
        if end.is_none() && self.phase != before {
            let lead = self.leader();
            let next = self.phase;
            happen.say(self, lead, None, About::PhaseDone { next }, None, 4_000, now);
            happen.phase(self, Happen::phase_reason(before), now);
        }
        self.forget_done_tasks();
        end
    }

    /// Whoever leads, for what the project says as a whole.
    fn leader(&self) -> usize {
        (0..self.people.len())
            .min_by_key(|&at| {
                (self.people[at].role, std::cmp::Reverse(self.people[at].seniority), at)
            })
            .unwrap_or(0)
    }

    /// Hours beyond eight: work that is less and less worth.
    fn work_overtime(&mut self) {
        let minutes = u32::from(self.policies.overtime_hours) * 60;
        if minutes == 0 {
            return;
        }
        let communication = self.communication();
        for at in 0..self.people.len() {
            let person = &mut self.people[at];
            if person.activity == Activity::Away {
                continue;
            }
            shift(&mut person.energy, -((minutes * 9) as i32));
            let Some(id) = person.hand.first().copied() else { continue };
            let Some(task_at) = self.task_at(id) else { continue };
            let task = &mut self.tasks[task_at];
            if task.state != TaskState::Doing {
                continue;
            }
            let minutes = minutes * 3 / 4;
            let done = bp(minutes, self.people[at].rate(task.kind, communication));
            task.spent = task.spent.saturating_add(minutes);
            // What is finished at night is looked at in the morning.
            task.left = task.left.saturating_sub(done).max(1);
            self.totals.focus_minutes += u64::from(minutes);
        }
    }

    /// The night, or the weekend: energy comes back, exhaustion and morale drift.
    fn rest(&mut self, day: u32) {
        let weekend = (u64::from(day) + 1).is_multiple_of(WEEK_DAYS);
        let overtime = i32::from(self.policies.overtime_hours);
        for person in &mut self.people {
            let worn = 10_000 - i32::from(person.energy);
            let away = person.away_until > day;
            // Strain adds up when evenings end empty, and fades with rest.
            let strain = (worn - 6_000).max(0) / 60 + overtime * 45;
            let relief = i32::from(person.exhaustion) / if weekend || away { 15 } else { 60 };
            shift(&mut person.exhaustion, strain - relief);
            let share = if weekend || away { 9_500 } else { 8_200 - overtime * 500 };
            let share = share - i32::from(person.exhaustion) / 4 - person.neuroticism() as i32 / 20;
            shift(&mut person.energy, worn * share.max(1_500) / 10_000);
            let liked: i32 = person.relations.iter().map(|r| i32::from(r.affinity)).sum();
            // Good company lifts, strain and a worrying nature weigh. Our assumption.
            let aim = 6_800 + (liked / 24).clamp(-1_500, 1_500)
                - i32::from(person.exhaustion) / 4
                - person.neuroticism() as i32 / 10;
            let drift = (aim - i32::from(person.morale)) / 40;
            shift(&mut person.morale, drift);
            let settled = (10_000 - person.familiarity) / SETTLING_DAYS;
            shift(&mut person.familiarity, settled.into());
            if day.saturating_sub(person.joined_day) % 20 == 19 {
                person.experience_months = person.experience_months.saturating_add(1);
            }
            // What two people are to each other fades when nothing happens between them.
            if weekend {
                for relation in &mut person.relations {
                    relation.affinity -= relation.affinity / 50;
                }
            }
        }
    }

    /// Once a week the leaders look at the whole: promotion of whoever has outgrown their level,
    /// warning when money gets short, and what to finish first.
    fn decide(&mut self, day: u32, now: u64, happen: &mut Happen<'_, '_>) {
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
            let first = self.cache.ready.first().map(|&(_, at)| self.tasks[at as usize].id);
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

    /// Customers find defects; a project without a market finds and loses customers by itself; one
    /// with a market says what it offers.
    fn meet_customers(&mut self, happen: &mut Happen<'_, '_>) {
        if !self.launched {
            return;
        }
        if self.customers > 0 && self.latent > 0 {
            // The more customers, the sooner a defect is met; our assumption.
            let chance = 4 + (libm::sqrt(f64::from(self.customers)) as u32).min(100);
            let found = (0..self.latent.min(64)).filter(|_| happen.chance(chance)).count() as u32;
            self.latent -= found;
            self.totals.defects_escaped += found;
            for _ in 0..found {
                self.add_bug(0, 5, happen);
            }
        }
        match self.market {
            Some(market) => {
                let offer = Message::Offer {
                    price_cents: self.policies.price_cents,
                    quality: self.quality(),
                    sales: self.sales_effort(),
                    customers: self.customers,
                };
                happen.step.send(market, offer.to_bytes());
            }
            None => {
                let won = market::circle_won(self.customers);
                let lost = market::churn_millionths(self.customers, self.quality(), 10_000);
                let whole = |carry: &mut u32, more: u64| {
                    let all = u64::from(*carry) + more;
                    *carry = (all % 1_000_000) as u32;
                    (all / 1_000_000).min(u32::MAX.into()) as u32
                };
                let won = whole(&mut self.circle.won_millionths, won);
                let lost = whole(&mut self.circle.lost_millionths, lost);
                self.customers = self.customers.saturating_add(won).saturating_sub(lost);
            }
        }
    }

    /// The market's answer: who came and who went.
    pub fn hear_from_market(&mut self, won: u32, lost: u32, now: u64, happen: &mut Happen<'_, '_>) {
        self.customers = self.customers.saturating_sub(lost).saturating_add(won);
        // Word gets round when it is much for the size of the company.
        if !self.people.is_empty() && won.saturating_add(lost) > self.customers / 10 {
            let about = About::Customers { won, lost };
            let mood = if won >= lost { 4_000 } else { -3_000 };
            happen.say(self, self.leader(), None, about, None, mood, now);
        }
    }

    /// How hard the project sells, in basis points of one full person.
    pub fn sales_effort(&self) -> u32 {
        self.people
            .iter()
            .map(|person| {
                let weight = match person.role {
                    Role::Sales | Role::Marketing => 10_000,
                    Role::Founder => 4_000,
                    Role::Support | Role::Product => 1_500,
                    _ => 0,
                };
                bp(
                    bp(weight, person.skill(super::kind::Skill::Commerce) + 4_000),
                    person.share.into(),
                )
            })
            .sum()
    }

    /// Who leaves: by a hazard that morale and exhaustion move.
    fn let_people_go(&mut self, day: u32, now: u64, happen: &mut Happen<'_, '_>) {
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
                self.people[at].thought = Thought::Leave;
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

    fn welcome_people(&mut self, day: u32, now: u64, happen: &mut Happen<'_, '_>) {
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

    /// Ends the project.
    pub fn finish(&mut self, end: EndReason, now: u64, happen: &mut Happen<'_, '_>) {
        self.status = match end {
            EndReason::Reached(_) | EndReason::BacklogDone | EndReason::Profitable => {
                self.phase = super::view::Phase::Completed;
                Status::Completed
            }
            EndReason::Archived => Status::Archived,
            _ => Status::Failed,
        };
        self.end = Some(end);
        self.recount();
        if let Some(market) = self.market
            && self.launched
        {
            happen.step.send(market, Message::Withdraw.to_bytes());
        }
        let reason = super::picture::end_text(self).unwrap_or_default();
        happen.phase(self, reason, now);
    }
}

fn person_stuck(person: &Person) -> bool {
    person.stuck_since.is_some()
}
