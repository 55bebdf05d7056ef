//! The key of a database, its blocks, each checked, and the text inside, of bounded size.
//!
//! KDBX 4 authenticates its header, so that a wrong passphrase shows before anything is decrypted, and each block;
//! KDBX 3 knows a right key by the first bytes, and a changed block by its hash.

use std::io::Read as _;

use flate2::read::GzDecoder;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256, Sha512};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::{
    super::{
        FormatError,
        unlock::{Key, Plain, aes_cbc_bare, chacha20, sha256, twofish_cbc_bare},
    },
    fault::{cut_off, damaged},
    header::{Cipher, Generation, Header, le},
    masked::Mask,
};

/// What is inside a database: its text, and the mask over single values.
pub(super) struct Inside {
    plain: Plain,
    text_at: usize,
    /// Taken once, by who reads the text.
    pub(super) mask: Option<Mask>,
}

impl Inside {
    /// The text, which is XML.
    pub(super) fn text(&self) -> Result<&str, FormatError> {
        let bytes = self.plain.get(self.text_at..).unwrap_or_default();
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        std::str::from_utf8(bytes).map_err(|_| damaged("its text is not UTF-8"))
    }
}

/// Opens a database; `None` for a wrong passphrase.
pub(super) fn open(header: &Header<'_>, passphrase: &str) -> Result<Option<Inside>, FormatError> {
    let body = header.file.get(header.length..).unwrap_or_default();
    if let Generation::Four = header.generation {
        let written = body.get(..32).ok_or_else(cut_off)?;
        if Sha256::digest(&header.file[..header.length]).as_slice() != written {
            return Err(damaged("its header was changed"));
        }
    }
    let composite = sha256(sha256(passphrase.as_bytes()).as_slice());
    let transformed = header.kdf.key(composite.as_slice(), header.kdf_salt)?;
    let both = Zeroizing::new([header.seed, transformed.as_slice()].concat());
    match &header.generation {
        Generation::Three { mask, mask_key, start } => three(header, &sha256(&both), start)?
            .map(|plain| Ok(Inside { plain, text_at: 0, mask: Some(Mask::new(*mask, mask_key)?) }))
            .transpose(),
        Generation::Four => four(header, &both)?.map(inner_header).transpose(),
    }
}

fn three(header: &Header<'_>, key: &Key, start: &[u8]) -> Result<Option<Plain>, FormatError> {
    let plain = decrypted(header, key, &header.file[header.length..])?;
    if !bool::from(plain.get(..start.len()).ok_or_else(cut_off)?.ct_eq(start)) {
        return Ok(None);
    }
    let mut packed = Zeroizing::new(Vec::with_capacity(plain.len()));
    let mut rest = &plain[start.len()..];
    loop {
        let (head, behind) = rest.split_at_checked(40).ok_or_else(cut_off)?;
        let (block, behind) = behind.split_at_checked(le(&head[36..])).ok_or_else(cut_off)?;
        if block.is_empty() {
            return unpacked(header, packed).map(Some);
        }
        if Sha256::digest(block).as_slice() != &head[4..36] {
            return Err(damaged("one of its blocks was changed"));
        }
        packed.extend_from_slice(block);
        rest = behind;
    }
}

fn four(header: &Header<'_>, seed_and_key: &[u8]) -> Result<Option<Plain>, FormatError> {
    let (clear, rest) = header.file.split_at(header.length);
    let (tag, mut rest) = rest.get(32..).and_then(|rest| rest.split_at_checked(32)).ok_or_else(cut_off)?;
    let base = sha512(&[seed_and_key, &[1]]);
    if !is_genuine(base.as_slice(), u64::MAX, &[clear], tag) {
        return Ok(None);
    }
    let mut message = Vec::with_capacity(rest.len());
    for number in 0_u64.. {
        let (tag, behind) = rest.split_at_checked(32).ok_or_else(cut_off)?;
        let (length, behind) = behind.split_at_checked(4).ok_or_else(cut_off)?;
        let (block, behind) = behind.split_at_checked(le(length)).ok_or_else(cut_off)?;
        if !is_genuine(base.as_slice(), number, &[&number.to_le_bytes(), length, block], tag) {
            return Err(damaged("one of its blocks was changed"));
        }
        if block.is_empty() {
            break;
        }
        message.extend_from_slice(block);
        rest = behind;
    }
    let mut plain = decrypted(header, &sha256(seed_and_key), &message)?;
    if !matches!(header.cipher, Cipher::ChaCha20) {
        let filling = plain.last().map_or(0, |last| usize::from(*last));
        let end = plain.len().checked_sub(filling).filter(|_| (1..=16).contains(&filling));
        plain.truncate(end.ok_or_else(cut_off)?);
    }
    unpacked(header, plain).map(Some)
}

/// Each block has a key of its own.
fn is_genuine(base: &[u8], number: u64, parts: &[&[u8]], tag: &[u8]) -> bool {
    let key = sha512(&[&number.to_le_bytes(), base]);
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_slice()).expect("HMAC takes a key of any length");
    for part in parts {
        mac.update(part);
    }
    mac.verify_slice(tag).is_ok()
}

fn sha512(parts: &[&[u8]]) -> Zeroizing<[u8; 64]> {
    let mut hash = Sha512::new();
    for part in parts {
        hash.update(part);
    }
    Zeroizing::new(hash.finalize().into())
}

fn decrypted(header: &Header<'_>, key: &Key, message: &[u8]) -> Result<Plain, FormatError> {
    let plain = match header.cipher {
        Cipher::Aes => header.iv.try_into().ok().and_then(|iv| aes_cbc_bare(key, iv, message)),
        Cipher::Twofish => header.iv.try_into().ok().and_then(|iv| twofish_cbc_bare(key, iv, message)),
        Cipher::ChaCha20 => header.iv.try_into().ok().map(|nonce| chacha20(key, nonce, message)),
    };
    plain.ok_or_else(cut_off)
}

fn unpacked(header: &Header<'_>, packed: Plain) -> Result<Plain, FormatError> {
    if !header.packed {
        return Ok(packed);
    }
    let size = packed.last_chunk::<4>().map_or(0, |size| le(size)); // so that no copy is left behind in growing
    let mut plain = Zeroizing::new(Vec::with_capacity(size.min(MAX_INSIDE) + 1));
    let unpacked = GzDecoder::new(packed.as_slice()).take(MAX_INSIDE as u64 + 1).read_to_end(&mut plain);
    match unpacked {
        Ok(_) if plain.len() > MAX_INSIDE => {
            Err(FormatError::TooMuchWork("what is packed inside is larger than 64 MiB".into()))
        }
        Ok(_) => Ok(plain),
        Err(_) => Err(damaged("what is packed inside was changed")),
    }
}

/// KDBX 4 puts the key of the mask and the attached files before the text.
fn inner_header(plain: Plain) -> Result<Inside, FormatError> {
    let (mut number, mut key, mut at) = (0, 0..0, 0);
    loop {
        let head: [u8; 5] =
            plain.get(at..).and_then(|rest| rest.first_chunk()).copied().ok_or_else(cut_off)?;
        let (start, end) = (at + 5, (at + 5).saturating_add(le(&head[1..])));
        let value = plain.get(start..end).ok_or_else(cut_off)?;
        at = end;
        match head[0] {
            0 => break,
            1 => number = value.try_into().map(u32::from_le_bytes).map_err(|_| cut_off())?,
            2 => key = start..end,
            _ => {}
        }
    }
    let mask = Some(Mask::new(number, &plain[key])?);
    Ok(Inside { plain, text_at: at, mask })
}

const MAX_INSIDE: usize = 64 << 20;
