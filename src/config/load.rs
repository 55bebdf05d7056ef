//! Laying the sources over one another: default < system file < user file < `--config` < environment < flags.

use std::path::Path;

use toml::de::{DeTable, DeValue};

use super::draft::Draft;
use super::entry::{Entry, entries};
use super::error::ConfigError;
use super::files::FileText;
use super::keys::{KEYS, Key, SECTIONS, find};
use super::kind::Kind;
use super::load_servers::expand;
use super::loaded::Loaded;
use super::nearest::Nearest;
use super::origin::Origin;
use super::refuse::refuse;
use super::settings::Config;
use super::toml_text::Lines;
use super::value::Value;
use super::warning::Warning;

/// All that the settings depend on.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// The files, the weakest first.
    pub files: &'a [FileText],
    /// Looks up an environment variable.
    pub environment: &'a dyn Fn(&str) -> Option<String>,
    /// Keys and values from the command line.
    pub flags: &'a [(&'a str, &'a str)],
    /// The user's home, which `~/` at the start of a path stands for.
    pub home: Option<&'a Path>,
}

impl Sources<'_> {
    /// Nothing: every setting at its default.
    pub fn none() -> Self {
        Self { files: &[], environment: &|_| None, flags: &[], home: None }
    }
}

/// Makes the settings. Without files nothing is parsed.
///
/// A key that is unknown or has a wrong value is a warning; a file that is no TOML, that holds a secret or
/// an address that is never used, and a wrong flag, is an error.
pub fn load(sources: &Sources<'_>) -> Result<Loaded, ConfigError> {
    let mut draft = Draft::default();
    for file in sources.files {
        draft.take_file(file)?;
    }
    draft.take_environment(sources.environment);
    for (name, typed) in sources.flags {
        draft.take_flag(name, typed)?;
    }
    Ok(draft.finish(sources.home))
}

impl Draft {
    fn take_file(&mut self, file: &FileText) -> Result<(), ConfigError> {
        let lines = Lines::new(&file.path, &file.text);
        let document = lines.parse()?;
        refuse(document.get_ref(), &lines)?;
        for entry in entries("", document.get_ref(), &lines) {
            match (entry.name.as_str(), entry.value) {
                (section, DeValue::Table(table)) if SECTIONS.contains(&section) => {
                    self.take_section(section, table, &lines);
                }
                (section, _) if SECTIONS.contains(&section) => self.not_a_table(entry),
                _ => self.take_setting(entry),
            }
        }
        Ok(())
    }

    fn take_section(&mut self, section: &str, table: &DeTable<'_>, lines: &Lines<'_>) {
        for entry in entries(section, table, lines) {
            match (entry.name.as_str(), entry.value) {
                ("admin.servers", DeValue::Table(servers)) => self.take_servers(servers, lines),
                ("admin.servers", _) => self.not_a_table(entry),
                _ if section == "keys" => self.take_action(entry),
                _ => self.take_setting(entry),
            }
        }
    }

    fn take_setting(&mut self, entry: Entry<'_>) {
        let Some(key) = find(&entry.name) else {
            let nearest = self.nearest(|| Nearest::to_key(&entry.name));
            return self.warn(Warning::UnknownKey { origin: entry.origin, key: entry.name, nearest });
        };
        self.set(key, Value::from_toml(entry.value), entry.origin);
    }

    fn set(&mut self, key: &Key<Config>, value: Option<Value>, origin: Origin) {
        match value.and_then(|value| key.apply(&mut self.loaded.config, value)) {
            Some(value) => self.note(key.name.to_owned(), key.kind.write(&value), origin),
            None => self.wrong(key.name, key.kind, (key.default, origin)),
        }
    }

    fn take_action(&mut self, entry: Entry<'_>) {
        let keys = match Value::from_toml(entry.value).and_then(|value| Kind::Keys.accept(value)) {
            Some(Value::Text(key)) => vec![key],
            Some(Value::List(keys)) => keys,
            _ => return self.wrong(&entry.name, Kind::Keys, ("its keys", entry.origin)),
        };
        self.note(entry.name, Value::List(keys.clone()).to_toml(), entry.origin);
        self.loaded.config.keys.insert(entry.own.to_owned(), keys);
    }

    fn take_environment(&mut self, lookup: &dyn Fn(&str) -> Option<String>) {
        for key in KEYS {
            if let Some(env) = key.env
                && let Some(text) = lookup(env.name).filter(|text| !text.is_empty())
            {
                self.set(key, key.kind.parse(env.means.unwrap_or(&text)), Origin::Environment(env.name));
            }
        }
    }

    fn take_flag(&mut self, name: &str, typed: &str) -> Result<(), ConfigError> {
        let Some(key) = find(name) else {
            return Err(ConfigError::UnknownKey { key: name.to_owned(), nearest: Nearest::to_key(name) });
        };
        let Some(value) = key.kind.parse(typed) else {
            return Err(ConfigError::Value { key: name.to_owned(), expected: key.kind.expected() });
        };
        self.set(key, Some(value), Origin::Flag);
        Ok(())
    }

    fn finish(mut self, home: Option<&Path>) -> Loaded {
        for (name, origin) in std::mem::take(&mut self.servers) {
            self.finish_server(name, origin, home);
        }
        expand(&mut self.loaded.config.vault.path, home);
        self.loaded
    }
}
