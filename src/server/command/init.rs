//! `sesamd init`: settings, the key, the database, and a token for the first administrator. Nothing that is there is
//! touched.

use std::{
    fs::OpenOptions,
    io::{self, Write},
    path::Path,
};

use super::failure::{Failure, opened};
use crate::{
    output,
    server::{
        config::{Config, TEMPLATE},
        random,
        run::RunError,
        seal::{
            key_file,
            token::{Kind, Token},
        },
        store::first::KeepFirst,
    },
};

pub(super) async fn run(path: &Path) -> Result<(), Failure> {
    match write_new(path, TEMPLATE) {
        Ok(()) => output::say(&format!("Settings: {}", path.display())),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => {
            let sentence = format!("{} cannot be written: {error}", path.display());
            return Err(Failure { sentence, hint: None, code: 1 });
        }
    }
    let config = Config::read(path).map_err(RunError::from)?;
    let key_file = &config.database.key_file;
    if !key_file.exists() {
        key_file::create(key_file, &random::bytes(random::system)).map_err(RunError::from)?;
        output::say(&format!("Key: {} (keep a copy, never beside a backup)", key_file.display()));
    }
    let opened = opened(path).await?;
    let service = &opened.service;
    let token = Token::new(Kind::First, &service.bytes());
    let kept = service.store.submit(KeepFirst { digest: token.digest_text() }).await?;
    opened.close().await;
    if !kept {
        let sentence = "there are administrators already: nothing was changed".to_owned();
        return Err(Failure { sentence, hint: Some("sesamd admin key makes an API key"), code: 1 });
    }
    output::say(&format!("Database: {}", config.database.url));
    output::say("The token of the first administrator. It is shown this once, and good for one use:");
    let _ = output::data(&format!("{}\n", token.expose()));
    Ok(())
}

/// A new file for its owner alone.
fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
