//! The settings in force, and for each where it comes from.

use std::collections::BTreeMap;

use super::error::ConfigError;
use super::keys::{KEYS, find, kind_of};
use super::nearest::Nearest;
use super::origin::Origin;
use super::settings::Config;
use super::warning::Warning;

/// What [`load`](super::load) made of its sources.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// The settings.
    pub config: Config,
    /// What is not obeyed, in the order of the sources.
    pub warnings: Vec<Warning>,
    /// What somebody set: full key → value as the file writes it, and origin.
    pub(super) set: BTreeMap<String, (String, Origin)>,
}

/// One line of `sesam config show`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The full key.
    pub key: String,
    /// Its value as the file writes it.
    pub value: String,
    /// Where the value comes from.
    pub origin: Origin,
}

impl Loaded {
    /// The value of one key, also of `admin.servers.NAME.…` and `keys.ACTION`.
    pub fn get(&self, key: &str) -> Result<Shown, ConfigError> {
        if let Some((value, origin)) = self.set.get(key) {
            return Ok(Shown { key: key.to_owned(), value: value.clone(), origin: origin.clone() });
        }
        if let Some(known) = find(key) {
            return Ok(Shown::default_of(known.name, known.default));
        }
        let key = key.to_owned();
        match kind_of(&key) {
            Some(_) => Err(ConfigError::NotSet { key }),
            None => Err(ConfigError::UnknownKey { nearest: Nearest::to_key(&key), key }),
        }
    }

    /// All settings in the order of the default file, then servers and keys that are set.
    pub fn list(&self) -> Vec<Shown> {
        let settings = KEYS.iter().filter_map(|key| self.get(key.name).ok());
        let others = self.set.keys().filter(|key| find(key).is_none()).filter_map(|key| self.get(key).ok());
        settings.chain(others).collect()
    }

    /// Where the value of `key` comes from.
    pub fn origin(&self, key: &str) -> &Origin {
        self.set.get(key).map_or(&Origin::Default, |(_, origin)| origin)
    }
}

impl Shown {
    fn default_of(key: &str, value: &str) -> Self {
        Self { key: key.to_owned(), value: value.to_owned(), origin: Origin::Default }
    }
}
