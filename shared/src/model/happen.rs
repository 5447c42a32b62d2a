//! What happens in a step, on its way out: chance, talk to be remembered, and events for whoever
//! looks. Events are made only while somebody does.

use crate::engine::model::Step;
use crate::model::day::sentence;
use crate::model::phases as phase;
use crate::model::picture::workshop;
use crate::model::project::Project;
use crate::model::view::Event;
use crate::model::words::talk::{self, About};
use crate::model::words::title::title_text;
use crate::rng::Rng;

/// Chance that is apart from all other chance, so that a change in one room leaves the draws of the
/// others as they were.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    People = 1,
    Work,
    Workshop,
    Business,
    Phases,
    Chief,
    Words,
}

const STREAMS: usize = 8;

/// A step, as the model uses it.
pub struct Happen<'s, 'a> {
    pub step: &'s mut Step<'a>,
    streams: [Option<Box<Rng>>; STREAMS],
}

/// An event as bytes.
fn bytes(event: &Event) -> Vec<u8> {
    serde_json::to_vec(event).unwrap_or_default()
}

impl<'s, 'a> Happen<'s, 'a> {
    pub fn new(step: &'s mut Step<'a>) -> Self {
        Happen { step, streams: Default::default() }
    }

    /// The random numbers of a room, apart from those of the day itself.
    pub fn rng(&mut self, stream: Stream) -> &mut Rng {
        let step = &mut *self.step;
        self.streams[stream as usize]
            .get_or_insert_with(|| Box::new(step.rng().stream(stream as u64)))
    }

    /// True with this probability, in basis points.
    pub fn chance(&mut self, basis_points: u32) -> bool {
        self.step.rng().chance(basis_points)
    }

    /// A number below this one.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.step.rng().below(bound)
    }

    /// Somebody says something: to one, or to all.
    #[expect(clippy::too_many_arguments, reason = "talk has that many sides")]
    pub fn say(
        &mut self,
        project: &mut Project,
        from: usize,
        to: Option<u32>,
        about: About,
        task: Option<u32>,
        sentiment: i16,
        now: u64,
    ) {
        let note = project.note(from, to, about, task, sentiment, now);
        self.step.record(|| bytes(&Event::Talk { talk: talk::render(project, &note) }));
    }

    /// What a person is thinking now.
    pub fn thought(&mut self, project: &Project, at: usize, now: u64) {
        if !self.step.recording() {
            return;
        }
        let person = &project.people[at];
        if let Some(text) = sentence::text(project, at) {
            let (id, name) = (project.person_ref(person.id), person.name.full());
            self.step.record(|| bytes(&Event::Thought { tick: now, person: id, name, text }));
        }
    }

    /// A person does something else.
    pub fn activity(&mut self, project: &Project, at: usize, now: u64) {
        self.step.record(|| {
            bytes(&Event::Activity {
                tick: now,
                person: project.person_ref(project.people[at].id),
                activity: project.people[at].activity.word().to_string(),
                target: crate::model::picture::place(project, at, project.people[at].activity),
            })
        });
    }

    /// A task has moved on the board.
    pub fn task(&mut self, project: &Project, task: usize, by: Option<u32>, now: u64) {
        self.step.record(|| {
            let task = &project.tasks[task];
            bytes(&Event::Task {
                tick: now,
                task: task.id,
                title: title_text(project, task),
                state: task.state,
                by: by.map(|id| project.person_ref(id)),
            })
        });
    }

    /// The project is in another phase.
    pub fn phase(&mut self, project: &Project, reason: String, now: u64) {
        self.step.record(|| bytes(&Event::Phase { tick: now, phase: project.phase, reason }));
    }

    /// Something has changed for a person: joined, left, promoted.
    pub fn person(&mut self, project: &Project, id: u32, change: &str, now: u64) {
        self.step.record(|| {
            bytes(&Event::Person {
                tick: now,
                person: project.person_ref(id),
                name: project.name_of(id),
                change: change.to_string(),
            })
        });
    }

    /// A commit was made.
    pub fn commit(&mut self, project: &Project, id: u32) {
        self.step.record(|| bytes(&workshop::commit_event(project, id)));
    }

    /// A run of the pipeline has ended.
    pub fn build(&mut self, project: &Project, run: u32) {
        self.step.record(|| bytes(&workshop::build_event(project, run)));
    }

    /// Something went to customers.
    pub fn deploy(&mut self, project: &Project) {
        self.step.record(|| bytes(&workshop::deploy_event(project)));
    }

    /// A command was refused.
    pub fn refuse(&mut self, command: crate::id::CommandId, reason: String, now: u64) {
        self.step.record(|| {
            bytes(&Event::Refused {
                tick: now,
                command: command.to_string(),
                reason: reason.clone(),
            })
        });
        self.step.refuse(command, reason);
    }

    /// Why a phase was left, in words.
    pub fn phase_reason(left: crate::model::view::Phase) -> String {
        format!("all work of {} is done", phase::word(left))
    }
}

/// The event of these bytes, as recorded by a step.
pub fn decode_event(bytes: &[u8]) -> Option<Event> {
    serde_json::from_slice(bytes).ok()
}
