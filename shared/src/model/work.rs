//! Work: tasks, what they really take, how they are chosen, reviewed and put right.

use bincode::{Decode, Encode};

use super::kind::{Role, TaskKind};
use super::person::Person;
use super::project::Project;
use super::view::{Phase, TaskState};
use crate::rng::Rng;

/// Tasks that are done stay in the state for a while: this many, and a few for each person.
pub const DONE_KEPT: usize = 24;
/// Ready tasks a person looks at before choosing.
pub const LOOK_AHEAD: usize = 24;
/// How often review may send a task back.
pub const REWORK_MAX: u8 = 4;

/// A piece of work.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Task {
    /// Unique in the project, growing, from 1.
    pub id: u32,
    pub title: Title,
    pub kind: TaskKind,
    pub state: TaskState,
    pub phase: Phase,
    /// 1 to 5, 5 first.
    pub priority: u8,
    /// Person-minutes.
    pub estimate: u32,
    pub spent: u32,
    /// Typical person-minutes that are left. Nobody in the company knows it.
    pub left: u32,
    pub assignee: Option<u32>,
    pub reviewer: Option<u32>,
    pub depends_on: Vec<u32>,
    pub rework: u8,
    /// Defects put in and not found so far.
    pub defects: u8,
    pub created: u64,
    pub started: Option<u64>,
    pub done: Option<u64>,
    pub source: Option<String>,
}

/// What a task is called.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Title {
    Given(String),
    /// Made of a list for the kind of work: verb and subject.
    Made(u8, u8),
    /// Puts right what another task broke; 0 if nobody knows which.
    Fix(u32, u8),
    /// A fixed step of a phase.
    Step(u8),
}

/// Actual against estimate: quantiles (SiP data, Jones and Cullum 2019: .20, .71, 1.0, 1.22 and 3.13
/// at 5, 25, 50, 75 and 95 %, and exactly 1 for 34 % of tasks). Pairs of basis points; the two ends
/// are our assumption.
const ACTUAL: [(u64, u64); 8] = [
    (0, 800),
    (500, 2_000),
    (2_500, 7_100),
    (3_600, 10_000),
    (7_000, 10_000),
    (7_500, 12_200),
    (9_500, 31_300),
    (10_000, 70_000),
];

/// What a task of this estimate will really take, in typical person-minutes.
pub fn actual_minutes(estimate: u32, rng: &mut Rng) -> u32 {
    let at = rng.below(10_000);
    let above = ACTUAL.iter().position(|&(share, _)| share > at).unwrap_or(ACTUAL.len() - 1);
    let ((s0, f0), (s1, f1)) = (ACTUAL[above - 1], ACTUAL[above]);
    let factor = f0 + (f1 - f0) * (at - s0) / (s1 - s0).max(1);
    (u64::from(estimate) * factor / 10_000).clamp(1, u64::from(u32::MAX)) as u32
}

impl Task {
    /// Whether it counts as work in the company's hands.
    pub fn open(&self) -> bool {
        !matches!(self.state, TaskState::Done | TaskState::Dropped)
    }
}

/// How much this work suits somebody, for choosing.
fn suits(person: &Person, task: &Task) -> u32 {
    let (first, second) = person.role.skills();
    let skill = task.kind.skill();
    let own = match skill {
        _ if skill == first => 4_000,
        _ if skill == second => 2_000,
        _ => 0,
    };
    // Whoever leads a company does what nobody else is there for, but codes last.
    let lead = matches!(person.role, Role::Founder | Role::Manager) && task.kind.changes_product();
    if lead { person.skill(skill) / 4 } else { person.skill(skill) / 2 + own }
}

impl Project {
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
        self.tasks.push(Task {
            id,
            title,
            kind,
            state: TaskState::Todo,
            phase,
            priority,
            estimate,
            spent: 0,
            left: actual_minutes(estimate, rng),
            assignee: None,
            reviewer: None,
            depends_on,
            rework: 0,
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
            let at = self.tasks.len() - 1;
            if !self.cache.ready_stale && self.unblocked(&self.tasks[at]) {
                // Where a rebuilt list would have it.
                let entry = (5 - priority.min(5), at as u32);
                let place = self.cache.ready.partition_point(|other| *other < entry);
                self.cache.ready.insert(place, entry);
            }
        }
        id
    }

    /// Whether all that a task waits for is done. What is no longer remembered is done.
    pub fn unblocked(&self, task: &Task) -> bool {
        task.depends_on.iter().all(|&other| self.task(other).is_none_or(|other| !other.open()))
    }

    /// Moves a task on the board and keeps the counts.
    pub fn set_task_state(&mut self, at: usize, state: TaskState, now: u64) {
        let task = &mut self.tasks[at];
        if task.state == state {
            return;
        }
        let was_open = task.open();
        self.cache.counts[task.state as usize] -= 1;
        self.cache.counts[state as usize] += 1;
        // What is taken on was taken off the list of ready tasks by whoever took it.
        if state == TaskState::Todo {
            self.cache.ready_stale = true;
        }
        task.state = state;
        let is_open = task.open();
        if was_open != is_open {
            // What waited for it may be ready now, or not any more.
            let id = self.tasks[at].id;
            self.cache.ready_stale |=
                self.tasks.iter().any(|other| other.open() && other.depends_on.contains(&id));
            let task = &mut self.tasks[at];
            if task.kind == TaskKind::Bug {
                self.cache.bugs = if is_open { self.cache.bugs + 1 } else { self.cache.bugs - 1 };
            }
            if task.phase <= self.phase {
                let estimate = u64::from(task.estimate);
                let open = self.cache.open_minutes;
                self.cache.open_minutes = if is_open { open + estimate } else { open - estimate };
            }
            task.done = (!is_open).then_some(now);
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
        }
    }

    /// Counts and the list of ready tasks, from nothing but the tasks.
    pub fn refresh_ready(&mut self) {
        if !self.cache.ready_stale {
            return;
        }
        self.cache.ready_stale = false;
        let mut ready = std::mem::take(&mut self.cache.ready);
        ready.clear();
        ready.extend(
            self.tasks
                .iter()
                .enumerate()
                .filter(|(_, task)| task.state == TaskState::Todo && task.phase <= self.phase)
                .filter(|(_, task)| self.unblocked(task))
                .map(|(at, task)| (5 - task.priority.min(5), at as u32)),
        );
        ready.sort();
        self.cache.ready = ready;
    }

    /// The ready task that suits a person best, taken off the list.
    pub fn take_ready(&mut self, person: usize) -> Option<usize> {
        self.refresh_ready();
        let who = &self.people[person];
        let mut best: Option<(i64, usize, usize)> = None;
        for (place, &(rank, at)) in self.cache.ready.iter().enumerate().take(LOOK_AHEAD) {
            let at = at as usize;
            let Some(task) = self.tasks.get(at) else { continue };
            // Work meant for somebody else is taken when there is nothing better to do.
            let own = match task.assignee {
                Some(meant) if meant == who.id => 3_000,
                Some(_) => -20_000,
                None => 0,
            };
            let score = i64::from(suits(who, task)) + own + i64::from(5 - rank.min(5)) * 1_500;
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
        let done = self.tasks.iter().filter(|task| !task.open()).count();
        if done <= keep + 8 {
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
        self.cache.bugs = 0;
        self.cache.open_minutes = 0;
        for task in &self.tasks {
            if task.open() && task.phase <= self.phase {
                self.cache.open_minutes += u64::from(task.estimate);
            }
            self.cache.counts[task.state as usize] += 1;
            self.cache.bugs += u32::from(task.kind == TaskKind::Bug && task.open());
        }
        self.cache.ready_stale = true;
    }
}

const SUBJECTS: [&str; 32] = [
    "sign-up",
    "billing",
    "search",
    "the dashboard",
    "notifications",
    "the import",
    "the export",
    "permissions",
    "the audit trail",
    "onboarding",
    "the settings page",
    "the mobile view",
    "reporting",
    "the calendar",
    "attachments",
    "the public API",
    "webhooks",
    "single sign-on",
    "invoices",
    "the activity feed",
    "comments",
    "teams and roles",
    "offline mode",
    "the data model",
    "caching",
    "the queue worker",
    "rate limits",
    "backups",
    "translations",
    "the price page",
    "usage statistics",
    "the admin console",
];

const STEPS: [&str; 30] = [
    "Write down the idea and who it is for",
    "Describe the customer's day without it",
    "Sketch how it could earn money",
    "List what would prove the idea wrong",
    "Talk to ten possible customers",
    "Size the market",
    "Look at what competitors do",
    "Test whether people would pay",
    "Check that it can be built",
    "Draft the validation report",
    "Brief the advisory board",
    "Answer the board's questions on risk",
    "Agree on the first milestone",
    "Map the user journeys",
    "Draw the main screens",
    "Choose the architecture",
    "Model the data",
    "Review the design with customers",
    "Plan the build",
    "Run the regression suite",
    "Load test",
    "Security review",
    "Restore a backup in earnest",
    "Exploratory testing",
    "Write the operations handbook",
    "Prepare the launch page",
    "Write the announcement",
    "Set up support",
    "Train the first customers",
    "Switch it on",
];

/// The title in words.
pub fn title_text(title: &Title, kind: TaskKind) -> String {
    let subject = |at: u8| SUBJECTS[usize::from(at) % SUBJECTS.len()];
    match title {
        Title::Given(text) => text.clone(),
        Title::Step(at) => STEPS[usize::from(*at) % STEPS.len()].to_string(),
        Title::Fix(0, at) => format!("Fix a fault in {} a customer found", subject(*at)),
        Title::Fix(task, at) => format!("Fix {} after #{task}", subject(*at)),
        Title::Made(verb, at) => {
            let verbs: &[&str] = match kind {
                TaskKind::Feature => {
                    &["Build", "Extend", "Rework", "Add filters to", "Let users undo in"]
                }
                TaskKind::Bug => &["Fix", "Track down the fault in", "Stop the crash in"],
                TaskKind::Research => {
                    &["Ask users about", "Measure the use of", "Compare options for"]
                }
                TaskKind::Design => &["Design", "Redraw", "Simplify"],
                TaskKind::Ops => &["Automate", "Monitor", "Harden the deployment of"],
                TaskKind::Test => &["Test", "Write checks for", "Try to break"],
                TaskKind::Docs => &["Document", "Write a guide to"],
                TaskKind::Chore => &["Clean up", "Upgrade the libraries of", "Speed up"],
                TaskKind::Marketing => {
                    &["Write a post about", "Record a demo of", "Run a campaign on"]
                }
                TaskKind::Sales => {
                    &["Demo", "Prepare an offer around", "Follow up leads asking for"]
                }
                TaskKind::Support => &["Answer questions about", "Help a customer with"],
                TaskKind::Finance => &["Check the cost of", "Budget for"],
            };
            format!("{} {}", verbs[usize::from(*verb) % verbs.len()], subject(*at))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actual_against_estimate_has_the_quantiles_of_the_data() {
        let mut rng = Rng::from_seed([5; 32]);
        let mut ratios: Vec<u32> = (0..20_000).map(|_| actual_minutes(1_000, &mut rng)).collect();
        ratios.sort();
        for (share, expected) in [(5, 200), (25, 710), (50, 1_000), (75, 1_220), (95, 3_130)] {
            let found = ratios[ratios.len() * share / 100];
            assert!(
                found.abs_diff(expected) * 10 <= expected,
                "{share} %: {found}, not {expected}"
            );
        }
        let exact = ratios.iter().filter(|&&ratio| ratio == 1_000).count();
        assert!((6_400..7_200).contains(&exact), "{exact} of 20,000 are exact");
    }
}
