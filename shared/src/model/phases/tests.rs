//! How projects go from an idea to customers, or do not.

use crate::engine::genesis::Genesis;
use crate::engine::model::{Flow, Founding, Model, Step};
use crate::id::{Hash, ShardId};
use crate::model::companies::{Companies, NAME, RULES, State, view};
use crate::model::kind::{Role, Seniority};
use crate::model::phases::board::{Advice, Adviser, Verdict};
use crate::model::phases::condition::Kept;
use crate::model::phases::evidence::Said;
use crate::model::phases::{EndFacts, next};
use crate::model::project::{EndReason, Project};
use crate::model::spec::{Founding as Body, ProjectSpec, TaskSpec, TeamSpec};
use crate::model::view::{Phase, ProjectView, Status};

/// A project alone in its world.
pub(in crate::model) struct Alone {
    genesis: Genesis,
    state: State,
    epoch: u64,
}

impl Alone {
    pub fn new(spec: &ProjectSpec, seed: u64) -> Alone {
        let genesis = Genesis::new("test", NAME, RULES, seed);
        let shard = ShardId(Hash([seed as u8; 32]));
        let body = Body::Project(Box::new(spec.clone())).to_body();
        let founding = Founding { genesis: &genesis, rules: RULES, shard, epoch: 0, body: &body };
        let state = Companies.found(&founding).expect("the spec is good");
        Alone { genesis, state, epoch: 0 }
    }

    pub fn project(&self) -> &Project {
        match &self.state {
            State::Project(project) => project,
            State::Market(_) => unreachable!("a project was founded"),
        }
    }

    pub fn project_mut(&mut self) -> &mut Project {
        match &mut self.state {
            State::Project(project) => project,
            State::Market(_) => unreachable!("a project was founded"),
        }
    }

    /// Lives for so many working days, or until it ends.
    pub fn days(&mut self, days: u64) {
        let shard = self.project().shard;
        for _ in 0..days * 8 {
            let mut step = Step::new(&self.genesis, RULES, shard, self.epoch, &[], &[], false);
            self.epoch += 1;
            if Companies.step(&mut self.state, &mut step) != Ok(Flow::On) {
                break;
            }
        }
    }

    /// Lives until this holds; says whether it came to that within so many working days.
    pub fn until(&mut self, days: u64, holds: impl Fn(&Project) -> bool) -> bool {
        for _ in 0..days {
            if holds(self.project()) {
                return true;
            }
            self.days(1);
        }
        holds(self.project())
    }

    pub fn view(&self) -> ProjectView {
        view(&self.state, &self.genesis).expect("a project has a view")
    }

    /// The state as it is stored, back again.
    pub fn through_bytes(&mut self) {
        self.state = Companies.decode(&Companies.encode(&self.state)).expect("a sound state");
    }
}

pub(in crate::model) fn company() -> ProjectSpec {
    let several = |role, seniority, count| TeamSpec { count, ..TeamSpec::one(role, seniority) };
    let team = vec![
        several(Role::Founder, Seniority::Senior, 1),
        several(Role::Product, Seniority::Mid, 1),
        several(Role::Designer, Seniority::Mid, 1),
        several(Role::Engineer, Seniority::Senior, 2),
        several(Role::Engineer, Seniority::Mid, 3),
        several(Role::Tester, Seniority::Mid, 1),
        several(Role::Sales, Seniority::Mid, 1),
    ];
    let mut spec = ProjectSpec::new("Harbour", team);
    spec.hypothesis = "Small harbours lose berths to paper lists".into();
    spec.target_customers = vec!["harbour masters".into(), "sailing clubs".into()];
    spec.cash_cents = 400_000_000;
    spec
}

/// A seed and a spec that get far: a good idea.
fn good(seed: u64, spec: &ProjectSpec) -> Alone {
    let mut alone = Alone::new(spec, seed);
    alone.project_mut().idea = 8_500;
    alone
}

#[test]
fn every_phase_can_be_the_last_and_leaves_its_artifact() {
    let mut last = Phase::Intake;
    while last < Phase::Growth {
        let spec = ProjectSpec { stop_after: last, ..company() };
        let mut alone = good(3, &spec);
        alone.days(600);
        let project = alone.project();
        assert_eq!(project.end, Some(EndReason::Reached(last)), "in {:?}", project.phase);
        assert_eq!(project.status, Status::Completed);
        let view = alone.view();
        assert_eq!(view.artifacts.last().map(|artifact| artifact.phase), Some(last));
        assert!(view.end_reason.is_some_and(|reason| reason.contains(super::word(last))));
        last = next(last);
    }
}

#[test]
fn a_project_that_starts_later_skips_what_was_before() {
    let spec = ProjectSpec { phase: Phase::Build, stop_after: Phase::Hardening, ..company() };
    let mut alone = Alone::new(&spec, 5);
    let skipped = alone.view().path.skipped;
    assert_eq!(skipped, [Phase::Intake, Phase::Validation, Phase::Advisory, Phase::Design]);
    alone.days(400);
    let phases: Vec<Phase> = alone.project().ends.iter().map(|end| end.phase).collect();
    assert_eq!(phases, [Phase::Build, Phase::Hardening]);
}

#[test]
fn a_bad_idea_is_stopped_with_a_report_that_says_why() {
    let mut stopped = 0;
    for seed in 0..10 {
        let mut alone = Alone::new(&company(), seed);
        alone.project_mut().idea = 900;
        alone.days(400);
        let project = alone.project();
        let Some(EndReason::NotValidated(..) | EndReason::Advised(_)) = project.end else {
            continue;
        };
        stopped += 1;
        assert_eq!(project.status, Status::Failed);
        let view = alone.view();
        let report =
            view.artifacts.iter().rev().find(|a| a.phase == Phase::Validation).expect("a report");
        let evidence = &project.path.evidence;
        let count = format!("{} of the {} interviewed", evidence.confirmed, evidence.interviews);
        if matches!(project.end, Some(EndReason::NotValidated(..))) {
            assert!(report.text.contains("Why it stops here"), "{}", report.text);
            assert!(
                report.text.contains(&count) || report.text.contains("are needed"),
                "{}",
                report.text
            );
        }
    }
    assert!(stopped >= 7, "{stopped} of 10 hopeless ideas were stopped");
}

#[test]
fn a_good_idea_is_not_stopped_by_validation() {
    for seed in 0..10 {
        let spec = ProjectSpec { stop_after: Phase::Advisory, ..company() };
        let mut alone = good(seed, &spec);
        alone.days(300);
        assert_eq!(alone.project().end, Some(EndReason::Reached(Phase::Advisory)), "seed {seed}");
    }
}

#[test]
fn what_nobody_has_said_is_worked_out_or_found_missing() {
    let mut spec = company();
    spec.stop_after = Phase::Intake;
    spec.hypothesis.clear();
    spec.target_customers.clear();
    let (mut worked, mut missing) = (0, 0);
    for seed in 0..12 {
        let mut alone = Alone::new(&spec, seed);
        alone.days(60);
        let brief = alone.project().path.brief;
        worked += brief.iter().filter(|said| matches!(said, Said::Team(_))).count();
        let lacking = brief.iter().filter(|said| **said == Said::Missing).count();
        missing += lacking;
        let text = &alone.view().artifacts[0].text;
        assert_eq!(
            text.contains("issing:") || text.contains("could say") || text.contains("Open:"),
            lacking > 0
        );
    }
    assert!(worked > 12 && missing > 3, "{worked} worked out, {missing} missing");
}

#[test]
fn more_interviews_make_the_report_surer() {
    let alone = Alone::new(&company(), 1);
    let mut few = alone.project().clone();
    few.path.evidence.interviews = 4;
    few.path.evidence.confirmed = 3;
    let mut many = few.clone();
    many.path.evidence.interviews = 40;
    many.path.evidence.confirmed = 30;
    let (few, many) = (few.validate(), many.validate());
    assert!(many.confidence > few.confidence + 1_000);
    assert!(many.scores[0] > few.scores[0], "the same share of more people says more");
}

#[test]
fn a_board_that_sees_no_money_says_stop_and_so_it_ends() {
    let mut alone = good(4, &company());
    assert!(alone.until(200, |project| project.phase == Phase::Advisory));
    let project = alone.project_mut();
    project.cash_cents = project.daily_cost_cents() * 35;
    assert!(alone.until(30, Project::ended), "it goes on");
    let Some(EndReason::Advised(_)) = alone.project().end else {
        panic!("{:?}", alone.project().end)
    };
    let view = alone.view();
    assert!(view.artifacts.last().is_some_and(|a| a.text.to_lowercase().contains("stop")));
}

#[test]
fn the_scope_is_cut_to_what_can_be_paid_for() {
    let spec = ProjectSpec { scope: 150, cash_cents: 60_000_000, ..company() };
    let mut alone = good(7, &spec);
    alone.days(2);
    let mut project = alone.project().clone();
    project.phase = Phase::Advisory;
    project.path.evidence.interviews = 30;
    project.path.evidence.confirmed = 25;
    let answer = project.consult();
    let cut = answer.advice.iter().find_map(|(adviser, advice)| match advice {
        Advice::CutScope { from, to } => Some((*adviser, *from, *to)),
        _ => None,
    });
    let Some((adviser, from, to)) = cut else { panic!("{answer:?}") };
    assert_eq!((adviser, from), (Adviser::Money, 150));
    assert!((90..150).contains(&to), "{to}");
}

#[test]
fn conditions_are_taken_on_and_seen_to_be_done() {
    let mut seen = 0;
    for seed in 0..8 {
        let spec = ProjectSpec { stop_after: Phase::Build, ..company() };
        let mut alone = Alone::new(&spec, seed);
        alone.project_mut().idea = 6_500;
        alone.days(400);
        let project = alone.project();
        for condition in &project.path.conditions {
            if let Advice::MoreInterviews(_) = condition.advice {
                assert!(matches!(condition.kept, Kept::Done(_)), "{condition:?}");
                assert!(project.path.evidence.interviews >= 14);
                seen += 1;
            }
        }
    }
    assert!(seen > 0, "no board asked for interviews");
}

#[test]
fn a_lukewarm_idea_is_changed_once_and_looked_into_again() {
    let mut changed = 0;
    for seed in 0..12 {
        let mut alone = Alone::new(&company(), seed);
        alone.project_mut().idea = 3_800;
        alone.days(250);
        let project = alone.project();
        let phases: Vec<Phase> = project.ends.iter().map(|end| end.phase).collect();
        let validations = phases.iter().filter(|phase| **phase == Phase::Validation).count();
        assert!(project.path.pivots <= 1 && validations <= 2);
        if project.path.pivots == 1 {
            changed += 1;
            let first = project.ends.iter().find_map(|end| match &end.facts {
                EndFacts::Board(answer) => Some(answer.verdict),
                _ => None,
            });
            assert_eq!(first, Some(Verdict::Pivot));
        }
    }
    assert!(changed >= 2, "{changed} of 12 were changed");
}

#[test]
fn what_cannot_be_reached_is_stopped_while_there_is_money_left() {
    let spec = ProjectSpec { phase: Phase::Build, scope: 400, cash_cents: 40_000_000, ..company() };
    let mut alone = Alone::new(&spec, 9);
    alone.days(300);
    let project = alone.project();
    let Some(EndReason::OutOfReach(needed, there)) = project.end else {
        // Founders of their own accord may have been quicker.
        assert!(project.ended() && project.cash_cents > 0, "{:?}", project.end);
        return;
    };
    assert!(needed > there);
    assert!(project.cash_cents > 0);
    assert!(alone.view().end_reason.is_some_and(|reason| reason.contains("before the money")));
}

#[test]
fn progress_goes_back_only_when_it_is_said_why() {
    for seed in 0..4 {
        let spec = ProjectSpec { phase: Phase::Build, ..company() };
        let mut alone = Alone::new(&spec, seed);
        let (mut before, mut phase) = (0, Phase::Build);
        for day in 0..150 {
            if day == 20 {
                let project = alone.project_mut();
                let mut rng = crate::rng::Rng::from_seed([1; 32]);
                for _ in 0..40 {
                    let kind = crate::model::kind::TaskKind::Feature;
                    project.add_made(kind, 3, (10, 20), Vec::new(), &mut rng);
                }
            }
            let said = alone.project().path.setbacks.last().copied();
            alone.days(1);
            let project = alone.project();
            if project.phase != phase {
                (before, phase) = (0, project.phase);
            }
            let now = project.progress();
            if now < before {
                let why = project.path.setbacks.last().copied();
                assert_ne!(why, said, "from {before} to {now} without a word");
                assert_eq!(why.map(|why| (why.from, why.to)), Some((before, now)));
            }
            before = now;
        }
        assert!(!alone.project().path.setbacks.is_empty(), "forty features more went unnoticed");
    }
}

#[test]
fn most_phases_end_below_their_85_percent_estimate_and_about_half_below_the_50() {
    let (mut below_50, mut below_85, mut all) = (0, 0, 0);
    let mut wrong = Vec::new();
    for seed in 0..24 {
        let spec = ProjectSpec { phase: Phase::Design, stop_after: Phase::Launch, ..company() };
        let mut alone = Alone::new(&spec, seed);
        let (mut middle, mut far) = (0, 0);
        let mut day = 0;
        while !alone.project().ended() && day < 700 {
            // The whole way is estimated on the tenth day of the build.
            let project = alone.project();
            let began = Project::day_of(project.phase_since);
            if project.phase == Phase::Build && middle == 0 && day == began + 10 {
                let (m, f, until) = project.days_until_end();
                assert_eq!(until, Phase::Launch);
                (middle, far) = (day + m, day + f);
            }
            alone.days(1);
            day += 1;
        }
        all += 1;
        below_50 += u32::from(day <= middle);
        below_85 += u32::from(day <= far);
        wrong.push((day, middle, far));
        println!("WAY {seed} took {day} p50 {middle} p85 {far} {:?}", alone.project().end);
        for end in &alone.project().ends {
            println!("PHASE {:?} {} {:?}", end.phase, end.days, end.promised);
        }
    }
    assert!(below_85 * 100 >= all * 67, "{below_85} of {all}: {wrong:?}");
    assert!(
        below_50 * 100 <= all * 80 && below_50 * 100 >= all * 20,
        "{below_50} of {all}: {wrong:?}"
    );
}

#[test]
fn an_estimate_says_what_it_is_made_of() {
    let spec = ProjectSpec { phase: Phase::Build, ..company() };
    let mut alone = Alone::new(&spec, 2);
    let first = alone.view().estimate;
    assert!(first.explained.contains("assumed pace"), "{}", first.explained);
    alone.days(25);
    let later = alone.view().estimate;
    assert!(later.explained.contains("full days"), "{}", later.explained);
    assert!(later.phase_days_50 < first.phase_days_50 && later.phase_days_85 > later.phase_days_50);
    assert!(later.days_50 > later.phase_days_50, "hardening and launch come after it");
}

#[test]
fn a_backlog_is_estimated_too_and_nothing_else_is_done() {
    let mut spec = company();
    spec.only_backlog = true;
    spec.phase = Phase::Build;
    spec.backlog = (0..200).map(|at| TaskSpec::new(format!("Task {at}"))).collect();
    let mut alone = Alone::new(&spec, 2);
    alone.days(10);
    let project = alone.project();
    assert!(project.estimate_phase().days_50 > 3);
    assert!(project.chief.goals.is_empty() && project.chief.acts.is_empty());
    assert!(project.path.conditions.is_empty() && project.vacancies.is_empty());
    alone.days(300);
    assert_eq!(alone.project().end, Some(EndReason::BacklogDone));
}

#[test]
fn the_way_of_a_project_survives_its_bytes_and_its_bounds_hold() {
    let mut alone = good(6, &ProjectSpec { market: None, ..company() });
    for _ in 0..20 {
        alone.days(30);
        let before = Companies.encode(&alone.state);
        alone.through_bytes();
        assert_eq!(before, Companies.encode(&alone.state));
        assert_eq!(alone.project().check(), Ok(()));
    }
}

#[test]
fn artifacts_of_two_projects_are_no_form_letters() {
    let texts: Vec<Vec<String>> = [1, 2]
        .map(|seed| {
            let mut alone = good(seed, &company());
            alone.days(400);
            alone.view().artifacts.into_iter().map(|artifact| artifact.text).collect()
        })
        .into();
    assert!(texts[0].len() >= 6, "{}", texts[0].len());
    for (one, other) in texts[0].iter().zip(&texts[1]) {
        let lines: std::collections::BTreeSet<&str> =
            one.lines().filter(|line| line.len() > 20).collect();
        let same = other.lines().filter(|line| lines.contains(line)).count();
        assert!(same * 2 < lines.len().max(2), "{same} of {} lines:\n{one}\n{other}", lines.len());
    }
}
