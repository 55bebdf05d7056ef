//! Countries by address, from a database that the administrator brings. A hint for who reads the audit: nothing is
//! decided by it.

use std::{fmt, net::IpAddr, path::Path};

use maxminddb::{Reader, path};

use super::config::ConfigError;

/// A database of countries, or none.
#[derive(Default)]
pub struct Countries(Option<Reader<Vec<u8>>>);

/// A country by its two letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Country([u8; 2]);

impl Countries {
    /// Reads a database, where one is set.
    pub fn open(path: Option<&Path>) -> Result<Self, ConfigError> {
        let Some(path) = path else { return Ok(Self::default()) };
        let wrong = |what: String| ConfigError::setting("audit.countries", what);
        let bytes = std::fs::read(path).map_err(|error| wrong(format!("cannot be read: {error}")))?;
        Self::read(bytes).ok_or_else(|| wrong("is no database of countries: one in the form MMDB is".into()))
    }

    /// A database from its bytes.
    pub fn read(bytes: Vec<u8>) -> Option<Self> {
        Reader::from_source(bytes).ok().map(|reader| Self(Some(reader)))
    }

    /// The country of an address, as far as it is known.
    pub fn of(&self, address: IpAddr) -> Option<Country> {
        let found = self.0.as_ref()?.lookup(address.to_canonical()).ok()?;
        let code: &str = found.decode_path(&path!["country", "iso_code"]).ok()??;
        let letters = <[u8; 2]>::try_from(code.as_bytes()).ok()?;
        letters.iter().all(u8::is_ascii_uppercase).then_some(Country(letters))
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.0).unwrap_or_default())
    }
}

impl fmt::Debug for Countries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Countries(..)")
    }
}
