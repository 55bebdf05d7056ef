//! `sesam admin server`: profiles of MFA servers. Settings go to the file, tokens to the system keyring.

use std::{path::PathBuf, time::Duration};

use clap::{Args, Subcommand};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::{
    connect::{connect, failed, profile},
    user::style,
};
use crate::{
    admin::{
        certificate::Fingerprint,
        connect::{Profile, bare, kept_as},
    },
    cli::{
        config::change_settings,
        context::Context,
        exit::{Done, Exit, Failure},
        secrets, table,
    },
    config::{self, ServerKind, TokenSource},
    keyring::SecretStore,
    output,
    text::safe,
};

/// Profiles of MFA servers
#[derive(Subcommand)]
pub enum ServerCommand {
    /// List the servers that are set up; asks none of them
    #[command(visible_alias = "ls")]
    List,
    /// Set a server up
    Add(AddArgs),
    /// Change a server that is set up; what is not named stays
    Edit(EditArgs),
    /// Try a server: address, certificate, token, rights
    Test {
        /// Its name
        name: Option<String>,
    },
    /// Make a server the one that is meant where none is named
    Use {
        /// Its name
        name: String,
    },
    /// Remove a server and its token
    Rm {
        /// Its name
        name: String,
    },
}

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
    /// The administrator's name
    #[arg(long, value_name = "NAME")]
    pub user: Option<String>,
    /// The realm
    #[arg(long, value_name = "NAME")]
    pub realm: Option<String>,
    /// The client that signs in
    #[arg(long, value_name = "ID")]
    pub client_id: Option<String>,
    /// Certificates (PEM) that are trusted for it instead of the system's
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// The fingerprint (`sha256:…`) of the one certificate that is trusted for it, whoever signed it
    #[arg(long, value_name = "FINGERPRINT", value_parser = pin, conflicts_with = "ca_file")]
    pub pin: Option<Fingerprint>,
    /// Read the token (API key) from stdin and keep it in the system keyring
    #[arg(long)]
    pub token_stdin: bool,
    /// Where the token is instead: a file (`file:/path`), `command:…`, `systemd:NAME`
    #[arg(long, value_name = "PLACE", conflicts_with = "token_stdin")]
    pub token: Option<String>,
}

/// Runs the command.
pub(super) fn run(cx: &Context, command: &ServerCommand) -> Done {
    match command {
        ServerCommand::List => list(cx),
        ServerCommand::Add(args) => add(cx, args),
        ServerCommand::Edit(args) => edit(cx, args),
        ServerCommand::Test { name } => test(cx, name.as_deref()),
        ServerCommand::Use { name } => {
            profile(cx, Some(name))?;
            cx.writable()?;
            change_settings(cx, &format!("{name} is the server that is meant from now on"), |text| {
                config::set(text, "admin.default_server", name)
            })
        }
        ServerCommand::Rm { name } => remove(cx, name),
    }
}

fn list(cx: &Context) -> Done {
    let servers = &cx.settings.config.admin.servers;
    if cx.as_json() {
        let object = |(name, server): (&String, &config::Server)| -> Value {
            json!({
                "schema": "sesam.server/1", "name": name, "provider": server.provider.word(), "url": server.url,
                "kind": kind(&server.kind), "read_only": server.read_only,
            })
        };
        cx.print_json_list(servers.iter().map(object).collect())?;
        return Ok(Exit::Done);
    }
    if servers.is_empty() {
        cx.say(
            "No server is set up. Add one with: sesam admin server add NAME --url https://… --token-stdin",
        );
        return Ok(Exit::NotFound);
    }
    let row = |(name, server): (&String, &config::Server)| {
        let mut kind = kind(&server.kind).to_uppercase();
        if server.read_only {
            kind.push_str(" ro");
        }
        vec![name.clone(), kind, server.provider.word().to_owned(), server.url.clone()]
    };
    let rows: Vec<Vec<String>> = servers.iter().map(row).collect();
    output::data(&table::draw(&["NAME", "KIND", "PROVIDER", "ADDRESS"], &rows, style()))?;
    Ok(Exit::Done)
}

fn add(cx: &Context, args: &AddArgs) -> Done {
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
    if let Err(error) = bare(&profile, Zeroizing::default()).and_then(|http| http.knock()) {
        let failure = failed(error);
        cx.warn(&failure.message);
        if let Some(hint) = failure.hint {
            output::say(&format!("hint: {}", safe(&hint)));
        }
    }
}

fn edit(cx: &Context, args: &EditArgs) -> Done {
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
    let settings = settings(cx, fields);
    // Everything is tried before anything is written.
    settings
        .iter()
        .try_fold(String::new(), |text, (key, value)| config::set(&text, &full(name, key), value))?;
    if fields.token_stdin {
        keep_token(cx, name)?;
    }
    change_settings(cx, &format!("{name} {done}"), |text| {
        settings
            .iter()
            .try_fold(text.to_owned(), |text, (key, value)| config::set(&text, &full(name, key), value))
    })
}

/// `--read-only` holds for every command; here it is what the profile says from then on.
fn settings(cx: &Context, fields: &Fields) -> Vec<(&'static str, String)> {
    let texts = [
        ("provider", &fields.provider),
        ("url", &fields.url),
        ("kind", &fields.kind),
        ("user", &fields.user),
        ("realm", &fields.realm),
        ("client_id", &fields.client_id),
        ("token", &fields.token),
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
    if fields.token_stdin {
        settings.push(("token", "keyring".to_owned()));
    }
    settings
}

fn keep_token(cx: &Context, name: &str) -> Result<(), Failure> {
    let stdin = cx.take_stdin("--token-stdin", "Paste the token")?;
    let token = secrets::first_line(stdin.lock(), "the token on stdin")?;
    let token = token.trim();
    if token.is_empty() || token.chars().any(char::is_control) {
        return Err(Failure::usage("stdin holds no token"));
    }
    cx.system_keyring().put(&kept_as(name), token.as_bytes(), None).map_err(|error| {
        let sentence = format!("the token cannot be kept: {error}; nothing was written");
        Failure::failed(sentence).hint("--token file:/path names a file that only you can read")
    })
}

fn test(cx: &Context, name: Option<&str>) -> Done {
    let server = connect(cx, name)?;
    let seen = server.provider.overview().map_err(failed)?;
    if cx.as_json() {
        cx.print_json(&json!({
            "schema": "sesam.server_test/1", "server": server.name, "actor": seen.actor, "role": seen.role,
            "version": seen.version, "users": seen.users, "locked": seen.locked,
        }))?;
        return Ok(Exit::Done);
    }
    let number = |count: Option<u64>| count.map_or(String::new(), |count| count.to_string());
    let lines = [
        ("server", server.name.clone()),
        ("version", seen.version),
        ("as", seen.actor),
        ("role", seen.role.unwrap_or_default()),
        ("users", number(seen.users)),
        ("locked", number(seen.locked)),
        ("bypassed", number(seen.bypassed)),
    ];
    output::data(&table::labelled(&lines))?;
    if let Some(time) = seen.time {
        let apart = (cx.now().as_second() - time.as_second()).abs();
        if apart > 5 {
            cx.warn(&format!("this computer and {} are {apart} s apart: codes may be refused", server.name));
        }
    }
    Ok(Exit::Done)
}

fn remove(cx: &Context, name: &str) -> Done {
    let own = profile(cx, Some(name))?.server;
    cx.writable()?;
    cx.ask_yes(&format!("Remove {name} and its token?"))?;
    if own.token == TokenSource::Keyring {
        let forgotten = cx.system_keyring().forget(&kept_as(name));
        if let Err(error) = forgotten {
            cx.warn(&format!("the token of {name} may still be in the system keyring: {error}"));
        }
    }
    change_settings(cx, &format!("{name} is gone"), |text| {
        KEYS.iter().try_fold(text.to_owned(), |text, key| config::unset(&text, &full(name, key)))
    })
}

fn pin(text: &str) -> Result<Fingerprint, String> {
    Fingerprint::parse(text).ok_or_else(|| "write sha256: and 64 hex digits".to_owned())
}

fn full(name: &str, key: &str) -> String {
    format!("admin.servers.{name}.{key}")
}

fn kind(kind: &ServerKind) -> String {
    match kind {
        ServerKind::Lab => "lab".into(),
        ServerKind::Prod => "prod".into(),
        ServerKind::Test => "test".into(),
        ServerKind::Own(word) => word.clone(),
    }
}

const KEYS: [&str; 12] = [
    "provider",
    "url",
    "kind",
    "user",
    "realm",
    "client_id",
    "read_only",
    "confirm",
    "theme",
    "ca_file",
    "pin",
    "token",
];

/// How long a new server is waited for.
const PATIENCE: Duration = Duration::from_secs(3);
