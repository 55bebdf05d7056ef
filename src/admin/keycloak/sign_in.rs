//! An administrator's session: how it is begun, how it goes on, and what its token says. Tokens lie in memory alone.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use data_encoding::BASE64;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use zeroize::Zeroizing;

use super::{
    claims::{Claims, rights_of},
    device::{self, Show},
};
use crate::{
    admin::{address::encoded, error::AdminError, http::Http},
    clock::running,
    text::safe_cut,
};

/// The way to a code; `true` when the one before was refused, `None` where there is none.
pub type Code = dyn Fn(bool) -> Result<Option<Zeroizing<String>>, String> + Send + Sync;

/// How somebody signs in.
pub enum Grant {
    /// A client of its own, with its secret.
    Client(Zeroizing<String>),
    /// A person with a password, and a code where they have an authenticator.
    Password {
        /// The name.
        user: String,
        /// The password.
        password: Zeroizing<String>,
        /// The way to a code.
        code: Box<Code>,
    },
    /// A person with a browser.
    Device(Box<Show>),
}

/// Where somebody signs in, and for which realm.
pub struct Place {
    /// The realm that is administered.
    pub realm: String,
    /// The realm of the account that signs in.
    pub auth_realm: String,
    /// The client that signs in.
    pub client: String,
}

/// A session.
pub struct Session {
    door: Http,
    place: Place,
    grant: Grant,
    kept: Mutex<Kept>,
}

/// What the last answer left.
#[derive(Default)]
struct Kept {
    refresh: Option<(Zeroizing<String>, Duration)>,
    claims: Claims,
    /// When it came.
    heard: Duration,
}

impl Session {
    /// Over a client that asks without a token.
    pub fn new(door: Http, place: Place, grant: Grant) -> Self {
        Self { door, place, grant, kept: Mutex::default() }
    }

    /// A token and for how long it is good: with what the last answer left for that, else anew.
    pub fn begin(&self) -> Result<(Zeroizing<String>, Duration), AdminError> {
        if let Some(answer) = self.refreshed()? {
            return self.keep(&answer);
        }
        let answer = match &self.grant {
            Grant::Client(secret) => self.as_client(secret)?,
            Grant::Password { user, password, code } => self.as_person((user, password), code)?,
            Grant::Device(show) => {
                let paths = (self.path("auth/device"), self.path("token"));
                device::sign_in(&self.door, (&paths.0, &paths.1), (&self.place.client, &**show))?
            }
        };
        self.keep(&answer)
    }

    /// What the token in use says.
    pub(super) fn claims(&self) -> Claims {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).claims.clone()
    }

    /// The time of the server, as far as its last token tells.
    pub(super) fn time(&self) -> Option<Timestamp> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let since = SignedDuration::try_from(running().saturating_sub(kept.heard)).ok()?;
        kept.claims.issued?.checked_add(since).ok()
    }

    fn path(&self, end: &str) -> String {
        format!("/realms/{}/protocol/openid-connect/{end}", encoded(&self.place.auth_realm))
    }

    fn token(&self, fields: &[(&str, &str)], basic: Option<&str>) -> Result<(u16, Value), AdminError> {
        let (status, said) = self.door.form(&self.path("token"), (fields, basic))?;
        if status == 404 {
            let what = format!("realm \"{}\"", self.place.auth_realm);
            return Err(AdminError::Missing { server: self.door.name().to_owned(), what });
        }
        Ok((status, said))
    }

    fn refused(&self, why: &str) -> AdminError {
        AdminError::SignIn { server: self.door.name().to_owned(), why: why.to_owned() }
    }

    /// With the refresh token of before; nothing where there is none, or where it is taken no more.
    fn refreshed(&self) -> Result<Option<Value>, AdminError> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner).refresh.take();
        let Some((refresh, until)) = kept else { return Ok(None) };
        if running() >= until {
            return Ok(None);
        }
        let fields =
            [("grant_type", "refresh_token"), ("refresh_token", &refresh), ("client_id", &self.place.client)];
        match self.token(&fields, None) {
            Ok((200, answer)) => Ok(Some(answer)),
            Ok(_) => Ok(None),
            Err(error) => {
                // It was not heard: the next try is made with it again.
                let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
                kept.refresh = Some((refresh, until));
                Err(error)
            }
        }
    }

    /// The secret in the header; a client that takes it only in the form says that it knows no such client.
    fn as_client(&self, secret: &str) -> Result<Value, AdminError> {
        let client = &self.place.client;
        let pair = Zeroizing::new(format!("{}:{}", encoded(client), encoded(secret)));
        let basic = Zeroizing::new(format!("Basic {}", BASE64.encode(pair.as_bytes())));
        let grant = ("grant_type", "client_credentials");
        let (status, said) = self.token(&[grant], Some(&basic))?;
        if status == 200 {
            return Ok(said);
        }
        let (status, said) = self.token(&[grant, ("client_id", client), ("client_secret", secret)], None)?;
        match status {
            200 => Ok(said),
            _ => Err(self.refused(&client_fault(client, &said))),
        }
    }

    /// A code is asked for first: a try without one would count as a wrong password, and the answer tells neither from the
    /// other.
    fn as_person(&self, (user, password): (&str, &str), code: &Code) -> Result<Value, AdminError> {
        let client = &self.place.client;
        for again in [false, true] {
            let typed = code(again).map_err(|why| self.refused(&why))?;
            if again && typed.is_none() {
                break;
            }
            let mut fields = vec![
                ("grant_type", "password"),
                ("client_id", client),
                ("username", user),
                ("password", password),
                ("scope", "openid"),
            ];
            if let Some(typed) = &typed {
                fields.push(("totp", typed));
            }
            let (status, said) = self.token(&fields, None)?;
            match (status, said["error"].as_str(), typed.is_some()) {
                (200, ..) => return Ok(said),
                (401, Some("invalid_grant"), true) if !again => {}
                (401, Some("invalid_grant"), _) => break,
                _ => return Err(self.refused(&client_fault(client, &said))),
            }
        }
        Err(self.refused(WRONG))
    }

    fn keep(&self, answer: &Value) -> Result<(Zeroizing<String>, Duration), AdminError> {
        let text = |key: &str| answer[key].as_str().map(|text| Zeroizing::new(text.to_owned()));
        let span = |key: &str| Duration::from_secs(answer[key].as_u64().unwrap_or_default());
        let token = text("access_token").ok_or_else(|| AdminError::NotUnderstood {
            server: self.door.name().to_owned(),
            what: "no token".to_owned(),
        })?;
        let client = rights_of(&self.place.realm, &self.place.auth_realm);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        // Zero means that it does not end by itself.
        let lasts = match span("refresh_expires_in") {
            Duration::ZERO => A_DAY,
            span => span,
        };
        let is_person = !matches!(self.grant, Grant::Client(_));
        kept.refresh =
            text("refresh_token").filter(|_| is_person).map(|refresh| (refresh, running() + lasts));
        kept.claims = Claims::read(&token, &client);
        if let Grant::Password { user, .. } = &self.grant {
            // Some clients get tokens that name nobody.
            kept.claims.name = Some(user.clone());
        }
        kept.heard = running();
        Ok((token, span("expires_in")))
    }
}

/// Why a client, or an account, was not taken, in words that help.
fn client_fault(client: &str, said: &Value) -> String {
    let why = said["error_description"].as_str().or_else(|| said["error"].as_str()).unwrap_or("refused");
    let (client, why) = (safe_cut(client, 40), safe_cut(why, 120));
    match said["error"].as_str() {
        Some("unauthorized_client") if why.contains("service account") => {
            format!("the client {client} has no service account: switch it on (Service accounts roles)")
        }
        Some("unauthorized_client") if why.contains("grant") || why.contains("not allowed") => {
            format!("the client {client} may not sign in this way: switch Direct access grants on, or use token = \"device\"")
        }
        Some("unauthorized_client" | "invalid_client") => {
            format!("the client {client} or its secret is wrong ({why})")
        }
        Some("invalid_grant") if why.contains("not fully set up") => {
            "the account has something to do first (a password, an authenticator): sign in to its console once".to_owned()
        }
        _ => why,
    }
}

const WRONG: &str = "the password or the passcode is wrong; Keycloak does not say which";
const A_DAY: Duration = Duration::from_hours(24);

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::client_fault;

    #[test]
    fn a_refused_client_is_told_what_to_switch_on() {
        for (error, description, words) in [
            ("unauthorized_client", "Invalid client or Invalid client credentials", "its secret is wrong"),
            ("unauthorized_client", "Client not enabled to retrieve service account", "no service account"),
            ("unauthorized_client", "Client not allowed for direct access grants", "Direct access grants"),
            ("invalid_grant", "Account is not fully set up", "something to do first"),
            ("odd", "\u{1b}[2J", "odd"),
        ] {
            let description = if error == "odd" { "odd thing" } else { description };
            let fault = client_fault("shop", &json!({"error": error, "error_description": description}));
            assert!(fault.contains(words), "{fault}");
        }
    }
}
