//! Schedules that break weaker designs, each by name, on simulated meshes in virtual time.

use shared::engine::command::{Command, Target};
use shared::engine::genesis::Genesis;
use shared::engine::machine::Notice;
use shared::engine::phold::{self, Order, Phold, Spec};
use shared::engine::receipt::End;
use shared::id::{Epoch, ShardId};
use shared::wire::codec;
use testnet::sim::{Mesh, Weather};

/// A PHOLD world that ends after `end` epochs, and the commands that found it.
fn world(seed: u64, shards: u32, end: Epoch) -> (Genesis, Vec<(Epoch, Command)>) {
    let spec = Spec { index: 0, shards, events: 10, remote: 1_000, mean_millis: 700 };
    let genesis = Genesis { end, ..Genesis::new("test", "phold", 1, seed) };
    let found = |index| (0, phold::founding(genesis.id(), &Spec { index, ..spec.clone() }));
    let commands = (0..shards).map(found).collect();
    (genesis, commands)
}

fn shard(commands: &[(Epoch, Command)], index: usize) -> ShardId {
    ShardId(commands[index].1.id().0)
}

fn submit(
    mesh: &mut Mesh<Phold>,
    node: usize,
    genesis: &Genesis,
    to: ShardId,
    order: Order,
    nonce: u64,
) -> u64 {
    mesh.submit(node, genesis.id(), Target::Shard(to), codec::encode(&order), nonce)
}

/// Waits until all is settled, and checks the promise.
fn finish(mesh: &mut Mesh<Phold>, genesis: &Genesis) {
    finish_within(mesh, genesis, 60_000);
}

fn finish_within(mesh: &mut Mesh<Phold>, genesis: &Genesis, ms: u64) {
    let world = genesis.id();
    let done = mesh.run_until(ms, |mesh| mesh.settled(world, genesis.end) && mesh.in_step(world));
    assert!(done.is_some(), "not settled after {ms} ms: {}", describe(mesh, genesis));
    if let Err(error) = mesh.check(genesis, genesis.end) {
        panic!("{error}: {}", describe(mesh, genesis));
    }
}

fn describe(mesh: &Mesh<Phold>, genesis: &Genesis) -> String {
    mesh.describe(genesis.id())
}

#[test]
fn one_three_and_five_nodes_make_the_world_of_one_undisturbed_process() {
    let (genesis, commands) = world(1, 9, 400);
    let mut roots = Vec::new();
    for nodes in [1, 3, 5] {
        let mut mesh = Mesh::new(Phold, 1, nodes, Weather::default());
        mesh.create(0, &genesis, &commands, 0);
        finish(&mut mesh, &genesis);
        roots.push(mesh.root(0, genesis.id(), 400));
    }
    assert!(roots[0].is_some() && roots.iter().all(|root| *root == roots[0]));
}

#[test]
fn work_is_shared_by_all_nodes() {
    let (genesis, commands) = world(2, 60, 400);
    let mut mesh = Mesh::new(Phold, 2, 3, Weather::default());
    mesh.run_for(1_000);
    mesh.create(0, &genesis, &commands, 0);
    finish(&mut mesh, &genesis);
    let steps: Vec<u64> =
        (0..3).map(|index| mesh.engine(index).unwrap().worlds()[&genesis.id()].steps()).collect();
    let total: u64 = steps.iter().sum();
    assert!(steps.iter().all(|steps| *steps > 60 * 400 / 6), "{steps:?}");
    assert!(total < 60 * 400 * 3 / 2, "little is done twice: {steps:?}");
}

#[test]
fn two_nodes_that_differ_in_one_late_command_publish_for_the_same_shard_and_epoch() {
    let (genesis, commands) = world(3, 4, 800);
    let mut mesh = Mesh::new(Phold, 3, 2, Weather::default());
    mesh.create(0, &genesis, &commands, 20);
    mesh.run_for(3_000);
    mesh.split(&[0, 1]);
    mesh.run_for(1_500);
    submit(&mut mesh, 0, &genesis, shard(&commands, 0), Order::Inject(5), 1);
    mesh.run_for(2_000);
    mesh.heal();
    finish(&mut mesh, &genesis);
}

#[test]
fn a_project_founded_long_ago_becomes_known_late_and_nothing_else_runs_again() {
    let (genesis, commands) = world(4, 6, 600);
    // Nobody of these talks: the shards know each other but send nothing.
    let quiet = Spec { index: 0, shards: 7, events: 10, remote: 0, mean_millis: 700 };
    let found = |index| (0, phold::founding(genesis.id(), &Spec { index, ..quiet.clone() }));
    let commands: Vec<_> =
        commands.iter().enumerate().map(|(index, _)| found(index as u32)).collect();
    let mut mesh = Mesh::new(Phold, 4, 2, Weather::default());
    mesh.create(0, &genesis, &commands, 20);
    mesh.run_until(10_000, |mesh| {
        mesh.engine(1).unwrap().history(genesis.id()).is_some_and(|h| h.closed() > 20)
    });
    mesh.split(&[0, 1]);
    mesh.run_for(1_000);
    let body = found(6).1.body;
    mesh.submit(0, genesis.id(), Target::Found, body, 6);
    mesh.run_for(2_500);
    let world = genesis.id();
    let founded = mesh.accepted.values().copied().next().expect("it was accepted on its side");
    let closed = mesh.engine(1).unwrap().history(world).unwrap().closed();
    assert!(closed > founded + 50, "the other side is far beyond: {closed} and {founded}");
    let steps = mesh.engine(1).unwrap().worlds()[&world].steps();
    mesh.heal();
    let known = mesh.run_until(10_000, |mesh| {
        let history = mesh.engine(1).unwrap().history(world).unwrap();
        history.ledger.len() == 7 && history.closed() >= closed
    });
    assert!(known.is_some(), "{}", describe(&mesh, &genesis));
    let again = mesh.engine(1).unwrap().worlds()[&world].steps() - steps;
    // Six shards of which nobody heard anything new: at most the new one is run up to here, and
    // what came up meanwhile.
    let meanwhile = mesh.engine(1).unwrap().history(world).unwrap().closed() - closed + 8;
    assert!(again <= closed - founded + 7 * meanwhile, "{again} steps were made again");
    finish(&mut mesh, &genesis);
}

#[test]
fn a_message_to_a_shard_that_has_ended_or_does_not_exist_comes_back() {
    let (genesis, commands) = world(5, 3, 160);
    let mut mesh = Mesh::new(Phold, 5, 3, Weather::default());
    mesh.create(0, &genesis, &commands, 10);
    mesh.run_for(300);
    submit(&mut mesh, 0, &genesis, shard(&commands, 1), Order::End, 1);
    mesh.run_for(300);
    let nobody = ShardId(shared::id::Hash([9; 32]));
    submit(&mut mesh, 1, &genesis, shard(&commands, 0), Order::Send(nobody), 2);
    submit(&mut mesh, 2, &genesis, shard(&commands, 0), Order::Send(shard(&commands, 1)), 3);
    finish(&mut mesh, &genesis);
    let history = mesh.engine(2).unwrap().history(genesis.id()).unwrap();
    let summary = history.shard(shard(&commands, 0)).unwrap().newest().unwrap().summary.clone();
    let summary: phold::Summary = codec::decode(&summary).unwrap();
    assert!(summary.returned >= 2, "{summary:?}");
}

#[test]
fn a_node_keeps_its_key_and_loses_its_store() {
    let (genesis, commands) = world(6, 9, 600);
    let mut mesh = Mesh::new(Phold, 6, 3, Weather::default());
    mesh.create(0, &genesis, &commands, 10);
    mesh.run_for(2_000);
    submit(&mut mesh, 1, &genesis, shard(&commands, 2), Order::Inject(3), 1);
    mesh.run_for(500);
    mesh.kill(1, true);
    mesh.run_for(500);
    mesh.start(1);
    mesh.run_for(200);
    submit(&mut mesh, 1, &genesis, shard(&commands, 2), Order::Inject(3), 2);
    finish(&mut mesh, &genesis);
}

#[test]
fn a_node_accepted_a_command_and_dies_before_anyone_heard() {
    let (genesis, commands) = world(7, 9, 600);
    let mut mesh = Mesh::new(Phold, 7, 3, Weather::default());
    mesh.create(0, &genesis, &commands, 10);
    mesh.run_for(1_500);
    mesh.split(&[0, 1, 0]);
    mesh.run_for(300);
    let token = submit(&mut mesh, 1, &genesis, shard(&commands, 2), Order::Inject(3), 1);
    mesh.run_until(5_000, |mesh| mesh.notices.contains_key(&token)).expect("it is told");
    assert!(matches!(mesh.notices[&token], Notice::Accepted { copies: 0, .. }), "here only");
    mesh.kill(1, false);
    mesh.heal();
    mesh.run_for(2_000);
    mesh.start(1);
    finish(&mut mesh, &genesis);
}

#[test]
fn a_newcomer_that_ranks_first_for_a_third_of_the_shards_does_not_slow_the_world_down() {
    let (genesis, commands) = world(8, 30, 0);
    let genesis = Genesis { end: 0, ..genesis };
    let mut mesh = Mesh::new(Phold, 8, 2, Weather::default());
    mesh.create(0, &genesis, &commands, 50);
    mesh.run_for(5_000);
    let world = genesis.id();
    let closed = |mesh: &Mesh<Phold>| mesh.engine(0).unwrap().history(world).unwrap().closed();
    let before = closed(&mesh);
    mesh.run_for(4_000);
    let alone = closed(&mesh) - before;
    let newcomer = mesh.add();
    let before = closed(&mesh);
    mesh.run_for(4_000);
    let together = closed(&mesh) - before;
    assert!(together * 20 >= alone * 19, "{alone} epochs without it, {together} with it");
    let id = mesh.id(newcomer);
    let work = &mesh.engine(0).unwrap().worlds()[&world];
    let taken = commands
        .iter()
        .filter(|(_, command)| work.runner(ShardId(command.id().0)) == Some(id))
        .count();
    assert!((4..=18).contains(&taken), "it runs its share by now: {taken} of 30");
}

#[test]
fn a_runner_is_alive_but_stuck() {
    let (genesis, commands) = world(9, 9, 400);
    let mut mesh = Mesh::new(Phold, 9, 3, Weather::default());
    mesh.create(0, &genesis, &commands, 20);
    mesh.run_for(2_000);
    // Its network works, its heartbeats go on; its steps never end.
    mesh.slow_down(1, 1_000_000);
    let world = genesis.id();
    let at = mesh.engine(0).unwrap().history(world).unwrap().closed();
    let next = mesh.run_until(5_000, |mesh| {
        mesh.engine(0).unwrap().history(world).unwrap().closed() > at + 20
    });
    assert!(next.is_some_and(|ms| ms < 4_000), "others took over after {next:?} ms");
    mesh.kill(1, false);
    mesh.slow_down(1, 1);
    mesh.start(1);
    finish(&mut mesh, &genesis);
}

#[test]
fn steps_slower_than_patience() {
    let (genesis, commands) = world(10, 6, 32);
    let weather = Weather { step_us: (900_000, 1_600_000), ..Weather::default() };
    let mut mesh = Mesh::new(Phold, 10, 3, weather);
    mesh.create(0, &genesis, &commands, 0);
    finish_within(&mut mesh, &genesis, 900_000);
}

#[test]
fn a_minute_of_sigstop_and_then_sigcont() {
    let (genesis, commands) = world(11, 9, 3_600);
    let mut mesh = Mesh::new(Phold, 11, 3, Weather::default());
    mesh.create(0, &genesis, &commands, 20);
    mesh.run_for(2_000);
    mesh.pause(2);
    mesh.run_for(60_000);
    let world = genesis.id();
    let others = mesh.engine(0).unwrap().history(world).unwrap().closed();
    assert!(others > 2_500, "the others went on: {others}");
    mesh.resume(2);
    let back = mesh.run_until(10_000, |mesh| {
        mesh.engine(2).unwrap().history(world).unwrap().closed() >= others
    });
    assert!(back.is_some(), "{}", describe(&mesh, &genesis));
    finish(&mut mesh, &genesis);
}

#[test]
fn a_step_that_panics_one_that_burns_its_fuel_and_one_that_says_too_much() {
    let (genesis, commands) = world(12, 6, 160);
    let mut mesh = Mesh::new(Phold, 12, 3, Weather::default());
    mesh.create(0, &genesis, &commands, 10);
    mesh.run_for(500);
    submit(&mut mesh, 0, &genesis, shard(&commands, 0), Order::Panic, 1);
    submit(&mut mesh, 1, &genesis, shard(&commands, 1), Order::Burn, 2);
    submit(&mut mesh, 2, &genesis, shard(&commands, 2), Order::Flood(1 << 20), 3);
    // As much as is allowed, again and again: more than fits into one message together.
    for nonce in 0..24 {
        submit(&mut mesh, 2, &genesis, shard(&commands, 3), Order::Flood(60 * 1_024), 10 + nonce);
        mesh.run_for(10);
    }
    finish(&mut mesh, &genesis);
    let history = mesh.engine(0).unwrap().history(genesis.id()).unwrap();
    let why =
        |index| history.shard(shard(&commands, index)).unwrap().ended().map(|end| end.why.clone());
    assert_eq!(why(0), Some(End::Panicked));
    assert_eq!(why(1), Some(End::OutOfFuel));
    assert_eq!(why(2), Some(End::OutboxTooLarge));
    assert_eq!(why(4), None);
}

#[test]
fn twenty_commands_a_second_while_the_world_runs_as_fast_as_possible() {
    let (genesis, commands) = world(13, 12, 0);
    let mut mesh = Mesh::new(Phold, 13, 3, Weather::default());
    mesh.create(0, &genesis, &commands, 0);
    mesh.run_for(2_000);
    let world = genesis.id();
    let at = mesh.engine(0).unwrap().history(world).unwrap().closed();
    for nonce in 0..100 {
        let node = (nonce % 3) as usize;
        submit(
            &mut mesh,
            node,
            &genesis,
            shard(&commands, nonce as usize % 12),
            Order::Inject(1),
            nonce,
        );
        mesh.run_for(50);
    }
    let closed = mesh.engine(0).unwrap().history(world).unwrap().closed();
    assert!(closed > at + 400, "the world got from {at} to {closed} meanwhile");
    mesh.set_pace(0, world, 0, true);
    assert!(mesh.run_until(10_000, |mesh| mesh.in_step(world)).is_some());
    let epoch = (closed + 8) / 8 * 8;
    mesh.set_pace(0, world, 0, false);
    let settled = mesh.run_until(20_000, |mesh| mesh.settled(world, epoch) && mesh.in_step(world));
    assert!(settled.is_some(), "{}", describe(&mesh, &genesis));
    mesh.check(&genesis, epoch).unwrap();
    assert_eq!(mesh.accepted.len(), 100);
}

#[test]
fn seventy_two_old_commands_arrive_after_a_partition() {
    let (genesis, commands) = world(14, 9, 2_400);
    let mut mesh = Mesh::new(Phold, 14, 3, Weather::default());
    mesh.create(0, &genesis, &commands, 5);
    mesh.run_for(2_000);
    mesh.split(&[0, 0, 1]);
    mesh.run_for(500);
    for nonce in 0..72 {
        submit(
            &mut mesh,
            2,
            &genesis,
            shard(&commands, nonce as usize % 9),
            Order::Inject(1),
            nonce,
        );
        mesh.run_for(50);
    }
    mesh.run_for(3_000);
    mesh.heal();
    finish(&mut mesh, &genesis);
    assert_eq!(mesh.accepted.len(), 72);
}

#[test]
fn two_nodes_that_each_ran_their_own_default_world_join() {
    let (genesis_a, commands_a) = world(15, 4, 400);
    let (genesis_b, commands_b) = world(16, 4, 400);
    let mut mesh = Mesh::new(Phold, 15, 2, Weather::default());
    mesh.split(&[0, 1]);
    mesh.create(0, &genesis_a, &commands_a, 10);
    mesh.create(1, &genesis_b, &commands_b, 10);
    mesh.run_for(2_000);
    mesh.heal();
    finish(&mut mesh, &genesis_a);
    finish(&mut mesh, &genesis_b);
    assert_eq!(mesh.engine(0).unwrap().worlds().len(), 2);
}

#[test]
fn two_nodes_load_the_same_scenario() {
    let (genesis, commands) = world(17, 6, 400);
    let mut mesh = Mesh::new(Phold, 17, 2, Weather::default());
    mesh.split(&[0, 1]);
    mesh.create(0, &genesis, &commands, 10);
    mesh.run_for(900);
    mesh.create(1, &genesis, &commands, 10);
    mesh.run_for(900);
    mesh.heal();
    finish(&mut mesh, &genesis);
    assert_eq!(mesh.commands(0, genesis.id()).len(), 6);
}

#[test]
fn a_pace_set_by_a_clock_in_the_year_2099_is_a_pace_like_any_other() {
    let (genesis, commands) = world(18, 6, 600);
    let mut mesh = Mesh::new(Phold, 18, 3, Weather::default());
    mesh.create(0, &genesis, &commands, 20);
    mesh.run_for(2_000);
    let world = genesis.id();
    // A century later by its own clock, which only ever goes forward.
    mesh.shift_clock(1, 73 * 365 * 86_400_000);
    mesh.run_for(100);
    mesh.set_pace(1, world, 10, false);
    mesh.run_for(1_000);
    mesh.set_pace(0, world, 15, false);
    mesh.run_for(1_000);
    for index in 0..3 {
        let work = &mesh.engine(index).unwrap().worlds()[&world];
        assert_eq!(work.pace_now(), (15, false), "the newest setting counts, on every node");
    }
    finish(&mut mesh, &genesis);
}

#[test]
fn a_node_is_killed_and_started_again_and_another_joins_late() {
    for seed in 20..26 {
        let (genesis, commands) = world(seed, 9, 800);
        let mut mesh = Mesh::new(Phold, seed, 3, Weather::default());
        mesh.create(0, &genesis, &commands, 5);
        mesh.run_for(1_000);
        mesh.kill(0, false);
        mesh.run_for(700);
        mesh.start(0);
        mesh.run_for(300);
        mesh.add();
        finish(&mut mesh, &genesis);
    }
}

#[test]
fn after_a_kill_the_next_epoch_settles_within_two_seconds() {
    let (genesis, commands) = world(30, 12, 0);
    let mut mesh = Mesh::new(Phold, 30, 3, Weather::default());
    mesh.create(0, &genesis, &commands, 1_000);
    mesh.run_for(12_000);
    let world = genesis.id();
    let closed = |mesh: &Mesh<Phold>| mesh.engine(0).unwrap().history(world).unwrap().closed();
    let at = closed(&mesh);
    mesh.kill(2, false);
    let after = mesh.run_until(5_000, |mesh| closed(mesh) > at + 1);
    assert!(after.is_some_and(|ms| ms <= 2_000), "{after:?} ms");
}

#[test]
fn a_whole_mesh_that_lost_its_power_goes_on_where_it_stood() {
    let (genesis, commands) = world(31, 9, 2_000);
    let mut mesh = Mesh::new(Phold, 31, 3, Weather::default());
    mesh.create(0, &genesis, &commands, 10);
    mesh.run_for(12_000);
    let world = genesis.id();
    let at = mesh.engine(0).unwrap().history(world).unwrap().closed();
    for index in 0..3 {
        mesh.kill(index, false);
        mesh.run_for(70);
    }
    for index in 0..3 {
        mesh.start(index);
    }
    mesh.run_for(100);
    let base = mesh.engine(0).unwrap().history(world).unwrap().base();
    assert!(base > 0, "it starts from an anchor, not from the beginning");
    assert!(at > base);
    finish(&mut mesh, &genesis);
}

#[test]
fn a_world_in_which_nobody_lives_any_more_goes_on_with_a_new_founding() {
    let (genesis, commands) = world(40, 2, 400);
    let mut mesh = Mesh::new(Phold, 40, 2, Weather::default());
    mesh.create(0, &genesis, &commands, 20);
    mesh.run_for(1_000);
    submit(&mut mesh, 0, &genesis, shard(&commands, 0), Order::End, 1);
    submit(&mut mesh, 1, &genesis, shard(&commands, 1), Order::End, 2);
    mesh.run_for(2_000);
    let late = Spec { index: 0, shards: 1, events: 3, remote: 0, mean_millis: 700 };
    let body = phold::founding(genesis.id(), &late).body;
    mesh.submit(1, genesis.id(), Target::Found, body, 3);
    let closed =
        |mesh: &Mesh<Phold>| mesh.engine(0).unwrap().history(genesis.id()).unwrap().closed();
    let lived = mesh.run_until(20_000, |mesh| closed(mesh) == 400);
    assert!(lived.is_some(), "the new shard lives to the end: {}", describe(&mesh, &genesis));
    finish(&mut mesh, &genesis);
}

#[test]
fn a_world_begins_at_its_first_founding_whenever_that_is() {
    let (genesis, mut commands) = world(41, 2, 400);
    for (epoch, _) in &mut commands {
        *epoch = 100;
    }
    let mut mesh = Mesh::new(Phold, 41, 2, Weather::default());
    mesh.create(0, &genesis, &commands, 20);
    finish(&mut mesh, &genesis);
}

#[test]
fn a_newcomer_joins_a_world_that_came_to_its_end_and_was_then_changed() {
    let (genesis, commands) = world(42, 4, 1_600);
    let mut mesh = Mesh::new(Phold, 42, 2, Weather::default());
    mesh.create(0, &genesis, &commands, 5);
    mesh.run_for(7_000);
    mesh.split(&[0, 1]);
    mesh.run_for(500);
    submit(&mut mesh, 1, &genesis, shard(&commands, 0), Order::Inject(5), 1);
    let world = genesis.id();
    let over = mesh.run_until(20_000, |mesh| mesh.settled(world, 1_600));
    assert!(over.is_some(), "{}", describe(&mesh, &genesis));
    mesh.run_for(6_000);
    mesh.heal();
    finish(&mut mesh, &genesis);
    mesh.add();
    mesh.run_for(500);
    finish(&mut mesh, &genesis);
}

#[test]
fn stored_states_that_cannot_be_read_any_more_are_made_again() {
    let (genesis, commands) = world(43, 6, 2_400);
    let mut mesh = Mesh::new(Phold, 43, 1, Weather::default());
    mesh.create(0, &genesis, &commands, 5);
    mesh.run_for(8_000);
    mesh.kill(0, false);
    mesh.lose_states(0);
    mesh.start(0);
    finish(&mut mesh, &genesis);
}

#[test]
fn all_snapshots_of_a_shard_are_lost_and_the_survivors_replay_it() {
    for seed in 44..45 {
        let (genesis, commands) = world(seed, 12, 2_400);
        let mut mesh = Mesh::new(Phold, seed, 4, Weather::default());
        mesh.create(0, &genesis, &commands, 5);
        mesh.run_for(8_000);
        mesh.kill(0, true);
        mesh.kill(1, true);
        finish_within(&mut mesh, &genesis, 120_000);
    }
}
