//! How good predictions of effort are.

use serde::Serialize;

use crate::model::facts::numbers;

/// Accuracy of predictions, in the measures that the field uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Accuracy {
    /// Mean magnitude of relative error, |actual - predicted| / actual.
    pub mmre: f64,
    /// Its median.
    pub mdmre: f64,
    /// Predictions within 25 % of what was, in %.
    pub pred25: f64,
    /// Standardised accuracy, in %: 100 (1 - MAE / MAE of guessing another project's effort)
    /// (Shepperd and MacDonell 2012). 0 is no better than guessing.
    pub sa: f64,
    /// Standard deviation of ln(actual / predicted).
    pub ln_sd: f64,
    /// Median of actual / predicted.
    pub bias: f64,
}

/// Mean |a_i - a_j| over all ordered pairs of different projects: what a guess is off by that takes
/// the effort of another project, each as likely (exact, not drawn).
pub fn guessing(actual: &[f64]) -> f64 {
    let sorted = numbers::sorted(actual);
    let count = sorted.len() as f64;
    if sorted.len() < 2 {
        return f64::NAN;
    }
    // In order, the value at place i is the larger one in i pairs and the smaller in n - 1 - i.
    let sum: f64 = sorted
        .iter()
        .enumerate()
        .map(|(at, value)| value * (2.0 * at as f64 - (count - 1.0)))
        .sum();
    2.0 * sum / (count * (count - 1.0))
}

/// The accuracy of predictions: pairs of actual and predicted effort, all positive.
pub fn accuracy(pairs: &[(f64, f64)]) -> Accuracy {
    let errors: Vec<f64> = pairs.iter().map(|(actual, said)| (actual - said).abs()).collect();
    let relative: Vec<f64> =
        pairs.iter().zip(&errors).map(|((actual, _), error)| error / actual).collect();
    let close = relative.iter().filter(|&&error| error <= 0.25).count();
    let logs: Vec<f64> = pairs.iter().map(|(actual, said)| libm::log(actual / said)).collect();
    let actual: Vec<f64> = pairs.iter().map(|pair| pair.0).collect();
    Accuracy {
        mmre: numbers::mean(&relative),
        mdmre: numbers::median(&relative),
        pred25: 100.0 * close as f64 / pairs.len().max(1) as f64,
        sa: 100.0 * (1.0 - numbers::mean(&errors) / guessing(&actual)),
        ln_sd: numbers::sd(&logs),
        bias: libm::exp(numbers::median(&logs)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessing_is_the_mean_distance_of_two_projects() {
        let actual = [1.0, 4.0, 10.0, 2.0];
        let (mut sum, mut pairs) = (0.0, 0.0);
        for (i, a) in actual.iter().enumerate() {
            for (j, b) in actual.iter().enumerate() {
                if i != j {
                    sum += f64::abs(a - b);
                    pairs += 1.0;
                }
            }
        }
        assert!((guessing(&actual) - sum / pairs).abs() < 1e-12);
    }

    #[test]
    fn measures_are_those_of_the_textbook() {
        let found = accuracy(&[(100.0, 80.0), (50.0, 100.0), (10.0, 10.0)]);
        assert!((found.mmre - 0.4).abs() < 1e-12);
        assert!((found.mdmre - 0.2).abs() < 1e-12);
        assert!((found.pred25 - 200.0 / 3.0).abs() < 1e-9);
        // Errors 20, 50, 0; pairs 50, 90, 40 apart.
        assert!((found.sa - 100.0 * (1.0 - (70.0 / 3.0) / 60.0)).abs() < 1e-9);
        assert!((found.bias - 1.0).abs() < 1e-12);
    }
}
