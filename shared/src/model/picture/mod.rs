//! The picture of a project that a page shows, made from its state.

pub mod artifact;
mod business;
pub mod chief;
mod day;
mod people;
pub mod phases;
mod report;
mod words;
mod work;
pub mod workshop;

pub use day::place;
#[cfg(test)]
pub use day::whereabouts;

use crate::model::phases::board::Against;
use crate::model::project::{EndReason, Project};
use crate::model::view::{FinanceDay, ProjectView, TaskState, TaskView};
use crate::model::words::talk;
use crate::model::words::title::title_text;
use crate::model::work::Task;
use crate::model::workshop::text::Context;

/// All of a project, as it stands.
pub fn picture(project: &Project) -> ProjectView {
    let profile = &project.profile;
    let context = Context::of(project);
    ProjectView {
        tick: project.tick,
        summary: project.summary(),
        description: profile.description.clone(),
        hypothesis: profile.hypothesis.clone(),
        target_customers: profile.target_customers.clone(),
        target_market: profile.target_market.clone(),
        business_model: profile.business_model.clone(),
        stop_after: project.stop_after,
        end_reason: end_text(project),
        policies: project.policies.clone(),
        people: (0..project.people.len()).map(|at| people::person(&context, at)).collect(),
        tasks: project.tasks.iter().map(|task| task_view(project, task)).collect(),
        metrics: work::metrics(project),
        artifacts: project.ends.iter().map(|end| artifact::artifact(project, end)).collect(),
        estimate: phases::estimate(project),
        path: phases::path(project),
        chief: chief::picture(project),
        finance: project
            .days
            .iter()
            .map(|day| FinanceDay {
                day: day.day,
                cash_cents: day.cash_cents,
                spent_cents: day.spent_cents,
                earned_cents: day.earned_cents,
                customers: day.customers,
            })
            .collect(),
        business: business::business(project),
        talk: project.talk.iter().map(|note| talk::render(project, note)).collect(),
        talk_analysis: words::analysis(project),
        workshop: workshop::picture(&context),
    }
}

fn task_view(project: &Project, task: &Task) -> TaskView {
    TaskView {
        id: task.id,
        title: title_text(project, task),
        kind: task.kind.word().into(),
        area: project.area_name(task.area).into(),
        state: task.state,
        phase: task.phase,
        priority: task.priority,
        estimate_minutes: task.estimate,
        spent_minutes: task.spent,
        // What people think is left: the estimate less what was spent, and never nothing while open.
        left_minutes: match task.state {
            TaskState::Todo | TaskState::Doing => {
                task.estimate.saturating_sub(task.spent).max(task.estimate / 10 + 1)
            }
            _ => 0,
        },
        assignee: task.assignee.map(|id| project.person_ref(id)),
        assignee_name: task.assignee.map(|id| project.name_of(id)),
        reviewer_name: task.reviewer.map(|id| project.name_of(id)),
        depends_on: task.depends_on.clone(),
        blocked: task.open() && !project.unblocked(task),
        rework: task.rework,
        vague: task.vague && task.open(),
        committed: task.committed && task.open() && project.in_sprints(),
        builds_failed: task.builds,
        created_tick: task.created,
        started_tick: task.started,
        done_tick: task.done,
        source: task.source.clone(),
    }
}

/// What ended the project, in words.
pub fn end_text(project: &Project) -> Option<String> {
    Some(match project.end.as_ref()? {
        EndReason::Reached(phase) => {
            format!(
                "It has done what it was asked to: everything up to {}.",
                crate::model::phases::word(*phase)
            )
        }
        EndReason::BacklogDone => "All of its backlog is done.".into(),
        EndReason::Profitable => format!(
            "It has paid for itself for {} working days in a row, with {} customers.",
            crate::model::phases::PROFITABLE_DAYS,
            project.customers
        ),
        EndReason::NotValidated(score, needed) => format!(
            "Validation gave the idea {} of 100 points; {} are needed.",
            score / 100,
            needed / 100
        ),
        EndReason::Advised(Against::Money(months)) => format!(
            "The advisory board advised against going on: the money lasts {months} months, {} are needed.",
            crate::model::phases::board::RUNWAY_NEEDED
        ),
        EndReason::Advised(Against::Reach(needed, there)) => format!(
            "The advisory board advised against going on: the launch is some {needed} working days away and the money lasts {there}."
        ),
        EndReason::Advised(Against::Problem(score)) => format!(
            "The advisory board advised against going on: the problem has {} of 100 points, and not enough speaks for the rest.",
            score / 100
        ),
        EndReason::OutOfReach(needed, there) => format!(
            "It was stopped before the money was gone: {needed} working days to the launch, money for {there}."
        ),
        EndReason::Bankrupt(day) => format!("The money ran out on working day {day}."),
        EndReason::Acquired { cents, for_team: false } => {
            format!("Another company bought it for {}, for its customers.", artifact::money(*cents))
        }
        EndReason::Acquired { cents, .. } => {
            format!("Another company bought it for {}, for its people.", artifact::money(*cents))
        }
        EndReason::WoundDown(day) => format!(
            "Its founders stopped on working day {day}, while everybody could still be paid."
        ),
        EndReason::Deserted => "Everybody has left.".into(),
        EndReason::Archived => "Its owner put it away.".into(),
    })
}
