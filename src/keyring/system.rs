//! The keyring of the desktop (Secret Service) or of the system (macOS, Windows), through the crate `keyring`.
//!
//! Whoever is signed in can read it, and so can each of their programs: on Linux no other program is kept out. A call
//! may wait for a window or for a service that is stuck, so each one runs on a thread of its own and is waited for
//! no longer than said here. D-Bus itself keeps no secret from being copied in memory: what we hold is wiped, what
//! the library held is not.

use std::{
    collections::HashMap,
    sync::mpsc::{RecvTimeoutError, sync_channel},
    thread,
    time::Duration,
};

use keyring::Entry as Store;
use keyring_core::{Entry, Error};
use zeroize::Zeroizing;

use super::{KeyringError, SecretStore, Status};

/// How long a service may take that need not ask anybody.
const ANSWER: Duration = Duration::from_secs(2);
/// How long a person may take to type the keyring's own password.
const DIALOG: Duration = Duration::from_mins(1);
/// The same for every item: no name of an account stands in the keyring.
const SERVICE: &str = "sesam";
/// What names of tokens begin with: what stands behind is the name of a server in the settings.
pub const TOKENS: &str = "admin/";

/// The system keyring of this user, and how long it is waited for.
#[derive(Debug, Clone, Copy)]
pub struct SystemKeyring {
    answer: Duration,
    dialog: Option<Duration>,
}

impl SystemKeyring {
    /// Where somebody sits at the screen: a locked keyring may open a window, which is waited for up to a minute.
    pub const fn for_person() -> Self {
        Self { answer: ANSWER, dialog: Some(DIALOG) }
    }

    /// Where nobody can be asked: no window, and two seconds.
    pub const fn for_script() -> Self {
        Self::within(ANSWER)
    }

    /// No window, and an answer within `span` or none.
    pub const fn within(span: Duration) -> Self {
        Self { answer: span, dialog: None }
    }

    /// Whether there is one, and whether it is locked. Opens no window.
    ///
    /// # Errors
    /// [`KeyringError::Missing`], [`KeyringError::Refused`], [`KeyringError::Silent`].
    pub fn status(&self) -> Result<Status, KeyringError> {
        waited(self.answer, status, |_| {})
    }

    /// How long the next call may take, once it is known whether a window opens.
    fn patience(&self) -> Result<Duration, KeyringError> {
        match self.status()? {
            Status::Open => Ok(self.answer),
            Status::Locked => self.dialog.ok_or(KeyringError::Locked),
        }
    }
}

impl SecretStore for SystemKeyring {
    fn put(&self, name: &str, secret: &[u8], _seconds: Option<u32>) -> Result<(), KeyringError> {
        let patience = self.patience()?;
        let (name, secret) = (name.to_owned(), Zeroizing::new(secret.to_vec()));
        let late = name.clone();
        let put = move || {
            entries(&name)?
                .iter()
                .try_for_each(|entry| entry.set_secret(&secret))
                .map_err(|error| reason(&error))
        };
        waited(patience, put, move |()| {
            let _ = delete(&late); // nobody knows of it any more
        })
    }

    fn secret(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyringError> {
        let (patience, name) = (self.patience()?, name.to_owned());
        let read = move || match entries(&name)?[0].get_secret() {
            Ok(bytes) => Ok(Some(Zeroizing::new(bytes))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(reason(&error)),
        };
        waited(patience, read, |_| {})
    }

    fn forget(&self, name: &str) -> Result<bool, KeyringError> {
        let (patience, name) = (self.patience()?, name.to_owned());
        waited(patience, move || delete(&name), |_| {})
    }

    fn check(&self) -> Result<(), KeyringError> {
        self.patience().map(|_| ())
    }
}

/// Runs `work` on a thread and waits for it. `late` gets what came when nobody waited any more.
fn waited<T: Send + 'static>(
    patience: Duration,
    work: impl FnOnce() -> Result<T, KeyringError> + Send + 'static,
    late: impl FnOnce(T) + Send + 'static,
) -> Result<T, KeyringError> {
    let (answer, waiting) = sync_channel(0);
    let thread = thread::Builder::new().name("keyring".to_owned()).spawn(move || {
        if let Err(unheard) = answer.send(work())
            && let Ok(value) = unheard.0
        {
            late(value);
        }
    });
    thread.map_err(|error| KeyringError::Refused(error.to_string()))?;
    match waiting.recv_timeout(patience) {
        Ok(answer) => answer,
        Err(RecvTimeoutError::Timeout) => Err(KeyringError::Silent(patience.as_secs().max(1))),
        Err(RecvTimeoutError::Disconnected) => Err(KeyringError::Refused("it broke off".to_owned())),
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
use super::secret_service::status;

/// Other systems do not tell before they are asked for a secret.
#[cfg(not(all(unix, not(target_os = "macos"))))]
fn status() -> Result<Status, KeyringError> {
    Store::store_status().as_ref().map_err(reason)?;
    Ok(Status::Open)
}

/// The items of this name: one, unless another program has copied it to a second collection.
fn entries(name: &str) -> Result<Vec<Entry>, KeyringError> {
    Store::store_status().as_ref().map_err(reason)?;
    let entry = Entry::new_with_modifiers(SERVICE, name, &modifiers(name)).map_err(|error| reason(&error))?;
    match entry.get_credential() {
        Err(Error::Ambiguous(several)) => Ok(several),
        _ => Ok(vec![entry]),
    }
}

fn delete(name: &str) -> Result<bool, KeyringError> {
    let mut any = false;
    for entry in entries(name)? {
        match entry.delete_credential() {
            Ok(()) => any = true,
            Err(Error::NoEntry) => {}
            Err(error) => return Err(reason(&error)),
        }
    }
    Ok(any)
}

#[cfg(all(unix, not(target_os = "macos")))]
fn modifiers(name: &str) -> HashMap<&'static str, &'static str> {
    let is_token = name.starts_with(TOKENS);
    HashMap::from([(
        "label",
        if is_token { "sesam: token of an MFA server" } else { "sesam: key of a vault" },
    )])
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn modifiers(_name: &str) -> HashMap<&'static str, &'static str> {
    HashMap::new()
}

/// The library's error without what it may have read: some of its variants carry the bytes of a secret.
fn reason(error: &Error) -> KeyringError {
    match error {
        Error::NoStorageAccess(_) => KeyringError::Locked,
        Error::NoDefaultStore => KeyringError::Missing("the system has none".to_owned()),
        Error::PlatformFailure(inner) => KeyringError::Refused(inner.to_string()),
        Error::BadDataFormat(..) | Error::BadEncoding(_) => {
            KeyringError::Refused("the item is no key".to_owned())
        }
        other => KeyringError::Refused(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn one_that_never_answers_is_not_waited_for() {
        let (end, never) = channel::<()>();
        let span = Duration::from_millis(10);
        let answer = waited(span, move || Ok(never.recv().is_ok()), |_| {});
        assert_eq!(answer, Err(KeyringError::Silent(1)));
        drop(end);
    }

    #[test]
    fn what_comes_too_late_is_told_to_whoever_takes_it_back() {
        let (go, started) = channel::<()>();
        let (took, taken) = channel();
        let work = move || Ok(started.recv().is_ok());
        let answer = waited(Duration::from_millis(10), work, move |value| took.send(value).unwrap());
        assert_eq!(answer, Err(KeyringError::Silent(1)));
        go.send(()).unwrap();
        assert_eq!(taken.recv(), Ok(true));
    }

    #[test]
    fn no_error_shows_what_an_item_holds() {
        let bytes = b"AGE-SECRET-KEY-1".to_vec();
        let errors =
            [Error::BadEncoding(bytes.clone()), Error::BadDataFormat(bytes, "AGE-SECRET-KEY-1".into())];
        for error in errors {
            let reason = reason(&error);
            assert!(!format!("{reason} {reason:?}").contains("AGE"), "{reason}");
        }
    }
}
