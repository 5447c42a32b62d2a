//! Whole projects from design to hardening: effort, duration, overrun, and people added on the way.

use super::{Sample, alone, funded, several};
use crate::id::{Hasher, ShardId};
use crate::model::facts::Lab;
use crate::model::kind::{Role, Seniority};
use crate::model::spec::TeamSpec;
use crate::model::view::Phase;
use crate::rng::Rng;

/// Scopes that are tried, in features.
const SCOPES: [u32; 6] = [6, 12, 25, 50, 100, 200];
/// Planned hours of design, build and hardening: for each feature and for any project, as the
/// phases plan them.
const HOURS_A_FEATURE: f64 = 28.5;
const HOURS_ANYWAY: f64 = 190.0;
/// Hours of focus that a planner expects of a person in a month.
const FOCUS_HOURS_A_MONTH: f64 = 95.0;
/// Days of a person-month of 152 hours (Boehm 1981).
pub(in crate::model::facts) const PERSON_MONTH_DAYS: f64 = 19.0;
/// Working days of a calendar month.
pub(in crate::model::facts) const MONTH_DAYS: f64 = 260.0 / 12.0;
/// No project takes longer.
const DAYS_MOST: u32 = 3_000;

/// A team of builders whose seniority is a matter of luck.
fn builders(count: u32, rng: &mut Rng) -> Vec<TeamSpec> {
    const ROLES: [Role; 8] = [
        Role::Engineer,
        Role::Engineer,
        Role::Designer,
        Role::Tester,
        Role::Engineer,
        Role::Engineer,
        Role::Product,
        Role::Operations,
    ];
    (0..count)
        .map(|nth| {
            let seniority = match rng.below(4) {
                0 => Seniority::Junior,
                3 => Seniority::Senior,
                _ => Seniority::Mid,
            };
            TeamSpec::one(ROLES[nth as usize % ROLES.len()], seniority)
        })
        .collect()
}

/// People for so many planned person-months: such that the plan takes 2.5 PM^.38 months.
pub(in crate::model::facts) fn staff(person_months: f64) -> f64 {
    libm::pow(person_months.max(0.1), 0.62) / 2.5
}

/// Row: scope, person-months, months, planned minutes, minutes of focus.
pub fn projects(seed: u64) -> Sample {
    let mut rng = Rng::from_seed(Hasher::new("zeromesh/facts").number(seed).finish().0);
    let mut sample = Sample::new();
    for (nth, scope) in SCOPES.into_iter().enumerate() {
        let planned = (HOURS_A_FEATURE * f64::from(scope) + HOURS_ANYWAY) / FOCUS_HOURS_A_MONTH;
        let count = (staff(planned) + 0.5) as u32;
        let team = builders(count.max(1), &mut rng);
        let mut spec = funded("build", team, Phase::Design, Phase::Hardening);
        spec.scope = scope;
        let Some((mut lab, project)) = alone(seed * 16 + nth as u64, spec) else { continue };
        if let Some(row) = finish(&mut lab, project, scope) {
            sample.push(row);
        }
    }
    sample
}

fn finish(lab: &mut Lab, project: ShardId, scope: u32) -> Option<Vec<f64>> {
    let (mut person_days, mut planned, mut phase) = (0, 0, None);
    for day in 1..=DAYS_MOST {
        let state = lab.project(project)?;
        if phase != Some(state.phase) {
            phase = Some(state.phase);
            planned += state.cache.open_minutes;
        }
        person_days += state.people.len();
        lab.days(1).ok()?;
        if lab.ended(project) {
            let state = lab.project(project)?;
            return Some(vec![
                f64::from(scope),
                person_days as f64 / PERSON_MONTH_DAYS,
                f64::from(day) / MONTH_DAYS,
                planned as f64,
                state.totals.focus_minutes as f64,
            ]);
        }
    }
    None
}

/// Features of the build that gets more people.
const BROOKS_SCOPE: u32 = 160;
/// Half as many again as the eight who begin.
const ADDED: u32 = 4;
/// Each fork is run with so many kinds of luck, with and without the newcomers.
const FORKS: u64 = 4;

/// Row: days gained by late help in % of the duration, the same for early help, person-days with
/// late help against without.
pub fn brooks(seed: u64) -> Sample {
    let team = vec![
        several(Role::Engineer, Seniority::Senior, 2),
        several(Role::Engineer, Seniority::Mid, 4),
        several(Role::Tester, Seniority::Mid, 1),
        several(Role::Operations, Seniority::Mid, 1),
    ];
    let mut spec = funded("late", team, Phase::Build, Phase::Build);
    spec.scope = BROOKS_SCOPE;
    let Some((lab, project)) = alone(seed, spec) else { return Sample::new() };
    let Some(days) = lab.clone().until_end(project, DAYS_MOST) else { return Sample::new() };
    let late = forked(&lab, project, days * 8 / 10, seed);
    let early = forked(&lab, project, days / 10, seed);
    match (late, early) {
        (Some((late, cost)), Some((early, _))) => vec![vec![late, early, cost]],
        _ => Sample::new(),
    }
}

/// Goes on from a day with and without help: gain in % of the duration, and cost against cost.
fn forked(lab: &Lab, project: ShardId, day: u32, seed: u64) -> Option<(f64, f64)> {
    let mut lab = lab.clone();
    lab.days(day).ok()?;
    if lab.ended(project) {
        return None;
    }
    let (mut days, mut costs) = ([0.0; 2], [0.0; 2]);
    for fork in 0..FORKS {
        for (arm, added) in [0, ADDED].into_iter().enumerate() {
            let mut lab = lab.clone().reseeded(seed * 64 + fork + 1);
            lab.join(project, Role::Engineer, Seniority::Mid, added);
            let begun = lab.day();
            while !lab.ended(project) && lab.day() - begun < DAYS_MOST {
                costs[arm] += lab.project(project)?.people.len() as f64;
                lab.days(1).ok()?;
            }
            days[arm] += f64::from(lab.day());
        }
    }
    let before = f64::from(day) * 8.0 * FORKS as f64;
    Some((100.0 * (1.0 - days[1] / days[0]), (before + costs[1]) / (before + costs[0])))
}
