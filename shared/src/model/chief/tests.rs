//! How companies are led.

use crate::model::chief::act::{ActKind, Outcome, RUNWAY_TO_HIRE};
use crate::model::chief::answer::{Question, answer};
use crate::model::chief::goal::GoalState;
use crate::model::chief::measure::Measure;
use crate::model::kind::{Department, Role, Seniority};
use crate::model::phases::board::{Advice, Adviser};
use crate::model::phases::condition::{Condition, Kept};
use crate::model::phases::tests::{Alone, company};
use crate::model::project::Project;
use crate::model::spec::{ProjectSpec, TeamSpec};
use crate::model::view::Phase;

fn growing() -> ProjectSpec {
    let mut spec = company();
    spec.phase = Phase::Growth;
    spec.stop_after = Phase::Completed;
    spec.customers = 300;
    spec
}

fn building() -> ProjectSpec {
    ProjectSpec { phase: Phase::Build, ..company() }
}

fn kinds(project: &Project) -> Vec<ActKind> {
    project.chief.acts.iter().map(|act| act.kind).collect()
}

#[test]
fn goals_are_set_and_broken_down_to_those_who_answer_for_them() {
    let mut alone = Alone::new(&building(), 1);
    alone.days(6);
    let project = alone.project();
    let goals = &project.chief.goals;
    assert!(goals.len() >= 5, "{goals:?}");
    for goal in goals {
        let owner = project.person_at(goal.owner).expect("the owner is here");
        match goal.parent {
            None => assert_eq!(owner, project.leader()),
            Some(parent) => {
                assert!(goals.iter().any(|other| other.id == parent && other.parent.is_none()));
                assert_eq!(project.people[owner].role.department(), goal.department);
            }
        }
    }
    let view = alone.view().chief;
    assert_eq!(view.goals.len(), goals.len());
    assert!(view.goals.iter().all(|goal| goal.text.contains("by day")));
}

#[test]
fn heads_report_every_week_and_what_they_say_belongs_to_the_goal() {
    let mut alone = Alone::new(&building(), 1);
    let mut reports = 0;
    for _ in 0..60 {
        alone.days(1);
        for talk in alone.view().talk {
            reports += usize::from(talk.kind == "report" && talk.tick + 480 > alone.project().tick);
        }
    }
    assert!(reports >= 8, "{reports}");
}

#[test]
fn a_company_of_two_has_no_chief() {
    let mut spec = growing();
    spec.team = vec![
        TeamSpec::one(Role::Founder, Seniority::Senior),
        TeamSpec::one(Role::Engineer, Seniority::Mid),
    ];
    spec.policies.hires_per_month = 0;
    let mut alone = Alone::new(&spec, 3);
    alone.days(60);
    if alone.project().people.len() < 3 {
        assert!(alone.project().chief.goals.is_empty() && alone.project().chief.acts.is_empty());
        assert_eq!(alone.view().chief.chief, None);
    }
}

#[test]
fn a_hire_follows_from_what_the_board_wanted_if_there_is_money_and_the_owner_lets_it() {
    let hired = |cash_cents: i64, per_month: u8| {
        let mut spec = building();
        spec.cash_cents = cash_cents;
        spec.policies.hires_per_month = per_month;
        spec.policies.replace_leavers = false;
        let mut alone = Alone::new(&spec, 5);
        alone.project_mut().path.conditions.push(Condition {
            adviser: Adviser::Market,
            advice: Advice::Hire(Role::Support),
            due_day: 60,
            kept: Kept::Open,
            funded_cents: 0,
        });
        alone.days(15);
        let asked = kinds(alone.project()).contains(&ActKind::Hire(Role::Support));
        assert_eq!(
            asked,
            alone.project().vacancies.iter().any(|v| v.role == Role::Support)
                || alone.project().people.iter().any(|p| p.role == Role::Support)
        );
        asked
    };
    assert!(hired(400_000_000, 1));
    assert!(!hired(400_000_000, 0), "the owner said no");
    assert!(!hired(25_000_000, 1), "there was no money");
}

#[test]
fn no_more_are_hired_in_a_month_than_the_owner_lets() {
    let mut spec = growing();
    spec.customers = 4_000;
    spec.policies.hires_per_month = 2;
    spec.cash_cents = 900_000_000;
    let mut alone = Alone::new(&spec, 5);
    for _ in 0..10 {
        alone.days(20);
        assert!(alone.project().chief.hires <= 2);
    }
    let hires = kinds(alone.project()).iter().filter(|k| matches!(k, ActKind::Hire(_))).count();
    assert!((1..=22).contains(&hires), "{hires}");
}

#[test]
fn hiring_stops_when_money_is_short_and_goes_on_when_there_is_some() {
    let mut alone = Alone::new(&building(), 2);
    alone.days(1);
    let daily = alone.project().daily_cost_cents();
    alone.project_mut().cash_cents = daily * 50;
    alone.days(8);
    assert!(alone.project().chief.frozen);
    assert!(kinds(alone.project()).contains(&ActKind::FreezeHiring));
    assert!(!alone.project().may_hire(Role::Engineer));
    alone.project_mut().cash_cents = daily * 400;
    alone.days(10);
    assert!(!alone.project().chief.frozen, "{:?}", kinds(alone.project()));
}

#[test]
fn people_are_let_go_when_the_money_is_nearly_gone_but_never_a_founder() {
    let mut spec = growing();
    spec.customers = 0;
    let mut alone = Alone::new(&spec, 2);
    alone.days(1);
    let daily = alone.project().daily_cost_cents();
    alone.project_mut().cash_cents = daily * 20;
    let before = alone.project().daily_cost_cents();
    alone.days(6);
    let project = alone.project();
    assert!(
        kinds(project).iter().any(|kind| matches!(kind, ActKind::LetGo(_))),
        "{:?}",
        kinds(project)
    );
    assert!(project.daily_cost_cents() < before);
    assert!(project.people.iter().any(|person| person.role == Role::Founder));
}

#[test]
fn a_word_with_somebody_unhappy_helps() {
    let morale = |led: bool| {
        let mut alone = Alone::new(&building(), 4);
        alone.days(4);
        let id = alone.project().people[4].id;
        if !led {
            // As if they had talked yesterday.
            alone.project_mut().chief.acts.push(crate::model::chief::act::Act {
                day: 4,
                by: 1,
                kind: ActKind::Talk(id),
                measure: Measure::Morale,
                before: 0,
                expected: 0,
                outcome: Outcome::Open,
            });
        }
        alone.project_mut().people[4].morale = 2_500;
        alone.project_mut().people[4].away_until = 0;
        alone.days(1);
        let talks = kinds(alone.project()).iter().filter(|k| **k == ActKind::Talk(id)).count();
        assert_eq!(talks, 1);
        let at = alone.project().person_at(id).expect("still here");
        alone.project().people[at].morale
    };
    assert!(morale(true) > morale(false) + 200);
}

#[test]
fn too_many_defects_call_for_a_week_of_hardening_that_puts_them_first() {
    let mut alone = Alone::new(&growing(), 6);
    alone.days(3);
    let mut rng = crate::rng::Rng::from_seed([9; 32]);
    for _ in 0..60 {
        let kind = crate::model::kind::TaskKind::Bug;
        alone.project_mut().add_made(kind, 2, (4, 8), Vec::new(), &mut rng);
    }
    alone.days(7);
    let project = alone.project();
    assert!(kinds(project).contains(&ActKind::HardeningWeek), "{:?}", kinds(project));
    let waiting = |priority| {
        project
            .tasks
            .iter()
            .filter(|t| t.kind == crate::model::kind::TaskKind::Bug)
            .filter(|t| t.state == crate::model::view::TaskState::Todo && t.priority == priority)
            .count()
    };
    assert!(waiting(5) > waiting(2), "{} {}", waiting(5), waiting(2));
}

#[test]
fn a_late_build_is_cut_and_what_is_cut_is_not_what_the_owner_asked_for() {
    let mut spec = building();
    spec.scope = 200;
    spec.cash_cents = 40_000_000;
    let mut alone = Alone::new(&spec, 8);
    alone.days(30);
    let project = alone.project();
    let cut = kinds(project).iter().any(|kind| matches!(kind, ActKind::CutScope(_)));
    assert!(cut, "{:?} {:?}", kinds(project), project.chief.goals);
    assert!(project.scope < 200 && project.totals.dropped > 0);
}

#[test]
fn what_came_of_an_act_is_seen_a_month_later() {
    let mut alone = Alone::new(&growing(), 7);
    alone.days(200);
    let acts = &alone.project().chief.acts;
    let day = Project::day_of(alone.project().tick);
    assert!(!acts.is_empty());
    for act in acts.iter().filter(|act| act.day + 30 < day) {
        assert_ne!(act.outcome, Outcome::Open, "{act:?}");
    }
    for act in alone.view().chief.acts {
        assert!(!act.text.is_empty() && (act.after.is_some() || act.outcome == "open"));
    }
}

#[test]
fn a_goal_that_adds_up_is_judged_by_the_time_that_has_gone() {
    let mut alone = Alone::new(&building(), 1);
    alone.days(6);
    let goals = &alone.project().chief.goals;
    let mut goal = *goals.iter().find(|goal| goal.measure == Measure::Output).expect("output");
    (goal.base, goal.target, goal.set_day, goal.due_day) = (0, 100, 0, 20);
    assert_eq!(goal.judge(50, 10), GoalState::OnTrack);
    assert_eq!(goal.judge(35, 10), GoalState::AtRisk);
    assert_eq!(goal.judge(10, 10), GoalState::Off);
    assert_eq!(goal.judge(100, 12), GoalState::Met);
    assert_eq!(goal.judge(99, 20), GoalState::Missed);
}

#[test]
fn answers_are_about_this_company() {
    let mut alone = Alone::new(&building(), 1);
    alone.days(30);
    let project = alone.project();
    for question in Question::USUAL {
        let text = answer(project, question);
        assert!(text.len() > 15, "{question:?}: {text}");
    }
    assert!(
        answer(project, Question::HowAreWe).contains("10 people") || project.people.len() != 10
    );
    assert!(answer(project, Question::WhenDone).contains("85 %"));
    assert!(answer(project, Question::CanAfford(1)).starts_with("Yes"));
    let mut poor = project.clone();
    poor.cash_cents = poor.daily_cost_cents() * (RUNWAY_TO_HIRE / 4);
    assert!(answer(&poor, Question::CanAfford(3)).starts_with("No"));
    assert!(answer(&poor, Question::BiggestRisk).starts_with("Money"));
    let at = poor.people.iter().position(|p| p.role.department() == Department::Engineering);
    let at = at.expect("an engineer");
    poor.people[at].hand = vec![1, 2, 3];
    poor.people[at].exhaustion = 6_000;
    assert!(answer(&poor, Question::WhoIsOverloaded).contains(&poor.people[at].name.short()));
}
