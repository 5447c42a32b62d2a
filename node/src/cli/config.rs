//! Settings from the command line, and `zeromesh config`, which shows where each came from.

use super::args::SettingFlags;
use super::exit::{CliError, Exit};
use super::table::Table;
use super::{Shown, shown};
use crate::settings::{Flag, Settings, SettingsError, Sources, unknown_variables};

/// Reads all layers of settings.
pub fn load(flags: &SettingFlags) -> Result<Settings, CliError> {
    let environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    for name in unknown_variables(&environment) {
        eprintln!("zeromesh: the environment variable {name} is no setting and has no effect");
    }
    let sources = Sources { file: flags.config.clone(), environment, flags: flags.settings() };
    Settings::load(&sources).map_err(|error| {
        let exit = match error {
            SettingsError::NoHome => Exit::Failure,
            _ => Exit::Refused,
        };
        CliError::new(exit, error.to_string())
    })
}

/// `zeromesh config`.
pub fn show(flags: &SettingFlags, json: bool) -> Result<(), CliError> {
    let settings = load(flags)?.shown();
    let mut table = Table::new(&["setting", "value", "from", "what it is"], "");
    for setting in &settings {
        table.row(vec![
            setting.key.to_owned(),
            setting.value.clone(),
            setting.origin.clone(),
            setting.about.to_owned(),
        ]);
    }
    let shown: Shown = shown(&settings, table.to_string());
    shown.print(json)
}

impl SettingFlags {
    fn settings(&self) -> Vec<Flag> {
        let one = |key, flag, value: &Option<String>| {
            value.clone().map(|value| Flag { key, flag, values: vec![value] })
        };
        let many = |key, flag, values: &[String]| {
            (!values.is_empty()).then(|| Flag { key, flag, values: values.to_vec() })
        };
        [
            one("data", "--data", &self.data),
            one("name", "--name", &self.name),
            one("mesh", "--mesh", &self.mesh),
            many("listen", "--listen", &self.listen),
            many("join", "--join", &self.join),
            one("http.address", "--http", &self.http),
            one("http.token_file", "--http-token-file", &self.http_token_file),
            one("mdns", "--mdns", &self.mdns),
            one("world", "--world", &self.world),
            one("scenario", "--scenario", &self.scenario),
            one("pace", "--pace", &self.pace),
            one("workers", "--workers", &self.workers),
            one("log.level", "--log", &self.log),
            one("log.format", "--log-format", &self.log_format),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}
