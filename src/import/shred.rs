//! Taking the file of an export away: overwritten, confirmed by the disk, removed.
//!
//! It is the best that a program can do, and no promise: a disk that writes elsewhere, a snapshot or a synced folder
//! may keep what was there.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    path::Path,
};

/// At most so much is written at once.
const BLOCK: usize = 64 << 10;

/// Overwrites a file and removes it. A link is not followed: what it leads to stays.
///
/// # Errors
/// When it is no plain file of one name, or the system refuses. It is removed as the last step only.
pub fn shred(path: &Path) -> io::Result<()> {
    let facts = fs::symlink_metadata(path)?;
    if !facts.is_file() {
        return Err(io::Error::other("it is no plain file"));
    }
    if has_other_names(&facts) {
        return Err(io::Error::other("it has another name elsewhere, which would lose its content too"));
    }
    let mut file = OpenOptions::new().write(true).open(path)?;
    let (zeros, mut left) = (vec![0; BLOCK], facts.len());
    while left > 0 {
        let some = usize::try_from(left).unwrap_or(BLOCK).min(BLOCK);
        file.write_all(&zeros[..some])?;
        left -= some as u64;
    }
    file.sync_all()?;
    drop(file);
    fs::remove_file(path)
}

#[cfg(unix)]
fn has_other_names(facts: &fs::Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(facts) > 1
}

#[cfg(not(unix))]
fn has_other_names(_facts: &fs::Metadata) -> bool {
    false
}

/// Who besides its owner can read a file, and its mode: `your group (0640)`.
#[cfg(unix)]
pub fn is_readable_by_others(path: &Path) -> Option<String> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = fs::metadata(path).ok()?.permissions().mode() & 0o777;
    let who = match mode & 0o044 {
        0 => return None,
        0o040 => "your group",
        _ => "everybody on this machine",
    };
    Some(format!("{who} ({mode:04o})"))
}

/// Not known on this system.
#[cfg(not(unix))]
pub fn is_readable_by_others(_path: &Path) -> Option<String> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(dir: &Path) -> std::path::PathBuf {
        let path = dir.join("export.json");
        std::fs::File::create(&path).unwrap().write_all(&vec![7; 100_000]).unwrap();
        path
    }

    #[test]
    fn a_file_goes_and_its_content_was_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        let path = file(dir.path());
        let mut open = fs::File::open(&path).unwrap();
        shred(&path).unwrap();
        assert!(!path.exists());
        let mut left = Vec::new();
        io::Read::read_to_end(&mut open, &mut left).unwrap();
        assert_eq!(left, vec![0; 100_000]);
    }

    #[cfg(unix)]
    #[test]
    fn what_lies_under_another_name_too_stays() {
        let dir = tempfile::tempdir().unwrap();
        let path = file(dir.path());
        let (link, twin) = (dir.path().join("link"), dir.path().join("twin"));
        std::os::unix::fs::symlink(&path, &link).unwrap();
        assert!(shred(&link).is_err());
        fs::hard_link(&path, &twin).unwrap();
        assert!(shred(&path).is_err() && shred(dir.path()).is_err());
        assert_eq!(fs::read(&twin).unwrap(), vec![7; 100_000]);
    }
}
