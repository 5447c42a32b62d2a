//! What an owner may ask of a project: the body of a command to it, and the same as JSON.

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::model::happen::Happen;
use crate::model::kind::{Role, Seniority};
use crate::model::people::leaving::Leaving;
use crate::model::policies::{Policies, PolicyChange};
use crate::model::project::{EndReason, Project, VACANCIES_MAX};
use crate::model::spec::{self, BadSpec, CENTS_MAX, PEOPLE_MAX, TASKS_MAX, TaskSpec};
use crate::model::view::{Phase, Status, TaskState};
use crate::model::words::title::Title;
use crate::wire::codec;

/// Something asked of a project.
///
/// As JSON it is an object with `type`, such as `{"type": "fire", "person": "1f2e3d4c-3"}`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum ProjectCommand {
    /// Look for somebody. It takes a while until they come.
    Hire {
        role: Role,
        #[serde(default)]
        seniority: Option<Seniority>,
        #[serde(default)]
        name: Option<String>,
    },
    /// Let somebody go, by their id or their number in the project.
    Fire {
        person: String,
    },
    /// Give somebody another name.
    Rename {
        person: String,
        name: String,
    },
    /// Add work. Its `depends_on` are ids of tasks; so is its `assignee` the number of a person.
    AddTask {
        task: TaskSpec,
    },
    /// Move a task on the board.
    MoveTask {
        task: u32,
        state: TaskState,
    },
    /// 1 to 5, 5 first.
    Prioritise {
        task: u32,
        priority: u8,
    },
    /// Turn what is given; the rest stays.
    SetPolicies(PolicyChange),
    /// Put money in.
    Fund {
        cents: i64,
    },
    /// Nothing happens, nothing is paid, until it is resumed.
    Pause,
    Resume,
    /// Put the project away for good.
    Archive,
    /// The phase after which it stops by itself.
    SetStopAfter {
        phase: Phase,
    },
}

impl ProjectCommand {
    /// The body of the command.
    pub fn to_body(&self) -> Vec<u8> {
        codec::encode(self)
    }

    /// Whether it makes sense by itself, whatever the project.
    pub fn check(&self) -> Result<(), BadSpec> {
        match self {
            ProjectCommand::Hire { name: Some(name), .. } => spec::name("name", name),
            ProjectCommand::Fire { person } => person_number(person).map(|_| ()),
            ProjectCommand::Rename { person, name } => {
                person_number(person)?;
                spec::name("name", name)
            }
            ProjectCommand::AddTask { task } => task.check().map_err(|error| error.below("task")),
            ProjectCommand::Prioritise { priority, .. } => {
                spec::range("priority", i64::from(*priority), 1, 5)
            }
            ProjectCommand::SetPolicies(change) if change.is_empty() => {
                Err(BadSpec::new("type", "`set_policies` needs at least one policy to turn"))
            }
            ProjectCommand::SetPolicies(change) => change.applied_to(&Policies::default()).check(),
            ProjectCommand::Fund { cents } => spec::range("cents", *cents, 1, CENTS_MAX),
            _ => Ok(()),
        }
    }
}

/// The number of a person from their id: `1f2e3d4c-3` and `3` both mean person 3.
fn person_number(text: &str) -> Result<u32, BadSpec> {
    text.rsplit('-').next().and_then(|number| number.parse().ok()).ok_or_else(|| {
        let shown: String = text.chars().take(40).collect();
        BadSpec::new("person", format!("`{shown}` is no id of a person, such as 1f2e3d4c-3"))
    })
}

impl Project {
    /// Does what is asked, or says why not.
    pub fn obey(
        &mut self,
        command: ProjectCommand,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) -> Result<(), String> {
        command.check().map_err(|error| error.to_string())?;
        let today = Project::day_of(now);
        match command {
            ProjectCommand::Hire { role, seniority, name } => {
                if self.people.len() + self.vacancies.len() >= PEOPLE_MAX as usize {
                    return Err(format!("a project has at most {PEOPLE_MAX} people"));
                }
                if self.vacancies.len() >= VACANCIES_MAX {
                    return Err(format!("{VACANCIES_MAX} positions are open already"));
                }
                self.open_vacancy(role, seniority.unwrap_or(Seniority::Mid), name, today, happen);
            }
            ProjectCommand::Fire { person } => {
                let at = self.find_person(&person)?;
                if self.people.len() == 1 {
                    return Err("this is the last one: archive the project instead".into());
                }
                let id = self.people[at].id;
                self.part_with(at, Leaving::Fired, now, happen);
                happen.person(self, id, "was let go", now);
            }
            ProjectCommand::Rename { person, name } => {
                let at = self.find_person(&person)?;
                self.people[at].name = crate::model::people::names::Name::Given(name);
            }
            ProjectCommand::AddTask { task } => self.add_asked(task, now, happen)?,
            ProjectCommand::MoveTask { task, state } => self.move_task(task, state, now, happen)?,
            ProjectCommand::Prioritise { task, priority } => {
                let at = self.find_open_task(task)?;
                self.tasks[at].priority = priority;
                self.cache.ready_stale = true;
            }
            ProjectCommand::SetPolicies(change) => {
                self.policies = change.applied_to(&self.policies);
                // Another process lets other work be taken on.
                self.cache.ready_stale = true;
            }
            ProjectCommand::Fund { cents } => {
                if self.cash_cents.saturating_add(cents) > CENTS_MAX {
                    return Err(format!("it would have more than {CENTS_MAX} cents"));
                }
                self.fund(cents);
            }
            ProjectCommand::Pause if self.status == Status::Paused => {
                return Err("it is paused already".into());
            }
            ProjectCommand::Pause => self.status = Status::Paused,
            ProjectCommand::Resume if self.status != Status::Paused => {
                return Err("it is not paused".into());
            }
            ProjectCommand::Resume => self.status = Status::Active,
            ProjectCommand::Archive => self.finish(EndReason::Archived, now, happen),
            ProjectCommand::SetStopAfter { phase } => {
                if phase < self.phase {
                    let here = crate::model::phases::word(self.phase);
                    return Err(format!(
                        "it is in {here} already: choose that phase or a later one"
                    ));
                }
                self.stop_after = phase;
            }
        }
        Ok(())
    }

    fn find_person(&self, text: &str) -> Result<usize, String> {
        let number = person_number(text).map_err(|error| error.to_string())?;
        if let Some((project, _)) = text.rsplit_once('-')
            && !self.person_ref(number).starts_with(project)
        {
            return Err(format!("{text} works on another project"));
        }
        self.person_at(number).ok_or_else(|| match self.alumni.iter().any(|a| a.id == number) {
            true => format!("{} has left", self.name_of(number)),
            false => format!("there is no person {text} here"),
        })
    }

    fn find_open_task(&self, id: u32) -> Result<usize, String> {
        let at = self.task_at(id).ok_or_else(|| format!("there is no task {id} here"))?;
        match self.tasks[at].open() {
            true => Ok(at),
            false => Err(format!("task {id} is {} already", state_word(self.tasks[at].state))),
        }
    }

    fn add_asked(
        &mut self,
        task: TaskSpec,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) -> Result<(), String> {
        let open: u32 = self.cache.counts[..3].iter().sum();
        if open as usize >= TASKS_MAX {
            return Err(format!("a project has at most {TASKS_MAX} open tasks"));
        }
        if let Some(other) = task.depends_on.iter().find(|&&id| id == 0 || id >= self.next_task) {
            return Err(format!("there is no task {other} to wait for"));
        }
        if let Some(person) = task.assignee
            && self.person_at(person).is_none()
        {
            return Err(format!("there is no person {person} here"));
        }
        // Work for a phase that is over belongs to the present one.
        let phase = task.phase.max(self.phase);
        let title = Title::Given(task.title);
        let (estimate, depends_on) = (task.estimate_minutes, task.depends_on);
        let rng = happen.step.rng();
        let id =
            self.add_task(title, task.kind, phase, task.priority, estimate, depends_on, now, rng);
        if let Some(at) = self.task_at(id) {
            self.tasks[at].assignee = task.assignee;
            self.cache.ready_stale = true;
            self.tasks[at].source = task.source;
            happen.task(self, at, None, now);
        }
        Ok(())
    }

    fn move_task(
        &mut self,
        id: u32,
        state: TaskState,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) -> Result<(), String> {
        let at = self.task_at(id).ok_or_else(|| format!("there is no task {id} here"))?;
        let from = self.tasks[at].state;
        if from == state {
            return Err(format!("task {id} is {} already", state_word(state)));
        }
        match state {
            TaskState::Doing | TaskState::Review => {
                return Err(
                    "people take on and hand in their work themselves: raise its priority".into()
                );
            }
            TaskState::Todo => {
                let task = &mut self.tasks[at];
                if !task.open() {
                    // What is taken up again needs some work.
                    task.left = task.left.max(task.estimate / 4).max(1);
                }
                task.assignee = None;
                task.reviewer = None;
                task.phase = task.phase.max(self.phase);
            }
            TaskState::Done => {
                // Done by word of the owner: nobody gets the credit, its defects stay in.
                self.latent += u32::from(std::mem::take(&mut self.tasks[at].defects));
            }
            TaskState::Dropped => {}
        }
        self.set_task_state(at, state, now);
        for person in &mut self.people {
            person.hand.retain(|&other| other != id);
            person.reviews.retain(|&other| other != id);
        }
        self.recount();
        happen.task(self, at, None, now);
        Ok(())
    }
}

/// The word of a column of the board.
pub fn state_word(state: TaskState) -> &'static str {
    match state {
        TaskState::Todo => "to do",
        TaskState::Doing => "in work",
        TaskState::Review => "in review",
        TaskState::Done => "done",
        TaskState::Dropped => "dropped",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_read_as_json() {
        let hire: ProjectCommand =
            serde_json::from_str(r#"{"type":"hire","role":"engineer"}"#).unwrap();
        assert_eq!(
            hire,
            ProjectCommand::Hire { role: Role::Engineer, seniority: None, name: None }
        );
        assert_eq!(
            serde_json::from_str::<ProjectCommand>(r#"{"type":"pause"}"#).unwrap(),
            ProjectCommand::Pause
        );
        let wrong = serde_json::from_str::<ProjectCommand>(r#"{"type":"hire","role":"wizard"}"#);
        assert!(wrong.unwrap_err().to_string().contains("engineer"));
        assert!(
            serde_json::from_str::<ProjectCommand>(r#"{"type":"fire","person":"3","x":1}"#)
                .is_err()
        );
    }

    #[test]
    fn nonsense_is_told_with_its_path() {
        let command = ProjectCommand::Prioritise { task: 1, priority: 9 };
        assert_eq!(command.check().unwrap_err().path, "priority");
        let command = ProjectCommand::Fire { person: "somebody".into() };
        assert_eq!(command.check().unwrap_err().path, "person");
    }
}
