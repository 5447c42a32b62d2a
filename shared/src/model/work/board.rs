//! The board: what is ready, who takes what, what moves where.

use crate::model::kind::Role;
use crate::model::kind::TaskKind;
use crate::model::people::person::Person;
use crate::model::project::Project;
use crate::model::view::Phase;
use crate::model::view::TaskState;
use crate::model::words::title::Title;
use crate::model::work::DONE_KEPT;
use crate::model::work::LOOK_AHEAD;
use crate::model::work::Ready;
use crate::model::work::Task;
use crate::model::work::actual_minutes;
use crate::model::work::refine::begins_vague;
use crate::rng::Rng;

/// How much this work suits somebody, for choosing.
fn suits(person: &Person, kind: TaskKind) -> u32 {
    let (first, second) = person.role.skills();
    let skill = kind.skill();
    let own = match skill {
        _ if skill == first => 4_000,
        _ if skill == second => 2_000,
        _ => 0,
    };
    // Whoever leads a company does what nobody else is there for, but codes last.
    let lead = matches!(person.role, Role::Founder | Role::Manager) && kind.changes_product();
    if lead { person.skill(skill) / 4 } else { person.skill(skill) / 2 + own }
}

fn ready_entry(at: usize, task: &Task) -> Ready {
    Ready {
        rank: 5 - task.priority.min(5),
        place: at as u32,
        kind: task.kind,
        meant: task.assignee,
    }
}

impl Project {
    /// What work takes here that takes so long in an ordinary project.
    fn as_difficult(&self, minutes: u32) -> u32 {
        let minutes = u64::from(minutes) * u64::from(self.difficulty) / 10_000;
        minutes.clamp(1, u64::from(u32::MAX / 4)) as u32
    }

    /// Where a task is.
    pub fn task_at(&self, id: u32) -> Option<usize> {
        // Ids grow and few of the newer tasks are gone: counted from the end, the place is at the
        // guess or a little behind it. The ids stand close together, so that looking is cheap.
        let ids = &self.cache.ids;
        let guess = ids.len().saturating_sub(self.next_task.saturating_sub(id) as usize);
        match ids.get(guess) {
            Some(&found) if found == id => Some(guess),
            Some(_) => ids[guess..].binary_search(&id).ok().map(|at| guess + at),
            None => None,
        }
    }

    /// A task of this id.
    pub fn task(&self, id: u32) -> Option<&Task> {
        self.task_at(id).map(|at| &self.tasks[at])
    }

    /// Adds work. What it will really take is drawn here.
    #[expect(clippy::too_many_arguments, reason = "a task has that many sides")]
    pub fn add_task(
        &mut self,
        title: Title,
        kind: TaskKind,
        phase: Phase,
        priority: u8,
        estimate: u32,
        depends_on: Vec<u32>,
        now: u64,
        rng: &mut Rng,
    ) -> u32 {
        let id = self.next_task;
        self.next_task += 1;
        let vague = !self.only_backlog && begins_vague(kind);
        let (title, area) = self.name_task(id, title, kind, &depends_on);
        self.tasks.push(Task {
            id,
            title,
            kind,
            area,
            state: TaskState::Todo,
            phase,
            priority,
            estimate,
            spent: 0,
            left: self.as_difficult(actual_minutes(estimate, vague, self.only_backlog, rng)),
            assignee: None,
            reviewer: None,
            depends_on,
            rework: 0,
            vague,
            committed: false,
            paired: false,
            tested: false,
            handed: false,
            builds: 0,
            fixing: 0,
            defects: 0,
            created: now,
            started: None,
            done: None,
            source: None,
        });
        self.cache.ids.push(id);
        self.cache.counts[TaskState::Todo as usize] += 1;
        self.cache.bugs += u32::from(kind == TaskKind::Bug);
        if phase <= self.phase {
            self.cache.open_minutes += u64::from(estimate);
        }
        if !self.cache.ready_stale {
            let at = self.tasks.len() - 1;
            self.note_dependencies(at);
            self.offer(at);
        }
        id
    }

    /// Whether all that a task waits for is done. What is no longer remembered is done.
    pub fn unblocked(&self, task: &Task) -> bool {
        task.depends_on.iter().all(|&other| self.task(other).is_none_or(|other| !other.open()))
    }

    /// Whether a task may be taken on now.
    fn is_ready(&self, task: &Task) -> bool {
        task.state == TaskState::Todo
            && task.phase <= self.phase
            && self.planned(task)
            && self.unblocked(task)
    }

    /// Puts a task on the list of what may be taken on, if it may, where a list made anew has it.
    fn offer(&mut self, at: usize) {
        let task = &self.tasks[at];
        if !self.is_ready(task) {
            return;
        }
        let entry = ready_entry(at, task);
        let ready = &mut self.cache.ready;
        let place = ready.partition_point(|other| *other < entry);
        if ready.get(place) != Some(&entry) {
            ready.insert(place, entry);
        }
    }

    /// Remembers what a task waits for.
    fn note_dependencies(&mut self, at: usize) {
        for &other in &self.tasks[at].depends_on {
            let entry = (other, at as u32);
            let place = self.cache.dependents.partition_point(|known| *known < entry);
            self.cache.dependents.insert(place, entry);
        }
    }

    /// What waited for a task that is off the board may be ready now.
    fn release(&mut self, id: u32) {
        let from = self.cache.dependents.partition_point(|&(other, _)| other < id);
        for nth in from..self.cache.dependents.len() {
            let (other, at) = self.cache.dependents[nth];
            if other != id {
                break;
            }
            self.offer(at as usize);
        }
    }

    /// Moves a task on the board and keeps the counts.
    pub fn set_task_state(&mut self, at: usize, state: TaskState, now: u64) {
        let task = &mut self.tasks[at];
        let from = task.state;
        if from == state {
            return;
        }
        let was_open = task.open();
        self.cache.counts[from as usize] -= 1;
        self.cache.counts[state as usize] += 1;
        if from == TaskState::Review {
            self.cache.in_review.retain(|&place| place != at as u32);
        }
        if state == TaskState::Review {
            self.cache.in_review.push(at as u32);
        }
        task.state = state;
        let is_open = task.open();
        let id = task.id;
        if was_open != is_open {
            if task.kind == TaskKind::Bug {
                self.cache.bugs = if is_open { self.cache.bugs + 1 } else { self.cache.bugs - 1 };
            }
            if task.phase <= self.phase {
                let estimate = u64::from(task.estimate);
                let open = self.cache.open_minutes;
                self.cache.open_minutes = if is_open { open + estimate } else { open - estimate };
            }
            task.done = (!is_open).then_some(now);
            if let Some(started) = task.started {
                if is_open {
                    // What is taken up again is new work to the figures.
                    task.started = None;
                } else {
                    self.work.flow.taken_off(started, task.spent, now);
                }
            }
            match (state, is_open) {
                (TaskState::Done, _) => {
                    self.totals.done += 1;
                    self.phase_work.tasks += 1;
                    self.phase_work.estimate_minutes += u64::from(self.tasks[at].estimate);
                    self.phase_work.spent_minutes += u64::from(self.tasks[at].spent);
                }
                (TaskState::Dropped, _) => self.totals.dropped += 1,
                _ => self.totals.reopened += 1,
            }
        }
        if state == TaskState::Doing && self.tasks[at].started.is_none() {
            self.tasks[at].started = Some(now);
            self.work.flow.taken_on(now);
        }
        // What is taken on was taken off the list of ready tasks by whoever took it.
        if was_open && !is_open {
            if !self.cache.ready_stale {
                self.release(id);
            }
        } else if state == TaskState::Todo || is_open != was_open {
            self.cache.ready_stale = true;
        }
    }

    /// The list of ready tasks and who waits for whom, from nothing but the tasks.
    pub fn refresh_ready(&mut self) {
        if !self.cache.ready_stale {
            return;
        }
        self.cache.ready_stale = false;
        let mut dependents = std::mem::take(&mut self.cache.dependents);
        dependents.clear();
        let mut ready = std::mem::take(&mut self.cache.ready);
        ready.clear();
        for (at, task) in self.tasks.iter().enumerate().filter(|(_, task)| task.open()) {
            dependents.extend(task.depends_on.iter().map(|&other| (other, at as u32)));
            if self.is_ready(task) {
                ready.push(ready_entry(at, task));
            }
        }
        dependents.sort();
        ready.sort();
        self.cache.dependents = dependents;
        self.cache.ready = ready;
    }

    /// The ready task that suits a person best, taken off the list.
    pub fn take_ready(&mut self, person: usize) -> Option<usize> {
        self.refresh_ready();
        let who = &self.people[person];
        let mut best: Option<(i64, usize, usize)> = None;
        for (place, ready) in self.cache.ready.iter().enumerate().take(LOOK_AHEAD) {
            let at = ready.place as usize;
            // Work meant for somebody else is taken when there is nothing better to do.
            let own = match ready.meant {
                Some(meant) if meant == who.id => 3_000,
                Some(_) => -20_000,
                None => 0,
            };
            let score =
                i64::from(suits(who, ready.kind)) + own + i64::from(5 - ready.rank.min(5)) * 1_500;
            // The first of equals is the older one.
            if best.is_none_or(|(top, _, _)| score > top) {
                best = Some((score, place, at));
            }
        }
        let (_, place, at) = best?;
        self.cache.ready.remove(place);
        let id = self.people[person].id;
        self.tasks[at].assignee = Some(id);
        Some(at)
    }

    /// Forgets the oldest done tasks beyond what is kept.
    pub fn forget_done_tasks(&mut self) {
        let keep = DONE_KEPT + 4 * self.people.len();
        let counts = &self.cache.counts;
        let done =
            (counts[TaskState::Done as usize] + counts[TaskState::Dropped as usize]) as usize;
        // Not each evening a few, but now and then many: it takes a look at all tasks.
        if done <= keep + keep / 2 {
            return;
        }
        // Those done longest ago go first; ties by id.
        let mut when: Vec<(u64, u32)> = self
            .tasks
            .iter()
            .filter(|task| !task.open())
            .map(|task| (task.done.unwrap_or(0), task.id))
            .collect();
        when.sort();
        let last = when[done - keep - 1];
        self.tasks.retain(|task| task.open() || (task.done.unwrap_or(0), task.id) > last);
        self.recount();
    }

    /// Rebuilds what is derived from the tasks.
    pub fn recount(&mut self) {
        self.cache.ids.clear();
        self.cache.ids.extend(self.tasks.iter().map(|task| task.id));
        self.cache.counts = [0; 5];
        self.cache.in_review.clear();
        self.cache.bugs = 0;
        self.cache.open_minutes = 0;
        for (at, task) in self.tasks.iter().enumerate() {
            if task.state == TaskState::Review {
                self.cache.in_review.push(at as u32);
            }
            if task.open() && task.phase <= self.phase {
                self.cache.open_minutes += u64::from(task.estimate);
            }
            self.cache.counts[task.state as usize] += 1;
            self.cache.bugs += u32::from(task.kind == TaskKind::Bug && task.open());
        }
        self.cache.ready_stale = true;
    }
}
