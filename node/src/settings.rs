//! How the node is to run, in layers: defaults, then a file, then the environment, then flags.
//!
//! One table names every setting; each layer may set any of them, and each value remembers where it
//! came from, so that an error can name the place to mend and `zeromesh config` can show it.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use config::{Config, File, FileFormat, Source, Value, ValueKind};
use libp2p::Multiaddr;
use serde::Serialize;

/// The port of the API and dashboard.
pub const HTTP_PORT: u16 = 7420;
/// The environment variable of a setting is this and its key, in capitals, with `_` for `.`.
const ENVIRONMENT: &str = "ZEROMESH_";
/// Variables of the operator commands, which are not settings of the node.
const NOT_SETTINGS: &[&str] = &["ZEROMESH_API", "ZEROMESH_CONFIG", "ZEROMESH_TOKEN_FILE"];
/// The file looked for in the data directory.
const FILE_NAME: &str = "zeromesh.toml";
/// Bytes of a token file: more than any token has.
const TOKEN_BYTES_MAX: u64 = 4 * 1024;

/// A setting: what it is called, what it is if nobody says, and what it means.
pub struct Setting {
    pub key: &'static str,
    pub default: &'static str,
    pub about: &'static str,
    list: bool,
}

const fn one(key: &'static str, default: &'static str, about: &'static str) -> Setting {
    Setting { key, default, about, list: false }
}

const fn list(key: &'static str, default: &'static str, about: &'static str) -> Setting {
    Setting { key, default, about, list: true }
}

/// Every setting. Lists are written with commas in the environment and in defaults.
pub const SETTINGS: &[Setting] = &[
    one("data", "", "Folder of the key and the store; empty: the platform's place for data"),
    one("name", "", "What people call this node; empty: made from its key"),
    one("mesh", "zeromesh", "Nodes of the same mesh name find each other; others never mix"),
    list(
        "listen",
        "/ip4/0.0.0.0/udp/7410/quic-v1,/ip4/0.0.0.0/tcp/7410",
        "Multiaddrs to listen on for other nodes; port 0 takes a free one",
    ),
    list("join", "", "Multiaddrs of nodes to join at start"),
    one("mdns", "true", "Whether to look for nodes on the local network"),
    one(
        "world",
        "default",
        "`default`: start the small default world if there is none; `none`: do not",
    ),
    one("scenario", "", "File of a scenario to start instead of the default world"),
    one("pace", "", "Milliseconds an epoch takes, or `max`; empty: as the scenario says"),
    one("workers", "0", "Threads that step projects; 0: one for each core"),
    one(
        "http.address",
        "127.0.0.1:7420",
        "Address of the API and dashboard; port 0 takes a free one",
    ),
    one("http.token_file", "", "File with the token others must show; needed beyond loopback"),
    one("http.connections_max", "12000", "HTTP connections at a time, WebSockets included"),
    one("http.websockets_max", "10000", "WebSockets at a time"),
    one("net.connections_max", "256", "Connections to other nodes at a time"),
    one("store.cache_mb", "64", "Memory for the store's cache, in MiB"),
    one("store.reserve_mb", "256", "Free disk space, in MiB, below which no new work is taken"),
    one("log.level", "info", "What is logged: error, warn, info, debug, trace, or `part=level,…`"),
    one("log.format", "text", "`text` or `json`"),
];

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    Default,
    File(PathBuf),
    Environment(String),
    Flag(&'static str),
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Origin::Default => f.write_str("default"),
            Origin::File(path) => write!(f, "file {}", path.display()),
            Origin::Environment(name) => write!(f, "environment {name}"),
            Origin::Flag(name) => write!(f, "flag {name}"),
        }
    }
}

/// Why there are no settings to run by.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error("cannot read the settings file {path}: {problem}")]
    File { path: PathBuf, problem: String },
    #[error("there is no setting `{key}` ({origin}). {hint}")]
    Unknown { key: String, origin: Origin, hint: String },
    #[error("the setting {key} cannot be `{value}` ({origin}): {problem}")]
    Bad { key: &'static str, value: String, origin: Origin, problem: String },
    #[error("there is no home directory to keep data in. Name a folder with --data")]
    NoHome,
}

/// A setting's value and where it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Layered {
    values: Vec<String>,
    origin: Origin,
}

/// A value set by a flag of the command line.
pub struct Flag {
    pub key: &'static str,
    /// As written: `--data`.
    pub flag: &'static str,
    pub values: Vec<String>,
}

/// Where the layers are.
#[derive(Default)]
pub struct Sources {
    /// The file, if one was named.
    pub file: Option<PathBuf>,
    /// The environment.
    pub environment: BTreeMap<String, String>,
    pub flags: Vec<Flag>,
}

/// Settings, checked.
#[derive(Clone, Debug)]
pub struct Settings {
    pub data: PathBuf,
    /// Empty: made from the key.
    pub name: String,
    pub mesh: String,
    pub listen: Vec<Multiaddr>,
    pub join: Vec<Multiaddr>,
    pub mdns: bool,
    /// Whether to start the default world if there is none.
    pub default_world: bool,
    pub scenario: Option<PathBuf>,
    /// Of the world started here; none: as the scenario says.
    pub pace_ms: Option<u64>,
    /// 0: one for each core.
    pub workers: usize,
    pub http_address: SocketAddr,
    /// What others must show.
    pub http_token: Option<String>,
    pub http_connections_max: usize,
    pub http_websockets_max: usize,
    pub net_connections_max: u32,
    pub store_cache_bytes: usize,
    pub store_reserve_bytes: u64,
    pub log_level: String,
    pub log_json: bool,
    layers: BTreeMap<&'static str, Layered>,
}

/// A setting as `zeromesh config` shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shown {
    pub key: &'static str,
    pub value: String,
    pub origin: String,
    pub about: &'static str,
}

impl Settings {
    /// Reads all layers and checks what comes out.
    pub fn load(sources: &Sources) -> Result<Self, SettingsError> {
        let mut layers = defaults();
        let environment = from_environment(&sources.environment);
        let flags = || {
            sources.flags.iter().map(|flag| {
                (flag.key, Layered { values: flag.values.clone(), origin: Origin::Flag(flag.flag) })
            })
        };
        // The file may lie in the data directory, which the layers above it may name.
        let named = sources.file.clone().or_else(|| {
            sources.environment.get("ZEROMESH_CONFIG").filter(|it| !it.is_empty()).map(Into::into)
        });
        let file = match named {
            Some(path) => Some(path),
            None => {
                let mut above = layers.clone();
                above.extend(environment.clone());
                above.extend(flags());
                Some(data_directory(&above, &sources.environment)?.join(FILE_NAME))
                    .filter(|path| path.exists())
            }
        };
        if let Some(path) = file {
            layers.extend(from_file(&path)?);
        }
        layers.extend(environment);
        layers.extend(flags());
        Self::check(layers, &sources.environment)
    }

    /// Every setting with its value and where it came from, in the table's order.
    pub fn shown(&self) -> Vec<Shown> {
        SETTINGS
            .iter()
            .map(|setting| {
                let layered = &self.layers[setting.key];
                let value = match setting.key {
                    "data" => self.data.display().to_string(),
                    _ => layered.values.join(","),
                };
                let origin = layered.origin.to_string();
                Shown { key: setting.key, value, origin, about: setting.about }
            })
            .collect()
    }

    fn check(
        layers: BTreeMap<&'static str, Layered>,
        environment: &BTreeMap<String, String>,
    ) -> Result<Self, SettingsError> {
        let read = Reader(&layers);
        let data = data_directory(&layers, environment)?;
        Ok(Settings {
            name: read.text("name", 0, 64)?,
            mesh: read.text("mesh", 1, 64)?,
            listen: read.addresses("listen")?,
            join: read.addresses("join")?,
            mdns: read.parse("mdns", "write true or false")?,
            default_world: read.choice("world", &["default", "none"])? == 0,
            scenario: Some(read.value("scenario")).filter(|it| !it.is_empty()).map(Into::into),
            pace_ms: read.pace()?,
            workers: read.number("workers", 0, 1_024)? as usize,
            http_address: read.socket("http.address")?,
            http_token: read.token("http.token_file")?,
            http_connections_max: read.number("http.connections_max", 8, 1_000_000)? as usize,
            http_websockets_max: read.number("http.websockets_max", 0, 1_000_000)? as usize,
            net_connections_max: read.number("net.connections_max", 1, 65_535)? as u32,
            store_cache_bytes: (read.number("store.cache_mb", 1, 1 << 20)? as usize) << 20,
            store_reserve_bytes: read.number("store.reserve_mb", 0, 1 << 20)? << 20,
            log_level: read.log_level()?,
            log_json: read.choice("log.format", &["text", "json"])? == 1,
            data,
            layers,
        })
    }
}

fn defaults() -> BTreeMap<&'static str, Layered> {
    let layered = |setting: &Setting| Layered {
        values: split(setting, setting.default),
        origin: Origin::Default,
    };
    SETTINGS.iter().map(|setting| (setting.key, layered(setting))).collect()
}

fn split(setting: &Setting, text: &str) -> Vec<String> {
    if !setting.list {
        return vec![text.trim().to_owned()];
    }
    text.split(',').map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect()
}

fn variable(key: &str) -> String {
    format!("{ENVIRONMENT}{}", key.replace('.', "_").to_uppercase())
}

fn from_environment(environment: &BTreeMap<String, String>) -> BTreeMap<&'static str, Layered> {
    let set = SETTINGS.iter().filter_map(|setting| {
        let name = variable(setting.key);
        let values = split(setting, environment.get(&name)?);
        Some((setting.key, Layered { values, origin: Origin::Environment(name) }))
    });
    set.collect()
}

/// Variables that look like settings and are none: probably misspelt.
pub fn unknown_variables(environment: &BTreeMap<String, String>) -> Vec<String> {
    let known = |name: &str| {
        NOT_SETTINGS.contains(&name) || SETTINGS.iter().any(|it| variable(it.key) == name)
    };
    environment
        .keys()
        .filter(|name| name.starts_with(ENVIRONMENT) && !known(name))
        .cloned()
        .collect()
}

fn from_file(path: &Path) -> Result<BTreeMap<&'static str, Layered>, SettingsError> {
    let bad = |problem: String| SettingsError::File { path: path.to_owned(), problem };
    let file = std::fs::read_to_string(path).map_err(|error| bad(error.to_string()))?;
    let table = Config::builder()
        .add_source(File::from_str(&file, FileFormat::Toml))
        .build()
        .and_then(|config| config.collect())
        .map_err(|error| bad(error.to_string()))?;
    let mut flat = BTreeMap::new();
    flatten(String::new(), table, &mut flat);
    let mut layer = BTreeMap::new();
    for (key, value) in flat {
        let origin = Origin::File(path.to_owned());
        let Some(setting) = SETTINGS.iter().find(|setting| setting.key == key) else {
            let hint = match nearest(&key) {
                Some(known) => format!("Did you mean `{known}`?"),
                None => "`zeromesh config` shows all there are.".to_owned(),
            };
            return Err(SettingsError::Unknown { key, origin, hint });
        };
        let value_text = value.clone().into_string().unwrap_or_else(|_| value.to_string());
        let values = match (setting.list, value.kind.clone()) {
            (true, ValueKind::Array(items)) => {
                items.into_iter().map(|item| item.into_string().unwrap_or_default()).collect()
            }
            (false, ValueKind::Array(_)) | (_, ValueKind::Nil) => {
                return Err(SettingsError::Bad {
                    key: setting.key,
                    value: value_text,
                    origin,
                    problem: "one value is needed".into(),
                });
            }
            _ => split(setting, &value_text),
        };
        layer.insert(setting.key, Layered { values, origin });
    }
    Ok(layer)
}

fn flatten(
    prefix: String,
    table: impl IntoIterator<Item = (String, Value)>,
    flat: &mut BTreeMap<String, Value>,
) {
    for (key, value) in table {
        let key = if prefix.is_empty() { key } else { format!("{prefix}.{key}") };
        match value.kind {
            ValueKind::Table(table) => flatten(key, table, flat),
            _ => drop(flat.insert(key, value)),
        }
    }
}

/// The setting whose name is likest to a wrong one, if it is like enough to be meant.
fn nearest(key: &str) -> Option<&'static str> {
    let likeness = |setting: &Setting| strsim::jaro_winkler(key, setting.key);
    let best = SETTINGS.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
    (likeness(best) > 0.8).then_some(best.key)
}

fn data_directory(
    layers: &BTreeMap<&'static str, Layered>,
    environment: &BTreeMap<String, String>,
) -> Result<PathBuf, SettingsError> {
    if let Some(named) = layers["data"].values.first().filter(|it| !it.is_empty()) {
        return Ok(named.into());
    }
    // XDG base directory specification: a relative XDG_DATA_HOME is to be ignored.
    let path = |name: &str| environment.get(name).map(PathBuf::from).filter(|it| it.is_absolute());
    path("XDG_DATA_HOME")
        .or_else(|| path("HOME").map(|home| home.join(".local/share")))
        .map(|base| base.join("zeromesh"))
        .ok_or(SettingsError::NoHome)
}

/// Reads checked values out of the layers.
struct Reader<'a>(&'a BTreeMap<&'static str, Layered>);

impl Reader<'_> {
    fn value(&self, key: &'static str) -> String {
        self.0[key].values.first().cloned().unwrap_or_default()
    }

    fn bad(&self, key: &'static str, value: &str, problem: impl Into<String>) -> SettingsError {
        let origin = self.0[key].origin.clone();
        SettingsError::Bad { key, value: value.to_owned(), origin, problem: problem.into() }
    }

    fn parse<T: std::str::FromStr>(
        &self,
        key: &'static str,
        problem: &str,
    ) -> Result<T, SettingsError> {
        let value = self.value(key);
        value.parse().map_err(|_| self.bad(key, &value, problem))
    }

    fn text(&self, key: &'static str, low: usize, high: usize) -> Result<String, SettingsError> {
        let value = self.value(key);
        if !(low..=high).contains(&value.len()) || value.chars().any(char::is_control) {
            let problem = format!("it has {low} to {high} bytes and no control characters");
            return Err(self.bad(key, &value, problem));
        }
        Ok(value)
    }

    fn number(&self, key: &'static str, low: u64, high: u64) -> Result<u64, SettingsError> {
        let problem = format!("it must be a whole number from {low} to {high}");
        let number = self.parse(key, &problem)?;
        if !(low..=high).contains(&number) {
            return Err(self.bad(key, &number.to_string(), problem));
        }
        Ok(number)
    }

    fn choice(&self, key: &'static str, choices: &[&str]) -> Result<usize, SettingsError> {
        let value = self.value(key);
        let found = choices.iter().position(|choice| *choice == value);
        found.ok_or_else(|| self.bad(key, &value, format!("it is one of {}", choices.join(", "))))
    }

    fn addresses(&self, key: &'static str) -> Result<Vec<Multiaddr>, SettingsError> {
        let parse = |text: &String| {
            text.parse().map_err(|error| {
                let example = "/ip4/192.0.2.1/udp/7410/quic-v1";
                self.bad(key, text, format!("{error}. A multiaddr looks like {example}"))
            })
        };
        self.0[key].values.iter().map(parse).collect()
    }

    fn pace(&self) -> Result<Option<u64>, SettingsError> {
        match self.value("pace").as_str() {
            "" => Ok(None),
            "max" => Ok(Some(0)),
            _ => {
                let problem = "write milliseconds an epoch is to take, or `max`";
                self.parse("pace", problem).map(Some)
            }
        }
    }

    /// `7421`, or `0`, is that port on loopback.
    fn socket(&self, key: &'static str) -> Result<SocketAddr, SettingsError> {
        let value = self.value(key);
        let port = value.parse::<u16>().map(|port| (IpAddr::V4(Ipv4Addr::LOCALHOST), port).into());
        let problem = "write ADDRESS:PORT such as 127.0.0.1:7420, or a port alone";
        port.or_else(|_| value.replace("localhost", "127.0.0.1").parse())
            .map_err(|_| self.bad(key, &value, problem))
    }

    fn token(&self, key: &'static str) -> Result<Option<String>, SettingsError> {
        let path = self.value(key);
        if path.is_empty() {
            return Ok(None);
        }
        let bad = |problem: &str| self.bad(key, &path, problem);
        let length = std::fs::metadata(&path).map(|it| it.len());
        if length.is_ok_and(|length| length > TOKEN_BYTES_MAX) {
            return Err(bad("the file is too long for a token"));
        }
        let token = std::fs::read_to_string(&path)
            .map_err(|error| bad(&format!("the file cannot be read: {error}")))?;
        match token.trim() {
            token if token.len() < 16 => {
                Err(bad("a token has at least 16 characters; make one with `openssl rand -hex 32`"))
            }
            token if !token.bytes().all(|byte| byte.is_ascii_graphic()) => {
                Err(bad("a token has printable ASCII characters and no spaces"))
            }
            token => Ok(Some(token.to_owned())),
        }
    }

    fn log_level(&self) -> Result<String, SettingsError> {
        let value = self.value("log.level");
        match value.parse::<tracing_subscriber::EnvFilter>() {
            Ok(_) => Ok(value),
            Err(error) => Err(self.bad("log.level", &value, error.to_string())),
        }
    }
}
