//! The study of a file: simulated efforts of every project, calibrated on one part of the rows, held
//! against the other part, over many seeded splits; and the same for the baselines.
//!
//! Every project is simulated at a few scales of work. Between them its effort is found on a line
//! through the logarithms, so that calibration needs no further simulations. Two numbers are
//! calibrated for a whole file: the work in a unit of size, and how much faster than size it grows.

use serde::Serialize;

use super::accuracy::{Accuracy, accuracy};
use super::baseline::{cocomo81, leave_one_out, regression};
use super::simulation::{MIDDLE_KLOC, MIDDLE_POINTS, Run};
use super::{PastProject, PastProjects, SizeUnit};
use crate::id::Hasher;
use crate::model::facts::numbers;
use crate::rng::Rng;

/// Scales of work at which every project is simulated.
pub const SCALES: [f64; 3] = [0.25, 1.0, 4.0];
/// Splits into rows to calibrate on and rows to report on.
pub const SPLITS: usize = 100;
/// Exponents of size that are tried, in hundredths.
const EXPONENTS: std::ops::RangeInclusive<u32> = 60..=140;

/// The runs of one project at each scale.
pub type Runs = [Vec<Run>; 3];

/// What two numbers a calibration found.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Calibration {
    /// Work in a unit of size, against the value before.
    pub scale: f64,
    /// Work grows with size to this power.
    pub exponent: f64,
}

/// One way to predict, and how good it was on rows it had not seen.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub method: &'static str,
    /// Medians over splits; of all rows where nothing is split.
    pub accuracy: Accuracy,
    /// 90 % interval of standardised accuracy over splits.
    pub sa_from: f64,
    pub sa_to: f64,
}

/// One project: what it took and what was said, in person-months.
#[derive(Clone, Debug, Serialize)]
pub struct Predicted {
    pub line: u64,
    pub size: f64,
    pub actual: f64,
    /// Median of the predictions of calibrations that had not seen it.
    pub predicted: f64,
    /// 90 % of the runs of the simulation.
    pub runs_from: f64,
    pub runs_to: f64,
    /// 90 % interval with what the calibration leaves unexplained.
    pub from: f64,
    pub to: f64,
}

/// What came of it.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    pub projects: usize,
    pub left_out: usize,
    /// Projects that the simulation did not finish.
    pub unfinished: usize,
    pub calibrate_percent: u32,
    pub splits: usize,
    /// Medians over splits.
    pub calibration: Calibration,
    pub rows: Vec<Row>,
    /// Exponent of months over person-months: in the simulation, and in the file if it tells months.
    pub duration_exponent: f64,
    pub duration_exponent_actual: Option<f64>,
    /// Exponent of effort over size: in the calibrated simulation and in the file.
    pub effort_exponent: f64,
    pub effort_exponent_actual: f64,
    /// What a power of size leaves of ln effort: in the simulation (one run a project) and in the
    /// file.
    pub scatter: f64,
    pub scatter_actual: f64,
    /// Standard deviation of ln effort over the runs of one project.
    pub run_sd: f64,
    /// Actual efforts within the 90 % interval of the runs, in %.
    pub runs_cover: f64,
    /// Actual efforts within the 90 % interval with what the calibration leaves, in %.
    pub cover: f64,
    pub predictions: Vec<Predicted>,
}

/// A project with its simulated efforts, as logarithms.
struct Case<'a> {
    project: &'a PastProject,
    /// ln(size / middle size).
    ln_size: f64,
    ln_actual: f64,
    /// ln person-months and ln months by scale.
    effort: [f64; 3],
    months: [f64; 3],
    /// ln of each run at scale 1, less their median.
    around: Vec<f64>,
}

/// A value between the scales, on lines through neighbouring points, and beyond them.
fn between(values: &[f64; 3], ln_scale: f64) -> f64 {
    let (at, from) = if ln_scale < 0.0 { (0, libm::log(SCALES[0])) } else { (1, 0.0) };
    let step = libm::log(SCALES[at + 1]) - libm::log(SCALES[at]);
    values[at] + (values[at + 1] - values[at]) * (ln_scale - from) / step
}

impl Case<'_> {
    fn ln_scale(&self, with: Calibration) -> f64 {
        libm::log(with.scale) + (with.exponent - 1.0) * self.ln_size
    }

    fn said(&self, with: Calibration) -> f64 {
        between(&self.effort, self.ln_scale(with))
    }
}

/// The scale and exponent with the least absolute error of ln effort.
fn calibrate(cases: &[&Case<'_>]) -> Calibration {
    let mut best = (f64::INFINITY, Calibration { scale: 1.0, exponent: 1.0 });
    for hundredths in EXPONENTS {
        let mut with = Calibration { scale: 1.0, exponent: f64::from(hundredths) / 100.0 };
        let off = |with| -> Vec<f64> {
            cases.iter().map(|case| case.ln_actual - case.said(with)).collect()
        };
        // Effort is nearly in proportion to work: a few steps come close.
        for _ in 0..4 {
            with.scale *= libm::exp(numbers::median(&off(with)));
        }
        let error: f64 = off(with).iter().map(|off| off.abs()).sum();
        if error < best.0 {
            best = (error, with);
        }
    }
    best.1
}

/// The study. `runs` are those of each project in the order of the file.
pub fn study(past: &PastProjects, runs: &[Runs], calibrate_percent: u32, seed: u64) -> Report {
    let middle = match past.unit {
        SizeUnit::Kloc => MIDDLE_KLOC,
        SizeUnit::FunctionPoints => MIDDLE_POINTS,
    };
    let cases: Vec<Case<'_>> = past
        .projects
        .iter()
        .zip(runs)
        .filter_map(|(project, runs)| case(project, runs, middle))
        .collect();
    let used: Vec<PastProject> = cases.iter().map(|case| case.project.clone()).collect();
    let mut simulated = Vec::new();
    let mut lines = Vec::new();
    let mut calibrations = Vec::new();
    // Of each case, by split in which it was held back: what was said, and what was left elsewhere.
    let mut said: Vec<Vec<f64>> = vec![Vec::new(); cases.len()];
    let mut left: Vec<f64> = Vec::new();
    for split in 0..SPLITS as u64 {
        let (train, test) = halves(cases.len(), calibrate_percent, seed, split);
        if train.len() < 3 || test.len() < 3 {
            continue;
        }
        let known: Vec<&Case<'_>> = train.iter().map(|&at| &cases[at]).collect();
        let with = calibrate(&known);
        calibrations.push(with);
        left.extend(known.iter().map(|case| case.ln_actual - case.said(with)));
        let mut pairs = Vec::new();
        for &at in &test {
            let predicted = cases[at].said(with);
            said[at].push(predicted);
            pairs.push((cases[at].project.person_months, libm::exp(predicted)));
        }
        simulated.push(accuracy(&pairs));
        let known: Vec<&PastProject> = train.iter().map(|&at| cases[at].project).collect();
        if let Some(line) = regression(&known) {
            let pairs: Vec<(f64, f64)> = test
                .iter()
                .map(|&at| (cases[at].project.person_months, line(cases[at].project.size)))
                .collect();
            lines.push(accuracy(&pairs));
        }
    }
    let mut rows = vec![
        over_splits("simulation, rows held back", &simulated),
        over_splits("log-linear regression, rows held back", &lines),
        whole("log-linear regression, leave one out", &leave_one_out(&used)),
    ];
    let cocomo: Option<Vec<(f64, f64)>> = past
        .projects
        .iter()
        .map(|project| Some((project.person_months, cocomo81(project)?)))
        .collect();
    if let Some(pairs) = cocomo {
        rows.push(whole("intermediate COCOMO 81 (fitted to its own rows)", &pairs));
    }
    let middle_of = |of: fn(&Calibration) -> f64| {
        numbers::median(&calibrations.iter().map(of).collect::<Vec<_>>())
    };
    let calibration = Calibration {
        scale: middle_of(|with| with.scale),
        exponent: middle_of(|with| with.exponent),
    };
    let around = |share| numbers::quantile(&left, share);
    let (low, high) = (around(0.05), around(0.95));
    let predictions: Vec<Predicted> = cases
        .iter()
        .zip(&said)
        .filter(|(_, said)| !said.is_empty())
        .map(|(case, said)| {
            let middle = numbers::median(said);
            let run = |share| libm::exp(middle + numbers::quantile(&case.around, share));
            Predicted {
                line: case.project.line,
                size: case.project.size,
                actual: case.project.person_months,
                predicted: libm::exp(middle),
                runs_from: run(0.05),
                runs_to: run(0.95),
                from: libm::exp(middle + low),
                to: libm::exp(middle + high),
            }
        })
        .collect();
    let covered = |within: fn(&Predicted) -> bool| {
        let inside = predictions.iter().filter(|said| within(said)).count();
        100.0 * inside as f64 / predictions.len().max(1) as f64
    };
    let shape = shape(&cases, calibration);
    Report {
        projects: cases.len(),
        left_out: past.left_out.len(),
        unfinished: past.projects.len() - cases.len(),
        calibrate_percent,
        splits: simulated.len(),
        calibration,
        rows,
        runs_cover: covered(|p| (p.runs_from..=p.runs_to).contains(&p.actual)),
        cover: covered(|p| (p.from..=p.to).contains(&p.actual)),
        predictions,
        ..shape
    }
}

fn case<'a>(project: &'a PastProject, runs: &Runs, middle: f64) -> Option<Case<'a>> {
    let logs = |at: usize, of: fn(&Run) -> f64| -> Vec<f64> {
        runs[at].iter().map(|run| libm::log(of(run))).collect()
    };
    let medians = |of: fn(&Run) -> f64| [0, 1, 2].map(|at| numbers::median(&logs(at, of)));
    let effort = medians(|run| run.person_months);
    if effort.iter().any(|value| !value.is_finite()) {
        return None;
    }
    Some(Case {
        project,
        ln_size: libm::log(project.size / middle),
        ln_actual: libm::log(project.person_months),
        effort,
        months: medians(|run| run.months),
        around: logs(1, |run| run.person_months).iter().map(|run| run - effort[1]).collect(),
    })
}

/// Rows to calibrate on and rows to report on.
fn halves(count: usize, percent: u32, seed: u64, split: u64) -> (Vec<usize>, Vec<usize>) {
    let seed = Hasher::new("zeromesh/split").number(seed).number(split).finish();
    let mut rng = Rng::from_seed(seed.0);
    let mut order: Vec<(u64, usize)> = (0..count).map(|at| (rng.bits(), at)).collect();
    order.sort();
    let cut = count * percent.min(100) as usize / 100;
    let places = |part: &[(u64, usize)]| part.iter().map(|&(_, at)| at).collect();
    (places(&order[..cut]), places(&order[cut..]))
}

fn over_splits(method: &'static str, all: &[Accuracy]) -> Row {
    let values = |of: fn(&Accuracy) -> f64| all.iter().map(of).collect::<Vec<f64>>();
    let middle = |of| numbers::median(&values(of));
    let sa = values(|accuracy| accuracy.sa);
    Row {
        method,
        accuracy: Accuracy {
            mmre: middle(|a| a.mmre),
            mdmre: middle(|a| a.mdmre),
            pred25: middle(|a| a.pred25),
            sa: middle(|a| a.sa),
            ln_sd: middle(|a| a.ln_sd),
            bias: middle(|a| a.bias),
        },
        sa_from: numbers::quantile(&sa, 0.05),
        sa_to: numbers::quantile(&sa, 0.95),
    }
}

fn whole(method: &'static str, pairs: &[(f64, f64)]) -> Row {
    let accuracy = accuracy(pairs);
    Row { method, accuracy, sa_from: accuracy.sa, sa_to: accuracy.sa }
}

/// Exponents and scatter, in a report that is empty otherwise.
fn shape(cases: &[Case<'_>], with: Calibration) -> Report {
    let said: Vec<f64> = cases.iter().map(|case| case.said(with)).collect();
    // One run a project, each with the luck of another place among its runs.
    let lucky = |at: usize, case: &Case<'_>| {
        said[at] + case.around.get(at % case.around.len().max(1)).copied().unwrap_or(0.0)
    };
    let slope = |points: Vec<(f64, f64)>| numbers::line(&points);
    let nan = |line: Option<numbers::Line>, of: fn(numbers::Line) -> f64| line.map_or(f64::NAN, of);
    let over = |of: &dyn Fn(usize, &Case<'_>) -> f64| {
        slope(cases.iter().enumerate().map(|(at, case)| (case.ln_size, of(at, case))).collect())
    };
    let effort = over(&lucky);
    let actual = over(&|_, case| case.ln_actual);
    let months = |case: &Case<'_>| between(&case.months, case.ln_scale(with));
    let duration = cases.iter().zip(&said).map(|(case, said)| (*said, months(case))).collect();
    let told: Vec<(f64, f64)> = cases
        .iter()
        .filter_map(|case| Some((case.ln_actual, libm::log(case.project.months?))))
        .collect();
    let spreads: Vec<f64> = cases.iter().map(|case| numbers::sd(&case.around)).collect();
    Report {
        projects: 0,
        left_out: 0,
        unfinished: 0,
        calibrate_percent: 0,
        splits: 0,
        calibration: with,
        rows: Vec::new(),
        duration_exponent: nan(slope(duration), |line| line.slope),
        duration_exponent_actual: slope(told).map(|line| line.slope),
        effort_exponent: nan(effort, |line| line.slope),
        effort_exponent_actual: nan(actual, |line| line.slope),
        scatter: nan(effort, |line| line.residual_sd),
        scatter_actual: nan(actual, |line| line.residual_sd),
        run_sd: numbers::median(&spreads),
        runs_cover: 0.0,
        cover: 0.0,
        predictions: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Projects that take 2 × size, simulated by something that says 5 × size^.9.
    fn past(count: u32) -> (PastProjects, Vec<Runs>) {
        let mut projects = Vec::new();
        let mut runs = Vec::new();
        for nth in 1..=count {
            let size = f64::from(nth * nth);
            projects.push(PastProject {
                line: nth.into(),
                size,
                person_months: 2.0 * size,
                months: None,
                mode: None,
                drivers: None,
                team_years: None,
            });
            runs.push(SCALES.map(|scale| {
                let person_months = 5.0 * scale * libm::pow(size, 0.9);
                vec![Run { person_months, months: 1.0 + size }; 3]
            }));
        }
        (PastProjects { unit: SizeUnit::Kloc, projects, left_out: Vec::new() }, runs)
    }

    #[test]
    fn calibration_finds_the_scale_and_the_exponent_that_are_there() {
        let (past, runs) = past(20);
        let report = study(&past, &runs, 50, 1);
        assert!((report.calibration.exponent - 1.1).abs() < 0.015, "{:?}", report.calibration);
        let row = &report.rows[0];
        assert!(row.accuracy.sa > 98.0 && row.accuracy.pred25 == 100.0, "{row:?}");
        assert!((report.effort_exponent_actual - 1.0).abs() < 1e-9);
        assert_eq!((report.projects, report.unfinished), (20, 0));
    }

    #[test]
    fn a_project_that_was_never_finished_is_left_out_and_counted() {
        let (past, mut runs) = past(12);
        runs[3] = [Vec::new(), Vec::new(), Vec::new()];
        let report = study(&past, &runs, 50, 1);
        assert_eq!((report.projects, report.unfinished), (11, 1));
    }

    #[test]
    fn what_is_held_back_does_not_change_the_calibration() {
        let (past, runs) = past(20);
        let (train, test) = halves(20, 50, 1, 0);
        assert_eq!((train.len(), test.len()), (10, 10));
        let with = |past: &PastProjects| {
            let cases: Vec<Case<'_>> = past
                .projects
                .iter()
                .zip(&runs)
                .filter_map(|(project, runs)| case(project, runs, MIDDLE_KLOC))
                .collect();
            calibrate(&train.iter().map(|&at| &cases[at]).collect::<Vec<_>>())
        };
        let mut other = past.clone();
        other.projects[test[0]].person_months *= 50.0;
        assert_eq!(with(&past), with(&other));
    }
}
