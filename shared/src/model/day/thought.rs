//! Thoughts: what a person is weighing, with the choice made. A thought is kept as the facts it is
//! about and put into words when somebody looks.

use bincode::{Decode, Encode};

use crate::model::project::Project;
use crate::model::words::title::title_text;

/// What somebody is weighing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Thought {
    None,
    /// Goes on with a task: minutes in, and a number that varies the words.
    GoOn {
        task: u32,
        turn: u8,
    },
    /// Starts a task that suits them.
    Start {
        task: u32,
        turn: u8,
    },
    /// Starts a task outside their craft.
    Stretch {
        task: u32,
        turn: u8,
    },
    /// Comes back to a task after a review.
    Rework {
        task: u32,
        reviewer: u32,
    },
    /// Stuck: asks somebody.
    Ask {
        task: u32,
        person: u32,
    },
    /// Stuck, and nobody has time.
    Alone {
        task: u32,
    },
    /// Helps rather than works on.
    Help {
        person: u32,
        task: Option<u32>,
    },
    /// Reviews before going on.
    Review {
        task: u32,
        author: Option<u32>,
    },
    /// Looks into what a vague task means.
    Refine {
        task: u32,
    },
    /// Needs a rest.
    Tired {
        turn: u8,
    },
    /// Would like company.
    Social {
        person: u32,
        turn: u8,
    },
    /// Learns, for want of ready work or out of curiosity.
    Learn {
        idle: bool,
        turn: u8,
    },
    /// A meeting comes up.
    Meeting,
    /// Thinks of leaving.
    Leave,
    /// Not at work.
    Away,
}

/// The thought in words.
pub fn text(project: &Project, thought: Thought) -> Option<String> {
    let title = |id: u32| match project.task(id) {
        Some(task) => format!("“{}”", title_text(project, task)),
        None => format!("#{id}"),
    };
    let name = |id: u32| project.short_name_of(id);
    let blocked_by = |id: u32| {
        project.tasks.iter().filter(|task| task.open() && task.depends_on.contains(&id)).count()
    };
    let overrun = |id: u32| {
        project.task(id).is_some_and(|task| task.spent > task.estimate.saturating_mul(5) / 4)
    };
    Some(match thought {
        Thought::None => return None,
        Thought::GoOn { task, turn } if overrun(task) => match turn % 4 {
            0 => format!(
                "{} has taken longer than we said. I could ask for help, but I see the end: I go on.",
                title(task)
            ),
            1 => format!(
                "{} was never as small as it looked. One more try before I say so.",
                title(task)
            ),
            2 => format!(
                "I should say at the stand-up that {} runs over. First this block.",
                title(task)
            ),
            _ => format!(
                "Each time I think {} is done, something else turns up. On with it.",
                title(task)
            ),
        },
        Thought::GoOn { task, turn } => match turn % 4 {
            0 => format!("I have {} in my head now. Better to go on than to switch.", title(task)),
            1 if blocked_by(task) > 0 => {
                format!("{} others wait for {}. That comes first.", blocked_by(task), title(task))
            }
            1 => format!("Nobody waits for {}, but I want it off my desk. Going on.", title(task)),
            2 => format!("{}: the hard part is behind me, I think. One more block.", title(task)),
            _ => format!("Coffee or {}? The task first.", title(task)),
        },
        Thought::Start { task, turn } => match turn % 3 {
            0 => format!(
                "{} is next on the board and it is my kind of work. I take it.",
                title(task)
            ),
            1 => format!("Of what is ready, {} suits me best. Starting.", title(task)),
            _ => format!("{}: I start with the part I understand least.", title(task)),
        },
        Thought::Stretch { task, turn } => match turn % 2 {
            0 => format!("{} is not really my field, but nobody else is free. I try.", title(task)),
            _ => format!("I have not done much like {}. A chance to learn it.", title(task)),
        },
        Thought::Rework { task, reviewer } => {
            format!(
                "{} found something in {}. I put it right before I take on more.",
                name(reviewer),
                title(task)
            )
        }
        Thought::Ask { task, person } => {
            format!(
                "I am stuck on {}. I could try for another hour, but {} will know. I ask.",
                title(task),
                name(person)
            )
        }
        Thought::Alone { task } => {
            format!(
                "Nobody has time for my question about {}. I find my own way, and it will take longer.",
                title(task)
            )
        }
        Thought::Help { person, task } => match task {
            Some(task) => {
                format!(
                    "{} is stuck. My {} can wait a quarter of an hour: I help.",
                    name(person),
                    title(task)
                )
            }
            None => format!("{} is stuck, and I have nothing more urgent. I help.", name(person)),
        },
        Thought::Review { task, author } => match author {
            Some(author) => {
                format!(
                    "{} waits for me to look at {}. I review it before I go on.",
                    name(author),
                    title(task)
                )
            }
            None => format!("{} waits for a review. I do it now.", title(task)),
        },
        Thought::Refine { task } => match task % 3 {
            0 => format!(
                "{} says what, but not what for. I find out before anybody starts.",
                title(task)
            ),
            1 => format!("What is done when {} is done? I write that down first.", title(task)),
            _ => format!(
                "Nobody should begin {} as vague as it is. I look into it now.",
                title(task)
            ),
        },
        Thought::Tired { turn } => match turn % 3 {
            0 => "I read the same line three times. A break now is cheaper than a mistake.".into(),
            1 => "My head is full. Ten minutes away from the desk.".into(),
            _ => "I could push on, but I know what I produce when I am this tired. Coffee.".into(),
        },
        Thought::Social { person, turn } => match turn % 3 {
            0 => format!("I have not spoken to {} today. A short chat.", name(person)),
            1 => format!(
                "{} looks as if a chat would do good. It would do me good too.",
                name(person)
            ),
            _ => format!("I want to hear how {} sees the plan.", name(person)),
        },
        Thought::Learn { idle: true, turn } => match turn % 2 {
            0 => "Nothing on the board is ready for me. I use the time to learn.".into(),
            _ => "All that is left waits for others. I read up on what comes next.".into(),
        },
        Thought::Learn { idle: false, turn } => match turn % 2 {
            0 => "The task can wait half an hour: there is something I want to understand.".into(),
            _ => "I keep running into the same gap in what I know. I close it now.".into(),
        },
        Thought::Meeting => "The meeting starts. I note where I was.".into(),
        Thought::Leave => "I wonder whether I want to be here in a year.".into(),
        Thought::Away => return None,
    })
}
