//! All cryptography at rest: the only room that knows the crate `age`.
//!
//! [`Identity`] opens and seals vaults, [`passphrase`] wraps an identity, [`mac`] binds a vault to its identity,
//! [`armor`] turns a file into text and back.
//! What a vault contains, and where its files lie, is `vault`'s business.

pub mod armor;
mod identity;
pub mod mac;
pub mod passphrase;

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

pub use identity::{Identity, Recipient};

/// Why something could not be encrypted or decrypted.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum CryptError {
    /// The bytes are armored text where a binary age file is expected.
    #[error("it is an armored age file, and a vault is a binary one")]
    Armored,
    /// The bytes are not what was encrypted: changed, cut off or never an age file.
    #[error("{0}")]
    Damaged(&'static str),
    /// There is nobody to encrypt to.
    #[error("there is no recipient to encrypt to")]
    NoRecipient,
    /// The text is not an age identity.
    #[error("not an age identity")]
    NotAnIdentity,
    /// The text is not an X25519 recipient of age.
    #[error("not an age recipient: it must be age1 and 58 letters and digits")]
    NotARecipient,
    /// The passphrase is wrong, or the part of the file that would tell is damaged.
    #[error("that passphrase did not open it")]
    WrongPassphrase,
    /// The scrypt work factor asks for more than the limit.
    #[error("its work factor 2^{required} is above the limit 2^{limit}")]
    TooMuchWork {
        /// log2 of N in the file.
        required: u8,
        /// The highest log2 of N that is accepted.
        limit: u8,
    },
    /// An age file of a version that this program does not know.
    #[error("it is an age file of an unknown version ({0})")]
    UnknownVersion(String),
    /// None of the identities opens the file.
    #[error("it was encrypted to another identity")]
    WrongIdentity,
}

/// SHA-256 in lower-case hex.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// `N` bytes from the system's random generator.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the kernel's random generator answers once the machine has booted");
    bytes
}

/// What kind of file the first bytes announce, before any key is tried.
///
/// # Errors
/// [`CryptError::Damaged`] with what the bytes are instead of a binary age file of version 1.
pub fn check_header(bytes: &[u8]) -> Result<(), CryptError> {
    const INTRO: &[u8] = b"age-encryption.org/v1\n";
    if bytes.starts_with(INTRO) {
        return Ok(());
    }
    if bytes.is_empty() {
        return Err(CryptError::Damaged("it is empty"));
    }
    if bytes.starts_with(b"-----BEGIN AGE ENCRYPTED FILE-----") {
        return Err(CryptError::Armored);
    }
    if bytes.iter().take(64).all(|byte| *byte == 0) {
        return Err(CryptError::Damaged("it holds only zeros, as after a crash of the machine"));
    }
    let later = bytes.strip_prefix(b"age-encryption.org/").and_then(later_version);
    Err(later.map_or(CryptError::Damaged("it is not an age file"), CryptError::UnknownVersion))
}

/// `v2` and above. Anything else in its place is a damaged byte and no version to ask for.
fn later_version(rest: &[u8]) -> Option<String> {
    let end = rest.iter().take(8).position(|byte| *byte == b'\n')?;
    let name = std::str::from_utf8(&rest[..end]).ok()?;
    let number: u32 = name.strip_prefix('v')?.parse().ok()?;
    (number > 1).then(|| name.to_owned())
}

/// Plain bytes that are wiped when dropped.
pub type Plain = Zeroizing<Vec<u8>>;

/// What a failed read of a decrypted stream means.
pub fn read_error(error: &std::io::Error) -> CryptError {
    match error.kind() {
        std::io::ErrorKind::UnexpectedEof => CryptError::Damaged("it is cut off"),
        _ => CryptError::Damaged("its content was changed after it was written"),
    }
}

fn decrypt_error(error: age::DecryptError) -> CryptError {
    match error {
        age::DecryptError::DecryptionFailed | age::DecryptError::KeyDecryptionFailed => {
            CryptError::WrongPassphrase
        }
        age::DecryptError::NoMatchingKeys => CryptError::WrongIdentity,
        age::DecryptError::Io(error) => read_error(&error),
        _ => CryptError::Damaged("its header was changed after it was written"),
    }
}
