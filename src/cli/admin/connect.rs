//! Which server is meant, and what its errors mean for a script.

use std::{fs::File, path::PathBuf, sync::Arc};

use super::hands::Hands;
use crate::{
    admin::{
        Provider,
        connect::{Door, PersonalDoor, Profile, RealDoor},
        demo::DemoDoor,
        error::AdminError,
    },
    cli::{
        context::Context,
        exit::{Exit, Failure},
        locations,
    },
    config::TokenSource,
};

/// A server with its profile.
pub(crate) struct Connected {
    /// Its name in the settings.
    pub(crate) name: String,
    /// How to ask it.
    pub(crate) provider: Arc<dyn Provider>,
    /// Whether its profile refuses every change.
    read_only: bool,
}

impl Connected {
    /// Whether a change may be asked for at all: told before anybody is asked to confirm one.
    pub(super) fn writable(&self, cx: &Context) -> Result<(), Failure> {
        cx.writable()?;
        if self.read_only { Err(failed(AdminError::ReadOnly(self.name.clone()))) } else { Ok(()) }
    }
}

/// The server that is meant, ready to be asked.
pub(crate) fn connect(cx: &Context, named: Option<&str>) -> Result<Connected, Failure> {
    let profile = profile(cx, named)?;
    if cx.global.demo {
        let provider = DemoDoor::new(Arc::clone(&cx.clock)).open(&profile).map_err(failed)?;
        return Ok(Connected { name: profile.name, provider, read_only: profile.read_only });
    }
    if let TokenSource::File(path) = &profile.server.token
        && let Ok(file) = File::open(path)
    {
        cx.report_readers(&file, &path.display().to_string())?;
    }
    let own = Arc::new(Hands::of(cx, &profile)?);
    let provider = PersonalDoor { way: door(cx), own }.open(&profile).map_err(failed)?;
    Ok(Connected { name: profile.name, provider, read_only: profile.read_only })
}

/// The one that was named, the one of the settings, or the only one.
pub(crate) fn profile(cx: &Context, named: Option<&str>) -> Result<Profile, Failure> {
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
    let Some(server) = admin.servers.get(&name).cloned() else {
        let sentence = format!("no server is called {name}");
        return Err(Failure::not_found(sentence).hint("sesam admin server list"));
    };
    let read_only = server.read_only || cx.global.read_only;
    Ok(Profile { name, server, read_only, timeout: admin.timeout })
}

/// The way to servers, as this call may go it.
pub(crate) fn door(cx: &Context) -> RealDoor {
    let credentials = locations::variable("CREDENTIALS_DIRECTORY").map(PathBuf::from);
    RealDoor { credentials, attended: cx.can_ask() && locations::has_screen() }
}

/// What an error of a server means for a script.
#[expect(clippy::needless_pass_by_value, reason = "the end of an error")]
pub(crate) fn failed(error: AdminError) -> Failure {
    let (exit, kind) = match &error {
        AdminError::Certificate { .. } | AdminError::Untrusted { .. } => (Exit::Unreachable, "certificate"),
        AdminError::Changed(_) => (Exit::Conflict, "changed_meanwhile"),
        AdminError::Conflict { .. } => (Exit::Conflict, "conflict"),
        AdminError::Incomplete { .. } => (Exit::Usage, "incomplete"),
        AdminError::LoggedOut { .. } => (Exit::Locked, "logged_out"),
        AdminError::SignIn { .. } => (Exit::Locked, "sign_in"),
        AdminError::Impossible { .. } => (Exit::Refused, "impossible"),
        AdminError::Missing { .. } => (Exit::NotFound, "not_found"),
        AdminError::NoToken { .. } => (Exit::Locked, "no_token"),
        AdminError::Several(_) => (Exit::Ambiguous, "ambiguous"),
        AdminError::ReadOnly(_) => (Exit::Refused, "read_only"),
        AdminError::NotAllowed { .. } | AdminError::Refused { .. } => (Exit::Refused, "refused"),
        AdminError::Unencrypted(_) => (Exit::Refused, "unencrypted"),
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
    if let AdminError::Incomplete { server, flag, .. } = &error {
        return failure.hint(format!("sesam admin server edit {server} {flag}"));
    }
    if let AdminError::Untrusted { server, seen, .. } = &error {
        return failure.hint(format!(
            "compare it with the server's own, then: sesam admin server edit {server} --pin {seen}"
        ));
    }
    match error.hint() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}
