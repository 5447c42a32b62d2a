//! Temper: personality moves slowly with what life at work is like.
//!
//! People grow more conscientious and more stable in their working years (Roberts, Walton and
//! Viechtbauer 2006), more so those who are invested in their work (Hudson, Roberts and Lodi-Smith
//! 2012). How far a week moves a trait is our assumption, set so that a good or a bad decade moves
//! it by up to .3 of the standard deviation between people (1,700).

use crate::model::kind::{Department, Seniority};
use crate::model::people::person::{Person, shift};

/// Basis points by which a week that goes one way moves a trait. Our assumption.
const STEP: i32 = 1;
/// Traits stay within this.
const TRAIT_MIN: u16 = 300;
const TRAIT_MAX: u16 = 9_800;

impl Person {
    /// What a week like this one does to who they are.
    pub fn week_of_temper(&mut self) {
        let (morale, worn) = (self.morale, self.exhaustion);
        let liked: i32 = self.relations.iter().map(|relation| i32::from(relation.affinity)).sum();
        let leads =
            self.seniority >= Seniority::Lead || self.role.department() == Department::Leadership;
        let learns = self.used.count_ones() >= 5;
        let by = |up: bool, down: bool| (i32::from(up) - i32::from(down)) * STEP;
        let moves = [
            // New things open; routine in low spirits closes.
            by(learns, morale < 4_500),
            // Whoever likes the work grows into it.
            by(morale > 6_000 && self.used != 0, worn > 6_000),
            // Those who lead become more outgoing; those who are alone less.
            by(leads, self.relations.len() < 2),
            by(liked > 8_000, liked < -1_000),
            // Strain makes anxious, good times calm.
            by(worn > 5_000, morale > 6_000 && worn < 2_500),
        ];
        for (level, by) in self.personality.iter_mut().zip(moves) {
            shift(level, by);
            *level = (*level).clamp(TRAIT_MIN, TRAIT_MAX);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::model::people::person::tests::person;

    #[test]
    fn bad_years_make_anxious_and_good_ones_steady_but_slowly() {
        let (mut good, mut bad) = (person(1), person(1));
        let before = good.personality;
        for _ in 0..520 {
            good.morale = 7_500;
            good.exhaustion = 1_000;
            good.used = 1;
            good.week_of_temper();
            bad.morale = 4_000;
            bad.exhaustion = 7_000;
            bad.week_of_temper();
        }
        assert!(good.personality[1] > before[1] && bad.personality[1] < before[1]);
        assert!(good.personality[4] < before[4] && bad.personality[4] > before[4]);
        for (after, before) in good.personality.iter().chain(&bad.personality).zip(before) {
            assert!(after.abs_diff(before) <= 520, "{after} from {before} in ten years");
        }
    }
}
