//! From a profile to a provider: which server is meant, where its token is, and what its errors mean here.

use std::{process::Command, time::Duration};

use zeroize::Zeroizing;

use crate::{
    admin::{
        Provider,
        error::AdminError,
        http::{Endpoint, Http},
        sesamd::Sesamd,
    },
    cli::{
        context::Context,
        exit::{Exit, Failure},
        locations,
    },
    config::{ProviderKind, Server, TokenSource},
    keyring::SecretStore,
};

/// A server with its profile.
pub(super) struct Connected {
    /// Its name in the settings.
    pub(super) name: String,
    /// How to ask it.
    pub(super) provider: Box<dyn Provider>,
}

/// The server that is meant, ready to be asked.
pub(super) fn connect(cx: &Context, named: Option<&str>) -> Result<Connected, Failure> {
    let (name, profile) = profile(cx, named)?;
    let provider: Box<dyn Provider> = match profile.provider {
        ProviderKind::Sesamd => Box::new(Sesamd::new(http(cx, &name, profile)?)),
        other => {
            let sentence =
                format!("{name} is a server of kind {}, which this sesam cannot ask yet", other.word());
            return Err(Failure::failed(sentence).hint("sesamd is the kind that it can ask"));
        }
    };
    Ok(Connected { name, provider })
}

/// The one that was named, the one of the settings, or the only one.
pub(super) fn profile<'a>(cx: &'a Context, named: Option<&str>) -> Result<(String, &'a Server), Failure> {
    let admin = &cx.settings.config.admin;
    let wanted =
        named.map(str::to_owned).or_else(|| admin.default_server.clone().filter(|name| !name.is_empty()));
    let wanted = wanted.or_else(|| admin.servers.keys().next().filter(|_| admin.servers.len() == 1).cloned());
    let Some(name) = wanted else {
        let known: Vec<&str> = admin.servers.keys().map(String::as_str).collect();
        return Err(match known.as_slice() {
            [] => Failure::not_found("no server is set up")
                .hint("sesam admin server add NAME --url https://… --token-stdin"),
            several => Failure::usage(format!("several servers are set up: {}", several.join(", ")))
                .hint("name one with --server, or sesam admin server use NAME"),
        });
    };
    let profile = admin.servers.get(&name);
    let missing =
        || Failure::not_found(format!("no server is called {name}")).hint("sesam admin server list");
    Ok((name.clone(), profile.ok_or_else(missing)?))
}

/// A client with the token of the profile.
pub(super) fn http(cx: &Context, name: &str, profile: &Server) -> Result<Http, Failure> {
    if profile.pin.is_some() {
        let sentence = format!("{name} has a pinned certificate, which this sesam cannot check yet");
        return Err(Failure::failed(sentence).hint("name its authority with ca_file"));
    }
    let token = token(cx, name, &profile.token)?;
    let endpoint = Endpoint {
        name: name.to_owned(),
        url: profile.url.trim_end_matches('/').to_owned(),
        ca_file: profile.ca_file.clone(),
        timeout: cx.settings.config.admin.timeout.max(Duration::from_secs(1)),
        read_only: profile.read_only || cx.global.read_only,
    };
    Http::new(endpoint, token).map_err(failed)
}

fn token(cx: &Context, name: &str, source: &TokenSource) -> Result<Zeroizing<String>, Failure> {
    let needed = |what: String| Failure::new(Exit::Locked, "no_token", what);
    match source {
        TokenSource::Keyring => {
            let kept = cx.system_keyring().secret(&kept_as(name));
            let kept =
                kept.map_err(|error| needed(format!("the token of {name} cannot be read: {error}")))?;
            let kept = kept.ok_or_else(|| {
                needed(format!("the system keyring has no token for {name}"))
                    .hint(format!("sesam admin server edit {name} --token-stdin"))
            })?;
            let text =
                std::str::from_utf8(&kept).map_err(|_| needed(format!("the token of {name} is no text")))?;
            Ok(Zeroizing::new(text.to_owned()))
        }
        TokenSource::File(path) => cx.first_line(path, "token"),
        TokenSource::Systemd(credential) => {
            let directory = locations::variable("CREDENTIALS_DIRECTORY");
            let missing = || needed(format!("systemd hands over no credential {credential}"));
            cx.first_line(&std::path::Path::new(&directory.ok_or_else(missing)?).join(credential), "token")
        }
        TokenSource::Command(line) => {
            printed(line).map_err(|why| needed(format!("the token of {name}: {why}")))
        }
    }
}

/// The first line that a command prints. Its words are divided by blanks; no shell reads them.
fn printed(line: &str) -> Result<Zeroizing<String>, String> {
    let mut words = line.split_whitespace();
    let program = words.next().ok_or("the command is empty")?;
    let output = Command::new(program).args(words).stderr(std::process::Stdio::inherit()).output();
    let output = output.map_err(|error| format!("{program} cannot be run: {error}"))?;
    let stdout = Zeroizing::new(output.stdout);
    if !output.status.success() {
        return Err(format!("{program} ended with {}", output.status));
    }
    let text = std::str::from_utf8(&stdout).map_err(|_| format!("{program} printed no text"))?;
    match text.lines().next().map(str::trim).filter(|token| !token.is_empty()) {
        Some(token) => Ok(Zeroizing::new(token.to_owned())),
        None => Err(format!("{program} printed nothing")),
    }
}

/// Under which name the system keyring has a server's token.
pub(super) fn kept_as(name: &str) -> String {
    format!("admin/{name}")
}

/// What an error of a server means for a script.
#[expect(clippy::needless_pass_by_value, reason = "the end of an error")]
pub(super) fn failed(error: AdminError) -> Failure {
    let (exit, kind) = match &error {
        AdminError::Certificate { .. } => (Exit::Unreachable, "certificate"),
        AdminError::Changed(_) => (Exit::Conflict, "changed_meanwhile"),
        AdminError::LoggedOut { .. } => (Exit::Locked, "logged_out"),
        AdminError::Missing { .. } => (Exit::NotFound, "not_found"),
        AdminError::Several(_) => (Exit::Ambiguous, "ambiguous"),
        AdminError::ReadOnly(_) => (Exit::Refused, "read_only"),
        AdminError::Refused { .. } => (Exit::Refused, "refused"),
        AdminError::Unknown { .. } => (Exit::Unreachable, "outcome_unknown"),
        AdminError::Unreachable { .. } => (Exit::Unreachable, "unreachable"),
        _ => (Exit::Failed, "failed"),
    };
    let message = match &error {
        AdminError::Refused { right: Some(right), .. } => {
            format!("{error} (the right \"{right}\" is missing)")
        }
        _ => error.to_string(),
    };
    let failure = Failure::new(exit, kind, message);
    match error.hint() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}
