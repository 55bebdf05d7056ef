//! Addresses of e-mail, as far as this server takes them: one mailbox, nothing that could be read as more.

/// Whether it is an address that letters can be sent to.
pub fn is_address(text: &str) -> bool {
    let Some((name, host)) = text.split_once('@') else { return false };
    let fits = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    let words = |text: &str| !text.is_empty() && text.split('.').all(|word| !word.is_empty());
    let label = |label: &str| {
        !label.starts_with('-')
            && !label.ends_with('-')
            && label.len() <= 63
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    text.len() <= LONGEST
        && name.len() <= 64
        && words(name)
        && words(host)
        && name.chars().all(|c| fits(c) || c == '.')
        && host.split('.').all(label)
}

/// In bytes, as RFC 5321 has it.
const LONGEST: usize = 254;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_mailbox() {
        for text in ["a@example.com", "juniper.o'neil+x@mail.example.com", "édith@exämple.org", "a@b"] {
            assert!(is_address(text), "{text}");
            assert!(text.parse::<lettre::Address>().is_ok() || text == "a@b", "{text}");
        }
        let long = format!("a@{}.com", "b".repeat(63)).replace("b.", &"b.".repeat(100));
        for text in [
            "",
            "a",
            "@",
            "a@",
            "@b",
            "a@b@c",
            "a b@c",
            "a@b c",
            "a@b\r\nBcc: c@d",
            "a@b\0",
            "A <a@b.c>",
            "a,b@c",
            "a@b,c@d",
            "\"a b\"@c",
            "a..b@c",
            ".a@c",
            "a@c..d",
            "a@-c",
            "a@[127.0.0.1]",
            "a@b.c>",
            "a\u{202e}@b.c",
            &long,
        ] {
            assert!(!is_address(text), "{text:?}");
        }
    }
}
