//! The vault: whether it is there, private, whole, and whether there is something to fall back to.

use super::finding::{Finding, State};
use crate::{
    cli::context::Context,
    crypt::{Identity, passphrase},
    vault::{
        Place, Vault, VaultError, advice::local_time, backups, disk, entries::entries, unlock::IdentityFile,
    },
};

const TOPIC: &str = "vault";

/// Looks at the files, and inside them where the vault opens without a question or a passphrase is given.
pub(super) fn look(cx: &Context) -> Vec<Finding> {
    let place = match cx.place() {
        Ok(place) => place,
        Err(failure) => {
            let advice = ("nothing can be opened", failure.hint.unwrap_or_default());
            return vec![Finding::bad(TOPIC, State::Fault, failure.message, advice)];
        }
    };
    if !place.has_vault() && !place.backups().exists() {
        let advice = ("there is nothing to open", "create one with: sesam vault create".to_owned());
        let what = format!("there is no vault in {}", place.dir().display());
        return vec![Finding::bad(TOPIC, State::Warning, what, advice)];
    }
    let mut findings = modes(&place);
    let identities = identity(cx, &place, &mut findings);
    findings.extend(content(cx, &place, &identities));
    findings.extend(copies(&place, &identities));
    findings.extend(strangers(&place));
    findings
}

fn modes(place: &Place) -> Vec<Finding> {
    let open = place.open_to_others();
    if open.is_empty() {
        return vec![Finding::good(TOPIC, format!("only you can reach {}", place.dir().display()))];
    }
    let finding = |sentence: &String| {
        let (what, cure) = sentence.split_once("; mend it with: ").unwrap_or((sentence, ""));
        Finding::bad(
            TOPIC,
            State::Warning,
            what,
            ("other users can copy or replace it and guess the passphrase", cure.to_owned()),
        )
    };
    open.iter().map(finding).collect()
}

/// The identities, where they can be had without asking; what is wrong with their file either way.
fn identity(cx: &Context, place: &Place, findings: &mut Vec<Finding>) -> Vec<Identity> {
    let file = match IdentityFile::read(place) {
        Ok(file) => file,
        Err(error) => {
            findings.push(fault(&error, "the passphrase cannot open the vault"));
            return Vec::new();
        }
    };
    if passphrase::work_factor(file.bytes()).is_ok_and(|factor| factor < passphrase::WEAK_WORK_FACTOR) {
        let advice =
            ("whoever copies the file guesses the passphrase cheaply", "sesam vault passwd".to_owned());
        findings.push(Finding::bad(
            TOPIC,
            State::Warning,
            "identity.age is protected by little work",
            advice,
        ));
    }
    let opened = match cx.kept_identities(place, &file) {
        Some(identities) => Ok(identities),
        None => match cx.given_passphrase() {
            Ok(Some(passphrase)) => file.open(&passphrase, place).map(|unlocked| unlocked.identities),
            _ => Err(VaultError::Locked),
        },
    };
    findings.extend(copy_of_identity(place, &file));
    match opened {
        Ok(identities) => {
            findings.push(Finding::good(TOPIC, "identity.age opens"));
            if identities.len() > 1 {
                let advice = (
                    "the old identity still opens the vault",
                    "finish it with: sesam vault rekey".to_owned(),
                );
                findings.push(Finding::bad(TOPIC, State::Warning, "a rekey was not finished", advice));
            }
            identities
        }
        Err(VaultError::Locked) => {
            findings.push(Finding::good(TOPIC, "the vault is locked: its content was not looked at"));
            Vec::new()
        }
        Err(error) => {
            findings.push(fault(&error, "the vault does not open"));
            Vec::new()
        }
    }
}

fn copy_of_identity(place: &Place, file: &IdentityFile) -> Option<Finding> {
    let cure = "it is written when the passphrase is used next: sesam unlock".to_owned();
    let bad = |what: &str| {
        let advice = ("a damaged identity.age could not be replaced", cure.clone());
        Some(Finding::bad(TOPIC, State::Warning, what, advice))
    };
    match disk::read_if_there(&place.identity_copy(), disk::MAX_IDENTITY) {
        Ok(Some(bytes)) if bytes == file.bytes() => None,
        Ok(Some(_)) => bad("the copy of identity.age in backups/ is another one"),
        _ => bad("there is no copy of identity.age in backups/"),
    }
}

fn content(cx: &Context, place: &Place, identities: &[Identity]) -> Option<Finding> {
    if identities.is_empty() {
        return place.check_header().err().map(|error| fault(&error, "the accounts cannot be read"));
    }
    let vault = Vault::new(place.clone(), identities.to_vec(), cx.world().ok()?);
    Some(match vault.read() {
        Ok(opened) => {
            let accounts = opened.accounts().count();
            Finding::good(
                TOPIC,
                format!("it checks out: generation {}, accounts: {accounts}", opened.head.generation),
            )
        }
        Err(error) => fault(&error, "the accounts cannot be read"),
    })
}

fn copies(place: &Place, identities: &[Identity]) -> Vec<Finding> {
    let all = backups::list(place);
    let Some(newest) = all.first() else {
        return vec![Finding::good(TOPIC, "no backups yet: one is kept before each change")];
    };
    if identities.is_empty() {
        return vec![Finding::good(
            TOPIC,
            format!("{} backups, the newest of {}", all.len(), local_time(newest.time())),
        )];
    }
    let bad = all.iter().filter(|backup| backup.open(identities).is_err()).count();
    if bad == 0 {
        return vec![Finding::good(TOPIC, format!("{} backups, all of them open", all.len()))];
    }
    let advice = ("they cannot be restored", "look at them with: sesam vault restore --list".to_owned());
    vec![Finding::bad(TOPIC, State::Warning, format!("{bad} of {} backups do not open", all.len()), advice)]
}

/// Conflicted copies that a synced folder leaves beside the vault.
fn strangers(place: &Place) -> Vec<Finding> {
    let own = [place.vault(), place.identity(), place.usage(), place.tokens()];
    let names = entries(place.dir()).unwrap_or_default().into_iter().filter(|path| {
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        path.is_file() && !hidden && path.extension().is_some_and(|end| end == "age") && !own.contains(path)
    });
    names
        .map(|path| {
            let what = format!("{} lies beside the vault", path.display());
            let cure = format!("sesam vault merge '{}', then remove it", path.display());
            let effect =
                "it may be a version that another machine wrote, with accounts that are missing here";
            Finding::bad(TOPIC, State::Warning, what, (effect, cure))
        })
        .collect()
}

fn fault(error: &VaultError, effect: &str) -> Finding {
    Finding::bad(TOPIC, State::Fault, error.to_string(), (effect, error.hint().unwrap_or_default()))
}
