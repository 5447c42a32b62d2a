//! People: what they are, what they are good at, how they feel. What they do is in [`day`](crate::model::day).

use bincode::{Decode, Encode};

use crate::id::ShardId;
use crate::model::day::thought::Thought;
use crate::model::day::today::Today;
use crate::model::kind::{Activity, Role, SKILLS, Seniority, Skill, TaskKind};
use crate::model::people::names::Name;
use crate::model::spec::TeamSpec;
use crate::rng::Rng;

/// Relations a person keeps: the strongest ones.
pub const RELATIONS_MAX: usize = 8;
/// Achievements a person keeps: the newest ones.
pub const ACHIEVEMENTS_MAX: usize = 6;
/// Reviews that may wait for one person; beyond that work is done without review.
pub const REVIEWS_MAX: usize = 8;
/// Spread of talent between people, as the standard deviation of its logarithm. Gives about 2:1
/// from the top to the typical and 5:1 from the best to the worst of a team (Prechelt 1999).
const TALENT_SD: f64 = 0.32;

/// Who estimates allows for what is lost to switching, questions and rework: the median of spent
/// over estimated time is near 1 (SiP data). In basis points; fitted to that.
const ALLOWANCE: u32 = 11_200;

/// Somebody.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Person {
    /// Unique in the project, growing.
    pub id: u32,
    pub name: Name,
    pub role: Role,
    pub seniority: Seniority,
    /// Openness, conscientiousness, extraversion, agreeableness, neuroticism: basis points.
    pub personality: [u16; 5],
    /// By [`Skill`], in basis points.
    pub skills: [u16; SKILLS],
    /// Speed against a typical person, in basis points.
    pub talent: u16,
    pub experience_months: u16,
    pub achievements: Vec<Achievement>,
    pub salary_cents: i64,
    /// Share of the working day, in basis points.
    pub share: u16,
    pub energy: u16,
    pub morale: u16,
    /// What weeks of strain leave behind, in basis points.
    pub exhaustion: u16,
    /// How well they know this project, in basis points.
    pub familiarity: u16,
    /// Working day they joined on.
    pub joined_day: u32,
    pub activity: Activity,
    /// What they did before: where they come from.
    pub was: Activity,
    /// Tick at which the activity began.
    pub since: u64,
    /// Tick at which it ends.
    pub until: u64,
    /// Tick of the last rest.
    pub rested: u64,
    /// The colleague the activity is with.
    pub partner: Option<u32>,
    /// The task worked on or reviewed.
    pub task: Option<u32>,
    /// Tasks they have taken on.
    pub hand: Vec<u32>,
    /// Tasks that wait for their review.
    pub reviews: Vec<u32>,
    /// Since when they cannot go on with their task without help.
    pub stuck_since: Option<u64>,
    /// Who waits for their help.
    pub asked_by: Option<u32>,
    /// First working day on which they are back.
    pub away_until: u32,
    pub thought: Thought,
    /// What today holds for them.
    pub day: Today,
    pub relations: Vec<Relation>,
    pub tasks_done: u32,
    /// Practice that did not yet make a point of skill, in ten-millionths of a point.
    pub practice: u64,
}

/// What two people have come to be to each other, as one of them sees it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Relation {
    pub person: u32,
    /// -10,000 to 10,000.
    pub affinity: i16,
}

/// Something to be proud of.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Achievement {
    pub kind: AchievementKind,
    pub day: u32,
}

/// Kinds of achievement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum AchievementKind {
    /// So many tasks done.
    Tasks(u32),
    /// A skill has reached mastery.
    Mastery(Skill),
    /// Part of a launch.
    Launch,
    /// Promoted to this.
    Promoted(Seniority),
}

/// `value` in basis points of `of`.
pub fn bp(value: u32, of: u32) -> u32 {
    (u64::from(value) * u64::from(of) / 10_000) as u32
}

/// Moves a level, within 0 to 10,000.
pub fn shift(level: &mut u16, by: i32) {
    *level = (i32::from(*level) + by).clamp(0, 10_000) as u16;
}

impl Person {
    /// A new person as described; what is not described is drawn.
    pub fn new(id: u32, spec: &TeamSpec, shard: ShardId, day: u32, rng: &mut Rng) -> Person {
        let mut level =
            |mean: i64, sd: f64| (mean + (rng.normal() * sd) as i64).clamp(300, 9_800) as u16;
        let personality = [0; 5].map(|_| level(5_500, 1_700.0));
        let (first, second) = spec.role.skills();
        let craft = spec.seniority.skill();
        let skills = std::array::from_fn(|at| match Skill::ALL[at] {
            skill if skill == first => level(craft, 900.0),
            skill if skill == second => level(craft - 900, 900.0),
            skill if skill.soft() => level(3_000 + craft / 3, 1_200.0),
            _ => level(1_700, 700.0),
        });
        let talent =
            (10_000.0 * libm::exp(rng.normal() * TALENT_SD)).clamp(4_000.0, 24_000.0) as u16;
        let (from, to) = spec.seniority.years();
        let usual = spec.role.salary_cents() / 10_000 * spec.seniority.pay();
        // Drawn even if it is given, so that a given salary changes nothing else.
        let drawn = usual / 100 * rng.between(92, 110);
        Person {
            id,
            name: spec.name.clone().map_or_else(|| Name::made(shard, id), Name::Given),
            role: spec.role,
            seniority: spec.seniority,
            personality,
            skills,
            talent,
            experience_months: rng.between(from * 12, to * 12 + 11) as u16,
            achievements: Vec::new(),
            salary_cents: spec.salary_cents_per_year.unwrap_or(drawn / 100_000 * 100_000),
            share: spec.share,
            energy: 8_500,
            morale: rng.between(6_000, 8_000) as u16,
            exhaustion: 1_000,
            familiarity: 8_000,
            joined_day: day,
            activity: Activity::Idle,
            was: Activity::Away,
            since: 0,
            until: 0,
            rested: 0,
            partner: None,
            task: None,
            hand: Vec::new(),
            reviews: Vec::new(),
            stuck_since: None,
            asked_by: None,
            away_until: 0,
            thought: Thought::NONE,
            day: Today::default(),
            relations: Vec::new(),
            tasks_done: 0,
            practice: 0,
        }
    }

    pub fn openness(&self) -> u32 {
        self.personality[0].into()
    }
    pub fn conscientiousness(&self) -> u32 {
        self.personality[1].into()
    }
    pub fn extraversion(&self) -> u32 {
        self.personality[2].into()
    }
    pub fn agreeableness(&self) -> u32 {
        self.personality[3].into()
    }
    pub fn neuroticism(&self) -> u32 {
        self.personality[4].into()
    }

    pub fn skill(&self, skill: Skill) -> u32 {
        self.skills[skill as usize].into()
    }

    /// Typical person-minutes of such work done in a minute of focus, in basis points.
    ///
    /// `communication` is what a team of this size loses, in basis points.
    pub fn rate(&self, kind: TaskKind, communication: u32) -> u32 {
        let skilled = 3_000 + self.skill(kind.skill()) * 13 / 10;
        let awake = 6_000 + u32::from(self.energy) / 2;
        let willing = 8_000 + u32::from(self.morale) * 3 / 10;
        // A newcomer gives half of what they will (Abdel-Hamid and Madnick 1991).
        let settled = 5_000 + u32::from(self.familiarity) / 2;
        // Conscientiousness goes with performance, with a correlation of about .2 (Wilmot and Ones 2019).
        let steady = 9_200 + self.conscientiousness() * 3 / 20;
        let rate = bp(bp(bp(skilled, awake), willing), settled);
        let rate = bp(bp(rate, steady), u32::from(self.talent));
        bp(bp(rate, 10_000 - communication.min(9_000)), ALLOWANCE).max(500)
    }

    /// What the board shows as productivity: the rate in the own craft, 10,000 for twice the typical.
    pub fn productivity(&self, communication: u32) -> u16 {
        let kind = TaskKind::ALL
            .iter()
            .copied()
            .find(|kind| kind.skill() == self.role.skills().0)
            .unwrap_or(TaskKind::Chore);
        (self.rate(kind, communication) / 2).min(10_000) as u16
    }

    /// Skill grows with practice, ever more slowly (the power law of practice): `minutes` of it.
    pub fn practise(&mut self, skill: Skill, minutes: u32, day: u32) {
        let level = &mut self.skills[skill as usize];
        let room = 10_000 - u32::from(*level).min(10_000);
        // From 5,400 at five hours a day to about 6,500 in a year: .0000035 of the room a minute.
        // What is less than a whole point is carried over, to whatever is practised next.
        let grown = self.practice + u64::from(room) * u64::from(minutes) * 35;
        self.practice = grown % 10_000_000;
        let before = *level;
        shift(level, (grown / 10_000_000) as i32);
        if before < 9_000 && *level >= 9_000 {
            self.achieve(AchievementKind::Mastery(skill), day);
        }
    }

    pub fn achieve(&mut self, kind: AchievementKind, day: u32) {
        if self.achievements.len() >= ACHIEVEMENTS_MAX {
            self.achievements.remove(0);
        }
        self.achievements.push(Achievement { kind, day });
    }

    pub fn affinity(&self, person: u32) -> i16 {
        self.relations.iter().find(|relation| relation.person == person).map_or(0, |r| r.affinity)
    }

    /// Something between two people happened. The weakest relation makes room for a new one.
    pub fn relate(&mut self, person: u32, by: i32) {
        if let Some(relation) = self.relations.iter_mut().find(|r| r.person == person) {
            // The nearer to the end of the scale, the less each further event moves it.
            let room = 10_000 - i32::from(relation.affinity).abs().min(10_000);
            let by = if by.signum() == i32::from(relation.affinity).signum() {
                by * room / 10_000
            } else {
                by
            };
            relation.affinity = (i32::from(relation.affinity) + by).clamp(-10_000, 10_000) as i16;
            return;
        }
        if self.relations.len() >= RELATIONS_MAX {
            let weakest = (0..self.relations.len())
                .min_by_key(|&at| i32::from(self.relations[at].affinity).abs())
                .unwrap_or(0);
            self.relations.remove(weakest);
        }
        self.relations.push(Relation { person, affinity: by.clamp(-10_000, 10_000) as i16 });
    }

    /// Begins something else.
    pub fn turn_to(&mut self, activity: Activity, now: u64, until: u64) {
        self.was = self.activity;
        self.activity = activity;
        self.since = now;
        self.until = until;
        self.partner = None;
        if activity.restful() {
            self.rested = now;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Hash;

    fn person(seed: u8) -> Person {
        let spec = TeamSpec::one(Role::Engineer, Seniority::Mid);
        Person::new(1, &spec, ShardId(Hash([0; 32])), 0, &mut Rng::from_seed([seed; 32]))
    }

    #[test]
    fn a_name_or_a_salary_that_is_given_changes_nothing_else() {
        let mut spec = TeamSpec::one(Role::Engineer, Seniority::Mid);
        spec.name = Some("Somebody Else".into());
        spec.salary_cents_per_year = Some(1);
        let given = Person::new(1, &spec, ShardId(Hash([0; 32])), 0, &mut Rng::from_seed([7; 32]));
        let mut plain = person(7);
        plain.name = given.name.clone();
        plain.salary_cents = 1;
        assert_eq!(plain, given);
    }

    #[test]
    fn the_best_of_many_are_about_twice_as_fast_as_the_typical() {
        let mut rates: Vec<u32> =
            (0..=200).map(|seed| person(seed).rate(TaskKind::Feature, 0)).collect();
        rates.sort();
        let ratio = rates[195] as f64 / rates[100] as f64;
        assert!((1.5..3.0).contains(&ratio), "{ratio}");
    }

    #[test]
    fn practice_raises_a_skill_more_slowly_the_higher_it_is() {
        let (mut low, mut high) = (person(1), person(1));
        low.skills[0] = 2_000;
        high.skills[0] = 9_000;
        low.practise(Skill::Programming, 90, 0);
        high.practise(Skill::Programming, 90, 0);
        assert!(low.skills[0] - 2_000 > high.skills[0] - 9_000);
    }

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
}
