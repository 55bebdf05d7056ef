//! The picture as a file: private, under a name that nothing has yet.

use std::{
    env,
    fs::OpenOptions,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use crate::vault::disk;

/// Pixels of one module.
pub(super) const SCALE: u32 = 8;
/// More files of one name than this are not looked through.
const MOST: u32 = 1_000;
/// The longest part of a name that comes from an account.
const NAME_CHARS: usize = 40;

/// Writes the picture where the program was started, else into the home directory. Gives its name and the words for
/// the place.
pub(super) fn write(name: &str, bytes: &[u8]) -> io::Result<(String, &'static str)> {
    let here = env::current_dir().and_then(|dir| write_in(&dir, name, bytes));
    let here = here.map(|path| (path, "the directory that sesam was started in"));
    let (path, place) = here.or_else(|error| {
        let home = env::home_dir().ok_or(error)?;
        write_in(&home, name, bytes).map(|path| (path, "your home directory"))
    })?;
    Ok((path.file_name().unwrap_or_default().to_string_lossy().into_owned(), place))
}

/// Writes `sesam-NAME.png`, or with a number where that is there already.
fn write_in(dir: &Path, name: &str, bytes: &[u8]) -> io::Result<PathBuf> {
    let plain = plain(name);
    for number in 1..MOST {
        let number = if number == 1 { String::new() } else { format!("-{number}") };
        let path = dir.join(format!("sesam-{plain}{number}.png"));
        // Only a new file: a link that somebody laid there is not followed.
        match disk::create_private(&path, OpenOptions::new().create_new(true)) {
            Ok(mut file) => {
                let written = file.write_all(bytes).and_then(|()| file.sync_all());
                return written.map(|()| path.clone()).inspect_err(|_| {
                    let _ = disk::remove_if_there(&path);
                });
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::from(io::ErrorKind::AlreadyExists))
}

/// A name from outside as part of a file name.
fn plain(name: &str) -> String {
    let kept = |char: char| if char.is_alphanumeric() { char } else { '-' };
    let name: String = name.chars().take(NAME_CHARS).map(kept).collect();
    let name = name.trim_matches('-');
    if name.is_empty() { "qr".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_never_overwrites_and_nobody_else_can_read_it() {
        let dir = tempfile::tempdir().unwrap();
        for (name, file) in [
            ("Git/Hub", "sesam-Git-Hub.png"),
            ("Git/Hub", "sesam-Git-Hub-2.png"),
            ("../..", "sesam-qr.png"),
            ("\u{202e}株式", "sesam-株式.png"),
        ] {
            let path = write_in(dir.path(), name, b"picture").unwrap();
            assert_eq!(path, dir.path().join(file));
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt as _;
                assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
            }
        }
        assert!(write_in(&dir.path().join("missing"), "a", b"").is_err());
    }
}
