//! PHOLD events a second in one thread: the engine against a loop written by hand, with the same
//! heaps and the same random numbers.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use shared::engine::model::Model;
use shared::engine::phold::{self, Phold, Spec, Summary};
use shared::engine::solo::Solo;
use shared::id::ShardId;
use shared::rng::Rng;
use shared::wire::codec;

use crate::place::{on_core, timed};
use crate::report::{Aim, Report};

const ROUNDS: usize = 5;
const SHARDS: u32 = 64;
/// Of the mean time between an event and the one it makes.
const MEAN_MILLIS: u32 = 1_000;
const LOOKAHEAD: u64 = 8;
const PARTS: u64 = 1 << 20;
/// Events that one measurement handles, about.
const EVENTS: u64 = 4_000_000;

struct Shard {
    queue: BinaryHeap<Reverse<u64>>,
    mail: Vec<Vec<u64>>,
    rng: Rng,
    trace: u64,
}

/// The loop written by hand. Answers how many events it handled.
fn bare(spec: &Spec, epochs: u64) -> u64 {
    let depth = 2 * LOOKAHEAD;
    let mut shards: Vec<Shard> = (0..spec.shards)
        .map(|index| Shard {
            queue: (0..u64::from(spec.events)).map(|n| Reverse(n * 997 % PARTS)).collect(),
            mail: vec![Vec::new(); depth as usize],
            rng: Rng::from_seed([index as u8; 32]),
            trace: 0,
        })
        .collect();
    let mean = f64::from(spec.mean_millis) * PARTS as f64 / 1_000.0;
    let mut handled = 0;
    let mut sent = Vec::new();
    for from in (0..epochs).step_by(LOOKAHEAD as usize) {
        for index in 0..shards.len() {
            let shard = &mut shards[index];
            for epoch in from..from + LOOKAHEAD {
                let (start, end) = (epoch * PARTS, (epoch + 1) * PARTS);
                let arrived = &mut shard.mail[(epoch % depth) as usize];
                for at in arrived.drain(..) {
                    shard.queue.push(Reverse(start + at % PARTS));
                }
                while let Some(Reverse(at)) = shard.queue.peek().copied()
                    && at < end
                {
                    shard.queue.pop();
                    handled += 1;
                    shard.trace =
                        (shard.trace ^ at).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
                    let next = at + 1 + shard.rng.exponential(mean) as u64;
                    if shard.rng.chance(spec.remote) {
                        let to = shard.rng.below(u64::from(spec.shards)) as usize;
                        sent.push((to, ((epoch + LOOKAHEAD) % depth) as usize, next));
                    } else {
                        shard.queue.push(Reverse(next));
                    }
                }
            }
            for (to, arrives, next) in sent.drain(..) {
                shards[to].mail[arrives].push(next);
            }
        }
    }
    std::hint::black_box(shards.iter().fold(0, |trace, shard| trace ^ shard.trace));
    handled
}

/// Events a second: (under the engine, bare).
fn round(spec: &Spec, epochs: u64) -> (f64, f64) {
    let (handled, seconds) = timed(|| bare(spec, epochs));
    let bare = handled as f64 / seconds;
    let (genesis, commands) = phold::world(7, spec);
    let shards: Vec<ShardId> = commands.iter().map(|command| ShardId(command.id().0)).collect();
    let mut solo = Solo::new(&Phold, genesis, commands.into_iter().map(|command| (0, command)));
    let ((), seconds) = timed(|| solo.run(epochs, |_| true));
    let handled: u64 = shards
        .iter()
        .filter_map(|shard| codec::decode::<Summary>(&Phold.summary(solo.state(*shard)?)).ok())
        .map(|summary| summary.handled)
        .sum();
    (handled as f64 / seconds, bare)
}

pub fn measure(report: &mut Report) -> anyhow::Result<()> {
    // The population decides what an epoch of a shard weighs, the share of remote events what the
    // engine has to carry. The first is what the aim is about.
    for (events, remote, aim) in
        [(256, 100, Aim::ValueAtLeast(12_000_000.0)), (64, 100, Aim::None), (256, 1_000, Aim::None)]
    {
        let spec = Spec { index: 0, shards: SHARDS, events, remote, mean_millis: MEAN_MILLIS };
        let epochs = EVENTS / u64::from(SHARDS * events);
        let epochs = epochs - epochs % LOOKAHEAD;
        let pairs: Vec<(f64, f64)> =
            on_core(0, || (0..ROUNDS).map(|_| round(&spec, epochs)).collect());
        let share = remote / 100;
        let name = format!("PHOLD: {SHARDS} shards of {events} events, {share} % remote");
        report.against(&name, "events/s", "bare loop", &pairs, aim);
    }
    Ok(())
}
