//! Words for the ear. Pure.

use crate::vault::Account;

/// `4 9 2, 0 3 9`: digit by digit, with a pause between groups.
pub(super) fn digits(code: &str, group: u8) -> String {
    let group = match group {
        0 => code.len().max(1),
        group => usize::from(group),
    };
    let all: Vec<char> = code.chars().collect();
    let part = |part: &[char]| part.iter().map(char::to_string).collect::<Vec<_>>().join(" ");
    all.chunks(group).map(part).collect::<Vec<_>>().join(", ")
}

/// `GitHub, hugo@example.com`.
pub(super) fn name(account: &Account) -> String {
    match (account.issuer.as_str(), account.account.as_str()) {
        ("", own) | (own, "") => own.to_owned(),
        (issuer, own) => format!("{issuer}, {own}"),
    }
}

/// `1 account`, `12 accounts`.
pub(super) fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// `18 seconds left`.
pub(super) fn left(seconds: u64) -> String {
    if seconds == 1 { "1 second left".to_owned() } else { format!("{seconds} seconds left") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_said_one_by_one() {
        assert_eq!(digits("492039", 3), "4 9 2, 0 3 9");
        assert_eq!(digits("12345678", 4), "1 2 3 4, 5 6 7 8");
        assert_eq!((digits("12345", 0).as_str(), digits("", 0).as_str()), ("1 2 3 4 5", ""));
        assert_eq!((counted(1, "account").as_str(), counted(0, "user").as_str()), ("1 account", "0 users"));
    }
}
