//! A small sample of the facts, quick enough for every run of the tests: few seeds, and bands that are
//! wider by half on either side. What holds by a hair or not at all is for `zeromesh validate facts`.

use std::collections::{BTreeMap, BTreeSet};

use super::*;

/// Seeds of the small sample.
const SEEDS: u64 = 8;
/// Facts about people that hold in a small sample and must go on doing so.
const OF_PEOPLE: &[&str] = &[
    "brooks-late",
    "brooks-early",
    "communication-loss",
    "learning-curve",
    "spread-typical",
    "spread-extreme",
    "overtime-early",
    "hiring-time",
    "newcomer-output",
    "ramp-up",
];
/// Such facts about work.
const OF_WORK: &[&str] =
    &["effort-size", "duration-scale", "task-q05", "task-q95", "lead-time-tail", "little"];
/// Such facts about the product and its customers.
const OF_THE_PRODUCT: &[&str] =
    &["defects-review", "defects-test", "defects-removed", "churn", "churn-quality"];

#[test]
fn the_surest_facts_about_people_hold_in_a_small_sample_with_wider_bands() {
    hold(OF_PEOPLE);
}

#[test]
fn the_surest_facts_about_work_hold_in_a_small_sample_with_wider_bands() {
    hold(OF_WORK);
}

#[test]
fn the_surest_facts_about_the_product_hold_in_a_small_sample_with_wider_bands() {
    hold(OF_THE_PRODUCT);
}

fn hold(names: &[&str]) {
    let mut samples: BTreeMap<Experiment, Vec<Sample>> = BTreeMap::new();
    let mut off = Vec::new();
    for name in names {
        let fact = Fact::named(name).unwrap_or_else(|| panic!("no fact {name}"));
        let samples = samples
            .entry(fact.experiment)
            .or_insert_with(|| (1..=SEEDS).map(|seed| fact.experiment.run(seed)).collect());
        let verdict = fact.judge(samples);
        let room = (fact.high - fact.low) / 2.0;
        let middle = verdict.median.unwrap_or(f64::NAN);
        if !(fact.low - room..=fact.high + room).contains(&middle) {
            off.push(format!("{name}: {middle}, not {} to {}", fact.low, fact.high));
        }
    }
    assert!(off.is_empty(), "{off:#?}");
}

#[test]
fn every_fact_has_a_name_of_its_own_a_source_and_a_band() {
    let mut names = BTreeSet::new();
    for fact in FACTS {
        assert!(names.insert(fact.name), "{} is there twice", fact.name);
        assert!(fact.low < fact.high && !fact.source.is_empty() && fact.statement.len() > 10);
    }
    assert!(names.len() >= 24);
}

#[test]
fn every_fact_is_measured_from_its_experiment() {
    let mut samples: BTreeMap<Experiment, Vec<Sample>> = BTreeMap::new();
    // These take long and are looked at by the command only.
    let long = [Experiment::Careers, Experiment::Adoption];
    for fact in FACTS.iter().filter(|fact| !long.contains(&fact.experiment)) {
        let samples = samples
            .entry(fact.experiment)
            .or_insert_with(|| (1..=2).map(|seed| fact.experiment.run(seed)).collect());
        assert!(fact.judge(samples).median.is_some(), "{} was not measured", fact.name);
    }
}

#[test]
fn an_experiment_says_the_same_of_the_same_seed() {
    for experiment in [Experiment::Brooks, Experiment::Spread, Experiment::Churn] {
        assert_eq!(experiment.run(3), experiment.run(3));
        assert_ne!(experiment.run(3), experiment.run(4));
    }
}

#[test]
fn a_verdict_tells_the_median_its_interval_and_whether_it_holds() {
    let fact = Fact::named("brooks-late").unwrap();
    let samples: Vec<Sample> = (0..101).map(|at| vec![vec![f64::from(at) - 60.0]]).collect();
    let verdict = fact.judge(&samples);
    assert_eq!(verdict.median, Some(-10.0));
    assert_eq!((verdict.from, verdict.to), (Some(-55.0), Some(35.0)));
    assert!(verdict.holds);
    let nothing = fact.judge(&[Sample::new(), Sample::new()]);
    assert_eq!((nothing.median, nothing.holds), (None, false));
}

#[test]
fn a_lab_carries_mail_and_gives_it_back_where_nobody_is() {
    use crate::id::{Hash, ShardId};
    use crate::model::kind::{Role, Seniority};
    use crate::model::spec::{ProjectSpec, TeamSpec};
    use crate::model::view::Phase;
    let mut lab = Lab::hourly(1);
    let mut spec = ProjectSpec::new("A", vec![TeamSpec::one(Role::Founder, Seniority::Mid)]);
    spec.phase = Phase::Growth;
    spec.market = Some(ShardId(Hash([9; 32])));
    let project = lab.found_project(spec).unwrap();
    lab.days(1).unwrap();
    assert!(lab.in_transit().count() > 0, "nothing is on its way");
    assert!(lab.project(project).unwrap().market.is_some());
    lab.days(3).unwrap();
    assert!(lab.project(project).unwrap().market.is_none(), "the offer came back");
}
