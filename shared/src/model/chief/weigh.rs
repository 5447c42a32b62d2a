//! Weighing: which acts the numbers of a week call for. Looks, and touches nothing.

use crate::model::chief::act::{ACTS_MAX, ActKind};
use crate::model::chief::goal::{Goal, GoalState, RUNWAY_WANTED};
use crate::model::chief::measure::Measure;
use crate::model::kind::{Department, Role};
use crate::model::project::Project;
use crate::model::view::Phase;

/// Below this many working days of money nobody more is looked for. Our assumption: three months.
pub const FREEZE_DAYS: i32 = 60;
/// Below this many working days of money people are let go. Our assumption.
pub const INSOLVENT_DAYS: i32 = 25;
/// At this morale somebody is talked to, in basis points. Our assumption: below it the hazard of
/// leaving is well above the mean.
pub const UNHAPPY: u16 = 4_300;
/// Acts of one week beside talks.
const ACTS_A_WEEK: usize = 2;
/// Talks of one week.
const TALKS_A_WEEK: usize = 3;
/// Working days after which the same kind of act may come again.
const AGAIN_DAYS: u32 = 15;
/// Working days a phase has to have left before a hire can help: hiring takes 40, settling as
/// many again (Brooks's law; Abdel-Hamid and Madnick 1991).
const HIRE_HELPS_DAYS: u32 = 70;
/// Customers for each person in the commercial department above which one more is looked for. Our
/// assumption.
const CUSTOMERS_A_PERSON: u32 = 250;

/// An act that is called for: what, because of which measure, and what it is to bring it to.
pub type Call = (ActKind, Measure, i32);

impl Project {
    /// What is called for this week, the most pressing first.
    pub(in crate::model) fn calls(&self, day: u32) -> Vec<Call> {
        let whole = Department::Leadership;
        let runway = self.measure(Measure::Runway, whole);
        let mut calls: Vec<Call> = Vec::new();
        let ready = |kind: ActKind| {
            !self
                .chief
                .acts
                .iter()
                .rev()
                .take(ACTS_MAX)
                .any(|act| act.kind.like(kind) && day < act.day.saturating_add(AGAIN_DAYS))
        };
        self.calls_of_money(runway, &mut calls);
        let chief = &self.chief;
        let bad = |goal: &&Goal| matches!(goal.state, GoalState::Off | GoalState::AtRisk);
        let off =
            |measure: Measure| chief.goals.iter().filter(bad).find(|goal| goal.measure == measure);
        // What the board made a condition of.
        if let Some(role) = self.role_wanted_by_board()
            && self.may_hire(role)
        {
            let more = self.people.len() as i32 + 1;
            calls.push((ActKind::Hire(role), Measure::Output, more));
        }
        if let Some(goal) = off(Measure::Bugs)
            && self.phase != Phase::Hardening
        {
            calls.push((ActKind::HardeningWeek, Measure::Bugs, goal.target));
        }
        let late = off(Measure::Progress).filter(|goal| goal.state == GoalState::Off);
        if (Phase::Design..=Phase::Hardening).contains(&self.phase) {
            self.calls_of_lateness(late.is_some(), runway, &mut calls);
        }
        for goal in chief.goals.iter().filter(bad).filter(|goal| goal.measure == Measure::Output) {
            calls.push((ActKind::Raise(goal.department), Measure::Output, goal.target));
        }
        if self.phase >= Phase::Growth {
            let commercial = Department::Commercial;
            let hands = self.people.iter().filter(|p| p.role.department() == commercial).count();
            let many = self.customers / CUSTOMERS_A_PERSON > hands as u32;
            let short = off(Measure::Customers);
            if let Some(goal) = short {
                calls.push((ActKind::Raise(commercial), Measure::Customers, goal.target));
            }
            let role = match (many, short.is_some()) {
                (true, _) => Some(Role::Support),
                (_, true) if !self.people.iter().any(|p| p.role == Role::Sales) => {
                    Some(Role::Sales)
                }
                _ => None,
            };
            if let Some(role) = role.filter(|&role| self.may_hire(role)) {
                let more = self.customers.saturating_add(self.customers / 12).min(1 << 30) as i32;
                calls.push((ActKind::Hire(role), Measure::Customers, more));
            } else if off(Measure::Output)
                .is_some_and(|goal| goal.department == Department::Engineering)
                && self.may_hire(Role::Engineer)
            {
                let more = self.people.len() as i32 + 1;
                calls.push((ActKind::Hire(Role::Engineer), Measure::Output, more));
            }
        }
        if let Some((from, to)) = self.uneven() {
            calls.push((ActKind::Reassign(from, to), Measure::Waiting, 0));
        }
        let mut acts: Vec<Call> = Vec::new();
        for call in calls {
            if ready(call.0) && acts.len() < ACTS_A_WEEK && !acts.iter().any(|a| a.0.like(call.0)) {
                acts.push(call);
            }
        }
        // Talks take no decision: they come on top.
        let mut unhappy: Vec<(u16, u32)> = self
            .people
            .iter()
            .filter(|person| person.morale < UNHAPPY && person.away_until <= day)
            .map(|person| (person.morale, person.id))
            .filter(|&(_, id)| ready(ActKind::Talk(id)))
            .collect();
        unhappy.sort();
        for (_, id) in unhappy.into_iter().take(TALKS_A_WEEK) {
            acts.push((ActKind::Talk(id), Measure::Morale, i32::from(UNHAPPY / 100)));
        }
        acts
    }

    fn calls_of_money(&self, runway: i32, calls: &mut Vec<Call>) {
        if runway < INSOLVENT_DAYS
            && self.people.len() > 3
            && let Some(id) = self.least_needed()
        {
            let people = self.people.len() as i32;
            let expected = (runway * people / (people - 1)).max(runway + 1);
            calls.push((ActKind::LetGo(id), Measure::Runway, expected));
        }
        if runway < FREEZE_DAYS && !self.chief.frozen {
            calls.push((ActKind::FreezeHiring, Measure::Runway, FREEZE_DAYS));
        }
        if runway >= RUNWAY_WANTED && self.chief.frozen {
            calls.push((ActKind::ResumeHiring, Measure::Runway, RUNWAY_WANTED));
        }
    }

    /// Late, or with money for less than what is left: first what others wait for, then people if
    /// they come in time to help, and else less.
    fn calls_of_lateness(&self, late: bool, runway: i32, calls: &mut Vec<Call>) {
        let launch = self.days_to_launch();
        let cannot = runway < 9_999 && launch > runway as u32;
        if !late && !cannot {
            return;
        }
        if late {
            calls.push((ActKind::Raise(Department::Engineering), Measure::Progress, 100));
        }
        let left = self.estimate_phase().days_50;
        if !cannot && left > HIRE_HELPS_DAYS && self.may_hire(Role::Engineer) {
            calls.push((ActKind::Hire(Role::Engineer), Measure::Progress, 100));
        }
        let count = self.cuttable();
        let hard = cannot || left > self.path.promised.1.saturating_mul(3) / 2;
        if hard && self.phase == Phase::Build && count > 0 {
            calls.push((ActKind::CutScope(count), Measure::Progress, 100));
        }
    }

    /// Whom the work misses least: of the department with the least open work for each of its
    /// people, the one who came last. Never a founder.
    fn least_needed(&self) -> Option<u32> {
        let mut open = [0u64; 6];
        for task in self.tasks.iter().filter(|task| task.open() && task.phase <= self.phase) {
            open[super::measure::department_of(task.kind) as usize] += u64::from(task.estimate);
        }
        let mut hands = [0u64; 6];
        for person in &self.people {
            hands[person.role.department() as usize] += 1;
        }
        self.people
            .iter()
            .filter(|person| person.role != Role::Founder)
            .min_by_key(|person| {
                let at = person.role.department() as usize;
                (open[at] / hands[at].max(1), std::cmp::Reverse(person.id))
            })
            .map(|person| person.id)
    }
}
