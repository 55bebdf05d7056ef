//! An administrator's own sign-in at the console of a sesamd: name, password, and a code of their authenticator. The
//! answer is a session, which stands in the place of an API key.

use serde::Deserialize;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::find::encoded;
use crate::admin::{error::AdminError, http::Http};

/// Who signs in, and where the codes come from.
pub struct Person<'a> {
    /// The name.
    pub user: &'a str,
    /// The password.
    pub password: &'a str,
    /// The next code; `true` when the one before was refused, `None` to give up. The error says why there is none.
    pub code: &'a Code<'a>,
}

/// The way to a code.
pub type Code<'a> = dyn Fn(bool) -> Result<Option<Zeroizing<String>>, String> + 'a;

/// What a sign-in waits for.
#[derive(Deserialize)]
struct View {
    id: String,
    stage: String,
    #[serde(default)]
    factors: Vec<String>,
    session: Option<Zeroizing<String>>,
    proof: Option<String>,
}

/// Signs in and gives the session's token.
pub fn sign_in(http: &Http, person: &Person<'_>) -> Result<Zeroizing<String>, AdminError> {
    let refused = |why: &str| AdminError::SignIn { server: http.name().to_owned(), why: why.to_owned() };
    let start = json!({"application": CONSOLE, "user": person.user, "password": person.password});
    let begun: View =
        sent(http, "/v1/sign-ins", &start, "the name or the password is wrong, or the account is closed")?;
    match begun.stage.as_str() {
        "second_step" => {}
        "done" if begun.proof.as_deref() == Some("bypass") => {
            return Err(refused("a bypass is no second factor; end it first"));
        }
        "binding" => return Err(refused("bind an authenticator first: sign in to the portal of the server")),
        _ => return Err(refused("the server wants something first: sign in to its portal")),
    }
    if !begun.factors.iter().any(|factor| factor == "otp") {
        return Err(refused("it asks for no code of an authenticator, and sesam has nothing else to show"));
    }
    let path = format!("/v1/sign-ins/{}/verify", encoded(&begun.id));
    let mut again = false;
    loop {
        let code = (person.code)(again).map_err(|why| refused(&why))?;
        let Some(code) = code else { return Err(refused(if again { WRONG } else { "no code was given" })) };
        let shown: Result<View, _> =
            sent(http, &path, &json!({"factor": "otp", "code": code.as_str()}), WRONG);
        match shown {
            Ok(done) => return done.session.ok_or_else(|| refused("the server gave no session")),
            Err(AdminError::SignIn { why, .. }) if why == WRONG => again = true,
            Err(error) => return Err(error),
        }
    }
}

fn sent(http: &Http, path: &str, body: &Value, wrong: &str) -> Result<View, AdminError> {
    http.sign_in(path, body).map_err(|error| match error {
        AdminError::LoggedOut { server } => AdminError::SignIn { server, why: wrong.to_owned() },
        other => other,
    })
}

const CONSOLE: &str = "sesamd";
const WRONG: &str = "the code was refused";
