//! Talk: what people say to each other. A note keeps who, to whom, about what, in which voice and
//! mood; the words are made from those facts by [`phrases`](super::phrases) when somebody looks.

use bincode::{Decode, Encode};

use crate::model::business::talk::BusinessTalk;
use crate::model::chief::talk::ChiefTalk;
use crate::model::kind::Department;
use crate::model::phases as phase;
use crate::model::project::{DAY, Project};
use crate::model::view::{Phase, Talk, TaskState};
use crate::model::words::phrases;
use crate::model::words::tone;
use crate::model::words::voice::Voice;
use crate::model::work::talk::WorkTalk;

/// Notes a project remembers.
pub const TALK_KEPT: usize = 24;
/// Of the newest tasks, those that are looked through for what a speaker did last.
const PAST_LOOK: usize = 256;
/// An urgency from which a note counts as urgent, in basis points. Our assumption.
pub const URGENT: u16 = 6_000;

/// Something said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Note {
    /// Unique in the project, growing.
    pub id: u64,
    pub tick: u64,
    pub from: u32,
    pub to: Audience,
    /// The note this belongs to: its own id if it begins a thread.
    pub thread: u64,
    pub about: About,
    pub task: Option<u32>,
    /// Stand-ups: the task the speaker finished last, if it was since yesterday morning.
    pub past: Option<u32>,
    /// Stand-ups: work of the speaker that waits for a review.
    pub waits: Option<u32>,
    /// -10,000 to 10,000.
    pub sentiment: i16,
    pub voice: Voice,
}

/// Who is meant to hear a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Audience {
    All,
    One(u32),
    /// One, and somebody who should know.
    Two(u32, u32),
    Department(Department),
}

impl Audience {
    /// The one who is addressed, if there is one.
    pub fn first(self) -> Option<u32> {
        match self {
            Audience::One(one) | Audience::Two(one, _) => Some(one),
            Audience::All | Audience::Department(_) => None,
        }
    }
}

/// What a note is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum About {
    /// Small talk; how tired the speaker is, in basis points of energy.
    Chat {
        energy: u16,
    },
    /// What I did, what I do today, what is in the way: tasks in hand.
    StandUp {
        hand: u8,
        stuck: bool,
    },
    Question,
    Answer {
        minutes: u8,
    },
    ReviewPassed,
    ReviewFound {
        defects: u8,
    },
    /// A meeting of a department came to this.
    Decision {
        open: u16,
        doing: u16,
    },
    /// A task has outgrown its estimate.
    Escalation {
        percent: u16,
    },
    /// Whoever was told of an escalation answers it.
    Backing {
        percent: u16,
    },
    /// Work is finished.
    Finished {
        reviewed: bool,
    },
    /// A phase was left for another.
    PhaseDone {
        next: Phase,
    },
    Welcome,
    Farewell,
    /// Owners or customers wrote to all.
    Money {
        months: u16,
    },
    Customers {
        won: u32,
        lost: u32,
    },
    /// Money, leads and deals.
    Business(BusinessTalk),
    /// A lead takes time for one person: how that one is, in basis points.
    OneToOne {
        morale: u16,
        exhaustion: u16,
    },
    /// The work as a whole.
    Work(WorkTalk),
    /// Goals, reports, decisions and escalations.
    Chief(ChiefTalk),
}

/// The kinds of talk, as the numbers by which they are counted.
pub const KINDS: [&str; 11] = [
    "chat",
    "stand_up",
    "review",
    "question",
    "help",
    "decision",
    "escalation",
    "mail",
    "announcement",
    "one_to_one",
    "report",
];

impl About {
    /// The kind, as a place in [`KINDS`].
    pub fn kind_at(self) -> usize {
        match self {
            About::Chat { .. } => 0,
            About::StandUp { .. } => 1,
            About::ReviewPassed | About::ReviewFound { .. } => 2,
            About::Question => 3,
            About::Answer { .. } => 4,
            About::Decision { .. } => 5,
            About::Escalation { .. } | About::Backing { .. } | About::Money { .. } => 6,
            About::Customers { .. } => 7,
            About::Business(talk) => talk.kind_at(),
            About::Finished { .. } | About::PhaseDone { .. } => 8,
            About::Welcome | About::Farewell => 8,
            About::OneToOne { .. } => 9,
            About::Work(talk) => talk.kind_at(),
            About::Chief(talk) => talk.kind_at(),
        }
    }

    fn kind(self) -> &'static str {
        KINDS.get(self.kind_at()).copied().unwrap_or("chat")
    }

    /// Importance and urgency, in basis points. Our assumption.
    pub fn weight(self) -> (u16, u16) {
        match self {
            About::Chat { .. } | About::Welcome => (1_500, 500),
            About::Farewell => (6_000, 3_000),
            About::StandUp { stuck, .. } => (4_000, if stuck { 6_000 } else { 2_500 }),
            About::Question => (5_000, 7_000),
            About::Answer { .. } => (4_500, 3_000),
            About::ReviewPassed => (4_000, 2_500),
            About::ReviewFound { defects } => (6_000, 4_500 + u16::from(defects.min(8)) * 400),
            About::Decision { .. } => (6_500, 4_000),
            About::Escalation { percent } => (7_500, (4_000 + percent / 2).min(9_500)),
            About::Backing { .. } => (6_500, 4_500),
            About::Finished { .. } => (3_500, 1_500),
            About::PhaseDone { .. } => (9_000, 5_000),
            About::Money { months } => (9_500, 9_500 - months.min(6) * 800),
            About::Customers { .. } => (5_500, 3_000),
            About::Business(talk) => talk.weight(),
            About::OneToOne { exhaustion, .. } => (5_000, (1_500 + exhaustion / 2).min(6_500)),
            About::Work(talk) => talk.weight(),
            About::Chief(talk) => talk.weight(),
        }
    }

    /// What is felt in a note, given the mood of whoever says it: the fact comes first. Our assumption.
    fn felt(self, mood: i16) -> i16 {
        let mood = mood.clamp(-10_000, 10_000);
        match self {
            About::Chat { energy: 0..=3_500 } => (mood / 2).saturating_sub(2_500),
            About::StandUp { stuck: true, .. } => (mood / 4).saturating_sub(2_500).min(-1_000),
            _ => mood,
        }
    }
}

impl Note {
    /// The number that varies the words: it counts up within a project, from a place of its own.
    pub fn seed(&self, project: &Project) -> u64 {
        seed(project, self.id)
    }

    /// Whether it counts as urgent.
    pub fn urgent(&self) -> bool {
        self.about.weight().1 >= URGENT
    }
}

/// The seed of a note's or a thread's words.
pub fn seed(project: &Project, id: u64) -> u64 {
    let start = project.shard.0.0.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
    start.wrapping_add(id)
}

impl Project {
    /// Makes a note of something said, keeps it and counts it.
    pub(in crate::model) fn note(
        &mut self,
        at: usize,
        to: Option<u32>,
        about: About,
        task: Option<u32>,
        mood: i16,
        now: u64,
    ) -> Note {
        let id = self.next_talk;
        self.next_talk += 1;
        let person = &self.people[at];
        let (voice, from, department) = (Voice::of(person), person.id, person.role.department());
        let to = match (to, about) {
            (Some(to), About::Escalation { percent }) => self.who_hears(from, to, percent),
            (Some(to), _) => Audience::One(to),
            // What a department agrees on is said by one of its own, not by whoever leads all.
            (None, About::Decision { .. }) if self.leader() != at => {
                Audience::Department(department)
            }
            (None, _) => Audience::All,
        };
        let (mut past, mut waits) = (None, None);
        if let About::StandUp { .. } = about {
            let since = (now / DAY).saturating_sub(1) * DAY;
            for task in self.tasks.iter().rev().take(PAST_LOOK) {
                if task.assignee != Some(from) {
                    continue;
                }
                match task.state {
                    TaskState::Done if task.done.is_some_and(|done| done >= since) => {
                        past = past.or(Some(task.id));
                    }
                    TaskState::Review => waits = waits.or(Some(task.id)),
                    _ => {}
                }
            }
        }
        let thread = self.thread_of(id, from, to, about, task);
        let sentiment = about.felt(mood);
        let note =
            Note { id, tick: now, from, to, thread, about, task, past, waits, sentiment, voice };
        self.count_note(&note);
        self.keep_note(note);
        note
    }

    /// Who hears of a task that has outgrown its estimate: from three times on, whoever leads too.
    fn who_hears(&self, from: u32, to: u32, percent: u16) -> Audience {
        const GRAVE_PERCENT: u16 = 300;
        let lead = self.people.get(self.leader()).map(|person| person.id);
        match lead {
            Some(lead) if percent >= GRAVE_PERCENT && lead != to && lead != from => {
                Audience::Two(to, lead)
            }
            _ => Audience::One(to),
        }
    }

    /// The thread a note belongs to, among what is still remembered: an answer to the question, a
    /// review to the earlier ones of the task, the end of a task to what was said of it.
    fn thread_of(&self, id: u64, from: u32, to: Audience, about: About, task: Option<u32>) -> u64 {
        let earlier = |fits: &dyn Fn(&Note) -> bool| {
            let found = self.talk.iter().rev().find(|note| note.task == task && fits(note));
            found.map_or(id, |note| note.thread)
        };
        match about {
            About::Answer { .. } => {
                earlier(&|note| note.about == About::Question && Some(note.from) == to.first())
            }
            About::Backing { .. } => earlier(&|note| {
                matches!(note.about, About::Escalation { .. }) && Some(note.from) == to.first()
            }),
            About::ReviewPassed | About::ReviewFound { .. } if task.is_some() => earlier(&|note| {
                matches!(note.about, About::ReviewFound { .. } | About::ReviewPassed)
            }),
            About::Finished { .. } if task.is_some() => earlier(&|note| {
                note.from == from
                    || matches!(note.about, About::ReviewPassed | About::ReviewFound { .. })
            }),
            About::Chief(talk) => {
                earlier(&|note| matches!(note.about, About::Chief(other) if talk.follows(other)))
            }
            _ => id,
        }
    }
}

/// The note in words.
pub fn render(project: &Project, note: &Note) -> Talk {
    let (importance, urgency) = note.about.weight();
    let task = note.task.and_then(|id| project.task(id));
    let mut topics = vec![phase::word(project.phase).to_string(), note.about.kind().to_string()];
    if let About::Chief(talk) = note.about {
        topics.push(talk.topic().to_string());
    }
    let mut keywords = Vec::new();
    if let Some(task) = task {
        topics.push(task.kind.word().to_string());
        topics.push(project.area_name(task.area).to_string());
        keywords.push(project.area_name(task.area).to_string());
        keywords.push(format!("#{}", task.id));
    }
    let text = phrases::text(project, note);
    let heard = receivers(project, note);
    let mut names: Vec<String> = heard.iter().map(|&id| phrases::called(project, id)).collect();
    for id in [note.past, note.waits].into_iter().flatten() {
        keywords.push(format!("#{id}"));
        names.extend(
            project.task(id).and_then(|task| task.reviewer).map(|id| phrases::called(project, id)),
        );
    }
    names.retain(|name| text.contains(name.as_str()));
    names.sort();
    names.dedup();
    Talk {
        id: note.id,
        tick: note.tick,
        from: project.person_ref(note.from),
        from_name: project.name_of(note.from),
        to: heard.into_iter().map(|to| project.person_ref(to)).collect(),
        kind: note.about.kind().to_string(),
        thread: note.thread,
        tone: tone::tone(&text),
        text,
        sentiment: note.sentiment,
        importance,
        urgency,
        topics,
        keywords,
        names,
        task: note.task,
    }
}

/// Who hears a note, by number; nobody in particular if it is for all.
fn receivers(project: &Project, note: &Note) -> Vec<u32> {
    match note.to {
        Audience::All => Vec::new(),
        Audience::One(one) => vec![one],
        Audience::Two(one, other) => vec![one, other],
        Audience::Department(department) => project
            .people
            .iter()
            .filter(|person| person.role.department() == department && person.id != note.from)
            .map(|person| person.id)
            .collect(),
    }
}
