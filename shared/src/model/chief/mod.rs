//! Whoever leads: sets goals, hears reports, and acts on what is off.
//!
//! Once a month [`goal`]s are set for the whole and broken down to departments. Once a week the
//! [`measure`]s are read, heads of departments report and escalate, [`weigh`] says what is called
//! for, and [`act`] does it. [`answer`] answers questions of whoever looks. A company of one or two
//! has no chief, and a project that only works off a backlog has none either. Called by
//! [`day`](super::day) in the evening.

pub mod act;
pub mod answer;
pub mod goal;
pub mod measure;
pub mod talk;
#[cfg(test)]
mod tests;
pub mod weigh;

use bincode::{Decode, Encode};

use crate::model::chief::act::{ACTS_MAX, Act, ActKind, OUTCOME_DAYS, Outcome};
use crate::model::chief::goal::{GOAL_DAYS, GOALS_MAX, Goal, GoalState};
use crate::model::chief::measure::{Measure, department_of};
use crate::model::chief::talk::ChiefTalk;
use crate::model::happen::Happen;
use crate::model::kind::{Department, Seniority, TaskKind};
use crate::model::people::person::AchievementKind;
use crate::model::people::person::shift;
use crate::model::project::Project;
use crate::model::project::WEEK_DAYS;
use crate::model::view::Phase;
use crate::model::words::talk::About;

/// A company of fewer people has no chief: they see for themselves.
pub const PEOPLE_LED: usize = 3;
/// Reports that are said aloud in a week.
const REPORTS_A_WEEK: usize = 3;
/// Escalations of a week.
const ESCALATIONS_A_WEEK: usize = 2;

/// What a chief keeps in mind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Chief {
    pub goals: Vec<Goal>,
    pub next_goal: u32,
    /// The phase the goals are for.
    pub phase: Phase,
    /// Estimated minutes finished since the goals were set, by department.
    pub finished: [u32; 6],
    /// Oldest first.
    pub acts: Vec<Act>,
    /// Whether nobody is looked for, to save money.
    pub frozen: bool,
    /// Positions opened since the goals were set.
    pub hires: u8,
    /// Goals of all months before: met and missed.
    pub met: u32,
    pub missed: u32,
}

impl Chief {
    /// Whether it could have come from steps.
    pub fn check(&self) -> Result<(), String> {
        let sound = self.goals.len() <= GOALS_MAX
            && self.acts.len() <= ACTS_MAX
            && self.met <= u32::MAX / 2
            && self.missed <= u32::MAX / 2;
        if sound { Ok(()) } else { Err("the goals of the project are not sound".into()) }
    }

    /// Work of this kind was finished.
    pub fn count(&mut self, kind: TaskKind, estimate: u32) {
        let finished = &mut self.finished[department_of(kind) as usize];
        *finished = finished.saturating_add(estimate);
    }
}

impl Project {
    /// Whoever leads, for what the project says as a whole.
    pub(in crate::model) fn leader(&self) -> usize {
        (0..self.people.len())
            .min_by_key(|&at| {
                (self.people[at].role, std::cmp::Reverse(self.people[at].seniority), at)
            })
            .unwrap_or(0)
    }

    /// Whether somebody steers it by goals.
    pub fn led(&self) -> bool {
        !self.only_backlog && self.people.len() >= PEOPLE_LED
    }

    /// Once a week the leaders look at the whole: promotion of whoever has outgrown their level,
    /// warning when money gets short, what to finish first, goals, reports and acts.
    pub(in crate::model) fn decide(&mut self, day: u32, now: u64, happen: &mut Happen<'_, '_>) {
        if !(u64::from(day) + 1).is_multiple_of(WEEK_DAYS) || self.people.is_empty() {
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
        self.promote(day, now, happen);
        if self.led() {
            self.govern(day, now, happen);
        }
    }

    fn promote(&mut self, day: u32, now: u64, happen: &mut Happen<'_, '_>) {
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

    /// A week in the life of whoever leads.
    fn govern(&mut self, day: u32, now: u64, happen: &mut Happen<'_, '_>) {
        self.check_conditions(day);
        self.see_outcomes(day);
        let since = self.chief.goals.first().map(|goal| goal.set_day);
        let over = since.is_none_or(|since| day >= since.saturating_add(GOAL_DAYS));
        if over || self.chief.phase != self.phase {
            self.read_goals(day);
            self.close_goals(over, now, happen);
            self.chief.phase = self.phase;
            if over {
                self.chief.hires = 0;
            }
            self.set_goals(day);
            self.say_goals(now, happen);
        } else {
            self.read_goals(day);
            self.hear_reports(now, happen);
        }
        for (kind, measure, expected) in self.calls(day) {
            self.do_and_note(kind, measure, expected, day, now, happen);
        }
    }

    /// Acts, says so, and keeps it in mind.
    fn do_and_note(
        &mut self,
        kind: ActKind,
        measure: Measure,
        expected: i32,
        day: u32,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) {
        let department = match kind {
            ActKind::Raise(department) => department,
            _ => Department::Leadership,
        };
        let (by, to) = match kind {
            ActKind::Talk(person) => match self.person_at(person) {
                Some(at) => (self.talks_to(at), Some(person)),
                None => return,
            },
            _ => (self.leader(), None),
        };
        let before = match kind {
            ActKind::Talk(person) => {
                self.person_at(person).map_or(0, |at| i32::from(self.people[at].morale / 100))
            }
            _ => self.measure(measure, department),
        };
        let by_id = self.people.get(by).map_or(0, |person| person.id);
        // Said before it is done: whoever is let go hears it.
        if !self.act(kind, day, now, happen) {
            return;
        }
        let Some(by) = self.person_at(by_id) else { return };
        let about = About::Chief(ChiefTalk::Act { kind, measure, before });
        let mood = match kind {
            ActKind::Talk(_) => 3_000,
            ActKind::LetGo(_) => -7_000,
            ActKind::FreezeHiring => -3_000,
            _ => 300,
        };
        happen.say(self, by, to, about, None, mood, now);
        // Small companies remember less.
        let kept = (8 + 2 * self.people.len()).min(ACTS_MAX);
        while self.chief.acts.len() >= kept {
            self.chief.acts.remove(0);
        }
        let outcome = Outcome::Open;
        self.chief.acts.push(Act { day, by: by_id, kind, measure, before, expected, outcome });
    }

    /// What came of the acts of a month ago.
    fn see_outcomes(&mut self, day: u32) {
        for at in 0..self.chief.acts.len() {
            let act = self.chief.acts[at];
            if act.outcome != Outcome::Open || day < act.day.saturating_add(OUTCOME_DAYS) {
                continue;
            }
            let after = match act.kind {
                ActKind::Talk(person) => match self.person_at(person) {
                    Some(at) => i32::from(self.people[at].morale / 100),
                    // They have left all the same.
                    None => 0,
                },
                ActKind::Raise(department) => self.measure(act.measure, department),
                _ => self.measure(act.measure, Department::Leadership),
            };
            let (from, to) = (i64::from(act.before), i64::from(after));
            let gain = if act.measure.up() { to - from } else { from - to };
            // Less than a twentieth is nothing.
            let least = (from.abs() / 20).max(1);
            self.chief.acts[at].outcome = match gain {
                gain if gain >= least => Outcome::Helped(after),
                gain if gain <= -least => Outcome::Worse(after),
                _ => Outcome::Nothing(after),
            };
        }
    }

    /// Reads the measures.
    fn read_goals(&mut self, day: u32) {
        for at in 0..self.chief.goals.len() {
            let goal = self.chief.goals[at];
            let mut value = self.measure(goal.measure, goal.department);
            // A phase that has been left is done.
            if goal.measure == Measure::Progress && self.chief.phase < self.phase {
                value = 100;
            }
            let goal = &mut self.chief.goals[at];
            goal.value = value;
            goal.state = goal.judge(value, day);
        }
    }

    /// Counts the goals of the month that ends and says how it went.
    fn close_goals(&mut self, over: bool, now: u64, happen: &mut Happen<'_, '_>) {
        let goals = self.chief.goals.len();
        if goals == 0 {
            return;
        }
        // When a phase ends before its month, what is on track counts as met.
        let met = |goal: &&Goal| {
            goal.state == GoalState::Met || (!over && goal.state == GoalState::OnTrack)
        };
        let met = self.chief.goals.iter().filter(met).count();
        self.chief.met = self.chief.met.saturating_add(met as u32).min(1 << 30);
        let missed = (goals - met) as u32;
        self.chief.missed = self.chief.missed.saturating_add(missed).min(1 << 30);
        let talk = ChiefTalk::Closed { met: met as u8, of: goals as u8 };
        let mood = if met * 2 >= goals { 2_500 } else { -2_000 };
        happen.say(self, self.leader(), None, About::Chief(talk), None, mood, now);
    }

    /// The chief says the first goal, each head their own.
    fn say_goals(&mut self, now: u64, happen: &mut Happen<'_, '_>) {
        for at in 0..self.chief.goals.len() {
            let goal = self.chief.goals[at];
            let first = at == 0 || goal.parent.is_some();
            let Some(owner) = self.person_at(goal.owner).filter(|_| first) else { continue };
            let to = (at > 0).then(|| self.people[self.leader()].id).filter(|id| *id != goal.owner);
            let talk = ChiefTalk::Goal {
                goal: goal.id,
                measure: goal.measure,
                target: goal.target,
                due: goal.due_day,
            };
            happen.say(self, owner, to, About::Chief(talk), None, 1_000, now);
        }
    }

    /// Heads of departments report, the worst first, and escalate what is off.
    fn hear_reports(&mut self, now: u64, happen: &mut Happen<'_, '_>) {
        let mut goals: Vec<Goal> =
            self.chief.goals.iter().filter(|goal| goal.parent.is_some()).copied().collect();
        goals.sort_by_key(|goal| (report_rank(goal.state), goal.id));
        let chief = self.people.get(self.leader()).map_or(0, |person| person.id);
        let mut escalated = 0;
        for goal in goals.into_iter().take(REPORTS_A_WEEK) {
            let Some(owner) = self.person_at(goal.owner).filter(|_| goal.owner != chief) else {
                continue;
            };
            let (measure, value, target) = (goal.measure, goal.value, goal.target);
            let talk =
                ChiefTalk::Report { goal: goal.id, measure, value, target, state: goal.state };
            let mood = match goal.state {
                GoalState::OnTrack | GoalState::Met => 2_000,
                GoalState::AtRisk => -1_000,
                _ => -3_000,
            };
            happen.say(self, owner, Some(chief), About::Chief(talk), None, mood, now);
            if goal.state == GoalState::Off && escalated < ESCALATIONS_A_WEEK {
                escalated += 1;
                let talk = ChiefTalk::Escalate { goal: goal.id, measure, value, target };
                happen.say(self, owner, Some(chief), About::Chief(talk), None, -4_000, now);
            }
        }
    }
}

/// What is worst is said first.
fn report_rank(state: GoalState) -> u8 {
    match state {
        GoalState::Off | GoalState::Missed => 0,
        GoalState::AtRisk => 1,
        GoalState::Met => 2,
        GoalState::OnTrack => 3,
    }
}
