//! The kernel's own keyring (Linux, keyrings(7)): memory of the kernel, never on a disk, gone after a time.
//!
//! Keys hang on the user keyring, which all sessions of the user share. Elsewhere than on Linux there is none.

#[cfg(target_os = "linux")]
pub use linux::KernelKeyring;

#[cfg(not(target_os = "linux"))]
pub use elsewhere::KernelKeyring;

#[cfg(target_os = "linux")]
mod linux {
    use linux_keyutils::{Key, KeyError, KeyPermissionsBuilder, KeyRing, KeyRingIdentifier, Permission};
    use zeroize::Zeroizing;

    use super::super::{KeyringError, SecretStore};

    /// The keyring of this user in the running kernel.
    #[derive(Debug, Clone, Copy, Default)]
    pub struct KernelKeyring;

    impl SecretStore for KernelKeyring {
        fn put(&self, name: &str, secret: &[u8], seconds: Option<u32>) -> Result<(), KeyringError> {
            let key = ring()?.add_key(name, secret).map_err(reason)?;
            let finished = limit(key, seconds);
            if finished.is_err() {
                let _ = key.invalidate();
            }
            finished.map_err(reason)
        }

        fn secret(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyringError> {
            let Some(key) = find(name)? else { return Ok(None) };
            key.read_to_vec().map(|bytes| Some(Zeroizing::new(bytes))).map_err(reason)
        }

        fn forget(&self, name: &str) -> Result<bool, KeyringError> {
            let Some(key) = find(name)? else { return Ok(false) };
            let unlinked = ring()?.unlink_key(key);
            match key.invalidate() {
                Ok(()) => Ok(true),
                Err(_) if unlinked.is_ok() => Ok(true),
                Err(error) => Err(reason(error)),
            }
        }

        fn check(&self) -> Result<(), KeyringError> {
            let probe = format!("sesam:probe:{}", std::process::id());
            self.put(&probe, b"probe", Some(5))?;
            self.forget(&probe).map(|_| ())
        }
    }

    fn ring() -> Result<KeyRing, KeyringError> {
        KeyRing::from_special_id(KeyRingIdentifier::User, true).map_err(reason)
    }

    /// Searches the links of the user keyring itself: a search through the session would need possession, which a
    /// session without PAM does not have.
    fn find(name: &str) -> Result<Option<Key>, KeyringError> {
        match ring()?.search(name) {
            Ok(key) => Ok(Some(key)),
            Err(KeyError::KeyDoesNotExist | KeyError::KeyExpired | KeyError::KeyRevoked) => Ok(None),
            Err(error) => Err(reason(error)),
        }
    }

    /// Other processes of this user may read and forget it, nobody else anything.
    fn limit(key: Key, seconds: Option<u32>) -> Result<(), KeyError> {
        let all = KeyPermissionsBuilder::builder().posessor(Permission::ALL).user(Permission::ALL).build();
        key.set_perms(all)?;
        key.set_timeout(seconds.unwrap_or(0) as usize) // 0 is no end
    }

    fn reason(error: KeyError) -> KeyringError {
        match error {
            KeyError::QuotaExceeded => KeyringError::Full,
            other => KeyringError::Unavailable(format!("{other:?}")),
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod elsewhere {
    use zeroize::Zeroizing;

    use super::super::{KeyringError, SecretStore};

    /// No kernel of this system keeps keys.
    #[derive(Debug, Clone, Copy, Default)]
    pub struct KernelKeyring;

    impl SecretStore for KernelKeyring {
        fn put(&self, _name: &str, _secret: &[u8], _seconds: Option<u32>) -> Result<(), KeyringError> {
            self.check()
        }

        fn secret(&self, _name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyringError> {
            Ok(None)
        }

        fn forget(&self, _name: &str) -> Result<bool, KeyringError> {
            Ok(false)
        }

        fn check(&self) -> Result<(), KeyringError> {
            Err(KeyringError::Unavailable("only Linux has one".into()))
        }
    }
}
