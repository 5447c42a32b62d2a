//! Where the `zeromesh` program is.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// Names the program to use, instead of the one built beside this.
pub const BINARY_VARIABLE: &str = "ZEROMESH_BIN";

/// There is no program to start.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoBinary {
    #[error("{BINARY_VARIABLE} names {}, which is not there", .0.display())]
    Named(PathBuf),
    #[error("the node program is not at {}; build it with `cargo build -p node`", .0.display())]
    NotBuilt(PathBuf),
    #[error("`cargo build -p node` failed; run it to see why")]
    BuildFailed,
}

/// Finds the program: [`BINARY_VARIABLE`], else the one in the same build folder as this process.
///
/// # Errors
/// There is none.
pub fn find() -> Result<PathBuf, NoBinary> {
    if let Some(named) = std::env::var_os(BINARY_VARIABLE).filter(|name| !name.is_empty()) {
        let named = PathBuf::from(named);
        return match std::path::absolute(&named) {
            Ok(path) if path.is_file() => Ok(path),
            _ => Err(NoBinary::Named(named)),
        };
    }
    let beside = build_folder().join(format!("zeromesh{}", std::env::consts::EXE_SUFFIX));
    if beside.is_file() { Ok(beside) } else { Err(NoBinary::NotBuilt(beside)) }
}

/// As [`find`], for tests: unless a program is named, cargo is asked to bring it up to date first,
/// once per process, so that a test never runs against yesterday's node.
///
/// # Errors
/// It cannot be built, or is not where it should be then.
pub fn build_and_find() -> Result<PathBuf, NoBinary> {
    static BUILT: OnceLock<bool> = OnceLock::new();
    let named = std::env::var_os(BINARY_VARIABLE).is_some_and(|name| !name.is_empty());
    if !named && !*BUILT.get_or_init(build) {
        return Err(NoBinary::BuildFailed);
    }
    find()
}

fn build() -> bool {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("in a workspace");
    let mut command = Command::new(cargo);
    command.args(["build", "--quiet", "--package", "node"]).current_dir(workspace);
    if !cfg!(debug_assertions) {
        command.arg("--release");
    }
    command.stdout(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// `target/debug` or the like, for a program there or a test in its `deps`.
fn build_folder() -> PathBuf {
    let here = std::env::current_exe().unwrap_or_default();
    let folder = here.parent().unwrap_or(Path::new("."));
    match folder.parent() {
        Some(above) if folder.ends_with("deps") => above.to_path_buf(),
        _ => folder.to_path_buf(),
    }
}
