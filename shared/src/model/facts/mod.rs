//! Stylised facts: what is known of software work, each with a band and its source, held against
//! simulations of the model. `zeromesh validate facts` runs them; a test runs a small sample.
//!
//! An [`Experiment`] simulates small worlds from a seed and tells a sample of numbers; a [`Fact`]
//! makes one measure of the samples of an experiment and has a band that the measure should be in.
//! Facts that look at the same worlds share an experiment, so that it is run once.

mod catalogue;
mod lab;
mod measures;
pub mod numbers;
pub mod past;
#[cfg(test)]
mod tests;
mod worlds;

pub use catalogue::FACTS;
pub use lab::Lab;
pub use worlds::Experiment;

use serde::Serialize;

/// What an experiment tells of one seed: rows of numbers, whose meaning is the experiment's.
pub type Sample = Vec<Vec<f64>>;

/// The spread of a measure counts as stable when it changes by no more than this, as a share of the
/// mean or of the width of the band, whichever is larger.
const STABLE_WITHIN: f64 = 0.05;
/// Resamples of the seeds for the interval of a pooled measure.
const RESAMPLES: usize = 400;

/// How sure we are that the band is where it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// Data or several studies agree.
    Good,
    /// One study, another setting, or a rule of thumb.
    Weak,
}

/// How one measure is made of the samples of many seeds.
#[derive(Clone, Copy)]
pub enum Measure {
    /// Of the sample of each seed; the median and the interval are over seeds.
    Each(fn(&Sample) -> f64),
    /// Of all rows of all seeds; the interval is over resamples of the seeds (bootstrap).
    Pooled(fn(&[&[f64]]) -> f64),
}

/// Something known of software work.
pub struct Fact {
    /// Short, for `--only`.
    pub name: &'static str,
    /// What is known, and how it is measured here.
    pub statement: &'static str,
    pub source: &'static str,
    pub evidence: Evidence,
    pub low: f64,
    pub high: f64,
    pub unit: &'static str,
    pub experiment: Experiment,
    pub measure: Measure,
}

/// A fact held against the model.
#[derive(Clone, Debug, Serialize)]
pub struct Verdict {
    pub name: &'static str,
    pub statement: &'static str,
    pub source: &'static str,
    pub evidence: Evidence,
    pub unit: &'static str,
    pub low: f64,
    pub high: f64,
    /// Median over seeds, or the measure of all of them; none if it could not be measured.
    pub median: Option<f64>,
    /// 90 % interval.
    pub from: Option<f64>,
    pub to: Option<f64>,
    pub seeds: u32,
    /// Seeds from which on the spread over seeds is stable (Lee et al. 2015); none if it is not yet,
    /// or the measure is pooled.
    pub stable_seeds: Option<u32>,
    /// Whether the median is in the band.
    pub holds: bool,
}

impl Fact {
    /// The fact of this name.
    pub fn named(name: &str) -> Option<&'static Fact> {
        FACTS.iter().find(|fact| fact.name == name)
    }

    /// Holds the fact against the samples of its experiment, one a seed.
    pub fn judge(&self, samples: &[Sample]) -> Verdict {
        let (middle, spread, stable) = match self.measure {
            Measure::Each(measure) => {
                let all: Vec<f64> = samples.iter().map(measure).collect();
                let known: Vec<f64> = all.iter().copied().filter(|v| v.is_finite()).collect();
                let scale = numbers::mean(&known).abs().max(self.high - self.low);
                let stable = numbers::stable_from(&known, scale, STABLE_WITHIN);
                (numbers::median(&all), all, stable)
            }
            Measure::Pooled(measure) => {
                let of = |samples: &[&Sample]| {
                    let rows: Vec<&[f64]> = samples
                        .iter()
                        .flat_map(|sample| sample.iter().map(Vec::as_slice))
                        .collect();
                    measure(&rows)
                };
                let all: Vec<&Sample> = samples.iter().collect();
                (of(&all), numbers::bootstrap(&all, RESAMPLES, |drawn| of(drawn)), None)
            }
        };
        let finite = |value: f64| value.is_finite().then_some(value);
        Verdict {
            name: self.name,
            statement: self.statement,
            source: self.source,
            evidence: self.evidence,
            unit: self.unit,
            low: self.low,
            high: self.high,
            median: finite(middle),
            from: finite(numbers::quantile(&spread, 0.05)),
            to: finite(numbers::quantile(&spread, 0.95)),
            seeds: samples.len() as u32,
            stable_seeds: stable.map(|from| from as u32),
            holds: (self.low..=self.high).contains(&middle),
        }
    }
}
