//! `zeromesh`: the program.

use std::process::ExitCode;

use node::cli::{self, Hooks};
use node::{core, simulate};

fn main() -> ExitCode {
    cli::main(Hooks {
        run: |plan, announce| Box::pin(core::run(plan, announce)),
        simulate: simulate::run,
    })
}
