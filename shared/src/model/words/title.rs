//! What tasks are called.

use crate::model::kind::TaskKind;

use bincode::{Decode, Encode};

/// What a task is called.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Title {
    Given(String),
    /// Made of a list for the kind of work: verb and subject.
    Made(u8, u8),
    /// Puts right what another task broke; 0 if nobody knows which.
    Fix(u32, u8),
    /// A fixed step of a phase.
    Step(u8),
}

const SUBJECTS: [&str; 32] = [
    "sign-up",
    "billing",
    "search",
    "the dashboard",
    "notifications",
    "the import",
    "the export",
    "permissions",
    "the audit trail",
    "onboarding",
    "the settings page",
    "the mobile view",
    "reporting",
    "the calendar",
    "attachments",
    "the public API",
    "webhooks",
    "single sign-on",
    "invoices",
    "the activity feed",
    "comments",
    "teams and roles",
    "offline mode",
    "the data model",
    "caching",
    "the queue worker",
    "rate limits",
    "backups",
    "translations",
    "the price page",
    "usage statistics",
    "the admin console",
];

const STEPS: [&str; 30] = [
    "Write down the idea and who it is for",
    "Describe the customer's day without it",
    "Sketch how it could earn money",
    "List what would prove the idea wrong",
    "Talk to ten possible customers",
    "Size the market",
    "Look at what competitors do",
    "Test whether people would pay",
    "Check that it can be built",
    "Draft the validation report",
    "Brief the advisory board",
    "Answer the board's questions on risk",
    "Agree on the first milestone",
    "Map the user journeys",
    "Draw the main screens",
    "Choose the architecture",
    "Model the data",
    "Review the design with customers",
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
    "Train the first customers",
    "Switch it on",
];

/// A part of the product, by a number that may be larger than the list: its place and its name.
pub fn subject(at: u8) -> (u8, &'static str) {
    let place = usize::from(at) % SUBJECTS.len();
    (place as u8, SUBJECTS[place])
}

/// The title in words.
pub fn title_text(title: &Title, kind: TaskKind) -> String {
    let subject = |at: u8| SUBJECTS[usize::from(at) % SUBJECTS.len()];
    match title {
        Title::Given(text) => text.clone(),
        Title::Step(at) => STEPS[usize::from(*at) % STEPS.len()].to_string(),
        Title::Fix(0, at) => format!("Fix a fault in {} a customer found", subject(*at)),
        Title::Fix(task, at) => format!("Fix {} after #{task}", subject(*at)),
        Title::Made(verb, at) => {
            let verbs: &[&str] = match kind {
                TaskKind::Feature => {
                    &["Build", "Extend", "Rework", "Add filters to", "Let users undo in"]
                }
                TaskKind::Bug => &["Fix", "Track down the fault in", "Stop the crash in"],
                TaskKind::Research => {
                    &["Ask users about", "Measure the use of", "Compare options for"]
                }
                TaskKind::Design => &["Design", "Redraw", "Simplify"],
                TaskKind::Ops => &["Automate", "Monitor", "Harden the deployment of"],
                TaskKind::Test => &["Test", "Write checks for", "Try to break"],
                TaskKind::Docs => &["Document", "Write a guide to"],
                TaskKind::Chore => &["Clean up", "Upgrade the libraries of", "Speed up"],
                TaskKind::Marketing => {
                    &["Write a post about", "Record a demo of", "Run a campaign on"]
                }
                TaskKind::Sales => {
                    &["Demo", "Prepare an offer around", "Follow up leads asking for"]
                }
                TaskKind::Support => &["Answer questions about", "Help a customer with"],
                TaskKind::Finance => &["Check the cost of", "Budget for"],
            };
            format!("{} {}", verbs[usize::from(*verb) % verbs.len()], subject(*at))
        }
    }
}
