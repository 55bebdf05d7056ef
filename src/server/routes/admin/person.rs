//! What an administrator types of a person, checked: names, addresses, numbers, passwords.

use zeroize::Zeroizing;

use crate::{
    api::users::NewUser,
    server::{
        domain::{name::UserName, user::User},
        routes::refusal::Refusal,
        service::Service,
    },
};

/// A new user of what was typed.
pub(super) fn new(service: &Service, new: &NewUser) -> Result<User, Refusal> {
    let mut user = User::new(service.id(), named(&new.name)?);
    user.display = new.display.clone().map(display).transpose()?;
    user.email = new.email.clone().map(email).transpose()?;
    user.mobile = new.mobile.as_deref().map(mobile).transpose()?;
    user.enabled = !new.disabled;
    Ok(user)
}

/// A name to sign in with.
pub(super) fn named(text: &str) -> Result<UserName, Refusal> {
    UserName::parse(text).map_err(|error| Refusal::invalid(error.to_string()))
}

/// What people call a user: anything that can be stored, of the length of a name.
pub(super) fn display(text: String) -> Result<String, Refusal> {
    if text.trim().is_empty() || text.chars().count() > 128 || text.contains(char::is_control) {
        return Err(Refusal::invalid("display is 1 to 128 characters without control characters"));
    }
    Ok(text)
}

/// An e-mail address: what can be written to, not whether anybody reads it.
pub(super) fn email(text: String) -> Result<String, Refusal> {
    match text.parse::<lettre::Address>() {
        Ok(_) if text.len() <= 254 => Ok(text),
        _ => Err(Refusal::invalid("email is no address: somebody@example.com")),
    }
}

/// A telephone number with the country's: blanks and dashes go.
pub(super) fn mobile(text: &str) -> Result<String, Refusal> {
    let number: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '/')).collect();
    let digits = number.strip_prefix('+').unwrap_or_default();
    if (6..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(number);
    }
    Err(Refusal::invalid("mobile is no number with the country's: +49 170 1234567"))
}

/// A password that may be set: 8 to 1,024 characters, not the name, not among those that everybody tries first.
pub(super) fn new_password(text: &str, name: &str) -> Result<Zeroizing<String>, Refusal> {
    let long = text.chars().count();
    if !(8..=1024).contains(&long) {
        return Err(Refusal::invalid("a password has 8 to 1,024 characters"));
    }
    let folded = text.to_lowercase();
    let usual = folded == name.to_lowercase() || USUAL.iter().any(|usual| folded == *usual);
    let first = folded.chars().next();
    if usual || folded.chars().all(|c| Some(c) == first) {
        return Err(Refusal::invalid(
            "this password is among those that are tried first: choose another one",
        ));
    }
    Ok(Zeroizing::new(text.to_owned()))
}

/// What is tried first, of eight characters and more.
const USUAL: [&str; 40] = [
    "12345678",
    "123456789",
    "1234567890",
    "87654321",
    "11223344",
    "1q2w3e4r",
    "1q2w3e4r5t",
    "1qaz2wsx",
    "abcd1234",
    "abc12345",
    "asdfghjk",
    "asdfghjkl",
    "baseball",
    "changeme",
    "computer",
    "football",
    "iloveyou",
    "letmein1",
    "michelle",
    "passw0rd",
    "password",
    "password1",
    "password12",
    "password123",
    "princess",
    "q1w2e3r4",
    "qwer1234",
    "qwertyui",
    "qwerty123",
    "qwertyuiop",
    "sunshine",
    "superman",
    "trustno1",
    "welcome1",
    "welcome123",
    "whatever",
    "zaq12wsx",
    "administrator",
    "adminadmin",
    "p@ssw0rd",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_addresses_are_written_one_way() {
        assert_eq!(mobile("+49 (170) 123-4567").unwrap(), "+491701234567");
        for text in ["0170 1234567", "+49", "+49a", "", "+1234567890123456"] {
            assert!(mobile(text).is_err(), "{text}");
        }
        assert!(email("hugo@example.com".into()).is_ok());
        for text in ["hugo", "a@b\r\nBcc: c@d", "@", "a b@c.d", &format!("a@{}.de", "b".repeat(254))] {
            assert!(email(text.into()).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_tried_first_is_no_password() {
        for text in ["short", "PASSWORD", "aaaaaaaaaa", "hugomeier", "qwerty123", &"x1".repeat(600)] {
            assert!(new_password(text, "HugoMeier").is_err(), "{text}");
        }
        assert_eq!(new_password("correct horse", "hugo").unwrap().as_str(), "correct horse");
    }
}
