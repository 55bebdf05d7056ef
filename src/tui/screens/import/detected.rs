//! What the sources seem to be, in the words of the first step.

use crate::import::Look;

/// The line behind `Detected`.
pub(super) fn words(looks: &[Look]) -> String {
    match looks {
        [] => String::new(),
        [one] => one_in_words(one),
        several => several_in_words(several),
    }
}

/// Whether one of them opens under a passphrase.
pub(super) fn needs_passphrase(looks: &[Look]) -> bool {
    looks.iter().any(|look| matches!(look, Look::Encrypted(..)))
}

fn one_in_words(look: &Look) -> String {
    // The list of formats says which come in both ways; here it is one of them.
    let format = |words: &str| words.replace(", plain or encrypted", "");
    match look {
        Look::Encrypted(words, None) => format!("encrypted, needs its password: {}", format(words)),
        Look::Encrypted(_, Some(cost)) => {
            format!("encrypted, needs its password; takes {cost}, some seconds")
        }
        Look::Plain(words, 1) => format!("1 entry: {}", format(words)),
        Look::Plain(words, count) => format!("{count} entries: {}", format(words)),
        Look::Store => "a store of pass or gopass".to_owned(),
        Look::Unread(why) => why.clone(),
    }
}

/// `7 entries; 1 encrypted, needs its password; 1 cannot be read`.
fn several_in_words(looks: &[Look]) -> String {
    let (mut entries, mut encrypted, mut stores, mut unread) = (0, 0, 0, 0);
    for look in looks {
        match look {
            Look::Encrypted(..) => encrypted += 1,
            Look::Plain(_, count) => entries += count,
            Look::Store => stores += 1,
            Look::Unread(_) => unread += 1,
        }
    }
    let parts = [
        (entries, if entries == 1 { "entry" } else { "entries" }),
        (
            encrypted,
            if encrypted == 1 { "encrypted, needs its password" } else { "encrypted, need the password" },
        ),
        (stores, if stores == 1 { "store of pass or gopass" } else { "stores of pass or gopass" }),
        (unread, "cannot be read"),
    ];
    let shown = parts.iter().filter(|(count, _)| *count > 0);
    shown.map(|(count, what)| format!("{count} {what}")).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_sources_are_counted_and_one_of_them_may_be_encrypted() {
        let plain = Look::Plain("Aegis, plain or encrypted", 7);
        let sealed = Look::Encrypted("Aegis, plain or encrypted", None);
        assert_eq!(words(std::slice::from_ref(&plain)), "7 entries: Aegis");
        assert_eq!(words(std::slice::from_ref(&sealed)), "encrypted, needs its password: Aegis");
        let all = [plain, sealed, Look::Unread("no".to_owned())];
        assert_eq!(words(&all), "7 entries; 1 encrypted, needs its password; 1 cannot be read");
        assert!(needs_passphrase(&all) && !needs_passphrase(&all[..1]));
    }
}
