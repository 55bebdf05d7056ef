//! `sesamd backup` and `sesamd restore`: a copy of an SQLite database, and a copy that is put in place.

use std::{
    fs::{self, File, OpenOptions},
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::failure::Failure;
use crate::{
    clock::SystemClock,
    output,
    server::{
        config::Config,
        run::{RunError, open},
        store::{
            backup::{Epoch, copy, settle},
            database::Place,
            rows::Scene,
        },
    },
};

/// The file of `sesamd backup` and `sesamd restore`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The backup
    file: PathBuf,
}

pub(super) async fn backup(path: &Path, arguments: Arguments) -> Result<(), Failure> {
    let config = Config::read(path).map_err(RunError::from)?;
    let (place, from) = sqlite(&config, "pg_dump --format=custom writes a backup of PostgreSQL")?;
    if !from.exists() {
        return Err(failure(format!("there is no database at {}", from.display())));
    }
    let to = &arguments.file;
    create(to).map_err(|error| failure(format!("{} cannot be made: {error}", to.display())))?;
    let done = copied(&place, to, &config).await;
    if done.is_err() {
        let _ = fs::remove_file(to);
    }
    done?;
    output::say(&format!("Backup: {} (its audit holds). The key file is not in it.", to.display()));
    Ok(())
}

/// A copy whose audit holds.
async fn copied(place: &Place, to: &Path, config: &Config) -> Result<(), Failure> {
    let text = to.to_str().ok_or_else(|| failure("the name of the backup is no Unicode".into()))?;
    let mut connection = place.connect(PATIENCE).await?;
    copy(&mut connection, text).await?;
    File::open(to).and_then(|file| file.sync_all()).map_err(|error| failure(error.to_string()))?;
    verified(to, config).await
}

pub(super) async fn restore(path: &Path, arguments: Arguments) -> Result<(), Failure> {
    let config = Config::read(path).map_err(RunError::from)?;
    let (_, to) = sqlite(&config, "pg_restore puts a backup of PostgreSQL in place")?;
    let with = |end: &str| PathBuf::from(format!("{}{end}", to.display()));
    if let Some(there) = ["", "-wal", "-shm"].map(with).into_iter().find(|path| path.exists()) {
        return Err(Failure {
            hint: Some("stop sesamd and move the database away first: nothing was changed"),
            ..failure(format!("{} is there already", there.display()))
        });
    }
    let young = with(".restoring");
    let bad = |error: io::Error| failure(format!("{} cannot be put in place: {error}", to.display()));
    let clean = || ["", "-wal", "-shm"].map(|end| fs::remove_file(format!("{}{end}", young.display())));
    let _ = clean();
    let mut file = create(&young).map_err(bad)?;
    let mut backup = File::open(&arguments.file)
        .map_err(|error| failure(format!("{} cannot be read: {error}", arguments.file.display())))?;
    io::copy(&mut backup, &mut file).and_then(|_| file.sync_all()).map_err(bad)?;
    let begun = begin(&young, &config).await;
    // A link never replaces what came meanwhile, as a rename would.
    let placed = begun.and_then(|rearmed| fs::hard_link(&young, &to).map(|()| rearmed).map_err(bad));
    let _ = clean();
    let sentence = placed?;
    output::say(&sentence);
    Ok(())
}

/// Begins an epoch in the copy, and says what somebody must know.
async fn begin(young: &Path, config: &Config) -> Result<String, Failure> {
    verified(young, config).await?;
    let opened = at(young, config).await?;
    let scene = Scene { actor: "system".into(), ..Scene::default() };
    let rearmed = opened.service.store.submit(Epoch { scene }).await;
    closed(opened, young).await?;
    let rearmed = rearmed?;
    Ok(format!(
        "Restored. No one-time code, session or sign-in of before counts. {} recovery codes and {} authenticators \
        that count are as they were in the backup: some may have been used since. Keys and bypasses that were taken \
        back since the backup are good again: look at them.",
        rearmed.recovery_codes, rearmed.counting
    ))
}

/// Whether the database in a file is one of these settings' key, and its audit holds.
async fn verified(file: &Path, config: &Config) -> Result<(), Failure> {
    let opened = at(file, config).await?;
    let holds = opened.service.store.verify().await;
    closed(opened, file).await?;
    match holds? {
        Ok(_) => Ok(()),
        Err(broken) => Err(Failure { code: 10, ..failure(format!("the audit does not hold: {broken}")) }),
    }
}

/// Closes a database, so that its one file is all of it.
async fn closed(opened: crate::server::run::Opened, file: &Path) -> Result<(), Failure> {
    opened.close().await;
    settle(Place::Sqlite(file.to_owned()).connect(PATIENCE).await?).await?;
    for end in ["-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{end}", file.display()));
    }
    Ok(())
}

async fn at(file: &Path, config: &Config) -> Result<crate::server::run::Opened, Failure> {
    let mut config = config.clone();
    config.database.url = format!("sqlite:{}", file.display());
    Ok(open(config, Arc::new(SystemClock)).await?)
}

fn sqlite(config: &Config, other: &'static str) -> Result<(Place, PathBuf), Failure> {
    let place = Place::parse(&config.database.url)?;
    match &place {
        Place::Sqlite(path) => Ok((place.clone(), path.clone())),
        Place::Postgres(_) => Err(failure(format!("the database is PostgreSQL: {other}"))),
    }
}

/// A new file for its owner alone; never one that is there.
fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn failure(sentence: String) -> Failure {
    Failure { sentence, hint: None, code: 1 }
}

const PATIENCE: std::time::Duration = std::time::Duration::from_secs(5);
