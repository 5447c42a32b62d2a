//! Settings in layers, and what is said of wrong ones.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use node::settings::{Flag, SETTINGS, Settings, SettingsError, Sources, unknown_variables};

fn environment(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    let home = ("HOME", "/home/ada");
    std::iter::once(&home).chain(pairs).map(|(a, b)| (a.to_string(), b.to_string())).collect()
}

fn load(
    file: Option<&Path>,
    pairs: &[(&str, &str)],
    flags: &[(&'static str, &str)],
) -> Result<Settings, SettingsError> {
    Settings::load(&Sources {
        file: file.map(PathBuf::from),
        environment: environment(pairs),
        flags: flags
            .iter()
            .map(|(key, value)| Flag { key, flag: "--flag", values: vec![value.to_string()] })
            .collect(),
    })
}

fn bad(pairs: &[(&str, &str)], flags: &[(&'static str, &str)]) -> String {
    load(None, pairs, flags).unwrap_err().to_string()
}

fn file(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("zeromesh.toml");
    std::fs::write(&path, text).unwrap();
    (folder, path)
}

#[test]
fn without_a_word_the_defaults_hold() {
    let settings = load(None, &[], &[]).unwrap();
    assert_eq!(settings.data, Path::new("/home/ada/.local/share/zeromesh"));
    assert_eq!(settings.http_address.to_string(), "127.0.0.1:7420");
    assert_eq!(settings.listen.len(), 2);
    assert!(settings.mdns && settings.default_world && settings.join.is_empty());
    assert_eq!((settings.pace_ms, settings.http_token), (None, None));
    let data = load(None, &[("XDG_DATA_HOME", "/data")], &[]).unwrap().data;
    assert_eq!(data, Path::new("/data/zeromesh"));
    let data = load(None, &[("XDG_DATA_HOME", "relative")], &[]).unwrap().data;
    assert_eq!(data, Path::new("/home/ada/.local/share/zeromesh"));
}

#[test]
fn flags_win_over_the_environment_and_that_over_the_file() {
    let (_folder, path) =
        file("mesh = \"file\"\nname = \"file\"\nworkers = 2\njoin = [\"/ip4/1.2.3.4/tcp/5\"]");
    let pairs = [("ZEROMESH_MESH", "environment"), ("ZEROMESH_NAME", "environment")];
    let settings = load(Some(&path), &pairs, &[("mesh", "flag")]).unwrap();
    assert_eq!((settings.mesh.as_str(), settings.name.as_str()), ("flag", "environment"));
    assert_eq!((settings.workers, settings.join.len()), (2, 1));
    let named = load(None, &[("ZEROMESH_CONFIG", path.to_str().unwrap())], &[]).unwrap();
    assert_eq!(named.mesh, "file");
}

#[test]
fn the_file_in_the_data_folder_is_read_wherever_that_is_named() {
    let (folder, _) = file("mesh = \"found\"");
    let data = folder.path().to_str().unwrap();
    assert_eq!(load(None, &[("ZEROMESH_DATA", data)], &[]).unwrap().mesh, "found");
    assert_eq!(load(None, &[], &[("data", data)]).unwrap().mesh, "found");
}

#[test]
fn the_example_file_sets_what_is_the_default_anyway() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../configs/node.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let uncommented: String = text
        .lines()
        .map(|line| line.strip_prefix("#: ").unwrap_or(line).to_owned() + "\n")
        .collect();
    let (_folder, path) = file(&uncommented);
    let set = load(Some(&path), &[], &[]).unwrap();
    let usual = load(None, &[], &[]).unwrap();
    let values = |settings: &Settings| {
        settings.shown().into_iter().map(|it| (it.key, it.value)).collect::<Vec<_>>()
    };
    assert_eq!(values(&set), values(&usual));
    for (setting, shown) in SETTINGS.iter().zip(set.shown()) {
        assert!(shown.origin.starts_with("file "), "{} is missing in the example", setting.key);
    }
}

#[test]
fn a_port_alone_is_on_loopback() {
    let address =
        |text| load(None, &[], &[("http.address", text)]).unwrap().http_address.to_string();
    assert_eq!(address("0"), "127.0.0.1:0");
    assert_eq!(address("localhost:81"), "127.0.0.1:81");
    assert_eq!(address("[::1]:7"), "[::1]:7");
    let pace = |text| load(None, &[], &[("pace", text)]).unwrap().pace_ms;
    assert_eq!((pace("max"), pace("250")), (Some(0), Some(250)));
}

#[test]
fn a_wrong_value_is_told_with_where_it_came_from() {
    let said = bad(&[("ZEROMESH_WORKERS", "many")], &[]);
    assert!(said.contains("environment ZEROMESH_WORKERS") && said.contains("0 to 1024"), "{said}");
    for (key, value, word) in [
        ("http.address", "nowhere", "ADDRESS:PORT"),
        ("listen", "tcp://x", "/ip4/"),
        ("pace", "fast", "max"),
        ("mdns", "perhaps", "true or false"),
        ("world", "big", "default, none"),
        ("log.level", "a=b=c", ""),
        ("mesh", "", "1 to 64"),
        ("http.connections_max", "0", "8 to"),
        ("http.token_file", "/does/not/exist", "cannot be read"),
    ] {
        let said = bad(&[], &[(key, value)]);
        assert!(
            said.contains("flag --flag") && said.contains(key) && said.contains(word),
            "{said}"
        );
    }
    let (_folder, path) = file("[http]\naddress = [1, 2]");
    let said = load(Some(&path), &[], &[]).unwrap_err().to_string();
    assert!(said.contains(path.to_str().unwrap()) && said.contains("one value"), "{said}");
}

#[test]
fn a_wrong_file_is_told_with_its_place() {
    let fails = |text: &str| {
        let (_folder, path) = file(text);
        load(Some(&path), &[], &[]).unwrap_err().to_string()
    };
    let said = fails("mesh = \"a\"\nname = ");
    assert!(said.contains("zeromesh.toml") && said.contains("line 2"), "{said}");
    let said = fails("[http]\nadress = \"127.0.0.1:1\"");
    assert!(said.contains("`http.adress`") && said.contains("`http.address`"), "{said}");
    let said = load(Some(Path::new("/does/not/exist")), &[], &[]).unwrap_err().to_string();
    assert!(said.contains("/does/not/exist"), "{said}");
}

#[test]
fn a_token_must_be_worth_the_name() {
    let with = |token: &str| {
        let (_folder, path) = file(token);
        load(None, &[("ZEROMESH_HTTP_TOKEN_FILE", path.to_str().unwrap())], &[])
            .map(|settings| settings.http_token)
            .map_err(|error| error.to_string())
    };
    assert_eq!(with("0123456789abcdef\n"), Ok(Some("0123456789abcdef".into())));
    assert!(with("short").unwrap_err().contains("16 characters"));
    assert!(with("0123456789 abcdef").unwrap_err().contains("no spaces"));
    assert!(with(&"x".repeat(5_000)).unwrap_err().contains("too long"));
}

#[test]
fn misspelt_variables_are_noticed() {
    let unknown = unknown_variables(&environment(&[
        ("ZEROMESH_MESH", "a"),
        ("ZEROMESH_MESSH", "a"),
        ("ZEROMESH_API", "a"),
        ("OTHER", "a"),
    ]));
    assert_eq!(unknown, ["ZEROMESH_MESSH"]);
}
