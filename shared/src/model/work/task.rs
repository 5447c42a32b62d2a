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
    /// Defects put in and not found so far.
    pub defects: u8,
    pub created: u64,
    pub started: Option<u64>,
    pub done: Option<u64>,
    pub source: Option<String>,
}

/// Actual against estimate: quantiles (SiP data, Jones and Cullum 2019: .20, .71, 1.0, 1.22 and 3.13
/// at 5, 25, 50, 75 and 95 %, and exactly 1 for 34 % of tasks). Pairs of basis points; the two ends
/// are our assumption.
const ACTUAL: [(u64, u64); 8] = [
    (0, 800),
    (500, 2_000),
    (2_500, 7_100),
    (3_600, 10_000),
    (7_000, 10_000),
    (7_500, 12_200),
    (9_500, 31_300),
    (10_000, 70_000),
];

/// What a task of this estimate will really take, in typical person-minutes.
pub fn actual_minutes(estimate: u32, rng: &mut Rng) -> u32 {
    let at = rng.below(10_000);
    let above = ACTUAL.iter().position(|&(share, _)| share > at).unwrap_or(ACTUAL.len() - 1);
    let ((s0, f0), (s1, f1)) = (ACTUAL[above - 1], ACTUAL[above]);
    let factor = f0 + (f1 - f0) * (at - s0) / (s1 - s0).max(1);
    (u64::from(estimate) * factor / 10_000).clamp(1, u64::from(u32::MAX)) as u32
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
    fn actual_against_estimate_has_the_quantiles_of_the_data() {
        let mut rng = Rng::from_seed([5; 32]);
        let mut ratios: Vec<u32> = (0..20_000).map(|_| actual_minutes(1_000, &mut rng)).collect();
        ratios.sort();
        for (share, expected) in [(5, 200), (25, 710), (50, 1_000), (75, 1_220), (95, 3_130)] {
            let found = ratios[ratios.len() * share / 100];
            assert!(
                found.abs_diff(expected) * 10 <= expected,
                "{share} %: {found}, not {expected}"
            );
        }
        let exact = ratios.iter().filter(|&&ratio| ratio == 1_000).count();
        assert!((6_400..7_200).contains(&exact), "{exact} of 20,000 are exact");
    }
}
