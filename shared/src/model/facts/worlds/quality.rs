//! Defects: what review finds, what a stage of test finds, what fixes break, and what is left.

use super::{Sample, alone, busy, closed, funded, several, work};
use crate::model::kind::{Role, Seniority, TaskKind};
use crate::model::policies::Policies;
use crate::model::spec::TaskSpec;
use crate::model::view::{Phase, TaskState};

/// Days by which any of these worlds has come to its end.
const DAYS_MOST: u32 = 2_000;

/// Row: share found by review, share found by one stage of test, defects made a fix, share found
/// before launch, found by close review against hasty review.
pub fn defects(seed: u64) -> Sample {
    let with = |strictness| reviewed(seed, strictness);
    let row = || {
        let usual = with(Policies::default().review_strictness)?;
        let (close, hasty) = (with(9_000)?, with(1_000)?);
        Some(vec![usual, tested(seed)?, fixed(seed)?, launched(seed)?, close / hasty])
    };
    row().into_iter().collect()
}

/// Share of defects that review finds when all is reviewed and nothing is tested.
fn reviewed(seed: u64, review_strictness: u16) -> Option<f64> {
    let policies = Policies { review: 10_000, review_strictness, ..closed() };
    let (mut lab, project) = alone(seed, busy(6, 150, 480, policies))?;
    lab.until_end(project, DAYS_MOST)?;
    let totals = &lab.project(project)?.totals;
    Some(f64::from(totals.defects_caught) / f64::from(totals.defects_made))
}

/// Share of defects that one stage of test finds in work that nobody has reviewed.
fn tested(seed: u64) -> Option<f64> {
    let mut spec = busy(6, 0, 1, Policies { review: 0, ..closed() });
    spec.team.push(several(Role::Tester, Seniority::Mid, 1));
    spec.scope = 16;
    spec.backlog = work(16, TaskKind::Feature, 2_400);
    spec.backlog.push(TaskSpec {
        kind: TaskKind::Test,
        depends_on: (1..=16).collect(),
        ..TaskSpec::new("test all of it")
    });
    let (mut lab, project) = alone(seed, spec)?;
    for _ in 0..DAYS_MOST {
        lab.days(1).ok()?;
        let state = lab.project(project)?;
        let test = state.task(17).is_none_or(|task| task.state == TaskState::Done);
        if test || lab.ended(project) {
            let totals = &state.totals;
            return Some(f64::from(totals.defects_caught) / f64::from(totals.defects_made));
        }
    }
    None
}

/// Defects made for each defect fixed, without review.
fn fixed(seed: u64) -> Option<f64> {
    let mut spec = busy(6, 0, 1, Policies { review: 0, ..closed() });
    spec.backlog = work(200, TaskKind::Bug, 180);
    let (mut lab, project) = alone(seed, spec)?;
    lab.until_end(project, DAYS_MOST)?;
    let totals = &lab.project(project)?.totals;
    Some(f64::from(totals.defects_made) / totals.done as f64)
}

/// Share of defects that is found before launch.
fn launched(seed: u64) -> Option<f64> {
    let team = vec![
        several(Role::Engineer, Seniority::Senior, 2),
        several(Role::Engineer, Seniority::Mid, 3),
        several(Role::Designer, Seniority::Mid, 1),
        several(Role::Tester, Seniority::Mid, 2),
    ];
    let mut spec = funded("whole", team, Phase::Design, Phase::Launch);
    spec.scope = 60;
    let (mut lab, project) = alone(seed, spec)?;
    lab.until_end(project, DAYS_MOST)?;
    let totals = &lab.project(project)?.totals;
    Some(f64::from(totals.defects_caught) / f64::from(totals.defects_made))
}
