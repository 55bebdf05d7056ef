//! An administrator's sign-in: name and password, with the PIN's code in the same field or in a second step. The answer
//! is a token for an hour.

use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::envelope::Envelope;
use crate::admin::{error::AdminError, http::Http};

/// The way to a code; `true` when the one before was refused, `None` to give up.
pub type Code<'a> = dyn Fn(bool) -> Result<Option<Zeroizing<String>>, String> + 'a;

/// Signs in and gives the token.
pub fn sign_in(
    http: &Http,
    (user, password): (&str, &str),
    code: &Code<'_>,
) -> Result<Zeroizing<String>, AdminError> {
    let refused = |why: &str| AdminError::SignIn { server: http.name().to_owned(), why: why.to_owned() };
    let body = json!({"username": user, "password": password});
    let first: Envelope<Value> = ask(http, &body, WRONG)?;
    if let Some(token) = token(&first) {
        return Ok(token);
    }
    let Some(transaction) = first.detail["transaction_id"].as_str() else { return Err(refused(WRONG)) };
    let mut again = false;
    loop {
        let typed = code(again).map_err(|why| refused(&why))?;
        let Some(typed) = typed else { return Err(refused(WRONG_CODE)) };
        let body = json!({"username": user, "password": typed.as_str(), "transaction_id": transaction});
        match ask(http, &body, WRONG_CODE) {
            Ok(second) => match token(&second) {
                Some(token) => return Ok(token),
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

/// A token of an administrator: that of a user opens nothing here.
fn token(envelope: &Envelope<Value>) -> Option<Zeroizing<String>> {
    let value = &envelope.result.value;
    let text = value["token"].as_str().filter(|_| value["role"] == "admin")?;
    Some(Zeroizing::new(text.to_owned()))
}

const WRONG: &str = "the name or the password is wrong, or this is no administrator";
const WRONG_CODE: &str = "the code was refused";
