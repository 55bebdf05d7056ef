//! The label of a link: how issuer and account name share it.
//!
//! The format forbids a colon in either name, real accounts have them. Written here so that both come back:
//! the issuer parameter tells where the issuer ends, an empty prefix says that there is none.

use super::percent;

/// Issuer and account name of a decoded label and the issuer parameter (empty counts as none).
///
/// The parameter is the issuer. A prefix that says something else stays in the account name. One space after
/// the colon is dropped.
pub fn split(label: &str, issuer: Option<&str>) -> (String, String) {
    let Some(issuer) = issuer.filter(|issuer| !issuer.is_empty()) else {
        let (prefix, name) = label.split_once(':').unwrap_or(("", label));
        return (
            prefix.to_owned(),
            if name.len() == label.len() { name } else { without_space(name) }.to_owned(),
        );
    };
    let account =
        match (label.strip_prefix(issuer).and_then(|rest| rest.strip_prefix(':')), label.split_once(':')) {
            (Some(name), _) | (None, Some(("", name))) => without_space(name).to_owned(),
            (None, Some((prefix, name))) => format!("{prefix}:{}", without_space(name)),
            (None, None) => label.to_owned(),
        };
    (issuer.to_owned(), account)
}

/// Appends `Issuer:account`, or the account name alone if that cannot be misread.
pub(super) fn push(out: &mut String, issuer: &str, account: &str) {
    if !issuer.is_empty() || account.contains(':') {
        push_with_colon(out, issuer, account);
    } else {
        percent::push_encoded(out, account);
    }
}

/// Appends `Issuer:account` or `:account`. The colon stays bare: some apps look for it before they decode.
pub(super) fn push_with_colon(out: &mut String, issuer: &str, account: &str) {
    percent::push_encoded(out, issuer);
    out.push(':');
    if account.starts_with(' ') {
        out.push_str("%20"); // the one that a reader drops
    }
    percent::push_encoded(out, account);
}

fn without_space(name: &str) -> &str {
    name.strip_prefix(' ').unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_labels_as_apps_write_them() {
        let cases = [
            ("Acme:alice", None, ("Acme", "alice")),
            ("Acme: alice", None, ("Acme", "alice")),
            ("alice", None, ("", "alice")),
            (" alice", None, ("", " alice")),
            ("", None, ("", "")),
            (":test", None, ("", "test")),
            ("Title:none", None, ("Title", "none")),
            ("Acme:", Some("Acme"), ("Acme", "")),
            ("Acme:alice", Some("Acme"), ("Acme", "alice")),
            ("Acme:alice", Some(""), ("Acme", "alice")),
            ("alice", Some("Acme"), ("Acme", "alice")),
            ("Acme", Some("Acme"), ("Acme", "Acme")),
            ("Other: alice", Some("Acme"), ("Acme", "Other:alice")),
            ("A+B:x", Some("A B+C"), ("A B+C", "A+B:x")),
            (":alice", Some("Acme"), ("Acme", "alice")),
            ("a:b:c", Some("a:b"), ("a:b", "c")),
        ];
        for (label, parameter, (issuer, account)) in cases {
            assert_eq!(split(label, parameter), (issuer.into(), account.into()), "{label} {parameter:?}");
        }
    }
}
