//! Signing in with a browser on another machine: a link is shown, and the server is asked until somebody was there. The
//! whole sign-in of the realm counts, security keys too, and no secret lies on this machine.

use std::time::Duration;

use serde_json::Value;
use zeroize::Zeroizing;

use crate::{
    admin::{error::AdminError, http::Http},
    clock::{Clock, SystemClock, running},
    text::safe_cut,
};

/// Where somebody has to go.
#[derive(Clone, PartialEq, Eq)]
pub struct Visit {
    /// The address to type.
    pub address: String,
    /// What is typed there.
    pub code: Zeroizing<String>,
    /// Both in one, for a QR code.
    pub link: Zeroizing<String>,
}

/// Shows where to go; what comes back says whether somebody still wants to. The error says why nobody can go there.
pub type Show = dyn Fn(&Visit) -> Result<Box<dyn Fn() -> bool>, String> + Send + Sync;

/// Shows the link, and asks until the answer is one. Gives what the server said with the token.
pub(super) fn sign_in(
    door: &Http,
    (begin, token): (&str, &str),
    (client, show): (&str, &Show),
) -> Result<Value, AdminError> {
    let refused = |why: &str| AdminError::SignIn { server: door.name().to_owned(), why: why.to_owned() };
    let (status, said) = door.form(begin, (&[("client_id", client), ("scope", "openid")], None))?;
    let visit = visit(&said).filter(|_| status == 200);
    let (Some(visit), Some(code)) = (visit, said["device_code"].as_str()) else {
        return Err(refused(&not_begun(&said)));
    };
    let ends = running() + Duration::from_secs(said["expires_in"].as_u64().unwrap_or(600).min(LONGEST));
    let mut every = Duration::from_secs(said["interval"].as_u64().unwrap_or(5).clamp(1, 60));
    let wanted = show(&visit).map_err(|why| refused(&why))?;
    let fields = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
        ("device_code", code),
        ("client_id", client),
    ];
    while running() < ends {
        if !rest(every, &wanted) {
            return Err(refused("nobody wanted it any more"));
        }
        let (status, said) = door.form(token, (&fields, None))?;
        if status == 200 {
            return Ok(said);
        }
        match heard(&said) {
            Heard::Pending => {}
            Heard::Slower => every += SLOWER,
            Heard::Over(why) => return Err(refused(&why)),
        }
    }
    Err(refused(EXPIRED))
}

/// Waits, and looks now and then whether anybody still does.
fn rest(span: Duration, wanted: &dyn Fn() -> bool) -> bool {
    let until = running() + span;
    while running() < until {
        if !wanted() {
            return false;
        }
        SystemClock.pause(GLANCE.min(until.saturating_sub(running())));
    }
    wanted()
}

enum Heard {
    Pending,
    Slower,
    Over(String),
}

fn heard(said: &Value) -> Heard {
    match said["error"].as_str().unwrap_or_default() {
        "authorization_pending" => Heard::Pending,
        "slow_down" => Heard::Slower,
        "access_denied" => Heard::Over("it was refused at the browser".to_owned()),
        "expired_token" | "invalid_grant" => Heard::Over(EXPIRED.to_owned()),
        other => Heard::Over(safe_cut(said["error_description"].as_str().unwrap_or(other), 120)),
    }
}

fn visit(said: &Value) -> Option<Visit> {
    let text = |key: &str| said[key].as_str();
    let (address, code) = (text("verification_uri")?.to_owned(), text("user_code")?.to_owned());
    let link = text("verification_uri_complete").unwrap_or(&address).to_owned();
    let is_address = |text: &str| text.starts_with("https://") || text.starts_with("http://");
    let is_sound = is_address(&address) && is_address(&link) && link.len() < 1000;
    is_sound.then(|| Visit { address, code: Zeroizing::new(code), link: Zeroizing::new(link) })
}

fn not_begun(said: &Value) -> String {
    let why = said["error_description"].as_str().or_else(|| said["error"].as_str()).unwrap_or("no link came");
    let why = safe_cut(why, 120);
    format!(
        "no sign-in by browser was begun ({why}): the client needs \"OAuth 2.0 Device Authorization Grant\""
    )
}

impl std::fmt::Debug for Visit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Visit").field("address", &self.address).finish_non_exhaustive()
    }
}

const EXPIRED: &str = "the link has ended before anybody signed in with it";
const SLOWER: Duration = Duration::from_secs(5);
const GLANCE: Duration = Duration::from_millis(200);
const LONGEST: u64 = 1800;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_answer_means_one_thing() {
        let over = |code: &str| match heard(&json!({ "error": code })) {
            Heard::Over(why) => why,
            Heard::Pending => "pending".to_owned(),
            Heard::Slower => "slower".to_owned(),
        };
        assert_eq!((over("authorization_pending"), over("slow_down")), ("pending".into(), "slower".into()));
        assert!(over("access_denied").contains("refused at the browser"));
        assert!(over("expired_token").contains("ended") && over("server_error") == "server_error");
    }

    #[test]
    fn a_visit_is_an_address_and_a_code_or_nothing() {
        let good = json!({"verification_uri": "https://kc/d", "user_code": "AB-CD"});
        assert_eq!(visit(&good).unwrap().link.as_str(), "https://kc/d");
        assert!(!format!("{:?}", visit(&good).unwrap()).contains("AB-CD"));
        for bad in [json!({}), json!({"verification_uri": "file:///x", "user_code": "A"})] {
            assert_eq!(visit(&bad), None, "{bad}");
        }
    }
}
