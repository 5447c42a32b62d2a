//! Runs many simulated meshes under random faults and prints a summary and a verdict.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use clap::Parser;
use testnet::campaign;

/// Simulated meshes under random faults: each from one seed, so that a failing one replays.
#[derive(Parser)]
#[command(name = "campaign")]
struct Arguments {
    /// How many seeds to run.
    #[arg(long, default_value_t = 1_000)]
    seeds: u64,
    /// The first seed.
    #[arg(long, default_value_t = 1)]
    from: u64,
    /// Runs at the same time; all cores if not given.
    #[arg(long)]
    threads: Option<usize>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let threads = arguments
        .threads
        .or_else(|| std::thread::available_parallelism().ok().map(std::num::NonZero::get))
        .unwrap_or(1);
    // Steps that are told to panic do so; that is caught, and not worth a line each.
    std::panic::set_hook(Box::new(|_| {}));
    let started = Instant::now();
    let next = AtomicU64::new(arguments.from);
    let end = arguments.from + arguments.seeds;
    let results: Vec<(u64, Result<campaign::Report, String>)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    let mut results = Vec::new();
                    loop {
                        let seed = next.fetch_add(1, Ordering::Relaxed);
                        if seed >= end {
                            return results;
                        }
                        let result = std::panic::catch_unwind(|| campaign::run(seed))
                            .unwrap_or_else(|_| Err("the engine panicked".into()));
                        if let Err(error) = &result {
                            println!("seed {seed}: {error}");
                        } else if seed.is_multiple_of(100) {
                            println!("seed {seed}: fine, after {} s", started.elapsed().as_secs());
                        }
                        results.push((seed, result));
                    }
                })
            })
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
    });
    let mut faults: BTreeMap<&str, u64> = BTreeMap::new();
    let mut failed: Vec<u64> = Vec::new();
    let (mut worst, mut worst_seed, mut messages, mut commands) = (0, 0, 0, 0);
    for (seed, result) in &results {
        match result {
            Ok(report) => {
                for (kind, count) in &report.faults {
                    *faults.entry(kind).or_default() += count;
                }
                if report.settled_after_ms > worst {
                    (worst, worst_seed) = (report.settled_after_ms, *seed);
                }
                messages += report.delivered;
                commands += report.commands;
            }
            Err(_) => failed.push(*seed),
        }
    }
    failed.sort_unstable();
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "seeds {} to {}: {:.1} a second",
        arguments.from,
        end - 1,
        results.len() as f64 / seconds
    );
    println!("faults and commands: {faults:?}");
    println!("{messages} messages delivered, {commands} commands accepted");
    println!("longest way back to one world: {worst} ms of virtual time (seed {worst_seed})");
    if failed.is_empty() {
        println!("verdict: all {} seeds ended in the one right world", results.len());
        ExitCode::SUCCESS
    } else {
        println!("verdict: {} of {} seeds FAILED: {failed:?}", failed.len(), results.len());
        println!("replay one with: campaign --seeds 1 --from SEED");
        ExitCode::FAILURE
    }
}
