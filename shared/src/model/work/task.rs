//! A task, and what it really takes.

use crate::model::kind::TaskKind;
use crate::model::view::Phase;
use crate::model::view::TaskState;
use crate::model::words::title::Title;

use bincode::{Decode, Encode};

use crate::rng::Rng;

/// Tasks that are done stay in the state for a while: this many, and a few for each person.
pub const DONE_KEPT: usize = 24;
/// Ready tasks a person looks at before choosing.
pub const LOOK_AHEAD: usize = 24;
/// How often review may send a task back.
pub const REWORK_MAX: u8 = 4;

/// A piece of work.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Task {
    /// Unique in the project, growing, from 1.
    pub id: u32,
    pub title: Title,
    pub kind: TaskKind,
    /// Of the product: see [`Project::area_name`](crate::model::project::Project::area_name).
    pub area: u8,
    pub state: TaskState,
    pub phase: Phase,
    /// 1 to 5, 5 first.
    pub priority: u8,
    /// Person-minutes.
    pub estimate: u32,
    pub spent: u32,
    /// Typical person-minutes that are left. Nobody in the company knows it.
    pub left: u32,
    pub assignee: Option<u32>,
    pub reviewer: Option<u32>,
    pub depends_on: Vec<u32>,
    pub rework: u8,
    /// Nobody has looked into what it means: it is not refined.
    pub vague: bool,
    /// In the sprint that runs.
    pub committed: bool,
    /// A colleague helped with it.
    pub paired: bool,
    /// Its author looked over it before handing it in.
    pub tested: bool,
    /// It was handed in once.
    pub handed: bool,
    /// Runs of the pipeline that failed.
    pub builds: u8,
    /// Defects that are being put right.
    pub fixing: u8,
    /// Defects put in and not found so far.
    pub defects: u8,
    pub created: u64,
    pub started: Option<u64>,
    pub done: Option<u64>,
    pub source: Option<String>,
}

/// What work takes against what was first said of it, before people, builds and reviews add theirs:
/// quantiles as pairs of basis points. Fitted so that spent against estimated time of finished work
/// has the quantiles of the SiP data (Jones and Cullum 2019): .20, .71, 1.0, 1.22 and 3.13 at 5, 25,
/// 50, 75 and 95 %, and about a third as estimated. The two ends are our assumption.
const ACTUAL: [(u64, u64); 8] = [
    (0, 800),
    (500, 1_900),
    (1_700, 8_500),
    (2_800, 10_000),
    (7_200, 10_000),
    (8_000, 12_800),
    (9_500, 32_500),
    (10_000, 70_000),
];
/// Vague work hides more: its factor is that of clear work to this power. Our assumption; looking
/// into it takes the difference out again.
pub const HIDDEN_MORE: f64 = 1.15;
/// Effort grows with the first thought of it to this power. Fitted: with what refinement sees of the
/// truth, spent time goes with the estimate to the power .83 (SiP data: actual = 1.09
/// estimate^.83).
const SIZE_POWER: f64 = 0.66;
/// The estimate, in minutes, at which that changes nothing: near that of typical work, so that the
/// quantiles stay where they are; our assumption.
const USUAL_MINUTES: f64 = 600.0;

/// No piece of work takes more than so many times what was thought; our assumption.
const LONGEST: f64 = 7.0;

/// How large a piece of work is that is thought to take from `low` to `high` hours, in minutes:
/// log-normal with the mean in the middle, and the two ends at one and a half standard deviations,
/// because work has a long tail; our assumption.
pub fn made_minutes((low, high): (i64, i64), rng: &mut Rng) -> u32 {
    let (low, high) = (low.max(1) as f64, high.max(low).max(1) as f64);
    let sd = libm::log(high / low) / 3.0;
    let median = (low + high) / 2.0 / libm::exp(sd * sd / 2.0);
    let hours = (median * libm::exp(rng.normal() * sd)).clamp(low / 2.0, high * 2.0);
    (libm::round(hours * 2.0) as u32 * 30).max(30)
}

/// A factor between what is said and what it takes, in basis points.
fn factor(rng: &mut Rng) -> u64 {
    let at = rng.below(10_000);
    let above = ACTUAL.iter().position(|&(share, _)| share > at).unwrap_or(ACTUAL.len() - 1);
    let ((s0, f0), (s1, f1)) = (ACTUAL[above - 1], ACTUAL[above]);
    f0 + (f1 - f0) * (at - s0) / (s1 - s0).max(1)
}

/// What a task of this estimate will really take, in typical person-minutes. An estimate that was
/// `given` from outside is left as large as it says: its size has been accounted for.
pub fn actual_minutes(estimate: u32, vague: bool, given: bool, rng: &mut Rng) -> u32 {
    let factor = factor(rng);
    let minutes = if given {
        u64::from(estimate) * factor / 10_000
    } else {
        let size = libm::pow(f64::from(estimate.max(1)) / USUAL_MINUTES, SIZE_POWER - 1.0);
        let power = if vague { HIDDEN_MORE } else { 1.0 };
        (f64::from(estimate) * size * libm::pow(factor as f64 / 10_000.0, power).min(LONGEST))
            as u64
    };
    minutes.clamp(1, u64::from(u32::MAX / 4)) as u32
}

impl Task {
    /// Whether it counts as work in the company's hands.
    pub fn open(&self) -> bool {
        !matches!(self.state, TaskState::Done | TaskState::Dropped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn most_work_is_as_thought_and_some_is_far_from_it() {
        let mut rng = Rng::from_seed([5; 32]);
        let mut draw = |vague| -> Vec<u32> {
            let mut drawn: Vec<u32> =
                (0..20_000).map(|_| actual_minutes(600, vague, false, &mut rng)).collect();
            drawn.sort();
            drawn
        };
        let (clear, vague) = (draw(false), draw(true));
        for (share, expected) in [(5, 114), (40, 600), (60, 600), (95, 1_950)] {
            let found = clear[clear.len() * share / 100];
            assert!(
                found.abs_diff(expected) * 10 <= expected,
                "{share} %: {found}, not {expected}"
            );
        }
        let spread = |drawn: &[u32]| f64::from(drawn[19_000]) / f64::from(drawn[1_000]);
        assert!(spread(&vague) > 1.3 * spread(&clear), "{} {}", spread(&vague), spread(&clear));
    }

    #[test]
    fn sizes_have_a_long_tail_and_their_mean_in_the_middle() {
        let mut rng = Rng::from_seed([6; 32]);
        let mut sizes: Vec<u32> = (0..20_000).map(|_| made_minutes((6, 32), &mut rng)).collect();
        sizes.sort();
        let mean = sizes.iter().map(|&size| u64::from(size)).sum::<u64>() / 20_000;
        assert!((1_060..1_220).contains(&mean), "{mean}");
        assert!(u64::from(sizes[10_000]) * 108 < mean * 100, "{} {mean}", sizes[10_000]);
        assert_eq!(made_minutes((0, 0), &mut rng) % 30, 0);
    }
}
