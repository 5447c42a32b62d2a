//! Goals: what the chief wants within a month, broken down to departments.

use bincode::{Decode, Encode};

use crate::model::chief::measure::{Measure, department_of};
use crate::model::kind::Department;
use crate::model::project::Project;
use crate::model::view::Phase;

/// Goals at a time: four of the whole and two of each department at most.
pub const GOALS_MAX: usize = 12;
/// Working days of a round of goals: a month.
pub const GOAL_DAYS: u32 = 20;
/// Working days of money a chief wants to have. Our assumption: half a year.
pub const RUNWAY_WANTED: i32 = 120;
/// Mean morale a chief wants to see, in percent. Our assumption.
const MORALE_WANTED: i32 = 52;
/// Share of its usual pace that a department is asked for, in percent: goals are set to be
/// reached. Our assumption.
const PACE_ASKED: f64 = 0.85;

/// How a goal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum GoalState {
    OnTrack,
    AtRisk,
    Off,
    Met,
    Missed,
}

impl GoalState {
    pub fn word(self) -> &'static str {
        match self {
            GoalState::OnTrack => "on_track",
            GoalState::AtRisk => "at_risk",
            GoalState::Off => "off",
            GoalState::Met => "met",
            GoalState::Missed => "missed",
        }
    }
}

/// Something that is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Goal {
    /// Unique in the project, growing.
    pub id: u32,
    /// The goal it helps; none for one of the whole company.
    pub parent: Option<u32>,
    pub department: Department,
    /// Who answers for it.
    pub owner: u32,
    pub measure: Measure,
    /// Where it stood when it was set.
    pub base: i32,
    pub target: i32,
    pub value: i32,
    pub set_day: u32,
    pub due_day: u32,
    pub state: GoalState,
}

impl Goal {
    /// How it stands with this value on this day.
    pub fn judge(&self, value: i32, day: u32) -> GoalState {
        let (value, target, base) =
            (i64::from(value), i64::from(self.target), i64::from(self.base));
        if self.measure.adds_up() {
            if value >= target {
                return GoalState::Met;
            }
            if day >= self.due_day {
                return GoalState::Missed;
            }
            let all = i64::from(self.due_day.saturating_sub(self.set_day)).max(1);
            let gone = i64::from(day.saturating_sub(self.set_day)).min(all);
            // What would be there by now if it came evenly.
            let expected = (target - base).saturating_mul(gone) / all;
            let came = value - base;
            return match came.saturating_mul(100) / expected.max(1) {
                _ if expected <= 0 => GoalState::OnTrack,
                90.. => GoalState::OnTrack,
                60.. => GoalState::AtRisk,
                _ => GoalState::Off,
            };
        }
        let good = if self.measure.up() { value >= target } else { value <= target };
        let near = match self.measure.up() {
            true => value * 4 >= target * 3,
            false => value * 3 <= target.max(1) * 4,
        };
        match (good, day >= self.due_day) {
            (true, true) => GoalState::Met,
            (true, false) => GoalState::OnTrack,
            (false, true) => GoalState::Missed,
            (false, false) if near => GoalState::AtRisk,
            (false, false) => GoalState::Off,
        }
    }
}

impl Project {
    /// Whoever leads a department: the most senior one, the longest there among equals.
    pub(in crate::model) fn head_of(&self, department: Department) -> Option<usize> {
        (0..self.people.len())
            .filter(|&at| self.people[at].role.department() == department)
            .min_by_key(|&at| (std::cmp::Reverse(self.people[at].seniority), at))
    }

    /// Sets the goals of a month: of the whole, and what each department has to do for them.
    pub(in crate::model) fn set_goals(&mut self, day: u32) {
        self.chief.goals.clear();
        self.chief.finished = [0; 6];
        let chief = self.people.get(self.leader()).map_or(0, |person| person.id);
        let estimate = self.estimate_phase();
        let growing = self.phase >= Phase::Growth;
        // A phase is promised for the day by which it is most likely done.
        let phase_days = if growing { GOAL_DAYS } else { estimate.days_85.clamp(2, 260) };
        let whole = Department::Leadership;
        let top = match growing {
            true => {
                let more = (self.customers / 12).clamp(2, 1 << 20) as i32;
                let target = self.measure(Measure::Customers, whole).saturating_add(more);
                self.set_goal(None, whole, chief, Measure::Customers, target, day, GOAL_DAYS)
            }
            false => self.set_goal(None, whole, chief, Measure::Progress, 100, day, phase_days),
        };
        let money = (self.money_days() < 9_999)
            .then(|| {
                let wanted = RUNWAY_WANTED;
                self.set_goal(None, whole, chief, Measure::Runway, wanted, day, GOAL_DAYS)
            })
            .flatten();
        let few = (self.people.len() as i32 / 2).max(3);
        let product = (self.phase >= Phase::Build)
            .then(|| self.set_goal(None, whole, chief, Measure::Bugs, few, day, GOAL_DAYS))
            .flatten();
        self.set_goal(None, whole, chief, Measure::Morale, MORALE_WANTED, day, GOAL_DAYS);
        self.set_department_goals([top, money, product], phase_days.min(GOAL_DAYS), day);
    }

    fn set_department_goals(
        &mut self,
        [top, money, product]: [Option<u32>; 3],
        days: u32,
        day: u32,
    ) {
        let mut open = [0u64; 6];
        for task in self.tasks.iter().filter(|task| task.open() && task.phase <= self.phase) {
            open[department_of(task.kind) as usize] += u64::from(task.estimate);
        }
        let (pace, _) = self.pace();
        for &department in &Department::ALL[1..] {
            let Some(head) = self.head_of(department).map(|at| self.people[at].id) else {
                continue;
            };
            let hands = self.people.iter().filter(|p| p.role.department() == department).count();
            match department {
                Department::Finance => {
                    let cost = self.measure(Measure::Cost, department);
                    let most = cost.saturating_add(cost / 20);
                    self.set_goal(money, department, head, Measure::Cost, most, day, GOAL_DAYS);
                }
                Department::Commercial if self.phase >= Phase::Growth => {
                    let more = (self.customers / 12).clamp(2, 1 << 20) as i32;
                    let target = self.measure(Measure::Customers, department).saturating_add(more);
                    self.set_goal(
                        top,
                        department,
                        head,
                        Measure::Customers,
                        target,
                        day,
                        GOAL_DAYS,
                    );
                }
                Department::Quality if product.is_some() => {
                    let few = (self.people.len() as i32 / 2).max(3);
                    self.set_goal(product, department, head, Measure::Bugs, few, day, GOAL_DAYS);
                }
                _ => {
                    let able = pace * hands as f64 * f64::from(days) * PACE_ASKED / 60.0;
                    let there = (open[department as usize] / 60) as f64;
                    // Growth brings new work each week; elsewhere there is what there is.
                    let asked = match self.phase >= Phase::Growth {
                        true => (able / 2.0).min(2.0 * there),
                        false => able.min(there),
                    };
                    if asked >= 4.0 {
                        let asked = asked.min(1e6) as i32;
                        self.set_goal(top, department, head, Measure::Output, asked, day, days);
                    }
                }
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "a goal has that many sides")]
    fn set_goal(
        &mut self,
        parent: Option<u32>,
        department: Department,
        owner: u32,
        measure: Measure,
        target: i32,
        day: u32,
        days: u32,
    ) -> Option<u32> {
        if self.chief.goals.len() >= GOALS_MAX {
            return None;
        }
        let base = self.measure(measure, department);
        let id = self.chief.next_goal;
        self.chief.next_goal = self.chief.next_goal.wrapping_add(1);
        let mut goal = Goal {
            id,
            parent,
            department,
            owner,
            measure,
            base,
            target,
            value: base,
            set_day: day,
            due_day: day.saturating_add(days),
            state: GoalState::OnTrack,
        };
        goal.state = goal.judge(base, day);
        self.chief.goals.push(goal);
        Some(id)
    }
}
