//! `./scripts/bench [NAME…] [--json FILE]`: how fast it is, as ratios against baselines measured in
//! the same run. What each row means, and the last figures: `docs/benchmarks.md`.
//!
//! | file | about |
//! | --- | --- |
//! | `report` | rows, medians, the table, the JSON |
//! | `place` | one core, one thread: pinning and processor time |
//! | `bare` | the companies in a bare loop: the baseline of `steps` and `mesh` |
//! | `steps`, `phold` | the engine over a bare loop, in one thread |
//! | `process` | a real node under measurement |
//! | `mesh` | the large scenario on one real node and on two |
//! | `pair`, `gossip`, `states` | two networks in this process against bare libp2p and bare quinn |
//! | `http` | a cached answer against a bare hyper |
//! | `node` | start, and memory for each person and each idle WebSocket |

mod bare;
mod gossip;
mod http;
mod mesh;
mod node;
mod pair;
mod phold;
mod place;
mod process;
mod report;
mod states;
mod steps;

use std::path::PathBuf;
use std::time::Instant;

use clap::{Parser, ValueEnum};
use report::Report;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
enum Name {
    /// Person-days a second in one thread, bare and under the engine.
    Steps,
    /// PHOLD events a second in one thread, bare and under the engine.
    Phold,
    /// The large scenario on one real node and on two.
    Mesh,
    /// Gossip delivered a second against bare gossipsub.
    Gossip,
    /// A cached GET against a bare hyper.
    Http,
    /// A snapshot of 16 MiB against raw quinn.
    States,
    /// Start to ready.
    Start,
    /// Memory of a person and of an idle WebSocket.
    Memory,
}

/// Measures, and prints ratios against baselines of the same run.
#[derive(Parser)]
#[command(name = "bench")]
struct Arguments {
    /// What to measure; all of it if nothing is named.
    names: Vec<Name>,
    /// Writes the rows as JSON into this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Cargo says so.
    #[arg(long, hide = true)]
    bench: bool,
    /// Become the bare hyper server that `http` measures against.
    #[arg(long, hide = true)]
    serve_hello: bool,
}

fn main() -> anyhow::Result<()> {
    let Arguments { mut names, json, bench: _, serve_hello } = Arguments::parse();
    if serve_hello {
        return http::serve_hello();
    }
    if names.is_empty() {
        names = Name::value_variants().to_vec();
    }
    names.sort();
    names.dedup();
    let mut report = Report::default();
    for name in names {
        let begun = Instant::now();
        let title = name.to_possible_value().map_or_else(String::new, |v| v.get_name().to_owned());
        eprintln!("measuring {title} …");
        let before = report.rows();
        let outcome = match name {
            Name::Steps => steps::measure(&mut report),
            Name::Phold => phold::measure(&mut report),
            Name::Mesh => mesh::measure(&mut report),
            Name::Gossip => gossip::measure(&mut report),
            Name::Http => http::measure(&mut report),
            Name::States => states::measure(&mut report),
            Name::Start => node::measure_start(&mut report),
            Name::Memory => node::measure_memory(&mut report),
        };
        // What was measured so far is worth having all the same
        if let Err(error) = outcome {
            report.failed(&title, &error);
        }
        report.show_from(before);
        eprintln!("  {title} took {:.1} s", begun.elapsed().as_secs_f64());
    }
    println!("{}", report.table());
    if let Some(file) = json {
        report.write_json(&file)?;
    }
    report.outcome()
}
