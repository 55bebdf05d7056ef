//! Whether `sesam unlock` works here, for a time and for good.

use super::finding::{Finding, State};
use crate::{
    cli::context::Context,
    config::Remember,
    keyring::{KernelKeyring, KeyringError, SecretStore, Status, SystemKeyring},
    vault::kept::Unkept,
    vault::unlock::IdentityFile,
};

const TOPIC: &str = "keyring";

/// Puts a key into the kernel's keyring and takes it out again; asks the system's how it is, without a window.
pub(super) fn look(cx: &Context) -> Vec<Finding> {
    let remembered = cx.place().is_ok_and(|place| cx.is_remembered(&place));
    let mut findings = vec![kernel(), system(SystemKeyring::for_script().status(), remembered)];
    findings.extend(remembered.then(|| copy(cx)).flatten());
    if cx.settings.config.lock.remember == Remember::Never {
        findings
            .push(Finding::good(TOPIC, "the setting lock.remember is never: the system keyring is not used"));
    }
    findings
}

fn kernel() -> Finding {
    match KernelKeyring.check() {
        Ok(()) => Finding::good(TOPIC, "the kernel keyring keeps keys"),
        Err(error) => {
            let advice = (
                "sesam unlock cannot keep the vault open; every call asks for the passphrase",
                "give it with --passphrase-file, --passphrase-fd or the setting vault.passphrase_command"
                    .to_owned(),
            );
            Finding::bad(TOPIC, State::Warning, error.to_string(), advice)
        }
    }
}

/// No system keyring is a fault only where the vault is remembered in it.
fn system(status: Result<Status, KeyringError>, remembered: bool) -> Finding {
    let (what, cure) = match status {
        Ok(Status::Open) => return Finding::good(TOPIC, "the system keyring is open"),
        Ok(Status::Locked) => (KeyringError::Locked.to_string(), KeyringError::Locked.hint()),
        Err(error) => (error.to_string(), error.hint()),
    };
    if !remembered {
        return Finding::good(TOPIC, format!("{what}: sesam unlock --remember does not work now"));
    }
    let effect = "the vault is remembered there; until then the passphrase opens it";
    Finding::bad(TOPIC, State::Warning, what, (effect, cure.to_owned()))
}

/// Whether what the system keyring has opens this vault; nothing where it cannot be asked, which is told already.
fn copy(cx: &Context) -> Option<Finding> {
    let place = cx.place().ok()?;
    let file = IdentityFile::read(&place).ok()?;
    match cx.remembered(&place, &file, &SystemKeyring::for_script()) {
        Ok(_) => Some(Finding::good(TOPIC, "this vault is remembered: the system keyring opens it")),
        Err(Unkept::Keyring(_)) => None,
        Err(error) => {
            let cure = "keep it anew with sesam unlock --remember, or end it: sesam lock --forget".to_owned();
            Some(Finding::bad(TOPIC, State::Warning, error.to_string(), ("the passphrase opens it", cure)))
        }
    }
}
