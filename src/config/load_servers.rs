//! Taking `[admin.servers.NAME]` into the settings, and what is settled once all sources are read.

use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};

use super::choices::Confirm;
use super::draft::Draft;
use super::entry::{Entry, entries};
use super::keys::find_server;
use super::nearest::Nearest;
use super::origin::Origin;
use super::server::{ServerKind, TokenSource};
use super::toml_text::Lines;
use super::value::Value;
use super::warning::Warning;

impl Draft {
    pub(super) fn take_servers(&mut self, servers: &DeTable<'_>, lines: &Lines<'_>) {
        for entry in entries("admin.servers", servers, lines) {
            let DeValue::Table(table) = entry.value else {
                self.not_a_table(entry);
                continue;
            };
            self.servers.entry(entry.own.to_owned()).or_insert(entry.origin);
            self.loaded.config.admin.servers.entry(entry.own.to_owned()).or_default();
            for key in entries(&entry.name, table, lines) {
                self.take_server_key(entry.own, key);
            }
        }
    }

    fn take_server_key(&mut self, server: &str, entry: Entry<'_>) {
        let name = entry.own;
        let Some(key) = find_server(name) else {
            let nearest = self.nearest(|| Nearest::to_server_key(name));
            return self.warn(Warning::UnknownKey { origin: entry.origin, key: entry.name, nearest });
        };
        let profile = self.loaded.config.admin.servers.entry(server.to_owned()).or_default();
        if let Some(value) = Value::from_toml(entry.value).and_then(|value| key.apply(profile, value)) {
            return self.note(entry.name, key.kind.write(&value), entry.origin);
        }
        // Whoever wrote read_only, however wrongly, did not want changes.
        profile.read_only |= key.name == "read_only";
        let kept = if key.name == "read_only" { "true" } else { "what it had" };
        self.wrong(&entry.name, key.kind, (kept, entry.origin));
    }

    pub(super) fn finish_server(&mut self, name: String, origin: Origin, home: Option<&Path>) {
        let servers = &mut self.loaded.config.admin.servers;
        let Some(server) = servers.get_mut(&name) else {
            return;
        };
        expand(&mut server.ca_file, home);
        if let TokenSource::File(path) = &server.token {
            let mut path = Some(path.clone());
            expand(&mut path, home);
            server.token = path.map_or(TokenSource::Keyring, TokenSource::File);
        }
        if server.url.is_empty() {
            servers.remove(&name);
            return self.warn(Warning::NoUrl { origin, server: name });
        }
        if server.kind == ServerKind::Prod && server.confirm == Confirm::Plain {
            server.confirm = Confirm::Typed;
            self.warn(Warning::PlainConfirm { origin, server: name });
        }
    }
}

/// Puts the home in place of `~/`.
pub(super) fn expand(path: &mut Option<PathBuf>, home: Option<&Path>) {
    if let (Some(written), Some(home)) = (path.as_mut(), home)
        && let Ok(rest) = written.strip_prefix("~")
    {
        *written = home.join(rest);
    }
}
