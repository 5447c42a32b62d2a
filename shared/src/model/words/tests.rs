//! How the talk of whole companies reads: variety, tone, threads, truth.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::genesis::Genesis;
use crate::engine::model::{Founding, Model, Step};
use crate::id::{Hash, ShardId};
use crate::model::companies::{Companies, NAME, RULES, State, decode_event};
use crate::model::kind::{Role, Seniority};
use crate::model::project::{DAY, Project};
use crate::model::spec::{Founding as Body, ProjectSpec, TeamSpec};
use crate::model::view::{Event, Phase, Talk, TaskState};
use crate::model::words::phrases::CLEAR;
use crate::model::words::talk::{About, TALK_KEPT};
use crate::model::words::title::title_text;
use crate::model::words::tone::tone;

fn company(shard: u8, industry: &str) -> State {
    let several = |role, seniority, count| TeamSpec { count, ..TeamSpec::one(role, seniority) };
    let team = vec![
        several(Role::Founder, Seniority::Senior, 1),
        several(Role::Product, Seniority::Senior, 1),
        several(Role::Designer, Seniority::Mid, 1),
        several(Role::Engineer, Seniority::Senior, 2),
        several(Role::Engineer, Seniority::Mid, 3),
        several(Role::Engineer, Seniority::Junior, 1),
        several(Role::Tester, Seniority::Mid, 1),
        several(Role::Sales, Seniority::Mid, 1),
        several(Role::Support, Seniority::Mid, 1),
    ];
    let mut spec = ProjectSpec::new("Berthwise", team);
    spec.industry = industry.into();
    spec.description = "Berth planning for small harbours".into();
    spec.target_customers = vec!["harbour masters".into(), "sailing clubs".into()];
    spec.cash_cents = 400_000_000;
    spec.phase = Phase::Growth;
    spec.customers = 40;
    let genesis = Genesis::new("test", NAME, RULES, 5);
    let body = Body::Project(Box::new(spec)).to_body();
    let shard = ShardId(Hash([shard; 32]));
    Companies
        .found(&Founding { genesis: &genesis, rules: RULES, shard, epoch: 0, body: &body })
        .expect("a good spec")
}

fn project(state: &State) -> &Project {
    match state {
        State::Project(project) => project,
        State::Market(_) => panic!("a market"),
    }
}

/// Lives through some days and calls back after each epoch with what was said in it.
fn live(state: &mut State, days: u64, mut each: impl FnMut(&Project, Vec<Talk>)) {
    let genesis = Genesis::new("test", NAME, RULES, 5);
    let shard = project(state).shard;
    let ticks = u64::from(genesis.ticks_per_epoch);
    for epoch in 0..days * DAY / ticks {
        let mut step = Step::new(&genesis, RULES, shard, epoch, &[], &[], true);
        Companies.step(state, &mut step).expect("there is fuel");
        let said = step
            .events()
            .iter()
            .filter_map(|bytes| match decode_event(bytes) {
                Some(Event::Talk { talk }) => Some(talk),
                _ => None,
            })
            .collect();
        each(project(state), said);
    }
}

fn month(shard: u8) -> (State, Vec<Talk>) {
    let mut state = company(shard, "marine software");
    let mut all = Vec::new();
    live(&mut state, 30, |_, said| all.extend(said));
    (state, all)
}

#[test]
fn hardly_a_text_comes_twice_in_a_month_and_none_by_the_same_speaker_within_a_week() {
    let (_, said) = month(3);
    assert!(said.len() > 500, "{}", said.len());
    let texts: BTreeSet<&str> = said.iter().map(|talk| talk.text.as_str()).collect();
    let percent = texts.len() * 100 / said.len();
    assert!(percent >= 90, "{percent} % of {} texts are distinct", said.len());
    let mut last: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for talk in &said {
        if let Some(before) = last.insert((&talk.from, &talk.text), talk.tick) {
            assert!(talk.tick - before >= 5 * DAY, "twice within a week: {}", talk.text);
        }
    }
}

#[test]
fn words_and_numbers_agree_in_tone() {
    let (mut clear, mut agree, mut wrong) = (0, 0, Vec::new());
    for shard in [3, 9] {
        for talk in month(shard).1 {
            if talk.sentiment.abs() >= CLEAR {
                clear += 1;
                let same = talk.tone.signum() == talk.sentiment.signum();
                agree += u32::from(same);
                if !same {
                    wrong.push((talk.sentiment, talk.tone, talk.kind, talk.text));
                }
            }
        }
    }
    assert!(clear > 300, "{clear}");
    let some: Vec<_> = wrong.iter().take(30).collect();
    assert!(agree * 10 >= clear * 9, "{agree} of {clear} agree: {some:#?}");
}

#[test]
fn texts_are_whole_sentences_without_traces_of_their_making() {
    for talk in month(4).1 {
        let text = &talk.text;
        assert!(text.len() > 8 && text.len() < 500, "{text}");
        assert!(!text.contains(['{', '}', '|', '<', '>', '@']), "{text}");
        for odd in ["  ", " ,", " .", "..", ",.", "?.", "!.", ":.", ",,", "the the ", "“”"] {
            assert!(!text.contains(odd), "`{odd}` in: {text}");
        }
        assert!(text.ends_with(['.', '?', '!']), "{text}");
        let first = text.chars().find(|sign| sign.is_alphanumeric()).unwrap();
        assert!(!first.is_lowercase(), "{text}");
        assert_eq!(tone(text), talk.tone);
        assert!(talk.names.iter().all(|name| text.contains(name.as_str())));
    }
}

#[test]
fn answers_go_with_their_questions_and_reviews_of_a_task_with_each_other() {
    let mut state = company(6, "");
    let (mut answers, mut backings) = (0, 0);
    live(&mut state, 60, |project, _| {
        for note in &project.talk {
            let begins = project.talk.iter().find(|other| other.id == note.thread);
            match note.about {
                About::Answer { .. } => {
                    if let Some(question) = begins.filter(|begins| begins.id != note.id) {
                        assert_eq!(question.about, About::Question);
                        assert_eq!(question.task, note.task);
                        assert_eq!(Some(question.from), note.to.first());
                        answers += 1;
                    }
                }
                About::Backing { .. } => {
                    if let Some(told) = begins {
                        assert!(matches!(told.about, About::Escalation { .. }));
                        backings += 1;
                    }
                }
                _ => {}
            }
        }
    });
    assert!(answers > 20 && backings > 0, "{answers} {backings}");
}

#[test]
fn a_stand_up_tells_the_truth() {
    let mut state = company(7, "");
    let (mut told, mut waiting) = (0, 0);
    live(&mut state, 60, |project, _| {
        for note in &project.talk {
            let About::StandUp { hand, .. } = note.about else { continue };
            let fresh = project.tick - note.tick < 120;
            if let Some(past) = note.past.and_then(|id| project.task(id)) {
                told += 1;
                assert_eq!(past.state, TaskState::Done);
                assert_eq!(past.assignee, Some(note.from));
                assert!(past.done.unwrap() + 2 * DAY > note.tick);
            }
            waiting += u32::from(note.waits.is_some());
            if fresh && hand > 0 {
                assert!(note.task.is_some());
            }
        }
    });
    assert!(told > 20 && waiting > 5, "{told} {waiting}");
}

#[test]
fn the_analysis_counts_all_that_was_said_and_stays_small() {
    let mut state = company(7, "");
    let mut all = 0;
    live(&mut state, 130, |project, said| {
        all += said.len() as u64;
        assert!(project.talk.len() <= TALK_KEPT);
        project.words.analysis.check().unwrap();
    });
    let view =
        crate::model::companies::view(&state, &Genesis::new("test", NAME, RULES, 5)).unwrap();
    let analysis = view.talk_analysis;
    assert_eq!(analysis.notes, all);
    assert_eq!(analysis.days.len(), 90);
    assert!(analysis.urgent_share > 0 && analysis.urgent_share < 5_000);
    assert!(analysis.topics.iter().any(|topic| topic.sort == "area" && topic.weeks.len() > 4));
    assert!(analysis.central[0].degree >= analysis.central.last().unwrap().degree);
    assert!(analysis.central[0].degree >= 4);
    assert!(analysis.kinds.iter().any(|kind| kind.name == "one_to_one"));
    let bytes = crate::wire::codec::encode(&project(&state).words).len();
    assert!(bytes < 1_500, "{bytes} bytes of words");
}

#[test]
fn the_work_of_two_companies_is_called_differently_and_that_of_one_seldom_the_same() {
    let titles = |shard, industry: &str| -> Vec<String> {
        let mut state = company(shard, industry);
        let mut titles: BTreeMap<u32, String> = BTreeMap::new();
        live(&mut state, 40, |project, _| {
            for task in &project.tasks {
                titles.entry(task.id).or_insert_with(|| title_text(project, task));
            }
        });
        titles.into_values().collect()
    };
    let berths = titles(1, "marine software");
    let distinct: BTreeSet<&String> = berths.iter().collect();
    assert!(distinct.len() * 100 >= berths.len() * 93, "{} of {}", distinct.len(), berths.len());
    let health: BTreeSet<String> = titles(2, "hospital patient care clinics").into_iter().collect();
    let both = distinct.iter().filter(|title| health.contains(**title)).count();
    assert!(both * 5 < distinct.len(), "{both} of {}", distinct.len());
}
