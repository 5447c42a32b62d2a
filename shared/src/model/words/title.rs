//! What tasks are called: patterns for each kind of work, filled from the vocabulary of the project.

use bincode::{Decode, Encode};

use crate::model::kind::TaskKind;
use crate::model::project::Project;
use crate::model::words::grammar::{Slot, tell};
use crate::model::words::vocabulary::{AREAS, PLATFORM};
use crate::model::work::Task;

/// What a task is called.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Title {
    Given(String),
    /// Made of a pattern for the kind of work and a part of the area.
    Made(u8, u8),
    /// Puts right what another task broke; 0 if nobody knows which. What is wrong and in which part.
    Fix(u32, u8),
    /// A fixed step of a phase.
    Step(u8),
}

/// Tasks in a row that belong to one area: an epic with its tests and documents. Our assumption.
const EPIC_TASKS: u32 = 6;

const STEPS: [&str; 36] = [
    "Write down the idea and who it is for",
    "Describe a day of <customers> without it",
    "Sketch how it could earn money",
    "List what would prove the idea wrong",
    "Talk to ten <customers>",
    "Size the market",
    "Look at what competitors do",
    "Test whether <customers> would pay",
    "Check that it can be built",
    "Draft the validation report",
    "Brief the advisory board",
    "Answer the board's questions on risk",
    "Agree on the first milestone",
    "Map the journeys of <customers>",
    "Draw the main screens",
    "Choose the architecture",
    "Model the data",
    "Review the design with <customers>",
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
    "Train the first <customers>",
    "Switch it on",
    "Say which market it is for",
    "Talk to ten more possible customers",
    "Build the riskiest part as a trial",
    "Choose one kind of customer to begin with",
    "Change the idea and write down why",
    "Look for what still breaks",
];

/// What can be wrong with a part of a product.
const FAULTS: [&str; 16] = [
    "stale data in <part>",
    "crash on empty input in <part>",
    "wrong totals in <part>",
    "lost update in <part>",
    "slow loading of <part>",
    "wrong sort order in <part>",
    "duplicate entries in <part>",
    "missing translation in <part>",
    "time zone error in <part>",
    "broken link in <part>",
    "blank page after saving <part>",
    "rounding error in <part>",
    "access without rights to <part>",
    "endless spinner in <part>",
    "cut-off text in <part>",
    "error on old data in <part>",
];

fn patterns(kind: TaskKind) -> &'static [&'static str] {
    match kind {
        TaskKind::Feature => &[
            "Build <part>",
            "Extend <part>",
            "Rework <part>",
            "First version of <part>",
            "Add filters to <part>",
            "Let users undo changes in <part>",
            "Show <part> on small screens",
            "Remember the last choice in <part>",
            "Add a history to <part>",
            "Make <part> work without a connection",
            "Open <part> to <customers>",
            "Let <customers> share <part>",
            "Connect <part> with <other>",
            "Put <part> on the start page",
            "Add comments to <part>",
            "Let <customers> change <part> in bulk",
        ],
        TaskKind::Bug => &FAULTS,
        TaskKind::Research => &[
            "Ask <customers> about <part>",
            "Measure the use of <part>",
            "Compare options for <part>",
            "Watch <customers> use <part>",
            "Find out why <customers> skip <part>",
            "Look at how others solve <part>",
            "Estimate what <part> would save",
        ],
        TaskKind::Design => &[
            "Design <part>",
            "Redraw <part>",
            "Simplify <part>",
            "Sketch <part> for the phone",
            "Try three layouts of <part>",
            "Write the texts of <part>",
            "Make <part> usable without a mouse",
            "Test a click dummy of <part>",
        ],
        TaskKind::Ops => &[
            "Automate <part>",
            "Monitor <part>",
            "Harden <part>",
            "Set alerts for <part>",
            "Measure the load on <part>",
            "Rehearse a failure of <part>",
            "Move <part> to the new servers",
        ],
        TaskKind::Test => &[
            "Test <part>",
            "Write checks for <part>",
            "Try to break <part>",
            "Test <part> with real data",
            "Test <part> together with <other>",
            "Automate the checks of <part>",
            "Test <part> under load",
        ],
        TaskKind::Docs => &[
            "Document <part>",
            "Write a guide to <part>",
            "Record a tutorial on <part>",
            "Bring the pages on <part> up to date",
            "Explain <part> to <customers>",
        ],
        TaskKind::Chore => &[
            "Clean up <part>",
            "Upgrade the libraries behind <part>",
            "Speed up <part>",
            "Remove dead code from <part>",
            "Split the module behind <part>",
            "Migrate the old data of <part>",
        ],
        TaskKind::Marketing => &[
            "Write a post about <part>",
            "Record a demo of <part>",
            "Run a campaign on <part>",
            "Show <part> at a fair",
            "Collect a customer story on <part>",
            "Mail <customers> about <part>",
        ],
        TaskKind::Sales => &[
            "Demo <part> to <customers>",
            "Prepare an offer around <part>",
            "Follow up <customers> who asked for <part>",
            "Answer a tender that names <part>",
            "Call <customers> who stopped using <part>",
        ],
        TaskKind::Support => &[
            "Answer questions about <part>",
            "Help <customers> set up <part>",
            "Collect complaints about <part>",
            "Walk a new customer through <part>",
            "Write standard answers on <part>",
        ],
        TaskKind::Finance => &[
            "Check the cost of <part>",
            "Budget for <part>",
            "Work out what <part> earns",
            "Compare suppliers for <part>",
        ],
    }
}

/// A step of a phase in words.
pub fn step_text(at: u8) -> &'static str {
    STEPS[usize::from(at) % STEPS.len()]
}

/// The part of an area that a title is about, if it names one.
pub fn part_of(title: &Title) -> Option<u8> {
    match title {
        Title::Made(_, part) => Some(*part),
        Title::Fix(_, at) => Some(at / FAULTS.len() as u8),
        Title::Step(_) | Title::Given(_) => None,
    }
}

/// The title of a task in words.
pub fn title_text(project: &Project, task: &Task) -> String {
    title_of(project, &task.title, task.kind, task.area)
}

/// The title of a task that may be forgotten by now.
pub fn title_of(project: &Project, title: &Title, kind: TaskKind, area: u8) -> String {
    let (pattern, number) = match title {
        Title::Given(text) => return text.clone(),
        Title::Step(at) => (STEPS[usize::from(*at) % STEPS.len()], *at),
        Title::Made(way, part) => {
            let ways = patterns(kind);
            (ways[usize::from(*way) % ways.len()], *part)
        }
        Title::Fix(from, at) => {
            let fault = FAULTS[usize::from(*at) % FAULTS.len()];
            let part = project.part_name(area, at / FAULTS.len() as u8);
            let fault = tell(fault, &[("part", Slot::Text(part))], 0);
            return match from {
                0 => format!("{fault}, found by a customer"),
                from => format!("{fault}, since #{from}"),
            };
        }
    };
    let customers = customers(project, number);
    let slots = [
        ("part", Slot::Text(project.part_name(area, number))),
        ("other", Slot::Text(project.part_name(area, number.wrapping_add(1)))),
        ("customers", Slot::Text(&customers)),
    ];
    tell(pattern, &slots, 0)
}

/// What a task is about, in a few words, within a sentence.
pub fn subject_text(project: &Project, task: &Task) -> String {
    let part = |at: u8| project.part_name(task.area, at).to_string();
    match &task.title {
        Title::Made(_, at) => part(*at),
        Title::Fix(_, at) => part(at / FAULTS.len() as u8),
        Title::Step(_) | Title::Given(_) => format!("“{}”", title_text(project, task)),
    }
}

/// Those the product is for, in a word or three.
pub(super) fn customers(project: &Project, number: u8) -> String {
    const WORDS_BYTES_MAX: usize = 28;
    let short: Vec<&String> = project
        .profile
        .target_customers
        .iter()
        .filter(|text| text.len() <= WORDS_BYTES_MAX && !text.trim().is_empty())
        .collect();
    match short.get(usize::from(number) % short.len().max(1)) {
        Some(text) => text.trim().to_string(),
        None => "customers".into(),
    }
}

impl Project {
    /// The title of new work and the area it belongs to. Work that is made up goes by epics, with
    /// what depends on it; what puts something right belongs where that something does.
    pub(in crate::model) fn name_task(
        &self,
        id: u32,
        title: Title,
        kind: TaskKind,
        depends_on: &[u32],
    ) -> (Title, u8) {
        let scattered = u64::from(id).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let epic = || {
            let start = u32::from(self.shard.0.0[0]);
            // 5 and the 11 areas beside the platform have no factor in common: each gets its turn.
            (1 + (id / EPIC_TASKS * 5 + start) % (u32::from(AREAS) - 1)) as u8
        };
        let area = match &title {
            Title::Given(text) => self.words.vocabulary.area_of(text, self.only_backlog),
            Title::Step(_) => PLATFORM,
            Title::Fix(from, _) => self.task(*from).map_or_else(epic, |task| task.area),
            Title::Made(..) => match depends_on.first().and_then(|&id| self.task(id)) {
                Some(task) => task.area,
                None if matches!(kind, TaskKind::Ops | TaskKind::Chore) && id.is_multiple_of(2) => {
                    PLATFORM
                }
                None => epic(),
            },
        };
        let title = match title {
            Title::Made(..) => Title::Made((scattered >> 48) as u8, (scattered >> 56) as u8),
            Title::Fix(from, _) => Title::Fix(from, (scattered >> 56) as u8),
            other => other,
        };
        (title, area)
    }

    /// What an area of the product is called.
    pub fn area_name(&self, area: u8) -> &'static str {
        self.words.vocabulary.area_name(area)
    }

    /// What a part of an area is called, with its article.
    pub fn part_name(&self, area: u8, part: u8) -> &'static str {
        self.words.vocabulary.part_name(area, part)
    }
}
