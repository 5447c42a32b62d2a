//! Relations: what two people have come to be to each other by what happened between them.
//!
//! Affinity is liking, trust is counting on somebody: they move apart, as in McAllister (1995), who
//! tells trust from affect and trust from reliable conduct. How much each event moves them is our
//! assumption throughout.

use bincode::{Decode, Encode};

use crate::model::people::person::Person;

/// Relations a person keeps: the strongest ones.
pub const RELATIONS_MAX: usize = 8;
/// Share of affinity that fades in a week in which nothing happens between two people: one in
/// this many. Trust fades at half of it. Our assumption.
const FADING: i16 = 50;
/// Trust somebody has in a colleague they know nothing of. Our assumption.
pub const FIRST_TRUST: i16 = 1_000;

/// What two people have come to be to each other, as one of them sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Relation {
    pub person: u32,
    /// Liking, from -10,000 to 10,000.
    pub affinity: i16,
    /// How far the other is counted on, from -10,000 to 10,000.
    pub trust: i16,
}

impl Relation {
    /// How much somebody would lose by losing it: what decides which relations are kept.
    fn weight(self) -> i32 {
        i32::from(self.affinity).abs() + i32::from(self.trust).abs() / 2
    }
}

/// Something that happened between two people, as it is felt by the one who keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shared {
    /// A chat or a coffee.
    Company,
    /// The other helped me.
    Helped,
    /// I helped the other.
    GaveHelp,
    /// The other went through my work and let it pass.
    ReviewPassed,
    /// The other found something in my work, said more or less kindly: 0 to 1,000.
    ReviewFound(u16),
    /// We worked on the same thing together, for a day.
    Paired,
    /// The other did not do what I counted on.
    MissedPromise,
    /// The other kept a promise: work I waited for is done.
    KeptPromise,
}

impl Shared {
    /// What it does to affinity and to trust.
    fn effect(self) -> (i32, i32) {
        match self {
            Shared::Company => (40, 10),
            Shared::Helped => (260, 220),
            Shared::GaveHelp => (90, 20),
            Shared::ReviewPassed => (60, 50),
            // It hurts, but who finds faults is somebody to rely on.
            Shared::ReviewFound(harsh) => (-i32::from(harsh.min(1_000)) / 2, 40),
            Shared::Paired => (45, 60),
            Shared::MissedPromise => (-60, -450),
            Shared::KeptPromise => (15, 90),
        }
    }
}

/// Moves a feeling; the nearer it is to the end of the scale, the less each further event does.
fn moved(level: i16, by: i32) -> i16 {
    let level = i32::from(level);
    let by = match by.signum() == level.signum() {
        true => by * (10_000 - level.abs().min(10_000)) / 10_000,
        false => by,
    };
    (level + by).clamp(-10_000, 10_000) as i16
}

impl Person {
    /// Liking for a colleague, from -10,000 to 10,000; 0 for one who is not known.
    pub fn affinity(&self, person: u32) -> i16 {
        self.relations.iter().find(|relation| relation.person == person).map_or(0, |r| r.affinity)
    }

    /// How far a colleague is counted on, from -10,000 to 10,000.
    pub fn trust(&self, person: u32) -> i16 {
        self.relations
            .iter()
            .find(|relation| relation.person == person)
            .map_or(FIRST_TRUST, |r| r.trust)
    }

    /// Something happened between this person and another.
    pub fn remember(&mut self, person: u32, shared: Shared) {
        let (affinity, trust) = shared.effect();
        self.relate_by(person, affinity, trust);
    }

    /// The same with a liking of its own; trust follows at a quarter.
    pub fn relate(&mut self, person: u32, by: i32) {
        self.relate_by(person, by, by / 4);
    }

    /// The weakest relation makes room for a new one.
    pub fn relate_by(&mut self, person: u32, affinity: i32, trust: i32) {
        if let Some(relation) = self.relations.iter_mut().find(|r| r.person == person) {
            relation.affinity = moved(relation.affinity, affinity);
            relation.trust = moved(relation.trust, trust);
            return;
        }
        if self.relations.len() >= RELATIONS_MAX {
            let weakest = (0..self.relations.len())
                .min_by_key(|&at| self.relations[at].weight())
                .unwrap_or(0);
            self.relations.remove(weakest);
        }
        self.relations.push(Relation {
            person,
            affinity: moved(0, affinity),
            trust: moved(FIRST_TRUST, trust),
        });
    }

    /// What two people are to each other fades when nothing happens between them. Once a week.
    pub fn fade_relations(&mut self) {
        for relation in &mut self.relations {
            relation.affinity -= relation.affinity / FADING;
            relation.trust -= (relation.trust - FIRST_TRUST) / (2 * FADING);
        }
    }

    /// Somebody left: what was between them is over.
    pub fn forget_person(&mut self, person: u32) {
        self.relations.retain(|relation| relation.person != person);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::people::person::tests::person;

    #[test]
    fn a_person_keeps_the_strongest_relations() {
        let mut person = person(1);
        for other in 0..20 {
            person.relate(other, 100 + other as i32);
        }
        person.relate(19, -5_000);
        assert_eq!(person.relations.len(), RELATIONS_MAX);
        assert!(person.affinity(19) < -4_000);
    }

    #[test]
    fn help_makes_trust_and_a_missed_promise_breaks_more_of_it_than_of_the_liking() {
        let mut person = person(1);
        person.remember(2, Shared::Helped);
        let (liked, trusted) = (person.affinity(2), person.trust(2));
        assert!(liked > 0 && trusted > FIRST_TRUST);
        person.remember(2, Shared::MissedPromise);
        assert!(person.trust(2) < FIRST_TRUST);
        assert!(person.affinity(2) > 0);
    }

    #[test]
    fn a_harsh_review_costs_liking_and_not_trust() {
        let mut person = person(1);
        person.remember(2, Shared::ReviewFound(400));
        assert!(person.affinity(2) < 0);
        assert!(person.trust(2) > FIRST_TRUST);
    }

    #[test]
    fn what_is_not_kept_up_fades() {
        let mut person = person(1);
        person.relate_by(2, 5_000, 5_000);
        for _ in 0..52 {
            person.fade_relations();
        }
        assert!((500..2_500).contains(&person.affinity(2)), "{}", person.affinity(2));
        assert!(person.trust(2) < 5_000 && person.trust(2) > FIRST_TRUST);
    }
}
