//! A profile of a server as it is typed: written to the settings, its token kept where the profile says.

use std::{path::PathBuf, time::Duration};

use clap::Args;
use zeroize::Zeroizing;

use super::connect::{failed, profile};
use crate::{
    admin::{
        bearer::Bearer,
        certificate::Fingerprint,
        connect::{Profile, bare, kept_as},
    },
    cli::{
        config::change_settings,
        context::Context,
        exit::{Done, Exit, Failure},
        secrets,
    },
    config::{self, TokenSource},
    keyring::SecretStore,
    output,
    text::safe,
    vault::tokens::Tokens,
};

/// A new server.
#[derive(Args)]
pub struct AddArgs {
    /// What to call it
    pub name: String,
    #[command(flatten)]
    pub fields: Fields,
}

/// Another profile of a server.
#[derive(Args)]
pub struct EditArgs {
    /// Its name
    pub name: String,
    #[command(flatten)]
    pub fields: Fields,
}

/// What a profile holds.
#[derive(Args)]
pub struct Fields {
    /// What program it is: sesamd, keycloak, privacyidea
    #[arg(long, value_name = "KIND")]
    pub provider: Option<String>,
    /// Its address: https, or http to this machine
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// What is at stake: prod, test, lab, or an own word of up to five letters
    #[arg(long, value_name = "WORD")]
    pub kind: Option<String>,
    /// The administrator who signs in with a password; without one the token is an API key
    #[arg(long, value_name = "NAME")]
    pub user: Option<String>,
    /// The account of the vault that makes the administrator's codes; without one the code is asked for
    #[arg(long, value_name = "QUERY")]
    pub otp: Option<String>,
    /// The realm
    #[arg(long, value_name = "NAME")]
    pub realm: Option<String>,
    /// The realm whose account signs in, where it is another one (Keycloak)
    #[arg(long, value_name = "NAME")]
    pub auth_realm: Option<String>,
    /// The client that signs in
    #[arg(long, value_name = "ID")]
    pub client_id: Option<String>,
    /// Certificates (PEM) that are trusted for it instead of the system's
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// The fingerprint (`sha256:…`) of the one certificate that is trusted for it, whoever signed it
    #[arg(long, value_name = "FINGERPRINT", value_parser = pin, conflicts_with = "ca_file")]
    pub pin: Option<Fingerprint>,
    /// Read the token (API key, password) from stdin and keep it in the system keyring, or with --token vault in the vault
    #[arg(long)]
    pub token_stdin: bool,
    /// Where the token lies instead of the system keyring: `vault`, `file:/path`, `command:…`, `systemd:NAME`; `device`:
    /// nowhere, a browser signs in at the link that is shown (Keycloak)
    #[arg(long, value_name = "PLACE")]
    pub token: Option<String>,
}

pub(super) fn add(cx: &Context, args: &AddArgs) -> Done {
    if cx.settings.config.admin.servers.contains_key(&args.name) {
        let sentence = format!("there is a server called {} already", args.name);
        return Err(
            Failure::new(Exit::Conflict, "exists", sentence).hint("sesam admin server edit changes it")
        );
    }
    if args.fields.url.is_none() {
        return Err(Failure::usage("a server needs an address").hint("--url https://mfa.example.com"));
    }
    write(cx, &args.name, &args.fields, "is set up")?;
    knock(cx, &args.name, &args.fields);
    Ok(Exit::Done)
}

/// A new server's certificate is looked at while somebody is there to compare it. No token goes out.
fn knock(cx: &Context, name: &str, fields: &Fields) {
    let server = config::Server {
        url: fields.url.clone().unwrap_or_default(),
        ca_file: fields.ca_file.clone(),
        pin: fields.pin.map(|pin| pin.to_string()),
        ..config::Server::default()
    };
    if !server.url.starts_with("https://") {
        return;
    }
    let profile = Profile { name: name.to_owned(), server, read_only: true, timeout: PATIENCE };
    if let Err(error) = bare(&profile, Bearer::fixed(Zeroizing::default())).and_then(|http| http.knock()) {
        let failure = failed(error);
        cx.warn(&failure.message);
        if let Some(hint) = failure.hint {
            output::say(&format!("hint: {}", safe(&hint)));
        }
    }
}

pub(super) fn edit(cx: &Context, args: &EditArgs) -> Done {
    profile(cx, Some(&args.name))?;
    write(cx, &args.name, &args.fields, "was changed")
}

/// The token first: a profile whose token could not be kept is none.
fn write(cx: &Context, name: &str, fields: &Fields, done: &str) -> Done {
    let bad_name = name.is_empty()
        || name.len() > 64
        || !name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    if bad_name {
        return Err(Failure::usage(
            "the name of a server is 1 to 64 letters, digits, \"-\", \"_\" and \".\"",
        ));
    }
    let settings = settings(cx, name, fields);
    // Everything is tried before anything is written.
    settings
        .iter()
        .try_fold(String::new(), |text, (key, value)| config::set(&text, &full(name, key), value))?;
    let in_vault = match fields.token.as_deref() {
        None => lies_in_vault(cx, name),
        Some(place) if fields.token_stdin && !["keyring", "vault"].contains(&place) => {
            return Err(Failure::usage(format!(
                "--token-stdin keeps nothing in {place}: say keyring or vault, or leave --token-stdin out and put the token there"
            )));
        }
        Some(place) => place == "vault",
    };
    if fields.token_stdin {
        keep_token(cx, name, in_vault)?;
    }
    if fields.otp.is_some() {
        cx.warn(
            "password and codes of this server then lie on one machine: who gets at both needs no telephone",
        );
    }
    change_settings(cx, &format!("{name} {done}"), |text| {
        settings
            .iter()
            .try_fold(text.to_owned(), |text, (key, value)| config::set(&text, &full(name, key), value))
    })
}

/// `--read-only` holds for every command; here it is what the profile says from then on.
fn settings(cx: &Context, name: &str, fields: &Fields) -> Vec<(&'static str, String)> {
    let texts = [
        ("provider", &fields.provider),
        ("url", &fields.url),
        ("kind", &fields.kind),
        ("user", &fields.user),
        ("realm", &fields.realm),
        ("auth_realm", &fields.auth_realm),
        ("client_id", &fields.client_id),
        ("token", &fields.token),
        ("otp", &fields.otp),
    ];
    let mut settings: Vec<(&'static str, String)> =
        texts.into_iter().filter_map(|(key, value)| Some((key, value.clone()?))).collect();
    if let Some((_, kind)) = settings.iter_mut().find(|(key, _)| *key == "kind") {
        *kind = kind.to_lowercase();
    }
    if let Some(path) = &fields.ca_file {
        settings.push(("ca_file", path.display().to_string()));
    }
    if let Some(pin) = &fields.pin {
        settings.push(("pin", pin.to_string()));
    }
    if cx.global.read_only {
        settings.push(("read_only", "true".to_owned()));
    }
    if fields.token_stdin && fields.token.is_none() && !lies_in_vault(cx, name) {
        settings.push(("token", "keyring".to_owned()));
    }
    settings
}

/// Whether the profile that is there keeps its token in the vault.
fn lies_in_vault(cx: &Context, name: &str) -> bool {
    let known = cx.settings.config.admin.servers.get(name);
    known.is_some_and(|server| server.token == TokenSource::Vault)
}

fn keep_token(cx: &Context, name: &str, in_vault: bool) -> Result<(), Failure> {
    let stdin = cx.take_stdin("--token-stdin", "Paste the token")?;
    let token = secrets::first_line(stdin.lock(), "the token on stdin")?;
    let token = token.trim();
    if token.is_empty() || token.chars().any(char::is_control) {
        return Err(Failure::usage("stdin holds no token"));
    }
    if in_vault {
        cx.writable()?;
        return Ok(Tokens::keep(&cx.open()?, name, token)?);
    }
    cx.system_keyring().put(&kept_as(name), token.as_bytes(), None).map_err(|error| {
        let sentence = format!("the token cannot be kept: {error}; nothing was written");
        Failure::failed(sentence).hint("--token file:/path names a file that only you can read")
    })
}

fn pin(text: &str) -> Result<Fingerprint, String> {
    Fingerprint::parse(text).ok_or_else(|| "write sha256: and 64 hex digits".to_owned())
}

pub(super) fn full(name: &str, key: &str) -> String {
    format!("admin.servers.{name}.{key}")
}

/// How long a new server is waited for.
const PATIENCE: Duration = Duration::from_secs(3);
