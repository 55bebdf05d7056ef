//! An administrator's sign-in: name and password, with the PIN's code in the same field or in a second step. The answer
//! is a token for an hour, and what its owner may do.

use std::time::Duration;

use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::{
    envelope::Envelope,
    rights::{Rights, payload},
};
use crate::admin::{error::AdminError, http::Http};

/// The way to a code; `true` when the one before was refused, `None` to give up.
pub type Code<'a> = dyn Fn(bool) -> Result<Option<Zeroizing<String>>, String> + 'a;

/// A token, and for how long it is good.
type Session = (Zeroizing<String>, Duration);

/// Signs in: gives the token and for how long it is good, and notes the rights that come with it.
pub fn sign_in(
    http: &Http,
    (user, password): (&str, &str),
    (code, rights): (&Code<'_>, &Rights),
) -> Result<Session, AdminError> {
    let refused = |why: &str| AdminError::SignIn { server: http.name().to_owned(), why: why.to_owned() };
    let body = json!({"username": user, "password": password});
    let first: Envelope<Value> = ask(http, &body, WRONG)?;
    if let Some(session) = session(&first, rights) {
        return Ok(session);
    }
    let Some(transaction) = first.detail["transaction_id"].as_str() else { return Err(refused(WRONG)) };
    let mut again = false;
    loop {
        let typed = code(again).map_err(|why| refused(&why))?;
        let Some(typed) = typed else { return Err(refused(WRONG_CODE)) };
        let body = json!({"username": user, "password": typed.as_str(), "transaction_id": transaction});
        match ask(http, &body, WRONG_CODE) {
            Ok(second) => match session(&second, rights) {
                Some(session) => return Ok(session),
                None => again = true,
            },
            Err(AdminError::SignIn { why, .. }) if why == WRONG_CODE => again = true,
            Err(error) => return Err(error),
        }
    }
}

fn ask(http: &Http, body: &Value, wrong: &str) -> Result<Envelope<Value>, AdminError> {
    http.sign_in("/auth", body).map_err(|error| match error {
        AdminError::LoggedOut { server } => AdminError::SignIn { server, why: wrong.to_owned() },
        other => other,
    })
}

/// The session of an administrator: that of a user opens nothing here. The token says when it ends, and the answer what
/// time it is there: nobody's clock is compared with another one.
fn session(envelope: &Envelope<Value>, rights: &Rights) -> Option<Session> {
    let value = &envelope.result.value;
    let text = value["token"].as_str().filter(|_| value["role"] == "admin")?;
    rights.learn(&value["rights"]);
    let left = payload(text)["exp"].as_f64().map(|end| end - envelope.time);
    let left = left.filter(|_| envelope.time > 0.0).map_or(UNKNOWN, |left| {
        Duration::try_from_secs_f64(left.clamp(0.0, UNKNOWN.as_secs_f64())).unwrap_or_default()
    });
    Some((Zeroizing::new(text.to_owned()), left))
}

/// Where it does not say when it ends: until it is refused.
const UNKNOWN: Duration = Duration::from_hours(24 * 365);
const WRONG: &str = "the name or the password is wrong, or this is no administrator";
const WRONG_CODE: &str = "the code was refused";
