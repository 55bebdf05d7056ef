//! `sesamd serve --dev`: everything in a temporary directory, with users, applications and a history to look at.

use std::{
    fs::OpenOptions,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{failure::Failure, key};
use crate::{
    clock::{Clock, SystemClock},
    output,
    server::{
        config::Config,
        domain::administrator::Role,
        listen::Listener,
        random,
        run::{Opened, RunError, open},
        sample,
        seal::key_file,
    },
};

/// A directory that goes with the server.
#[derive(Debug)]
pub(super) struct Directory(PathBuf);

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Makes the directory, fills the database, and says what to type.
pub(super) async fn prepare() -> Result<(Opened, Directory), Failure> {
    let directory = directory()?;
    let path = directory.0.join("sesamd.toml");
    let text = "[server]\nlisten = \"127.0.0.1:0\"\n[database]\nurl = \"sqlite:sesamd.db\"\nkey_file = \"sesamd.key\"\n";
    let config = Config::parse(text, &path).map_err(RunError::from)?;
    key_file::create(&config.database.key_file, &random::bytes(random::system)).map_err(RunError::from)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let passwords = sample::fill(&config, &clock).await?;
    let opened = open(config, clock).await?;
    let token = key::make(&opened.service, "dev", Role::Owner, Some(1)).await?;
    keep(&directory.token(), token.expose()).map_err(|error| failure(&directory.token(), &error))?;
    output::say(&format!("Users: {passwords}"));
    Ok((opened, directory))
}

impl Directory {
    /// Where the token of an administrator lies: it goes with the server.
    fn token(&self) -> PathBuf {
        self.0.join("token")
    }
}

fn keep(path: &Path, token: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(token.as_bytes())
}

fn failure(path: &Path, error: &io::Error) -> Failure {
    Failure { sentence: format!("{} cannot be made: {error}", path.display()), hint: None, code: 1 }
}

/// What to type in another terminal. The token lies in a file, so that no keyring is needed.
pub(super) fn say(listeners: &[Listener], directory: &Directory) {
    let Some(listener) = listeners.last() else { return };
    output::say("In another terminal:");
    let line = format!(
        "sesam admin server add dev --provider sesamd --url http://{} --kind LAB --token file:{}",
        listener.address,
        directory.token().display()
    );
    let _ = output::data(&format!("{line}\nsesam admin -s dev\n"));
}

fn directory() -> Result<Directory, Failure> {
    let name = format!("sesamd-dev-{}", data_encoding::HEXLOWER.encode(&random::bytes::<8>(random::system)));
    let path = std::env::temp_dir().join(name);
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(&path) {
        Ok(()) => Ok(Directory(path)),
        Err(error) => Err(failure(&path, &error)),
    }
}
