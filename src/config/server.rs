//! One `[admin.servers.NAME]`: where an MFA server is and how carefully it is handled. It holds no secret.

use std::path::PathBuf;

use super::choices::{Confirm, ProviderKind};
use super::value::{Setting, Value};

/// The profile of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// What program it is.
    pub provider: ProviderKind,
    /// Its address: https, or http to this machine.
    pub url: String,
    /// What is at stake there.
    pub kind: ServerKind,
    /// The administrator's name.
    pub user: Option<String>,
    /// The realm (Keycloak, privacyIDEA).
    pub realm: Option<String>,
    /// The realm whose account signs in, where it is another one (Keycloak).
    pub auth_realm: Option<String>,
    /// The client that signs in (Keycloak).
    pub client_id: Option<String>,
    /// Every changing request is refused.
    pub read_only: bool,
    /// How a change of the third level is confirmed.
    pub confirm: Confirm,
    /// The theme while this server is open.
    pub theme: Option<String>,
    /// Certificates (PEM) that are trusted for it, instead of the system's.
    pub ca_file: Option<PathBuf>,
    /// The certificate that alone is trusted, by its fingerprint.
    pub pin: Option<String>,
    /// Where its token is.
    pub token: TokenSource,
    /// Which account of the vault makes the administrator's codes, as it is typed to find it.
    pub otp: Option<String>,
}

/// The careful choice everywhere: an unnamed kind is treated as production.
impl Default for Server {
    fn default() -> Self {
        Self {
            provider: ProviderKind::Sesamd,
            url: String::new(),
            kind: ServerKind::Prod,
            user: None,
            realm: None,
            auth_realm: None,
            client_id: None,
            read_only: false,
            confirm: Confirm::Typed,
            theme: None,
            ca_file: None,
            pin: None,
            token: TokenSource::Keyring,
            otp: None,
        }
    }
}

/// What is at stake on a server; shown as a word on every screen of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServerKind {
    /// A place to try things.
    Lab,
    /// An own word of one to five letters.
    Own(String),
    /// People depend on it.
    Prod,
    /// A rehearsal of production.
    Test,
}

impl Setting for ServerKind {
    fn from_value(value: &Value) -> Option<Self> {
        let Value::Text(word) = value else { return None };
        match word.as_str() {
            "lab" => Some(Self::Lab),
            "prod" => Some(Self::Prod),
            "test" => Some(Self::Test),
            own => {
                let is_word = (1..=5).contains(&own.chars().count()) && own.chars().all(char::is_alphabetic);
                is_word.then(|| Self::Own(own.to_owned()))
            }
        }
    }
}

/// Where the token (API key, password, client secret) of a server is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenSource {
    /// `command:…`: what this command line prints.
    Command(String),
    /// `device`: nowhere; somebody signs in with a browser, at the link that is shown (Keycloak).
    Device,
    /// `file:/path`: the first line of this file.
    File(PathBuf),
    /// `keyring`: the system keyring.
    Keyring,
    /// `systemd:NAME`: a credential that systemd hands over.
    Systemd(String),
    /// `vault`: beside the accounts, encrypted as they are.
    Vault,
}

impl Setting for TokenSource {
    fn from_value(value: &Value) -> Option<Self> {
        let Value::Text(text) = value else { return None };
        let after = |prefix| text.strip_prefix(prefix).filter(|rest: &&str| !rest.trim().is_empty());
        if text == "device" {
            Some(Self::Device)
        } else if text == "keyring" {
            Some(Self::Keyring)
        } else if text == "vault" {
            Some(Self::Vault)
        } else if let Some(path) = after("file:") {
            (path.starts_with('/') || path.starts_with("~/")).then(|| Self::File(PathBuf::from(path)))
        } else if let Some(line) = after("command:") {
            Some(Self::Command(line.trim().to_owned()))
        } else {
            let is_name = |name: &&str| !name.contains(['/', '\0']) && *name != "." && *name != "..";
            after("systemd:").filter(is_name).map(|name| Self::Systemd(name.to_owned()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_a_place_or_nothing() {
        let source = |text: &str| TokenSource::from_value(&Value::Text(text.to_owned()));
        assert_eq!(source("keyring"), Some(TokenSource::Keyring));
        assert_eq!(source("vault"), Some(TokenSource::Vault));
        assert_eq!(source("device"), Some(TokenSource::Device));
        assert_eq!(source("file:/run/t"), Some(TokenSource::File("/run/t".into())));
        assert_eq!(source("command:pass show mfa"), Some(TokenSource::Command("pass show mfa".into())));
        assert_eq!(source("systemd:mfa"), Some(TokenSource::Systemd("mfa".into())));
        for text in
            ["", "abc", "Keyring", "file:", "file:relative", "command: ", "systemd:../x", "systemd:.."]
        {
            assert_eq!(source(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_kind_is_known_or_a_short_word() {
        let kind = |text: &str| ServerKind::from_value(&Value::Text(text.to_owned()));
        assert_eq!(kind("prod"), Some(ServerKind::Prod));
        assert_eq!(kind("stage"), Some(ServerKind::Own("stage".into())));
        for text in ["", "staging", "a b", "\u{1b}[2J", "p\u{202E}d"] {
            assert_eq!(kind(text), None, "{text:?}");
        }
    }
}
