//! The X25519 identity that opens a vault, and the recipient that seals it. Neither is ever shown or logged.

use std::{
    fmt,
    io::{self, BufWriter, Read, Write},
    str::FromStr,
};

use age::secrecy::{ExposeSecret, SecretString};
use bech32::FromBase32;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::{CryptError, Plain, check_header, decrypt_error, hex, read_error};

/// How much is compared at once, in bytes: as much as age decrypts at once.
const PIECE: usize = 64 * 1024;

/// An X25519 identity as in age: 32 secret bytes, written `AGE-SECRET-KEY-1…`.
#[derive(Clone)]
pub struct Identity {
    key: age::x25519::Identity,
    text: SecretString,
}

/// Who can decrypt. Kept out of sight: who knows the recipient of a vault can replace the vault (see `mac`).
pub struct Recipient(age::x25519::Recipient);

impl Identity {
    /// A new identity from the system's random generator.
    pub fn generate() -> Self {
        let key = age::x25519::Identity::generate();
        let text = key.to_string();
        Self { key, text }
    }

    /// Reads one `AGE-SECRET-KEY-1…`.
    pub fn parse(text: &str) -> Result<Self, CryptError> {
        let key = age::x25519::Identity::from_str(text).map_err(|_| CryptError::NotAnIdentity)?;
        Ok(Self { key, text: SecretString::from(text.to_owned()) })
    }

    /// Reads every identity of an identity file: one a line, `#` begins a comment.
    pub fn parse_file(text: &str) -> Result<Vec<Self>, CryptError> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let identities = lines.map(Self::parse).collect::<Result<Vec<_>, _>>()?;
        if identities.is_empty() { Err(CryptError::NotAnIdentity) } else { Ok(identities) }
    }

    /// The text `AGE-SECRET-KEY-1…`, for an identity file or a keyring.
    pub fn expose(&self) -> &str {
        self.text.expose_secret()
    }

    /// The recipient that belongs to this identity.
    pub fn recipient(&self) -> Recipient {
        Recipient(self.key.to_public())
    }

    /// The 32 secret bytes, from which the key of the vault's MAC is derived.
    pub(super) fn secret_bytes(&self) -> Zeroizing<Vec<u8>> {
        let decoded = bech32::decode(self.expose()).ok();
        let bytes = decoded.and_then(|(_, data, _)| Vec::from_base32(&data).ok());
        Zeroizing::new(bytes.expect("an identity that age has parsed is valid bech32"))
    }

    /// Decrypts a binary age file as it is read. What comes out is authentic piece by piece, and whole only once the
    /// end was reached without an error.
    pub fn stream(&self, file: impl Read, size: usize) -> Result<impl Read, CryptError> {
        let reader = std::io::BufReader::with_capacity(size.clamp(4096, 128 * 1024), file);
        let decryptor = age::Decryptor::new_buffered(reader).map_err(decrypt_error)?;
        let identity: &dyn age::Identity = &self.key;
        decryptor.decrypt(std::iter::once(identity)).map_err(decrypt_error)
    }

    /// Decrypts a binary age file. `size` is how long the file is, to reserve the room once.
    pub fn decrypt(&self, file: impl Read, size: usize) -> Result<Plain, CryptError> {
        let mut stream = self.stream(file, size)?;
        let mut plain = Plain::new(Vec::with_capacity(size + 1));
        stream.read_to_end(&mut plain).map_err(|error| read_error(&error))?;
        Ok(plain)
    }

    /// Whether a binary age file decrypts to `plain`, the whole of it and nothing more, compared as it is read.
    pub fn reads_back(&self, file: impl Read, plain: &[u8]) -> bool {
        self.stream(file, plain.len()).is_ok_and(|stream| is_same(stream, plain).unwrap_or(false))
    }

    /// Decrypts bytes in memory, with a clear word when they are no age file at all.
    pub fn decrypt_bytes(&self, bytes: &[u8]) -> Result<Plain, CryptError> {
        check_header(bytes)?;
        self.decrypt(bytes, bytes.len())
    }
}

fn is_same(mut stream: impl Read, mut plain: &[u8]) -> io::Result<bool> {
    let mut piece = Zeroizing::new(vec![0; PIECE]);
    loop {
        let read = stream.read(&mut piece)?;
        match plain.strip_prefix(&piece[..read]) {
            Some(rest) if read == 0 => return Ok(rest.is_empty()),
            Some(rest) => plain = rest,
            None => return Ok(false),
        }
    }
}

impl Recipient {
    /// Reads one `age1…`.
    pub fn parse(text: &str) -> Result<Self, CryptError> {
        age::x25519::Recipient::from_str(text).map(Self).map_err(|_| CryptError::NotARecipient)
    }

    /// Encrypts to this recipient: a binary age file.
    pub fn encrypt(&self, plain: &[u8]) -> Vec<u8> {
        encrypt_to(&[&self.0], plain)
    }

    /// Encrypts to this recipient as it is written: a binary age file, whose SHA-256 in lower-case hex comes back.
    pub fn seal_into(&self, plain: &[u8], file: impl Write) -> io::Result<String> {
        let encryptor = age::Encryptor::with_recipients(std::iter::once(&self.0 as &dyn age::Recipient))
            .expect("there is a recipient");
        let hashed = Hashed { file, sha256: Sha256::new() };
        let mut writer = encryptor.wrap_output(BufWriter::new(hashed))?;
        writer.write_all(plain)?;
        let hashed = writer.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
        Ok(hex(&hashed.sha256.finalize()))
    }

    /// Encrypts to several recipients, each of whom can open it alone: a binary age file.
    ///
    /// # Errors
    /// [`CryptError::NoRecipient`]: a file for nobody.
    pub fn encrypt_to_all(recipients: &[Self], plain: &[u8]) -> Result<Vec<u8>, CryptError> {
        let keys: Vec<&dyn age::Recipient> = recipients.iter().map(|r| &r.0 as &dyn age::Recipient).collect();
        if keys.is_empty() { Err(CryptError::NoRecipient) } else { Ok(encrypt_to(&keys, plain)) }
    }
}

/// A writer and the hash of what has been written.
struct Hashed<W> {
    file: W,
    sha256: Sha256,
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.sha256.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Encrypts to recipients of one kind, at least one. Cannot fail: the writer is memory.
pub(super) fn encrypt_to(recipients: &[&dyn age::Recipient], plain: &[u8]) -> Vec<u8> {
    let encryptor = age::Encryptor::with_recipients(recipients.iter().copied())
        .expect("there is a recipient, and those of one kind never conflict");
    let mut file = Vec::with_capacity(plain.len() + plain.len() / 4096 + 512);
    let mut writer = encryptor.wrap_output(&mut file).expect("writing to memory succeeds");
    writer.write_all(plain).expect("writing to memory succeeds");
    writer.finish().expect("writing to memory succeeds");
    file
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity(..)")
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Recipient(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_only_with_the_same_identity() {
        let (mine, other) = (Identity::generate(), Identity::generate());
        let sealed = mine.recipient().encrypt(b"accounts");
        assert_eq!(mine.decrypt_bytes(&sealed).unwrap().as_slice(), b"accounts");
        assert_eq!(other.decrypt_bytes(&sealed).unwrap_err(), CryptError::WrongIdentity);
    }

    #[test]
    fn what_is_written_in_a_stream_is_read_back_to_the_last_byte() {
        let identity = Identity::generate();
        for size in [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 7] {
            let plain: Vec<u8> = (0..=250).cycle().take(size).collect();
            let mut sealed = Vec::new();
            let sha256 = identity.recipient().seal_into(&plain, &mut sealed).unwrap();
            assert_eq!(sha256, super::super::sha256_hex(&sealed));
            assert_eq!(identity.decrypt_bytes(&sealed).unwrap().as_slice(), plain);
            assert!(identity.reads_back(sealed.as_slice(), &plain), "{size}");

            let (longer, shorter) = ([&plain[..], b"x"].concat(), &plain[..size.saturating_sub(1)]);
            assert!(!identity.reads_back(sealed.as_slice(), &longer));
            assert!(size == 0 || !identity.reads_back(sealed.as_slice(), shorter));
            for at in [size / 2, size.saturating_sub(1)].into_iter().filter(|at| *at < size) {
                let mut other = plain.clone();
                other[at] ^= 1;
                assert!(!identity.reads_back(sealed.as_slice(), &other), "{at} of {size}");
            }
            assert!(!identity.reads_back(&sealed[..sealed.len() - 1], &plain), "cut off");
            let last = sealed.len() - 1;
            sealed[last] ^= 1;
            assert!(!identity.reads_back(sealed.as_slice(), &plain), "changed on the disk");
        }
    }

    #[test]
    fn an_identity_survives_its_text() {
        let identity = Identity::generate();
        let again = Identity::parse(identity.expose()).unwrap();
        assert_eq!(again.secret_bytes(), identity.secret_bytes());
        assert_eq!(identity.secret_bytes().len(), 32);
        assert_eq!(format!("{identity:?} {:?}", identity.recipient()), "Identity(..) Recipient(..)");
    }

    #[test]
    fn each_of_several_recipients_opens_it_alone() {
        let (one, two, other) = (Identity::generate(), Identity::generate(), Identity::generate());
        let sealed = Recipient::encrypt_to_all(&[one.recipient(), two.recipient()], b"accounts").unwrap();
        for identity in [&one, &two] {
            assert_eq!(identity.decrypt_bytes(&sealed).unwrap().as_slice(), b"accounts");
        }
        assert_eq!(other.decrypt_bytes(&sealed).unwrap_err(), CryptError::WrongIdentity);
        assert_eq!(Recipient::encrypt_to_all(&[], b"accounts"), Err(CryptError::NoRecipient));
        assert_eq!(Recipient::parse("age1qqq").unwrap_err(), CryptError::NotARecipient);
    }

    #[test]
    fn mixed_case_and_plugin_identities_are_refused() {
        let text = Identity::generate().expose().to_owned();
        let mixed = text.replacen("AGE", "aGE", 1);
        for bad in [mixed.as_str(), "AGE-PLUGIN-YUBIKEY-1QQQ", "", "hello"] {
            assert_eq!(Identity::parse(bad).unwrap_err(), CryptError::NotAnIdentity, "{bad}");
        }
    }

    #[test]
    fn every_other_beginning_gets_its_own_word() {
        let said = |bytes: &[u8]| check_header(bytes).unwrap_err().to_string();
        assert_eq!(said(b""), "it is empty");
        assert!(said(&[0; 4096]).contains("only zeros"));
        assert!(said(b"age-encryption.org/v2\n").contains("unknown version (v2)"));
        assert!(said(b"age-encryption.org/v0\n").contains("not an age file"), "no version, a damaged byte");
        assert!(said(b"age-encryption.org/v1\x0b").contains("not an age file"));
        assert!(said(b"-----BEGIN AGE ENCRYPTED FILE-----\r\n").contains("armored"));
        assert!(said(b"MZ").contains("not an age file"));
    }
}
