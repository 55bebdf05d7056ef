//! An authenticator on behalf of a user. Keycloak gives no secret away: it is made here and handed over, and the server takes
//! its letters for the key.

use serde::Serialize;
use serde_json::json;
use zeroize::Zeroizing;

use super::{
    flow::{Policy, Realm},
    people::Seen,
    shape::BIND,
    write::Writer,
};
use crate::{
    admin::{
        action::{Done, Enrolled},
        error::AdminError,
        http::Method,
    },
    otp::{Counter, Digits, Form, Kind, Otp, Period, Secret, format_link},
};

/// What is put: the credential alone, so that the user stays as they are.
#[derive(Serialize)]
struct Put {
    credentials: [New; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct New {
    r#type: &'static str,
    user_label: &'static str,
    secret_data: Zeroizing<String>,
    credential_data: String,
}

/// Adds a credential, reads it back, and gives its link.
pub(super) fn enrol(writer: &Writer<'_>, seen: &Seen) -> Result<Done, AdminError> {
    let policy = Realm::read(writer.desk)?.policy();
    let letters = letters().map_err(|why| writer.desk.refused(why))?;
    let otp = otp(&policy, &letters).ok_or_else(|| {
        writer.desk.refused("the OTP policy of the realm is none that an authenticator knows".to_owned())
    })?;
    let put = Put { credentials: [new(&policy, &letters)] };
    writer.send((Method::Put, &writer.path("")), &put)?;
    let now = writer.credentials()?;
    let is_new = |id: &str| !seen.credentials.iter().any(|one| one.id == id);
    let made = now.iter().find(|one| one.is_otp() && is_new(&one.id));
    let made = made.ok_or_else(|| writer.not_done("no credential was added"))?;
    if seen.user.must_bind() {
        let rest: Vec<&String> = seen.user.required_actions.iter().filter(|own| *own != BIND).collect();
        writer.put(&seen.user, &json!({ "requiredActions": rest }))?;
    }
    let (realm, user) = (&writer.desk.realm, &seen.user.username);
    let enrolled = Enrolled { binding: made.id.clone(), uri: format_link(realm, user, &otp, Form::Full) };
    let sentence = format!("An authenticator for {user} was made; it is good at once");
    Ok(Done { sentence, passcode: None, enrolled: Some(enrolled) })
}

fn new(policy: &Policy, letters: &str) -> New {
    let kind = if policy.is_totp { "totp" } else { "hotp" };
    New {
        r#type: "otp",
        user_label: "bound by the help desk",
        secret_data: Zeroizing::new(format!("{{\"value\":\"{letters}\"}}")),
        credential_data: json!({
            "subType": kind, "digits": policy.digits, "counter": 0, "period": policy.period,
            "algorithm": policy.algorithm,
        })
        .to_string(),
    }
}

/// The server takes the letters themselves for the key, not what they would mean in Base32.
fn otp(policy: &Policy, letters: &str) -> Option<Otp> {
    let kind = if policy.is_totp {
        Kind::Totp { period: Period::new(policy.period).ok()? }
    } else {
        Kind::Hotp { counter: Counter::new(0).ok()? }
    };
    let secret = Secret::new(letters.as_bytes().to_vec()).ok()?;
    let algorithm = policy.algorithm.parse().ok()?;
    Some(Otp { kind, secret, algorithm, digits: Digits::new(policy.digits).ok()? })
}

/// 32 letters of 5 random bits each.
fn letters() -> Result<Zeroizing<String>, String> {
    let mut bytes = Zeroizing::new([0_u8; 32]);
    getrandom::fill(&mut *bytes).map_err(|error| format!("no random numbers here: {error}"))?;
    let letter = |byte: &u8| char::from(ALPHABET[usize::from(byte & 31)]);
    Ok(Zeroizing::new(bytes.iter().map(letter).collect()))
}

const ALPHABET: [u8; 32] = *b"abcdefghijkmnopqrstuvwxyz2345678";

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(algorithm: &str) -> Policy {
        Policy { is_totp: true, algorithm: algorithm.to_owned(), digits: 6, period: 30 }
    }

    #[test]
    fn the_letters_are_the_key() {
        let otp = otp(&policy("HmacSHA1"), "12345678901234567890").unwrap();
        assert_eq!(otp.code(59).unwrap().as_str(), "287082", "as RFC 6238 has it for these bytes");
        let put = serde_json::to_value(Put { credentials: [new(&policy("HmacSHA1"), "abc")] }).unwrap();
        assert_eq!(put.as_object().unwrap().len(), 1);
        assert_eq!(put["credentials"][0]["secretData"], r#"{"value":"abc"}"#);
        assert_eq!(put["credentials"][0]["type"], "otp");
    }

    #[test]
    fn every_secret_is_another_one_and_odd_policies_are_none() {
        let (one, two) = (letters().unwrap(), letters().unwrap());
        assert!(one != two && one.len() == 32 && one.bytes().all(|byte| ALPHABET.contains(&byte)));
        assert!(otp(&policy("HmacMD5"), &one).is_none());
    }
}
