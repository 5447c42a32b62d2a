//! Tasks on their way: what they take against what was thought, how long they are under way, and
//! whether Little's law holds.

use super::{Sample, funded, several};
use crate::model::facts::Lab;
use crate::model::kind::{Role, Seniority};
use crate::model::project::DAY;
use crate::model::view::{Phase, TaskState};

/// Working days until the board is as it usually is.
const WARM_UP: u32 = 20;
/// Working days that are looked at.
const DAYS: u32 = 220;

/// First row: tasks under way on average, tasks done a minute, minutes a task is under way. Then a
/// row for each task done: estimate, spent, minutes from start to end.
pub fn tasks(seed: u64) -> Sample {
    let team = vec![
        several(Role::Engineer, Seniority::Senior, 2),
        several(Role::Engineer, Seniority::Mid, 3),
        several(Role::Tester, Seniority::Mid, 1),
    ];
    let mut spec = funded("tasks", team, Phase::Build, Phase::Build);
    spec.scope = 500;
    let mut lab = Lab::hourly(seed);
    let Ok(project) = lab.found_project(spec) else { return Sample::new() };
    if lab.days(WARM_UP).is_err() {
        return Sample::new();
    }
    let from = u64::from(WARM_UP) * DAY;
    let (mut under_way, mut looks, mut seen) = (0_u64, 0_u64, from);
    let mut rows = Sample::new();
    for _ in 0..DAYS {
        for hour in 0..8 {
            if lab.run(1).is_err() {
                return Sample::new();
            }
            let Some(state) = lab.project(project) else { return Sample::new() };
            let open = |task: &&crate::model::work::Task| {
                matches!(task.state, TaskState::Doing | TaskState::Review)
            };
            under_way += state.tasks.iter().filter(open).count() as u64;
            looks += 1;
            // Each task that was done this hour, before it may be forgotten in the evening.
            let now = state.tick;
            for task in &state.tasks {
                if let (TaskState::Done, Some(started), Some(done)) =
                    (task.state, task.started, task.done)
                    && done >= seen
                    && (done < now || hour == 7)
                {
                    rows.push(vec![
                        f64::from(task.estimate),
                        f64::from(task.spent),
                        done.saturating_sub(started) as f64,
                    ]);
                }
            }
            seen = if hour == 7 { now + 1 } else { now };
        }
        if lab.ended(project) {
            break;
        }
    }
    let minutes = looks as f64 * 60.0;
    let times: Vec<f64> = rows.iter().map(|row| row[2]).collect();
    let little = vec![
        under_way as f64 / looks.max(1) as f64,
        rows.len() as f64 / minutes,
        super::super::numbers::mean(&times),
        0.0,
    ];
    rows.insert(0, little);
    rows
}
