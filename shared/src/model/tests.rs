//! How whole companies behave, step by step: a small world driven without an engine.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::engine::genesis::Genesis;
use crate::engine::model::{CommandInput, Flow, Founding, Mail, Model, Outgoing, Refused, Step};
use crate::id::{CommandId, Epoch, Hash, Hasher, ShardId};
use crate::model::business::market::MarketMessage;
use crate::model::command::ProjectCommand;
use crate::model::companies::{Companies, NAME, RULES, State, decode_event, summary_of, view};
use crate::model::kind::{Role, Seniority, TaskKind};
use crate::model::mail::Message;
use crate::model::project::{EndReason, Project};
use crate::model::spec::{Founding as Body, MarketSpec, ProjectSpec, TaskSpec, TeamSpec};
use crate::model::view::{Event, Phase, Status, Summary, TaskState};

/// A world in one hand: shards in order of id, messages that arrive `lookahead` epochs later.
pub(in crate::model) struct World {
    pub genesis: Genesis,
    pub epoch: Epoch,
    pub shards: BTreeMap<ShardId, (State, Flow)>,
    pub mail: BTreeMap<Epoch, Vec<(ShardId, Mail)>>,
    orders: BTreeMap<ShardId, Vec<CommandInput>>,
    refused: Vec<Refused>,
    pub(in crate::model) events: Vec<Event>,
    pub(in crate::model) record: bool,
    /// Encode and decode every state between two steps.
    pub through_bytes: bool,
    next: u8,
    burned_most: u64,
}

impl World {
    pub fn new(seed: u64) -> World {
        World {
            genesis: Genesis::new("test", NAME, RULES, seed),
            epoch: 0,
            shards: BTreeMap::new(),
            mail: BTreeMap::new(),
            orders: BTreeMap::new(),
            refused: Vec::new(),
            events: Vec::new(),
            record: false,
            through_bytes: false,
            next: 1,
            burned_most: 0,
        }
    }

    pub fn found(&mut self, body: Body) -> ShardId {
        let shard = ShardId(Hash([self.next; 32]));
        self.next += 1;
        let body = body.to_body();
        let founding = Founding {
            genesis: &self.genesis,
            rules: RULES,
            shard,
            epoch: self.epoch,
            body: &body,
        };
        let state = Companies.found(&founding).expect("the spec is good");
        self.shards.insert(shard, (state, Flow::On));
        shard
    }

    pub fn project(&mut self, spec: ProjectSpec) -> ShardId {
        self.found(Body::Project(Box::new(spec)))
    }

    pub fn order(&mut self, shard: ShardId, command: ProjectCommand) {
        let orders = self.orders.entry(shard).or_default();
        let id = CommandId(Hash([orders.len() as u8; 32]));
        orders.push(CommandInput { id, body: command.to_body() });
    }

    pub fn run(&mut self, epochs: u64) {
        for _ in 0..epochs {
            let later = self.epoch + u64::from(self.genesis.lookahead);
            let mut arriving = Vec::new();
            for (to, mail) in self.mail.remove(&self.epoch).unwrap_or_default() {
                let alive = self.shards.get(&to).is_some_and(|(_, flow)| *flow == Flow::On);
                if alive {
                    arriving.push((to, mail));
                } else if !mail.returned {
                    // What finds nobody goes back, which takes as long as the way there.
                    let back = Mail { from: to, returned: true, body: mail.body };
                    self.mail.entry(later).or_default().push((mail.from, back));
                }
            }
            let mut sent: Vec<(ShardId, Outgoing)> = Vec::new();
            for (&shard, (state, flow)) in &mut self.shards {
                if *flow == Flow::Ended {
                    continue;
                }
                let inbox: Vec<Mail> = arriving
                    .iter()
                    .filter(|(to, _)| *to == shard)
                    .map(|(_, mail)| mail.clone())
                    .collect();
                let commands = self.orders.remove(&shard).unwrap_or_default();
                let mut step = Step::new(
                    &self.genesis,
                    RULES,
                    shard,
                    self.epoch,
                    &commands,
                    &inbox,
                    self.record,
                );
                *flow = Companies.step(state, &mut step).expect("there is fuel enough");
                self.burned_most = self.burned_most.max(self.genesis.fuel_per_step - step.fuel());
                sent.extend(step.outbox().iter().map(|out| (shard, out.clone())));
                self.refused.extend(step.refused().iter().cloned());
                self.events
                    .extend(step.events().iter().map(|e| decode_event(e).expect("an event")));
                if self.through_bytes {
                    *state = Companies.decode(&Companies.encode(state)).expect("a sound state");
                }
            }
            for (from, out) in sent {
                let mail = Mail { from, returned: false, body: out.body };
                self.mail.entry(later).or_default().push((out.to, mail));
            }
            self.epoch += 1;
        }
    }

    pub fn days(&mut self, days: u64) {
        self.run(days * 480 / u64::from(self.genesis.ticks_per_epoch));
    }

    pub fn state(&self, shard: ShardId) -> &Project {
        match &self.shards[&shard].0 {
            State::Project(project) => project,
            State::Market(_) => panic!("a market"),
        }
    }

    fn bytes(&self) -> Vec<Vec<u8>> {
        self.shards.values().map(|(state, _)| Companies.encode(state)).collect()
    }
}

pub(in crate::model) fn team() -> Vec<TeamSpec> {
    let several = |role, seniority, count| TeamSpec { count, ..TeamSpec::one(role, seniority) };
    vec![
        several(Role::Founder, Seniority::Senior, 1),
        several(Role::Product, Seniority::Mid, 1),
        several(Role::Designer, Seniority::Mid, 1),
        several(Role::Engineer, Seniority::Senior, 2),
        several(Role::Engineer, Seniority::Mid, 3),
        several(Role::Tester, Seniority::Mid, 1),
        several(Role::Sales, Seniority::Mid, 1),
    ]
}

pub(in crate::model) fn company() -> ProjectSpec {
    let mut spec = ProjectSpec::new("Harbour", team());
    spec.hypothesis = "Small harbours lose berths to paper lists".into();
    spec.target_customers = vec!["harbour masters".into(), "sailing clubs".into()];
    spec.cash_cents = 400_000_000;
    spec
}

/// A seed whose idea passes validation, so that tests of later phases have something to look at.
pub(in crate::model) const SEED: u64 = 11;

#[test]
fn the_same_inputs_give_the_same_state_looked_at_or_not_and_through_bytes_or_not() {
    let run = |record, through_bytes| {
        let mut world = World::new(SEED);
        world.record = record;
        world.through_bytes = through_bytes;
        let market = world.found(Body::Market(MarketSpec::default()));
        let mut spec = company();
        spec.market = Some(market);
        world.project(spec.clone());
        spec.name = "Quay".into();
        spec.phase = Phase::Growth;
        world.project(spec);
        world.days(120);
        world.bytes()
    };
    let plain = run(false, false);
    assert_eq!(plain, run(true, false));
    assert_eq!(plain, run(false, true));
}

#[test]
fn a_company_goes_through_its_phases_and_each_leaves_an_artifact() {
    let mut world = World::new(SEED);
    let project = world.project(company());
    // An idea that the board lets through at once.
    if let Some((State::Project(state), _)) = world.shards.get_mut(&project) {
        state.idea = 8_500;
    }
    world.days(500);
    let state = world.state(project);
    let phases: Vec<Phase> = state.ends.iter().map(|end| end.phase).collect();
    let expected = [
        Phase::Intake,
        Phase::Validation,
        Phase::Advisory,
        Phase::Design,
        Phase::Build,
        Phase::Hardening,
        Phase::Launch,
    ];
    assert_eq!(phases[..7.min(phases.len())], expected, "{:?} {:?}", state.phase, state.end);
    let picture = view(&world.shards[&project].0, &world.genesis).unwrap();
    for artifact in &picture.artifacts {
        assert!(
            artifact.text.contains("working days") && artifact.text.len() > 150,
            "{}",
            artifact.text
        );
    }
    assert!(picture.summary.customers > 0, "launched and nobody came");
}

#[test]
fn money_people_and_tasks_are_neither_made_nor_lost() {
    let mut world = World::new(SEED);
    let market = world.found(Body::Market(MarketSpec::default()));
    let mut spec = company();
    spec.market = Some(market);
    let project = world.project(spec);
    let founders = world.state(project).people.len() as u32;
    for _ in 0..60 {
        world.order(project, ProjectCommand::Fund { cents: 1_000 });
        world.days(7);
        let state = world.state(project);
        let totals = &state.totals;
        assert_eq!(
            state.cash_cents,
            totals.funded_cents + totals.earned_cents - totals.spent_cents
        );
        assert_eq!(state.people.len() as u32, founders + totals.hired - totals.left);
        let open = state.tasks.iter().filter(|task| task.open()).count() as u64;
        let made = u64::from(state.next_task - 1) + totals.reopened;
        assert_eq!(made, open + totals.done + totals.dropped);
        let counts = state.cache.counts;
        let mut again = state.clone();
        again.recount();
        assert_eq!(counts, again.cache.counts);
        assert_eq!(state.cache.open_minutes, again.cache.open_minutes);
        assert_eq!(state.cache.bugs, again.cache.bugs);
    }
}

#[test]
fn customers_of_a_market_are_those_its_projects_have_or_hear_of_tomorrow() {
    let mut world = World::new(SEED);
    let market = world.found(Body::Market(MarketSpec { size: 2_000, ..MarketSpec::default() }));
    let mut projects = Vec::new();
    for customers in [10, 20] {
        let mut spec = company();
        spec.phase = Phase::Growth;
        spec.market = Some(market);
        spec.customers = customers;
        projects.push(world.project(spec));
    }
    world.days(200);
    let State::Market(state) = &world.shards[&market].0 else { panic!("a project") };
    assert!(state.adopters() > 30 && state.adopters() <= 2_000, "{}", state.adopters());
    for project in projects {
        let listing = state.listings.iter().find(|l| l.project == project).unwrap();
        let here = world.state(project);
        // Those who signed are customers here before the market hears of it.
        let mut has = i64::from(here.customers) - i64::from(here.business.pipeline.signed);
        has += i64::from(listing.news.won) - i64::from(listing.news.lost);
        for (to, mail) in world.mail.values().flatten() {
            match Message::from_bytes(&mail.body) {
                Some(Message::Market(MarketMessage::Answer(flow))) if *to == project => {
                    has += i64::from(flow.won) - i64::from(flow.lost);
                }
                Some(Message::Market(MarketMessage::Offer { signed, .. }))
                    if mail.from == project =>
                {
                    has -= i64::from(signed);
                }
                _ => {}
            }
        }
        assert_eq!(has, i64::from(listing.standing.customers));
    }
}

#[test]
fn a_project_whose_market_does_not_exist_sells_to_those_it_knows() {
    let mut world = World::new(SEED);
    let mut spec = company();
    spec.phase = Phase::Growth;
    spec.market = Some(ShardId(Hash([99; 32])));
    let project = world.project(spec);
    world.days(60);
    assert_eq!(world.state(project).market, None);
    assert!(world.state(project).customers > 0);
}

#[test]
fn a_company_whose_money_runs_out_is_bankrupt_and_its_customers_are_free_again() {
    let mut world = World::new(SEED);
    let market = world.found(Body::Market(MarketSpec::default()));
    let mut spec = company();
    spec.phase = Phase::Growth;
    spec.market = Some(market);
    spec.customers = 40;
    spec.cash_cents = 1_000_000;
    spec.policies.price_cents = 100;
    let project = world.project(spec);
    world.days(90);
    let state = world.state(project);
    assert!(matches!(state.end, Some(EndReason::Bankrupt(_))), "{:?}", state.cash_cents);
    assert_eq!(state.status, Status::Failed);
    let picture = view(&world.shards[&project].0, &world.genesis).unwrap();
    assert!(picture.end_reason.unwrap().contains("money ran out"));
    let State::Market(market) = &world.shards[&market].0 else { panic!("a project") };
    assert_eq!(market.adopters(), 0);
}

#[test]
fn names_change_nothing_but_names() {
    let run = |named: bool| {
        let mut world = World::new(SEED);
        let mut spec = company();
        spec.team = (0..6).map(|_| TeamSpec::one(Role::Engineer, Seniority::Mid)).collect();
        if named {
            for (at, group) in spec.team.iter_mut().enumerate() {
                group.name = Some(format!("Person Number{at}"));
            }
        }
        let project = world.project(spec);
        world.days(100);
        let mut state = world.state(project).clone();
        for person in &mut state.people {
            person.name = crate::model::people::names::Name::Made(0, 0);
        }
        state.alumni.clear();
        Companies.encode(&State::Project(Box::new(state)))
    };
    assert_eq!(run(false), run(true));
}

#[test]
fn an_owner_hires_fires_and_changes_the_board_and_nonsense_is_refused() {
    let mut world = World::new(SEED);
    let mut spec = company();
    spec.backlog = vec![TaskSpec::new("One"), TaskSpec::new("Two")];
    let project = world.project(spec);
    let person = format!("{}-2", &project.to_string()[..8]);
    world.order(project, ProjectCommand::Fire { person: person.clone() });
    world.order(project, ProjectCommand::Fire { person: "77".into() });
    world
        .order(project, ProjectCommand::Hire { role: Role::Engineer, seniority: None, name: None });
    world.order(project, ProjectCommand::MoveTask { task: 1, state: TaskState::Dropped });
    world.order(project, ProjectCommand::MoveTask { task: 1_000, state: TaskState::Done });
    world.order(project, ProjectCommand::Prioritise { task: 2, priority: 5 });
    world.order(project, ProjectCommand::Prioritise { task: 1, priority: 5 });
    world.order(project, ProjectCommand::Resume);
    let mut bad = TaskSpec::new("Waits for what is not there");
    bad.depends_on = vec![4_000];
    world.order(project, ProjectCommand::AddTask { task: bad });
    world.order(project, ProjectCommand::SetStopAfter { phase: Phase::Design });
    world.run(1);
    let reasons: Vec<&str> =
        world.refused.iter().map(|refused| refused.reason.0.as_str()).collect();
    assert_eq!(
        reasons,
        [
            "there is no person 77 here",
            "there is no task 1000 here",
            "task 1 is dropped already",
            "it is not paused",
            "there is no task 4000 to wait for",
        ]
    );
    let state = world.state(project);
    assert_eq!(state.people.len(), 9);
    assert_eq!(state.vacancies.len(), 1);
    assert_eq!(state.task(2).unwrap().priority, 5);
    assert_eq!(state.task(1).unwrap().state, TaskState::Dropped);
    world.days(250);
    assert!(world.state(project).totals.hired >= 1);
    assert_eq!(world.state(project).end, Some(EndReason::Reached(Phase::Design)));
    world
        .orders
        .insert(project, vec![CommandInput { id: CommandId(Hash([1; 32])), body: vec![250, 9] }]);
}

#[test]
fn while_paused_nothing_is_done_and_nothing_is_paid() {
    let mut world = World::new(SEED);
    let project = world.project(company());
    world.days(5);
    world.order(project, ProjectCommand::Pause);
    world.run(1);
    let before = (world.state(project).cash_cents, world.state(project).totals.clone());
    world.days(30);
    assert_eq!(before, (world.state(project).cash_cents, world.state(project).totals.clone()));
    world.order(project, ProjectCommand::Resume);
    world.days(5);
    assert!(world.state(project).cash_cents < before.0);
}

#[test]
fn the_day_is_a_mix_of_work_and_company_and_everything_is_told_to_whoever_looks() {
    let mut world = World::new(SEED);
    world.record = true;
    let mut spec = company();
    spec.phase = Phase::Build;
    let project = world.project(spec);
    world.days(20);
    let people = world.state(project).people.len() as u64;
    let focus = world.state(project).totals.focus_minutes / (20 * people);
    assert!((180..320).contains(&focus), "{focus} minutes of focus a day");
    let mut texts = BTreeMap::<String, u32>::new();
    let (mut talk, mut thoughts, mut moves) = (0, 0, 0);
    for event in &world.events {
        match event {
            Event::Talk { talk: said } => {
                talk += 1;
                *texts.entry(said.text.clone()).or_default() += 1;
                assert!(!said.text.is_empty());
            }
            Event::Thought { text, .. } => {
                thoughts += 1;
                assert!(!text.is_empty());
            }
            Event::Activity { .. } => moves += 1,
            _ => {}
        }
    }
    assert!(talk > 200 && thoughts > 500 && moves > 1_000, "{talk} {thoughts} {moves}");
    let most = texts.values().max().unwrap();
    assert!(most * 20 < talk, "one text came {most} times in {talk}");
    let per_day = moves / (20 * people as usize);
    assert!((5..25).contains(&per_day), "{per_day} changes of activity a person a day");
}

#[test]
fn people_learn_tire_and_come_to_know_each_other() {
    let mut world = World::new(SEED);
    let mut spec = company();
    spec.phase = Phase::Build;
    spec.scope = 400;
    let project = world.project(spec);
    let before = world.state(project).clone();
    world.days(200);
    // In the afternoon: after the night everybody is fresh.
    world.run(7);
    let state = world.state(project);
    let engineer = |project: &Project| {
        let people: Vec<u64> = project
            .people
            .iter()
            .filter(|p| p.role == Role::Engineer && p.id <= 8)
            .map(|p| u64::from(p.skills[0]))
            .collect();
        people.iter().sum::<u64>() / people.len().max(1) as u64
    };
    assert!(engineer(state) > engineer(&before) + 100, "{} {}", engineer(state), engineer(&before));
    assert!(state.people.iter().filter(|person| !person.relations.is_empty()).count() > 6);
    let summary = state.summary();
    assert!((3_500..9_500).contains(&summary.energy), "{}", summary.energy);
    assert!((3_500..9_000).contains(&summary.morale), "{}", summary.morale);
}

#[test]
fn some_people_leave_in_a_year_and_are_replaced() {
    let mut world = World::new(3);
    let mut spec = company();
    spec.team = vec![TeamSpec { count: 300, ..TeamSpec::one(Role::Engineer, Seniority::Mid) }];
    spec.phase = Phase::Growth;
    spec.cash_cents = 900_000_000_000;
    let project = world.project(spec);
    world.days(260);
    let totals = &world.state(project).totals;
    let percent = totals.left * 100 / 300;
    assert!((7..22).contains(&percent), "{percent} % left in a year");
    assert!(totals.hired * 2 > totals.left);
}

#[test]
fn a_step_of_a_thousand_people_burns_a_hundredth_of_its_fuel_at_most() {
    let mut world = World::new(SEED);
    let mut spec = company();
    spec.team = vec![TeamSpec { count: 1_000, ..TeamSpec::one(Role::Engineer, Seniority::Mid) }];
    spec.scope = 2_000;
    spec.phase = Phase::Build;
    world.project(spec);
    world.days(3);
    assert!(world.burned_most < world.genesis.fuel_per_step / 100, "{}", world.burned_most);
}

#[test]
fn epochs_of_any_length_make_whole_days() {
    for ticks in [1, 7, 60, 480, 1_440] {
        let mut world = World::new(SEED);
        world.genesis.ticks_per_epoch = ticks;
        let mut spec = company();
        spec.phase = Phase::Build;
        let project = world.project(spec);
        world.run(1_440 * 5 / u64::from(ticks));
        let state = world.state(project);
        let days = state.days.len();
        assert!((14..=15).contains(&days), "{days} days in epochs of {ticks} minutes");
        assert!(state.totals.focus_minutes > 10 * 200 * 10);
    }
}

#[test]
fn a_person_takes_less_than_two_kilobytes_and_a_summary_travels_light() {
    let mut world = World::new(SEED);
    let project = world.project(company());
    for _ in 0..20 {
        world.days(20);
        let state = &world.shards[&project].0;
        let bytes = Companies.encode(state).len() / world.state(project).people.len().max(1);
        assert!(bytes <= 2_048, "{bytes} bytes a person");
        let summary = Companies.summary(state);
        assert!(summary.len() < 300);
        assert!(matches!(summary_of(&summary), Some(Summary::Project(_))));
    }
}

#[test]
fn nonsense_from_outside_is_refused_in_words() {
    let genesis = Genesis::new("test", NAME, RULES, 1);
    let shard = ShardId(Hash([1; 32]));
    let found = |body: &[u8]| {
        Companies.found(&Founding { genesis: &genesis, rules: RULES, shard, epoch: 0, body })
    };
    assert!(found(&[]).is_err());
    assert!(found(&[7; 40]).is_err());
    let mut spec = company();
    spec.team.clear();
    let refusal = found(&Body::Project(Box::new(spec)).to_body()).unwrap_err();
    assert_eq!(refusal.0, "team: is empty: a project needs at least one person");
    let mut world = World::new(1);
    let project = world.project(company());
    let id = CommandId(Hash([5; 32]));
    world.orders.insert(project, vec![CommandInput { id, body: vec![255; 9] }]);
    world
        .mail
        .insert(0, vec![(project, Mail { from: shard, returned: false, body: vec![1; 5_000] })]);
    world.run(1);
    assert_eq!(world.refused.len(), 1);
}

#[test]
fn the_richest_company_there_can_be_is_still_a_sound_state() {
    let mut world = World::new(SEED);
    let mut spec = company();
    spec.phase = Phase::Growth;
    spec.stop_after = Phase::Completed;
    spec.customers = 100_000_000;
    spec.policies.price_cents = 1_000_000_000;
    world.through_bytes = true;
    let project = world.project(spec);
    world.days(60);
    assert!(world.state(project).summary().revenue_cents_per_month > 0);
}

#[test]
fn a_change_of_outcomes_is_noticed_and_takes_a_new_number_of_the_rules() {
    let mut world = World::new(SEED);
    let market = world.found(Body::Market(MarketSpec::default()));
    for phase in [Phase::Intake, Phase::Build, Phase::Growth] {
        let spec = ProjectSpec { phase, market: Some(market), ..company() };
        world.project(spec);
    }
    world.days(130);
    let hash = world.bytes().iter().fold(Hasher::new("golden"), |hash, bytes| hash.bytes(bytes));
    assert_eq!(
        (RULES, hash.finish().to_string().as_str()),
        (2, "533238677eb11598bcb3fcc9e52907b9d7476229fc824fa2f5349143657019a5")
    );
}

/// A state with something in every corner.
fn lively() -> Vec<u8> {
    let mut world = World::new(SEED);
    let mut spec = company();
    spec.phase = Phase::Growth;
    spec.customers = 100;
    spec.policies.overtime_hours = 2;
    spec.backlog = vec![TaskSpec { kind: TaskKind::Bug, ..TaskSpec::new("Broken") }];
    spec.backlog[0].phase = Phase::Growth;
    let project = world.project(spec);
    world.order(project, ProjectCommand::Hire { role: Role::Data, seniority: None, name: None });
    world.days(31);
    Companies.encode(&world.shards[&project].0)
}

/// Steps whatever these bytes decode to through three days and looks at it.
fn survives(bytes: &[u8]) {
    let Ok(mut state) = Companies.decode(bytes) else { return };
    let genesis = Genesis::new("test", NAME, RULES, 1);
    let shard = ShardId(Hash([1; 32]));
    for epoch in 250..274 {
        let mut step = Step::new(&genesis, RULES, shard, epoch, &[], &[], true);
        if Companies.step(&mut state, &mut step) != Ok(Flow::On) {
            break;
        }
    }
    Companies.summary(&state);
    view(&state, &genesis);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bytes_from_anywhere_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        survives(&bytes);
    }

    #[test]
    fn a_state_with_wrong_bytes_in_it_never_panics(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12)
    ) {
        use std::sync::OnceLock;
        static STATE: OnceLock<Vec<u8>> = OnceLock::new();
        let mut bytes = STATE.get_or_init(lively).clone();
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        survives(&bytes);
    }
}
