//! The repository of a project, as the API gives it and as git takes it.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::cli::{done, failed, zeromesh};
use crate::core::Core;

/// What git says in a folder; none if there is no git.
fn git(folder: &Path, args: &[&str]) -> Option<(bool, String)> {
    let said = Command::new("git").args(args).current_dir(folder).output().ok()?;
    let text = [said.stdout, said.stderr].concat();
    Some((said.status.success(), String::from_utf8(text).unwrap()))
}

#[tokio::test]
async fn a_project_is_exported_as_a_repository_that_git_finds_nothing_wrong_with() {
    let folder = tempfile::tempdir().unwrap();
    if git(folder.path(), &["--version"]).is_none() {
        return println!("skipped: there is no git here");
    }
    let core = Core::start().await;
    let target = folder.path().join("pear");
    let path = target.to_str().unwrap();
    let said = core.json(&["project", "export", "Project 3", "--git", path]).await;
    assert!(said["commits"].as_u64().unwrap() > 30, "{said}");
    let good = |args: &[&str]| {
        let (good, text) = git(&target, args).unwrap();
        assert!(good, "git {args:?}: {text}");
        text
    };
    let found = good(&["fsck", "--strict", "--full"]);
    assert!(!found.contains("error") && !found.contains("warning"), "{found}");
    assert_eq!(good(&["status", "--porcelain"]), "", "what is checked out is what is in it");
    let log = good(&["log", "--format=%an <%ae> %ad %s", "--date=format:%u %H %Y"]);
    assert!(log.lines().last().unwrap().contains("History before day"), "{log}");
    for line in log.lines() {
        let (author, rest) = line.split_once("> ").unwrap();
        assert!(author.ends_with("@pear-hne-gmbh.example"), "{author}");
        let mut date = rest.split(' ');
        let (weekday, hour) = (date.next().unwrap(), date.next().unwrap());
        assert!(("1"..="5").contains(&weekday) && ("09".."17").contains(&hour), "{line}");
    }
    assert!(good(&["log", "--merges", "--format=%s"]).contains("Merge task-"));
    let branches = good(&["branch", "--format=%(refname:short)"]);
    assert!(branches.lines().any(|branch| branch == "main"), "{branches}");
    assert_eq!(branches.lines().count() as u64, said["branches"].as_u64().unwrap());
    for branch in branches.lines() {
        good(&["checkout", "--quiet", branch]);
        assert!(target.join("README.md").is_file());
    }
    // Each commit that changed something says what; merges bring in what their branch did.
    assert!(good(&["log", "-p", "--first-parent", "main"]).contains("+++ b/"));
    let (code, why) = core.fails(&["project", "export", "Project 3", "--git", path]).await;
    assert_eq!(code, 4);
    assert!(why.contains("is not empty"), "{why}");
}

#[tokio::test]
async fn without_git_an_export_says_what_to_do_and_makes_nothing() {
    let core = Core::start().await;
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("pear");
    let mut command = zeromesh(&["project", "export", "Project 3", "--git"]);
    command.arg(&target).env("ZEROMESH_API", core.url()).env("PATH", folder.path());
    let (code, why) = failed(done(&mut command).await);
    assert_eq!(code, 1);
    assert!(why.contains("git is needed") && why.contains("git-scm.com"), "{why}");
    assert!(!target.exists());
}

#[tokio::test]
async fn files_commits_and_the_whole_can_be_asked_for_and_what_is_not_there_is_404() {
    let core = Core::start().await;
    let of = |rest: &str| format!("/api/v1/projects/Project%203/{rest}");
    let file = core.get(&of("files?path=README.md")).await;
    assert_eq!(file.status, 200);
    assert!(file.json::<Value>()["text"].as_str().unwrap().starts_with("# Pear"));
    assert_eq!(core.get(&of("files?path=nothing.rs")).await.status, 404);
    assert_eq!(core.get(&of("files?path=README.md&branch=none")).await.status, 404);
    let long = "x".repeat(2_000);
    assert_eq!(core.get(&of(&format!("files?path={long}"))).await.status, 422);
    assert_eq!(core.get(&of("commits/0")).await.status, 404);
    assert_eq!(core.get(&of("commits/first")).await.status, 422);
    assert_eq!(core.get(&of("runs/99999")).await.status, 404);
    let stream = core.get(&of("repository")).await;
    assert_eq!(stream.header("content-type"), "application/x-git-fast-import");
    assert!(stream.body.starts_with(b"feature done\n"));
}
