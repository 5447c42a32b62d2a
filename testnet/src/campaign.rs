//! Campaigns: many simulated meshes under random faults, each from one seed.
//!
//! A run has two phases: first faults of all kinds while commands are given, then none, in which
//! the mesh must settle. At the end every node must have the root of an undisturbed run of the same
//! commands, and every command somebody was told is accepted must be among them.

use std::collections::BTreeMap;

use shared::engine::command::{Command, Target};
use shared::engine::genesis::Genesis;
use shared::engine::phold::{self, Order, Phold, Spec};
use shared::id::{Epoch, ShardId};
use shared::rng::Rng;
use shared::wire::codec;

use crate::sim::{Mesh, Weather};

/// How long a mesh may take to settle once the faults are over, in virtual time.
const SETTLE_MS: u64 = 180_000;

/// What one run went through.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Faults by kind.
    pub faults: BTreeMap<&'static str, u64>,
    /// Virtual time from the last fault until all was settled.
    pub settled_after_ms: u64,
    /// Messages delivered.
    pub delivered: u64,
    /// Commands accepted.
    pub commands: usize,
    /// The epoch that was compared.
    pub epoch: Epoch,
}

/// One run. An error says what does not hold; the seed replays it exactly.
pub fn run(seed: u64) -> Result<Report, String> {
    let mut bytes = [3; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let mut rng = Rng::from_seed(bytes);
    let mut report = Report::default();
    let nodes = 2 + rng.below(4) as usize;
    let shards = 1 + rng.below(12) as u32;
    let weather = Weather {
        delay_ms: (1, 2 + rng.below(60)),
        loss: *rng.pick(&[0, 100, 1_000, 3_000]).unwrap_or(&0),
        repeat: *rng.pick(&[0, 500, 3_000]).unwrap_or(&0),
        flush_ms: (1, 5 + rng.below(200)),
        step_us: (50, 100 + rng.below(2_000)),
        notice_ms: (5, 20 + rng.below(1_500)),
    };
    let spec = Spec {
        index: 0,
        shards,
        events: 5 + rng.below(10) as u32,
        remote: *rng.pick(&[0, 500, 3_000]).unwrap_or(&0),
        mean_millis: 700,
    };
    let mut genesis = Genesis::new("campaign", "phold", 1, seed);
    genesis.lookahead = *rng.pick(&[1, 3, 8]).unwrap_or(&8);
    genesis.checkpoint_interval = *rng.pick(&[2, 8, 20]).unwrap_or(&8);
    let found = |index| (0, phold::founding(genesis.id(), &Spec { index, ..spec.clone() }));
    let commands: Vec<(Epoch, Command)> = (0..shards).map(found).collect();
    let epoch_ms = *rng.pick(&[0, 5, 20, 100]).unwrap_or(&20);
    let world = genesis.id();

    let mut mesh = Mesh::new(Phold, seed, nodes, weather);
    mesh.create(0, &genesis, &commands, epoch_ms);
    mesh.run_for(200 + rng.below(3_000));
    let mut nonce = 100;
    let mut down: Vec<usize> = Vec::new();
    let mut paused: Vec<usize> = Vec::new();
    for _ in 0..10 + rng.below(20) {
        mesh.run_for(rng.below(1_500));
        let node = rng.below(mesh.len() as u64) as usize;
        let kind = match rng.below(12) {
            0..=3 if !down.contains(&node) => {
                nonce += 1;
                let target = ShardId(commands[rng.below(commands.len() as u64) as usize].1.id().0);
                let order = match rng.below(20) {
                    0 => Order::End,
                    1 => Order::Panic,
                    2 => Order::Burn,
                    3 => Order::Flood(1 << 17),
                    4 => Order::Nonsense,
                    5 => Order::Send(ShardId(shared::id::Hash([nonce as u8; 32]))),
                    _ => Order::Inject(1 + rng.below(3) as u32),
                };
                mesh.submit(node, world, Target::Shard(target), codec::encode(&order), nonce);
                "command"
            }
            4 if !down.contains(&node) => {
                nonce += 1;
                let late = phold::founding(world, &Spec { index: nonce as u32, ..spec.clone() });
                mesh.submit(node, world, Target::Found, late.body, nonce);
                "founding"
            }
            5 if !down.contains(&node) && down.len() + 1 < mesh.len() => {
                paused.retain(|other| *other != node);
                // Somebody else must hold what this one held: a second disk, and time to get there.
                mesh.kill(node, false);
                down.push(node);
                "kill"
            }
            6 if !down.is_empty() => {
                let back = down.swap_remove(rng.below(down.len() as u64) as usize);
                mesh.start(back);
                "start"
            }
            7 => {
                let sides: Vec<usize> = (0..mesh.len()).map(|_| rng.below(2) as usize).collect();
                mesh.split(&sides);
                "split"
            }
            8 => {
                mesh.heal();
                "heal"
            }
            9 if !down.contains(&node) && !paused.contains(&node) => {
                mesh.pause(node);
                paused.push(node);
                "pause"
            }
            10 if !paused.is_empty() => {
                let back = paused.swap_remove(rng.below(paused.len() as u64) as usize);
                mesh.resume(back);
                "resume"
            }
            11 if rng.chance(3_000) => {
                mesh.slow_down(node, 1 + rng.below(50));
                "slow"
            }
            11 if rng.chance(2_000) && mesh.len() < 7 => {
                mesh.add();
                "join"
            }
            11 if rng.chance(3_000) => {
                mesh.shift_clock(node, rng.below(1 << 40));
                "clock"
            }
            11 if !down.contains(&node) => {
                mesh.set_pace(
                    node,
                    world,
                    *rng.pick(&[0, 5, 20, 100]).unwrap_or(&0),
                    rng.chance(3_000),
                );
                "pace"
            }
            _ => continue,
        };
        *report.faults.entry(kind).or_default() += 1;
    }
    // Now nothing goes wrong any more.
    mesh.weather = Weather { loss: 0, ..Weather::default() };
    for index in 0..mesh.len() {
        mesh.slow_down(index, 1);
        mesh.start(index);
    }
    for index in paused {
        mesh.resume(index);
    }
    mesh.heal();
    let healed = mesh.now;
    let in_step = mesh.run_until(SETTLE_MS, |mesh| mesh.in_step(world));
    if in_step.is_none() {
        return Err(format!("the nodes still know different commands after {SETTLE_MS} ms"));
    }
    // Run on a little way from wherever the fastest node is.
    let reached = (0..mesh.len())
        .filter_map(|index| mesh.engine(index)?.history(world).map(|history| history.closed()))
        .max()
        .unwrap_or(0);
    // Of two settings made at the same time either may win; the one made knowing both does.
    let pace_ms = if epoch_ms == 0 { 20 } else { epoch_ms.min(20) };
    let agreed = |mesh: &Mesh<Phold>| {
        let engines = (0..mesh.len()).filter_map(|index| mesh.engine(index));
        let mut works = engines.filter_map(|engine| engine.worlds().get(&world));
        works.all(|work| work.pace_now() == (pace_ms, false))
    };
    for _ in 0..5 {
        mesh.set_pace(0, world, pace_ms, false);
        if mesh.run_until(5_000, agreed).is_some() {
            break;
        }
    }
    // A node that took up an anchor beyond it knows no root of an earlier epoch, so what is compared
    // is wherever all have arrived.
    let beyond = |mesh: &Mesh<Phold>| {
        let arrived = |epoch| epoch > reached || mesh.is_over(world);
        mesh.in_step(world) && mesh.common_checkpoint(world).is_some_and(arrived)
    };
    let settled = mesh.run_until(SETTLE_MS, beyond);
    if settled.is_none() {
        let how = mesh.describe(world);
        return Err(format!("not settled beyond epoch {reached} after {SETTLE_MS} ms: {how}"));
    }
    report.epoch = mesh.common_checkpoint(world).unwrap_or(0);
    report.settled_after_ms = mesh.now - healed;
    mesh.check(&genesis, report.epoch)?;
    report.delivered = mesh.delivered;
    report.commands = mesh.accepted.len();
    Ok(report)
}
