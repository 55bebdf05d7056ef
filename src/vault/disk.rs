//! Bytes to the disk and back: private files, whole or not at all, there after a power cut.
//!
//! Which file is written when is `save`'s business.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    path::Path,
    time::{Duration, SystemTime},
};

use super::{entries::entries, error::VaultError};

/// The largest vault file that is read, in bytes.
pub const MAX_VAULT: u64 = 64 << 20;
/// The largest identity file that is read, in bytes.
pub const MAX_IDENTITY: u64 = 1 << 20;

/// What is written without the lock has temporary files that may belong to somebody until they are so old.
const ABANDONED: Duration = Duration::from_mins(10);

/// Reads a file up to `limit` bytes.
///
/// # Errors
/// [`VaultError::Io`], also when the file is larger or no plain file.
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>, VaultError> {
    let failed = |source| VaultError::io("read", path, source);
    let file = File::open(path).map_err(failed)?;
    let facts = file.metadata().map_err(failed)?;
    if !facts.is_file() {
        return Err(failed(io::Error::other("not a plain file")));
    }
    if facts.len() > limit {
        return Err(failed(io::Error::other(format!("larger than {} MiB", limit >> 20))));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(facts.len()).unwrap_or(0) + 1);
    file.take(limit).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

/// Reads a file, `None` when there is none.
pub fn read_if_there(path: &Path, limit: u64) -> Result<Option<Vec<u8>>, VaultError> {
    match read(path, limit) {
        Err(VaultError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => Ok(None),
        other => other.map(Some),
    }
}

/// Makes a directory with mode 0700 if there is none, and whatever is missing above it: who can write above can
/// exchange what lies below. An empty directory that is ours is closed to others.
pub fn private_dir(path: &Path) -> Result<(), VaultError> {
    make_private(path).map_err(|source| VaultError::io("create", path, source))
}

fn make_private(path: &Path) -> io::Result<()> {
    match entries(path).map(|all| all.is_empty()) {
        Ok(true) => {}
        Ok(false) => return Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let above = path.parent().filter(|above| !above.as_os_str().is_empty() && !above.exists());
            above.map_or(Ok(()), make_private)?;
            create_closed(path)?;
            close_to_others(path, 0o700)?;
            return sync_dir(parent(path));
        }
        Err(error) => return Err(error),
    }
    close_to_others(path, 0o700)
}

/// Closed from its first moment; another process may have been faster.
fn create_closed(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Writes a new private file and lets it reach the disk. Whatever lay there under this name goes first: temporary
/// names belong to who holds the lock.
///
/// # Errors
/// What the system said; no file of that name remains then.
pub fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_new_by(path, |file| file.write_all(bytes))
}

/// The same with whatever `write` puts into the file.
pub fn write_new_by<T>(path: &Path, write: impl FnOnce(&mut File) -> io::Result<T>) -> io::Result<T> {
    remove_if_there(path)?;
    write_synced(path, write).inspect_err(|_| {
        let _ = fs::remove_file(path);
    })
}

/// Writes `path` whole or not at all: a temporary file beside it, fsync, rename, fsync of the directory.
pub fn replace(path: &Path, temporary: &Path, bytes: &[u8]) -> Result<(), VaultError> {
    let failed = |source| VaultError::io("save", path, source);
    write_new(temporary, bytes).map_err(failed)?;
    put_in_place(temporary, path)
}

/// Writes `path` whole or not at all, but may lose it in a power cut: for what can be missed.
pub fn replace_lightly(path: &Path, temporary: &Path, bytes: &[u8]) -> io::Result<()> {
    remove_if_there(temporary)?;
    create_private(temporary, OpenOptions::new().create_new(true))?.write_all(bytes)?;
    fs::rename(temporary, path)
}

/// Renames a finished temporary file to its name and lets the directory reach the disk.
pub fn put_in_place(temporary: &Path, path: &Path) -> Result<(), VaultError> {
    fs::rename(temporary, path).map_err(|source| {
        let _ = fs::remove_file(temporary);
        VaultError::io("save", path, source)
    })?;
    sync_dir(parent(path)).map_err(VaultError::Unconfirmed)
}

/// Keeps `from` under the further name `to`: a hard link, or a copy where the file system has none.
pub fn keep_as(from: &Path, to: &Path) -> io::Result<()> {
    match fs::hard_link(from, to) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(_) => write_new(to, &fs::read(from)?),
        Ok(()) => Ok(()),
    }
}

/// The directory of a path; the present one of a bare name.
pub fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Lets a directory's entries reach the disk.
pub fn sync_dir(path: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(path)?.sync_all() } else { Ok(()) }
}

/// Removes a file if there is one.
pub fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Removes temporary files (`*.tmp`) of a directory whose names are known and that are abandoned at `now`. What
/// cannot be removed stays.
pub fn sweep(dir: &Path, is_known: impl Fn(&str) -> bool, now: SystemTime) {
    let before = now.checked_sub(ABANDONED).unwrap_or(SystemTime::UNIX_EPOCH);
    for path in entries(dir).unwrap_or_default() {
        let is_temporary = path.extension().is_some_and(|end| end == "tmp");
        let name = path.file_name().and_then(|name| name.to_str());
        let named = is_temporary && name.is_some_and(&is_known);
        let written = fs::symlink_metadata(&path).and_then(|facts| facts.modified());
        if named && written.is_ok_and(|written| written < before) {
            let _ = fs::remove_file(path);
        }
    }
}

/// Opens a file for writing that nobody else can read, whatever the umask.
pub fn create_private(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    let file = options.write(true).open(path)?;
    close_file_to_others(&file)?;
    Ok(file)
}

fn write_synced<T>(path: &Path, write: impl FnOnce(&mut File) -> io::Result<T>) -> io::Result<T> {
    let mut file = create_private(path, OpenOptions::new().create_new(true))?;
    let written = write(&mut file)?;
    file.sync_all()?;
    Ok(written)
}

#[cfg(unix)]
fn close_file_to_others(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o600))
}

#[cfg(unix)]
fn close_to_others(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn close_file_to_others(_file: &File) -> io::Result<()> {
    Ok(())
}

#[cfg(not(unix))]
fn close_to_others(_path: &Path, _mode: u32) -> io::Result<()> {
    Ok(())
}
