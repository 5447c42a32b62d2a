//! The phrases of talk: a template for each thing that can be said, chosen by the facts, the tone and
//! the voice of a note. Called by [`talk`](super::talk) when somebody looks.

use crate::model::phases as phase;
use crate::model::project::Project;
use crate::model::view::TaskState;
use crate::model::words::grammar::{Slot, tell};
use crate::model::words::matter::{asked, finding};
use crate::model::words::talk::{About, Note, seed};
use crate::model::words::title::{customers, subject_text, title_text};

/// A sentiment from which a note sounds it. Between, the words stay level. Our assumption.
pub const CLEAR: i16 = 2_000;

/// The names of the slots that every template may use.
#[cfg(test)]
pub const SLOTS: [&str; 29] = [
    "to",
    "hi",
    "soft",
    "bye",
    "task",
    "subject",
    "other",
    "area",
    "customers",
    "past",
    "waits",
    "reviewer",
    "n",
    "m",
    "feel",
    "ask",
    "done",
    "today",
    "blocks",
    "mood",
    "question",
    "answer",
    "finding",
    "more",
    "phase",
    "s",
    "o",
    "stuck",
    "free",
];

const FEEL_GOOD: &str = "{{I got a lot done|things went well|it all came together} {this morning|today|since yesterday|before noon}|{today|this week|lately} {it just flows|work is fun|everything works}|I {slept well|had a good walk|had a calm evening} and {the day is better for it|it shows}|I {like|enjoy} {how this is going|where this is heading|this week|the pace we have}|{good|nice} {day|week|morning} so far}";
const FEEL_LEVEL: &str = "{{half the {day|week}|the morning} {is gone|went by} {already|before I noticed}|it is one of those {days|weeks} with many small things|I {jump|switch} between {three|four|a few} things {today|this week}|{the day|my day} is {mostly|all} {meetings|mail}|{today|this week} is {neither one thing nor the other|about average}}";
const FEEL_BAD: &str = "{I am {running on empty|tired|worn out} {today|this week|since Monday|again}|this {week|day} is {hard|a slog|grim}|I {keep losing|lost} the thread {again|today|all morning}|I {am worried|worry} {that we take on too much|about the dates|how long we can keep this up}|{it drags|things drag} {today|this week}, {and I am tired|I am not sure why}}";

const ASK_TASK: &str = "{{how far are you with|how is it going with|are you still on|do you need a hand with|when do you expect to be through with} {<task>|<subject>}?|I {thought about|had an idea for|made a sketch of} <subject> {on the way here|last night|over breakfast|at lunch}.|<subject> came up {in a call|at lunch|in the kitchen} {today|yesterday|again}.|{what do <customers> say|what do you make of what they say} about <subject>?|{who else|who} {knows|looks after} <area> {besides you|when you are away}?}";
const ASK_ANY: &str = "{what are you up to {today|this week|now}?|lunch {tomorrow|today|on Thursday|one of these days}?|did you see {the new numbers|the board|what came in over night|the plan for the week}?|{anything|is there anything} I can take off you {today|this week|}?|how was {your weekend|your evening|the way here}?|{shall we|want to} {walk round the block|get some air|get a coffee} {later|at three|before the next meeting}?}";

const PAST_DONE: &str = "{yesterday I {finished|closed|wrapped up|got through with} <past>|<past> is {off my desk|off the board|through} since yesterday|last thing I did was to close <past>|through with <past>}.";
const PAST_SAME: &str = "{still the same:|not through yet:|it goes on:|no change:|}";
const TODAY: &str = "{{today|now} {I go on with|it is|I am on|I stay with} <task>|{next|first} for me {is|comes} <task>|my {aim|plan} {for today|} is {to get <task> to review|to move <task>|<task>}|<task> {is what I do|is my day|comes first} {today|}}{, {with <m:more thing/more things> after it|and <m:more/more> in hand}|}.";
const TODAY_ONE: &str = "{{today|now} {I go on with|it is|I am on|I stay with} <task>|{next|first} for me {is|comes} <task>|my {aim|plan} {for today|} is {to get <task> to review|to move <task>|<task>}|<task> {is what I do|is my day|comes first} {today|}|{only|just} <task> in my hands {today|}|I keep to <task> {today|until it is through}}.";
const STUCK: &str = "I am {stuck on|blocked on|stuck with} {<task>|<subject>} {and need|and could use|: I need|: I look for} {a second pair of eyes|somebody for {a quarter of an hour|ten minutes}|somebody who {knows|has touched} <area>}{{ today| after this| this morning|}.|.{ <n:thing/things> in hand, none of them moves.| I have tried the obvious things.|}}";
const FREE: &str = "{my hands are free|nothing in hand|I have room today|I am between tasks}: {I take the next thing that is ready|who wants help|whom can I help|I pick something from the board|I look what is next in <area>}{.| after this.| and read up until then.}";
const BLOCKS: &str = "{<waits> still {waits for|needs} {a review|somebody to read it}|{I wait for|still open:} the review of <waits>}{<reviewer>|}.";
const CLEARWAY: &str =
    "{nothing in the way|no blockers|nothing blocks me|I need nothing from anybody|}.";

const QUESTION: &str = "<hi> {{have you got|do you have} {ten minutes|a moment|a quarter of an hour}?|{quick|one} question:|you know {<area>|this part}:|before I {guess|build the wrong thing}:|can you help me out?} <question> {{I am on|it is for|this holds up} <task>.|{I have tried the obvious things.|I looked for an hour.|The notes do not say.|I cannot go on without it.}|}";
const ANSWER: &str = "<hi> {<soft>||about your question: |on <subject>: } <answer> {{you can go on|that clears the way|<task> can move|so <task> can go on} {now|}{, I hope|, that should help|. Glad it is solved|. Good that you asked}.|{we took|it took us} <n:minute/minutes>{, well spent|: worth it}.|{glad|happy} to help{, {it was fun|a good question}|}.} <bye>";

const PASSED: &str = "<hi> {{<task> is {fine|good|clean}|approved: <task>|<task> can go, good work|I like <task>}{: {small and clear|easy to read|well tested|solid}|. {Well done.|Nice work on <subject>.|I learned something, thanks.}|}|I read <task> {twice|in one go|line by line} and found nothing wrong{ in <subject>|}|{nothing to add|no remarks} on <task>: {good to go|well done|clean work}}. <bye>";
const FOUND: &str = "<hi> {<soft> {<task> is not {ready|done|there} yet, sorry|<task> comes back to you, sorry|something is wrong in <task>}: <finding><more>.|sorry, I found <n:thing/things> wrong in <task>: <finding><more>.|in <task> I {stumbled over|see a problem:|am worried about} <finding><more>.} {{the idea is right, the edges are not|the rest I can live with|please look once more|I can show you where}.|}";
const FOUND_BLUNT: &str = "<hi> {<task> is {wrong|not ready|not good enough|sloppy}: <finding><more>.|{no|not like this}: <finding><more> in <task>, that is {careless|a problem}.|<n:problem/problems> in <task>: <finding><more>.|<task> goes back, it is {wrong|not done}: <finding><more>.} {{did {we|you} test the empty case?|that would have hurt.|again.|read it yourself first.}|}";

const DECISION: &str = "{we {agreed|decided}|decision|as discussed|result of the meeting}: {{<m> in work {are|is} enough|<m> in work, those first}, <n> {wait|stay where they are}{. Finish before starting|. One thing at a time|}|<task> {comes first|is what we need next|is first in line}, {<n> others wait|the other <n> stay where they are}|{we looked at|we went through} {all <n>|the <n> that are open}{: <task> first, the rest in order|, and <task> stands first}}{.|, until we meet again.|. Objections today, please.}";
const ESCALATION: &str = "<hi> {<task> {stands at|has reached|is at} <n> % of its estimate{ and I am {worried|not done}|, that is a problem|: I am behind}|{bad news on|trouble with} <task>: <n> % of the estimate {is|are} spent{ and it is not done|}|I {said I would be through with|underestimated} <task>: {at <n> % of the estimate|with <n> % spent} {I am behind|I am not done|it is late}|{a warning|early warning}: <task> overruns, <n> % so far}. {{we should talk about what to {cut|leave out}|shall I {go on|cut <subject> down}|what can wait instead}?|I {need|could use} {a decision|a word on this}{ today| this week|}.|}";
const BACKING: &str = "<hi> {thank you for saying so|thanks for {telling me|the warning}|good that you {said it|say it early}}: {<task> {is worth it|may take what it takes}|take the time <subject> <s?needs/need>|leave out what <customers> can do without}{, {I stand by it|that is fine with me|no hurry}|}. {{you have my backing|we get it done together|better late and solid}.|I take the {date|estimate} on me.|Leave the {date|estimate} to me.}";

const DONE: &str = "{<task> is {done|finished|off the board, done}|{done|finished}: <task>|{good news: |}<task> {went through review|passed its review} and is done|<subject>: done, {with a review|reviewed and all}|{glad to say: |}<task> is done and {reviewed|read by a second pair of eyes}}.{ {On to the next|Glad it is out|Thanks to whoever read it|Nice one to finish|What is next?|One less}.|}";
const DONE_UNREAD: &str = "{<task> is {done|finished|off the board, done}, {nobody read it|without a review}|{done|finished}: <task>, unread|<subject>: done, {nobody had time to read it|as I see it}|I closed <task>, done as far as I can see}. {{{tell me|shout} if it {bites|looks odd}|keep an eye on <area>|glad it is out|on to the next}.|}";
const PHASE: &str = "{{that phase is|this part is} {over|done|finished}, {good work|well done}, {everybody|all}{.|!} {From {today|now} it is|Next is|Now comes} <phase>|{we have what we need|the list is done}: on to <phase>{. Good work, all|. Thanks, everybody|, and thanks for the good work}|{<phase> {starts|begins} {today|now}}. {{thanks to all of you|I am proud of you}, {the last part was|that was} {good|great|solid} work}}.";
const WELCOME: &str = "{hello|hi|good morning} {all|everybody|together}{,|!|:} {{first day for me|I am new here|my first day}{ and I am {glad|happy} to be here|, glad to join you|, happy to start}|{glad|happy} to {be here|join}}. {{where do I start|who shows me around|who wants to pair {with me|} {this week|tomorrow}|what should I read first|whom do I ask about <area>}?|{looking forward to|I would like to start with} <area>.}";
const FAREWELL: &str = "{{today is my last day|this is my last evening here|I am moving on|my time here ends today}. {{thank you|thanks} for {everything|the time|what I learned}, {though I am sad to go|it was hard to decide}|my notes on <area> are where you look first, {thanks|sorry} for the {gaps|rest}|{take care of|be good to} {the tests|<area>|each other}, {I leave with mixed feelings|it was time}}}.";
const MONEY: &str = "{the money {lasts|is there for} <n:more month/more months> {at what we spend|as things are}|<n:month/months> of money left|<n:month/months>: that is how long we can pay for all this}{, {I am worried|that is short|we have a problem}|: too short, and I worry}. {{we need income or less cost|please think about what we can do without|no new spending without asking me|talk to me if you have an idea}{.|, today rather than tomorrow.|, all of you.}}";
const CUSTOMERS_UP: &str = "{good {news|numbers}|nice|from the market}: {<n> {new|came} and <m> {lost|gone}, good|we won <n> and <m> went|won <n>, <m> {left|went}}{ since the last mail| so far|}. {{glad|great|happy} to see {it|that}|they like {<area>|what we do}|keep going, this works}{.|!}";
const CUSTOMERS_DOWN: &str = "{bad {news|numbers}|sorry to say|from the market, and it is not good}: {<m> {left|went} and only <n> came|we lost <m>, <n> came|<n> new, <m> lost}{ since the last mail| so far|}. {{I am worried|that is a problem|that hurt}{: {what do they miss in|is it} <area>?|. {Ideas, please|Let us look at <area>}.|.}}";
const TALK_LOW: &str = "<hi> {you {seem|sound} {tired|worn out}.|I have the feeling it is a lot {for you|just now}.|how are you, honestly?|you carry too much, it seems to me.} {{let us {look at|go over} what you carry|I would rather {lose a week than you|wait than wear you out}|we can move some of it}{, {today|this week}|}.|what would {make it easier|take weight off you}?} {leave {<area>|the rest} for {tomorrow|another day}.|}";
const TALK_WELL: &str = "<hi> {{good to {have|take} {an hour|half an hour} with you|thanks for {your time|the talk}|I {wanted|took the time} to hear {how you are|what you think}}. {you {do|are doing} well with <area>{.|, keep it up.}|I like how you handle <area>.|where do you want to be in a year?|what would you like to learn next?|what should we do better around <area>?|what holds you back?} {same time in some weeks.|}}";

/// What somebody is called in talk: as colleagues do, in full if that could be somebody else. In large
/// companies always in full.
pub(super) fn called(project: &Project, id: u32) -> String {
    const SHORT_NAMES_MAX: usize = 100;
    let short = project.short_name_of(id);
    let shared = project.people.len() > SHORT_NAMES_MAX
        || project.people.iter().any(|other| other.id != id && other.name.short() == short);
    if shared { project.name_of(id) } else { short }
}

/// The text of a note.
pub fn text(project: &Project, note: &Note) -> String {
    if let About::Chief(talk) = note.about {
        return crate::model::chief::talk::words(project, note, talk);
    }
    if let About::Business(talk) = note.about {
        return talk.words(project, note.seed(project) as u8);
    }
    let seed_of_words = note.seed(project);
    let named = |id: Option<u32>| match id {
        Some(id) => match project.task(id) {
            Some(task) => format!("“{}”", title_text(project, task)),
            None => format!("#{id}"),
        },
        None => String::new(),
    };
    let task = note.task.and_then(|id| project.task(id));
    let title = match note.task {
        Some(_) => named(note.task),
        None => "the backlog".into(),
    };
    let subject = task.map_or_else(|| title.clone(), |task| subject_text(project, task));
    let area = task.map_or((note.id % 12) as u8, |task| task.area);
    let other = project.part_name(area, (note.thread as u8).wrapping_add(1));
    let to = note.to.first().map(|id| called(project, id)).unwrap_or_default();
    let waits = note.waits.and_then(|id| project.task(id));
    let reviewer = waits
        .filter(|task| task.state == TaskState::Review)
        .and_then(|task| task.reviewer)
        .map(|id| format!(", {} has it", called(project, id)))
        .unwrap_or_default();
    let customers = customers(project, note.thread as u8);
    let mood = |good, level, bad| match note.sentiment {
        CLEAR.. => good,
        tone if tone <= -CLEAR => bad,
        _ => level,
    };
    let (n, m) = numbers(note.about);
    let kind = task.map(|task| task.kind);
    let (question, answer) = asked(kind, seed(project, note.thread));
    let (first, second) = finding(kind, seed_of_words);
    let more = match note.about {
        About::ReviewFound { defects: 2.. } => second,
        _ => "",
    };
    let next = match note.about {
        About::PhaseDone { next } => phase::word(next),
        _ => "",
    };
    let (past, waiting) = (named(note.past), named(note.waits));
    let named_area = format!("the {}", project.area_name(area));
    let stuck = matches!(note.about, About::StandUp { stuck: true, .. });
    let slots = [
        ("to", Slot::Text(&to)),
        ("hi", Slot::Way(if to.is_empty() { "" } else { note.voice.address() })),
        ("soft", Slot::Way(note.voice.hedge())),
        ("bye", Slot::Way(note.voice.close())),
        ("task", Slot::Text(&title)),
        ("subject", Slot::Text(&subject)),
        ("other", Slot::Text(other)),
        ("area", Slot::Text(&named_area)),
        ("s", Slot::Number(forms(&subject))),
        ("o", Slot::Number(forms(other))),
        ("customers", Slot::Text(&customers)),
        ("past", Slot::Text(&past)),
        ("waits", Slot::Text(&waiting)),
        ("reviewer", Slot::Text(&reviewer)),
        ("n", Slot::Number(n)),
        ("m", Slot::Number(m)),
        ("feel", Slot::Way(mood(FEEL_GOOD, FEEL_LEVEL, FEEL_BAD))),
        ("ask", Slot::Way(if task.is_some() { ASK_TASK } else { ASK_ANY })),
        ("done", Slot::Way(done(note, task.is_some_and(|task| task.spent > 0)))),
        ("today", Slot::Way(if m > 0 { TODAY } else { TODAY_ONE })),
        ("stuck", Slot::Way(STUCK)),
        ("free", Slot::Way(FREE)),
        (
            "blocks",
            Slot::Way(match note.waits {
                Some(_) => BLOCKS,
                None if stuck => "",
                None => CLEARWAY,
            }),
        ),
        (
            "mood",
            Slot::Way(mood(
                "{it {goes|works} well.|I like where it is going.|good pace, I am happy with it.|glad how it goes.}",
                "",
                "{I am behind.|it is slow going.|I am tired of it, to be honest.|it is hard.}",
            )),
        ),
        ("question", Slot::Way(question)),
        ("answer", Slot::Way(answer)),
        ("finding", Slot::Way(first)),
        ("more", Slot::Way(more)),
        ("phase", Slot::Text(next)),
    ];
    tell(template(note), &slots, seed_of_words)
}

/// Whether a noun takes the forms of one or of several.
fn forms(noun: &str) -> u64 {
    let several = noun.starts_with("the ") && noun.ends_with('s') && !noun.ends_with("ss");
    1 + u64::from(several)
}

fn done(note: &Note, begun: bool) -> &'static str {
    match note.past {
        Some(_) => PAST_DONE,
        None if begun => PAST_SAME,
        None => "",
    }
}

fn numbers(about: About) -> (u64, u64) {
    match about {
        About::StandUp { hand, .. } => (hand.into(), u64::from(hand).saturating_sub(1)),
        About::Answer { minutes } => (minutes.into(), 0),
        About::ReviewFound { defects } => (defects.into(), 0),
        About::Decision { open, doing } => (open.into(), doing.into()),
        About::Escalation { percent } | About::Backing { percent } => (percent.into(), 0),
        About::Money { months } => (months.into(), 0),
        About::Customers { won, lost } => (won.into(), lost.into()),
        About::Work(talk) => talk.numbers(),
        _ => (0, 0),
    }
}

/// What is said, by the facts.
fn template(note: &Note) -> &'static str {
    match note.about {
        About::Chat { .. } => match (note.voice.terse(), note.sentiment.abs() >= CLEAR) {
            (true, true) => "<hi> {<feel>. <ask>|<ask> <feel>.|<feel>.}",
            (true, false) => "<hi> {<ask>|<feel>. <ask>}",
            _ => "<hi> {<feel>. <ask>|<ask> {as for me,|by the way,|for my part,|} <feel>.} <bye>",
        },
        About::StandUp { stuck: true, .. } => "{<done>|} <stuck> <blocks>",
        About::StandUp { hand: 0, .. } => "<done> <free> <blocks> <mood>",
        About::StandUp { .. } => "<done> <today> <blocks> <mood>",
        About::Question => QUESTION,
        About::Answer { .. } => ANSWER,
        About::ReviewPassed => PASSED,
        About::ReviewFound { .. } if note.voice.blunt() => FOUND_BLUNT,
        About::ReviewFound { .. } => FOUND,
        About::Decision { .. } => DECISION,
        About::Escalation { .. } => ESCALATION,
        About::Backing { .. } => BACKING,
        About::Finished { reviewed: true } => DONE,
        About::Finished { reviewed: false } => DONE_UNREAD,
        About::PhaseDone { .. } => PHASE,
        About::Welcome => WELCOME,
        About::Farewell => FAREWELL,
        About::Money { .. } => MONEY,
        About::Customers { .. } if note.sentiment >= 0 => CUSTOMERS_UP,
        About::Customers { .. } => CUSTOMERS_DOWN,
        // Business has its own words.
        About::Business(_) => "",
        About::OneToOne { morale, exhaustion } if morale < 5_500 || exhaustion > 4_000 => TALK_LOW,
        About::OneToOne { .. } => TALK_WELL,
        About::Work(talk) => talk.template(),
        // Has words of its own.
        About::Chief(_) => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::words::grammar::{fault, ways};

    #[test]
    fn every_phrase_is_a_sound_template_with_many_ways() {
        let all = [
            FEEL_GOOD,
            FEEL_LEVEL,
            FEEL_BAD,
            ASK_TASK,
            ASK_ANY,
            PAST_DONE,
            PAST_SAME,
            TODAY,
            TODAY_ONE,
            STUCK,
            FREE,
            BLOCKS,
            CLEARWAY,
            QUESTION,
            ANSWER,
            PASSED,
            FOUND,
            FOUND_BLUNT,
            DECISION,
            ESCALATION,
            BACKING,
            DONE,
            DONE_UNREAD,
            PHASE,
            WELCOME,
            FAREWELL,
            MONEY,
            CUSTOMERS_UP,
            CUSTOMERS_DOWN,
            TALK_LOW,
            TALK_WELL,
        ];
        let of_work = crate::model::work::talk::TEMPLATES;
        for template in all.into_iter().chain(of_work) {
            assert_eq!(fault(template, &SLOTS), None);
            assert!(ways(template, &[]) >= 4, "{template}");
        }
    }
}
