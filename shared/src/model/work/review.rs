//! Review: who reads the work of others, what they find, and how it is felt.

use crate::model::day::thought::Thought;
use crate::model::happen::Happen;
use crate::model::people::person::REVIEWS_MAX;
use crate::model::people::person::shift;
use crate::model::people::relation::Shared;
use crate::model::project::Project;
use crate::model::view::TaskState;
use crate::model::words::talk::About;

/// Putting right one thing that review found, in typical person-minutes.
const REWORK_MINUTES: u32 = 40;

impl Project {
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
        let mut best: Option<(u32, usize)> = None;
        for _ in 0..3 {
            let other = happen.below(count as u64) as usize;
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
        // About 30 % a stage (Jones), more for whoever knows the craft and is awake.
        let chance = 1_200 + skill * 3 / 10 + u32::from(self.people[at].energy) / 10;
        let defects = self.tasks[task_at].defects;
        let found = (0..defects).filter(|_| happen.chance(chance)).count() as u8;
        shift(&mut self.people[at].energy, -180);
        self.workshop_reviewed(at, task_at, found, now, happen);
        let author = self.tasks[task_at].assignee;
        let author_at = author.and_then(|id| self.person_at(id));
        let Some(author_at) = author_at.filter(|_| found > 0) else {
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
        task.defects -= found;
        task.rework += 1;
        task.left = task.left.saturating_add(u32::from(found) * REWORK_MINUTES);
        self.totals.defects_caught += u32::from(found);
        self.phase_work.caught += u32::from(found);
        self.set_task_state(task_at, TaskState::Doing, now);
        happen.task(self, task_at, Some(me), now);
        // A harsh word is felt: by the neurotic more, from the agreeable less.
        let harsh = 8_000 - self.people[at].agreeableness() as i32 / 2;
        let author = &mut self.people[author_at];
        author.hand.insert(0, id);
        let felt = harsh * (4_000 + author.neuroticism() as i32) / 600_000;
        shift(&mut author.morale, -felt);
        author.remember(me, Shared::ReviewFound(felt.clamp(0, 1_000) as u16));
        author.thought = Thought::Rework { task: id, reviewer: me };
        let to = Some(author.id);
        happen.say(
            self,
            at,
            to,
            About::ReviewFound { defects: found },
            Some(id),
            -(harsh / 3) as i16,
            now,
        );
    }
}
