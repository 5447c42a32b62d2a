//! The picture of a project that a page shows, made from its state.

mod words;
pub mod workshop;

use crate::model::day::thought;
use crate::model::kind::{Activity, Department, Skill};
use crate::model::people::person::{AchievementKind, Person};
use crate::model::phases::{self, PhaseEnd};
use crate::model::project::{DAY, EndReason, Project};
use crate::model::view::{
    ArtifactView, FinanceDay, PersonView, Phase, ProjectView, RelationView, SkillView, TaskState,
    TaskView,
};
use crate::model::words::talk;
use crate::model::words::title::title_text;
use crate::model::work;
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
        artifacts: project.ends.iter().map(|end| artifact(project, end)).collect(),
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
        talk: project.talk.iter().map(|note| talk::render(project, note)).collect(),
        talk_analysis: words::analysis(project),
        workshop: workshop::picture(&context),
    }
}

/// Where an activity takes place: own desk, a meeting room, the kitchen, a colleague's desk.
pub fn place(project: &Project, at: usize, activity: Activity) -> [u16; 2] {
    let Some(person) = project.people.get(at) else { return [0, 0] };
    // Rows of eight desks; a department has its rows together because it was hired in its order.
    let desk = |id: u32| {
        let id = id.saturating_sub(1);
        [8 + (id % 8) as u16 * 5, 8 + ((id / 8) % 2_000) as u16 * 4]
    };
    match activity {
        Activity::Away => [0, 4],
        Activity::Coffee | Activity::Break => [4 + (person.id % 3) as u16, 3],
        Activity::StandUp => [20 + (person.id % 12) as u16, 3],
        Activity::Meeting => {
            let room = match person.role.department() {
                Department::Leadership => 0,
                Department::Product => 1,
                Department::Engineering => 2,
                Department::Quality => 3,
                Department::Commercial => 4,
                Department::Finance => 5,
            };
            [54 + (person.id % 4) as u16 * 2, 8 + room * 6 + (person.id / 4 % 3) as u16]
        }
        Activity::Helping | Activity::Chat => {
            let [x, y] = desk(person.partner.unwrap_or(person.id));
            [x + 1, y + 1]
        }
        _ => desk(person.id),
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
        thought: thought::text(project, person.thought),
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

fn task_view(project: &Project, task: &work::Task) -> TaskView {
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
            format!("It has done what it was asked to: everything up to {}.", phases::word(*phase))
        }
        EndReason::BacklogDone => "All of its backlog is done.".into(),
        EndReason::Profitable => format!(
            "It has paid for itself for {} working days in a row, with {} customers.",
            phases::PROFITABLE_DAYS,
            project.customers
        ),
        EndReason::NotValidated(score, needed) => format!(
            "Validation gave the idea {} of 100 points; {} are needed.",
            score / 100,
            needed / 100
        ),
        EndReason::Advised(months) => format!(
            "The advisory board advised against going on: the money lasts {months} months, {} are needed.",
            phases::RUNWAY_NEEDED
        ),
        EndReason::Bankrupt(day) => format!("The money ran out on working day {day}."),
        EndReason::Deserted => "Everybody has left.".into(),
        EndReason::Archived => "Its owner put it away.".into(),
    })
}

fn hours(minutes: u64) -> u64 {
    minutes.div_ceil(60)
}

/// What a phase leaves behind, as Markdown.
fn artifact(project: &Project, end: &PhaseEnd) -> ArtifactView {
    let name = &project.profile.name;
    let title = match end.phase {
        Phase::Intake => "Idea brief",
        Phase::Validation => "Validation report",
        Phase::Advisory => "Advisory opinion",
        Phase::Design => "Design summary",
        Phase::Build => "Build report",
        Phase::Hardening => "Readiness report",
        Phase::Launch => "Launch report",
        Phase::Growth | Phase::Completed => "Closing report",
    };
    let mut text = format!("# {title}: {name}\n\n");
    let mut line = |words: String| {
        text.push_str(&words);
        text.push('\n');
    };
    match end.phase {
        Phase::Intake => {
            let profile = &project.profile;
            let or = |value: &str, other: &str| {
                if value.is_empty() { other.to_string() } else { value.into() }
            };
            line(format!("**Hypothesis.** {}", or(&profile.hypothesis, "None was stated.")));
            line(format!(
                "\n**For whom.** {}",
                or(&profile.target_customers.join(", "), "Not said.")
            ));
            line(format!("\n**Market.** {}", or(&profile.target_market, "Not said.")));
            line(format!("\n**Earning money.** {}", or(&profile.business_model, "Not said.")));
        }
        Phase::Validation => {
            let score = phases::overall(&end.scores);
            let verdict = if score >= phases::SCORE_NEEDED { "Go on." } else { "Stop here." };
            line(format!(
                "**{} of 100. {verdict}**\n\n| aspect | score | weight |\n| --- | --- | --- |",
                score / 100
            ));
            let names = ["problem", "market", "competition", "feasibility"];
            for (nth, aspect) in names.iter().enumerate() {
                let weight = if nth == 0 { 40 } else { 20 };
                line(format!("| {aspect} | {} | {weight} % |", end.scores[nth] / 100));
            }
            let weakest = (0..4).min_by_key(|&nth| end.scores[nth]).unwrap_or(0);
            line(format!("\nThe weakest point is **{}**.", names[weakest]));
        }
        Phase::Advisory => {
            line(format!(
                "The money lasts **{} months** at the cost of today.\n\nRecommendations:\n",
                end.runway_months
            ));
            if end.runway_months < 9 {
                line("- Raise money or cut scope before the build: nine months are the least to plan with.".into());
            }
            if let Some(validation) = project.ends.iter().find(|end| end.phase == Phase::Validation)
            {
                let names = ["the problem", "the market", "the competition", "feasibility"];
                for (nth, aspect) in
                    names.iter().enumerate().filter(|(nth, _)| validation.scores[*nth] < 5_000)
                {
                    line(format!(
                        "- Look again at {aspect}: {} of 100.",
                        validation.scores[nth] / 100
                    ));
                }
            }
            if end.people < 4 {
                line(format!("- {} people are few for {} features.", end.people, project.scope));
            }
            line("- Show it to customers before it is finished.".into());
        }
        Phase::Build | Phase::Hardening => {
            line(format!("Quality as customers would meet it: **{} of 100**.", end.quality / 100));
            line(format!(
                "\nReview and test caught {} defects; {} known ones are open.",
                end.work.caught, end.bugs
            ));
        }
        Phase::Launch | Phase::Growth | Phase::Completed => {
            line(format!("**{} customers**, quality {} of 100.", end.customers, end.quality / 100));
        }
        Phase::Design => {
            line(format!("The product is cut into **{} features**.", project.scope));
        }
    }
    let work = &end.work;
    line("\n## What it took\n".into());
    line(format!("- {} tasks in {} working days, by {} people", work.tasks, end.days, end.people));
    line(format!(
        "- {} hours spent, {} estimated ({} %)",
        hours(work.spent_minutes),
        hours(work.estimate_minutes),
        work.spent_minutes.saturating_mul(100) / work.estimate_minutes.max(1)
    ));
    line(format!("- {} in the bank at the end", money(end.cash_cents)));
    line(format!(
        "\n*Based on the work, people and books of the project up to working day {}.*",
        end.tick / DAY
    ));
    ArtifactView { phase: end.phase, title: title.into(), text, tick: end.tick }
}

/// Cents as a readable amount.
fn money(cents: i64) -> String {
    let whole = (cents / 100).unsigned_abs().to_string();
    let mut grouped = String::new();
    for (nth, digit) in whole.chars().enumerate() {
        if nth > 0 && (whole.len() - nth).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{}{grouped}", if cents < 0 { "-" } else { "" })
}
