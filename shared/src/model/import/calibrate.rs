//! The pace of an imported project: how many person-minutes an issue takes, found by letting the
//! imported people work on the open issues, in the model itself, until they close as many a week as
//! the real people did. Weights only share the effort out between issues: how many issues are closed
//! in a week has been the steadier measure.

use super::csv_rows::Row;
use super::{History, estimate, kind, priority};
use crate::engine::genesis::Genesis;
use crate::engine::model::{Flow, Founding, Model, Step};
use crate::id::{Hash, ShardId};
use crate::model::companies::{Companies, NAME, RULES, State};
use crate::model::spec::{Founding as Body, ProjectSpec, TaskSpec, TeamSpec};
use crate::model::view::Phase;

/// Working weeks of a trial.
pub const TRIAL_WEEKS: u64 = 12;
/// Trials of one pace, with seeds of their own: as many as it takes to see this many closings.
const CLOSINGS_SEEN: f64 = 60.0;
const TRIALS_MIN: u64 = 3;
const TRIALS_MAX: u64 = 12;
/// Halvings of the range: from 2 minutes to 200,000 in steps of about 1 %.
const HALVINGS: u32 = 10;
const SHORTEST: f64 = 2.0;
const LONGEST: f64 = 200_000.0;
/// Beyond this many people a trial has fewer seeds, so that an import takes a moment and no more.
const PEOPLE_FOR_MORE_TRIALS: u64 = 60;

/// A pace, and what it comes to.
pub struct Calibration {
    pub minutes_per_weight: u32,
    pub per_week: f64,
}

/// The pace at which these people close issues as often as in their history.
pub fn calibrate(
    team: &[TeamSpec],
    history: &History<'_>,
    open: &[&Row],
    usual: u32,
) -> Calibration {
    let trial = |minutes| trial(team, history, open, usual, minutes);
    let target = history.per_week();
    let (mut low, mut high) = (SHORTEST, LONGEST);
    for _ in 0..HALVINGS {
        let middle = libm::sqrt(low * high);
        if trial(middle as u32) > target {
            low = middle;
        } else {
            high = middle;
        }
    }
    let minutes_per_weight = libm::sqrt(low * high) as u32;
    let per_week = trial(minutes_per_weight);
    Calibration { minutes_per_weight, per_week }
}

/// Closings a week at a pace.
fn trial(team: &[TeamSpec], history: &History<'_>, open: &[&Row], usual: u32, minutes: u32) -> f64 {
    let people: u64 = team.iter().map(|group| u64::from(group.count)).sum();
    let expected = history.per_week() * TRIAL_WEEKS as f64;
    let trials = match people {
        0..=PEOPLE_FOR_MORE_TRIALS => {
            ((CLOSINGS_SEEN / expected.max(0.1)) as u64).clamp(TRIALS_MIN, TRIALS_MAX)
        }
        _ => 1,
    };
    // Enough work that nobody runs out of it: the open issues again and again.
    let needed = (expected * 1.5) as usize + 4 * people as usize;
    let mut spec = ProjectSpec::new("trial", team.to_vec());
    spec.phase = Phase::Build;
    spec.stop_after = Phase::Build;
    spec.only_backlog = true;
    spec.cash_cents = crate::model::spec::CENTS_MAX;
    spec.backlog = (0..needed.min(crate::model::spec::TASKS_MAX))
        .map(|at| {
            let row = open[at % open.len()];
            let estimate_minutes = estimate(row, usual, minutes);
            let (kind, priority) = (kind(row), priority(row));
            TaskSpec { kind, priority, estimate_minutes, ..TaskSpec::new("work") }
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
