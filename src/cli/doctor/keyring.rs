//! Whether `sesam unlock` works here.

use super::finding::{Finding, State};
use crate::{
    cli::context::Context,
    keyring::{KernelKeyring, SecretStore},
};

/// Puts a key into the kernel's keyring and takes it out again.
pub(super) fn look(_cx: &Context) -> Vec<Finding> {
    match KernelKeyring.check() {
        Ok(()) => vec![Finding::good("keyring", "the kernel keyring keeps keys")],
        Err(error) => {
            let advice = (
                "sesam unlock cannot keep the vault open; every call asks for the passphrase",
                "give it with --passphrase-file, --passphrase-fd or the setting vault.passphrase_command"
                    .to_owned(),
            );
            vec![Finding::bad("keyring", State::Warning, error.to_string(), advice)]
        }
    }
}
