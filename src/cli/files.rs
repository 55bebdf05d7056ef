//! Files that a person named: written privately, never over something else without being told.

use std::path::Path;

use super::exit::{Exit, Failure};
use crate::vault::disk;

/// Writes a file with mode 0600, whole or not at all.
///
/// # Errors
/// A conflict when it is there already and `force` is not given.
pub fn write_private(path: &Path, bytes: &[u8], force: bool) -> Result<(), Failure> {
    if path.is_dir() {
        return Err(Failure::failed(format!("{} is a directory", path.display())));
    }
    if path.symlink_metadata().is_ok() && !force {
        let message = format!("{} is there already", path.display());
        return Err(
            Failure::new(Exit::Conflict, "exists", message).hint("name another file, or give --force")
        );
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    disk::replace(path, &disk::parent(path).join(format!(".{name}.{}.tmp", std::process::id())), bytes)?;
    Ok(())
}
