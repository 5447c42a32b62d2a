//! How a node is started, and the line it prints when it is ready.

use std::ffi::OsString;
use std::net::{TcpListener, UdpSocket};
use std::path::PathBuf;
use std::process::Command;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Ways for nodes to reach each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Transport {
    Quic,
    Tcp,
    #[default]
    Both,
}

/// What a node starts with when its store is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum World {
    /// The node's own small world.
    #[default]
    Default,
    /// None: it takes part in those of the mesh it joins.
    None,
    /// A scenario file.
    Scenario(PathBuf),
}

/// Wall time of an epoch: `max`, or milliseconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pace(String);

impl Pace {
    /// As fast as possible.
    pub fn max() -> Pace {
        Pace("max".to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As the API has it: 0 is as fast as possible.
    pub fn epoch_ms(&self) -> u32 {
        self.0.parse().unwrap_or(0)
    }
}

impl FromStr for Pace {
    type Err = String;

    fn from_str(text: &str) -> Result<Pace, String> {
        match text.parse::<u32>() {
            Ok(_) => Ok(Pace(text.to_owned())),
            Err(_) if text == "max" => Ok(Pace::max()),
            Err(_) => Err("say `max`, or milliseconds of wall time for an epoch".to_owned()),
        }
    }
}

/// The ports of a node. 0 lets the system choose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ports {
    /// QUIC.
    pub udp: u16,
    pub tcp: u16,
    pub http: u16,
}

impl Ports {
    /// Three that are free at the moment.
    ///
    /// # Errors
    /// The system has none to give.
    pub fn choose() -> std::io::Result<Ports> {
        // All are held until the last is drawn, so that no two are the same
        let (tcp, http) = (TcpListener::bind("127.0.0.1:0")?, TcpListener::bind("127.0.0.1:0")?);
        let udp = UdpSocket::bind("127.0.0.1:0")?;
        Ok(Ports {
            udp: udp.local_addr()?.port(),
            tcp: tcp.local_addr()?.port(),
            http: http.local_addr()?.port(),
        })
    }

    /// The first of them that somebody else has, in words.
    pub fn taken(&self, transport: Transport) -> Option<String> {
        let udp = transport != Transport::Tcp && UdpSocket::bind(("127.0.0.1", self.udp)).is_err();
        // std sets SO_REUSEADDR on listeners, so a port that only lingers is not taken
        let tcp = |port| TcpListener::bind(("127.0.0.1", port)).is_err();
        if udp {
            Some(format!("UDP port {}", self.udp))
        } else if transport != Transport::Quic && tcp(self.tcp) {
            Some(format!("TCP port {}", self.tcp))
        } else if tcp(self.http) {
            Some(format!("TCP port {}", self.http))
        } else {
            None
        }
    }
}

/// All that `zeromesh run` is told.
#[derive(Clone, Debug)]
pub struct Launch {
    pub data: PathBuf,
    pub name: String,
    pub mesh: String,
    pub transport: Transport,
    pub ports: Ports,
    /// Full multiaddrs of nodes to join.
    pub join: Vec<String>,
    pub world: World,
    pub pace: Option<Pace>,
    /// Other settings, such as `("workers", "1")`.
    pub settings: Settings,
}

/// Settings of a node by their keys.
pub type Settings = Vec<(&'static str, String)>;

impl Launch {
    /// Adds all this to a command that runs the `zeromesh` program.
    pub fn tell(&self, command: &mut Command) {
        without_settings(command);
        // Testnets on one network must not find each other
        let settings = [("mdns", "false")].into_iter();
        for (key, value) in
            settings.chain(self.settings.iter().map(|(key, value)| (*key, value.as_str())))
        {
            command.env(setting_variable(key), value);
        }
        command.args(self.arguments());
    }

    /// The arguments, from `run` on. Everything is on loopback.
    pub fn arguments(&self) -> Vec<OsString> {
        let mut arguments: Vec<OsString> = vec!["run".into(), "--data".into()];
        arguments.push(self.data.clone().into());
        let mut option = |name: &str, value: OsString| arguments.extend([name.into(), value]);
        option("--name", self.name.clone().into());
        option("--mesh", self.mesh.clone().into());
        if self.transport != Transport::Tcp {
            let address = format!("/ip4/127.0.0.1/udp/{}/quic-v1", self.ports.udp);
            option("--listen", address.into());
        }
        if self.transport != Transport::Quic {
            option("--listen", format!("/ip4/127.0.0.1/tcp/{}", self.ports.tcp).into());
        }
        option("--http", format!("127.0.0.1:{}", self.ports.http).into());
        for address in &self.join {
            option("--join", address.into());
        }
        match &self.world {
            World::Default => {}
            World::None => option("--world", "none".into()),
            World::Scenario(file) => option("--scenario", file.clone().into()),
        }
        if let Some(pace) = &self.pace {
            option("--pace", pace.as_str().into());
        }
        arguments.push("--json".into());
        arguments
    }
}

/// Settings of a node may come from the environment too. Those of whoever runs a testnet are not for
/// its nodes, but for how much they log.
const SETTINGS_PREFIX: &str = "ZEROMESH_";
const LOG_SETTINGS_PREFIX: &str = "ZEROMESH_LOG_";

/// The environment variable of a setting: `ZEROMESH_STORE_RESERVE_MB` for `store.reserve_mb`.
fn setting_variable(key: &str) -> String {
    format!("{SETTINGS_PREFIX}{}", key.replace('.', "_").to_uppercase())
}

/// Takes the settings of other nodes out of the environment that a program will get.
pub fn without_settings(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let name_shown = name.to_string_lossy();
        if name_shown.starts_with(SETTINGS_PREFIX) && !name_shown.starts_with(LOG_SETTINGS_PREFIX) {
            command.env_remove(&name);
        }
    }
}

/// What a node prints, as one line of JSON, when it is ready.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ready {
    /// Its peer id.
    pub node: String,
    /// Full multiaddrs, with `/p2p/…`.
    pub addresses: Vec<String>,
    /// Where API and UI are.
    pub http: String,
}

/// Finds the line in what a node has printed so far. A line that is not whole yet is none.
pub fn find_ready(printed: &str) -> Option<Ready> {
    let whole = &printed[..printed.rfind('\n')?];
    whole.lines().find_map(|line| {
        let value: serde_json::Value = serde_json::from_str(line).ok()?;
        (value.get("ready") == Some(&true.into())).then(|| serde_json::from_value(value).ok())?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn launch() -> Launch {
        Launch {
            data: "/tmp/x".into(),
            name: "falcon".into(),
            mesh: "testnet".into(),
            transport: Transport::Both,
            ports: Ports { udp: 1, tcp: 2, http: 3 },
            join: vec!["/ip4/127.0.0.1/tcp/9/p2p/A".into()],
            world: World::None,
            pace: Some(Pace::max()),
            settings: vec![("store.reserve_mb", "1".into())],
        }
    }

    fn line(launch: &Launch) -> String {
        let arguments = launch.arguments();
        arguments.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_node_is_told_all_it_needs() {
        assert_eq!(
            line(&launch()),
            "run --data /tmp/x --name falcon --mesh testnet --listen /ip4/127.0.0.1/udp/1/quic-v1 \
             --listen /ip4/127.0.0.1/tcp/2 --http 127.0.0.1:3 --join /ip4/127.0.0.1/tcp/9/p2p/A \
             --world none --pace max --json"
        );
    }

    #[test]
    fn settings_come_as_environment_and_mdns_is_off() {
        let mut command = Command::new("zeromesh");
        launch().tell(&mut command);
        let told = |name: &str| {
            let mut all = command.get_envs().filter(|(key, _)| *key == name);
            all.next().and_then(|(_, value)| value).map(|value| value.to_owned())
        };
        assert_eq!(told("ZEROMESH_MDNS"), Some("false".into()));
        assert_eq!(told("ZEROMESH_STORE_RESERVE_MB"), Some("1".into()));
    }

    #[test]
    fn a_transport_that_is_not_wanted_is_not_listened_on() {
        let quic = line(&Launch { transport: Transport::Quic, ..launch() });
        assert!(quic.contains("quic-v1") && !quic.contains("tcp/2"), "{quic}");
        let tcp = line(&Launch { transport: Transport::Tcp, ..launch() });
        assert!(!tcp.contains("quic-v1") && tcp.contains("tcp/2"), "{tcp}");
    }

    #[test]
    fn readiness_is_a_whole_line_among_others() {
        let text = "hello\n{\"ready\":true,\"node\":\"12D3\",\"name\":\"falcon\",\"addresses\":[],\
                    \"http\":\"http://127.0.0.1:3\"}";
        assert_eq!(find_ready(text), None);
        assert_eq!(find_ready(&format!("{text}\n")).unwrap().node, "12D3");
        assert_eq!(find_ready("{\"ready\":false}\n"), None);
    }

    #[test]
    fn a_taken_port_is_named() {
        let ports = Ports::choose().unwrap();
        assert_eq!(ports.taken(Transport::Both), None);
        let _held = TcpListener::bind(("127.0.0.1", ports.tcp)).unwrap();
        assert_eq!(ports.taken(Transport::Both), Some(format!("TCP port {}", ports.tcp)));
        assert_eq!(ports.taken(Transport::Quic), None);
    }

    #[test]
    fn a_pace_is_max_or_milliseconds() {
        assert_eq!("max".parse(), Ok(Pace::max()));
        assert_eq!("250".parse::<Pace>().unwrap().epoch_ms(), 250);
        assert_eq!(Pace::max().epoch_ms(), 0);
        assert!("fast".parse::<Pace>().is_err() && "-1".parse::<Pace>().is_err());
    }
}
