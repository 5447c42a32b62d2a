//! Person-days a second in one thread: the companies in a bare loop, the engine over them, and what
//! recording events costs.

use shared::engine::model::Model;
use shared::engine::solo::Solo;
use shared::model::{Companies, Scenario};

use crate::bare::{self, Bare};
use crate::place::{on_core, timed};
use crate::report::{Aim, Report};

/// Working days that are run: about a second for each measurement.
const DAYS: u64 = 160;
/// Recording makes every day several times as long.
const DAYS_RECORDED: u64 = 24;
const ROUNDS: usize = 5;

struct Run {
    person_days: u64,
    seconds: f64,
}

impl Run {
    fn rate(&self) -> f64 {
        self.person_days as f64 / self.seconds
    }
}

fn bare(scenario: &Scenario, days: u64, record: bool) -> anyhow::Result<(Run, Bare)> {
    let mut bare = Bare::new(scenario, record)?;
    let (person_days, seconds) = timed(|| {
        (0..days)
            .map(|_| {
                bare.day();
                bare.people()
            })
            .sum()
    });
    Ok((Run { person_days, seconds }, bare))
}

pub fn measure(report: &mut Report) -> anyhow::Result<()> {
    let large = bare::scenario("large")?;
    let until = DAYS * u64::from(large.genesis.lookahead);
    let (mut engine, mut recording) = (Vec::new(), Vec::new());
    let mut bytes_per_person = 0.0;
    on_core(0, || -> anyhow::Result<()> {
        for round in 0..ROUNDS {
            let (plain, end) = bare(&large, DAYS, false)?;
            let mut solo = Solo::new(&Companies, large.genesis.clone(), bare::commands(&large));
            let ((), seconds) = timed(|| solo.run(until, |_| true));
            let under_engine = Run { person_days: plain.person_days, seconds };
            engine.push((under_engine.rate(), plain.rate()));
            let (recorded, _) = bare(&large, DAYS_RECORDED, true)?;
            let (silent, _) = bare(&large, DAYS_RECORDED, false)?;
            recording.push((recorded.rate(), silent.rate()));
            if round > 0 {
                continue;
            }
            let mut bytes = 0;
            for (id, state) in end.states() {
                let encoded = Companies.encode(state);
                let same = solo.state(id).is_some_and(|other| Companies.encode(other) == encoded);
                anyhow::ensure!(same, "the bare loop and the engine differ: one of them is wrong");
                bytes += encoded.len();
            }
            bytes_per_person = bytes as f64 / end.people() as f64;
        }
        Ok(())
    })?;
    let bare_rates: Vec<f64> = engine.iter().map(|(_, bare)| *bare).collect();
    report.alone("steps: bare loop, one thread", "person-days/s", &bare_rates, Aim::None);
    report.against(
        "steps: under the engine, one thread",
        "person-days/s",
        "bare loop",
        &engine,
        // At most 10 % over the bare loop
        Aim::RatioAtLeast(1.0 / 1.1),
    );
    report.against(
        "steps: bare loop that records events",
        "person-days/s",
        "bare loop",
        &recording,
        Aim::None,
    );
    report.alone(
        "steps: encoded state of a person",
        "bytes",
        &[bytes_per_person],
        Aim::ValueAtMost(2_048.0),
    );
    Ok(())
}
