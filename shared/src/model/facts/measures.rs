//! Measures: from the rows of an experiment to the number that a fact is about. NaN where there is
//! nothing to measure.

use super::numbers::{self, Line};
use super::{Sample, numbers::mean};

/// A cell of the first row.
pub fn cell(sample: &Sample, at: usize) -> f64 {
    sample.first().and_then(|row| row.get(at)).copied().unwrap_or(f64::NAN)
}

fn column(rows: &[&[f64]], at: usize) -> Vec<f64> {
    rows.iter().filter_map(|row| row.get(at).copied()).filter(|v| v.is_finite()).collect()
}

fn or_nan(values: &[f64], measure: impl Fn(&[f64]) -> f64) -> f64 {
    if values.is_empty() { f64::NAN } else { measure(values) }
}

/// The mean of a column.
pub fn column_mean(rows: &[&[f64]], at: usize) -> f64 {
    or_nan(&column(rows, at), mean)
}

fn logs(rows: &[&[f64]], x: usize, y: usize) -> Vec<(f64, f64)> {
    rows.iter()
        .filter(|row| row.len() > x.max(y) && row[x] > 0.0 && row[y] > 0.0)
        .map(|row| (libm::log(row[x]), libm::log(row[y])))
        .collect()
}

/// One column as a power of another: a line through their logarithms.
pub fn power_law(rows: &[&[f64]], x: usize, y: usize) -> Line {
    let nothing =
        Line { slope: f64::NAN, intercept: f64::NAN, residual_sd: f64::NAN, r2: f64::NAN };
    numbers::line(&logs(rows, x, y)).unwrap_or(nothing)
}

/// The exponent of the second column as a power of the first, of one seed.
pub fn power(sample: &Sample) -> f64 {
    let rows: Vec<&[f64]> = sample.iter().map(Vec::as_slice).collect();
    power_law(&rows, 0, 1).slope
}

/// Mean output by paths between people, and the line through them.
fn paths(rows: &[&[f64]]) -> Option<(Vec<(f64, f64)>, Line)> {
    let mut sizes = column(rows, 0);
    sizes.sort_by(f64::total_cmp);
    sizes.dedup();
    let points: Vec<(f64, f64)> = sizes
        .iter()
        .map(|&size| {
            let of: Vec<&[f64]> = rows.iter().copied().filter(|row| row[0] == size).collect();
            (size * (size - 1.0) / 2.0, column_mean(&of, 1))
        })
        .collect();
    let line = numbers::line(&points)?;
    Some((points, line))
}

/// How straight the line of output over paths is; 0 if it rises.
pub fn paths_r2(rows: &[&[f64]]) -> f64 {
    paths(rows).map_or(f64::NAN, |(_, line)| if line.slope < 0.0 { line.r2 } else { 0.0 })
}

/// What the largest team loses against the smallest, in %, by the line.
pub fn paths_loss(rows: &[&[f64]]) -> f64 {
    let Some((points, line)) = paths(rows) else { return f64::NAN };
    let (first, last) = (points[0].0, points[points.len() - 1].0);
    let at = |x: f64| line.intercept + line.slope * x;
    100.0 * (1.0 - at(last) / at(first))
}

/// One quantile of output over people against another.
pub fn spread(sample: &Sample, high: f64, low: f64) -> f64 {
    let rates: Vec<f64> = sample.iter().map(|row| row[0]).collect();
    numbers::quantile(&rates, high) / numbers::quantile(&rates, low)
}

/// Correlation of output and conscientiousness.
pub fn conscientious(rows: &[&[f64]]) -> f64 {
    let points: Vec<(f64, f64)> = rows.iter().map(|row| (row[1], row[0])).collect();
    numbers::correlation(&points).unwrap_or(f64::NAN)
}

fn overruns(rows: &[&[f64]]) -> Vec<f64> {
    rows.iter().filter(|row| row.len() > 4).map(|row| 100.0 * (row[4] / row[3] - 1.0)).collect()
}

/// Projects that took more than planned, in %.
pub fn overrun_share(rows: &[&[f64]]) -> f64 {
    let over = |all: &[f64]| {
        100.0 * all.iter().filter(|&&over| over > 0.0).count() as f64 / all.len() as f64
    };
    or_nan(&overruns(rows), over)
}

/// What projects took beyond the plan, in %.
pub fn overrun_mean(rows: &[&[f64]]) -> f64 {
    or_nan(&overruns(rows), mean)
}

/// Rows of tasks, without the first row, which is about the flow.
fn tasks<'a>(rows: &'a [&'a [f64]]) -> impl Iterator<Item = &'a &'a [f64]> {
    rows.iter().filter(|row| row.len() == 3)
}

fn ratios(rows: &[&[f64]]) -> Vec<f64> {
    tasks(rows).filter(|row| row[0] > 0.0).map(|row| row[1] / row[0]).collect()
}

/// A quantile of actual over estimate.
pub fn task_quantile(rows: &[&[f64]], share: f64) -> f64 {
    numbers::quantile(&ratios(rows), share)
}

/// Tasks within a tenth of their estimate, in %.
pub fn task_exact(rows: &[&[f64]]) -> f64 {
    or_nan(&ratios(rows), |all| {
        100.0 * all.iter().filter(|&&r| (0.9..=1.1).contains(&r)).count() as f64 / all.len() as f64
    })
}

/// The exponent of actual over estimate.
pub fn task_power(rows: &[&[f64]]) -> f64 {
    let tasks: Vec<&[f64]> = tasks(rows).copied().collect();
    power_law(&tasks, 0, 1).slope
}

/// The 95 % quantile of time under way against the median.
pub fn lead_tail(rows: &[&[f64]]) -> f64 {
    let times: Vec<f64> = tasks(rows).map(|row| row[2]).collect();
    numbers::quantile(&times, 0.95) / numbers::median(&times)
}

/// How far L and λW are apart, in %.
pub fn little(sample: &Sample) -> f64 {
    let (under_way, rate, time) = (cell(sample, 0), cell(sample, 1), cell(sample, 2));
    100.0 * (under_way / (rate * time) - 1.0)
}

/// Companies that have not failed by this day, in %.
pub fn alive(rows: &[&[f64]], day: f64) -> f64 {
    or_nan(&column(rows, 0), |all| {
        100.0 * all.iter().filter(|&&failed| failed > day).count() as f64 / all.len() as f64
    })
}
