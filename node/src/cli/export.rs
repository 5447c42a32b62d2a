//! `zeromesh project export`: the repository of a project as a real one, by way of git.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde::Serialize;

use super::client::{Client, segment};
use super::exit::CliError;
use super::table::count;
use super::{Shown, shown};

/// What was written.
#[derive(Serialize)]
struct Exported {
    folder: String,
    commits: usize,
    branches: usize,
    tags: usize,
}

/// Writes the repository of a project into a folder, which must be empty or not there.
pub async fn export(client: &Client, project: &str, folder: &Path) -> Result<Shown, CliError> {
    let name = folder.display();
    if std::fs::read_dir(folder).is_ok_and(|mut inside| inside.next().is_some()) || folder.is_file()
    {
        let message =
            format!("{name} is not empty. Name a folder that is, or one that is not there yet.");
        return Err(CliError::refused(message));
    }
    git(Path::new("."), &["--version"], None)?;
    let path = format!("/api/v1/projects/{}/repository", segment(project));
    let stream = client.get_bytes(&path).await?;
    std::fs::create_dir_all(folder)
        .map_err(|error| CliError::failure(format!("cannot make {name}: {error}")))?;
    git(folder, &["init", "--quiet", "--initial-branch", "main"], None)?;
    git(folder, &["fast-import", "--quiet", "--done"], Some(&stream))?;
    git(folder, &["checkout", "--quiet", "main"], None)?;
    let lines = |args: &[&str]| git(folder, args, None).map(|said| said.lines().count());
    let exported = Exported {
        folder: name.to_string(),
        commits: lines(&["log", "--all", "--format=%h"])?,
        branches: lines(&["branch", "--list"])?,
        tags: lines(&["tag", "--list"])?,
    };
    let text = format!(
        "Wrote {} with {} on {} to {name}.\n",
        count(exported.commits, "commit"),
        count(exported.tags, "tag"),
        if exported.branches == 1 {
            "one branch".into()
        } else {
            format!("{} branches", exported.branches)
        },
    );
    Ok(shown(&exported, text))
}

/// Runs git in a folder. Settings of the person and of the machine play no part.
fn git(folder: &Path, args: &[&str], input: Option<&[u8]>) -> Result<String, CliError> {
    let mut command = Command::new("git");
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"] {
        command.env_remove(name);
    }
    let stdin = if input.is_some() { Stdio::piped() } else { Stdio::null() };
    let mut child = command
        .args(args)
        .current_dir(folder)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .stdin(stdin)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| {
            CliError::failure(format!(
                "git is needed to write a repository and cannot be started ({error}). Install it \
                 from https://git-scm.com, or take the stream from the API: \
                 GET /api/v1/projects/PROJECT/repository."
            ))
        })?;
    // git reads all of it before it says much; if it ends early, what it said tells why.
    let written = match (input, child.stdin.take()) {
        (Some(bytes), Some(mut stdin)) => stdin.write_all(bytes),
        _ => Ok(()),
    };
    let what = args.first().copied().unwrap_or_default();
    let done = child
        .wait_with_output()
        .map_err(|error| CliError::failure(format!("git {what} did not end well: {error}")))?;
    if !done.status.success() || written.is_err() {
        let said = String::from_utf8_lossy(&done.stderr);
        return Err(CliError::failure(format!("git {what} failed: {}", said.trim())));
    }
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}
