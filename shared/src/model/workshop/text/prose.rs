//! Sections of documents, and entries of what watches the product at work.

use crate::model::workshop::repository::Area;

/// A heading and what is below it.
pub type Section = (&'static str, &'static str);

/// A section as it is laid out; the list below it grows like tests do.
pub const SECTION: &str = "
## {heading}

n|{sentence}
e|**In short.** {sentence}
1|
1|{first}
2|{second}
";

/// What explains a section.
pub const NOTE: &str = "d|\nd|> {note}\n";

/// Lines of the list of a section.
pub const POINTS: [&str; 3] = [
    "- {W1}: {n} looked at, {L} at most.",
    "- {W1} again after the next release.",
    "- Ask in the project before changing {w1} of {subject}.",
];

/// Words that renaming goes through.
pub const TERMS: [&str; 4] = ["case", "example", "point", "situation"];

/// The sections of an area.
pub fn sections(area: Area) -> &'static [Section; 8] {
    match area {
        Area::Source | Area::Guide => &GUIDE,
        Area::Research => &RESEARCH,
        Area::Decision => &DECISION,
        Area::Operations => &WATCH,
        Area::Site => &SITE,
        Area::Help => &HELP,
        Area::Plan => &PLAN,
    }
}

/// What is added to a section, once, twice, and as a note.
pub fn additions(area: Area) -> [&'static str; 3] {
    match area {
        Area::Source | Area::Guide | Area::Help => [
            "If there is nothing to show yet, the page says so and offers the first step.",
            "Whoever lacks the right to see {subject} is told whom to ask.",
            "This was unclear before: it came up in support.",
        ],
        Area::Research => [
            "This holds for small teams; larger ones were not asked.",
            "Two answers did not fit and are listed with the others.",
            "Few people were asked: read it as a hint, not as a number.",
        ],
        Area::Decision | Area::Operations => [
            "It can be taken back within a week without losing data.",
            "What exists already moves over step by step.",
            "Written down because it was asked twice.",
        ],
        Area::Site | Area::Plan => [
            "The numbers are those of the last month.",
            "Nothing is promised here that is not there today.",
            "Agreed with support before it went out.",
        ],
    }
}

const GUIDE: [Section; 8] = [
    (
        "What it is for",
        "With {subject} a team sees at once what has changed and what waits for it.",
    ),
    (
        "The first steps",
        "Open {subject} from the menu, choose what matters, and save it as your own view.",
    ),
    (
        "Every day",
        "Most people come to {subject} twice a day; the list begins with what is new since then.",
    ),
    ("Limits", "{Subject} takes {L} entries at a time; more are shown page by page."),
    (
        "When something goes wrong",
        "An entry that could not be saved stays marked until it is sent again.",
    ),
    (
        "For administrators",
        "Rights on {subject} follow the roles of the team and can be narrowed for each project.",
    ),
    ("Moving data", "Everything in {subject} can be taken out as a file and brought in again."),
    ("Questions people ask", "Old entries of {subject} are kept for {M} days and then put away."),
];

const RESEARCH: [Section; 8] = [
    ("Question", "What do people need from {subject}, and what would they stop doing for it?"),
    (
        "Who was asked",
        "{n} people who do this work every week, found through customers and friends.",
    ),
    ("What they said", "Most of them work around {subject} today with a table of their own."),
    ("What they do", "Watched at work, they look for {subject} about {L} times a week."),
    ("Numbers", "Of every hundred visits to {subject}, {L} end without what the visitor came for."),
    (
        "What surprised us",
        "Nobody asked for more settings in {subject}; they asked for fewer steps.",
    ),
    (
        "Conclusion",
        "{Subject} is worth a first version with the three steps that all of them take.",
    ),
    ("What to ask next", "Whether people would pay for {subject} alone is still open."),
];

const DECISION: [Section; 8] = [
    ("Context", "We need to settle how {subject} works before more is built on it."),
    (
        "Decision",
        "{Subject} is kept in one place and read by everybody else through one interface.",
    ),
    (
        "Options",
        "A service of its own, a part of the product, or something bought: we looked at all three.",
    ),
    (
        "Consequences",
        "Changes to {subject} touch one module; reports on it are up to {n} minutes behind.",
    ),
    ("What it costs", "About {L} hours once, and a look at it every quarter."),
    ("Risks", "If {subject} grows a hundredfold the present shape no longer holds."),
    ("How we will know", "Fewer questions about {subject} in support, and no slower pages."),
    ("Review", "To be looked at again when the next phase begins."),
];

const WATCH: [Section; 8] = [
    ("latency", "p95_ms"),
    ("errors", "errors_per_minute"),
    ("queue", "waiting_jobs"),
    ("memory", "memory_mb"),
    ("disk", "disk_percent"),
    ("restarts", "restarts_per_hour"),
    ("logins", "failed_logins_per_minute"),
    ("backlog", "minutes_behind"),
];

const SITE: [Section; 8] = [
    (
        "The day before",
        "Without {subject} the morning begins with looking for what happened overnight.",
    ),
    ("The day after", "With {subject} it is on one page, in the order in which it matters."),
    (
        "How it works",
        "Three steps: connect what you have, choose what you want to see, invite the team.",
    ),
    (
        "Who uses it",
        "Teams of {n} to {M} people, most of them without anybody to set it up for them.",
    ),
    ("What it costs", "One price for each team, all of {subject} included."),
    ("What people say", "\"I stopped keeping my own list in the second week.\""),
    ("Safe by default", "{Subject} shows people what they may see and nothing else."),
    ("Try it", "It takes {n} minutes, and what you enter stays yours."),
];

const HELP: [Section; 8] = [
    ("I cannot find an entry", "Entries in {subject} that were put away are under *Older*."),
    ("It is slow", "{Subject} loads {L} entries first; a narrower view loads faster."),
    (
        "The numbers differ",
        "Reports are made every {n} minutes; {subject} itself is always up to date.",
    ),
    ("I changed it by mistake", "*Undo* at the top brings back the last change for {n} minutes."),
    ("Somebody else sees more", "What a person sees in {subject} follows their role."),
    ("It says try again", "The connection broke. Nothing was saved twice; send it again."),
    ("How do I leave", "Everything in {subject} can be taken out as a file before you go."),
    ("Whom can I ask", "Write to support with the number shown below the message."),
];

const PLAN: [Section; 8] = [
    ("Aim", "{Subject} should pay for itself within {n} months."),
    ("What it costs", "{L} hours of work and the place it runs on."),
    ("What it brings", "Customers who use {subject} stay longer and ask less."),
    ("The offer", "{Subject} is part of every plan; help with moving data is offered apart."),
    ("Who decides", "Whoever leads the team that will use {subject}, and whoever pays for it."),
    ("Next step", "Show {subject} with the customer's own data, {n} minutes at most."),
    (
        "What speaks against it",
        "Some already have something like {subject} and would have to move.",
    ),
    ("Review", "Compared with what really came in at the end of the quarter."),
];

/// One thing that is watched, as an entry of a list in YAML.
pub const ALERT: &str = "  - name: {slug}-{heading}
    when: \"{sentence} > {L}\"
n|    for: 10m
e|    window: 10m
e|    share: 0.9
1|    page: true
2|    quiet_hours: \"22:00-07:00\"
    tell: {team}
d|    why: seen before it hurt customers
    steps:
";

/// What to do when it happens.
pub const STEPS: [&str; 3] = [
    "      - look at the last {n} minutes on the dashboard",
    "      - restart one replica and wait",
    "      - tell support what customers will notice",
];

/// Who is told.
pub const TEAMS: [&str; 4] = ["operations", "engineering", "on-call", "everybody"];
