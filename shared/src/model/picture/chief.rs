//! The picture of how a company is led.

use crate::model::chief::act::{Act, ActKind, Outcome};
use crate::model::chief::answer::{Question, answer};
use crate::model::chief::goal::Goal;
use crate::model::chief::talk::place_of;
use crate::model::project::Project;
use crate::model::view::chief::{ActView, AnswerView, ChiefView, GoalView};

/// Goals, acts and answers.
pub fn picture(project: &Project) -> ChiefView {
    let chief = project.led().then(|| &project.people[project.leader()]);
    ChiefView {
        chief: chief.map(|person| project.person_ref(person.id)),
        chief_name: chief.map(|person| person.name.full()),
        hiring_frozen: project.chief.frozen,
        goals: project.chief.goals.iter().map(|goal| goal_view(project, goal)).collect(),
        goals_met: project.chief.met,
        goals_missed: project.chief.missed,
        acts: project.chief.acts.iter().map(|act| act_view(project, act)).collect(),
        answers: Question::USUAL
            .iter()
            .map(|&question| AnswerView {
                question: question.text(),
                answer: answer(project, question),
            })
            .collect(),
    }
}

fn goal_view(project: &Project, goal: &Goal) -> GoalView {
    let aim = goal.measure.text(goal.target);
    let bound = if goal.measure.up() { "at least" } else { "at most" };
    GoalView {
        id: goal.id,
        parent: goal.parent,
        department: goal.department.word().into(),
        owner: project.person_ref(goal.owner),
        owner_name: project.name_of(goal.owner),
        measure: goal.measure.word().into(),
        base: goal.base,
        target: goal.target,
        value: goal.value,
        text: format!("{bound} {aim} by day {}", goal.due_day),
        state: goal.state.word().into(),
        set_day: goal.set_day,
        due_day: goal.due_day,
    }
}

fn act_view(project: &Project, act: &Act) -> ActView {
    let (outcome, after) = match act.outcome {
        Outcome::Open => ("open", None),
        Outcome::Helped(after) => ("helped", Some(after)),
        Outcome::Nothing(after) => ("nothing", Some(after)),
        Outcome::Worse(after) => ("worse", Some(after)),
    };
    let kind = match act.kind {
        ActKind::Raise(_) => "raise",
        ActKind::Hire(_) => "hire",
        ActKind::HardeningWeek => "hardening_week",
        ActKind::CutScope(_) => "cut_scope",
        ActKind::Talk(_) => "talk",
        ActKind::Reassign(..) => "reassign",
        ActKind::FreezeHiring => "freeze_hiring",
        ActKind::ResumeHiring => "resume_hiring",
        ActKind::LetGo(_) => "let_go",
    };
    ActView {
        day: act.day,
        by: project.person_ref(act.by),
        by_name: project.name_of(act.by),
        kind: kind.into(),
        text: act_text(project, act),
        measure: act.measure.word().into(),
        before: act.before,
        expected: act.expected,
        after,
        outcome: outcome.into(),
    }
}

/// What was done and why.
pub fn act_text(project: &Project, act: &Act) -> String {
    let is = act.measure.text(act.before);
    let name = |id: u32| project.short_name_of(id);
    match act.kind {
        ActKind::Raise(department) => format!("put work of {} first at {is}", place_of(department)),
        ActKind::Hire(role) => format!("opened a position ({}) at {is}", role.word()),
        ActKind::HardeningWeek => format!("called a week of hardening at {is}"),
        ActKind::CutScope(count) => format!("took {count} features off the board at {is}"),
        ActKind::Talk(person) => format!("{} had a talk with {}", name(act.by), name(person)),
        ActKind::Reassign(from, to) => format!("gave work of {} to {}", name(from), name(to)),
        ActKind::FreezeHiring => format!("stopped hiring with {is}"),
        ActKind::ResumeHiring => format!("allowed hiring again with {is}"),
        ActKind::LetGo(person) => format!("let {} go with {is}", name(person)),
    }
}

/// What came of it.
pub fn outcome_text(act: &Act) -> String {
    let text = |value: i32| match act.kind {
        ActKind::Talk(_) => format!("a morale of {value} of 100"),
        _ => act.measure.text(value),
    };
    match act.outcome {
        Outcome::Open => "It is too early to say what comes of it.".into(),
        Outcome::Helped(after) => format!("It helped: {} a month later.", text(after)),
        Outcome::Nothing(after) => format!("A month later nothing had changed: {}.", text(after)),
        Outcome::Worse(after) => format!("A month later it was worse: {}.", text(after)),
    }
}
