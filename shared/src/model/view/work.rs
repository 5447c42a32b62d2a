//! The figures of the work that people are shown: DORA, flow, estimates, defects by stage, sprints.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How the work goes, from what really happened.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct MetricsView {
    /// The four of DORA, of deployments to customers: nothing before the launch.
    pub dora: Vec<MetricView>,
    /// How work flows from asked for to done.
    pub flow: Vec<MetricView>,
    /// How the work is done: builds, habits, estimates.
    pub practice: Vec<MetricView>,
    /// From asked for to done, in working hours.
    pub lead_hours: Option<QuantilesView>,
    /// From taken on to done, in working hours.
    pub cycle_hours: Option<QuantilesView>,
    /// Spent over estimated time of finished tasks.
    pub spent_to_estimate: Option<QuantilesView>,
    /// In the order in which work passes them.
    pub defects: Vec<StageView>,
    /// Newest last: at most the last twelve.
    pub weeks: Vec<WorkWeekView>,
    /// The sprint that runs, where work goes in sprints.
    pub sprint: Option<SprintView>,
}

/// A figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct MetricView {
    /// A word for programs, such as `lead_time_for_changes`.
    pub key: String,
    pub name: String,
    /// None while there is nothing to count.
    pub value: Option<f64>,
    /// `a week`, `hours`, `%`, `tasks`, …
    pub unit: String,
    /// What it means, in one sentence.
    pub meaning: String,
}

/// A spread: the values that 5, 25, 50, 75 and 95 % of cases stay below.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct QuantilesView {
    pub p5: f64,
    pub p25: f64,
    pub p50: f64,
    pub p75: f64,
    pub p95: f64,
    /// Cases it is of.
    pub count: u32,
}

/// A stage that finds defects.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct StageView {
    /// `self_test`, `pair`, `build`, `review`, `test`, `customers`.
    pub stage: String,
    /// Defects that were there when it looked.
    pub met: u32,
    pub found: u32,
    /// Found of met, in basis points.
    pub removal: Option<u16>,
}

/// A week of work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct WorkWeekView {
    /// Tasks asked for.
    pub asked: u32,
    /// Tasks done.
    pub done: u32,
    /// Deployments to customers.
    pub deployed: u32,
    /// Those of them that failed.
    pub failed: u32,
}

/// A sprint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SprintView {
    /// From 1.
    pub number: u32,
    /// Working day of the world on which it began.
    pub since_day: u32,
    /// Working day on which the next one begins.
    pub until_day: u32,
    /// Tasks committed to.
    pub committed: u32,
    /// Estimates of them, in person-minutes.
    pub committed_minutes: u64,
    /// Estimates of what was done since it began, in person-minutes.
    pub done_minutes: u64,
    /// Estimates that the team does in a working day, in person-minutes, as measured.
    pub velocity_minutes_per_day: u32,
    /// Tasks carried over from the last one.
    pub carried: u32,
    /// Done of what was committed to in the last one, in basis points.
    pub kept: u16,
}
