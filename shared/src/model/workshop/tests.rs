//! How repositories grow, and whether what is in them is sound.

use crate::engine::genesis::Genesis;
use crate::engine::model::{Flow, Founding, Model, Step};
use crate::id::{Hash, ShardId};
use crate::model::companies::{Companies, NAME, RULES, State, decode_event};
use crate::model::kind::{Role, Seniority};
use crate::model::picture::picture;
use crate::model::project::{DAY, Project};
use crate::model::spec::{Founding as Body, ProjectSpec, TaskSpec, TeamSpec};
use crate::model::view::{Event, PersonView, Phase};
use crate::model::workshop::read::{Query, answer};
use crate::model::workshop::repository::{Area, File, Op, Shape, Unit};
use crate::model::workshop::subject::Subject;
use crate::model::workshop::text::{Context, Language};
use crate::model::workshop::tree::{History, Tree, changed};
use crate::model::workshop::{Failure, diff, export, file_text};

fn group(role: Role, count: u32) -> TeamSpec {
    TeamSpec { count, ..TeamSpec::one(role, Seniority::Mid) }
}

fn company(name: &str) -> ProjectSpec {
    let team = vec![
        group(Role::Founder, 1),
        group(Role::Product, 1),
        group(Role::Designer, 1),
        group(Role::Engineer, 8),
        group(Role::Tester, 2),
        group(Role::Operations, 1),
        group(Role::Support, 1),
    ];
    ProjectSpec {
        industry: "Logistics".into(),
        description: "Says when the \"parcel\" comes.".into(),
        phase: Phase::Build,
        scope: 200,
        cash_cents: 10_000_000_000,
        backlog: vec![TaskSpec::new("Import: 2FA <for> admins")],
        ..ProjectSpec::new(name, team)
    }
}

/// A company after so many epochs of an hour, and its events if they are asked for.
fn lived(spec: ProjectSpec, epochs: u64, record: bool) -> (Project, Vec<Event>) {
    let genesis = Genesis::new("test", NAME, RULES, 7);
    let shard = ShardId(Hash([9; 32]));
    let body = Body::Project(Box::new(spec)).to_body();
    let founding = Founding { genesis: &genesis, rules: RULES, shard, epoch: 0, body: &body };
    let mut state = Companies.found(&founding).expect("the spec is good");
    let mut events = Vec::new();
    for epoch in 0..epochs {
        let mut step = Step::new(&genesis, RULES, shard, epoch, &[], &[], record);
        let flow = Companies.step(&mut state, &mut step).expect("there is fuel enough");
        events.extend(step.events().iter().map(|event| decode_event(event).expect("an event")));
        if flow == Flow::Ended {
            break;
        }
    }
    match state {
        State::Project(project) => (*project, events),
        State::Market(_) => unreachable!("a project was founded"),
    }
}

fn days(days: u64) -> Project {
    lived(company("Parcel Watch"), days * DAY / 60, false).0
}

/// A project whose repository has every kind of function in every shape, under many subjects.
fn all_there_is(industry: &str) -> Project {
    let mut project =
        lived(ProjectSpec { industry: industry.into(), ..company("Every Thing") }, 1, false).0;
    let mut files = Vec::new();
    let words = ["import", "type", "v2fa-admins", "some-none", "n-c-d", "lambda", "class"];
    let subjects = (0..32)
        .map(|at| Subject::Part(at / 3, at))
        .chain((0..4).map(Subject::Step))
        .chain(words.map(|words| Subject::Words(words.into())));
    for (at, subject) in subjects.enumerate() {
        let base = (0..14u8)
            .map(|id| Unit {
                id,
                seed: (at * 14) as u8 ^ id.wrapping_mul(37),
                shape: shape(at, id),
            })
            .collect();
        files.push(File { area: Area::Source, subject, next: 14, base });
    }
    let others =
        [Area::Guide, Area::Research, Area::Decision, Area::Operations, Area::Site, Area::Help];
    for (at, area) in others.into_iter().enumerate() {
        let base = (0..8u8)
            .map(|id| Unit { id, seed: id.wrapping_mul(91), shape: shape(at, id) })
            .collect();
        files.push(File { area, subject: Subject::Part(at as u8, 1), next: 8, base });
    }
    project.workshop.repository.units = files.iter().map(|file| u16::from(file.next)).sum();
    project.workshop.repository.files = files;
    project.workshop.repository.branches.clear();
    project.workshop.repository.commits.clear();
    project.check().expect("a sound state");
    project
}

fn shape(at: usize, id: u8) -> Shape {
    let mut shape = Shape::default();
    shape.apply(Op::Add);
    let ops = [Op::Fix, Op::Refactor, Op::Rename, Op::Explain, Op::Tune, Op::Test];
    for nth in 0..(at + usize::from(id)) % 9 {
        shape.apply(ops[(at * 5 + usize::from(id) * 3 + nth) % ops.len()]);
    }
    shape
}

fn written(project: &Project) -> Vec<(String, String)> {
    let context = Context::of(project);
    Tree::base(&project.workshop.repository).all(&context)
}

/// A folder that is gone when the test is over.
struct Folder(std::path::PathBuf);

#[allow(clippy::disallowed_methods, reason = "compilers read their input from a disk")]
impl Folder {
    fn with(name: &str, files: &[(String, String)]) -> Folder {
        let folder = std::env::temp_dir().join(format!("zeromesh-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        for (path, text) in files {
            let path = folder.join(path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("room on the disk");
            std::fs::write(path, text).expect("room on the disk");
        }
        Folder(folder)
    }

    /// Whether a command was good in here, and what it said. None if there is no such command.
    #[allow(clippy::disallowed_types, reason = "compilers are processes")]
    fn run(&self, command: &str, args: &[&str]) -> Option<(bool, String)> {
        let done = std::process::Command::new(command).args(args).current_dir(&self.0).output();
        match done {
            Ok(done) => {
                let said = [done.stdout, done.stderr].concat();
                Some((done.status.success(), String::from_utf8_lossy(&said).into_owned()))
            }
            Err(_) => None,
        }
    }
}

#[allow(clippy::disallowed_methods, reason = "what a test wrote it takes away")]
impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn rust_in_a_repository_compiles_and_its_tests_pass() {
    let project = all_there_is("Logistics");
    let files = written(&project);
    assert!(files.iter().any(|(path, _)| path == "src/type_part.rs"));
    let folder = Folder::with("rust", &files);
    let args = ["--edition", "2024", "--test", "src/lib.rs", "-o", "tests"];
    let Some((good, said)) = folder.run("rustc", &args) else {
        return println!("skipped: there is no rustc here");
    };
    assert!(good, "{said}");
    assert!(!said.contains("warning"), "{said}");
    let run = folder.0.join("tests");
    let (good, said) = folder.run(&run.to_string_lossy(), &[]).expect("it was just built");
    assert!(good, "{said}");
}

#[test]
fn python_in_a_repository_compiles_and_its_tests_pass() {
    let project = all_there_is("Health data");
    let files = written(&project);
    assert!(files.iter().any(|(path, _)| path == "every_thing/type_part.py"));
    let folder = Folder::with("python", &files);
    let all = "import glob, importlib.util, py_compile, sys\n\
               sys.path.insert(0, '.')\n\
               for path in glob.glob('**/*.py', recursive=True):\n\
               \x20   py_compile.compile(path, doraise=True)\n\
               for path in sorted(glob.glob('tests/*.py')):\n\
               \x20   spec = importlib.util.spec_from_file_location('t', path)\n\
               \x20   module = importlib.util.module_from_spec(spec)\n\
               \x20   spec.loader.exec_module(module)\n\
               \x20   for name in dir(module):\n\
               \x20       if name.startswith('test_'):\n\
               \x20           getattr(module, name)()\n";
    match folder.run("python3", &["-c", all]) {
        Some((good, said)) => assert!(good, "{said}"),
        None => println!("skipped: there is no python3 here"),
    }
}

#[test]
fn typescript_in_a_repository_is_balanced_and_imports_what_is_there() {
    let project = all_there_is("Web design");
    let files = written(&project);
    assert!(files.iter().any(|(path, _)| path == "src/type_part.ts"));
    for (path, text) in files.iter().filter(|(path, _)| path.ends_with(".ts")) {
        let mut open = Vec::new();
        for (nth, line) in text.lines().enumerate() {
            for c in line.chars() {
                match c {
                    '(' | '[' | '{' => open.push(c),
                    ')' | ']' | '}' => {
                        let was = open.pop();
                        let fits = matches!(
                            (was, c),
                            (Some('('), ')') | (Some('['), ']') | (Some('{'), '}')
                        );
                        assert!(fits, "{path}:{}: {line}", nth + 1);
                    }
                    _ => {}
                }
            }
        }
        assert!(open.is_empty(), "{path}");
        let Some(module) = path.strip_prefix("test/").and_then(|p| p.strip_suffix(".test.ts"))
        else {
            continue;
        };
        let source = format!("src/{module}.ts");
        let (_, source) = files.iter().find(|(path, _)| *path == source).expect("what is tested");
        let imports = text.split_once("import {\n").and_then(|(_, rest)| rest.split_once("\n}"));
        for name in imports.expect("imports").0.lines() {
            let name = name.trim().trim_end_matches(',').trim_start_matches("type ");
            let declared = [format!("function {name}("), format!("interface {name} ")];
            assert!(declared.iter().any(|words| source.contains(words)), "{name} in {path}");
        }
    }
}

#[test]
fn documents_and_lists_have_no_holes_in_them() {
    for industry in ["Logistics", "Health data", "Web design"] {
        for (path, text) in written(&all_there_is(industry)) {
            assert!(text.ends_with('\n'), "{path}");
            assert!(!text.contains("\n\n\n\n"), "{path}: {text}");
            assert!(text.lines().all(|line| line == line.trim_end()), "{path}");
            for hole in ["{subject}", "{L}", "{v}", "{f}", "{noun}", "{n}", "{key}"] {
                assert!(!text.contains(hole), "{path} has {hole}: {text}");
            }
            if path.ends_with(".yaml") || path.ends_with(".yml") {
                assert!(text.lines().all(|line| !line.contains('\t')), "{path}");
            }
        }
    }
}

#[test]
fn every_change_of_a_unit_shows_in_its_text() {
    for industry in ["Logistics", "Health data", "Web design"] {
        let project = all_there_is(industry);
        let context = Context::of(&project);
        for (at, file) in project.workshop.repository.files.iter().enumerate() {
            for unit in &file.base {
                for op in [Op::Fix, Op::Test, Op::Tune, Op::Refactor, Op::Rename, Op::Explain] {
                    let mut after = *unit;
                    after.shape.apply(op);
                    assert_ne!(
                        context.texts(at, &[*unit]),
                        context.texts(at, &[after]),
                        "{op:?} of {} in {}",
                        context.unit_name(at, unit.id, unit.seed),
                        context.path(at)
                    );
                }
            }
        }
    }
}

#[test]
fn a_company_at_work_fills_a_repository_that_stays_small() {
    let project = days(120);
    project.check().expect("a sound state");
    let workshop = &project.workshop;
    let view = picture(&project).workshop;
    assert!(workshop.repository.newest() > 500, "{} commits", workshop.repository.newest());
    assert_eq!(view.commits.len(), 30);
    assert!(view.files.iter().any(|file| file.path.ends_with(".rs")));
    assert!(view.branches.len() > 1 && view.branches[0].name == "main");
    assert!(view.commits.iter().any(|commit| commit.parents.len() == 2), "a merge");
    assert!(!view.scans.is_empty() && !view.reviews.is_empty());
    let bytes = crate::wire::codec::encode(workshop).len();
    println!("{bytes} bytes for {} people", project.people.len());
    assert!(bytes < 300 * project.people.len(), "{bytes} bytes for {}", project.people.len());
}

#[test]
fn a_diff_leads_from_the_text_before_a_commit_to_the_text_after_it() {
    let project = days(20);
    let context = Context::of(&project);
    let repository = &project.workshop.repository;
    let history = History::of(repository);
    let mut seen = 0;
    for node in &history.nodes {
        let before = history.tree(repository, node.parents[0]);
        let (after, texts) = changed(&context, &before, &node.changes);
        assert_eq!(after, history.tree(repository, node.id));
        let diffs = diff(&project, node.id).expect("it is kept");
        assert_eq!(diffs.len(), texts.len());
        for (path, _, _) in &texts {
            let of_file = diffs.iter().find(|diff| diff.path == *path).expect("its diff");
            assert!(of_file.added + of_file.removed > 0 && of_file.diff.starts_with("@@ "));
            seen += 1;
        }
    }
    assert!(seen > 20, "{seen} changed files");
    assert!(diff(&project, 1_000_000).is_none());
}

#[test]
fn a_file_on_a_branch_has_what_was_written_there_and_main_does_not_yet() {
    let project = days(30);
    let view = picture(&project).workshop;
    let mut differs = 0;
    for branch in view.branches.iter().skip(1).filter(|branch| branch.commits > 0) {
        for file in &view.files {
            // A branch does not have what came to `main` after it was opened.
            let there = file_text(&project, &file.path, &branch.name);
            differs += usize::from(there != file_text(&project, &file.path, "main"));
        }
        assert!(file_text(&project, "README.md", &branch.name).is_some());
    }
    assert!(differs > 0, "no branch has anything of its own");
    assert!(file_text(&project, "../etc/passwd", "main").is_none());
    assert!(file_text(&project, "README.md", "nowhere").is_none());
}

#[test]
fn whoever_works_has_a_file_open_that_fills_as_time_goes_by() {
    let (mut seen, mut typed, mut at_work) = (0, 0, 0);
    for hours in (17..60).step_by(3) {
        let project = lived(company("Parcel Watch"), hours, false).0;
        let view = picture(&project);
        let works = |person: &&PersonView| person.activity == "working" && person.task.is_some();
        at_work += view.people.iter().filter(works).count();
        for open in &view.workshop.open_files {
            seen += 1;
            typed += usize::from(open.progress > 0);
            assert!(open.line >= 1 && !open.written.is_empty());
            let person = view.people.iter().find(|person| person.id == open.person);
            let person = person.expect("one of them");
            assert!(["working", "pairing"].contains(&person.activity.as_str()));
            assert!(!person.workstation.open_files.is_empty());
            let base = open.path.rsplit('/').next().expect("a name");
            assert!(view.workshop.branches.iter().any(|b| b.name == open.branch), "{base}");
        }
    }
    assert!(seen >= at_work && at_work > 5, "{seen} open, {at_work} at work");
    assert!(typed > 5, "{typed} in progress");
}

#[test]
fn machines_are_busy_with_what_people_do() {
    let mut working = Vec::new();
    for hours in 60..76 {
        for person in picture(&lived(company("Parcel Watch"), hours, false).0).people {
            let machine = &person.workstation;
            let sum: u32 = machine.processes.iter().map(|process| u32::from(process.cpu)).sum();
            assert!(machine.cpu <= 10_000 && u32::from(machine.cpu) == sum.min(10_000));
            assert!(machine.memory_mb <= machine.memory_total_mb);
            let runs = |name: &str| machine.processes.iter().any(|process| process.name == name);
            match person.activity.as_str() {
                "away" => assert_eq!(machine.cpu, 0),
                "meeting" | "stand_up" => assert!(runs("video call") && machine.sent_kbps > 1_000),
                "coffee" | "break" => assert!(machine.cpu < 600 && runs("screen lock")),
                "working" if person.role == "engineer" => {
                    assert!(runs("rust-analyzer"));
                    working.push(machine.cpu);
                }
                _ => {}
            }
        }
    }
    assert!(working.iter().any(|cpu| *cpu > 5_000), "nobody compiles");
    assert!(working.iter().any(|cpu| *cpu < 3_000), "everybody compiles all the time");
}

#[test]
fn commits_are_told_to_whoever_looks_and_looking_changes_nothing() {
    let (seen, events) = lived(company("Parcel Watch"), 80, true);
    let (unseen, none) = lived(company("Parcel Watch"), 80, false);
    assert!(none.is_empty());
    assert_eq!(seen.workshop, unseen.workshop);
    let told: Vec<u32> = events
        .iter()
        .filter_map(|event| match event {
            Event::Commit { id, message, .. } => {
                assert!(!message.is_empty() && message.lines().count() == 1, "{message}");
                Some(*id)
            }
            _ => None,
        })
        .collect();
    assert_eq!(told, (1..=seen.workshop.repository.newest()).collect::<Vec<_>>());
}

#[test]
fn runs_and_deployments_are_kept_and_their_logs_tell_why_they_failed() {
    let mut project = days(10);
    let genesis = Genesis::new("test", NAME, RULES, 7);
    let mut step = Step::new(&genesis, RULES, project.shard, 99, &[], &[], true);
    let mut happen = crate::model::happen::Happen::new(&mut step);
    let (runs, versions) =
        (project.workshop.records.newest_run(), project.workshop.records.version());
    let failures = [None, Some(Failure::Compile), Some(Failure::Flaky), Some(Failure::Scan)];
    for turn in 0..60 {
        project.workshop_built(turn % 5, failures[turn % 4], 5_000 + turn as u64, &mut happen);
        project.workshop_deployed(turn % 9 == 0, 5_000 + turn as u64, &mut happen);
    }
    project.check().expect("a sound state");
    let view = picture(&project).workshop;
    assert!(view.runs.len() <= 32 && view.runs.len() > 8);
    assert_eq!(view.runs.last().map(|run| run.id), Some(runs + 60));
    let newest = format!("v{}", versions + 60);
    assert_eq!(view.deployments.last().map(|deployment| &deployment.version), Some(&newest));
    for run in &view.runs {
        let text = super::log(&project, run.id).expect("it is kept");
        assert_eq!(text.ends_with("passed\n"), run.passed, "{text}");
        let failed = run.stages.iter().filter(|stage| stage.passed == Some(false)).count();
        assert_eq!(failed, usize::from(!run.passed));
        assert_eq!(run.seconds, run.stages.iter().map(|stage| stage.seconds).sum::<u32>());
    }
    assert!(super::log(&project, 1).is_none(), "the first ones are gone");
    let kinds = step.events().iter().filter_map(|event| decode_event(event));
    assert!(
        kinds.filter(|e| matches!(e, Event::Build { .. } | Event::Deploy { .. })).count() == 120
    );
}

#[test]
fn questions_are_answered_within_bounds_and_bad_ones_with_a_reason() {
    let project = days(15);
    let ask = |query: Query| answer(&project, &query.to_bytes());
    let stream = ask(Query::Repository).expect("a repository");
    assert!(stream.starts_with(b"feature done\n") && stream.ends_with(b"done\n"));
    assert_eq!(stream, export(&project, usize::MAX).expect("room"), "the same every time");
    assert!(export(&project, 1_000).is_none());
    let newest = project.workshop.repository.newest();
    assert!(ask(Query::Commit(newest)).is_ok());
    assert!(ask(Query::Commit(0)).is_err() && ask(Query::Run(7)).is_err());
    let file = Query::File { path: "README.md".into(), branch: None };
    assert!(String::from_utf8(ask(file).expect("it is there")).expect("text").contains("Parcel"));
    assert!(answer(&project, &[255; 9]).is_err());
    assert!(answer(&project, &[0; 5_000]).is_err());
}

#[test]
fn the_language_follows_from_the_trade() {
    let of = |industry: &str| {
        let spec = ProjectSpec { industry: industry.into(), ..company("A") };
        super::text::language(&lived(spec, 1, false).0)
    };
    assert_eq!(of("Health"), Language::Python);
    assert_eq!(of("Online retail"), Language::TypeScript);
    assert_eq!(of("Logistics"), Language::Rust);
}

#[test]
fn a_repository_from_a_stranger_is_held_to_its_bounds() {
    let good = days(3);
    let broken: [fn(&mut Project); 5] = [
        |project| project.workshop.repository.units += 1,
        |project| project.workshop.repository.files[0].next = 99,
        |project| project.workshop.repository.files[0].subject = Subject::Words("../x".into()),
        |project| project.workshop.repository.branches[0].file = 9_999,
        |project| project.workshop.repository.commits[0].changes[0].file = 9_999,
    ];
    good.check().expect("a sound state");
    for (nth, break_it) in broken.iter().enumerate() {
        let mut project = good.clone();
        break_it(&mut project);
        assert!(project.check().is_err(), "{nth}");
    }
}
