//! The beginning of a link: its scheme, and the word after `otpauth://`.

use super::LinkError;

/// What kind of link it is. Two write the same kind of account in two ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LinkType {
    Hotp,
    /// `otpauth://motp`: the secret is hex or base32.
    Motp,
    /// `motp://`: the secret is hex.
    MotpHex,
    Steam,
    Totp,
    Yandex,
}

/// The scheme of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    Motp,
    Otpauth,
    Steam,
}

/// Whether a text begins like a link that [`parse_link`](super::parse_link) reads, in any case. A migration
/// link does not.
pub fn looks_like_link(text: &str) -> bool {
    split_scheme(bare(text)).is_ok()
}

/// The scheme, and what follows `://`.
pub(super) fn split_scheme(text: &str) -> Result<(Scheme, &str), LinkError> {
    let (name, rest) = text.split_once("://").ok_or(LinkError::NotALink)?;
    match name.to_ascii_lowercase().as_str() {
        "otpauth" => Ok((Scheme::Otpauth, rest)),
        "motp" => Ok((Scheme::Motp, rest)),
        "steam" => Ok((Scheme::Steam, rest)),
        "otpauth-migration" => Err(LinkError::Migration),
        _ => Err(LinkError::NotALink),
    }
}

/// The type, and the label after it.
pub(super) fn split_type(path: &str) -> Result<(LinkType, &str), LinkError> {
    let (word, label) = path.split_once('/').unwrap_or((path, ""));
    let link_type = match word.to_ascii_lowercase().as_str() {
        "totp" => LinkType::Totp,
        "hotp" => LinkType::Hotp,
        "steam" => LinkType::Steam,
        "yaotp" | "yandex" => LinkType::Yandex,
        "motp" => LinkType::Motp,
        _ => return Err(LinkError::TypeUnknown),
    };
    Ok((link_type, label))
}

/// The text without what a file or a clipboard puts around a link.
pub(super) fn bare(text: &str) -> &str {
    text.trim_start_matches('\u{feff}').trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_a_link_by_its_scheme() {
        for text in
            ["otpauth://totp/a", "OTPAUTH://TOTP/a", "steam://AA", "Motp://a:b", "\u{feff} otpauth://\n"]
        {
            assert!(looks_like_link(text), "{text}");
        }
        for text in
            ["", "otpauth", "otpauth:totp", "https://a/otpauth://totp/a", "otpauth-migration://offline?data="]
        {
            assert!(!looks_like_link(text), "{text}");
        }
    }

    #[test]
    fn a_type_may_have_any_case_and_no_label() {
        assert_eq!(split_type("TOTP/a/b"), Ok((LinkType::Totp, "a/b")));
        assert_eq!(split_type("Yandex"), Ok((LinkType::Yandex, "")));
        assert_eq!(split_type("ocra/a"), Err(LinkError::TypeUnknown));
    }
}
