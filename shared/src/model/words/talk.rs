//! Talk: what people say to each other. A note keeps who, to whom, about what and in which mood;
//! the words are made from those facts by a small grammar when somebody looks.

use bincode::{Decode, Encode};

use crate::model::phases as phase;
use crate::model::project::Project;
use crate::model::view::{Phase, Talk};
use crate::model::words::title::title_text;

/// Notes a project remembers.
pub const TALK_KEPT: usize = 24;

/// Something said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Note {
    /// Unique in the project, growing.
    pub id: u64,
    pub tick: u64,
    pub from: u32,
    /// None for everybody.
    pub to: Option<u32>,
    /// The note this belongs to: its own id if it begins a thread.
    pub thread: u64,
    pub about: About,
    pub task: Option<u32>,
    /// -10,000 to 10,000.
    pub sentiment: i16,
    /// Varies the words.
    pub turn: u8,
}

/// What a note is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum About {
    /// Small talk; how tired the speaker is, in basis points of energy.
    Chat {
        energy: u16,
    },
    /// What I do today: tasks in hand.
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
}

impl About {
    fn kind(self) -> &'static str {
        match self {
            About::Chat { .. } | About::Welcome | About::Farewell => "chat",
            About::StandUp { .. } => "stand_up",
            About::Question => "question",
            About::Answer { .. } => "help",
            About::ReviewPassed | About::ReviewFound { .. } => "review",
            About::Decision { .. } | About::PhaseDone { .. } => "decision",
            About::Escalation { .. } | About::Money { .. } => "escalation",
            About::Finished { .. } => "chat",
            About::Customers { .. } => "mail",
        }
    }

    /// Importance and urgency, in basis points.
    fn weight(self) -> (u16, u16) {
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
            About::Finished { .. } => (3_500, 1_500),
            About::PhaseDone { .. } => (9_000, 5_000),
            About::Money { months } => (9_500, 9_500 - months.min(6) * 800),
            About::Customers { .. } => (5_500, 3_000),
        }
    }
}

/// One of several ways to say it.
fn one_of(turn: u8, ways: &[&str]) -> String {
    ways.get(usize::from(turn) % ways.len().max(1)).copied().unwrap_or_default().to_string()
}

/// The note in words.
pub fn render(project: &Project, note: &Note) -> Talk {
    let (importance, urgency) = note.about.weight();
    let mut topics = vec![phase::word(project.phase).to_string()];
    if let Some(task) = note.task.and_then(|id| project.task(id)) {
        topics.push(task.kind.word().to_string());
    }
    Talk {
        id: note.id,
        tick: note.tick,
        from: project.person_ref(note.from),
        from_name: project.name_of(note.from),
        to: note.to.map(|to| project.person_ref(to)).into_iter().collect(),
        kind: note.about.kind().to_string(),
        thread: note.thread,
        text: words(project, note),
        sentiment: note.sentiment,
        importance,
        urgency,
        topics,
        task: note.task,
    }
}

fn words(project: &Project, note: &Note) -> String {
    let title = match note.task {
        Some(id) => match project.task(id) {
            Some(task) => format!("“{}”", title_text(project, task)),
            None => format!("#{id}"),
        },
        None => "the backlog".to_string(),
    };
    let to = note.to.map_or_else(|| "all".to_string(), |id| project.short_name_of(id));
    let turn = note.turn;
    // The opening and the close vary apart from the body, so that few texts come twice.
    let (opening, close) = (turn / 4, turn / 16);
    match note.about {
        About::Chat { energy } => {
            let feel = match energy {
                0..=3_500 => one_of(
                    turn,
                    &["I am running on empty today", "this week is long", "I need the evening off"],
                ),
                3_501..=6_500 => one_of(
                    turn,
                    &[
                        "half the day is gone already",
                        "it is one of those days with many small things",
                        "I keep losing the thread",
                    ],
                ),
                _ => one_of(
                    turn,
                    &[
                        "I got a lot done this morning",
                        "today it just flows",
                        "I slept well for once",
                    ],
                ),
            };
            let about = match note.task {
                Some(_) => one_of(
                    opening,
                    &[
                        &format!("How far are you with {title}?"),
                        &format!("By the way, {title} looks good from here."),
                        &format!("Are you still on {title}?"),
                        &format!("I thought about {title} on the way here."),
                    ],
                ),
                None => one_of(
                    opening,
                    &[
                        "What are you up to?",
                        "Lunch together tomorrow?",
                        "Did you see the new numbers?",
                        "Anything I can take off you?",
                    ],
                ),
            };
            match close % 2 {
                0 => format!("{to}, {feel}. {about}"),
                _ => format!("{about} As for me, {feel}."),
            }
        }
        About::StandUp { hand, stuck: true } => one_of(
            turn,
            &[
                &format!("I am stuck on {title} and need somebody for a quarter of an hour."),
                &format!(
                    "{title} is blocked. {hand} in hand, none of them moves today without help."
                ),
                &format!("Still {title}. I need a second pair of eyes."),
            ],
        ),
        About::StandUp { hand: 0, .. } => one_of(
            turn,
            &[
                "My hands are free: I take the next thing that is ready.",
                "Nothing in hand. Who wants help?",
                "All mine is done; I pick something from the board.",
            ],
        ),
        About::StandUp { hand, .. } => {
            let first = one_of(
                opening,
                &[
                    &format!("Today {title}."),
                    &format!("I go on with {title}."),
                    &format!("{title} is first for me."),
                    &format!("My aim is to get {title} to review."),
                ],
            );
            let then = match hand {
                1 => one_of(turn, &["Nothing in the way.", "That is all I have.", "It moves."]),
                _ => format!("{} more waiting behind it.", hand - 1),
            };
            format!("{first} {then}")
        }
        About::Question => one_of(
            turn,
            &[
                &format!("{to}, have you got ten minutes? I am stuck on {title}."),
                &format!(
                    "{to}, you know this part: why would {title} behave differently after a restart?"
                ),
                &format!("Can you look at {title} with me, {to}? I have tried the obvious things."),
                &format!(
                    "{to}, who decided how {title} should treat old data? I cannot go on without it."
                ),
                &format!("Quick one, {to}: is there anything like {title} already?"),
            ],
        ),
        About::Answer { minutes } => one_of(
            turn,
            &[
                &format!("{to}, we looked at {title} for {minutes} minutes. You can go on now."),
                &format!("That was it, {to}: {title} had the wrong assumption in it."),
                &format!(
                    "Glad that helped, {to}. Write it down for the next one who meets {title}."
                ),
                &format!("{title} should move now, {to}. Shout if it does not."),
            ],
        ),
        About::ReviewPassed => one_of(
            turn,
            &[
                &format!("{title} is fine. Clear and small, I like it."),
                &format!("Read {title} twice, found nothing. Done."),
                &format!("Approved: {title}. Two small remarks, take them or leave them."),
                &format!("{to}, {title} can go."),
            ],
        ),
        About::ReviewFound { defects } => {
            let what = if defects == 1 { "one thing".into() } else { format!("{defects} things") };
            one_of(
                turn,
                &[
                    &format!("{to}, I found {what} in {title} that would have hurt. Back to you."),
                    &format!("{title} is not there yet: {what} to put right."),
                    &format!(
                        "Sorry, {to}: {what} in {title}. The idea is right, the edges are not."
                    ),
                    &format!("{what} in {title}. Did we test the empty case?"),
                ],
            )
        }
        About::Decision { open, doing } => one_of(
            turn,
            &[
                &format!(
                    "We agreed: {doing} in work are enough, {open} wait. Finish before starting."
                ),
                &format!("Decision: {title} comes first. {open} others stay where they are."),
                &format!("{open} open, {doing} in work. We do not add anything this week."),
                &format!("We looked at all {open} that are open and moved {title} to the top."),
            ],
        ),
        About::Escalation { percent } => one_of(
            turn,
            &[
                &format!(
                    "{title} stands at {percent} % of its estimate. We should talk about what to cut."
                ),
                &format!(
                    "I said I would be done with {title}; at {percent} % of the estimate I am not."
                ),
                &format!("Warning early: {title} is at {percent} % and not finished."),
            ],
        ),
        About::Finished { reviewed: true } => one_of(
            turn,
            &[
                &format!("{title} is through review and done."),
                &format!("Done and reviewed: {title}."),
                &format!("{title} is off the board."),
            ],
        ),
        About::Finished { reviewed: false } => one_of(
            turn,
            &[
                &format!("{title} is done. Nobody looked over it, so tell me if it bites."),
                &format!("Closed {title} without a review."),
                &format!("{title}: done."),
            ],
        ),
        About::PhaseDone { next } => one_of(
            turn,
            &[
                &format!("That phase is behind us. From today it is {}.", phase::word(next)),
                &format!("We have what we need: on to {}.", phase::word(next)),
            ],
        ),
        About::Welcome => one_of(
            turn,
            &[
                "Hello all, first day for me. Where do I start?",
                "Glad to be here. Who shows me around?",
                "New here. I would like to pair with somebody this week.",
            ],
        ),
        About::Farewell => one_of(
            turn,
            &[
                "Today is my last day. Thank you for everything.",
                "I am moving on. My notes are where you can find them.",
                "It was a good time, but it is over. Take care of the tests.",
            ],
        ),
        About::Money { months } => one_of(
            turn,
            &[
                &format!(
                    "The money lasts {months} more months at what we spend. We need income or less cost."
                ),
                &format!(
                    "{months} months of money left. Please think about what we can do without."
                ),
            ],
        ),
        About::Customers { won, lost } => one_of(
            turn,
            &[
                &format!("{won} new customers and {lost} lost since the last mail."),
                &format!("From the market: {won} came, {lost} went."),
                &format!("{won} signed up. {lost} left."),
            ],
        ),
    }
}
