//! The key of a node: its identity on the mesh and the signature under all it says.
//!
//! A file of 64 hexadecimal digits that only its owner may read. It is made whole or not at all, so
//! that a node killed while it starts for the first time does not find half a key. Never logged.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;

/// More than a key file ever has.
const FILE_BYTES_MAX: u64 = 1_024;

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error(
        "the key file {} is damaged: {reason}. Put a copy of it back; or move it away, and the node \
         starts with a new identity", path.display()
    )]
    Damaged { path: PathBuf, reason: &'static str },
    #[error("cannot {what} the key file {}: {source}", path.display())]
    Io {
        path: PathBuf,
        what: &'static str,
        #[source]
        source: io::Error,
    },
}

/// Loads the key, or makes one where there is none. Answers whether it is new. A file that others may
/// read is closed to them, with a warning.
pub fn load_or_create(path: &Path) -> Result<(SigningKey, bool), KeyError> {
    let failed = |what| move |source| KeyError::Io { path: path.to_path_buf(), what, source };
    match OpenOptions::new().read(true).open(path) {
        Ok(file) => {
            close_to_others(path, &file).map_err(failed("protect"))?;
            let mut text = String::new();
            match file.take(FILE_BYTES_MAX).read_to_string(&mut text) {
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                    let reason = "it is not text";
                    return Err(KeyError::Damaged { path: path.to_path_buf(), reason });
                }
                Err(error) => return Err(failed("read")(error)),
            }
            let key = parse(&text)
                .map_err(|reason| KeyError::Damaged { path: path.to_path_buf(), reason })?;
            Ok((key, false))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let secret = random().map_err(failed("make random bytes for"))?;
            create(path, &secret).map_err(failed("write"))?;
            // Read back: what counts is what is on disk, also if two nodes raced to make it.
            match load_or_create(path)? {
                (key, _) if key.to_bytes() == secret => Ok((key, true)),
                (key, _) => Ok((key, false)),
            }
        }
        Err(error) => Err(failed("open")(error)),
    }
}

fn parse(text: &str) -> Result<SigningKey, &'static str> {
    let digits = text.trim();
    if digits.is_empty() {
        return Err("it is empty");
    }
    if digits.len() != 64 || !digits.is_ascii() {
        return Err("it does not have 64 hexadecimal digits");
    }
    let mut secret = [0; 32];
    for (byte, pair) in secret.iter_mut().zip(digits.as_bytes().chunks(2)) {
        let digit = |c: u8| (c as char).to_digit(16).ok_or("it is not hexadecimal");
        *byte = (digit(pair[0])? * 16 + digit(pair[1])?) as u8;
    }
    Ok(SigningKey::from_bytes(&secret))
}

fn random() -> io::Result<[u8; 32]> {
    let mut secret = [0; 32];
    File::open("/dev/urandom")?.read_exact(&mut secret)?;
    Ok(secret)
}

/// Writes beside, flushes, and links to its name: it appears whole, and never over another.
fn create(path: &Path, secret: &[u8; 32]) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}", std::process::id()));
    let beside = PathBuf::from(beside);
    let _ = fs::remove_file(&beside);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
    let mut text: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    text.push('\n');
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    let linked = written.and_then(|()| match fs::hard_link(&beside, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    });
    let _ = fs::remove_file(&beside);
    linked?;
    File::open(folder)?.sync_all()
}

fn close_to_others(path: &Path, file: &File) -> io::Result<()> {
    let mode = file.metadata()?.permissions().mode();
    if mode & 0o077 != 0 {
        file.set_permissions(fs::Permissions::from_mode(0o600))?;
        tracing::warn!(
            path = %path.display(),
            "others could read the key file; it is closed to them now. If they may have copied it, \
             move it away and start with a new identity"
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_is_its_owners_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("data/key");
        let (made, new) = load_or_create(&path).expect("it is made");
        assert!(new);
        let (loaded, new) = load_or_create(&path).expect("it is loaded");
        assert!(!new);
        assert_eq!(made.to_bytes(), loaded.to_bytes());
        let mode = fs::metadata(&path).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let files = fs::read_dir(folder.path().join("data")).expect("a folder").count();
        assert_eq!(files, 1, "nothing is left beside it");
        let (other, _) = load_or_create(&folder.path().join("other")).expect("it is made");
        assert_ne!(made.to_bytes(), other.to_bytes());
    }

    #[test]
    fn a_key_open_to_others_is_closed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key");
        load_or_create(&path).expect("it is made");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("it is opened");
        load_or_create(&path).expect("it is loaded");
        let mode = fs::metadata(&path).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_damaged_key_is_refused_with_what_to_do_and_left_as_it_is() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key");
        let damaged: [&[u8]; 5] = [b"", b"\n", b"abc", &[b'g'; 64], &[0xff; 64]];
        for bytes in damaged {
            fs::write(&path, bytes).expect("it is written");
            let error = load_or_create(&path).expect_err("it is damaged");
            assert!(matches!(error, KeyError::Damaged { .. }), "{error}");
            assert!(error.to_string().contains("Put a copy of it back"), "{error}");
            assert_eq!(fs::read(&path).expect("it is there"), bytes);
        }
    }

    #[test]
    fn a_folder_in_the_place_of_the_key_is_an_error() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(matches!(load_or_create(folder.path()), Err(KeyError::Io { .. })));
    }
}
