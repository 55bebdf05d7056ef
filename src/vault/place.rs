//! Where the files of a vault lie, and who can reach them.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The directory of one vault, absolute, and the name of the vault file in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    dir: PathBuf,
    file: String,
}

impl Place {
    /// Takes a directory, or the vault file in one.
    pub fn new(path: &Path) -> Self {
        let is_file = path.is_file() || (!path.is_dir() && path.extension().is_some_and(|end| end == "age"));
        let (dir, file) = match (is_file, path.parent(), path.file_name()) {
            (true, Some(dir), Some(file)) => (dir, file.to_string_lossy().into_owned()),
            _ => (path, "vault.age".to_owned()),
        };
        let dir = if dir.as_os_str().is_empty() { Path::new(".") } else { dir };
        let dir =
            fs::canonicalize(dir).or_else(|_| std::path::absolute(dir)).unwrap_or_else(|_| dir.to_owned());
        Self { dir, file }
    }

    /// The directory.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The encrypted accounts.
    pub fn vault(&self) -> PathBuf {
        self.dir.join(&self.file)
    }

    /// The passphrase-protected identity.
    pub fn identity(&self) -> PathBuf {
        self.dir.join("identity.age")
    }

    /// How often accounts were used.
    pub fn usage(&self) -> PathBuf {
        self.dir.join("usage.age")
    }

    /// Tokens of MFA servers.
    pub fn tokens(&self) -> PathBuf {
        self.dir.join("tokens.age")
    }

    /// The file that is locked while the vault is written.
    pub fn lock(&self) -> PathBuf {
        self.dir.join("vault.lock")
    }

    /// Earlier versions of the vault, and a copy of the identity.
    pub fn backups(&self) -> PathBuf {
        self.dir.join("backups")
    }

    /// The copy of the identity that stays when `identity.age` is damaged.
    pub fn identity_copy(&self) -> PathBuf {
        self.backups().join("identity.age")
    }

    /// Whether there is a vault.
    pub fn has_vault(&self) -> bool {
        self.vault().exists()
    }

    /// What others on this machine can read or change, one sentence each with the command that mends it.
    pub fn open_to_others(&self) -> Vec<String> {
        let files = [self.vault(), self.identity(), self.usage(), self.tokens()];
        let dirs = [self.dir.clone(), self.backups()];
        let files = files.iter().filter_map(|path| sentence(path, 0o600));
        files.chain(dirs.iter().filter_map(|path| sentence(path, 0o700))).collect()
    }
}

#[cfg(unix)]
fn sentence(path: &Path, wanted: u32) -> Option<String> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(path).ok()?.permissions().mode() & 0o777;
    let verb = match mode & 0o077 {
        0 => return None,
        bits if bits & 0o022 != 0 => "change",
        _ => "read",
    };
    let path = path.display();
    Some(format!("others can {verb} {path} (mode {mode:04o}); mend it with: chmod {wanted:o} {path}"))
}

#[cfg(not(unix))]
fn sentence(_path: &Path, _wanted: u32) -> Option<String> {
    None
}
