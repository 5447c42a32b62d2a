//! Thoughts: what a person is weighing, kept as the facts it is about: the aim, the doubt, the
//! options with what each weighed, and the choice. Whoever chooses makes the thought, and does what
//! was chosen. It is put into words by [`sentence`](super::sentence) when somebody looks.

use bincode::{Decode, Encode};

use crate::model::day::draw::Draw;
use crate::model::kind::Activity;

/// Options that a thought remembers.
pub const OPTIONS_KEPT: usize = 3;
/// Options that may be weighed at a time.
const OPTIONS_MAX: usize = 5;

/// What somebody wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub enum Goal {
    #[default]
    None,
    /// Get a task done.
    Finish,
    /// Take on a new one.
    Begin,
    /// Find out what a vague task means.
    Refine,
    /// Put right what review found.
    PutRight,
    /// Hand a task in.
    HandIn,
    /// Get going again.
    Unblock,
    /// Help a colleague.
    Help,
    /// Read a colleague's work.
    Review,
    Rest,
    Company,
    Learn,
    /// Be at a meeting.
    Meet,
    /// See how others get on.
    Lead,
    /// Answer those who wrote.
    Customers,
    /// The time until the next appointment.
    Wait,
    /// The own place here.
    Career,
}

/// What stands against it, or makes it hard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub enum Doubt {
    #[default]
    None,
    /// Energy is low.
    Tired,
    /// Beyond the estimate: the fact is the percentage of it that is spent.
    Over,
    /// Outside the own craft.
    Unfamiliar,
    /// Is it good enough?
    Craft,
    /// It is not what was meant.
    Misunderstood,
    /// How closely to look, at the work of somebody who is liked or not.
    Harshness,
    /// Own work waits meanwhile.
    OwnWork,
    /// No way forward: the fact is minutes.
    Stuck,
    /// Too little time before the next appointment: the fact is minutes.
    Gap,
    /// Nothing is ready.
    Idle,
    /// The sprint ends: the fact is working days left.
    Deadline,
    /// Is this still the right place?
    Belong,
}

/// What can be chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub enum Choice {
    #[default]
    None,
    GoOn,
    Start,
    Stretch,
    PutRight,
    TestMore,
    HandIn,
    Redo,
    AskHelp,
    TryAlone,
    Switch,
    Escalate,
    Help,
    Pair,
    Later,
    ReviewLenient,
    ReviewUsual,
    ReviewStrict,
    Coffee,
    Break,
    Lunch,
    Chat,
    CheckIn,
    Learn,
    Answer,
    Meet,
    Wait,
    Confide,
    LookAround,
    Refine,
}

impl Choice {
    /// What whoever has chosen this does; none for what takes no time by itself.
    pub fn activity(self) -> Option<Activity> {
        Some(match self {
            Choice::None | Choice::HandIn | Choice::LookAround => return None,
            Choice::GoOn
            | Choice::Start
            | Choice::Stretch
            | Choice::PutRight
            | Choice::TestMore
            | Choice::Redo
            | Choice::TryAlone
            | Choice::Switch
            | Choice::Later
            | Choice::Answer => Activity::Working,
            Choice::AskHelp | Choice::Escalate | Choice::Confide => Activity::Asking,
            Choice::Help => Activity::Helping,
            Choice::Pair => Activity::Pairing,
            Choice::ReviewLenient | Choice::ReviewUsual | Choice::ReviewStrict => Activity::Review,
            Choice::Coffee => Activity::Coffee,
            Choice::Break => Activity::Break,
            Choice::Lunch => Activity::Lunch,
            Choice::Chat | Choice::CheckIn => Activity::Chat,
            Choice::Learn => Activity::Learning,
            Choice::Meet => Activity::Meeting,
            Choice::Wait => Activity::Idle,
            Choice::Refine => Activity::Refining,
        })
    }

    /// A few words for a list of options.
    pub fn label(self) -> &'static str {
        match self {
            Choice::None => "nothing",
            Choice::GoOn => "go on",
            Choice::Start => "start it",
            Choice::Stretch => "try something new",
            Choice::PutRight => "put it right",
            Choice::TestMore => "test more",
            Choice::HandIn => "hand it in",
            Choice::Redo => "do it again",
            Choice::AskHelp => "ask",
            Choice::TryAlone => "find out alone",
            Choice::Switch => "turn to something else",
            Choice::Escalate => "tell the lead",
            Choice::Help => "help now",
            Choice::Pair => "work on it together",
            Choice::Later => "own work first",
            Choice::ReviewLenient => "let it pass if it works",
            Choice::ReviewUsual => "read it once",
            Choice::ReviewStrict => "look hard",
            Choice::Coffee => "coffee",
            Choice::Break => "a break",
            Choice::Lunch => "lunch",
            Choice::Chat => "a chat",
            Choice::CheckIn => "see how others get on",
            Choice::Learn => "learn",
            Choice::Answer => "answer customers",
            Choice::Meet => "go to the meeting",
            Choice::Wait => "wait",
            Choice::Confide => "talk to the lead",
            Choice::LookAround => "look around",
            Choice::Refine => "find out what it means",
        }
    }
}

/// An option and what it weighed among the others, in percent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Weighed {
    pub choice: Choice,
    pub percent: u8,
}

/// What somebody is weighing, and what they chose. About twenty bytes encoded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Thought {
    pub goal: Goal,
    pub doubt: Doubt,
    /// The heaviest ones; the chosen one among them.
    pub options: [Weighed; OPTIONS_KEPT],
    /// Which of the options.
    pub chosen: u8,
    /// The task it is about; 0 for none.
    pub task: u32,
    /// The colleague it is about; 0 for none.
    pub person: u32,
    /// The number that belongs to the doubt.
    pub fact: u16,
}

impl Thought {
    /// Nothing in particular.
    pub const NONE: Thought = Thought {
        goal: Goal::None,
        doubt: Doubt::None,
        options: [Weighed { choice: Choice::None, percent: 0 }; OPTIONS_KEPT],
        chosen: 0,
        task: 0,
        person: 0,
        fact: 0,
    };

    /// There was nothing to weigh.
    pub fn plain(goal: Goal, choice: Choice) -> Thought {
        let mut thought = Thought { goal, ..Thought::NONE };
        thought.options[0] = Weighed { choice, percent: 100 };
        thought
    }

    /// One of two was chosen, the first.
    pub fn between(goal: Goal, chosen: (Choice, u32), other: (Choice, u32)) -> Thought {
        let total = (chosen.1 + other.1).max(1);
        let mut thought = Thought { goal, ..Thought::NONE };
        for (place, (choice, weight)) in [chosen, other].into_iter().enumerate() {
            let percent = (u64::from(weight) * 100 / u64::from(total)) as u8;
            thought.options[place] = Weighed { choice, percent };
        }
        thought
    }

    /// Thinks of leaving.
    pub fn leave() -> Thought {
        Thought { doubt: Doubt::Belong, ..Thought::plain(Goal::Career, Choice::LookAround) }
    }

    /// Is somewhere to learn.
    pub fn learn() -> Thought {
        Thought::plain(Goal::Learn, Choice::Learn)
    }

    pub fn doubting(self, doubt: Doubt, fact: u32) -> Thought {
        Thought { doubt, fact: fact.min(u16::MAX.into()) as u16, ..self }
    }

    pub fn on(self, task: u32) -> Thought {
        Thought { task, ..self }
    }

    pub fn with(self, person: u32) -> Thought {
        Thought { person, ..self }
    }

    /// What was chosen.
    pub fn choice(&self) -> Choice {
        self.options.get(usize::from(self.chosen)).map_or(Choice::None, |option| option.choice)
    }

    /// The choice turns out to be this one.
    pub fn choosing(mut self, choice: Choice) -> Thought {
        if let Some(option) = self.options.get_mut(usize::from(self.chosen)) {
            option.choice = choice;
        }
        self
    }

    /// Whether it could have come from weighing.
    pub fn check(&self) -> Result<(), String> {
        let sound = usize::from(self.chosen) < OPTIONS_KEPT
            && self.options.iter().all(|option| option.percent <= 100);
        if sound { Ok(()) } else { Err("a thought".into()) }
    }
}

/// Options against each other: those without weight are not there.
#[derive(Clone, Copy, Debug, Default)]
pub struct Weighing {
    options: [(Choice, u32); OPTIONS_MAX],
    count: usize,
}

impl Weighing {
    pub fn option(mut self, choice: Choice, weight: u32) -> Weighing {
        if weight > 0 && self.count < OPTIONS_MAX {
            self.options[self.count] = (choice, weight);
            self.count += 1;
        }
        self
    }

    /// One of the options, each as likely as it weighs, and the thought that led to it.
    pub fn choose(&self, goal: Goal, draw: &mut Draw) -> Thought {
        let options = &self.options[..self.count];
        let total: u32 = options.iter().map(|&(_, weight)| weight).sum();
        let mut left = draw.below(total.max(1));
        let mut chosen = 0;
        for (at, &(_, weight)) in options.iter().enumerate() {
            if left < weight {
                chosen = at;
                break;
            }
            left -= weight;
        }
        // Beyond what is kept the lightest are forgotten, but never the one chosen.
        let mut kept = [false; OPTIONS_MAX];
        kept[chosen] = true;
        for _ in 1..OPTIONS_KEPT.min(self.count) {
            let mut top: Option<usize> = None;
            for (at, &(_, weight)) in options.iter().enumerate() {
                if !kept[at] && top.is_none_or(|top| weight > options[top].1) {
                    top = Some(at);
                }
            }
            if let Some(top) = top {
                kept[top] = true;
            }
        }
        let mut thought = Thought { goal, ..Thought::NONE };
        let mut place = 0;
        for (at, &(choice, weight)) in options.iter().enumerate() {
            if kept[at] {
                let percent = (u64::from(weight) * 100 / u64::from(total.max(1))) as u8;
                thought.options[place] = Weighed { choice, percent };
                if at == chosen {
                    thought.chosen = place as u8;
                }
                place += 1;
            }
        }
        thought
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_chosen_as_often_as_they_weigh_and_the_chosen_one_is_kept() {
        let weighing = Weighing::default()
            .option(Choice::GoOn, 600)
            .option(Choice::Coffee, 200)
            .option(Choice::Chat, 100)
            .option(Choice::Learn, 60)
            .option(Choice::Break, 0)
            .option(Choice::CheckIn, 40);
        let mut draw = Draw::new(7);
        let mut counts = std::collections::BTreeMap::new();
        for _ in 0..20_000 {
            let thought = weighing.choose(Goal::Finish, &mut draw);
            assert_eq!(thought.check(), Ok(()));
            assert_ne!(thought.choice(), Choice::None);
            *counts.entry(thought.choice().label()).or_insert(0) += 1;
        }
        for (choice, percent) in [(Choice::GoOn, 60), (Choice::Coffee, 20), (Choice::CheckIn, 4)] {
            let share: i32 = counts[choice.label()] * 100 / 20_000;
            assert!((share - percent).abs() <= 2, "{choice:?}: {share} %");
        }
    }
}
