//! Free space and space used.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use super::StoreError;

/// What an ordinary user may still write on the disk of this folder.
pub(super) fn free_bytes(path: &Path) -> Result<u64, StoreError> {
    let stats = rustix::fs::statvfs(path).map_err(|error| StoreError::Io {
        path: path.to_path_buf(),
        what: "see how much space is free",
        source: Arc::new(error.into()),
    })?;
    Ok(stats.f_bavail.saturating_mul(stats.f_frsize))
}

/// What the files under this folder take on disk: blocks, as sparse files are shorter than they look.
pub(super) fn used_bytes(path: &Path) -> Result<u64, StoreError> {
    walk(path).map_err(|error| StoreError::Io {
        path: path.to_path_buf(),
        what: "see how much space is used",
        source: Arc::new(error),
    })
}

fn walk(path: &Path) -> io::Result<u64> {
    use std::os::unix::fs::MetadataExt;
    let mut total = 0;
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        match entry.metadata() {
            Ok(meta) if meta.is_dir() => total += walk(&entry.path())?,
            Ok(meta) => total += meta.blocks() * 512,
            // Gone meanwhile: sled replaces its logs.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(total)
}
