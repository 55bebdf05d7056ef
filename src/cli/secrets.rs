//! Secrets on their way in: from stdin, a file, a file descriptor or a command, never from an argument.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Command, Stdio},
};

use zeroize::Zeroizing;

use super::{context::Context, exit::Failure};
use crate::crypt::passphrase::Passphrase;

/// The longest secret that is read, in bytes.
const LONGEST: u64 = 64 * 1024;

impl Context {
    /// The first line of a file, of stdin where the path is `-`. `option` is what named it.
    pub fn first_line(&self, path: &Path, option: &str) -> Result<Zeroizing<String>, Failure> {
        if path == Path::new("-") {
            let stdin = self.take_stdin(&format!("{option} -"), "Type or paste the secret")?;
            return first_line(stdin.lock(), "stdin");
        }
        let name = path.display().to_string();
        let file = File::open(path).map_err(|error| unreadable(&name, &error))?;
        self.report_readers(&file, &name)?;
        first_line(BufReader::new(file), &name)
    }

    /// All text of stdin or a file, up to `limit` bytes.
    pub fn whole_text(&self, path: &Path, option: &str, limit: u64) -> Result<Zeroizing<Vec<u8>>, Failure> {
        let mut bytes = Zeroizing::new(Vec::new());
        let name = path.display().to_string();
        let read = if path == Path::new("-") {
            self.take_stdin(option, "Paste it here")?.lock().take(limit + 1).read_to_end(&mut bytes)
        } else {
            let file = File::open(path).map_err(|error| unreadable(&name, &error))?;
            let kind = file.metadata().map_err(|error| unreadable(&name, &error))?.file_type();
            if kind.is_dir() {
                return Err(Failure::failed(format!("{name} is a directory, not a file")));
            }
            file.take(limit + 1).read_to_end(&mut bytes)
        };
        read.map_err(|error| unreadable(&name, &error))?;
        if bytes.len() as u64 > limit {
            return Err(Failure::failed(format!("{name} is larger than {} MiB, the limit", limit >> 20)));
        }
        Ok(bytes)
    }

    /// The passphrase in a file, or on stdin.
    pub fn passphrase_in(&self, path: &Path, option: &str) -> Result<Passphrase, Failure> {
        let text = self.first_line(path, option)?;
        Passphrase::new(&text)
            .ok_or_else(|| Failure::usage(format!("the first line of {} is empty", path.display())))
    }

    /// The passphrase from wherever the options, systemd or the settings say, before anybody is asked. It is read
    /// once: stdin has it only once.
    pub fn given_passphrase(&self) -> Result<Option<Passphrase>, Failure> {
        if self.passphrase.borrow().is_none() {
            *self.passphrase.borrow_mut() = self.read_given_passphrase()?;
        }
        Ok(self.passphrase.borrow().clone())
    }

    fn read_given_passphrase(&self) -> Result<Option<Passphrase>, Failure> {
        if let Some(number) = self.global.passphrase_fd {
            return self.passphrase_on(number).map(Some);
        }
        if let Some(path) = &self.global.passphrase_file {
            return self.passphrase_in(path, "--passphrase-file").map(Some);
        }
        if let Some(directory) = super::locations::variable("CREDENTIALS_DIRECTORY") {
            let path = Path::new(&directory).join("sesam");
            if path.is_file() {
                return self.passphrase_in(&path, "the systemd credential").map(Some);
            }
        }
        let command = &self.settings.config.vault.passphrase_command;
        if command.is_empty() { Ok(None) } else { passphrase_from(command).map(Some) }
    }

    fn passphrase_on(&self, descriptor: u32) -> Result<Passphrase, Failure> {
        let name = format!("descriptor {descriptor}");
        let text = if descriptor == 0 {
            self.first_line(Path::new("-"), "--passphrase-fd 0")?
        } else {
            let file =
                File::open(format!("/dev/fd/{descriptor}")).map_err(|error| unreadable(&name, &error))?;
            first_line(BufReader::new(file), &name)?
        };
        Passphrase::new(&text).ok_or_else(|| Failure::usage("--passphrase-fd gave an empty line"))
    }

    /// Says that others can read a file with a secret, or refuses it under `--strict`.
    pub fn report_readers(&self, file: &File, name: &str) -> Result<(), Failure> {
        if let Some(mode) = open_to_others(file) {
            let words = format!("others can read {name} (mode {mode:04o}); mend it with: chmod 600 {name}");
            if self.global.strict {
                return Err(Failure::new(super::exit::Exit::Refused, "permissions", words));
            }
            self.warn(&words);
        }
        Ok(())
    }
}

/// The first line of a reader, without its end.
pub fn first_line(reader: impl BufRead, name: &str) -> Result<Zeroizing<String>, Failure> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(256));
    reader.take(LONGEST).read_until(b'\n', &mut bytes).map_err(|error| unreadable(name, &error))?;
    let text =
        std::str::from_utf8(&bytes).map_err(|_| Failure::usage(format!("{name} is not UTF-8 text")))?;
    Ok(Zeroizing::new(text.trim_end_matches(['\n', '\r']).to_owned()))
}

fn passphrase_from(command: &[String]) -> Result<Passphrase, Failure> {
    let (program, arguments) = (&command[0], &command[1..]);
    let failed = |why: &str| Failure::failed(format!("vault.passphrase_command ({program}) {why}"));
    let mut process = Command::new(program);
    process.args(arguments).stdin(Stdio::null()).stderr(Stdio::inherit());
    let output = process.output().map_err(|error| failed(&format!("could not be run: {error}")))?;
    let printed = Zeroizing::new(output.stdout);
    if !output.status.success() {
        return Err(failed(&format!("failed: {}", output.status)));
    }
    let line = first_line(printed.as_slice(), "its output")?;
    Passphrase::new(&line).ok_or_else(|| failed("printed an empty line"))
}

fn unreadable(name: &str, error: &std::io::Error) -> Failure {
    let words = match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    };
    Failure::failed(format!("could not read {name}: {words}"))
}

#[cfg(unix)]
fn open_to_others(file: &File) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    let facts = file.metadata().ok().filter(std::fs::Metadata::is_file)?;
    let mode = facts.permissions().mode() & 0o777;
    (mode & 0o077 != 0).then_some(mode)
}

#[cfg(not(unix))]
fn open_to_others(_file: &File) -> Option<u32> {
    None
}
