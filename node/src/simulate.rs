//! `zeromesh simulate`: a world in this process, without network or store, as fast as possible. The
//! undisturbed reference: a mesh with the same stamps must have the same root.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use shared::engine::command::Command;
use shared::engine::solo::Solo;
use shared::id::Epoch;
use shared::model::Companies;

use crate::api::inputs::Scenario;
use crate::api::types::RootView;
use crate::cli::exit::CliError;

/// How often progress is shown.
const PROGRESS_EVERY: Duration = Duration::from_millis(500);

/// Runs a scenario up to an epoch, which must be a checkpoint, and tells its root there.
pub fn run(scenario: Scenario, epochs: Epoch) -> Result<RootView, CliError> {
    let Scenario { genesis, commands, .. } = scenario;
    genesis.check().map_err(|error| CliError::refused(error.to_string()))?;
    let interval = u64::from(genesis.checkpoint_interval);
    if !genesis.is_checkpoint(epochs) {
        let before = epochs - epochs % interval;
        return Err(CliError::refused(format!(
            "epoch {epochs} is not a checkpoint: this world has one every {interval} epochs. Try {before} or {}",
            before + interval
        )));
    }
    if genesis.end > 0 && epochs > genesis.end {
        return Err(CliError::refused(format!(
            "this world ends at epoch {}: ask for that",
            genesis.end
        )));
    }
    let world = genesis.id();
    let commands = commands
        .into_iter()
        .map(|(epoch, target, body, nonce)| (epoch, Command { world, target, body, nonce }));
    let mut solo = Solo::new(&Companies, genesis, commands);
    let show = std::io::stderr().is_terminal();
    let mut shown = Instant::now();
    solo.run(epochs, |epoch| {
        if show && shown.elapsed() >= PROGRESS_EVERY {
            shown = Instant::now();
            let _ = write!(std::io::stderr(), "\repoch {epoch} of {epochs}");
        }
        true
    });
    if show {
        let _ = write!(std::io::stderr(), "\r\x1b[K");
    }
    let root = solo.root(epochs).ok_or_else(|| {
        CliError::failure(format!(
            "the world stopped at epoch {}, before epoch {epochs}",
            solo.history.closed()
        ))
    })?;
    Ok(RootView {
        world: world.to_string(),
        epoch: epochs,
        root: root.root.to_string(),
        stamps: root.stamps.to_string(),
    })
}
