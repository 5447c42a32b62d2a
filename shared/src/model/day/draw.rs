//! Chance within one choice: one number from the day's generator, stretched to as many small draws
//! as the choice takes.

/// Small draws from one large one.
#[derive(Clone, Debug)]
pub struct Draw(u64);

impl Draw {
    /// Draws from these bits.
    pub fn new(bits: u64) -> Draw {
        Draw(bits)
    }

    /// A number below `bound`, each as likely; 0 if `bound` is 0. SplitMix64 (Steele, Lea and
    /// Flood 2014): independent of how often it is asked, and two multiplications a draw.
    pub fn below(&mut self, bound: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        (((mixed >> 32) * u64::from(bound)) >> 32) as u32
    }

    /// True with a probability of `basis_points` / 10,000.
    pub fn chance(&mut self, basis_points: u32) -> bool {
        self.below(10_000) < basis_points
    }
}
