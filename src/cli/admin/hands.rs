//! What the person at the command line gives for a server: a token out of the vault, and the codes of their own
//! second factor, out of the vault or typed.

use std::{io::BufRead, sync::Arc};

use zeroize::Zeroizing;

use crate::{
    admin::{
        codes::Codes,
        connect::{Own, Profile, Wanted},
        keycloak::device::Visit,
    },
    cli::{
        context::Context,
        exit::{Exit, Failure},
        pick,
    },
    config::TokenSource,
    otp::Otp,
    output,
    qr::Qr,
    text::safe,
    vault::tokens::Tokens,
};

/// What was taken out of the vault, while it was open.
pub(super) struct Hands {
    token: Option<Zeroizing<String>>,
    otp: Option<Otp>,
    can_ask: bool,
    /// Whether somebody reads what is said: a link can be opened on another machine.
    can_see: bool,
    codes: Codes,
}

impl Hands {
    /// Opens the vault if the profile needs it.
    pub(super) fn of(cx: &Context, profile: &Profile) -> Result<Self, Failure> {
        let server = &profile.server;
        let signs_in = server.user.is_some() && server.token != TokenSource::Device;
        let query = server.otp.as_deref().filter(|query| signs_in && !query.is_empty());
        let mut hands = Self {
            token: None,
            otp: None,
            can_ask: cx.can_ask() && output::stdin_is_terminal(),
            can_see: cx.can_ask() && output::stderr_is_terminal(),
            codes: Codes::new(Arc::clone(&cx.clock), cx.settings.config.codes.clock_offset),
        };
        if server.token != TokenSource::Vault && query.is_none() {
            return Ok(hands);
        }
        let vault = cx.open()?;
        if server.token == TokenSource::Vault {
            hands.token = Tokens::read(&vault)?.of(&profile.name).cloned();
        }
        if let Some(query) = query {
            let account = pick::one_of(cx, &vault, query)?;
            if account.otp.window(0).is_none() {
                let sentence = format!("{} counts; codes for a sign-in are made by time", account.name());
                return Err(Failure::new(Exit::Usage, "usage", sentence));
            }
            cx.mention(&format!("the code for {} comes from {}", profile.name, account.name()));
            hands.otp = Some(account.otp);
        }
        Ok(hands)
    }
}

impl Own for Hands {
    fn token(&self, server: &str) -> Result<Zeroizing<String>, String> {
        self.token.clone().ok_or_else(|| format!("the vault has none for {server}"))
    }

    fn code(&self, profile: &Profile, again: bool) -> Result<Option<Zeroizing<String>>, String> {
        if let Some(otp) = &self.otp {
            let waits = |seconds| output::say(&format!("sesam: waiting {seconds} s for the next code"));
            return self.codes.next(otp, again, &waits);
        }
        if !self.can_ask {
            return Err("a code is asked for, and nobody is there to type it".to_owned());
        }
        if again {
            output::say("That code was refused.");
        }
        let user = profile.server.user.as_deref().unwrap_or_default();
        output::ask(&format!("Code for {} on {}:", safe(user), safe(&profile.name)));
        let mut line = Zeroizing::new(String::new());
        let read = std::io::stdin().lock().read_line(&mut line);
        read.map_err(|error| format!("the code could not be read ({error})"))?;
        let code = line.trim();
        Ok(if code.is_empty() { None } else { Some(Zeroizing::new(code.to_owned())) })
    }

    fn visit(&self, profile: &Profile, visit: &Visit) -> Result<Wanted, String> {
        if !self.can_see {
            return Err("a browser has to sign in, and nobody is there to open the link".to_owned());
        }
        let (server, address, code) = (safe(&profile.name), safe(&visit.address), safe(&visit.code));
        output::say(&format!("Sign in to {server} with a browser, here or on a telephone:"));
        if let Ok(qr) = Qr::encode_small(&visit.link) {
            output::say(qr.terminal(false).trim_end());
        }
        output::say(&format!("or open {address} and type {code}. Waiting; Ctrl-C ends it."));
        Ok(Box::new(|| true))
    }
}
