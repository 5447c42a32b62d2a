//! The `testnet` program: a mesh of real nodes on this machine, kept in a folder.
//!
//! `scripts/testnet` builds this and the node, and calls it. Nodes outlive the command that started
//! them; what there is to know about them is in `testnet.json` in the folder.

mod kept;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use testnet::processes::launch::{Pace, Transport};

use kept::error::Failure;

/// A mesh of real nodes on this machine.
#[derive(Parser)]
#[command(name = "testnet", version, arg_required_else_help = true)]
struct Arguments {
    /// Where the testnet is kept.
    #[arg(long, global = true, default_value = ".testnet", env = "ZEROMESH_TESTNET")]
    dir: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start the nodes, wait until they are one mesh that runs a world, and print them. A testnet
    /// that is there already goes on where it stood.
    Up {
        /// How many nodes [default: those there are, or 3].
        #[arg(short = 'n', long, value_parser = clap::value_parser!(u16).range(1..=64))]
        nodes: Option<u16>,
        /// The scenario of a new testnet [default: a small world].
        #[arg(long, value_name = "FILE")]
        scenario: Option<PathBuf>,
        /// Wall time of an epoch in milliseconds, or `max`: as fast as possible.
        #[arg(long, value_name = "max|MS")]
        pace: Option<Pace>,
        /// What the nodes of a new testnet listen on [default: both].
        #[arg(long, value_enum)]
        transport: Option<Transport>,
        /// Print the state as JSON instead of a table.
        #[arg(long)]
        json: bool,
    },
    /// Show every node, and how far its worlds are.
    Status {
        #[arg(long)]
        json: bool,
    },
    /// Print the log of a node.
    Logs {
        node: String,
        /// Go on printing as it grows.
        #[arg(short, long)]
        follow: bool,
        /// How many lines of what there is.
        #[arg(short = 'n', long, default_value_t = 50)]
        lines: usize,
    },
    /// End nodes at once, as a power cut would (kill -9).
    Kill {
        #[arg(required = true)]
        nodes: Vec<String>,
    },
    /// Ask nodes to end, and wait until they have.
    Stop {
        #[arg(required = true)]
        nodes: Vec<String>,
    },
    /// Start nodes that were killed or stopped, and wait until they take part again.
    Start {
        #[arg(required = true)]
        nodes: Vec<String>,
    },
    /// Start one more node.
    Add,
    /// Stop all nodes.
    Down {
        /// Remove their data too.
        #[arg(long)]
        wipe: bool,
    },
    /// Start a mesh in a temporary folder, run a program with its UIs in ZEROMESH_UIS (with commas
    /// between them), and end the mesh with it.
    Run {
        #[arg(short = 'n', long, default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=64))]
        nodes: u16,
        #[arg(long, value_name = "FILE")]
        scenario: Option<PathBuf>,
        #[arg(long, value_name = "max|MS")]
        pace: Option<Pace>,
        #[arg(long, value_enum, default_value = "both")]
        transport: Transport,
        #[arg(last = true, required = true)]
        program: Vec<OsString>,
    },
    /// Leave the terminal and become a program. For `up`.
    #[command(hide = true)]
    Detached {
        #[arg(last = true, required = true)]
        program: Vec<OsString>,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::from(failure.exit_code())
        }
    }
}

fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    let dir = &arguments.dir;
    match arguments.command {
        Command::Up { nodes, scenario, pace, transport, json } => {
            kept::up::up(dir, &kept::up::Wanted { nodes, scenario, pace, transport }, json)?;
        }
        Command::Status { json } => kept::status::status(dir, json)?,
        Command::Logs { node, follow, lines } => kept::logs::logs(dir, &node, follow, lines)?,
        Command::Kill { nodes } => kept::down::kill(dir, &nodes)?,
        Command::Stop { nodes } => kept::down::stop(dir, &nodes)?,
        Command::Start { nodes } => kept::up::start(dir, &nodes)?,
        Command::Add => kept::up::add(dir)?,
        Command::Down { wipe } => kept::down::down(dir, wipe)?,
        Command::Run { nodes, scenario, pace, transport, program } => {
            return kept::run::run(nodes, scenario, pace, transport, &program);
        }
        Command::Detached { program } => {
            let error = testnet::processes::os::detach_and_become(&program);
            return Err(Failure::Other(format!("{}: {error}", program[0].display())));
        }
    }
    Ok(ExitCode::SUCCESS)
}
