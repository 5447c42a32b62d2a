//! Builds the dashboard with npm and Vite into `OUT_DIR` and writes the table of its files that
//! `embed/lib.rs` includes. The source tree is left alone, but for `node_modules`.
//!
//! What can be set in the environment:
//! - `WEB_UI=auto` (the default): build; without Node embed a page that says why and how to mend it;
//! - `WEB_UI=require`: without the dashboard the build fails (releases, CI);
//! - `WEB_UI=skip`: always embed that page;
//! - `WEB_UI_DIST=dir`: embed files that were built before (`npm run build`).

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::{env, fs, io};

/// Vite needs it.
const NODE_MIN: (u32, u32) = (20, 19);
/// What a change of means another build.
const SOURCES: [&str; 8] = [
    "src",
    "build",
    "index.html",
    "package.json",
    "package-lock.json",
    "svelte.config.js",
    "tsconfig.json",
    "vite.config.ts",
];
const PACKED: [&str; 2] = [".br", ".gz"];

/// What is asked for by `WEB_UI`.
#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Auto,
    Require,
    Skip,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("cargo::error={}", one_line(&error));
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    tell_cargo_what_matters();
    let out =
        PathBuf::from(env::var("OUT_DIR").map_err(|_| "run by cargo only: OUT_DIR is not set")?);
    let source =
        PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(|_| "CARGO_MANIFEST_DIR is not set")?);
    let mode = mode()?;
    let files = match given_dist()?.map_or_else(|| dist(mode, &source, &out), Ok) {
        Ok(dist) => list(&dist)?,
        Err(why) if mode == Mode::Require => {
            return Err(format!("the dashboard was not built: {why}"));
        }
        Err(why) => {
            if mode == Mode::Auto {
                println!("cargo::warning=the dashboard was not built: {}", one_line(&why));
                println!("cargo::warning={}", one_line(REMEDY));
            }
            vec![page_without_dashboard(&out, &why)?]
        }
    };
    if !files.iter().any(|file| file.path == "index.html") {
        return Err("the built dashboard has no index.html".to_owned());
    }
    let built = files.len() > 1;
    write(&out.join("assets.rs"), &table(&files, built)?)
}

/// How to get the dashboard, in words.
const REMEDY: &str = "Install Node 20.19 or newer with npm and build again, or set WEB_UI_DIST to a folder \
                      with the built dashboard. The API and the command line work without it.";

fn tell_cargo_what_matters() {
    for name in ["WEB_UI", "WEB_UI_DIST", "PATH"] {
        println!("cargo::rerun-if-env-changed={name}");
    }
    for path in SOURCES {
        println!("cargo::rerun-if-changed={path}");
    }
}

fn mode() -> Result<Mode, String> {
    match env::var("WEB_UI").as_deref() {
        Err(_) | Ok("" | "auto") => Ok(Mode::Auto),
        Ok("require") => Ok(Mode::Require),
        Ok("skip") => Ok(Mode::Skip),
        Ok(other) => Err(format!("WEB_UI={other} is not known; it is auto, require or skip")),
    }
}

/// The folder named by `WEB_UI_DIST`. Who names one wants that one: without files in it nothing is built.
fn given_dist() -> Result<Option<PathBuf>, String> {
    let Ok(given) = env::var("WEB_UI_DIST") else { return Ok(None) };
    println!("cargo::rerun-if-changed={given}");
    let given = PathBuf::from(given);
    if !given.join("index.html").is_file() {
        return Err(format!("WEB_UI_DIST={} has no index.html", given.display()));
    }
    Ok(Some(given))
}

/// Builds the dashboard into `out` and gives the folder, or says why it could not.
fn dist(mode: Mode, source: &Path, out: &Path) -> Result<PathBuf, String> {
    if mode == Mode::Skip {
        return Err("WEB_UI=skip was set".to_owned());
    }
    let dist = out.join("dist");
    check_node()?;
    install(source)?;
    let target = dist.to_str().ok_or("the path of OUT_DIR is not UTF-8")?;
    npm(source, &["run", "build", "--", "--outDir", target, "--emptyOutDir"])?;
    Ok(dist)
}

fn check_node() -> Result<(), String> {
    let output = Command::new("node")
        .arg("--version")
        .output()
        .map_err(|_| "`node` is not on the PATH".to_owned())?;
    let text = String::from_utf8_lossy(&output.stdout);
    let mut numbers =
        text.trim().trim_start_matches('v').split('.').map(|part| part.parse().unwrap_or(0));
    let version = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if version < NODE_MIN {
        let (major, minor) = NODE_MIN;
        return Err(format!(
            "Node {} is too old; {major}.{minor} is the oldest that works",
            text.trim()
        ));
    }
    Ok(())
}

/// `npm ci`, if what is installed is older than the lock file.
fn install(source: &Path) -> Result<(), String> {
    let changed = |path: PathBuf| fs::metadata(path).and_then(|data| data.modified()).ok();
    let locked = changed(source.join("package-lock.json"));
    let installed = changed(source.join("node_modules/.package-lock.json"));
    if installed.is_some() && installed >= locked {
        return Ok(());
    }
    npm(source, &["ci", "--no-audit", "--no-fund"])
}

fn npm(source: &Path, arguments: &[&str]) -> Result<(), String> {
    let program = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let said = format!("npm {}", arguments.join(" "));
    let output = Command::new(program)
        .args(arguments)
        .current_dir(source)
        .output()
        .map_err(|error| format!("`{said}` could not be run: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let (stdout, stderr) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    Err(format!("`{said}` failed:\n{stdout}\n{stderr}"))
}

/// A file of the dashboard.
struct File {
    /// As in the address, without the first slash.
    path: String,
    on_disk: PathBuf,
}

/// All files to serve, in order of path; Vite's own notes (in a folder with a dot) are left out.
fn list(dist: &Path) -> Result<Vec<File>, String> {
    let mut files = Vec::new();
    walk(dist, "", &mut files)
        .map_err(|error| format!("{} could not be read: {error}", dist.display()))?;
    files.retain(|file| !PACKED.iter().any(|ending| file.path.ends_with(ending)));
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn walk(folder: &Path, prefix: &str, files: &mut Vec<File>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        let path = format!("{prefix}{name}");
        if entry.file_type()?.is_dir() {
            walk(&entry.path(), &format!("{path}/"), files)?;
        } else {
            files.push(File { path, on_disk: fs::canonicalize(entry.path())? });
        }
    }
    Ok(())
}

/// The page that is served where there is no dashboard.
fn page_without_dashboard(out: &Path, why: &str) -> Result<File, String> {
    let on_disk = out.join("without-dashboard.html");
    let page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Zeromesh without its dashboard</title>\n\
         <h1>This program was built without its dashboard</h1>\n<pre>{}</pre>\n<p>{}</p>\n\
         <p>The API is here: <a href=\"/api/v1/status\">/api/v1/status</a></p>\n</html>\n",
        escape(why.trim()),
        escape(REMEDY)
    );
    write(&on_disk, &page)?;
    Ok(File { path: "index.html".to_owned(), on_disk })
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The Rust source of the table.
fn table(files: &[File], built: bool) -> Result<String, String> {
    let mut text = format!(
        "/// Whether the dashboard is in this build; else there is one page that says why not.\n\
         pub const BUILT: bool = {built};\nstatic ASSETS: &[Asset] = &[\n"
    );
    for file in files {
        let body = fs::read(&file.on_disk)
            .map_err(|error| format!("{} could not be read: {error}", file.on_disk.display()))?;
        writeln!(
            text,
            "    Asset {{ path: {:?}, mime: {:?}, etag: \"\\\"{:016x}\\\"\", raw: include_bytes!({:?}), br: {}, gz: {} }},",
            file.path,
            mime(&file.path),
            fnv1a(&body),
            file.on_disk,
            packed(file, PACKED[0]),
            packed(file, PACKED[1]),
        )
        .map_err(|error| error.to_string())?;
    }
    text.push_str("];\n");
    Ok(text)
}

/// The file made beforehand with this ending, as an expression.
fn packed(file: &File, ending: &str) -> String {
    let path = format!("{}{ending}", file.on_disk.display());
    if Path::new(&path).is_file() {
        format!("Some(include_bytes!({path:?}))")
    } else {
        "None".to_owned()
    }
}

fn mime(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

/// FNV-1a, 64 bits: an ETag only has to differ between two builds.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text)
        .map_err(|error| format!("{} could not be written: {error}", path.display()))
}

/// Cargo takes a message of one line.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
