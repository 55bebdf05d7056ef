//! What lies in a directory.
//!
//! Not by `std::fs::read_dir`: that panics when the system reports an error at the closing, as a network disk may do.

use std::{
    io,
    path::{Path, PathBuf},
};

/// The paths in a directory, in no order.
#[cfg(unix)]
pub fn entries(dir: &Path) -> io::Result<Vec<PathBuf>> {
    use std::{ffi::OsStr, fs::File, os::unix::ffi::OsStrExt};

    let listing = rustix::fs::Dir::new(File::open(dir)?)?;
    let names = listing
        .filter(|entry| entry.as_ref().map_or(true, |entry| ![c".", c".."].contains(&entry.file_name())));
    names.map(|entry| Ok(dir.join(OsStr::from_bytes(entry?.file_name().to_bytes())))).collect()
}

/// The paths in a directory, in no order.
#[cfg(not(unix))]
pub fn entries(dir: &Path) -> io::Result<Vec<PathBuf>> {
    std::fs::read_dir(dir)?.map(|entry| Ok(entry?.path())).collect()
}
