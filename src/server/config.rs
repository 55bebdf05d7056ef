//! The settings of sesamd: one file of TOML. What is unknown in it is refused with its line.

use std::{
    fs,
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
};

use serde::Deserialize;

pub use network::Network;

mod network;

/// All settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// How it is reached.
    #[serde(default)]
    pub server: Server,
    /// Where its state is.
    pub database: Database,
    /// How e-mail goes.
    pub mail: Option<Mail>,
    /// How SMS go.
    pub sms: Option<Sms>,
    /// Where the audit is posted.
    pub webhook: Option<Webhook>,
    /// How often somebody may try.
    #[serde(default)]
    pub limits: Limits,
    /// How codes are judged.
    #[serde(default)]
    pub codes: Codes,
    /// What becomes of the audit.
    #[serde(default)]
    pub audit: Audit,
}

/// How it is reached.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Server {
    /// Where it listens.
    pub listen: SocketAddr,
    /// A place of its own for administration.
    pub admin_listen: Option<SocketAddr>,
    /// The name of this replica.
    pub replica: String,
    /// Who must show an application's key.
    pub application_key: ApplicationKey,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// How many may be connected at once.
    pub connections: usize,
    /// Certificate and key.
    pub tls: Option<Tls>,
}

/// Who must show an application's key.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum ApplicationKey {
    /// All but loopback.
    #[default]
    Remote,
    /// Everybody.
    Always,
    /// Nobody.
    Never,
}

/// Certificate and key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// The chain, in PEM.
    pub certificate: PathBuf,
    /// The key, in PEM.
    pub key: PathBuf,
}

/// Where the state is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// `sqlite:PATH` or `postgres://…`.
    pub url: String,
    /// The keys.
    pub key_file: PathBuf,
}

/// How e-mail goes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// The server.
    pub smtp: String,
    /// A file with the password.
    pub password_file: Option<PathBuf>,
    /// The sender.
    pub from: String,
    /// Authorities that are trusted besides, in PEM.
    pub ca_file: Option<PathBuf>,
}

/// How SMS go.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sms {
    /// The gateway.
    pub url: String,
    /// What it is sent.
    pub body: String,
    /// A file with what stands in `Authorization`.
    pub authorization_file: Option<PathBuf>,
    /// The authorities that are trusted instead of the system's, in PEM.
    pub ca_file: Option<PathBuf>,
}

/// Where the audit is posted.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    /// To whom.
    pub url: String,
    /// A file with the secret of the signature.
    pub secret_file: PathBuf,
    /// The authorities that are trusted instead of the system's, in PEM.
    pub ca_file: Option<PathBuf>,
    /// Private addresses that are meant.
    #[serde(default)]
    pub allow: Vec<IpAddr>,
}

/// How often somebody may try.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// From one address; 0 is no limit.
    pub per_address_a_minute: u32,
    /// For one user; 0 is no limit.
    pub per_user_a_minute: u32,
    /// How many passwords are hashed at once; 0 is one for each processor.
    pub hashes_at_once: usize,
}

/// How codes are judged.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Codes {
    /// The next step too.
    pub one_ahead: bool,
}

/// What becomes of the audit.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Audit {
    /// For how many days it is kept; 0 is for ever.
    pub keep_days: u32,
    /// A database of countries.
    pub countries: Option<PathBuf>,
}

/// Why settings cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// Plain HTTP where others can listen.
    #[error(
        "{0} is no loopback address: plain HTTP stays on loopback; set [server.tls], or listen on 127.0.0.1"
    )]
    Plain(SocketAddr),
    /// It cannot be read.
    #[error("the settings {} cannot be read: {error}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        #[source]
        error: std::io::Error,
    },
    /// The name of the replica is none.
    #[error("server.replica \"{0}\" is no name: 1 to 32 of a-z, 0-9 and -")]
    Replica(String),
    /// A setting that reads well and cannot be used.
    #[error("{setting} {reason}")]
    Setting {
        /// Which one.
        setting: &'static str,
        /// Why, and what to do.
        reason: String,
    },
    /// It is no TOML, or not the one that is wanted.
    #[error("{}: {message}", path.display())]
    Syntax {
        /// Which file.
        path: PathBuf,
        /// Where and what.
        message: String,
    },
}

impl ConfigError {
    /// A setting that cannot be used.
    pub fn setting(setting: &'static str, reason: impl Into<String>) -> Self {
        Self::Setting { setting, reason: reason.into() }
    }
}

impl Config {
    /// Reads a file. Paths in it are meant from where it lies.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text =
            fs::read_to_string(path).map_err(|error| ConfigError::Read { path: path.to_owned(), error })?;
        Self::parse(&text, path)
    }

    /// Reads the text of a file.
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        let mut config: Self = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1);
            let message = format!("line {line}: {}", error.message());
            ConfigError::Syntax { path: path.to_owned(), message }
        })?;
        config.check()?;
        config.resolve(path.parent().unwrap_or(Path::new("")));
        Ok(config)
    }

    fn check(&self) -> Result<(), ConfigError> {
        let name = &self.server.replica;
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if name.is_empty() || name.len() > 32 || !name.chars().all(fits) {
            return Err(ConfigError::Replica(name.clone()));
        }
        if self.server.tls.is_none() {
            let places = [Some(self.server.listen), self.server.admin_listen];
            let open = places.into_iter().flatten().find(|place| !place.ip().is_loopback());
            return open.map_or(Ok(()), |place| Err(ConfigError::Plain(place)));
        }
        Ok(())
    }

    fn resolve(&mut self, from: &Path) {
        let mut paths = vec![&mut self.database.key_file];
        if let Some(tls) = &mut self.server.tls {
            paths.extend([&mut tls.certificate, &mut tls.key]);
        }
        if let Some(mail) = &mut self.mail {
            paths.extend([&mut mail.password_file, &mut mail.ca_file].into_iter().flatten());
        }
        if let Some(sms) = &mut self.sms {
            paths.extend([&mut sms.authorization_file, &mut sms.ca_file].into_iter().flatten());
        }
        if let Some(webhook) = &mut self.webhook {
            paths.push(&mut webhook.secret_file);
            paths.extend(webhook.ca_file.as_mut());
        }
        paths.extend(self.audit.countries.as_mut());
        for path in paths {
            *path = from.join(&*path);
        }
        if let Some(path) = self.database.url.strip_prefix("sqlite:") {
            let path = from.join(path.strip_prefix("//").unwrap_or(path));
            self.database.url = format!("sqlite:{}", path.display());
        }
    }
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8480)),
            admin_listen: None,
            replica: "main".into(),
            application_key: ApplicationKey::Remote,
            trusted_proxies: vec![],
            connections: 1000,
            tls: None,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { per_address_a_minute: 30, per_user_a_minute: 10, hashes_at_once: 0 }
    }
}

/// The file that `sesamd init` writes.
pub const TEMPLATE: &str = include_str!("../../assets/sesamd.toml");

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Config, String> {
        Config::parse(text, Path::new("/srv/sesamd.toml")).map_err(|error| error.to_string())
    }

    #[test]
    fn the_template_says_what_is_the_default() {
        let config = parse(TEMPLATE).unwrap();
        assert_eq!(config.database.url, "sqlite:/srv/sesamd.db");
        assert_eq!(config.database.key_file, Path::new("/srv/sesamd.key"));
        let all: String = TEMPLATE.lines().map(uncommented).collect();
        let all = all.replace("trusted_proxies = [\"192.0.2.10\", \"10.0.0.0/8\"]", "");
        let own = parse(&all).unwrap();
        assert_eq!(format!("{:?}", own.limits), format!("{:?}", config.limits));
        assert_eq!((own.server.listen, own.server.connections), (config.server.listen, 1000));
        assert_eq!(own.webhook.unwrap().secret_file, Path::new("/srv/webhook.secret"));
    }

    /// A setting that is commented out, as if it were not.
    fn uncommented(line: &str) -> String {
        let setting = line.strip_prefix("# ").filter(|rest| {
            let word = rest.split([' ', '=']).next().unwrap_or_default();
            rest.starts_with('[') && rest.ends_with(']')
                || (rest.contains(" = ") && !word.contains(char::is_uppercase))
        });
        format!("{}\n", setting.unwrap_or(line))
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        let base = "[database]\nurl = \"sqlite:a\"\nkey_file = \"k\"\n";
        assert!(
            parse(&format!("{base}[server]\nlisten = \"0.0.0.0:1\"\n")).unwrap_err().contains("plain HTTP")
        );
        assert!(parse(&format!("{base}colour = 1\n")).unwrap_err().contains("line 4"));
        assert!(parse(&format!("{base}[server]\nreplica = \"A B\"\n")).unwrap_err().contains("no name"));
        assert!(parse("[server]\n").unwrap_err().contains("database"));
        let tls = "[server]\nlisten = \"0.0.0.0:1\"\n[server.tls]\ncertificate = \"c\"\nkey = \"/k\"\n";
        let config = parse(&format!("{base}{tls}")).unwrap().server.tls.unwrap();
        assert_eq!((config.certificate.to_str(), config.key.to_str()), (Some("/srv/c"), Some("/k")));
    }
}
