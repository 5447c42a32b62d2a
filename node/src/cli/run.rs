//! `zeromesh run`: reads the settings and the scenario, starts the node, and says when it is ready.

use std::io::Write;

use serde::{Deserialize, Serialize};

use super::Hooks;
use super::args::Run;
use super::exit::CliError;
use super::{change, config};
use crate::api::access::Access;
use crate::api::inputs::{self, Scenario};
use crate::api::types::RootView;
use crate::settings::Settings;

/// What a node is to do.
pub struct Plan {
    pub settings: Settings,
    pub start: Start,
}

/// The world a node starts with, besides those in its store and its mesh.
pub enum Start {
    /// None.
    Nothing,
    /// This one, unless there is a world already.
    IfNone(Scenario),
    /// This one, if it is not there yet.
    Always(Scenario),
}

/// Told once, when the node takes part.
pub type Announce = Box<dyn FnOnce(Ready) + Send>;

/// A node that is ready: the one line of `zeromesh run --json`, with `"ready":true` before it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ready {
    pub node: String,
    pub name: String,
    pub mesh: String,
    /// Full multiaddrs, to join by.
    pub addresses: Vec<String>,
    /// URL of the API and dashboard.
    pub http: String,
    pub data: String,
}

/// The command.
pub fn run(args: Run, hooks: Hooks) -> Result<(), CliError> {
    let settings = config::load(&args.settings)?;
    // Before anything is started: an address that must not be used is a mistake to mend first.
    Access::new(settings.http_address, settings.http_token.as_deref())?;
    let start = start(&settings)?;
    log(&settings);
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|error| CliError::failure(format!("cannot start: {error}")))?;
    let announce: Announce = Box::new(move |ready| announce(&ready, args.json));
    runtime.block_on((hooks.run)(Plan { settings, start }, announce))
}

/// `zeromesh simulate`: the same scenario and seed always print the same root.
pub fn simulate(
    scenario: &str,
    epochs: u64,
    seed: Option<u64>,
    hooks: Hooks,
) -> Result<RootView, CliError> {
    let mut scenario = change::scenario_file(scenario)?;
    if let Some(seed) = seed {
        scenario = scenario.with_seed(seed);
    }
    let genesis = &scenario.genesis;
    if !genesis.is_checkpoint(epochs) || epochs == 0 {
        let interval = u64::from(genesis.checkpoint_interval);
        let before = epochs - epochs % interval;
        return Err(CliError::refused(format!(
            "epoch {epochs} is no checkpoint: those of this scenario are every {interval} epochs. \
             The nearest are {} and {}.",
            before.max(interval),
            before.max(interval).saturating_add(interval)
        )));
    }
    (hooks.simulate)(scenario, epochs)
}

fn start(settings: &Settings) -> Result<Start, CliError> {
    let paced = |mut scenario: Scenario| {
        if let Some(epoch_ms) = settings.pace_ms {
            scenario.pace = (epoch_ms, false);
        }
        inputs::seeded(scenario)
    };
    if let Some(path) = &settings.scenario {
        let path = path.to_string_lossy();
        return Ok(Start::Always(paced(change::scenario_file(&path)?)));
    }
    // Who joins a mesh takes part in its worlds, and brings none of its own.
    if !settings.default_world || !settings.join.is_empty() {
        return Ok(Start::Nothing);
    }
    let scenario =
        inputs::default_scenario().map_err(|error| CliError::failure(error.to_string()))?;
    Ok(Start::IfNone(paced(scenario)))
}

/// Logs go to standard error, so that standard output has nothing but what was asked for.
fn log(settings: &Settings) {
    // libp2p's own parts tell of what is normal here (a node alone has nobody to look up) as a
    // warning; what the operator should know of the network the node says itself.
    let quiet = "libp2p_kad=error,libp2p_swarm=warn,libp2p_mdns=warn";
    let filter = tracing_subscriber::EnvFilter::new(format!("{quiet},{}", settings.log_level));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // Fails only if there is a log already, as in tests.
    let _ = match settings.log_json {
        true => builder.json().try_init(),
        false => builder.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).try_init(),
    };
}

fn announce(ready: &Ready, json: bool) {
    let text = match json {
        true => json_line(ready),
        false => block(ready),
    };
    let mut out = std::io::stdout().lock();
    // Nobody may be listening; the node runs all the same.
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

fn json_line(ready: &Ready) -> String {
    #[derive(Serialize)]
    struct Line<'a> {
        ready: bool,
        #[serde(flatten)]
        node: &'a Ready,
    }
    let line = serde_json::to_string(&Line { ready: true, node: ready });
    line.unwrap_or_default() + "\n"
}

fn block(ready: &Ready) -> String {
    let mut text = format!("{} is ready in mesh `{}`\n\n", ready.name, ready.mesh);
    text += &format!("  dashboard  {}\n", ready.http);
    text += &format!("  node       {}\n", ready.node);
    text += &format!("  data       {}\n", ready.data);
    let mut label = "join by";
    for address in &ready.addresses {
        text += &format!("  {label:9}  {address}\n");
        label = "";
    }
    text + "\nCtrl-C ends it.\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ready() -> Ready {
        Ready {
            node: "12D3KooWx".into(),
            name: "oak".into(),
            mesh: "zeromesh".into(),
            addresses: vec!["/ip4/127.0.0.1/tcp/1".into(), "/ip4/127.0.0.1/tcp/2".into()],
            http: "http://127.0.0.1:7420".into(),
            data: "/tmp/x".into(),
        }
    }

    #[test]
    fn ready_is_one_line_of_json_that_begins_with_ready() {
        let line = json_line(&ready());
        assert!(line.starts_with(r#"{"ready":true,"node":"12D3KooWx","name":"oak","#), "{line}");
        assert_eq!(line.matches('\n').count(), 1);
    }

    #[test]
    fn people_see_where_to_look_and_how_to_join() {
        let text = block(&ready());
        assert!(text.contains("  dashboard  http://127.0.0.1:7420\n"), "{text}");
        assert!(text.contains("  join by    /ip4/127.0.0.1/tcp/1\n             /ip4"), "{text}");
    }
}
