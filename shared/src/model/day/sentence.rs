//! Thoughts in words: what it is about, what speaks against it, and what was chosen, each said in one
//! of several ways that change with the person, the hour and the facts.

use crate::model::day::thought::{Choice, Doubt, Goal, Thought};
use crate::model::people::person::Person;
use crate::model::project::{DAY, Project};
use crate::model::words::title::title_text;

/// The thought of somebody in words, if there is one.
pub fn text(project: &Project, at: usize) -> Option<String> {
    let person = project.people.get(at)?;
    let thought = &person.thought;
    if thought.choice() == Choice::None {
        return None;
    }
    let mut words = Words::new(project, person);
    let matter = words.one_of(matter(thought));
    let decision = words.one_of(decision(thought));
    // What nearly was chosen instead.
    let other = thought
        .options
        .iter()
        .enumerate()
        .filter(|&(nth, option)| nth != usize::from(thought.chosen) && option.percent >= 8)
        .max_by_key(|&(nth, option)| (option.percent, std::cmp::Reverse(nth)))
        .map(|(_, option)| words.one_of(against(option.choice)))
        .filter(|words| !words.is_empty());
    let mut text = matter;
    if let Some(other) = other {
        text.push(' ');
        text.push_str(&other);
    }
    text.push(' ');
    text.push_str(&decision);
    Some(text.trim().to_string())
}

/// What somebody wants, in a few words.
pub fn goal(project: &Project, at: usize) -> String {
    let Some(person) = project.people.get(at) else { return String::new() };
    let words = match person.thought.goal {
        Goal::None => "nothing in particular",
        Goal::Finish => "get {t} done",
        Goal::Begin => "take on {t}",
        Goal::Refine => "find out what {t} means",
        Goal::PutRight => "put {t} right",
        Goal::HandIn => "hand in {t}",
        Goal::Unblock => "get on with {t}",
        Goal::Help => "help {p}",
        Goal::Review => "review {t}",
        Goal::Rest => "rest",
        Goal::Company => "talk to {p}",
        Goal::Learn => "learn",
        Goal::Meet => "be at the meeting",
        Goal::Lead => "see how {p} gets on",
        Goal::Customers => "answer customers",
        Goal::Wait => "bridge the time",
        Goal::Career => "be in the right place",
    };
    Words::new(project, person).fill(words)
}

/// What makes it hard, in a few words.
pub fn doubt(project: &Project, at: usize) -> Option<String> {
    let person = project.people.get(at)?;
    let words = match person.thought.doubt {
        Doubt::None => return None,
        Doubt::Tired => "tired",
        Doubt::Over => "{n} % of the estimate is spent",
        Doubt::Unfamiliar => "outside the own craft",
        Doubt::Craft => "is it good enough?",
        Doubt::Misunderstood => "it is not what was meant",
        Doubt::Harshness => "how hard to look at the work of {p}",
        Doubt::OwnWork => "{t} waits meanwhile",
        Doubt::Stuck => "no way forward for {n} minutes",
        Doubt::Gap => "only {n} minutes until the next appointment",
        Doubt::Idle => "nothing is ready",
        Doubt::Deadline => "the sprint ends in {n} days",
        Doubt::Belong => "is this still the right place?",
    };
    Some(Words::new(project, person).fill(words))
}

/// The kind of a thought, as a word.
pub fn kind(thought: &Thought) -> &'static str {
    match (thought.goal, thought.doubt) {
        (_, Doubt::Belong) | (Goal::Career, _) => "career",
        (_, Doubt::Craft | Doubt::Deadline | Doubt::Misunderstood) => "craft",
        (_, Doubt::Over) => "estimate",
        (Goal::Review, _) => "review",
        (Goal::Help | Goal::Company | Goal::Meet | Goal::Lead | Goal::Customers, _) => {
            "collaboration"
        }
        (Goal::Learn, _) => "learning",
        (Goal::Rest | Goal::Wait, _) => "rest",
        _ => "problem_solving",
    }
}

/// The facts that sentences are filled with.
struct Words<'p> {
    project: &'p Project,
    person: &'p Person,
    turn: u64,
}

impl<'p> Words<'p> {
    fn new(project: &'p Project, person: &'p Person) -> Words<'p> {
        // The same for as long as the thought lasts, and another one the next time.
        let thought = &person.thought;
        let turn = (u64::from(person.id) << 40)
            ^ (person.since.wrapping_mul(0x9E37_79B9_7F4A_7C15))
            ^ (u64::from(thought.task) << 20)
            ^ u64::from(thought.fact);
        Words { project, person, turn }
    }

    /// One of several ways to say it, another part of the turn each time.
    fn one_of(&mut self, ways: &[&str]) -> String {
        self.turn = (self.turn ^ (self.turn >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let way = ways.get((self.turn >> 33) as usize % ways.len().max(1));
        self.fill(way.copied().unwrap_or_default())
    }

    fn fill(&self, way: &str) -> String {
        let (project, thought) = (self.project, &self.person.thought);
        let mut words = way.to_string();
        let mut put = |mark: &str, value: &dyn Fn() -> String| {
            if words.contains(mark) {
                words = words.replace(mark, &value());
            }
        };
        put("{t}", &|| match project.task(thought.task) {
            Some(task) => format!("“{}”", title_text(project, task)),
            None if thought.task > 0 => format!("#{}", thought.task),
            None => "my work".into(),
        });
        put("{p}", &|| match thought.person {
            0 => "a colleague".into(),
            id => project.short_name_of(id),
        });
        put("{n}", &|| thought.fact.to_string());
        let task = project.task(thought.task);
        put("{spent}", &|| hours(task.map_or(0, |task| task.spent)));
        put("{said}", &|| hours(task.map_or(0, |task| task.estimate)));
        put("{focus}", &|| hours(self.person.day.focus_minutes.into()));
        put("{broken}", &|| self.person.day.interruptions.to_string());
        put("{time}", &|| {
            // The day begins at nine.
            let minute = 540 + self.person.since % DAY;
            format!("{}:{:02}", minute / 60, minute % 60)
        });
        words
    }
}

fn hours(minutes: u32) -> String {
    match minutes {
        0..=90 => format!("{minutes} minutes"),
        _ => format!("{} hours", (minutes + 30) / 60),
    }
}

/// What it is about.
fn matter(thought: &Thought) -> &'static [&'static str] {
    match (thought.goal, thought.doubt) {
        (_, Doubt::Over) => &[
            "{t} stands at {n} % of what we said.",
            "We said {said} for {t}; it has had {spent}.",
            "{t} was never as small as it looked: {spent} by now.",
            "{spent} in {t}, and I still do not see the end clearly.",
            "Each time I think {t} is done, something else turns up.",
        ],
        (_, Doubt::Misunderstood) => &[
            "I read the request for {t} again: this is not what was meant.",
            "{t} does what I understood, not what they asked for.",
            "Two of us meant different things by {t}.",
            "It works, but it is the wrong thing: {t} was about something else.",
        ],
        (_, Doubt::Craft) => &[
            "{t} does what it should. Is it good enough to hand in?",
            "I think {t} is done after {spent}. I have thought so before.",
            "{t} works on my machine, for the cases I tried.",
            "The last part of {t} went in quickly. Too quickly?",
        ],
        (_, Doubt::Deadline) => &[
            "{t} is nearly there and the sprint ends in {n} days.",
            "Days left in the sprint: {n}. {t} should be in it.",
            "I promised {t} for this sprint.",
        ],
        (Goal::Review, _) => &[
            "{p} waits for me to look at {t}.",
            "{t} by {p}: {spent} of work to read.",
            "Before I go on: {p} has handed in {t}.",
            "How closely do I read {t}? {p} will take it one way or the other.",
        ],
        (Goal::Unblock, _) => &[
            "{t} does not move. I have tried for {n} minutes.",
            "I am stuck on {t}, and it is {time}.",
            "Whatever I try, {t} behaves the same.",
            "I do not see through {t}.",
        ],
        (_, Doubt::Stuck) => &[
            "No way forward in the other thing, so {t} for now.",
            "While I wait for an answer, {t} can move.",
            "One thing is blocked; {t} is not.",
        ],
        (Goal::Help, Doubt::OwnWork) => &[
            "{p} is stuck, and {t} is open in front of me.",
            "{p} asks for help while I am in the middle of {t}.",
            "{p} needs a second pair of eyes; {t} needs mine.",
        ],
        (Goal::Help, _) => &[
            "{p} is stuck.",
            "{p} asks whether I have a moment.",
            "A question from {p}, and nothing burns here.",
        ],
        (Goal::PutRight, _) => &[
            "{p} found something in {t}.",
            "{t} came back from {p}.",
            "{p} is right about {t}, annoyingly.",
        ],
        (Goal::Begin, Doubt::Unfamiliar) => &[
            "{t} is not really my field.",
            "I have not done much like {t}.",
            "Nobody with the right craft is free for {t}.",
        ],
        (Goal::Begin, _) => &[
            "{t} is next on the board.",
            "Of what is ready, {t} suits me best.",
            "{t}: {said}, they say.",
            "My hands are free and {t} is waiting.",
        ],
        (Goal::Finish, Doubt::Tired) => &[
            "It is {time} and my head is slow.",
            "I am tired, and {t} is not done.",
            "{focus} of focus today, and I feel all of it.",
        ],
        (Goal::Finish, _) => &[
            "I have {t} in my head now.",
            "{t}: the next step is clear.",
            "{spent} in, and {t} takes shape.",
            "It is {time}, {t} is open in front of me.",
            "{t} is worth a quiet hour.",
            "Interrupted so far today: {broken} times. Back to {t}.",
        ],
        (Goal::Refine, _) => &[
            "{t} says what, but not what for.",
            "What is done when {t} is done?",
            "Nobody should begin {t} as vague as it is.",
        ],
        (Goal::HandIn, _) => &["{t} is done as far as I can see.", "That was {t}: {spent}."],
        (Goal::Rest, Doubt::Tired) => &[
            "I read the same line three times.",
            "My head is full after {focus} of focus.",
            "I know what I produce when I am this tired.",
            "It is {time} and I am slow.",
        ],
        (Goal::Rest, _) => match thought.choice() {
            Choice::Lunch => &[
                "I am hungry, and it is {time}.",
                "The others go to eat.",
                "{focus} done this morning.",
            ],
            _ => &[
                "I have been sitting for too long.",
                "A good place to stop for a moment.",
                "It is {time}; the screen begins to swim.",
                "My cup is empty.",
            ],
        },
        (Goal::Company, _) => &[
            "I have not spoken to {p} today.",
            "{p} would know what the others think.",
            "I wonder how {p} is.",
            "I want to hear how {p} sees the plan.",
        ],
        (Goal::Learn, Doubt::Idle) => &[
            "Nothing on the board is ready for me.",
            "All that is left waits for others.",
            "No work I could take on at {time}.",
        ],
        (Goal::Learn, _) => &[
            "I keep running into the same gap in what I know.",
            "There is something I want to understand properly.",
            "That talk somebody sent round is still open.",
        ],
        (Goal::Meet, Doubt::OwnWork) => &[
            "The meeting begins, in the middle of {t}.",
            "Just when {t} began to move.",
            "I note where I am with {t}.",
        ],
        (Goal::Meet, _) => &[
            "The meeting begins.",
            "It is {time}, they are waiting.",
            "I know what I want to say there.",
        ],
        (Goal::Lead, _) => &[
            "How does {p} get on with {t}?",
            "I have heard nothing of {t} for a while.",
            "{p} looks as if a word would help.",
        ],
        (Goal::Customers, _) => &[
            "The inbox is not empty.",
            "Three people have written since this morning.",
            "Somebody waits for an answer.",
        ],
        (Goal::Wait, _) => &[
            "{n} minutes until the next appointment.",
            "Too short to begin anything: {n} minutes.",
            "Nothing worth starting in {n} minutes.",
        ],
        (Goal::Career, _) => &[
            "Do I want to be here in a year?",
            "It used to be more fun than this.",
            "A friend has asked whether I would join them.",
            "I wonder what I am doing this for.",
        ],
        (Goal::None, _) => &["Nothing in particular."],
    }
}

/// What nearly was chosen instead.
fn against(choice: Choice) -> &'static [&'static str] {
    match choice {
        Choice::GoOn | Choice::Start => &[
            "I could just go on.",
            "Another block would move it.",
            "Going on would be the diligent thing.",
        ],
        Choice::TestMore => {
            &["A few more tests would not hurt.", "I have not tried the odd cases."]
        }
        Choice::HandIn => {
            &["I could hand it in as it is.", "The reviewer would find what is left."]
        }
        Choice::AskHelp => {
            &["I could ask.", "Somebody here will know.", "Asking would be quicker."]
        }
        Choice::TryAlone => &["I might find it alone.", "Another half hour and I have it, maybe."],
        Choice::Switch => &["There is other work in my hands."],
        Choice::Escalate => &["I should say so before somebody asks.", "The lead ought to know."],
        Choice::Help => &["It would only take a quarter of an hour."],
        Choice::Pair => &["Together it would go better."],
        Choice::Later => &["My own work could come first.", "It could wait until I am done."],
        Choice::ReviewLenient => &[
            "I could let it pass, it works.",
            "We like each other, and I am tired of finding things.",
        ],
        Choice::ReviewStrict => {
            &["I could go through every line.", "Last time I looked hard it paid."]
        }
        Choice::ReviewUsual => &["Once through would do."],
        Choice::Coffee => &["Coffee would be good now.", "I can smell the coffee."],
        Choice::Break => &["A break would do me good.", "I have not moved for a while."],
        Choice::Chat => {
            &["I would rather talk to somebody.", "I have not said a word for an hour."]
        }
        Choice::CheckIn => &["I should look how the others get on."],
        Choice::Learn => {
            &["I would like to read up on it.", "There is that thing I want to learn."]
        }
        Choice::Confide => &["I could tell my lead."],
        _ => &[""],
    }
}

/// What was chosen.
fn decision(thought: &Thought) -> &'static [&'static str] {
    match thought.choice() {
        Choice::GoOn if thought.doubt == Doubt::Over => &[
            "I push on: the end is in sight.",
            "One more block before I say anything.",
            "On with it; stopping now would cost more.",
        ],
        Choice::GoOn => &[
            "I go on.",
            "Better to go on than to switch.",
            "One more block.",
            "The task first.",
            "I stay with it.",
        ],
        Choice::Start => &["I take it.", "Starting.", "I begin with the part I understand least."],
        Choice::Stretch => &["I try.", "A chance to learn it.", "Somebody has to: I do it."],
        Choice::PutRight => &[
            "I put it right before I take on more.",
            "First this, then the rest.",
            "Fair enough. Fixing it.",
        ],
        Choice::TestMore => &[
            "I test it once more before anybody sees it.",
            "Not yet: I try the odd cases first.",
            "Another half hour of tests is cheaper than a bug.",
        ],
        Choice::HandIn => {
            &["I hand it in.", "Good enough: off it goes.", "Done is better than perfect."]
        }
        Choice::Redo => &["That part again, then.", "I do it over.", "Back to what they wanted."],
        Choice::AskHelp => {
            &["I ask {p}.", "{p} will know: I go over.", "I swallow my pride and ask {p}."]
        }
        Choice::TryAlone => &[
            "I try to find it myself.",
            "I go through it once more, step by step.",
            "Alone first. If that fails, I ask.",
        ],
        Choice::Switch => &["I turn to the other one.", "I let it rest and do what moves."],
        Choice::Escalate => {
            &["I tell {p} now.", "{p} has to know: I say it today.", "Better {p} hears it from me."]
        }
        Choice::Help => &["I help.", "I go over.", "A quarter of an hour for {p}."],
        Choice::Pair => {
            &["We do it together.", "Two at one desk, {p} and I.", "I sit down with {p}."]
        }
        Choice::Later => {
            &["First my own block, then {p}.", "{p} has to wait a little.", "I finish this first."]
        }
        Choice::ReviewLenient => &[
            "If it works, it may pass.",
            "I look at the main path only.",
            "I will not be petty today.",
        ],
        Choice::ReviewUsual => &["I read it once, properly.", "I review it now."],
        Choice::ReviewStrict => &[
            "I look hard at this one.",
            "Every line, and the empty case.",
            "Better I find it than a customer.",
        ],
        Choice::Coffee => &["Coffee.", "To the machine.", "Coffee first, then the rest."],
        Choice::Break => {
            &["Ten minutes away from the desk.", "A break is cheaper than a mistake.", "Some air."]
        }
        Choice::Lunch => &["Lunch.", "Time to eat.", "Off to lunch."],
        Choice::Chat => &["A short chat.", "I say hello to {p}.", "Five minutes with {p}."],
        Choice::CheckIn => &["I look in on {p}.", "I ask {p} what is in the way."],
        Choice::Learn => {
            &["I use the time to learn.", "Half an hour for that.", "I read up on what comes next."]
        }
        Choice::Answer => &["I answer them.", "First those who wrote."],
        Choice::Meet => &["I go.", "Off I go.", "I am there."],
        Choice::Wait => &["I tidy up my desk.", "I read the mail.", "I wait."],
        Choice::Confide => &["I talk to {p} about it.", "{p} should hear this from me."],
        Choice::LookAround => &["I look around a little.", "I will read what others offer."],
        Choice::Refine => &[
            "I find out before anybody starts.",
            "I write that down first.",
            "I look into it now.",
        ],
        Choice::None => &[""],
    }
}
