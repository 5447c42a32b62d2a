//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

use super::exit;

/// Runs virtual companies on a mesh of ordinary machines.
#[derive(Debug, Parser)]
#[command(name = "zeromesh", version, about = "Runs virtual companies on a mesh of ordinary machines", after_help = exit::HELP, arg_required_else_help = true)]
pub struct Cli {
    #[command(flatten)]
    pub node: Node,
    #[command(subcommand)]
    pub command: Command,
}

/// Which node an operator command talks to.
#[derive(Clone, Debug, Args)]
pub struct Node {
    /// The node to talk to
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "ZEROMESH_API",
        default_value = "http://127.0.0.1:7420",
        hide_env_values = true
    )]
    pub api: String,
    /// File with the token of a node that asks for one
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "ZEROMESH_TOKEN_FILE",
        hide_env_values = true
    )]
    pub token_file: Option<PathBuf>,
}

/// How a listing is shown.
#[derive(Clone, Copy, Debug, Default, Args)]
pub struct Output {
    /// Print JSON, on one line
    #[arg(long)]
    pub json: bool,
}

/// How a listing that changes is shown.
#[derive(Clone, Copy, Debug, Default, Args)]
pub struct Live {
    #[command(flatten)]
    pub output: Output,
    /// Show it anew each second, until Ctrl-C
    #[arg(long)]
    pub watch: bool,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start a node
    Run(Box<Run>),
    /// Join a mesh: connect the node to another one by its address
    Join {
        /// A full multiaddr, as `zeromesh status` on the other node prints it
        #[arg(value_name = "MULTIADDR")]
        address: String,
        #[command(flatten)]
        output: Output,
    },
    /// Show this node
    Status(Live),
    /// Show the nodes of the mesh
    Peers(Live),
    /// List the worlds
    Worlds(Live),
    /// Show or change a world
    World(World),
    /// Show or change projects
    #[command(visible_alias = "projects")]
    Project(Project),
    /// List the people of a world or a project
    People {
        /// Of this project only (id, its first digits, or name)
        #[arg(long, value_name = "PROJECT")]
        project: Option<String>,
        #[command(flatten)]
        world: OfWorld,
        /// At most so many
        #[arg(long, value_name = "N")]
        limit: Option<usize>,
        #[command(flatten)]
        live: Live,
    },
    /// Show which node runs which project, and why
    Shares {
        #[command(flatten)]
        world: OfWorld,
        #[command(flatten)]
        live: Live,
    },
    /// End the node cleanly
    Stop(Output),
    /// Run a scenario in this process without a network, as fast as possible, and print its root
    Simulate {
        /// Scenario file; `default` for the small default world
        #[arg(value_name = "SCENARIO")]
        scenario: String,
        /// Run up to this epoch, which must be a checkpoint
        #[arg(long, value_name = "E")]
        epochs: u64,
        /// Seed instead of the scenario's own [default, if it has none: 0]
        #[arg(long, value_name = "N")]
        seed: Option<u64>,
        #[command(flatten)]
        output: Output,
    },
    /// Hold the model against what is known of real software work
    Validate(super::validate::Validate),
    /// Show every setting, with where its value comes from
    Config {
        #[command(flatten)]
        settings: Box<SettingFlags>,
        #[command(flatten)]
        output: Output,
    },
    /// Print a completion script for a shell
    Completions { shell: Shell },
}

/// Settings on the command line.
#[derive(Clone, Debug, Default, Args)]
pub struct SettingFlags {
    /// Settings file [default: zeromesh.toml in the data folder, if it is there]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Folder of the key and the store
    #[arg(long, value_name = "DIR")]
    pub data: Option<String>,
    /// What people call this node
    #[arg(long)]
    pub name: Option<String>,
    /// Mesh to take part in
    #[arg(long)]
    pub mesh: Option<String>,
    /// Multiaddr to listen on for other nodes (can be repeated)
    #[arg(long, value_name = "MULTIADDR")]
    pub listen: Vec<String>,
    /// Multiaddr of a node to join (can be repeated)
    #[arg(long, value_name = "MULTIADDR")]
    pub join: Vec<String>,
    /// Address of the API and dashboard: ADDRESS:PORT, or a port alone
    #[arg(long, value_name = "ADDRESS")]
    pub http: Option<String>,
    /// File with the token others must show; needed beyond loopback
    #[arg(long, value_name = "FILE")]
    pub http_token_file: Option<String>,
    /// Look for nodes on the local network
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub mdns: Option<String>,
    /// `default`: start the small default world if there is none; `none`: do not
    #[arg(long, value_name = "WORLD")]
    pub world: Option<String>,
    /// Scenario to start instead of the default world
    #[arg(long, value_name = "FILE")]
    pub scenario: Option<String>,
    /// Milliseconds an epoch takes, or `max`
    #[arg(long, value_name = "PACE")]
    pub pace: Option<String>,
    /// Threads that step projects; 0: one for each core
    #[arg(long, value_name = "N")]
    pub workers: Option<String>,
    /// What is logged: error, warn, info, debug, trace, or `part=level,…`
    #[arg(long, value_name = "LEVEL")]
    pub log: Option<String>,
    /// How it is logged: text or json
    #[arg(long, value_name = "FORMAT")]
    pub log_format: Option<String>,
}

#[derive(Clone, Debug, Args)]
#[command(
    after_help = "Settings come from defaults, a file, the environment and these flags, each \
                        winning over those before. `zeromesh config` shows them all."
)]
pub struct Run {
    #[command(flatten)]
    pub settings: SettingFlags,
    /// When ready, print one line of JSON instead of text
    #[arg(long)]
    pub json: bool,
}

/// Which world is meant.
#[derive(Clone, Debug, Default, Args)]
pub struct OfWorld {
    /// World (id, its first digits, or name) [default: the only or first one]
    #[arg(long = "world", value_name = "WORLD", global = true)]
    pub world: Option<String>,
}

#[derive(Debug, Args)]
pub struct World {
    #[command(flatten)]
    pub world: OfWorld,
    #[command(subcommand)]
    pub command: Option<WorldCommand>,
    #[command(flatten)]
    pub live: Live,
}

#[derive(Debug, Subcommand)]
pub enum WorldCommand {
    /// Show a world
    Show(Live),
    /// Print the hash of the world at a checkpoint
    Root {
        /// The checkpoint [default: the newest that is settled]
        #[arg(long, value_name = "E")]
        epoch: Option<u64>,
        #[command(flatten)]
        output: Output,
    },
    /// Change the pace: `pause`, `resume`, `max`, or milliseconds an epoch takes
    Pace {
        #[arg(value_name = "PACE")]
        pace: String,
        #[command(flatten)]
        output: Output,
    },
    /// Start a world from a scenario
    Create {
        /// Scenario file; `-` for standard input
        file: PathBuf,
        #[command(flatten)]
        output: Output,
    },
}

#[derive(Debug, Args)]
pub struct Project {
    #[command(flatten)]
    pub world: OfWorld,
    #[command(subcommand)]
    pub command: Option<ProjectCommand>,
    #[command(flatten)]
    pub live: Live,
}

#[derive(Debug, Subcommand)]
pub enum ProjectCommand {
    /// List the projects of a world
    List {
        /// Sort by id, name, phase, people, cash or runner; `-` before: downwards
        #[arg(long, value_name = "BY", allow_hyphen_values = true)]
        sort: Option<String>,
        /// At most so many
        #[arg(long, value_name = "N")]
        limit: Option<usize>,
        #[command(flatten)]
        live: Live,
    },
    /// Show a project
    Show {
        /// Id, its first digits, or name
        project: String,
        #[command(flatten)]
        live: Live,
    },
    /// Found a project from a GitLab CSV export
    Import {
        /// The export; `-` for standard input
        file: PathBuf,
        /// The project's name
        #[arg(long)]
        name: String,
        /// The day it starts: what was open then is its backlog
        #[arg(long, value_name = "YYYY-MM-DD")]
        as_of: String,
        #[command(flatten)]
        output: Output,
    },
    /// Found a project from a description in JSON
    Create {
        /// The description; `-` for standard input
        file: PathBuf,
        #[command(flatten)]
        output: Output,
    },
    /// Write the repository of a project as one that git works with
    Export {
        /// Id, its first digits, or name
        project: String,
        /// Folder to write it to: empty, or not there yet
        #[arg(long, value_name = "DIR")]
        git: PathBuf,
        #[command(flatten)]
        output: Output,
    },
    /// Give a project a command
    Command {
        /// Id, its first digits, or name
        project: String,
        /// The command as JSON; `-` for standard input
        json_command: String,
        #[command(flatten)]
        output: Output,
    },
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
