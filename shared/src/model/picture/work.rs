//! The picture of how the work goes.

use crate::model::project::Project;
use crate::model::view::{
    MetricView, MetricsView, QuantilesView, SprintView, StageView, TaskState, WorkWeekView,
};
use crate::model::work::Stage;
use crate::model::work::flow::{Flow, Week};
use crate::model::work::histogram::{Histogram, MINUTES, RATIO, Scale};

/// Minutes of a working week.
const WEEK_MINUTES: f64 = 2_400.0;

/// All figures of the work of a project.
pub fn metrics(project: &Project) -> MetricsView {
    let flow = &project.work.flow;
    MetricsView {
        dora: dora(flow),
        flow: flow_metrics(project),
        practice: practice(project),
        lead_hours: quantiles(&flow.lead, MINUTES, 60.0),
        cycle_hours: quantiles(&flow.cycle, MINUTES, 60.0),
        spent_to_estimate: quantiles(&flow.ratio, RATIO, 1.0),
        defects: stages(project),
        weeks: flow.weeks.iter().chain([&flow.week]).map(week).collect(),
        sprint: sprint(project),
    }
}

fn metric(key: &str, name: &str, value: Option<f64>, unit: &str, meaning: &str) -> MetricView {
    // Two places are all anybody reads.
    let value = value.filter(|value| value.is_finite()).map(|v| libm::round(v * 100.0) / 100.0);
    MetricView {
        key: key.into(),
        name: name.into(),
        value,
        unit: unit.into(),
        meaning: meaning.into(),
    }
}

fn week(week: &Week) -> WorkWeekView {
    let Week { asked, done, deployed, failed } = *week;
    WorkWeekView { asked, done, deployed, failed }
}

fn quantiles(histogram: &Histogram, scale: Scale, unit: f64) -> Option<QuantilesView> {
    let at =
        |share| histogram.quantile(scale, share).map(|v| libm::round(v / unit * 100.0) / 100.0);
    Some(QuantilesView {
        p5: at(500)?,
        p25: at(2_500)?,
        p50: at(5_000)?,
        p75: at(7_500)?,
        p95: at(9_500)?,
        count: histogram.count(),
    })
}

/// Hours at the middle of a histogram of minutes.
fn median_hours(histogram: &Histogram) -> Option<f64> {
    histogram.quantile(MINUTES, 5_000).map(|minutes| minutes / 60.0)
}

fn dora(flow: &Flow) -> Vec<MetricView> {
    let weeks = || flow.weeks.iter().chain([&flow.week]);
    let deployed: u32 = weeks().map(|week| week.deployed).sum();
    let failed: u32 = weeks().map(|week| week.failed).sum();
    // From the first week with a deployment on: before that there was nothing to deploy to.
    let since = weeks().skip_while(|week| week.deployed == 0).count();
    let some = |value: f64| (deployed > 0).then_some(value);
    vec![
        metric(
            "deployment_frequency",
            "Deployment frequency",
            some(f64::from(deployed) / since.max(1) as f64),
            "a week",
            "How often what was merged goes out to customers, over the last twelve weeks.",
        ),
        metric(
            "lead_time_for_changes",
            "Lead time for changes",
            median_hours(&flow.change),
            "working hours",
            "How long it takes from the first work on a change until customers have it, in the middle of all changes.",
        ),
        metric(
            "change_failure_rate",
            "Change failure rate",
            some(f64::from(failed) * 100.0 / f64::from(deployed.max(1))),
            "%",
            "The share of deployments of the last twelve weeks that broke something for customers.",
        ),
        metric(
            "time_to_restore",
            "Time to restore",
            median_hours(&flow.restore),
            "working hours",
            "How long it takes from a deployment that broke something until all works again, in the middle of all such cases.",
        ),
    ]
}

fn flow_metrics(project: &Project) -> Vec<MetricView> {
    let flow = &project.work.flow;
    let now = project.tick;
    let weeks = flow.weeks.len();
    let done: u32 = flow.weeks.iter().map(|week| week.done).sum();
    let mut ages: Vec<u64> = project
        .tasks
        .iter()
        .filter(|task| matches!(task.state, TaskState::Doing | TaskState::Review))
        .filter_map(|task| Some(now.saturating_sub(task.started?)))
        .collect();
    ages.sort();
    let age = |at: usize| ages.get(at).map(|&minutes| minutes as f64 / 60.0);
    let blocked = project.tasks.iter().filter(|task| task.state == TaskState::Todo);
    let blocked = blocked.filter(|task| !project.unblocked(task)).count();
    let waiting = project.cache.counts[TaskState::Review as usize];
    vec![
        metric(
            "lead_time",
            "Lead time",
            median_hours(&flow.lead),
            "working hours",
            "How long a task takes from when it was asked for until it is done, in the middle of all lately done.",
        ),
        metric(
            "cycle_time",
            "Cycle time",
            median_hours(&flow.cycle),
            "working hours",
            "How long a task takes from when somebody takes it on until it is done, in the middle of all lately done.",
        ),
        metric(
            "throughput",
            "Throughput",
            (weeks > 0).then(|| f64::from(done) / weeks as f64),
            "tasks a week",
            "How many tasks are done in a week, on average over the last twelve.",
        ),
        metric(
            "work_in_progress",
            "Work in progress",
            Some(ages.len() as f64),
            "tasks",
            "How many tasks are in work or in review now.",
        ),
        metric(
            "mean_work_in_progress",
            "Mean work in progress",
            flow.mean_in_work(now),
            "tasks",
            "How many tasks were taken on and not done, on average since the first; by Little's law it is the rate of leaving times the mean stay.",
        ),
        metric(
            "rate_of_leaving",
            "Rate of leaving",
            flow.rate(now).map(|rate| rate * WEEK_MINUTES),
            "tasks a week",
            "How many tasks that were taken on leave the board in a week, on average since the first.",
        ),
        metric(
            "mean_stay",
            "Mean stay",
            flow.mean_stay().map(|minutes| minutes / 60.0),
            "working hours",
            "How long a task is in work on average, from taken on until it leaves the board.",
        ),
        metric(
            "flow_efficiency",
            "Flow efficiency",
            flow.efficiency().map(|share| share * 100.0),
            "%",
            "The share of the time in work during which somebody really works on a task; the rest is waiting.",
        ),
        metric(
            "age_of_work",
            "Age of work in progress",
            age(ages.len() / 2),
            "working hours",
            "How long ago the task in the middle of those in work was taken on.",
        ),
        metric(
            "oldest_work",
            "Oldest work in progress",
            ages.last().map(|&minutes| minutes as f64 / 60.0),
            "working hours",
            "How long ago the oldest task in work was taken on.",
        ),
        metric(
            "blocked",
            "Blocked",
            Some(blocked as f64),
            "tasks",
            "How many tasks cannot be begun because another has to be done first.",
        ),
        metric(
            "waiting_for_review",
            "Waiting for review",
            Some(f64::from(waiting)),
            "tasks",
            "How many tasks are finished by their author and wait for somebody else to read them.",
        ),
    ]
}

fn practice(project: &Project) -> Vec<MetricView> {
    let work = &project.work;
    let log = &work.defects;
    let share = |part: u32, all: u32| (all > 0).then(|| f64::from(part) * 100.0 / f64::from(all));
    let totals = &project.totals;
    let met = totals.defects_caught.saturating_add(totals.defects_escaped);
    let vague = project.tasks.iter().filter(|t| t.vague && t.state == TaskState::Todo).count();
    vec![
        metric(
            "builds_failed",
            "Failed builds",
            share(log.runs_failed, log.runs),
            "%",
            "The share of pipeline runs that said no.",
        ),
        metric(
            "removal_efficiency",
            "Defect removal efficiency",
            share(totals.defects_caught, met),
            "%",
            "The share of the defects found so far that were found before customers met them.",
        ),
        metric(
            "bad_fixes",
            "Bad fixes",
            Some(f64::from(log.bad_fixes)),
            "defects",
            "How many defects were made while putting another one right.",
        ),
        metric(
            "unrefined",
            "Not refined",
            Some(vague as f64),
            "tasks",
            "How many tasks of the backlog nobody has looked into yet.",
        ),
        metric(
            "estimate_scale",
            "Learned scale of estimates",
            Some(f64::from(work.scale) / 10_000.0),
            "times",
            "What the team has learned to multiply its first thoughts of an estimate with.",
        ),
        metric(
            "habits",
            "Habits",
            Some(f64::from(work.habits) / 100.0),
            "%",
            "How well the team keeps its own house, as it learns from looking back.",
        ),
    ]
}

fn stages(project: &Project) -> Vec<StageView> {
    let log = &project.work.defects;
    let name = |stage| match stage {
        Stage::SelfTest => "self_test",
        Stage::Pair => "pair",
        Stage::Build => "build",
        Stage::Review => "review",
        Stage::Test => "test",
    };
    let view = |stage: &str, met: u32, found: u32| StageView {
        stage: stage.into(),
        met,
        found,
        removal: (met > 0).then(|| (u64::from(found) * 10_000 / u64::from(met)).min(10_000) as u16),
    };
    let all = [Stage::SelfTest, Stage::Pair, Stage::Build, Stage::Review, Stage::Test];
    let mut stages: Vec<StageView> = all
        .iter()
        .map(|&stage| view(name(stage), log.met[stage as usize], log.found[stage as usize]))
        .collect();
    let escaped = project.totals.defects_escaped;
    if project.launched {
        stages.push(view("customers", escaped.saturating_add(project.latent), escaped));
    }
    stages
}

fn sprint(project: &Project) -> Option<SprintView> {
    let sprint = &project.work.sprint;
    (project.in_sprints() && sprint.number > 0).then_some(SprintView {
        number: sprint.number,
        since_day: sprint.since,
        until_day: sprint.until,
        committed: sprint.committed,
        committed_minutes: sprint.committed_minutes,
        done_minutes: sprint.done_minutes,
        velocity_minutes_per_day: sprint.velocity,
        carried: sprint.carried,
        kept: sprint.kept,
    })
}
