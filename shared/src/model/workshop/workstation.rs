//! Workstations: what each person's machine is busy with, from what the person does.
//!
//! Nothing of it is kept. All numbers are our assumption: what developers' machines of 16 to 64 GB
//! show for an editor with a language server, a build and a video call.

use crate::model::kind::{Activity, Department, Role};
use crate::model::project::Project;
use crate::model::view::{ProcessView, WorkstationView};
use crate::model::workshop::repository::{Op, mix};
use crate::model::workshop::text::{Context, Language};

/// Minutes between two builds while somebody codes.
const BUILD_EVERY: u64 = 9;
/// Open files that are shown.
const OPEN_MAX: usize = 8;

/// What runs besides everything else: name, processor in basis points, MB.
const ALWAYS: [(&str, u64, u64); 2] = [("desktop", 120, 900), ("mail", 20, 260)];

struct Load {
    processes: Vec<(&'static str, u64, u64)>,
    /// Kilobits a second, in and out.
    network: (u64, u64),
    files: Vec<String>,
}

/// The machine of a person; none of somebody who is not here.
pub fn workstation(project: &Project, person: usize) -> Option<WorkstationView> {
    view(&Context::of(project), person)
}

/// The same, where the names of files are at hand.
pub(in crate::model) fn view(context: &Context<'_>, at: usize) -> Option<WorkstationView> {
    let project = context.project;
    let person = project.people.get(at)?;
    let codes = matches!(person.role.department(), Department::Engineering | Department::Quality);
    let total: u64 = if codes { 32_768 } else { 16_384 };
    let minute = project.tick.saturating_sub(person.since);
    let mut load = Load { processes: ALWAYS.to_vec(), network: (40, 15), files: Vec::new() };
    match person.activity {
        Activity::Away => {
            // The machine is off.
            return Some(WorkstationView {
                memory_total_mb: total as u32,
                ..WorkstationView::default()
            });
        }
        Activity::Working | Activity::Pairing => work(context, at, codes, minute, &mut load),
        Activity::Review => review(context, at, &mut load),
        Activity::Helping => {
            load.processes.extend([("screen sharing", 900, 480), ("editor", 300, 1_100)]);
            load.network = (1_800, 2_400);
        }
        Activity::Meeting | Activity::StandUp => {
            load.processes.extend([("video call", 1_900, 1_250), ("browser", 150, 1_400)]);
            load.network = (2_600, 1_900);
            load.files.push("notes.md".into());
        }
        Activity::Learning => {
            load.processes.extend([("browser", 700, 2_100), ("video", 500, 420)]);
            load.network = (4_200, 120);
            load.files.push("https://docs.example/".into());
        }
        Activity::Refining => {
            load.processes.extend([("board", 240, 700), ("browser", 260, 1_500)]);
            load.network = (320, 110);
        }
        Activity::Chat | Activity::Asking => {
            load.processes.extend([("chat", 180, 520), ("browser", 80, 1_300)]);
            load.network = (180, 60);
        }
        // The screen is locked; what is open stays open.
        Activity::Coffee | Activity::Break | Activity::Lunch | Activity::Idle => {
            load.processes.extend([("screen lock", 15, 90), ("browser", 40, 1_200)]);
            if codes {
                load.processes.push(("editor", 30, 1_000));
            }
        }
    }
    Some(shown(load, total, mix(project.tick, person.id.into())))
}

fn work(context: &Context<'_>, at: usize, codes: bool, minute: u64, load: &mut Load) {
    let project = context.project;
    let person = &project.people[at];
    let repository = &project.workshop.repository;
    let branch = person.task.and_then(|task| repository.branch_at(task).ok());
    let file = branch.map(|at| &repository.branches[at]);
    if let Some(branch) = file {
        load.files.push(context.path(usize::from(branch.file)));
    }
    if !codes {
        let tool = match person.role {
            Role::Designer => ("design tool", 1_400, 2_600),
            Role::Finance | Role::Manager | Role::Founder => ("spreadsheet", 350, 900),
            Role::Sales | Role::Support => ("customer desk", 260, 700),
            _ => ("writing", 220, 600),
        };
        load.processes.extend([tool, ("browser", 420, 1_900)]);
        load.network = (520, 140);
        return;
    }
    let (server, builder, memory) = match context.language {
        Language::Rust => ("rust-analyzer", "rustc", 2_600),
        Language::Python => ("pyright", "pytest", 700),
        Language::TypeScript => ("tsserver", "tsc", 1_300),
    };
    // A language server holds what it has read.
    let held = memory + u64::from(repository.units) * 2;
    load.processes.extend([("editor", 450, 1_300), (server, 500, held), ("browser", 160, 1_700)]);
    load.network = (260, 70);
    // People build every few minutes, and after somebody sent work back at once.
    let rework = person.task.and_then(|task| project.task(task)).is_some_and(|t| t.rework > 0);
    let phase = mix(u64::from(person.id), person.since) % BUILD_EVERY;
    if (minute + phase).is_multiple_of(BUILD_EVERY) || rework && minute < 3 {
        load.processes.push((builder, 6_800, 1_900));
        load.files
            .push(if context.language == Language::Rust { "target/" } else { "dist/" }.into());
    }
    if file.is_some_and(|branch| matches!(branch.next.op, Op::Test | Op::Fix)) {
        load.processes.push(("test runner", 900, 350));
    }
}

fn review(context: &Context<'_>, at: usize, load: &mut Load) {
    let project = context.project;
    let repository = &project.workshop.repository;
    let task = project.people[at].task;
    if let Some(branch) = task.and_then(|task| repository.branch_at(task).ok()) {
        load.files.push(context.path(usize::from(repository.branches[branch].file)));
    }
    load.processes.extend([("browser", 640, 2_200), ("editor", 180, 1_100), ("git", 40, 60)]);
    load.network = (900, 110);
}

fn shown(load: Load, total: u64, drawn: u64) -> WorkstationView {
    let mut processes: Vec<ProcessView> = load
        .processes
        .iter()
        .enumerate()
        .map(|(nth, &(name, cpu, memory))| {
            // Each is a little above or below what is usual for it.
            let around = 90 + (drawn >> (nth * 5)) % 21;
            ProcessView {
                name: name.into(),
                cpu: (cpu * around / 100).min(9_500) as u16,
                memory_mb: (memory * around / 100) as u32,
            }
        })
        .collect();
    processes.sort_by_key(|process| std::cmp::Reverse(process.cpu));
    let cpu: u32 = processes.iter().map(|process| u32::from(process.cpu)).sum();
    let system = 2_200;
    let memory: u64 =
        processes.iter().map(|process| u64::from(process.memory_mb)).sum::<u64>() + system;
    let around = 80 + drawn % 41;
    WorkstationView {
        cpu: cpu.min(10_000) as u16,
        memory_mb: memory.min(total) as u32,
        memory_total_mb: total as u32,
        received_kbps: (load.network.0 * around / 100) as u32,
        sent_kbps: (load.network.1 * around / 100) as u32,
        open_files: load.files.into_iter().take(OPEN_MAX).collect(),
        processes,
    }
}
