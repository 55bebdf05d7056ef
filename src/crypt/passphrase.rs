//! Bytes under a passphrase: a binary age file with an scrypt stanza of a work factor that we choose.
//!
//! The crate would measure the machine and take what a second allows, which is weak on a busy machine.

use age::secrecy::SecretString;
use std::io::Read;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::{CryptError, Plain, check_header, decrypt_error, identity::encrypt_to, read_error};

/// log2 of scrypt's N for what we write unless the config says otherwise: 256 MiB and about 0.7 s.
pub const WORK_FACTOR: u8 = 18;
/// The highest log2 of N that is read: 1 GiB. More would let a hostile file take the machine.
pub const MAX_WORK_FACTOR: u8 = 20;
/// Below this a file is reported as weak.
pub const WEAK_WORK_FACTOR: u8 = 15;

/// A passphrase, wiped when dropped, in Unicode's NFC form so that each keyboard types the same one.
#[derive(Clone)]
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// Takes the text as typed. `None` when it is empty.
    pub fn new(text: &str) -> Option<Self> {
        let normal: String = text.nfc().collect();
        (!normal.is_empty()).then(|| Self(Zeroizing::new(normal)))
    }

    /// The text itself, to measure its strength.
    pub fn expose(&self) -> &str {
        &self.0
    }

    fn secret(&self) -> SecretString {
        SecretString::from(self.0.as_str().to_owned())
    }
}

impl std::fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passphrase(..)")
    }
}

/// Encrypts under a passphrase: a binary age file.
pub fn wrap(passphrase: &Passphrase, work_factor: u8, plain: &[u8]) -> Vec<u8> {
    let mut recipient = age::scrypt::Recipient::new(passphrase.secret());
    recipient.set_work_factor(work_factor);
    encrypt_to(&[&recipient], plain)
}

/// Whether a binary age file is under a passphrase; else it is encrypted to recipients.
///
/// # Errors
/// As [`check_header`]; [`CryptError::Damaged`] when the header cannot be read.
pub fn protects(file: &[u8]) -> Result<bool, CryptError> {
    check_header(file)?;
    Ok(age::Decryptor::new_buffered(file).map_err(decrypt_error)?.is_scrypt())
}

/// Decrypts what [`wrap`] or another age program wrote under a passphrase.
pub fn unwrap(passphrase: &Passphrase, file: &[u8]) -> Result<Plain, CryptError> {
    let decryptor = age::Decryptor::new_buffered(file).map_err(decrypt_error)?;
    if !decryptor.is_scrypt() {
        return Err(CryptError::Damaged("it is not protected by a passphrase"));
    }
    let mut identity = age::scrypt::Identity::new(passphrase.secret());
    identity.set_max_work_factor(MAX_WORK_FACTOR);
    let keys: [&dyn age::Identity; 1] = [&identity];
    let mut stream = decryptor.decrypt(keys.into_iter()).map_err(|error| match error {
        age::DecryptError::ExcessiveWork { required, .. } => {
            CryptError::TooMuchWork { required, limit: MAX_WORK_FACTOR }
        }
        other => decrypt_error(other),
    })?;
    let mut plain = Plain::new(Vec::with_capacity(file.len()));
    stream.read_to_end(&mut plain).map_err(|error| read_error(&error))?;
    Ok(plain)
}

/// The work factor that a file under a passphrase asks for, read from its header without any work.
///
/// # Errors
/// As [`check_header`]; [`CryptError::Damaged`] when the file is not under a passphrase.
pub fn work_factor(file: &[u8]) -> Result<u8, CryptError> {
    check_header(file)?;
    let no_passphrase = CryptError::Damaged("it is not protected by a passphrase");
    let stanza = file.split(|byte| *byte == b'\n').nth(1).and_then(|line| std::str::from_utf8(line).ok());
    let Some(arguments) = stanza.and_then(|line| line.strip_prefix("-> scrypt ")) else {
        return Err(no_passphrase);
    };
    let factor = arguments.rsplit(' ').next().and_then(|text| text.parse().ok());
    factor.ok_or(CryptError::Damaged("its header was changed after it was written"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passphrase(text: &str) -> Passphrase {
        Passphrase::new(text).unwrap()
    }

    #[test]
    fn opens_with_the_same_passphrase_however_it_was_composed() {
        let file = wrap(&passphrase("caf\u{e9}"), 10, b"identity");
        assert_eq!(unwrap(&passphrase("cafe\u{301}"), &file).unwrap().as_slice(), b"identity");
        assert_eq!(unwrap(&passphrase("cafe"), &file).unwrap_err(), CryptError::WrongPassphrase);
        assert_eq!((work_factor(&file), protects(&file)), (Ok(10), Ok(true)));
        assert_eq!(protects(&super::super::Identity::generate().recipient().encrypt(b"")), Ok(false));
    }

    #[test]
    fn too_much_work_is_refused_before_it_is_begun() {
        let file = wrap(&passphrase("x"), 1, b"identity");
        let asks = |factor: &str| String::from_utf8_lossy(&file).replacen(" 1\n", &format!(" {factor}\n"), 1);
        let header = asks("63");
        assert_eq!(work_factor(header.as_bytes()), Ok(63));
        let file: Vec<u8> =
            [header.split("--- ").next().unwrap().as_bytes(), &file[file.len() - 120..]].concat();
        assert!(unwrap(&passphrase("x"), &file).is_err());
    }

    #[test]
    fn an_empty_passphrase_is_none() {
        assert!(Passphrase::new("").is_none());
        assert_eq!(format!("{:?}", passphrase("hunter2")), "Passphrase(..)");
    }
}
