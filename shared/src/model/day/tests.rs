//! How days go: what they hold, what is chosen, and what comes of it.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::genesis::Genesis;
use crate::engine::model::Step;
use crate::id::{Hash, ShardId};
use crate::model::companies::{NAME, RULES};
use crate::model::day::draw::Draw;
use crate::model::day::sentence;
use crate::model::day::thought::{Choice, Thought};
use crate::model::happen::Happen;
use crate::model::kind::{Activity, Role, Seniority};
use crate::model::picture::whereabouts;
use crate::model::policies::Policies;
use crate::model::project::{DAY, Project};
use crate::model::spec::{ProjectSpec, TeamSpec};
use crate::model::tests::{World, company};
use crate::model::view::{Event, Phase};

fn engineers(count: u32, policies: Policies) -> ProjectSpec {
    ProjectSpec {
        phase: Phase::Build,
        stop_after: Phase::Completed,
        scope: 2_000,
        cash_cents: 900_000_000_000,
        team: vec![TeamSpec { count, ..TeamSpec::one(Role::Engineer, Seniority::Mid) }],
        policies,
        ..company()
    }
}

/// A project, minute by minute.
fn each_minute(spec: ProjectSpec, days: u64, mut look: impl FnMut(&Project, u64)) {
    let mut world = World::new(11);
    world.genesis.ticks_per_epoch = 1;
    let project = world.project(spec);
    for now in 0..days * DAY {
        world.run(1);
        look(world.state(project), now);
    }
}

/// Minutes of each activity a person and day, and how many activities are begun.
fn measured(spec: ProjectSpec, days: u64) -> (BTreeMap<&'static str, u64>, u64) {
    let mut minutes = BTreeMap::new();
    let (mut begun, mut people) = (0, 0);
    each_minute(spec, days, |project, now| {
        people += project.people.len() as u64;
        for person in &project.people {
            *minutes.entry(person.activity.word()).or_insert(0) += 1;
            begun += u64::from(person.since == now);
        }
    });
    let person_days = (people / DAY).max(1);
    minutes.values_mut().for_each(|sum: &mut u64| *sum /= person_days);
    (minutes, begun * 10 / person_days)
}

#[test]
fn a_day_has_four_to_five_hours_of_focus_lunch_some_talk_and_at_most_fourteen_activities() {
    let (minutes, begun) = measured(engineers(9, Policies::default()), 60);
    println!("{minutes:?}, {begun} tenths of activities a day");
    let of = |activity: Activity| minutes.get(activity.word()).copied().unwrap_or(0);
    let focus = of(Activity::Working) + of(Activity::Pairing);
    assert!((210..=300).contains(&focus), "{focus} minutes of focus");
    assert!((20..=32).contains(&of(Activity::Lunch)), "{minutes:?}");
    assert!((5..=25).contains(&of(Activity::Meeting)), "{minutes:?}");
    assert!((10..=60).contains(&of(Activity::Chat)), "{minutes:?}");
    for activity in [Activity::Pairing, Activity::Helping, Activity::Asking, Activity::Coffee] {
        assert!(minutes.contains_key(activity.word()), "no {activity:?} in {minutes:?}");
    }
    assert!((80..=140).contains(&begun), "{begun} tenths of activities");
}

#[test]
fn not_everybody_does_the_same_at_the_same_minute() {
    let mut arrivals = BTreeSet::new();
    each_minute(engineers(12, Policies::default()), 1, |project, now| {
        for person in &project.people {
            if person.was == Activity::Away && person.since == now {
                arrivals.insert(now);
            }
        }
    });
    assert!(arrivals.len() > 5, "{arrivals:?}");
}

#[test]
fn what_a_thought_chose_is_what_its_person_does() {
    let mut seen = BTreeSet::new();
    let spec = ProjectSpec { phase: Phase::Build, scope: 300, ..company() };
    each_minute(spec, 120, |project, now| {
        for person in &project.people {
            let thought = &person.thought;
            if person.since != now || thought.choice() == Choice::None {
                continue;
            }
            seen.insert(thought.choice().label());
            let meets = thought.choice() == Choice::Meet && person.activity == Activity::StandUp;
            assert!(
                meets || thought.choice().activity() == Some(person.activity),
                "{thought:?} does {:?}",
                person.activity
            );
            let works = matches!(person.activity, Activity::Working | Activity::Review);
            if works && thought.choice() != Choice::Answer {
                assert_eq!(person.task, Some(thought.task), "{thought:?}");
            }
            if let Some(other) = person.partner.filter(|_| thought.person > 0) {
                assert_eq!(other, thought.person, "{thought:?}");
            }
        }
    });
    assert!(seen.len() >= 18, "only {seen:?}");
}

#[test]
fn an_interruption_costs_the_time_to_find_the_way_back() {
    let mut world = World::new(5);
    let project = world.project(engineers(6, Policies::default()));
    world.days(3);
    world.run(5);
    let state = world.state(project).clone();
    let at = state.people.iter().position(|p| p.activity == Activity::Working).unwrap();
    let after = |interrupted: bool| {
        let mut state = state.clone();
        let id = state.people[at].task.unwrap();
        let task = state.task_at(id).unwrap();
        state.tasks[task].left = 10_000;
        state.people[at].day.lost = 0;
        state.people[at].stuck_since = None;
        let before = state.totals.interruptions;
        if interrupted {
            state.interrupt(at, 5);
        }
        assert_eq!(state.totals.interruptions - before, u64::from(interrupted));
        let genesis = Genesis::new("test", NAME, RULES, 1);
        let mut step = Step::new(&genesis, RULES, ShardId(Hash([1; 32])), 60, &[], &[], false);
        let now = state.people[at].since + 60;
        state.finish_activity(at, now, 0, &mut Happen::new(&mut step));
        assert_eq!(state.people[at].day.lost, 0);
        (10_000 - state.tasks[task].left, state.people[at].energy)
    };
    let ((quiet, fresh), (broken, strained)) = (after(false), after(true));
    let share = broken * 60 / quiet;
    assert!((42..=44).contains(&share), "{share} of 60 minutes are left of {quiet}");
    assert!(strained < fresh);
}

#[test]
fn too_few_meetings_leave_people_in_the_dark_and_too_many_leave_no_time() {
    let run = |minutes: u16| {
        let (mut done, mut focus, mut misunderstood) = (0, 0, 0);
        let mut ratios = Vec::new();
        for seed in 1..=6 {
            let mut world = World::new(seed);
            let policies = Policies { meeting_minutes_per_week: minutes, ..Policies::default() };
            let project = world.project(engineers(9, policies));
            world.days(120);
            let state = world.state(project);
            done += state.totals.done;
            focus += state.totals.focus_minutes / 1_000;
            let finished = state.tasks.iter().filter(|task| !task.open());
            ratios.extend(finished.map(|task| task.spent * 100 / task.estimate));
            misunderstood += state.totals.misunderstood * 1_000;
        }
        ratios.sort();
        println!(
            "spent / estimate {} %, {minutes}: {done} done, {focus} k focus, {} of 1,000 wrong",
            ratios[ratios.len() / 2],
            misunderstood / done,
        );
        (done, focus, misunderstood / done)
    };
    let (none, usual, many) = (run(0), run(90), run(900));
    assert!(none.2 > usual.2 * 2 && usual.2 > many.2, "misunderstood {none:?} {usual:?} {many:?}");
    assert!(many.1 * 4 < usual.1 * 3, "focus {usual:?} {many:?}");
    assert!(usual.0 > many.0, "done {usual:?} {many:?}");
    assert!(usual.0 > none.0, "done {none:?} {usual:?}");
}

#[test]
fn nobody_is_interrupted_at_home_and_help_takes_longer_there() {
    let run = |remote: u16| {
        let policies = Policies { remote, ..Policies::default() };
        let mut stuck = 0u64;
        let mut interruptions = 0;
        each_minute(engineers(9, policies), 40, |project, _| {
            stuck += project.people.iter().filter(|p| p.stuck_since.is_some()).count() as u64;
            interruptions = project.totals.interruptions;
            if remote == 10_000 {
                assert!(project.people.iter().all(|p| p.activity != Activity::Coffee));
            }
        });
        (stuck, interruptions)
    };
    let (near, far) = (run(0), run(10_000));
    assert!(near.1 > 100 && far.1 == 0, "{near:?} {far:?}");
    assert!(far.0 > near.0 * 5 / 4, "minutes stuck: {near:?} {far:?}");
}

#[test]
fn no_two_people_are_in_one_cell_and_those_who_meet_sit_in_one_room() {
    let policies = Policies { remote: 1_500, meeting_minutes_per_week: 400, ..Policies::default() };
    let mut spec = engineers(34, policies);
    spec.team.extend(company().team);
    let mut met = 0;
    each_minute(spec, 12, |project, now| {
        let mut cells = BTreeSet::new();
        let mut rooms = BTreeMap::new();
        for (at, person) in project.people.iter().enumerate() {
            let (place, cell) = whereabouts(project, at, person.activity);
            if matches!(place.word(), "away" | "home") {
                continue;
            }
            assert!(cells.insert(cell), "two at {cell:?} at {now}: {:?}", person.activity);
            if person.activity == Activity::Meeting {
                let slot = person.day.present();
                let who = (slot.occasion.word(), slot.minute, slot.with);
                if slot.occasion.word() != "one_to_one" {
                    assert_eq!(*rooms.entry(slot.room).or_insert(who), who);
                }
                met += 1;
            }
        }
    });
    assert!(met > 1_000);
}

#[test]
fn a_one_to_one_is_of_two_who_both_know_of_it() {
    let mut pairs = 0;
    let mut spec = engineers(24, Policies::default());
    spec.team.push(TeamSpec::one(Role::Manager, Seniority::Lead));
    each_minute(spec, 12, |project, now| {
        if now % DAY != 55 {
            return;
        }
        for person in &project.people {
            for slot in person.day.agenda.iter().filter(|s| s.occasion.word() == "one_to_one") {
                let other = &project.people[project.person_at(slot.with).unwrap()];
                let theirs = other.day.agenda.iter().any(|their| {
                    (their.occasion, their.minute, their.with)
                        == (slot.occasion, slot.minute, person.id)
                });
                assert!(theirs, "{slot:?}");
                pairs += 1;
            }
        }
    });
    assert!(pairs > 20, "{pairs}");
}

#[test]
fn a_thought_does_not_come_back_in_the_same_words_within_the_day() {
    let mut world = World::new(8);
    world.record = true;
    let project = world.project(ProjectSpec { phase: Phase::Build, scope: 200, ..company() });
    world.days(20);
    let mut counts = BTreeMap::<(String, u64, String), u32>::new();
    let mut all = 0;
    for event in &world.events {
        if let Event::Thought { tick, person, text, .. } = event {
            assert!(!text.contains('{') && text.len() > 10, "{text}");
            *counts.entry((person.clone(), tick / DAY, text.clone())).or_default() += 1;
            all += 1;
        }
    }
    let again = counts.values().filter(|&&count| count > 1).count();
    println!("{again} of {all} thoughts came twice in a day");
    assert!(again * 40 < all, "{again} of {all}");
    let state = world.state(project);
    for at in 0..state.people.len() {
        if let Some(text) = sentence::text(state, at) {
            println!("{}: {text}", sentence::kind(&state.people[at].thought));
        }
    }
}

#[test]
fn every_choice_has_words_whatever_it_is_about() {
    let mut world = World::new(8);
    let project = world.project(company());
    world.days(2);
    let mut state = world.state(project).clone();
    let mut draw = Draw::new(1);
    state.people[0].thought = Thought { task: 999, person: 999, ..Thought::leave() };
    let text = sentence::text(&state, 0).unwrap();
    assert!(text.len() > 20 && draw.below(2) < 2, "{text}");
    state.people[0].thought = Thought::NONE;
    assert_eq!(sentence::text(&state, 0), None);
}
