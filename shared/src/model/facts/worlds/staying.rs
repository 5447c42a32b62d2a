//! People who come and go: how many leave, how long they stay, how strain and morale go together,
//! how long it takes to find somebody.

use super::{Sample, alone, funded, several};
use crate::model::command::ProjectCommand;
use crate::model::facts::numbers;
use crate::model::kind::{Role, Seniority};
use crate::model::project::YEAR_DAYS;
use crate::model::view::Phase;

/// Row: leavers a year in % of the people, median years since joining of those who are there at the
/// end, correlation of exhaustion and morale over people.
pub fn careers(seed: u64) -> Sample {
    // Long enough that those of the first day are few among those who are there.
    const YEARS: u32 = 12;
    let team = vec![
        several(Role::Product, Seniority::Mid, 2),
        several(Role::Engineer, Seniority::Junior, 6),
        several(Role::Engineer, Seniority::Mid, 14),
        several(Role::Engineer, Seniority::Senior, 6),
        several(Role::Tester, Seniority::Mid, 2),
    ];
    let mut spec = funded("careers", team, Phase::Growth, Phase::Completed);
    spec.policies.replace_leavers = true;
    let Some((mut lab, project)) = alone(seed, spec) else { return Sample::new() };
    let (mut person_days, mut points) = (0_u64, Vec::new());
    for day in 1..=YEARS * YEAR_DAYS {
        if lab.days(1).is_err() || lab.ended(project) {
            return Sample::new();
        }
        let Some(state) = lab.project(project) else { return Sample::new() };
        person_days += state.people.len() as u64;
        // Once a year, when nobody is as new as on the first day.
        if day % YEAR_DAYS == 0 {
            let both = |p: &crate::model::people::person::Person| {
                (f64::from(p.exhaustion), f64::from(p.morale))
            };
            points.extend(state.people.iter().map(both));
        }
    }
    let Some(state) = lab.project(project) else { return Sample::new() };
    let years = person_days as f64 / f64::from(YEAR_DAYS);
    let today = lab.day();
    let tenures: Vec<f64> = state
        .people
        .iter()
        .map(|p| f64::from(today.saturating_sub(p.joined_day)) / f64::from(YEAR_DAYS))
        .collect();
    vec![vec![
        100.0 * f64::from(state.totals.left) / years,
        numbers::median(&tenures),
        numbers::correlation(&points).unwrap_or(f64::NAN),
    ]]
}

/// A row for each position: working days until somebody begins.
pub fn hiring(seed: u64) -> Sample {
    let team = vec![several(Role::Engineer, Seniority::Mid, 8)];
    let mut spec = funded("hiring", team, Phase::Growth, Phase::Completed);
    spec.policies.replace_leavers = false;
    let Some((mut lab, project)) = alone(seed, spec) else { return Sample::new() };
    for _ in 0..10 {
        let seniority = Some(Seniority::Mid);
        lab.order(project, &ProjectCommand::Hire { role: Role::Engineer, seniority, name: None });
    }
    let (mut sample, mut hired) = (Sample::new(), 0);
    for day in 1..=300 {
        if lab.days(1).is_err() {
            break;
        }
        let now = lab.project(project).map_or(hired, |state| state.totals.hired);
        for _ in hired..now.min(10) {
            sample.push(vec![f64::from(day)]);
        }
        hired = now;
    }
    sample
}
