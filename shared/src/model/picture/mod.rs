//! The picture of a project that a page shows, made from its state.

pub mod artifact;
mod business;
pub mod chief;
mod day;
pub mod phases;
mod report;
mod words;
mod work;
pub mod workshop;

pub use day::place;
#[cfg(test)]
pub use day::whereabouts;

use crate::model::day::sentence;
use crate::model::kind::Skill;
use crate::model::people::person::{AchievementKind, Person};
use crate::model::phases::board::Against;
use crate::model::project::{EndReason, Project};
use crate::model::view::{
    FinanceDay, PersonView, ProjectView, RelationView, SkillView, TaskState, TaskView,
};
use crate::model::words::talk;
use crate::model::words::title::title_text;
use crate::model::work::Task;
use crate::model::workshop::text::Context;
use crate::model::workshop::workstation;

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
        people: (0..project.people.len()).map(|at| person(&context, at)).collect(),
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

fn person(context: &Context<'_>, at: usize) -> PersonView {
    let project = context.project;
    let person = &project.people[at];
    let mut relations: Vec<_> = person.relations.iter().collect();
    relations.sort_by_key(|r| (std::cmp::Reverse(i32::from(r.affinity).abs()), r.person));
    // The walk takes a minute; whoever has just begun is still on the way.
    let target = place(project, at, person.activity);
    let walking = project.tick.saturating_sub(person.since) < 2;
    PersonView {
        id: project.person_ref(person.id),
        name: person.name.full(),
        role: person.role.word().into(),
        department: person.role.department().word().into(),
        seniority: person.seniority.word().into(),
        personality: person.personality,
        skills: Skill::ALL
            .iter()
            .map(|&skill| SkillView {
                name: skill.word().into(),
                level: person.skills[skill as usize],
                soft: skill.soft(),
            })
            .collect(),
        specialisations: specialisations(person),
        experience_years: person.experience_months / 12,
        achievements: person
            .achievements
            .iter()
            .map(|achievement| {
                let what = match achievement.kind {
                    AchievementKind::Tasks(count) => format!("{count} tasks done"),
                    AchievementKind::Mastery(skill) => format!("Mastered {}", skill.word()),
                    AchievementKind::Launch => format!("Launched {}", project.profile.name),
                    AchievementKind::Promoted(to) => format!("Promoted to {}", to.word()),
                };
                format!("{what} (day {})", achievement.day)
            })
            .collect(),
        salary_cents_per_year: person.salary_cents,
        energy: person.energy,
        morale: person.morale,
        productivity: person.productivity(project.communication()),
        activity: person.activity.word().into(),
        task: person.task,
        thought: sentence::text(project, at),
        weighing: day::thought(project, at),
        day: day::day(project, at),
        location: if walking { place(project, at, person.was) } else { target },
        target,
        relations: relations
            .into_iter()
            .map(|relation| RelationView {
                person: project.person_ref(relation.person),
                name: project.name_of(relation.person),
                affinity: relation.affinity,
            })
            .collect(),
        tasks_done: person.tasks_done,
        workstation: workstation::view(context, at).unwrap_or_default(),
    }
}

/// What somebody is known for: crafts well above the average of the trade.
fn specialisations(person: &Person) -> Vec<String> {
    let mut best: Vec<(u16, Skill)> = Skill::ALL
        .iter()
        .map(|&skill| (person.skills[skill as usize], skill))
        .filter(|&(level, skill)| level >= 6_000 && !skill.soft())
        .collect();
    best.sort_by_key(|&(level, skill)| (std::cmp::Reverse(level), skill));
    best.into_iter().take(3).map(|(_, skill)| skill.word().to_string()).collect()
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
