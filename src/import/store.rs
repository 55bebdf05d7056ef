//! The directories of `pass` and `gopass`: which entries there are, and the programs that decrypt them.
//!
//! Programs get their arguments one by one and no shell; a name of an entry is never an option.

use std::{
    ffi::OsString,
    fs,
    io::Read as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use zeroize::Zeroizing;

use super::batch::Unread;
use crate::{
    formats::{Decoded, FormatError, pass},
    vault::error::plain_words,
};

/// Who decrypts the entries of a store.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keeper {
    /// `gpg`, for `pass` and most stores of `gopass`.
    Gpg,
    /// `gopass`, for its stores under age.
    Gopass,
}

/// Reads the codes of a store. `may_ask`: gpg may ask for the passphrase of its key on the terminal.
///
/// # Errors
/// [`Unread`]: the directory is no store, the program is missing, or nothing can be decrypted.
pub(super) fn read(dir: &Path, may_ask: bool) -> Result<Decoded, Unread> {
    let keeper = keeper(dir)?;
    let mut entries = Vec::new();
    list(dir, keeper.ending(), 0, &mut entries)?;
    entries.sort();
    let (mut decoded, mut opened) = (Decoded::new(pass::NAME), false);
    for (number, path) in (1..).zip(&entries) {
        let inside = path.strip_prefix(dir).unwrap_or(path).with_extension("");
        let name = inside.to_string_lossy();
        let text = keeper.decrypt((dir, path), inside.clone().into_os_string(), may_ask)?;
        let taken = match &text {
            Some(text) => pass::entry(&name, &String::from_utf8_lossy(text), number, &mut decoded),
            None => pass::unread(&name, keeper.refusal(), number, &mut decoded),
        };
        taken?;
        opened |= text.is_some();
        if !opened && number == GIVE_UP {
            break;
        }
    }
    if opened || entries.is_empty() {
        return Ok(decoded);
    }
    Err(Unread::Undecrypted(keeper.program()))
}

/// Whether the directory is a store.
///
/// # Errors
/// [`Unread::Directory`]
pub(super) fn is_one(dir: &Path) -> Result<(), Unread> {
    keeper(dir).map(|_| ())
}

fn keeper(dir: &Path) -> Result<Keeper, Unread> {
    if dir.join(".gpg-id").is_file() {
        return Ok(Keeper::Gpg);
    }
    if dir.join(".age-recipients").is_file() {
        return Ok(Keeper::Gopass);
    }
    Err(Unread::Directory)
}

/// The files with this ending below, without hidden ones and links: those may lead anywhere.
fn list(dir: &Path, ending: &str, depth: usize, found: &mut Vec<PathBuf>) -> Result<(), Unread> {
    let failed = |error: std::io::Error| Unread::System(plain_words(&error));
    for item in fs::read_dir(dir).map_err(failed)? {
        let item = item.map_err(failed)?;
        let kind = item.file_type().map_err(failed)?;
        let path = item.path();
        if item.file_name().as_encoded_bytes().starts_with(b".") || kind.is_symlink() {
            continue;
        }
        if kind.is_dir() && depth < MAX_DEPTH {
            list(&path, ending, depth + 1, found)?;
        } else if kind.is_file() && path.extension().is_some_and(|own| own == ending) {
            if found.len() == MAX_FILES {
                return Err(FormatError::TooManyEntries.into());
            }
            found.push(path);
        }
    }
    Ok(())
}

impl Keeper {
    fn program(self) -> &'static str {
        if self == Self::Gpg { "gpg" } else { "gopass" }
    }

    fn ending(self) -> &'static str {
        if self == Self::Gpg { "gpg" } else { "age" }
    }

    fn refusal(self) -> &'static str {
        if self == Self::Gpg { "gpg could not decrypt it" } else { "gopass could not decrypt it" }
    }

    /// The text of an entry; `None` when the program did not open it.
    fn decrypt(
        self,
        (dir, path): (&Path, &Path),
        name: OsString,
        may_ask: bool,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, Unread> {
        let mut command = Command::new(self.program());
        match self {
            Self::Gpg => command.args(["--decrypt", "--quiet", "--batch", "--no-tty", "--"]).arg(path),
            // -n: as it stands; -f: also where the user lets gopass hide passwords.
            Self::Gopass => command.args(["show", "-n", "-f", "--"]).arg(name).env("PASSWORD_STORE_DIR", dir),
        };
        match terminal() {
            Some(terminal) if may_ask => command.env("GPG_TTY", terminal),
            _ if may_ask => &mut command,
            _ => command.env_remove("GPG_TTY"), // on the screens only a window may ask
        };
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut child =
            child.map_err(|error| Unread::NoProgram { program: self.program(), why: plain_words(&error) })?;
        let mut text = Zeroizing::new(Vec::with_capacity(4096));
        let read = child.stdout.take().map(|pipe| pipe.take(MAX_ENTRY + 1).read_to_end(&mut text));
        let ended = child.wait();
        let is_whole = matches!(read, Some(Ok(length)) if length as u64 <= MAX_ENTRY);
        Ok(Some(text).filter(|_| is_whole && ended.is_ok_and(|status| status.success())))
    }
}

/// The terminal on stdin, unless one is named already.
fn terminal() -> Option<PathBuf> {
    if std::env::var_os("GPG_TTY").is_some() {
        return None;
    }
    fs::read_link("/proc/self/fd/0")
        .ok()
        .filter(|path| path.starts_with("/dev/pts") || path.starts_with("/dev/tty"))
}

/// So often gpg may ask in vain.
const GIVE_UP: usize = 3;
const MAX_DEPTH: usize = 32;
const MAX_ENTRY: u64 = 1 << 20;
const MAX_FILES: usize = 10_000;
