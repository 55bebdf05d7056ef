//! Profiles of servers as the screens change them: the settings into their file, a token into the system keyring or the
//! vault. All of it runs on a thread of a job.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::places::Places;
use crate::{
    config::{ConfigError, FileText, SERVER_KEYS, Server, Sources, TokenSource, load, set, unset},
    vault::disk,
};

/// The largest file of settings.
const MOST: u64 = 1 << 20;

/// What a profile is to be.
pub struct Draft {
    /// Its name.
    pub name: String,
    /// Keys and values as they are typed; an empty value takes the key away.
    pub values: Vec<(&'static str, String)>,
    /// A new token, and where it is to be.
    pub token: Option<(Zeroizing<String>, TokenSource)>,
}

/// A profile that was removed, with all that brings it back.
pub struct Removed {
    /// Its name.
    pub name: String,
    server: Server,
    before: String,
    after: String,
    token: Option<Zeroizing<Vec<u8>>>,
}

impl Removed {
    /// What it said.
    pub fn server(&self) -> &Server {
        &self.server
    }
}

/// What is wrong with a draft, before anything is written.
pub fn fault(draft: &Draft) -> Option<String> {
    let is_name = |char: char| char.is_ascii_alphanumeric() || "-_.".contains(char);
    if draft.name.is_empty() || draft.name.len() > 64 || !draft.name.chars().all(is_name) {
        return Some("The name is 1 to 64 letters, digits, \"-\", \"_\" and \".\".".to_owned());
    }
    changed("", draft).err()
}

/// Writes a profile; what it says then.
pub fn keep(path: &Path, places: &Places, draft: &Draft) -> Result<Server, String> {
    let before = read(path)?;
    let after = changed(&before, draft)?;
    let server = parsed(path, &after, &draft.name)?;
    // The token first: a profile whose token could not be kept is none.
    if let Some((token, place)) = &draft.token {
        put(places, place, (&draft.name, token.as_bytes()))?;
    }
    write(path, &after)?;
    if let Some((_, TokenSource::Vault)) = &draft.token {
        places.forget(&TokenSource::Keyring, &draft.name);
    }
    Ok(server)
}

/// Takes a profile away, and its token; what brings it back.
pub fn remove(path: &Path, places: &Places, name: &str) -> Result<Removed, String> {
    let before = read(path)?;
    let server = parsed(path, &before, name)
        .map_err(|_| format!("{name} is not in {}: it comes from another file.", path.display()))?;
    let key = |own: &str| format!("admin.servers.{name}.{own}");
    let after = SERVER_KEYS
        .iter()
        .try_fold(before.clone(), |text, own| unset(&text, &key(own.name)))
        .map_err(|error| format!("The settings were not changed: {error}."))?;
    let token = places.token(&server.token, name);
    write(path, &after)?;
    if token.is_some() {
        places.forget(&server.token, name);
    }
    Ok(Removed { name: name.to_owned(), server, before, after, token })
}

/// Brings a removed profile back.
pub fn restore(path: &Path, places: &Places, removed: &Removed) -> Result<(), String> {
    if read(path)? != removed.after {
        return Err(format!(
            "{} was changed meanwhile: {} is not brought back.",
            path.display(),
            removed.name
        ));
    }
    if let Some(token) = &removed.token {
        put(places, &removed.server.token, (&removed.name, token))?;
    }
    write(path, &removed.before)
}

fn put(places: &Places, place: &TokenSource, what: (&str, &[u8])) -> Result<(), String> {
    let kept = places.put(place, what);
    kept.map_err(|error| format!("The token cannot be kept: {error}. Nothing was written."))
}

fn changed(text: &str, draft: &Draft) -> Result<String, String> {
    let mut text = text.to_owned();
    for (own, value) in &draft.values {
        let key = format!("admin.servers.{}.{own}", draft.name);
        let written = if value.is_empty() { unset(&text, &key) } else { set(&text, &key, value) };
        text = written.map_err(|error| match error {
            ConfigError::Url { fault, .. } => format!("The address {fault}: https://mfa.example.com is one."),
            ConfigError::Value { expected, .. } => format!("{own} must be {expected}."),
            other => format!("The settings are not as they should be: {other}."),
        })?;
    }
    Ok(text)
}

fn parsed(path: &Path, text: &str, name: &str) -> Result<Server, String> {
    let files = [FileText::new(path, text)];
    let home = std::env::home_dir();
    let loaded = load(&Sources { files: &files, home: home.as_deref(), ..Sources::none() });
    let mut config =
        loaded.map_err(|error| format!("The settings are not as they should be: {error}."))?.config;
    config.admin.servers.remove(name).ok_or_else(|| "A server needs an address: https://….".to_owned())
}

fn read(path: &Path) -> Result<String, String> {
    let bytes = disk::read_if_there(path, MOST).map_err(|error| format!("{error}."))?.unwrap_or_default();
    String::from_utf8(bytes).map_err(|_| format!("{} is not UTF-8 text.", path.display()))
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    let parent = disk::parent(path);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let temporary: PathBuf = parent.join(format!(".{name}.{}.tmp", std::process::id()));
    disk::private_dir(parent)
        .and_then(|()| disk::replace(path, &temporary, text.as_bytes()))
        .map_err(|error| format!("The settings were not written: {error}."))
}
