//! The pace of an imported project: how many person-minutes a unit of weight takes, found by letting
//! the imported people work on what the real ones closed, in the model itself.

use super::csv_rows::Row;
use super::{History, estimate, kind};
use crate::engine::genesis::Genesis;
use crate::engine::model::{Flow, Founding, Model, Step};
use crate::id::{Hash, ShardId};
use crate::model::companies::{Companies, NAME, RULES, State};
use crate::model::spec::{Founding as Body, ProjectSpec, TaskSpec, TeamSpec};
use crate::model::view::Phase;

/// Working weeks of a trial.
pub const TRIAL_WEEKS: u64 = 12;
/// Trials of one pace, with seeds of their own.
const TRIALS: u64 = 3;
/// Halvings of the range: from 2 minutes to 200,000 in steps of about 1 %.
const HALVINGS: u32 = 10;
const SHORTEST: f64 = 2.0;
const LONGEST: f64 = 200_000.0;
/// Beyond this many people a trial has fewer seeds, so that an import takes a moment and no more.
const PEOPLE_FOR_ALL_TRIALS: u64 = 60;

/// A pace, and what it comes to.
pub struct Calibration {
    pub minutes_per_weight: u32,
    pub per_week: f64,
}

/// The pace at which these people close issues as often as in their history.
pub fn calibrate(team: &[TeamSpec], history: &History<'_>, usual: u32) -> Calibration {
    let target = history.per_week();
    let (mut low, mut high) = (SHORTEST, LONGEST);
    for _ in 0..HALVINGS {
        let middle = libm::sqrt(low * high);
        if trial(team, history, usual, middle as u32) > target {
            low = middle;
        } else {
            high = middle;
        }
    }
    let minutes_per_weight = libm::sqrt(low * high) as u32;
    let per_week = trial(team, history, usual, minutes_per_weight);
    Calibration { minutes_per_weight, per_week }
}

/// Closings a week at a pace, on the mix of work that was closed before.
fn trial(team: &[TeamSpec], history: &History<'_>, usual: u32, minutes: u32) -> f64 {
    let people: u64 = team.iter().map(|group| u64::from(group.count)).sum();
    let trials = if people > PEOPLE_FOR_ALL_TRIALS { 1 } else { TRIALS };
    // Enough work that nobody runs out of it, whatever the pace.
    let needed = (history.per_week() * TRIAL_WEEKS as f64 * 1.5) as usize + 4 * people as usize;
    let closed: &[&Row] = &history.closed;
    let mut spec = ProjectSpec::new("trial", team.to_vec());
    spec.phase = Phase::Build;
    spec.stop_after = Phase::Build;
    spec.only_backlog = true;
    spec.cash_cents = crate::model::spec::CENTS_MAX;
    spec.backlog = (0..needed.min(crate::model::spec::TASKS_MAX))
        .map(|at| {
            let row = closed[at % closed.len()];
            let estimate_minutes = estimate(row, usual, minutes);
            TaskSpec { kind: kind(row), estimate_minutes, ..TaskSpec::new("work") }
        })
        .collect();
    let body = Body::Project(Box::new(spec)).to_body();
    let done: u64 = (0..trials).map(|seed| closed_in_trial(&body, seed)).sum();
    done as f64 / (trials * TRIAL_WEEKS) as f64
}

fn closed_in_trial(body: &[u8], seed: u64) -> u64 {
    let mut genesis = Genesis::new("trial", NAME, RULES, seed);
    genesis.ticks_per_epoch = 480;
    let shard = ShardId(Hash([seed as u8; 32]));
    let founding = Founding { genesis: &genesis, rules: RULES, shard, epoch: 0, body };
    let Ok(mut state) = Companies.found(&founding) else { return 0 };
    for epoch in 0..TRIAL_WEEKS * 5 {
        let mut step = Step::new(&genesis, RULES, shard, epoch, &[], &[], false);
        if Companies.step(&mut state, &mut step) != Ok(Flow::On) {
            break;
        }
    }
    match state {
        State::Project(project) => project.totals.done,
        State::Market(_) => 0,
    }
}
