//! What the entries of `pass` and `gopass` hold, one by one: the links in a text, or a bare secret behind `totp:`. Which
//! entries there are, and who decrypts them, is `cli`'s.

use super::{
    Decoded, FormatError, Record, Spot,
    login::Login,
    parts::{self, Parts},
    record::NamedReason,
};
use crate::otp::{Extras, looks_like_link};

/// The name of the format.
pub const NAME: &str = "pass";

/// Takes the codes of one entry; of an entry without one, a password alone, nothing.
///
/// `Work/github.com/alice` is alice's account at github.com, with the tag Work.
///
/// # Errors
/// [`FormatError::TooManyEntries`].
pub fn entry(name: &str, text: &str, number: usize, decoded: &mut Decoded) -> Result<(), FormatError> {
    let user = field(text, &["user", "username", "login"]);
    let (tags, issuer, account) = names(name, user);
    let extras = || Extras { tags: tags.iter().map(|tag| (*tag).to_owned()).collect(), ..Extras::default() };
    for line in text.lines().map(str::trim) {
        let value = line.split_once(':').filter(|(key, _)| is_key(key)).map(|(_, value)| value.trim());
        let totp = if begins_link(line) { line } else { value.unwrap_or_default() };
        if totp.is_empty() {
            continue;
        }
        let read = if looks_like_link(totp) {
            Login { totp, title: issuer, username: account, extras: extras(), created: None }.record()
        } else {
            bare((issuer.to_owned(), account.to_owned()), totp, extras())
        };
        decoded.push(Spot::Entry(number), read)?;
    }
    Ok(())
}

/// An entry that could not be decrypted.
///
/// # Errors
/// [`FormatError::TooManyEntries`].
pub fn unread(name: &str, why: &str, number: usize, decoded: &mut Decoded) -> Result<(), FormatError> {
    let (_, issuer, account) = names(name, "");
    decoded.push(Spot::Entry(number), Err(NamedReason::new((issuer.to_owned(), account.to_owned()), why)))
}

fn bare(names: (String, String), secret: &str, extras: Extras) -> Result<Record, NamedReason> {
    parts::record(names, parts::base32(secret).map(|secret| Parts::new("totp", secret)), extras)
}

/// Directories, the issuer, the account. A user in the text leaves the whole last part to the issuer.
fn names<'n>(name: &'n str, user: &'n str) -> (Vec<&'n str>, &'n str, &'n str) {
    let mut parts: Vec<&str> = name.split('/').filter(|part| !part.is_empty()).collect();
    let last = parts.pop().unwrap_or_default();
    let (issuer, account) = match user {
        "" => parts.pop().map_or((last, ""), |issuer| (issuer, last)),
        user => (last, user),
    };
    (if parts.is_empty() { parts } else { vec![&name[..joined(&parts)]] }, issuer, account)
}

/// How long the first directories are together, with the strokes between.
fn joined(parts: &[&str]) -> usize {
    parts.iter().map(|part| part.len() + 1).sum::<usize>() - 1
}

fn field<'t>(text: &'t str, keys: &[&str]) -> &'t str {
    let mut pairs = text.lines().skip(1).filter_map(|line| line.split_once(':'));
    let found = pairs.find(|(own, _)| keys.iter().any(|key| own.trim().eq_ignore_ascii_case(key)));
    found.map_or("", |(_, value)| value.trim())
}

fn is_key(key: &str) -> bool {
    ["totp", "otp", "otpauth_secret"].iter().any(|own| key.trim().eq_ignore_ascii_case(own))
}

fn begins_link(line: &str) -> bool {
    ["otpauth://", "steam://", "motp://"].iter().any(|scheme| line.starts_with(scheme))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    fn read(name: &str, text: &str) -> Vec<String> {
        let mut decoded = Decoded::new(NAME);
        entry(name, text, 1, &mut decoded).unwrap();
        let line = |link: &crate::otp::Link| {
            format!("{}:{} [{}]", link.issuer, link.account, link.extras.tags.join(" "))
        };
        let good = decoded.entries.iter().map(|entry| line(&entry.record.link));
        good.chain(decoded.bad.iter().map(|bad| format!("{}: {}", bad.issuer, bad.reason))).collect()
    }

    #[test]
    fn names_come_from_the_link_and_else_from_the_path() {
        let bare = format!("pw\ntotp: {KEY}\n");
        assert_eq!(read("github.com", &bare), ["github.com: []"]);
        assert_eq!(read("github.com/alice", &bare), ["github.com:alice []"]);
        assert_eq!(read("Work/big/github.com/alice", &bare), ["github.com:alice [Work/big]"]);
        assert_eq!(read("Work/github.com", &format!("{bare}user: bob")), ["github.com:bob [Work]"]);
        let link = format!("pw\r\notpauth://totp/Acme:carol?secret={KEY}&issuer=Acme\r\n");
        assert_eq!(read("Work/x/y", &link), ["Acme:carol [Work]"]);
        assert_eq!(read("x/y", &format!("otp: otpauth://totp/?secret={KEY}")), ["x:y []"]);
    }

    #[test]
    fn a_password_is_no_code_and_a_bad_secret_is_named() {
        assert!(read("a/b", "hunter2\nurl: https://example.com\notpauth").is_empty());
        assert_eq!(read("a/b", "pw\ntotp: 0000")[0], "a: secret is not base32: \"0\" at place 1");
        for hostile in ["", "/", "//", "a//b/", "é/\u{202e}"] {
            let _ = read(hostile, &format!("totp: {KEY}"));
        }
    }
}
