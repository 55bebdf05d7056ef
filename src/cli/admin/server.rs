//! `sesam admin server`: profiles of MFA servers. Settings go to the file, tokens to the system keyring.

use clap::Subcommand;
use serde_json::{Value, json};

use super::{
    connect::{connect, failed, profile},
    profile::{AddArgs, EditArgs, add, edit, full},
    user::style,
};
use crate::{
    admin::connect::kept_as,
    cli::{
        config::change_settings,
        context::Context,
        exit::{Done, Exit, Failure},
        table,
    },
    config::{self, ServerKind, TokenSource},
    keyring::SecretStore,
    output,
    vault::tokens::Tokens,
};

/// Profiles of MFA servers
#[derive(Subcommand)]
#[command(
    after_help = "Examples:\n  sesam admin server add mfa --url https://mfa.example.com --kind prod --token-stdin < key\n  \
                  sesam admin server add lab --url https://10.0.0.7 --kind lab --pin sha256:… --token vault --token-stdin\n  \
                  sesam admin server add mfa --url https://mfa.example.com --user ada --otp 'mfa ada' --token-stdin\n  \
                  sesam admin server edit mfa --read-only\n  sesam admin server test mfa\n  sesam admin server use mfa"
)]
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

/// Runs the command.
pub(super) fn run(cx: &Context, command: &ServerCommand) -> Done {
    if cx.global.demo && !matches!(command, ServerCommand::List | ServerCommand::Test { .. }) {
        return Err(Failure::usage("--demo touches no file; leave it out to change your servers"));
    }
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
    if own.token == TokenSource::Vault {
        Tokens::forget(&cx.open()?, name)?;
    }
    change_settings(cx, &format!("{name} is gone"), |text| {
        KEYS.iter().try_fold(text.to_owned(), |text, key| config::unset(&text, &full(name, key)))
    })
}

/// The word of what is at stake.
pub(crate) fn kind(kind: &ServerKind) -> String {
    match kind {
        ServerKind::Lab => "lab".into(),
        ServerKind::Prod => "prod".into(),
        ServerKind::Test => "test".into(),
        ServerKind::Own(word) => word.clone(),
    }
}

const KEYS: [&str; 14] = [
    "provider",
    "url",
    "kind",
    "user",
    "realm",
    "auth_realm",
    "client_id",
    "read_only",
    "confirm",
    "theme",
    "ca_file",
    "pin",
    "token",
    "otp",
];
