//! Metamorphic tests: what must not change, and what may only change one way, when the input is
//! changed. They need no right answer, only two runs.

use super::facts::{Lab, numbers::median};
use super::kind::{Role, Seniority, TaskKind};
use super::people::names::Name;
use super::project::Project;
use super::spec::{CENTS_MAX, MarketSpec, ProjectSpec, TaskSpec, TeamSpec};
use super::view::{Phase, ProjectSummary};
use crate::engine::model::Model;
use crate::id::ShardId;
use crate::model::companies::{Companies, State};

fn several(role: Role, seniority: Seniority, count: u32) -> TeamSpec {
    TeamSpec { count, ..TeamSpec::one(role, seniority) }
}

/// A company that does a bit of everything, with money enough not to end.
fn company() -> ProjectSpec {
    let team = vec![
        several(Role::Founder, Seniority::Senior, 1),
        several(Role::Product, Seniority::Mid, 1),
        several(Role::Engineer, Seniority::Senior, 1),
        several(Role::Engineer, Seniority::Mid, 3),
        several(Role::Tester, Seniority::Mid, 1),
        several(Role::Sales, Seniority::Mid, 1),
    ];
    let mut spec = ProjectSpec::new("Harbour", team);
    spec.cash_cents = CENTS_MAX;
    spec.phase = Phase::Build;
    spec.stop_after = Phase::Completed;
    spec
}

/// A world of a market and these projects, after so many days.
fn world(seed: u64, specs: &[ProjectSpec], days: u32) -> (Lab, Vec<ShardId>) {
    let mut lab = Lab::hourly(seed);
    let market = lab.found_market(MarketSpec::default()).expect("a market");
    let ids = specs
        .iter()
        .map(|spec| {
            let mut spec = spec.clone();
            spec.market = Some(market);
            lab.found_project(spec).expect("a good spec")
        })
        .collect();
    lab.days(days).expect("fuel enough");
    (lab, ids)
}

fn bytes(project: &Project) -> Vec<u8> {
    Companies.encode(&State::Project(Box::new(project.clone())))
}

/// All of a project but names.
fn nameless(project: &Project) -> Vec<u8> {
    let mut project = project.clone();
    project.profile.name.clear();
    for person in &mut project.people {
        person.name = Name::Made(0, 0);
    }
    for alumnus in &mut project.alumni {
        alumnus.name = Name::Made(0, 0);
    }
    bytes(&project)
}

#[test]
fn renaming_people_and_projects_changes_nothing_else() {
    let mut plain = company();
    plain.team = (0..6).map(|_| TeamSpec::one(Role::Engineer, Seniority::Mid)).collect();
    let mut named = plain.clone();
    named.name = "Another name altogether".into();
    for (at, person) in named.team.iter_mut().enumerate() {
        person.name = Some(format!("Person Number{at} von und zu"));
    }
    for seed in 1..4 {
        let (one, ids) = world(seed, std::slice::from_ref(&plain), 120);
        let (two, _) = world(seed, std::slice::from_ref(&named), 120);
        let state = |lab: &Lab| nameless(lab.project(ids[0]).expect("a project"));
        assert_eq!(state(&one), state(&two), "seed {seed}");
    }
}

/// Days and person-days that this team takes for these tasks, median over seeds.
fn takes(team: &[TeamSpec], tasks: usize, seeds: u64) -> (f64, f64) {
    let mut spec = ProjectSpec::new("backlog", team.to_vec());
    spec.phase = Phase::Build;
    spec.only_backlog = true;
    spec.cash_cents = CENTS_MAX;
    spec.policies.hires_per_month = 0;
    spec.backlog =
        (0..tasks).map(|_| TaskSpec { kind: TaskKind::Feature, ..TaskSpec::new("work") }).collect();
    let (mut days, mut person_days) = (Vec::new(), Vec::new());
    for seed in 0..seeds {
        let mut lab = Lab::daily(seed);
        let project = lab.found_project(spec.clone()).expect("a good spec");
        let mut worked = 0;
        while !lab.ended(project) {
            assert!(lab.day() < 4_000, "never done");
            worked += lab.project(project).expect("a project").people.len();
            lab.days(1).expect("fuel enough");
        }
        days.push(f64::from(lab.day()));
        person_days.push(worked as f64);
    }
    (median(&days), median(&person_days))
}

#[test]
fn a_more_senior_team_is_not_slower_in_the_median() {
    let days = |seniority| takes(&[several(Role::Engineer, seniority, 5)], 60, 21).0;
    let (junior, mid, senior) =
        (days(Seniority::Junior), days(Seniority::Mid), days(Seniority::Senior));
    assert!(mid <= junior && senior <= mid, "{junior} {mid} {senior}");
}

#[test]
fn a_more_skilled_team_is_not_slower_in_the_median() {
    let days = |more: u16| {
        let mut all = Vec::new();
        for seed in 0..21 {
            let mut spec = company();
            spec.only_backlog = true;
            spec.backlog = (0..60).map(|_| TaskSpec::new("work")).collect();
            let mut lab = Lab::daily(seed);
            let project = lab.found_project(spec).expect("a good spec");
            for person in &mut lab.project_mut(project).expect("a project").people {
                for skill in &mut person.skills {
                    *skill = (*skill + more).min(10_000);
                }
            }
            all.push(f64::from(lab.until_end(project, 4_000).expect("an end")));
        }
        median(&all)
    };
    assert!(days(1_500) <= days(0));
}

#[test]
fn more_scope_is_never_less_effort_in_the_median() {
    let team = [several(Role::Engineer, Seniority::Mid, 4)];
    let efforts: Vec<f64> =
        [10, 20, 40, 80].map(|tasks| takes(&team, tasks, 15).1).into_iter().collect();
    assert!(efforts.windows(2).all(|pair| pair[0] < pair[1]), "{efforts:?}");
}

#[test]
fn doubled_salaries_double_the_pay_and_change_no_work() {
    let spent = |times: i64| {
        let mut lab = Lab::hourly(5);
        let project = lab.found_project(company()).expect("a good spec");
        for person in &mut lab.project_mut(project).expect("a project").people {
            // A whole multiple of what is divided by, so that rounding is the same.
            person.salary_cents = person.salary_cents / 2_600_000 * 2_600_000 * times;
        }
        lab.days(20).expect("fuel enough");
        let state = lab.project(project).expect("a project");
        (state.totals.spent_cents, state.totals.focus_minutes, state.totals.done)
    };
    let (none, once, twice) = (spent(0), spent(1), spent(2));
    assert_eq!((once.1, once.2), (twice.1, twice.2), "the work is the same");
    assert_eq!(twice.0 - none.0, 2 * (once.0 - none.0), "pay is doubled");
    assert!(once.0 > none.0);
}

#[test]
fn a_project_alone_in_its_world_is_unaffected_by_another_world() {
    let alone = |other: bool| {
        let mut lab = Lab::hourly(7);
        let project = lab.found_project(company()).expect("a good spec");
        let mut elsewhere = Lab::hourly(8);
        elsewhere.found_project(company()).expect("a good spec");
        for _ in 0..60 {
            lab.days(1).expect("fuel enough");
            if other {
                elsewhere.days(1).expect("fuel enough");
            }
        }
        bytes(lab.project(project).expect("a project"))
    };
    assert_eq!(alone(false), alone(true));
}

#[test]
fn projects_that_share_no_market_do_not_change_each_other() {
    let ids: Vec<ShardId> = (1..=3).map(Lab::nth_id).collect();
    let found = |lab: &mut Lab, nth: usize| {
        let mut spec = company();
        spec.scope = 20 + nth as u32;
        let body = crate::model::spec::Founding::Project(Box::new(spec));
        lab.found_as(ids[nth], body).expect("a good spec");
    };
    let run = |order: &[usize]| {
        let mut lab = Lab::hourly(9);
        for &nth in order {
            found(&mut lab, nth);
        }
        lab.days(90).expect("fuel enough");
        lab
    };
    let state = |lab: &Lab, nth: usize| bytes(lab.project(ids[nth]).expect("a project"));
    let (forth, back, single) = (run(&[0, 1, 2]), run(&[2, 1, 0]), run(&[1]));
    for nth in 0..3 {
        assert_eq!(state(&forth, nth), state(&back, nth), "project {nth}");
    }
    assert_eq!(state(&forth, 1), state(&single, 1));
}

#[test]
fn recording_changes_nothing_whatever_the_phase() {
    for phase in [Phase::Intake, Phase::Design, Phase::Build, Phase::Hardening, Phase::Growth] {
        let run = |record: bool| {
            let mut lab = Lab::hourly(3);
            if record {
                lab = lab.recording();
            }
            let market = lab.found_market(MarketSpec::default()).expect("a market");
            for _ in 0..2 {
                let mut spec = company();
                spec.phase = phase;
                spec.market = Some(market);
                spec.customers = 50;
                lab.found_project(spec).expect("a good spec");
            }
            lab.days(40).expect("fuel enough");
            (lab.bytes(), lab.events.is_empty())
        };
        let (plain, silent) = run(false);
        let (told, nothing) = run(true);
        assert!(silent && !nothing);
        assert_eq!(plain, told, "{phase:?}");
    }
}

#[test]
fn the_length_of_an_epoch_does_not_change_what_a_company_is_like() {
    // Other draws, so not the same outcome; but hours of focus stay within a tenth.
    let focus = |lab: Lab| {
        let mut lab = lab;
        let project = lab.found_project(company()).expect("a good spec");
        lab.days(40).expect("fuel enough");
        let summary: ProjectSummary = lab.project(project).expect("a project").summary();
        assert!(summary.people > 0);
        lab.project(project).expect("a project").totals.focus_minutes as f64
    };
    let hourly = median(&(0..9).map(|seed| focus(Lab::hourly(seed))).collect::<Vec<_>>());
    let daily = median(&(0..9).map(|seed| focus(Lab::daily(seed))).collect::<Vec<_>>());
    assert!((hourly / daily - 1.0).abs() < 0.1, "{hourly} {daily}");
}
