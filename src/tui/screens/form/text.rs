//! Texts of an account as one line of a field shows them, and back. What nobody touched comes back byte for byte.

use zeroize::Zeroizing;

use crate::otp::Secret;

/// Stands for a line break in a field.
const BREAK: char = '↵';

/// A name without what no field holds.
pub(super) fn name(text: &str) -> String {
    text.chars().filter(|char| !char.is_control()).collect()
}

/// A name as it was typed over an old one.
pub(super) fn name_over(typed: &str, old: &str) -> String {
    if typed == name(old) { old.to_owned() } else { typed.trim().to_owned() }
}

/// A note in one line.
pub(super) fn note(text: &str) -> String {
    name(&text.replace("\r\n", "\n").replace('\n', &BREAK.to_string()))
}

/// A note as it was typed over an old one.
pub(super) fn note_over(typed: &str, old: &str) -> String {
    if typed == note(old) { old.to_owned() } else { typed.trim().replace(BREAK, "\n") }
}

/// A secret in groups that can be compared with a page; mOTP writes it in hex.
pub(super) fn secret(secret: &Secret, in_hex: bool) -> Zeroizing<String> {
    let plain = if in_hex { hex(secret) } else { secret.to_base32() };
    // Room for all of it, as growing would leave a copy of the secret in freed memory.
    let mut grouped = Zeroizing::new(String::with_capacity(plain.len() + plain.len() / 4 + 1));
    for (at, char) in plain.chars().enumerate() {
        if at > 0 && at % 4 == 0 {
            grouped.push(' ');
        }
        grouped.push(char);
    }
    grouped
}

/// A sentence with a capital letter.
pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(chars).collect()
}

fn hex(secret: &Secret) -> Zeroizing<String> {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let mut text = Zeroizing::new(String::with_capacity(2 * secret.expose().len()));
    for byte in secret.expose() {
        text.extend([DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_touched_comes_back_byte_for_byte() {
        for old in ["GitHub", " a\u{1b}]0;pwn\u{7}\u{202e}b ", "one\r\ntwo\nthree\n", ""] {
            assert_eq!(name_over(&name(old), old), old);
            assert_eq!(note_over(&note(old), old), old);
        }
        assert_eq!(name_over("GitLab ", "GitHub"), "GitLab");
        assert_eq!(note_over("one↵two", "one"), "one\ntwo");
    }

    #[test]
    fn secrets_stand_in_groups_and_read_back() {
        let key = Secret::from_base32("JBSWY3DPEHPK3PXP").unwrap();
        assert_eq!(secret(&key, false).as_str(), "JBSW Y3DP EHPK 3PXP");
        assert_eq!(Secret::from_hex(&secret(&key, true)), Ok(key));
    }
}
