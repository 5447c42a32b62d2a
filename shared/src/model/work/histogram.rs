//! Histograms on a logarithmic scale: the spread of a figure in a few dozen bytes.

use bincode::{Decode, Encode};

/// Buckets of a histogram.
pub const BUCKETS: usize = 32;
/// When a histogram holds as many, all counts are halved, so that it shows what is lately the case.
const COUNT_MAX: u32 = 2_000;

/// Where the buckets of a histogram lie.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    /// Logarithm (base 2) of the lower edge of the first bucket.
    first: f64,
    /// Buckets in a doubling.
    per_doubling: f64,
}

/// For times in minutes: from 4 minutes to 260,000, more than two years.
pub const MINUTES: Scale = Scale { first: 2.0, per_doubling: 2.0 };
/// For ratios: from 1/16 to 16, with 1 in the middle of a bucket.
pub const RATIO: Scale = Scale { first: -4.125, per_doubling: 4.0 };

/// How often a figure fell into which bucket.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Histogram {
    counts: [u16; BUCKETS],
}

impl Histogram {
    /// Counts a value.
    pub fn add(&mut self, scale: Scale, value: f64) {
        let at = (libm::log2(value.max(1e-6)) - scale.first) * scale.per_doubling;
        let at = (at.max(0.0) as usize).min(BUCKETS - 1);
        self.counts[at] = self.counts[at].saturating_add(1);
        if self.count() >= COUNT_MAX {
            for count in &mut self.counts {
                *count /= 2;
            }
        }
    }

    /// Values it holds.
    pub fn count(&self) -> u32 {
        self.counts.iter().map(|&count| u32::from(count)).sum()
    }

    /// The value that this share (in basis points) of the values stay below; none if it is empty.
    pub fn quantile(&self, scale: Scale, share: u32) -> Option<f64> {
        let all = self.count();
        if all == 0 {
            return None;
        }
        let wanted = f64::from(all) * f64::from(share.min(10_000)) / 10_000.0;
        let mut below = 0.0;
        for (at, &count) in self.counts.iter().enumerate() {
            let count = f64::from(count);
            if count > 0.0 && below + count >= wanted {
                let within = ((wanted - below) / count).clamp(0.0, 1.0);
                return Some(libm::exp2(scale.first + (at as f64 + within) / scale.per_doubling));
            }
            below += count;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_right_to_the_width_of_a_bucket() {
        let mut histogram = Histogram::default();
        assert_eq!(histogram.quantile(MINUTES, 5_000), None);
        for minutes in 1..=1_500 {
            histogram.add(MINUTES, f64::from(minutes));
        }
        for share in [1_000u32, 5_000, 9_000] {
            let found = histogram.quantile(MINUTES, share).unwrap();
            let right = f64::from(share) * 0.15;
            assert!((0.8..1.25).contains(&(found / right)), "{share}: {found}, not {right}");
        }
    }

    #[test]
    fn what_is_counted_is_bounded_and_the_new_weighs_more_than_the_old() {
        let mut histogram = Histogram::default();
        for _ in 0..100_000 {
            histogram.add(RATIO, 0.000_001);
        }
        for _ in 0..10_000 {
            histogram.add(RATIO, 1.0);
        }
        assert!(histogram.count() <= COUNT_MAX);
        let median = histogram.quantile(RATIO, 5_000).unwrap();
        assert!((0.9..1.1).contains(&median), "{median}");
    }
}
