//! People: what they are, what they are good at, how they feel. What they do is in [`day`](crate::model::day).

use bincode::{Decode, Encode};

use crate::id::ShardId;
use crate::model::day::thought::Thought;
use crate::model::day::today::Today;
use crate::model::kind::{Activity, Role, SKILLS, Seniority, Skill, TaskKind};
use crate::model::people::absence::Absence;
use crate::model::people::career::CareerStep;
use crate::model::people::names::Name;
pub use crate::model::people::relation::RELATIONS_MAX;
use crate::model::people::relation::Relation;
use crate::model::people::skill::{SLOPE, UNSKILLED};
use crate::model::policies::Policies;
use crate::model::spec::TeamSpec;
use crate::rng::Rng;

/// Achievements a person keeps: the newest ones.
pub const ACHIEVEMENTS_MAX: usize = 6;
/// Reviews that may wait for one person; beyond that work is done without review.
pub const REVIEWS_MAX: usize = 8;
/// Spread of talent between people, as the standard deviation of its logarithm. Gives about 2:1
/// from the top to the typical and 5:1 from the best to the worst of a team (Prechelt 1999).
pub const TALENT_SD: f64 = 0.37;

/// Who estimates allows for what is lost to switching, questions and rework: the median of spent
/// over estimated time is near 1 (SiP data). In basis points; fitted to that.
const ALLOWANCE: u32 = 16_500;
/// Exhaustion from which somebody gets slower, in basis points. Our assumption.
const WORN_FROM: u16 = 2_000;
/// Speed lost for exhaustion beyond that, in basis points of it: set so that weeks of 50 or 60 hours
/// yield more than weeks of 40 at first, no more after some five to eight weeks, and less later. The
/// Business Roundtable reported seven and nine weeks (1980, report C-2); that is data of
/// construction, and contested (Thomas 1992).
const WORN_COST: u32 = 9_000;
/// Speed of somebody who knows nothing of the project, in basis points. It rises with familiarity, so
/// that a newcomer gives about half over the weeks of assimilation (Abdel-Hamid and Madnick 1991).
const STRANGER: u32 = 3_000;
/// What a newcomer takes of their mentor's speed until they are trained, in basis points: .2 of a
/// trainer for each newcomer (Abdel-Hamid and Madnick 1991), .25 (Madachy, after Brooks).
pub const MENTOR_COST: u32 = 2_250;
/// At most this much goes into newcomers, however many there are. Our assumption.
const MENTOR_COST_MAX: u32 = 6_000;

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
    /// The skills practised this week, a bit for each.
    pub used: u16,
    /// Weeks since each skill was practised, at most 255.
    pub idle_weeks: [u8; SKILLS],
    /// Where they stand in the order in which people move to remote work as more of it is allowed,
    /// in basis points.
    pub remote_turn: u16,
    /// Who shows them around while they are new.
    pub mentor: Option<u32>,
    /// Newcomers they show around.
    pub mentees: u8,
    /// All that makes them fast or slow and does not change within a day, in basis points.
    pub pace: u16,
    /// Why they are away, while they are.
    pub absence: Absence,
    /// Working day on which they are next away.
    pub next_absence: u32,
    /// Why they will be.
    pub next_reason: Absence,
    /// What has to come together before they leave, in millionths of an ordinary chance to leave.
    pub patience: u32,
    /// Newest last.
    pub career: Vec<CareerStep>,
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
        let mut person = Person {
            name: spec.name.clone().map_or_else(|| Name::made(shard, id), Name::Given),
            seniority: spec.seniority,
            personality,
            skills,
            talent,
            experience_months: rng.between(from * 12, to * 12 + 11) as u16,
            salary_cents: spec.salary_cents_per_year.unwrap_or(drawn / 100_000 * 100_000),
            share: spec.share,
            morale: rng.between(6_000, 8_000) as u16,
            remote_turn: rng.below(10_000) as u16,
            ..Person::blank(id, spec.role, day)
        };
        person.settle_in(rng);
        person
    }

    /// Somebody of whom only the role is known: no levels, no past.
    pub fn blank(id: u32, role: Role, day: u32) -> Person {
        Person {
            id,
            name: Name::Made(0, 0),
            role,
            seniority: Seniority::Mid,
            personality: [5_000; 5],
            skills: [0; SKILLS],
            talent: 10_000,
            experience_months: 0,
            achievements: Vec::new(),
            salary_cents: 0,
            share: 10_000,
            energy: 8_500,
            morale: 7_000,
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
            used: 0,
            idle_weeks: [0; SKILLS],
            remote_turn: 5_000,
            mentor: None,
            mentees: 0,
            pace: 10_000,
            absence: Absence::None,
            next_absence: 0,
            next_reason: Absence::None,
            patience: 1_000_000,
            career: Vec::new(),
        }
    }

    /// Draws what lies ahead for somebody on their first day at a project: when they are first
    /// away, how much they put up with.
    pub fn settle_in(&mut self, rng: &mut Rng) {
        self.draw_absence(self.joined_day, rng);
        self.patience = (rng.exponential(1_000_000.0) as u32).max(1);
        self.settle_pace();
    }

    /// Whether they work from elsewhere: the first in turn do, as many as the policy says.
    pub fn remote(&self, policies: &Policies) -> bool {
        self.remote_turn < policies.remote
    }

    /// Whether they still learn how things are done here.
    pub fn in_training(&self) -> bool {
        self.mentor.is_some()
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
        let skilled = UNSKILLED + self.skill(kind.skill()) * SLOPE / 10;
        let awake = 6_000 + u32::from(self.energy) / 2;
        let rate = bp(bp(skilled, awake), u32::from(self.pace));
        bp(rate, 10_000 - communication.min(9_000)).max(500)
    }

    /// Works out the pace: once a day, and when somebody new comes.
    pub fn settle_pace(&mut self) {
        let willing = 8_000 + u32::from(self.morale) * 3 / 10;
        let settled = STRANGER + bp(10_000 - STRANGER, self.familiarity.into());
        // Conscientiousness goes with performance, with a correlation of about .2 (Wilmot and Ones 2019).
        let steady = 9_200 + self.conscientiousness() * 3 / 20;
        let worn = u32::from(self.exhaustion.saturating_sub(WORN_FROM));
        let fresh = 10_000 - bp(worn, WORN_COST).min(9_000);
        let teaching = (u32::from(self.mentees) * MENTOR_COST).min(MENTOR_COST_MAX);
        let pace = bp(bp(bp(willing, settled), steady), fresh);
        let pace = bp(bp(pace, 10_000 - teaching), u32::from(self.talent));
        self.pace = bp(pace, ALLOWANCE).min(60_000) as u16;
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
pub(in crate::model) mod tests {
    use super::*;
    use crate::id::Hash;

    /// An engineer of these random numbers.
    pub(in crate::model) fn person(seed: u8) -> Person {
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
    fn who_works_from_elsewhere_changes_with_the_policy_and_only_as_far_as_it_does() {
        let people: Vec<Person> = (0..=200).map(person).collect();
        let remote = |share: u16| -> Vec<bool> {
            let policies = Policies { remote: share, ..Policies::default() };
            people.iter().map(|person| person.remote(&policies)).collect()
        };
        let (few, many) = (remote(2_000), remote(7_000));
        let count = |who: &[bool]| who.iter().filter(|remote| **remote).count();
        assert!((20..60).contains(&count(&few)) && (110..170).contains(&count(&many)));
        assert!(few.iter().zip(&many).all(|(few, many)| !few || *many));
        assert_eq!((count(&remote(0)), count(&remote(10_000))), (0, 201));
    }

    #[test]
    fn who_shows_a_newcomer_around_or_is_worn_out_gets_less_done() {
        let plain = person(3);
        let slower = |change: fn(&mut Person)| {
            let mut person = plain.clone();
            change(&mut person);
            person.settle_pace();
            person.rate(TaskKind::Feature, 0) * 100 / plain.rate(TaskKind::Feature, 0)
        };
        assert!((75..80).contains(&slower(|person| person.mentees = 1)));
        assert!((38..42).contains(&slower(|person| person.mentees = 9)));
        assert!((50..60).contains(&slower(|person| person.exhaustion = 7_000)));
        assert!((30..40).contains(&slower(|person| person.familiarity = 0)));
    }
}
