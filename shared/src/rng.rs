//! Seeded random numbers, the only kind there is in this crate.

use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};

/// A generator of random numbers that gives the same sequence for the same seed on every machine.
///
/// The bits come from ChaCha8; what is made of them uses integers, `+ - * / sqrt` and the `libm`
/// crate only.
#[derive(Clone, Debug)]
pub struct Rng(ChaCha8Rng);

impl Rng {
    /// A generator for this seed.
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Rng(ChaCha8Rng::from_seed(seed))
    }

    /// Another generator of the same seed, independent of this one: each number gives its own.
    pub fn stream(&self, number: u64) -> Self {
        let mut rng = self.0.clone();
        rng.set_stream(number);
        rng.set_word_pos(0);
        Rng(rng)
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number below `bound`, each as likely (the bias of the multiplication is under `bound / 2^64`).
    /// 0 if `bound` is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(bound)) >> 64) as u64
    }

    /// A number from `low` to `high`, both included. `low` if the range is empty.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = (high.wrapping_sub(low)).max(0) as u64;
        low.wrapping_add(self.below(width.saturating_add(1)) as i64)
    }

    /// True with a probability of `basis_points` / 10,000.
    pub fn chance(&mut self, basis_points: u32) -> bool {
        self.below(10_000) < u64::from(basis_points)
    }

    /// A number in [0, 1).
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A number from the standard normal distribution (Box and Muller 1958).
    pub fn normal(&mut self) -> f64 {
        let radius = libm::sqrt(-2.0 * libm::log(1.0 - self.unit()));
        radius * libm::cos(2.0 * std::f64::consts::PI * self.unit())
    }

    /// A number from the exponential distribution with this mean.
    pub fn exponential(&mut self, mean: f64) -> f64 {
        -mean * libm::log(1.0 - self.unit())
    }

    /// One of the items, each as likely; none of an empty slice.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len() as u64) as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_of_a_seed_never_changes() {
        let mut rng = Rng::from_seed([1; 32]);
        let drawn: Vec<u64> = (0..3).map(|_| rng.below(1_000_000)).collect();
        let mut again = Rng::from_seed([1; 32]);
        assert_eq!(drawn, (0..3).map(|_| again.below(1_000_000)).collect::<Vec<_>>());
    }

    #[test]
    fn a_stream_is_the_same_wherever_its_parent_stands_and_unlike_any_other() {
        let mut rng = Rng::from_seed([1; 32]);
        let mut one = rng.stream(1);
        rng.bits();
        let mut again = rng.stream(1);
        let drawn: Vec<u64> = (0..40).map(|_| one.bits()).collect();
        assert_eq!(drawn, (0..40).map(|_| again.bits()).collect::<Vec<_>>());
        let mut two = rng.stream(2);
        assert_ne!(drawn, (0..40).map(|_| two.bits()).collect::<Vec<_>>());
    }

    #[test]
    fn draws_stay_inside_their_bounds() {
        let mut rng = Rng::from_seed([2; 32]);
        for _ in 0..10_000 {
            assert!(rng.below(7) < 7);
            assert!((-3..=3).contains(&rng.between(-3, 3)));
            assert!((0.0..1.0).contains(&rng.unit()));
            assert!(rng.normal().is_finite());
        }
        assert_eq!(rng.below(0), 0);
        assert_eq!(rng.between(5, 5), 5);
        assert!(!rng.chance(0));
        assert!(rng.chance(10_000));
    }
}
