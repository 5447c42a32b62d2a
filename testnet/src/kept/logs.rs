//! What a node has logged.

use std::fs::File;
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::time::Duration;

use testnet::processes::log::tail;

use super::error::Failure;
use super::folder::Folder;
use super::say::say;

/// Quick enough to look live.
const LOOK_EVERY: Duration = Duration::from_millis(200);

pub fn logs(dir: &Path, name: &str, follow: bool, lines: usize) -> Result<(), Failure> {
    let folder = Folder::look(dir)?;
    let state = folder.read_existing()?;
    let file = folder.log(&state.nodes[state.find(name)?]);
    let read = |file: &Path| File::open(file).map_err(Failure::io(file.display().to_string()));
    let mut open = read(&file)?;
    let mut at = open.metadata().map_or(0, |meta| meta.len());
    say!("{}", tail(&file, lines));
    if !follow {
        return Ok(());
    }
    loop {
        std::thread::sleep(LOOK_EVERY);
        let length = std::fs::metadata(&file).map_or(at, |meta| meta.len());
        if length < at {
            // It was put aside: a new one has begun
            (open, at) = (read(&file)?, 0);
        }
        match copy_from(&mut open, at) {
            Ok(copied) => at += copied,
            // The reader, such as `head`, has seen enough
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(()),
            Err(error) => return Err(Failure::io(file.display().to_string())(error)),
        }
    }
}

fn copy_from(file: &mut File, at: u64) -> io::Result<u64> {
    file.seek(SeekFrom::Start(at))?;
    let mut out = io::stdout().lock();
    let copied = io::copy(file, &mut out)?;
    out.flush()?;
    Ok(copied)
}
