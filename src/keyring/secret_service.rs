//! What a Secret Service (GNOME Keyring, `KWallet`, `KeePassXC`) says of itself before it is asked for a secret: reading
//! one through the crate `keyring` opens a window where the collection is locked, and in a script nobody sees it.

use secret_service::{EncryptionType, Error, blocking::SecretService};

use super::{KeyringError, Status};

/// Asks the service of this session. Opens no window.
pub(super) fn status() -> Result<Status, KeyringError> {
    let service = SecretService::connect(EncryptionType::Plain).map_err(|error| missing(&error))?;
    let locked = service.get_default_collection().and_then(|collection| collection.is_locked());
    match locked {
        Ok(false) => Ok(Status::Open),
        // Without a default collection the service makes one, and its owner chooses a password for it.
        Ok(true) | Err(Error::NoResult | Error::Locked) => Ok(Status::Locked),
        Err(error) => Err(KeyringError::Refused(error.to_string())),
    }
}

/// No bus, or a bus without a service.
fn missing(error: &Error) -> KeyringError {
    KeyringError::Missing(match error {
        Error::Zbus(error) => error.to_string(),
        _ => "no Secret Service in this session".to_owned(),
    })
}
