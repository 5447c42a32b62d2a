//! Teams at work: what size, practice, newness, long hours, distance and meetings do to output.

use super::{PAID, Sample, alone, busy, closed, funded, measured, several};
use crate::model::facts::Lab;
use crate::model::kind::{Role, Seniority};
use crate::model::policies::Policies;
use crate::model::spec::TeamSpec;
use crate::model::view::Phase;

/// Work that is plenty for so many people and days: tasks of four hours.
fn plenty(people: u32, days: u32) -> usize {
    (people * days) as usize * 2
}

/// Row: people, output for a minute paid.
pub fn communication(seed: u64) -> Sample {
    let mut sample = Sample::new();
    for people in [2, 4, 6, 8, 10, 12] {
        let spec = busy(people, plenty(people, 50), 240, closed());
        let Some((mut lab, project)) = alone(seed, spec) else { continue };
        lab.level(project);
        let done = measured(&mut lab, project, 50);
        sample.push(vec![f64::from(people), done.rate()]);
    }
    sample
}

/// Row: work done up to the middle of a month, minutes of focus for a minute of typical work in it.
pub fn learning(seed: u64) -> Sample {
    const PEOPLE: u32 = 6;
    const MONTHS: u32 = 24;
    let mut spec = busy(PEOPLE, plenty(PEOPLE, MONTHS * 20), 240, closed());
    spec.team = vec![several(Role::Engineer, Seniority::Junior, PEOPLE)];
    let Some((mut lab, project)) = alone(seed, spec) else { return Sample::new() };
    lab.level(project);
    lab.familiar(project, 500);
    let (mut sample, mut before) = (Sample::new(), 0.0);
    for _ in 0..MONTHS {
        let done = measured(&mut lab, project, 20);
        sample.push(vec![before + done.work / 2.0, done.focus_minutes / done.work.max(1.0)]);
        before += done.work;
    }
    sample
}

/// Row: output for a minute paid, conscientiousness.
pub fn spread(seed: u64) -> Sample {
    let mut lab = Lab::daily(seed);
    let mut people = Vec::new();
    for _ in 0..20 {
        if let Ok(project) = lab.found_project(busy(1, 120, 240, closed())) {
            people.push((project, lab.work_left(project)));
        }
    }
    if lab.days(40).is_err() {
        return Sample::new();
    }
    let mut sample = Sample::new();
    for (project, before) in people {
        let left = lab.work_left(project);
        let Some(person) = lab.project(project).and_then(|p| p.people.first()) else { continue };
        let rate = before.saturating_sub(left) as f64 / (40.0 * PAID);
        sample.push(vec![rate, person.conscientiousness().into()]);
    }
    sample
}

/// Row: output of newcomers against settled people in the first month, and the day by which they
/// give nine tenths.
pub fn ramp_up(seed: u64) -> Sample {
    const PEOPLE: u32 = 6;
    const STRETCHES: u32 = 30;
    let rates = |familiarity| {
        let spec = busy(PEOPLE, plenty(PEOPLE, STRETCHES * 10), 240, closed());
        let (mut lab, project) = alone(seed, spec)?;
        lab.level(project);
        lab.familiar(project, familiarity);
        Some((0..STRETCHES).map(|_| measured(&mut lab, project, 10).rate()).collect::<Vec<_>>())
    };
    let (Some(new), Some(settled)) = (rates(500), rates(10_000)) else { return Sample::new() };
    let first = (new[0] + new[1]) / (settled[0] + settled[1]);
    // Ten days are noisy: three stretches together.
    let mean = |rates: &[f64], at: usize| rates[at - 1] + rates[at] + rates[at + 1];
    let full = (1..new.len() - 1).find(|&at| mean(&new, at) >= 0.9 * mean(&settled, at));
    let days = full.map_or(f64::from(STRETCHES * 10), |at| at as f64 * 10.0 + 5.0);
    vec![vec![first, days]]
}

/// Row: hours of focus and hours of meetings a day of somebody who is there.
pub fn days(seed: u64) -> Sample {
    let team = vec![
        several(Role::Founder, Seniority::Senior, 1),
        several(Role::Product, Seniority::Mid, 1),
        several(Role::Designer, Seniority::Mid, 1),
        several(Role::Engineer, Seniority::Senior, 2),
        several(Role::Engineer, Seniority::Mid, 4),
        several(Role::Tester, Seniority::Mid, 1),
    ];
    let mut spec = funded("days", team, Phase::Build, Phase::Build);
    spec.scope = 400;
    let Some((mut lab, project)) = alone(seed, spec) else { return Sample::new() };
    let mut present = 0;
    for day in 0..60 {
        if lab.days(1).is_err() {
            return Sample::new();
        }
        let people = lab.project(project).map_or(&[][..], |p| p.people.as_slice());
        present += people.iter().filter(|person| person.away_until <= day).count();
    }
    let Some(project) = lab.project(project) else { return Sample::new() };
    let hours = |minutes: u64| minutes as f64 / 60.0 / present.max(1) as f64;
    vec![vec![hours(project.totals.focus_minutes), hours(project.totals.meeting_minutes)]]
}

/// Output of one set of policies in each of so many stretches.
fn outputs(seed: u64, policies: Policies, stretches: u32, days: u32) -> Option<Vec<f64>> {
    const PEOPLE: u32 = 12;
    let spec = busy(PEOPLE, plenty(PEOPLE, stretches * days), 240, policies);
    let (mut lab, project) = alone(seed, spec)?;
    lab.level(project);
    Some((0..stretches).map(|_| measured(&mut lab, project, days).rate()).collect())
}

/// Row: output with three hours of overtime a day against none in the first two weeks, and from the
/// thirteenth week to the sixteenth.
pub fn overtime(seed: u64) -> Sample {
    let long = Policies { overtime_hours: 3, ..closed() };
    match (outputs(seed, closed(), 8, 10), outputs(seed, long, 8, 10)) {
        (Some(plain), Some(long)) => {
            vec![vec![long[0] / plain[0], (long[6] + long[7]) / (plain[6] + plain[7])]]
        }
        _ => Sample::new(),
    }
}

/// Row: days from taking up a task to its end from elsewhere against at one place, and output.
pub fn distance(seed: u64) -> Sample {
    let arm = |remote| {
        let mut spec = busy(8, 1_000, 240, Policies { remote, ..closed() });
        spec.team = vec![
            TeamSpec::one(Role::Engineer, Seniority::Senior),
            several(Role::Engineer, Seniority::Mid, 4),
            several(Role::Engineer, Seniority::Junior, 3),
        ];
        let (mut lab, project) = alone(seed, spec)?;
        lab.level(project);
        let (mut leads, mut seen, mut work, mut paid) = (Vec::new(), 0, 0.0, 0.0);
        for _ in 0..12 {
            let done = measured(&mut lab, project, 5);
            (work, paid) = (work + done.work, paid + done.person_days);
            for task in &lab.project(project)?.tasks {
                if let (Some(started), Some(done)) = (task.started, task.done)
                    && done > seen
                {
                    leads.push(done.saturating_sub(started) as f64);
                }
            }
            seen = lab.project(project)?.tick;
        }
        Some((super::super::numbers::mean(&leads), work / paid))
    };
    match (arm(0), arm(10_000)) {
        (Some(near), Some(far)) => vec![vec![far.0 / near.0, far.1 / near.1]],
        _ => Sample::new(),
    }
}

/// Row: output lost to ten hours more of meetings a week, as a share of what ten hours are.
pub fn meetings(seed: u64) -> Sample {
    let with = |minutes| Policies { meeting_minutes_per_week: minutes, ..closed() };
    match (outputs(seed, with(60), 1, 60), outputs(seed, with(660), 1, 60)) {
        (Some(few), Some(many)) => vec![vec![(1.0 - many[0] / few[0]) / (600.0 / 2_400.0)]],
        _ => Sample::new(),
    }
}
