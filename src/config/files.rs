//! Reading the files of the configuration: the one place of this room that touches the world.

use std::fmt;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use super::error::ConfigError;
use super::toml_text::Lines;

/// A file as it was read.
#[derive(Clone, PartialEq, Eq)]
pub struct FileText {
    /// Where it is.
    pub path: PathBuf,
    /// What it says.
    pub text: String,
}

impl FileText {
    /// Joins the two.
    pub fn new(path: impl Into<PathBuf>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into() }
    }
}

/// Without the text: it has not been looked through for secrets yet.
impl fmt::Debug for FileText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileText").field("path", &self.path).finish_non_exhaustive()
    }
}

/// Where files may be. `None` is not looked for.
#[derive(Debug, Clone, Default)]
pub struct Locations {
    /// `/etc/sesam/config.toml`; may be missing.
    pub system: Option<PathBuf>,
    /// `sesam/config.toml` in the user's configuration directory; may be missing.
    pub user: Option<PathBuf>,
    /// The one of `--config`; must be there.
    pub named: Option<PathBuf>,
}

/// Reads what is there, the weakest first.
///
/// Fails on a file that cannot be read, is no UTF-8, is larger than 256 KiB, or that others may write:
/// it names commands to run.
pub fn read_files(locations: &Locations) -> Result<Vec<FileText>, ConfigError> {
    let mut files = Vec::new();
    for path in [&locations.system, &locations.user].into_iter().flatten() {
        match read(path) {
            Err(ConfigError::Unreadable { source, .. }) if source.kind() == ErrorKind::NotFound => {}
            read => files.push(read?),
        }
    }
    if let Some(path) = &locations.named {
        files.push(read(path)?);
    }
    Ok(files)
}

fn read(path: &Path) -> Result<FileText, ConfigError> {
    let unreadable = |source| ConfigError::Unreadable { path: path.to_owned(), source };
    let file = File::open(path).map_err(unreadable)?;
    refuse_exposed(path, &file)?;
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST {
        return Err(ConfigError::TooLarge { path: path.to_owned(), most: LARGEST });
    }
    to_text(path, bytes)
}

fn to_text(path: &Path, bytes: Vec<u8>) -> Result<FileText, ConfigError> {
    String::from_utf8(bytes).map(|text| FileText::new(path, text)).map_err(|error| {
        let sound = error.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(&error.as_bytes()[..sound]);
        Lines::new(path, &text).syntax(sound, "not UTF-8")
    })
}

/// Asks the open file, so that no other can be put in its place. A pipe (`--config <(…)`) has no such bits.
#[cfg(unix)]
fn refuse_exposed(path: &Path, file: &File) -> Result<(), ConfigError> {
    use std::os::unix::fs::PermissionsExt;
    let metadata =
        file.metadata().map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })?;
    let mode = metadata.permissions().mode() & 0o777;
    if metadata.is_file() && mode & 0o022 != 0 {
        return Err(ConfigError::Exposed { path: path.to_owned(), mode });
    }
    Ok(())
}

#[cfg(not(unix))]
fn refuse_exposed(_: &Path, _: &File) -> Result<(), ConfigError> {
    Ok(())
}

/// In bytes.
const LARGEST: u64 = 256 * 1024;
