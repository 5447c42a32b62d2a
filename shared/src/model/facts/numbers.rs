//! Statistics of samples: quantiles, moments, straight lines, resampling.

use crate::rng::Rng;

/// The mean; 0 of nothing.
pub fn mean(values: &[f64]) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    values.iter().sum::<f64>() / values.len() as f64
}

/// The standard deviation of a sample; 0 of fewer than two.
pub fn sd(values: &[f64]) -> f64 {
    if values.len() < 2 {
        return 0.0;
    }
    let middle = mean(values);
    let squares: f64 = values.iter().map(|value| (value - middle) * (value - middle)).sum();
    libm::sqrt(squares / (values.len() - 1) as f64)
}

/// The finite ones, in order.
pub fn sorted(values: &[f64]) -> Vec<f64> {
    let mut values: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    values.sort_by(f64::total_cmp);
    values
}

/// The quantile at a share (0 to 1), linear between neighbours; NaN of nothing.
pub fn quantile(values: &[f64], share: f64) -> f64 {
    let values = sorted(values);
    let Some(last) = values.len().checked_sub(1) else { return f64::NAN };
    let place = share.clamp(0.0, 1.0) * last as f64;
    let below = place as usize;
    let above = (below + 1).min(last);
    values[below] + (values[above] - values[below]) * (place - below as f64)
}

/// The middle one; NaN of nothing.
pub fn median(values: &[f64]) -> f64 {
    quantile(values, 0.5)
}

/// A straight line through points, by least squares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    pub slope: f64,
    pub intercept: f64,
    /// Standard deviation of what it leaves, with two degrees of freedom less.
    pub residual_sd: f64,
    /// Share of the variance it accounts for.
    pub r2: f64,
}

/// The line through (x, y); none if it is not defined.
pub fn line(points: &[(f64, f64)]) -> Option<Line> {
    if points.len() < 3 {
        return None;
    }
    let count = points.len() as f64;
    let (mx, my) = points.iter().fold((0.0, 0.0), |(x, y), p| (x + p.0 / count, y + p.1 / count));
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for (x, y) in points {
        xx += (x - mx) * (x - mx);
        xy += (x - mx) * (y - my);
        yy += (y - my) * (y - my);
    }
    if xx <= 0.0 {
        return None;
    }
    let slope = xy / xx;
    let left = (yy - slope * xy).max(0.0);
    Some(Line {
        slope,
        intercept: my - slope * mx,
        residual_sd: libm::sqrt(left / (count - 2.0)),
        r2: if yy > 0.0 { 1.0 - left / yy } else { 0.0 },
    })
}

/// Pearson's correlation; none if it is not defined.
pub fn correlation(points: &[(f64, f64)]) -> Option<f64> {
    let there = line(points)?;
    let swapped: Vec<(f64, f64)> = points.iter().map(|&(x, y)| (y, x)).collect();
    let back = line(&swapped)?;
    Some(libm::sqrt((there.slope * back.slope).max(0.0)) * there.slope.signum())
}

/// The number of values from which on the standard deviation, as a share of `scale`, stays within
/// `tolerance` of what it is for every larger number (stability of the variance, Lee et al. 2015).
/// None if it never settles, or there are fewer than four values.
pub fn stable_from(values: &[f64], scale: f64, tolerance: f64) -> Option<usize> {
    if values.len() < 4 || scale <= 0.0 || !scale.is_finite() {
        return None;
    }
    let spreads: Vec<f64> = (2..=values.len()).map(|n| sd(&values[..n]) / scale).collect();
    // From the end: the range of all later spreads, as long as it is narrow enough.
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    let mut stable = None;
    for (at, spread) in spreads.iter().enumerate().rev() {
        (low, high) = (low.min(*spread), high.max(*spread));
        if (high - spread).max(spread - low) > tolerance {
            break;
        }
        stable = Some(at + 2);
    }
    // The last few are always close to each other: that says nothing.
    stable.filter(|&from| from * 4 <= values.len() * 3)
}

/// A measure's spread over resamples of what it is made of (Efron's bootstrap): the measures of
/// `rounds` samples of as many items, drawn with replacement.
pub fn bootstrap<T: Copy>(
    items: &[T],
    rounds: usize,
    mut measure: impl FnMut(&[T]) -> f64,
) -> Vec<f64> {
    let mut rng = Rng::from_seed([17; 32]);
    (0..rounds)
        .map(|_| {
            let drawn: Vec<T> = (0..items.len()).filter_map(|_| rng.pick(items).copied()).collect();
            measure(&drawn)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_found_with_what_it_leaves() {
        let exact: Vec<(f64, f64)> = (0..10).map(|x| (x as f64, 3.0 + 0.5 * x as f64)).collect();
        let found = line(&exact).unwrap();
        assert!((found.slope - 0.5).abs() < 1e-12 && (found.intercept - 3.0).abs() < 1e-12);
        assert!(found.residual_sd < 1e-6 && (found.r2 - 1.0).abs() < 1e-9);
        assert!((correlation(&exact).unwrap() - 1.0).abs() < 1e-9);
        assert_eq!(line(&[(1.0, 1.0), (1.0, 2.0), (1.0, 3.0)]), None);
    }

    #[test]
    fn quantiles_lie_between_neighbours_and_leave_out_what_is_no_number() {
        let values = [4.0, f64::NAN, 1.0, 2.0, 3.0];
        assert_eq!(median(&values), 2.5);
        assert_eq!(quantile(&values, 0.0), 1.0);
        assert_eq!(quantile(&values, 1.0), 4.0);
        assert!(median(&[]).is_nan());
    }

    #[test]
    fn the_spread_of_even_values_settles_and_that_of_a_late_outlier_does_not() {
        let mut values: Vec<f64> = (0..60).map(|at| f64::from(at * 7 % 5)).collect();
        let from = stable_from(&values, 2.0, 0.05).unwrap();
        assert!((4..40).contains(&from), "{from}");
        values[57] = 500.0;
        assert_eq!(stable_from(&values, 2.0, 0.05), None);
        assert_eq!(stable_from(&values[..3], 2.0, 0.05), None);
    }

    #[test]
    fn resampling_shows_how_well_a_mean_is_known() {
        let values: Vec<f64> = (0..100).map(f64::from).collect();
        let means = bootstrap(&values, 400, mean);
        // The standard error of the mean of 0..100 is 2.9.
        assert!((2.3..3.5).contains(&sd(&means)), "{}", sd(&means));
    }
}
