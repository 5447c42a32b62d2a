//! The end of a log.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::Path;

/// The last lines of a file, or why there are none.
pub fn tail(file: &Path, lines: usize) -> String {
    match read_end(file) {
        Ok(text) => {
            let all: Vec<&str> = text.lines().collect();
            if all.is_empty() {
                return "(empty)".to_owned();
            }
            all[all.len().saturating_sub(lines)..].join("\n")
        }
        Err(error) => format!("({error})"),
    }
}

/// The end of a file of any size.
fn read_end(file: &Path) -> io::Result<String> {
    /// Enough for some hundreds of lines.
    const END_BYTES_MAX: u64 = 256 * 1024;

    let mut file = File::open(file)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(END_BYTES_MAX)))?;
    let mut bytes = Vec::new();
    file.take(END_BYTES_MAX).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use tempfile::TempDir;

    #[test]
    fn the_end_of_a_log_is_its_last_lines() {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("log");
        assert!(tail(&file, 2).starts_with('('), "a missing log is told as such");
        fs::write(&file, "").unwrap();
        assert_eq!(tail(&file, 2), "(empty)");
        fs::write(&file, "one\ntwo\nthree\n").unwrap();
        assert_eq!(tail(&file, 2), "two\nthree");
        assert_eq!(tail(&file, 9), "one\ntwo\nthree");
    }
}
