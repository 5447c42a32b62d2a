//! Review: who reads the work of others, what they find, and how it is felt.

use crate::model::happen::{Happen, Stream};
use crate::model::people::person::{REVIEWS_MAX, bp, shift};
use crate::model::people::relation::Shared;
use crate::model::project::Project;
use crate::model::view::TaskState;
use crate::model::words::talk::About;
use crate::model::work::{Stage, Task};

/// Putting right one thing that review found, in typical person-minutes.
const REWORK_MINUTES: u32 = 40;
/// A review takes this share of the effort spent, in basis points, within these minutes, at the
/// usual strictness; our assumption.
const REVIEW_SHARE: u32 = 700;
const REVIEW_MINUTES: (u32, u32) = (10, 75);
/// What a review takes out of whoever does it, in basis points of energy; our assumption.
const REVIEW_STRAIN: u32 = 180;
/// Chance that vague work turns out not to be what was meant, in basis points, and the share of the
/// estimate that it costs; our assumption.
const MISUNDERSTOOD: u32 = 3_000;
const MISUNDERSTOOD_SHARE: u32 = 1_500;
/// Chance that the strictest reviewer wants something changed that is no defect, in basis points,
/// and what it costs in typical person-minutes; our assumption.
const TASTE: u32 = 2_000;
const TASTE_MINUTES: u32 = 20;

impl Project {
    /// How closely reviewers look against the usual, in basis points: 6,000 to 14,000. Reading with
    /// care finds more (inspections find far more than 30 %, Jones); the slope is our assumption.
    fn strictness(&self) -> u32 {
        6_000 + bp(8_000, self.policies.review_strictness.into())
    }

    /// How long a review of a task takes, in minutes.
    pub(in crate::model) fn review_minutes(&self, task: &Task) -> u64 {
        let (least, most) = REVIEW_MINUTES;
        bp(bp(task.spent, REVIEW_SHARE).clamp(least, most), self.strictness()).into()
    }

    /// Somebody else who can read this work and has room: the most skilled of three asked.
    pub(in crate::model) fn reviewer_for(
        &self,
        at: usize,
        task_at: usize,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) -> Option<usize> {
        let skill = self.tasks[task_at].kind.skill();
        let today = Project::day_of(now);
        let count = self.people.len();
        let rng = happen.rng(Stream::Work);
        let mut best: Option<(u32, usize)> = None;
        for _ in 0..3 {
            let other = rng.below(count as u64) as usize;
            let Some(person) = self.people.get(other) else { continue };
            if other == at || person.away_until > today || person.reviews.len() >= REVIEWS_MAX {
                continue;
            }
            let score = person.skill(skill) * 2 + 8_000 - 1_000 * person.reviews.len() as u32;
            if best.is_none_or(|(top, _)| score > top) {
                best = Some((score, other));
            }
        }
        best.map(|(_, other)| other)
    }

    /// What waits for somebody who is away goes to somebody who is here, if there is one.
    pub(in crate::model) fn hand_over_reviews(&mut self, now: u64, happen: &mut Happen<'_, '_>) {
        let today = Project::day_of(now);
        for at in 0..self.people.len() {
            if self.people[at].away_until <= today || self.people[at].reviews.is_empty() {
                continue;
            }
            let mut kept = Vec::new();
            for id in std::mem::take(&mut self.people[at].reviews) {
                let found = self
                    .task_at(id)
                    .filter(|&task| self.tasks[task].state == TaskState::Review)
                    .and_then(|task| Some((task, self.reviewer_for(at, task, now, happen)?)));
                match found {
                    Some((task, other))
                        if self.tasks[task].assignee != Some(self.people[other].id) =>
                    {
                        self.people[other].reviews.push(id);
                        self.tasks[task].reviewer = Some(self.people[other].id);
                    }
                    _ => kept.push(id),
                }
            }
            self.people[at].reviews = kept;
        }
    }

    pub(in crate::model) fn finish_review(
        &mut self,
        at: usize,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) {
        let me = self.people[at].id;
        let Some(id) = self.people[at].task.take() else { return };
        self.people[at].reviews.retain(|&other| other != id);
        let Some(task_at) = self.task_at(id) else { return };
        if self.tasks[task_at].state != TaskState::Review {
            return;
        }
        let skill = self.people[at].skill(self.tasks[task_at].kind.skill()).min(10_000);
        // About 30 % a stage (Jones), more for whoever knows the craft and is awake: .4 to 1.7 of it.
        let sharp = 4_000 + skill + u32::from(self.people[at].energy) / 3;
        // How closely this reader chose to look.
        let stance = u32::from(self.people[at].day.stance);
        let sharp = bp(bp(sharp, self.strictness()), stance);
        let found = self.remove_defects(task_at, Stage::Review, sharp, happen).min(255) as u8;
        let strain = bp(REVIEW_STRAIN, self.strictness()) as i32;
        shift(&mut self.people[at].energy, -strain);
        self.workshop_reviewed(at, task_at, found, now, happen);
        let author = self.tasks[task_at].assignee;
        let author_at = author.and_then(|id| self.person_at(id));
        let more = self.beside_defects(task_at, happen);
        let Some(author_at) = author_at.filter(|_| found > 0 || more > 0) else {
            happen.say(self, at, author, About::ReviewPassed, Some(id), 2_000, now);
            if let Some(author) = author_at {
                self.people[author].remember(me, Shared::ReviewPassed);
                self.close_task(author, task_at, true, now, happen);
            } else {
                self.close_task(at, task_at, true, now, happen);
            }
            return;
        };
        let task = &mut self.tasks[task_at];
        task.rework = task.rework.saturating_add(1);
        task.fixing = task.fixing.saturating_add(found);
        task.left = task.left.saturating_add(u32::from(found) * REWORK_MINUTES + more);
        self.set_task_state(task_at, TaskState::Doing, now);
        happen.task(self, task_at, Some(me), now);
        // A harsh word is felt: by the neurotic more, from the agreeable less, more when reviewers
        // look for everything.
        let harsh = 8_000 - self.people[at].agreeableness() as i32 / 2;
        let harsh = bp(bp(harsh.max(0) as u32, self.strictness()), stance) as i32;
        let author = &mut self.people[author_at];
        author.hand.insert(0, id);
        let felt = harsh * (4_000 + author.neuroticism() as i32) / 600_000;
        shift(&mut author.morale, -felt);
        author.remember(me, Shared::ReviewFound(felt.clamp(0, 1_000) as u16));
        let to = Some(author.id);
        let about = About::ReviewFound { defects: found.max(1) };
        happen.say(self, at, to, about, Some(id), -(harsh / 3) as i16, now);
    }

    /// What a reviewer wants changed beside defects, in typical person-minutes: it is not what was
    /// meant, or not how they would have done it.
    fn beside_defects(&mut self, task_at: usize, happen: &mut Happen<'_, '_>) -> u32 {
        let strict = self.policies.review_strictness;
        let task = &mut self.tasks[task_at];
        let rng = happen.rng(Stream::Work);
        let mut minutes = 0;
        if std::mem::take(&mut task.vague) && rng.chance(MISUNDERSTOOD) {
            minutes += bp(task.estimate, MISUNDERSTOOD_SHARE).max(TASTE_MINUTES);
        }
        if task.rework == 0 && rng.chance(bp(TASTE, strict.into())) {
            minutes += TASTE_MINUTES;
        }
        minutes
    }
}
