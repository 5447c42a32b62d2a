//! `zeromesh`: the program.

use std::process::ExitCode;

use node::cli::exit::CliError;
use node::cli::{self, Hooks};

fn main() -> ExitCode {
    cli::main(Hooks {
        run: |_, _| Box::pin(async { Err(CliError::failure("this build has no node")) }),
        simulate: |_, _| Err(CliError::failure("this build has no simulation")),
    })
}
