//! Signals and the process table, without unsafe code.

use std::ffi::OsString;
use std::io;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

/// What can be done to a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// SIGKILL: it gets no chance to tidy up.
    Kill,
    /// SIGTERM: please end.
    Terminate,
    /// SIGSTOP: it stands still, with its connections open.
    Pause,
    /// SIGCONT.
    Resume,
}

/// Sends a signal.
///
/// # Errors
/// There is no such process, or it is somebody else's.
pub fn send(pid: u32, signal: Signal) -> io::Result<()> {
    let pid = i32::try_from(pid)
        .ok()
        .and_then(rustix::process::Pid::from_raw)
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "not a process id"))?;
    let signal = match signal {
        Signal::Kill => rustix::process::Signal::KILL,
        Signal::Terminate => rustix::process::Signal::TERM,
        Signal::Pause => rustix::process::Signal::STOP,
        Signal::Resume => rustix::process::Signal::CONT,
    };
    Ok(rustix::process::kill_process(pid, signal)?)
}

/// How a process stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Running,
    /// Stopped by SIGSTOP.
    Paused,
    /// There is none, or it has ended and only waits to be reaped.
    Gone,
}

/// How the node that keeps its data in `data` stands, if `pid` is that node. Process ids are used
/// again: a process of that number which does not name the folder on its command line is not ours.
pub fn standing_of_node(pid: u32, data: &Path) -> Standing {
    let Some((state, arguments)) = look_up(pid) else { return Standing::Gone };
    let ours = arguments.iter().any(|argument| Path::new(argument) == data);
    match state {
        'Z' | 'X' => Standing::Gone,
        _ if !ours => Standing::Gone,
        'T' => Standing::Paused,
        _ => Standing::Running,
    }
}

/// State letter and arguments of a process.
#[cfg(target_os = "linux")]
fn look_up(pid: u32) -> Option<(char, Vec<OsString>)> {
    use std::os::unix::ffi::OsStringExt as _;

    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // "pid (name) S …", where the name may hold anything, brackets too
    let state = stat.rsplit_once(") ")?.1.chars().next()?;
    let line = std::fs::read(format!("/proc/{pid}/cmdline")).ok()?;
    let arguments =
        line.split(|byte| *byte == 0).map(|part| OsString::from_vec(part.to_vec())).collect();
    Some((state, arguments))
}

/// State letter and arguments of a process. `ps` does not keep arguments with blanks apart, so a
/// data folder with a blank in its name is not recognised here.
#[cfg(not(target_os = "linux"))]
fn look_up(pid: u32) -> Option<(char, Vec<OsString>)> {
    let out = Command::new("ps").args(["-ww", "-o", "stat=,args=", "-p"]).arg(pid.to_string());
    let out = { out }.output().ok()?;
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    let mut parts = text.split_whitespace();
    let state = parts.next()?.chars().next()?;
    Some((state, parts.map(OsString::from).collect()))
}

/// Leaves the terminal and its session, then becomes the given program. Returns only if that fails.
pub fn detach_and_become(program: &[OsString]) -> io::Error {
    let Some((name, arguments)) = program.split_first() else {
        return io::Error::new(io::ErrorKind::InvalidInput, "no program was named");
    };
    if let Err(error) = rustix::process::setsid() {
        return error.into();
    }
    Command::new(name).args(arguments).exec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::processes::wait::wait_until;
    use std::process::{Child, Stdio};
    use std::time::Duration;

    /// A process that names `data` on its command line and does nothing.
    fn idle(data: &Path) -> Child {
        let mut command = Command::new("sh");
        command.args(["-c", "while :; do read line || exit; done", "idle"]).arg(data);
        command.stdin(Stdio::piped()).spawn().unwrap()
    }

    #[test]
    fn a_process_is_ours_only_if_it_names_our_folder() {
        let mut child = idle(Path::new("/nowhere/falcon"));
        // For an instant after it was started, a process has no command line yet
        wait_until("it to run", Duration::from_secs(5), || {
            standing_of_node(child.id(), Path::new("/nowhere/falcon")) == Standing::Running
        })
        .unwrap();
        assert_eq!(standing_of_node(child.id(), Path::new("/nowhere/heron")), Standing::Gone);
        child.kill().unwrap();
        child.wait().unwrap();
    }

    #[test]
    fn a_dead_process_is_gone_even_before_it_is_reaped() {
        let data = Path::new("/nowhere/osprey");
        let mut child = idle(data);
        send(child.id(), Signal::Kill).unwrap();
        wait_until("the end", Duration::from_secs(5), || {
            standing_of_node(child.id(), data) == Standing::Gone
        })
        .unwrap();
        child.wait().unwrap();
    }

    #[test]
    fn a_paused_process_is_seen_as_such() {
        let data = Path::new("/nowhere/kite");
        let mut child = idle(data);
        let stands = |standing| {
            wait_until("it", Duration::from_secs(5), || {
                standing_of_node(child.id(), data) == standing
            })
        };
        send(child.id(), Signal::Pause).unwrap();
        stands(Standing::Paused).unwrap();
        send(child.id(), Signal::Resume).unwrap();
        stands(Standing::Running).unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    #[test]
    fn nothing_is_sent_to_process_zero() {
        assert!(send(0, Signal::Kill).is_err());
        assert!(send(u32::MAX, Signal::Kill).is_err());
    }
}
