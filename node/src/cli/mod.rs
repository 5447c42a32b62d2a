//! The command line: `zeromesh run` starts a node, every other command talks to one over its API.

use std::ffi::OsString;
use std::future::Future;
use std::io::{IsTerminal, Write};
use std::pin::Pin;
use std::process::ExitCode;
use std::time::Duration;

use clap::{CommandFactory, FromArgMatches};
use serde::Serialize;

use crate::api::inputs::Scenario;
use crate::api::types::RootView;

pub mod args;
pub mod change;
pub mod client;
pub mod config;
pub mod exit;
pub mod export;
pub mod run;
pub mod show;
pub mod table;
pub mod validate;

use args::{Cli, Command, Live, Output, ProjectCommand, WorldCommand};
use client::Client;
use exit::CliError;

/// How often `--watch` looks again.
const WATCH_EVERY: Duration = Duration::from_secs(1);

/// What the command line starts but does not know how to do: filled in by `main`.
#[derive(Clone, Copy)]
pub struct Hooks {
    /// Runs a node until it is told to end. Tells `announce` once it takes part.
    pub run: fn(run::Plan, run::Announce) -> Running,
    /// Runs a world in this process up to an epoch and tells its root there.
    pub simulate: fn(Scenario, u64) -> Result<RootView, CliError>,
}

/// A node at work.
pub type Running = Pin<Box<dyn Future<Output = Result<(), CliError>> + Send>>;

/// The whole program, with the arguments of the process.
pub fn main(hooks: Hooks) -> ExitCode {
    match start(std::env::args_os(), hooks) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "zeromesh: {error}");
            error.exit.into()
        }
    }
}

fn start(args: impl Iterator<Item = OsString>, hooks: Hooks) -> Result<(), CliError> {
    let matches = Cli::command().try_get_matches_from(args).unwrap_or_else(|error| error.exit());
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    match cli.command {
        Command::Run(args) => run::run(*args, hooks),
        Command::Config { settings, output } => config::show(&settings, output.json),
        Command::Simulate { scenario, epochs, seed, output } => {
            let root = run::simulate(&scenario, epochs, seed, hooks)?;
            shown(&root, show::root_text(&root)).print(output.json)
        }
        Command::Validate(what) => validate::run(what),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "zeromesh", &mut script);
            write_out(&String::from_utf8_lossy(&script))
        }
        command => {
            let client = Client::new(&cli.node.api, cli.node.token_file.as_deref())?;
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .map_err(|error| CliError::failure(format!("cannot start: {error}")))?;
            runtime.block_on(operate(client, command))
        }
    }
}

async fn operate(client: Client, command: Command) -> Result<(), CliError> {
    let client = &client;
    match command {
        Command::Join { address, output } => {
            change::join(client, address).await?.print(output.json)
        }
        Command::Status(live) => watch(live, || show::status(client)).await,
        Command::Peers(live) => watch(live, || show::peers(client)).await,
        Command::Worlds(live) => watch(live, || show::worlds(client)).await,
        Command::World(world) => {
            let of = world.world.world.as_deref();
            match world.command.unwrap_or(WorldCommand::Show(world.live)) {
                WorldCommand::Show(live) => watch(live, || show::world(client, of)).await,
                WorldCommand::Root { epoch, output } => {
                    show::root(client, of, epoch).await?.print(output.json)
                }
                WorldCommand::Pace { pace, output } => {
                    change::pace(client, of, &pace).await?.print(output.json)
                }
                WorldCommand::Create { file, output } => {
                    change::create_world(client, &file).await?.print(output.json)
                }
            }
        }
        Command::Project(project) => {
            let of = project.world.world.as_deref();
            let list = ProjectCommand::List { sort: None, limit: None, live: project.live };
            match project.command.unwrap_or(list) {
                ProjectCommand::List { sort, limit, live } => {
                    watch(live, || show::projects(client, of, sort.as_deref(), limit)).await
                }
                ProjectCommand::Show { project, live } => {
                    watch(live, || show::project(client, &project)).await
                }
                ProjectCommand::Import { file, name, as_of, output } => {
                    change::import(client, of, &file, &name, &as_of).await?.print(output.json)
                }
                ProjectCommand::Create { file, output } => {
                    change::create_project(client, of, &file).await?.print(output.json)
                }
                ProjectCommand::Export { project, git, output } => {
                    export::export(client, &project, &git).await?.print(output.json)
                }
                ProjectCommand::Command { project, json_command, output } => {
                    change::command(client, &project, &json_command).await?.print(output.json)
                }
            }
        }
        Command::People { project, world, limit, live } => {
            let (of, project) = (world.world.as_deref(), project.as_deref());
            watch(live, || show::people(client, of, project, limit)).await
        }
        Command::Shares { world, live } => {
            watch(live, || show::shares(client, world.world.as_deref())).await
        }
        Command::Stop(Output { json }) => change::stop(client).await?.print(json),
        // Done before a client is made.
        Command::Run(_)
        | Command::Config { .. }
        | Command::Simulate { .. }
        | Command::Validate(_)
        | Command::Completions { .. } => Ok(()),
    }
}

/// An answer, for programs and for people.
pub struct Shown {
    json: Result<String, serde_json::Error>,
    text: String,
}

fn shown(value: &impl Serialize, text: String) -> Shown {
    Shown { json: serde_json::to_string(value), text }
}

impl Shown {
    fn print(self, json: bool) -> Result<(), CliError> {
        if !json {
            return write_out(&self.text);
        }
        let json = self.json.map_err(|error| CliError::failure(error.to_string()))?;
        write_out(&(json + "\n"))
    }
}

/// Writes to standard output. A reader that has seen enough (`| head`) is no failure.
fn write_out(text: &str) -> Result<(), CliError> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => std::process::exit(0),
        written => written.map_err(|error| CliError::failure(format!("cannot write: {error}"))),
    }
}

/// Shows something once, or anew each second. A terminal is cleared in between; a file gets one
/// picture after the other.
async fn watch<F>(live: Live, look: impl Fn() -> F) -> Result<(), CliError>
where
    F: Future<Output = Result<Shown, CliError>>,
{
    let json = live.output.json;
    if !live.watch {
        return look().await?.print(json);
    }
    let clear = !json && std::io::stdout().is_terminal();
    loop {
        let mut shown = look().await?;
        if clear {
            shown.text.insert_str(0, "\x1b[H\x1b[2J");
        } else if !json {
            shown.text.push('\n');
        }
        shown.print(json)?;
        tokio::time::sleep(WATCH_EVERY).await;
    }
}
