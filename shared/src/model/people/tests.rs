//! How people come, go and change in whole companies.

use std::collections::BTreeSet;

use crate::engine::model::{Flow, OUTBOX_BYTES_MAX};
use crate::id::ShardId;
use crate::model::command::ProjectCommand;
use crate::model::companies::{Companies, State, view};
use crate::model::kind::{Role, Seniority};
use crate::model::mail::Message;
use crate::model::people::absence::Absence;
use crate::model::people::career::CareerEvent;
use crate::model::people::exchange::{Exchange, ExchangeMessage};
use crate::model::people::names::Name;
use crate::model::people::person::Person;
use crate::model::people::staff::Link;
use crate::model::policies::Policies;
use crate::model::project::{Project, Vacancy};
use crate::model::spec::{Founding, MarketSpec, ProjectSpec, TeamSpec};
use crate::model::tests::World;
use crate::model::view::Phase;

/// A company of so many engineers with more money than it can use.
fn engineers(count: u32, scope: u32) -> ProjectSpec {
    let group = TeamSpec { count, ..TeamSpec::one(Role::Engineer, Seniority::Mid) };
    let mut spec = ProjectSpec::new("Harbour", vec![group]);
    spec.phase = Phase::Build;
    spec.stop_after = Phase::Completed;
    spec.scope = scope;
    spec.cash_cents = 900_000_000_000;
    spec
}

fn mean(people: &[Person], level: impl Fn(&Person) -> u64) -> u64 {
    people.iter().map(level).sum::<u64>() / people.len().max(1) as u64
}

fn project_mut(world: &mut World, shard: ShardId) -> &mut Project {
    match &mut world.shards.get_mut(&shard).unwrap().0 {
        State::Project(project) => project,
        State::Market(_) => panic!("a market"),
    }
}

fn exchange(world: &World, market: ShardId) -> &Exchange {
    match &world.shards[&market].0 {
        State::Market(market) => &market.exchange,
        State::Project(_) => panic!("a project"),
    }
}

/// Work there still is, in typical person-minutes that nobody in the company knows.
fn effort_left(state: &Project) -> u64 {
    state.tasks.iter().filter(|task| task.open()).map(|task| u64::from(task.left)).sum()
}

#[test]
fn overtime_helps_for_some_weeks_and_harms_when_it_goes_on() {
    // Work done a person in the first four weeks and in weeks 14 to 26, by hours of overtime.
    let run = |overtime_hours: u8| {
        let mut world = World::new(5);
        let mut spec = engineers(100, 2_000);
        spec.policies.overtime_hours = overtime_hours;
        let project = world.project(spec);
        let mut done = Vec::new();
        for days in [20, 50, 60] {
            let before = effort_left(world.state(project));
            world.days(days);
            done.push(before - effort_left(world.state(project)));
        }
        let exhaustion = mean(&world.state(project).people, |person| person.exhaustion.into());
        (done[0], done[2], exhaustion)
    };
    let (usual, ten, twelve) = (run(0), run(2), run(4));
    assert!(ten.0 * 100 > usual.0 * 108 && twelve.0 * 100 > usual.0 * 108, "{usual:?} {ten:?}");
    assert!(ten.1 * 100 < usual.1 * 99, "{usual:?} {ten:?}");
    assert!(twelve.1 * 100 < usual.1 * 85, "{usual:?} {twelve:?}");
    assert!(usual.2 < ten.2 && ten.2 < twelve.2);
}

#[test]
fn between_ten_and_fifteen_in_a_hundred_leave_an_ordinary_company_in_a_year() {
    let (mut left, mut years) = (0, 0);
    for seed in 0..3 {
        let mut world = World::new(seed);
        let mut spec = engineers(200, 2_000);
        spec.phase = Phase::Growth;
        let project = world.project(spec);
        for _ in 0..2 {
            let people = world.state(project).people.len() as u32;
            world.days(260);
            years += (people + world.state(project).people.len() as u32) / 2;
        }
        left += world.state(project).totals.left;
    }
    let percent = f64::from(left) * 100.0 / f64::from(years);
    assert!((10.0..15.0).contains(&percent), "{percent} % a year");
}

#[test]
fn people_who_are_worked_to_exhaustion_leave_and_break_down() {
    let run = |overtime_hours: u8| {
        let mut world = World::new(8);
        let mut spec = engineers(200, 2_000);
        spec.phase = Phase::Growth;
        spec.policies.overtime_hours = overtime_hours;
        let project = world.project(spec);
        let mut away = BTreeSet::new();
        for _ in 0..52 {
            world.days(5);
            let people = &world.state(project).people;
            away.extend(people.iter().filter(|p| p.absence == Absence::Burnout).map(|p| p.id));
        }
        (world.state(project).totals.left, away.len())
    };
    let (usual, worn) = (run(0), run(4));
    assert!(worn.0 * 2 > usual.0 * 3, "{usual:?} left and broke down, with overtime {worn:?}");
    assert_eq!(usual.1, 0);
    assert!(worn.1 > 10);
}

/// Working days a build takes, in the median of some seeds, when `added` people join `after` so
/// many percent of the days it takes without.
fn build_days(added: u32, after_percent: u64, alone: u64) -> u64 {
    let mut days: Vec<u64> = (0..9)
        .map(|seed| {
            let mut world = World::new(seed);
            let mut spec = engineers(8, 300);
            spec.stop_after = Phase::Build;
            spec.policies.replace_leavers = false;
            let project = world.project(spec);
            let at = alone * after_percent / 100;
            for day in 0..2_000 {
                if day == at && added > 0 {
                    let state = project_mut(&mut world, project);
                    for id in 0..added {
                        let (role, seniority) = (Role::Engineer, Seniority::Mid);
                        let due_day = day as u32;
                        state.vacancies.push(Vacancy { id, role, seniority, name: None, due_day });
                    }
                }
                world.days(1);
                if world.state(project).ended() {
                    return day;
                }
            }
            2_000
        })
        .collect();
    days.sort();
    days[days.len() / 2]
}

#[test]
fn adding_people_late_does_not_make_a_build_shorter_and_adding_them_early_does() {
    let alone = build_days(0, 0, 0);
    let early = build_days(5, 0, alone);
    let late = build_days(5, 80, alone);
    println!("{alone} days alone, {early} with five more at once, {late} with five more late");
    assert!(early * 100 < alone * 92, "{early} of {alone} days");
    assert!(late * 100 > alone * 98, "{late} of {alone} days");
}

#[test]
fn newcomers_have_a_mentor_until_they_know_the_project_and_both_remember_it() {
    let mut world = World::new(3);
    let project = world.project(engineers(6, 400));
    world.order(
        project,
        ProjectCommand::Hire {
            role: Role::Engineer,
            seniority: None,
            name: Some("New One".into()),
        },
    );
    let mut shown = 0;
    for _ in 0..320 {
        world.days(1);
        let state = world.state(project);
        let Some(new) = state.people.iter().find(|p| p.name == Name::Given("New One".into()))
        else {
            continue;
        };
        if let Some(mentor) = new.mentor {
            shown += 1;
            let mentor = &state.people[state.person_at(mentor).unwrap()];
            assert!(mentor.mentees >= 1 && mentor.id != new.id);
        } else if new.familiarity > 9_000 {
            assert!(new.relations.iter().any(|relation| relation.trust > 2_500));
            assert!(matches!(new.career[0].event, CareerEvent::Joined));
            break;
        }
    }
    assert!((20..80).contains(&shown), "shown around for {shown} days");
    let taught = |person: &Person| {
        person.career.iter().any(|step| matches!(step.event, CareerEvent::Taught(_)))
    };
    assert!(world.state(project).people.iter().any(taught));
}

#[test]
fn training_costs_time_and_raises_skill() {
    let crafts = |person: &Person| {
        let (first, second) = person.role.skills();
        u64::from(person.skill(first) + person.skill(second))
    };
    let run = |training: u16| {
        let mut world = World::new(4);
        let mut spec = engineers(40, 2_000);
        spec.policies.training = training;
        let project = world.project(spec);
        world.days(250);
        let state = world.state(project);
        let stayed: Vec<Person> = state.people.iter().filter(|p| p.id <= 40).cloned().collect();
        (state.totals.focus_minutes, mean(&stayed, crafts))
    };
    let (none, much) = (run(0), run(2_000));
    assert!(much.0 * 100 < none.0 * 88, "{none:?} {much:?}");
    assert!(much.1 > none.1 + 100, "{none:?} {much:?}");
}

#[test]
fn turning_the_policy_moves_people_to_remote_work_and_they_are_seen_there() {
    let mut world = World::new(4);
    let project = world.project(engineers(40, 100));
    world.days(3);
    let remote = |world: &World| {
        let picture = view(&world.shards[&project].0, &world.genesis).unwrap();
        picture
            .people
            .iter()
            .filter(|person| person.remote)
            .map(|person| person.id.clone())
            .collect()
    };
    let before: BTreeSet<String> = remote(&world);
    let change = serde_json::from_str(r#"{"type":"set_policies","remote":8000}"#).unwrap();
    world.order(project, change);
    world.days(1);
    let after: BTreeSet<String> = remote(&world);
    assert!(before.len() < 22 && after.len() > 24, "{} {}", before.len(), after.len());
    assert!(before.is_subset(&after));
    let communication = |remote| {
        let mut state = world.state(project).clone();
        state.policies = Policies { remote, ..Policies::default() };
        state.communication()
    };
    assert!(communication(0) < communication(10_000));
}

/// Founded and drawn, and all the places where somebody can be: (made, there, in transit, waiting, gone).
fn census(world: &World, market: ShardId) -> (u64, u64, u64, u64, u64) {
    let (mut made, mut there, mut gone) = (0, 0, 0);
    for (state, flow) in world.shards.values() {
        let State::Project(project) = state else { continue };
        let flows = &project.staff.flows;
        made += u64::from(flows.founded + flows.drawn);
        gone += u64::from(flows.gone + flows.strayed);
        let kept = i64::from(flows.founded + flows.drawn + flows.came)
            - i64::from(flows.went + flows.gone);
        if *flow == Flow::On {
            there += project.people.len() as u64;
            assert_eq!(kept, project.people.len() as i64);
        } else {
            assert_eq!(kept, 0, "everybody of a project that ended went somewhere");
        }
    }
    let carries = |body: &[u8]| {
        matches!(
            Message::from_bytes(body),
            Some(Message::Exchange(
                ExchangeMessage::Leaver(_)
                    | ExchangeMessage::Back(_)
                    | ExchangeMessage::Candidate { .. }
            ))
        )
    };
    let transit = world.mail.values().flatten().filter(|(_, mail)| carries(&mail.body)).count();
    let exchange = exchange(world, market);
    (made, there, transit as u64, exchange.pool.len() as u64, gone + exchange.gone)
}

/// The given names of everybody who is somewhere in the world, each as often as it is found.
fn names(world: &World, market: ShardId) -> Vec<String> {
    let mut names = Vec::new();
    for (state, flow) in world.shards.values() {
        if let (State::Project(project), Flow::On) = (state, flow) {
            names.extend(project.people.iter().map(|person| person.name.clone()));
        }
    }
    names.extend(exchange(world, market).pool.iter().map(|seeker| seeker.dossier.name.clone()));
    for (_, mail) in world.mail.values().flatten() {
        if let Some(Message::Exchange(
            ExchangeMessage::Leaver(dossier)
            | ExchangeMessage::Back(dossier)
            | ExchangeMessage::Candidate { dossier, .. },
        )) = Message::from_bytes(&mail.body)
        {
            names.push(dossier.name.clone());
        }
    }
    names
        .into_iter()
        .filter_map(|name| match name {
            Name::Given(name) => Some(name),
            Name::Made(..) => None,
        })
        .collect()
}

#[test]
fn nobody_is_doubled_or_lost_between_projects_their_exchange_and_the_outside() {
    let mut world = World::new(21);
    let market = world.found(Founding::Market(MarketSpec::default()));
    let mut projects = Vec::new();
    for (nth, name) in ["Harbour", "Quay", "Mole", "Jetty", "Pier"].iter().enumerate() {
        let mut spec = engineers(0, 300);
        spec.name = (*name).into();
        spec.team = (0..12)
            .map(|person| {
                let mut one = TeamSpec::one(Role::Engineer, Seniority::Mid);
                one.name = Some(format!("{name} {person}"));
                one
            })
            .collect();
        spec.market = Some(market);
        spec.policies.overtime_hours = if nth == 0 { 5 } else { 0 };
        // Two of them run out of money on the way, unless somebody finances them.
        if nth >= 3 {
            spec.cash_cents = 10_000_000 * nth as i64;
        }
        projects.push(world.project(spec));
    }
    let (mut came, mut most) = (0, 0);
    for week in 0..90u32 {
        let project = projects[week as usize % 3];
        let hire = ProjectCommand::Hire { role: Role::Engineer, seniority: None, name: None };
        world.order(project, hire);
        if week % 2 == 0 {
            let person = world.state(project).people[0].id.to_string();
            world.order(project, ProjectCommand::Fire { person });
        }
        if week == 70 {
            world.order(projects[2], ProjectCommand::Archive);
        }
        // Not always at the same hour of the day.
        world.run(37);
        let (made, there, transit, waiting, gone) = census(&world, market);
        assert_eq!(made, there + transit + waiting + gone, "in week {week}");
        let names = names(&world, market);
        let unique: BTreeSet<&String> = names.iter().collect();
        assert_eq!(unique.len(), names.len(), "somebody is in two places in week {week}");
        most = most.max(waiting);
        came = projects.iter().map(|&id| world.state(id).staff.flows.came).sum();
    }
    assert!(came > 10 && most > 3, "{came} moved, at most {most} waited");
    let ended = projects.iter().filter(|&&id| world.state(id).ended()).count();
    assert!(ended >= 3, "{ended} have ended");
    let moved: Vec<&Person> = projects
        .iter()
        .flat_map(|id| &world.state(*id).people)
        .filter(|p| p.career.iter().any(|step| matches!(step.event, CareerEvent::Worked(_))))
        .collect();
    assert!(!moved.is_empty());
    assert!(moved.iter().all(|person| person.career.last().is_some_and(|step| step.day > 0)));
}

#[test]
fn a_project_of_a_thousand_that_ends_says_no_more_than_a_step_may() {
    let mut world = World::new(2);
    let market = world.found(Founding::Market(MarketSpec::default()));
    let mut spec = engineers(0, 100);
    spec.team = (0..1_000)
        .map(|nth| {
            let mut one = TeamSpec::one(Role::Engineer, Seniority::Mid);
            one.name = Some(format!("{nth:080}"));
            one
        })
        .collect();
    spec.market = Some(market);
    let project = world.project(spec);
    world.days(6);
    assert_eq!(world.state(project).staff.link, Link::Open);
    world.order(project, ProjectCommand::Archive);
    world.run(1);
    let bytes: usize = world.mail.values().flatten().map(|(_, mail)| mail.body.len() + 40).sum();
    assert!(bytes > 5_000 && bytes < OUTBOX_BYTES_MAX, "{bytes} bytes");
    world.days(3);
    let (made, there, transit, waiting, gone) = census(&world, market);
    assert_eq!((there, transit), (0, 0));
    assert_eq!(made, waiting + gone);
    assert!(waiting > 40);
}

#[test]
fn a_project_without_a_market_loses_who_leaves_and_one_whose_market_is_not_there_too() {
    for market in [None, Some(ShardId(crate::id::Hash([99; 32])))] {
        let mut world = World::new(6);
        let mut spec = engineers(60, 300);
        spec.market = market;
        let project = world.project(spec);
        world.days(260);
        let flows = &world.state(project).staff.flows;
        assert!(flows.gone > 3, "{flows:?}");
        assert_eq!((flows.went, flows.came, flows.strayed), (0, 0, 0));
        assert_eq!(world.state(project).market, None);
    }
}

#[test]
fn a_person_is_shown_with_all_that_is_known_of_them() {
    let mut world = World::new(9);
    let project = world.project(engineers(8, 200));
    world
        .order(project, ProjectCommand::Hire { role: Role::Engineer, seniority: None, name: None });
    let mut seen = BTreeSet::new();
    for _ in 0..150 {
        world.days(1);
        let picture = view(&world.shards[&project].0, &world.genesis).unwrap();
        for person in &picture.people {
            seen.insert(person.status.clone());
            assert_eq!(person.mentor.is_some(), person.mentor_name.is_some());
            assert!((60..150).contains(&person.pay_percent), "{}", person.pay_percent);
            assert!(!person.career.is_empty() && !person.career[0].text.is_empty());
            assert!(person.status != "on_leave" || person.back_on_day.is_some());
        }
    }
    for status in ["at_work", "in_training", "sick", "on_leave"] {
        assert!(seen.contains(status), "nobody was {status}");
    }
    let picture = view(&world.shards[&project].0, &world.genesis).unwrap();
    let trusts = |relation: &crate::model::view::RelationView| relation.trust > 1_500;
    assert!(picture.people.iter().any(|person| person.relations.iter().any(trusts)));
}

#[test]
fn a_state_with_people_in_every_place_is_read_back() {
    use crate::engine::model::Model;
    let mut world = World::new(21);
    let market = world.found(Founding::Market(MarketSpec::default()));
    let mut spec = engineers(30, 300);
    spec.market = Some(market);
    let project = world.project(spec);
    world.days(10);
    for person in [3, 5, 9] {
        world.order(project, ProjectCommand::Fire { person: format!("{person}") });
    }
    world.days(5);
    assert!(exchange(&world, market).pool.len() >= 3);
    for (state, _) in world.shards.values() {
        let bytes = Companies.encode(state);
        assert_eq!(Companies.encode(&Companies.decode(&bytes).unwrap()), bytes);
    }
}
