//! A past project in the simulation: what is known of it before it begins becomes a company and its
//! backlog, which is done until nothing is left.
//!
//! What is scaled: projects of thousands of person-months are not simulated whole. Of the people a
//! project is staffed with, one team that works closely together is simulated, on its share of the
//! work; of that share, at most [`DAYS_MOST`] days; and tasks are up to a week long. Effort is scaled
//! up by what was left out, so what happens between teams is not in it.

use super::{Mode, PastProject, SizeUnit};
use crate::model::facts::Lab;
use crate::model::kind::{Role, Seniority, TaskKind};
use crate::model::people::person::TALENT_SD;
use crate::model::policies::Policies;
use crate::model::project::YEAR_DAYS;
use crate::model::spec::{CENTS_MAX, ProjectSpec, TaskSpec, TeamSpec};
use crate::model::view::Phase;

/// Working days of the plan that are simulated of a long project.
const DAYS_MOST: f64 = 120.0;
/// No simulation goes on longer.
const DAYS_LIMIT: u32 = 2_000;
/// Minutes of typical work in a person-month: five hours of focus on 19 days.
const MONTH_MINUTES: f64 = 19.0 * 300.0;
/// Days of a person-month of 152 hours.
const MONTH_DAYS: f64 = 19.0;
/// Tasks that each person gets, at least.
const TASKS_A_PERSON: f64 = 12.0;
/// A task: half a day to a week.
const TASK_MINUTES: (f64, f64) = (240.0, 2_400.0);
/// Size at which the size exponent changes nothing: about the middle of the public data.
pub const MIDDLE_KLOC: f64 = 25.0;
pub const MIDDLE_POINTS: f64 = 250.0;
/// Typical person-months of work in a unit of size before calibration: 3 for a thousand lines
/// (Boehm 1981, nominal), 20 hours for a function point (EBSPM).
const MONTHS_A_KLOC: f64 = 3.0;
const MONTHS_A_POINT: f64 = 20.0 / 152.0;
/// How much of what is known is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Size only.
    Size,
    /// Size, and what is known of the people.
    People,
    /// All: the product and the machine too.
    All,
}

/// One simulated run of a past project.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Run {
    /// Of 152 hours, paid.
    pub person_months: f64,
    /// Calendar months.
    pub months: f64,
}

/// Where a multiplier stands between the ratings of its driver: -2 very low to 3 extra high.
fn rating(multiplier: f64, table: &[(f64, f64)]) -> f64 {
    let rising = table[0].1 < table[table.len() - 1].1;
    let before = |value: f64| if rising { value <= multiplier } else { value >= multiplier };
    let place = table.iter().take_while(|(_, value)| before(*value)).count();
    if place == 0 {
        return table[0].0;
    }
    if place == table.len() {
        return table[place - 1].0;
    }
    let ((r0, m0), (r1, m1)) = (table[place - 1], table[place]);
    r0 + (r1 - r0) * (multiplier - m0) / (m1 - m0)
}

/// Effort multipliers by rating (Boehm 1981).
const RELY: &[(f64, f64)] = &[(-2.0, 0.75), (-1.0, 0.88), (0.0, 1.0), (1.0, 1.15), (2.0, 1.4)];
const ACAP: &[(f64, f64)] = &[(-2.0, 1.46), (-1.0, 1.19), (0.0, 1.0), (1.0, 0.86), (2.0, 0.71)];
const PCAP: &[(f64, f64)] = &[(-2.0, 1.42), (-1.0, 1.17), (0.0, 1.0), (1.0, 0.86), (2.0, 0.7)];
const AEXP: &[(f64, f64)] = &[(-2.0, 1.29), (-1.0, 1.13), (0.0, 1.0), (1.0, 0.91), (2.0, 0.82)];
const VEXP: &[(f64, f64)] = &[(-2.0, 1.21), (-1.0, 1.1), (0.0, 1.0), (1.0, 0.9)];
const LEXP: &[(f64, f64)] = &[(-2.0, 1.14), (-1.0, 1.07), (0.0, 1.0), (1.0, 0.95)];

/// A value on a line of points, for a rating from -2 to 2.
fn at(rating: f64, points: [f64; 5]) -> f64 {
    let place = (rating + 2.0).clamp(0.0, 4.0);
    let below = (place as usize).min(3);
    points[below] + (points[below + 1] - points[below]) * (place - below as f64)
}

/// What a past project comes to in the model.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Typical person-months of work, tests included.
    pub work: f64,
    /// People it is staffed with.
    pub staff: f64,
    /// Of which so many are simulated, as one team.
    pub team: u32,
    /// Share of the work in tests.
    tests: f64,
    /// Speed of everybody against the usual.
    speed: f64,
    /// Skill in the craft, in basis points.
    skill: u16,
    /// Knowledge of language, machine and product at the start, in basis points.
    familiarity: u16,
}

/// Skill after years in the trade, on the model's own ladder: junior 1, mid 4, senior 10 years.
fn skill_of_years(years: f64) -> f64 {
    match years {
        ..1.0 => 3_300.0 + 500.0 * years,
        1.0..4.0 => 3_800.0 + 1_600.0 * (years - 1.0) / 3.0,
        _ => 5_400.0 + 1_500.0 * (years - 4.0).min(10.0) / 6.0,
    }
}

/// The plan of a past project from what was known before it began: never from what it took.
///
/// `scale` multiplies the work; 1 is the value before calibration.
pub fn plan(project: &PastProject, unit: SizeUnit, scale: f64, used: Use) -> Plan {
    let months = match unit {
        SizeUnit::Kloc => MONTHS_A_KLOC,
        SizeUnit::FunctionPoints => MONTHS_A_POINT,
    };
    let mut work = project.size * months * scale;
    // A fifth of the usual work is in tests.
    let (mut tests, mut speed, mut skill, mut familiarity, mut hurry) =
        (0.25, 1.0, 5_400.0, 8_000.0, 1.0);
    if used != Use::Size {
        if let Some(years) = project.team_years {
            skill = skill_of_years(years);
        }
        if let Some(d) = &project.drivers {
            // Ratings are percentiles of capability, 15, 35, 55, 75 and 90: that many sd from the
            // middle, counted from the nominal 55.
            let sd = |rating| at(rating, [-1.162, -0.511, 0.0, 0.549, 1.156]);
            let able = sd(rating(d[7], ACAP)) + sd(rating(d[9], PCAP));
            // What a standard deviation of capability is worth is the spread of talent.
            speed = libm::exp(TALENT_SD * able);
            // Years with such applications: a third, 1, 3, 6, 12.
            skill = at(rating(d[8], AEXP), [3_400.0, 3_900.0, 5_400.0, 6_100.0, 6_900.0]);
            let new = |rating| at(rating, [500.0, 4_000.0, 8_000.0, 10_000.0, 10_000.0]);
            familiarity = f64::midpoint(new(rating(d[10], VEXP)), new(rating(d[11], LEXP)));
        }
    }
    if used == Use::All
        && let Some(d) = &project.drivers
    {
        // The product, the machine and the tools make more or less work of the same size: by the
        // published multipliers of DATA, CPLX, TIME, STOR, VIRT, TURN, MODP and TOOL.
        work *= [1, 2, 3, 4, 5, 6, 12, 13].iter().map(|&nth| d[nth]).product::<f64>();
        // Required reliability is tested in: as much beside each unit of building.
        tests = at(rating(d[0], RELY), [0.0, 0.1, 0.25, 0.44, 0.75]);
        // A schedule of 75 or 85 % is met with more people.
        hurry = (1.0 + (d[14] - 1.0).max(0.0) * 1.5).min(1.4);
    }
    let work = work * (1.0 + tests) / 1.25;
    // The plan's person-months over the plan's duration, 2.5 PM^.38 (Boehm 1981).
    let staff = (libm::pow(work.max(0.05), 0.62) / 2.5 * hurry).max(1.0);
    // How many work so closely together that everybody talks to everybody.
    let close = match project.mode.filter(|_| used == Use::All) {
        Some(Mode::Organic) => 6.0,
        Some(Mode::Embedded) => 16.0,
        Some(Mode::Semidetached) | None => 10.0,
    };
    Plan {
        work,
        staff,
        team: (staff.min(close) + 0.5) as u32,
        tests: tests / (1.0 + tests),
        speed,
        skill: skill as u16,
        familiarity: familiarity as u16,
    }
}

/// Lets the planned project be done once. None if it was never done.
pub fn run(plan: &Plan, seed: u64) -> Option<Run> {
    let team = f64::from(plan.team.max(1));
    let share = plan.work * (team / plan.staff).min(1.0);
    // At half speed it takes twice as long; the plan does not know.
    let simulated = share.min(team * DAYS_MOST / MONTH_DAYS);
    let minutes = simulated * MONTH_MINUTES;
    let task = (minutes / team / TASKS_A_PERSON).clamp(TASK_MINUTES.0, TASK_MINUTES.1);
    let tasks = (minutes / task + 0.5).max(1.0);
    let estimate_minutes = (minutes / tasks).max(1.0) as u32;
    let tests = (tasks * plan.tests + 0.5) as usize;
    let engineers =
        TeamSpec { count: plan.team.max(1), ..TeamSpec::one(Role::Engineer, Seniority::Mid) };
    let mut spec = ProjectSpec::new("past", vec![engineers]);
    spec.phase = Phase::Build;
    spec.stop_after = Phase::Build;
    spec.only_backlog = true;
    spec.cash_cents = CENTS_MAX;
    spec.policies = Policies { hires_per_month: 0, replace_leavers: true, ..Policies::default() };
    spec.backlog = (0..tasks as usize)
        .map(|nth| {
            // Tests are spread over the project, not left to its end.
            let test = (nth + 1) * tests / tasks as usize > nth * tests / tasks as usize;
            let kind = if test { TaskKind::Test } else { TaskKind::Feature };
            TaskSpec { kind, estimate_minutes, ..TaskSpec::new("work") }
        })
        .collect();
    let mut lab = Lab::daily(seed);
    let project = lab.found_project(spec).ok()?;
    for person in &mut lab.project_mut(project)?.people {
        person.talent = (f64::from(person.talent) * plan.speed).clamp(2_000.0, 40_000.0) as u16;
        person.familiarity = plan.familiarity;
        // As drawn, but around the skill that is known; testers are as able as builders.
        let drawn = i64::from(person.skills[0]) - Seniority::Mid.skill();
        let skill = (i64::from(plan.skill) + drawn).clamp(300, 9_800) as u16;
        person.skills[0] = skill;
        person.skills[crate::model::kind::Skill::Testing as usize] = skill;
    }
    let (mut person_days, mut days) = (0_u64, 0);
    while !lab.ended(project) {
        if days >= DAYS_LIMIT {
            return None;
        }
        person_days += lab.project(project)?.people.len() as u64;
        lab.days(1).ok()?;
        days += 1;
    }
    let whole = plan.work / simulated;
    let person_months = person_days as f64 / MONTH_DAYS * whole;
    let working_days = f64::from(days) * (share / simulated);
    Some(Run { person_months, months: working_days / (f64::from(YEAR_DAYS) / 12.0) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project(size: f64) -> PastProject {
        PastProject {
            line: 1,
            size,
            person_months: 1.0,
            months: None,
            mode: None,
            drivers: Some([1.0; 15]),
            team_years: None,
        }
    }

    #[test]
    fn what_a_project_took_is_no_input() {
        let mut other = project(30.0);
        other.person_months = 1_000.0;
        other.months = Some(90.0);
        let plan = |p| plan(p, SizeUnit::Kloc, 1.0, Use::All);
        assert_eq!(plan(&project(30.0)), plan(&other));
    }

    #[test]
    fn ratings_are_found_from_their_multipliers() {
        assert_eq!(rating(1.46, ACAP), -2.0);
        assert_eq!(rating(1.0, ACAP), 0.0);
        assert_eq!(rating(0.5, ACAP), 2.0);
        assert!((rating(1.275, RELY) - 1.5).abs() < 1e-9);
    }

    #[test]
    fn abler_people_and_simpler_products_take_less() {
        let effort = |driver: usize, multiplier: f64| {
            let mut past = project(8.0);
            past.drivers.as_mut().unwrap()[driver] = multiplier;
            let plan = plan(&past, SizeUnit::Kloc, 1.0, Use::All);
            (0..6).map(|seed| run(&plan, seed).unwrap().person_months).sum::<f64>()
        };
        let usual = effort(0, 1.0);
        assert!(effort(9, 0.7) < usual * 0.85, "programmers");
        assert!(effort(8, 1.29) > usual * 1.05, "experience");
        assert!(effort(2, 1.3) > usual * 1.15, "complexity");
        assert!(effort(0, 1.4) > usual * 1.15, "reliability");
    }

    #[test]
    fn a_project_of_thousands_of_person_months_is_simulated_by_a_slice() {
        let plan = plan(&project(1_000.0), SizeUnit::Kloc, 1.0, Use::All);
        assert!(plan.staff > 50.0 && plan.team <= 16);
        let run = run(&plan, 1).unwrap();
        assert!((1_000.0..12_000.0).contains(&run.person_months), "{run:?}");
        assert!((10.0..200.0).contains(&run.months), "{run:?}");
    }
}
