//! The key file: outside the database, for its owner alone. Without it no seed can be read, and no backup of the
//! database holds it.

use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use data_encoding::HEXLOWER;
use zeroize::Zeroizing;

use super::keys::Keys;

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyFileError {
    /// It cannot be read or written.
    #[error("the key file {} cannot be used: {error}", path.display())]
    Io {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        #[source]
        error: io::Error,
    },
    /// It belongs to somebody else.
    #[error("the key file {} belongs to another user: give it to the one who runs sesamd", .0.display())]
    NotOwned(PathBuf),
    /// Others may read or change it.
    #[error("the key file {} may be read by others: set its mode to 0600", .0.display())]
    Open(PathBuf),
    /// What it holds are no keys.
    #[error("line {line} of the key file {} is no key: restore it from its copy", path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Which line, from 1; the line after the last for a file without a key.
        line: usize,
    },
}

/// Reads the keys, after a look at who else might.
pub fn read(path: &Path) -> Result<Keys, KeyFileError> {
    let io = |error| KeyFileError::Io { path: path.to_owned(), error };
    let mut file = File::open(path).map_err(io)?;
    check(path, &file.metadata().map_err(io)?)?;
    let mut text = Zeroizing::new(String::with_capacity(MAX_BYTES));
    Read::by_ref(&mut file).take(MAX_BYTES as u64).read_to_string(&mut text).map_err(io)?;
    parse(&text).map_err(|line| KeyFileError::Unreadable { path: path.to_owned(), line })
}

/// Makes a file with one key, which must not be there yet, and reads it back.
pub fn create(path: &Path, key: &[u8; 32]) -> Result<Keys, KeyFileError> {
    let io = |error| KeyFileError::Io { path: path.to_owned(), error };
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let hex = Zeroizing::new(HEXLOWER.encode(key));
    let text = Zeroizing::new(format!("{HEAD}1 = {}\n", hex.as_str()));
    let mut file = options.open(path).map_err(io)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    let written = written.and_then(|()| sync_directory(path));
    if let Err(error) = written {
        let _ = fs::remove_file(path);
        return Err(io(error));
    }
    read(path)
}

/// The keys, or the number of the line that is none.
fn parse(text: &str) -> Result<Keys, usize> {
    let mut keys = BTreeMap::new();
    for (nth, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (version, hex) = line.split_once('=').ok_or(nth)?;
        let version: u32 = version.trim().parse().ok().filter(|version| *version > 0).ok_or(nth)?;
        let bytes = Zeroizing::new(HEXLOWER.decode(hex.trim().as_bytes()).map_err(|_| nth)?);
        let key = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| nth)?;
        if keys.insert(version, Zeroizing::new(key)).is_some() {
            return Err(nth);
        }
    }
    Keys::new(keys).map_err(|_| text.lines().count() + 1)
}

#[cfg(unix)]
fn check(path: &Path, facts: &fs::Metadata) -> Result<(), KeyFileError> {
    use std::os::unix::fs::MetadataExt;
    if facts.uid() != rustix::process::geteuid().as_raw() {
        return Err(KeyFileError::NotOwned(path.to_owned()));
    }
    if facts.mode() & 0o077 != 0 {
        return Err(KeyFileError::Open(path.to_owned()));
    }
    Ok(())
}

#[cfg(not(unix))]
fn check(_: &Path, _: &fs::Metadata) -> Result<(), KeyFileError> {
    Ok(())
}

fn sync_directory(path: &Path) -> io::Result<()> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    if cfg!(unix) { File::open(parent.unwrap_or(Path::new(".")))?.sync_all() } else { Ok(()) }
}

const HEAD: &str = "# The key of sesamd. Keep a copy of it, but never beside a backup of the database:\n\
                    # without this file no authenticator can be read again.\n";
const MAX_BYTES: usize = 64 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_file_is_made_once_and_read_back() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        let made = create(&path, &[7; 32]).unwrap();
        assert_eq!(read(&path).unwrap().fingerprint(), made.fingerprint());
        assert!(matches!(create(&path, &[8; 32]), Err(KeyFileError::Io { .. })), "never written over");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_may_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        create(&path, &[7; 32]).unwrap();
        for (mode, fine) in [(0o600, true), (0o400, true), (0o640, false), (0o604, false), (0o620, false)] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(read(&path).is_ok(), fine, "{mode:o}");
        }
    }

    #[test]
    fn what_is_no_key_is_named_by_its_line_and_not_shown() {
        let key = "07".repeat(32);
        assert_eq!(parse(&format!("# x\n\n1 = {key}\n2={key}\n")).unwrap().newest(), 2);
        for (text, line) in [
            (String::new(), 1),
            ("# only words\n".into(), 2),
            (format!("1 = {key}\n1 = {key}\n"), 2),
            (format!("0 = {key}"), 1),
            (format!("1 = {}", &key[2..]), 1),
            (format!("1 : {key}"), 1),
        ] {
            assert_eq!(parse(&text).unwrap_err(), line, "{text}");
        }
    }
}
