//! The large scenario as fast as possible on one real node and on two, each with one worker and all
//! its threads on one core, against the bare loop through the same epochs on one core.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde_json::Value;
use shared::model::Scenario;
use testnet::processes::launch::{Pace, World};

use crate::bare::{self, Bare};
use crate::place::{on_core, timed};
use crate::process::{Process, launch};
use crate::report::{Aim, Report};

const ROUNDS: usize = 3;
/// Before this epoch a node opens files, fills caches and shares the work out.
const FROM: u64 = 160;
/// How long each mesh is watched.
const WATCHED: Duration = Duration::from_secs(5);
/// Between two looks at the node: it publishes pictures four times a second, and looking costs it
/// processor time too.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// For all that comes before.
const SOON: Duration = Duration::from_secs(60);

/// What was seen of a mesh: epochs settled, and what that took.
struct Seen {
    from: u64,
    until: u64,
    seconds: f64,
    /// Of all its nodes together.
    processor_seconds: f64,
}

/// Watches a mesh that runs, from one picture of its first node to another.
fn watch(nodes: &[&Process]) -> anyhow::Result<Seen> {
    let first = nodes[0];
    let processor =
        || nodes.iter().map(|node| node.processor_seconds()).sum::<anyhow::Result<f64>>();
    // The moment at which a picture is new is known to a look
    let next = |seen: u64| -> anyhow::Result<(u64, Instant, f64)> {
        let begun = Instant::now();
        loop {
            let epoch = first.epoch()?;
            if epoch > seen {
                return Ok((epoch, Instant::now(), processor()?));
            }
            anyhow::ensure!(begun.elapsed() < SOON, "the world stands still at epoch {seen}");
            std::thread::sleep(LOOK_EVERY);
        }
    };
    let mut before = first.epoch()?;
    while before < FROM {
        before = next(before)?.0;
    }
    let (from, begun, busy) = next(before)?;
    // Leave it alone meanwhile
    std::thread::sleep(WATCHED);
    let (until, ended, busy_then) = next(first.epoch()?)?;
    Ok(Seen {
        from,
        until,
        seconds: (ended - begun).as_secs_f64(),
        processor_seconds: busy_then - busy,
    })
}

fn on_one(folder: &std::path::Path) -> anyhow::Result<Seen> {
    let world = World::Scenario(bare::scenario_file("large"));
    let node = Process::start(&launch(folder, "one", world, Some(Pace::max())), Some(0))?;
    watch(&[&node])
}

fn on_two(folder: &std::path::Path) -> anyhow::Result<Seen> {
    let world = World::Scenario(bare::scenario_file("large"));
    // Slow until both are there, so that the work is shared out from the start
    let slow = "60000".parse().map_err(anyhow::Error::msg)?;
    let first = Process::start(&launch(folder, "first", world, Some(slow)), Some(0))?;
    let mut second = launch(folder, "second", World::None, None);
    second.join = first.ready.addresses.clone();
    let second = Process::start(&second, Some(1))?;
    second.wait("the world on the second node", SOON, |node| Ok(node.world()?.is_some()))?;
    first.set_pace(0, false)?;
    let seen = watch(&[&first, &second])?;
    let world = first.world()?.context("no world")?;
    let world = world.get("id").and_then(Value::as_str).context("a world without an id")?;
    let shares = first.api.get_json(&format!("/api/v1/worlds/{world}/shares"))?;
    let items = shares.get("items").unwrap_or(&shares).as_array().context("no shares")?;
    let name = |row: &Value| row.get("runner_name").and_then(Value::as_str).map(str::to_owned);
    let of_first = items.iter().filter(|row| name(row).as_deref() == Some("first")).count();
    eprintln!("  the first node runs {of_first} of {} projects", items.len());
    Ok(seen)
}

/// The bare loop, with processor seconds and person-days after each day.
struct Line {
    after: Vec<(f64, u64)>,
}

impl Line {
    fn run(scenario: &Scenario, until: u64) -> anyhow::Result<Line> {
        let mut bare = Bare::new(scenario, false)?;
        let mut after = vec![(0.0, 0)];
        let (mut seconds, mut person_days) = (0.0, 0);
        while bare.epoch() < until {
            let ((), took) = timed(|| bare.day());
            seconds += took;
            person_days += bare.people();
            after.push((seconds, person_days));
        }
        Ok(Line { after })
    }

    /// (seconds, person-days) from one epoch to another, in parts of days.
    fn between(&self, from: u64, until: u64) -> (f64, f64) {
        let at = |epoch: u64| {
            let (day, part) = ((epoch / 8) as usize, (epoch % 8) as f64 / 8.0);
            let last = self.after.len() - 1;
            let (a, b) = (self.after[day.min(last)], self.after[(day + 1).min(last)]);
            let between = |a: f64, b: f64| a + (b - a) * part;
            (between(a.0, b.0), between(a.1 as f64, b.1 as f64))
        };
        let (a, b) = (at(from), at(until));
        (b.0 - a.0, b.1 - a.1)
    }
}

pub fn measure(report: &mut Report) -> anyhow::Result<()> {
    let large = bare::scenario("large")?;
    anyhow::ensure!(large.genesis.lookahead == 8, "a day of the bare loop has 8 epochs");
    let (mut one, mut two, mut busy, mut scaling, mut both) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let folder = tempfile::tempdir()?;
        let alone = on_one(folder.path())?;
        let mesh = on_two(folder.path())?;
        let until = alone.until.max(mesh.until) + 8;
        let line = on_core(0, || Line::run(&large, until))?;
        let rates = |seen: &Seen| {
            let (seconds, person_days) = line.between(seen.from, seen.until);
            (
                person_days / seen.seconds,
                person_days / seconds,
                person_days / seen.processor_seconds,
            )
        };
        let (rate_one, bare_one, busy_one) = rates(&alone);
        let (rate_two, bare_two, busy_two) = rates(&mesh);
        one.push((rate_one, bare_one));
        busy.push((busy_one, bare_one));
        two.push((rate_two, bare_two));
        both.push((busy_two, bare_two));
        // Later days weigh differently: each mesh is compared with the bare loop through its own
        scaling.push((rate_two, rate_one * bare_two / bare_one));
        let Seen { from, until, seconds, processor_seconds } = alone;
        eprintln!(
            "  round {round}: alone {from} to {until} in {seconds:.2} s ({processor_seconds:.2} s busy), \
             two {} to {} in {:.2} s ({:.2} s busy)",
            mesh.from, mesh.until, mesh.seconds, mesh.processor_seconds
        );
    }
    let unit = "person-days/s";
    let at_most_a_tenth = Aim::RatioAtLeast(1.0 / 1.1);
    report.against("mesh: one node, one core", unit, "bare loop", &one, at_most_a_tenth);
    report.against("mesh: one node, by processor time", unit, "bare loop", &busy, Aim::None);
    report.against("mesh: two nodes, a core each", unit, "bare loop", &two, Aim::None);
    report.against("mesh: two nodes, by processor time", unit, "bare loop", &both, Aim::None);
    report.against("mesh: two nodes over one", unit, "one node", &scaling, Aim::RatioAtLeast(1.8));
    Ok(())
}
