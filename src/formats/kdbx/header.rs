//! What stands in clear before a database: which cipher, how the key is made, seeds. Nothing of it is believed.

use super::{
    super::{FormatError, unlock::Kdf},
    fault::{cut_off, damaged},
};

/// How the body is encrypted.
#[derive(Clone, Copy)]
pub(super) enum Cipher {
    Aes,
    ChaCha20,
    Twofish,
}

/// The header of a database, and where its body begins.
pub(super) struct Header<'f> {
    /// The whole file.
    pub(super) file: &'f [u8],
    /// How many bytes of it are header.
    pub(super) length: usize,
    pub(super) cipher: Cipher,
    pub(super) packed: bool,
    pub(super) seed: &'f [u8],
    pub(super) iv: &'f [u8],
    pub(super) kdf: Kdf,
    pub(super) kdf_salt: &'f [u8],
    /// What only the generation has that it is of.
    pub(super) generation: Generation<'f>,
}

/// The two layouts.
pub(super) enum Generation<'f> {
    /// KDBX 3: how single values are masked, with which key, and the first bytes of a body that opens.
    Three { mask: u32, mask_key: &'f [u8], start: &'f [u8] },
    /// KDBX 4.
    Four,
}

impl<'f> Header<'f> {
    /// Reads a header and holds what it asks for against the limits.
    pub(super) fn read(file: &'f [u8]) -> Result<Self, FormatError> {
        let bytes = file.get(8..).unwrap_or_default();
        let (version, rest) = bytes.split_first_chunk().ok_or_else(cut_off)?;
        let fields = match u32::from_le_bytes(*version) >> 16 {
            3 => Fields::read(rest, 2)?,
            4 => Fields::read(rest, 4)?,
            other => return Err(FormatError::Newer { format: "kdbx", schema: other.to_string() }),
        };
        let is_four = version[2] == 4;
        let (kdf, kdf_salt) = if is_four { four_kdf(fields.get(11))? } else { three_kdf(&fields)? };
        let generation = if is_four {
            Generation::Four
        } else {
            Generation::Three {
                mask: fields.number(10).unwrap_or_default(),
                mask_key: fields.get(8),
                start: Some(fields.get(9)).filter(|start| start.len() == 32).ok_or_else(cut_off)?,
            }
        };
        Ok(Self {
            file,
            length: file.len() - fields.rest.len(),
            cipher: cipher(fields.get(2))?,
            packed: fields.number(3) == Some(1),
            seed: fields.get(4),
            iv: fields.get(7),
            kdf,
            kdf_salt,
            generation,
        })
    }
}

fn cipher(id: &[u8]) -> Result<Cipher, FormatError> {
    match id {
        AES => Ok(Cipher::Aes),
        CHACHA20 => Ok(Cipher::ChaCha20),
        TWOFISH => Ok(Cipher::Twofish),
        _ => Err(damaged("it is encrypted with a cipher that sesam does not know")),
    }
}

fn three_kdf<'f>(fields: &Fields<'f>) -> Result<(Kdf, &'f [u8]), FormatError> {
    let rounds = fields.get(6).try_into().map(u64::from_le_bytes).map_err(|_| cut_off())?;
    Ok((Kdf::aes(rounds)?, fields.get(5)))
}

fn four_kdf(bytes: &[u8]) -> Result<(Kdf, &[u8]), FormatError> {
    let values = Values::read(bytes).ok_or_else(|| damaged("it does not say how its key is made"))?;
    let algorithm = match values.get("$UUID") {
        AES_KDF | AES_KDF_OLD => return Ok((Kdf::aes(values.number("R"))?, values.get("S"))),
        ARGON2D => argon2::Algorithm::Argon2d,
        ARGON2ID => argon2::Algorithm::Argon2id,
        _ => return Err(damaged("its key is made in an unknown way")),
    };
    let version = if values.number("V") == 0x10 { argon2::Version::V0x10 } else { argon2::Version::V0x13 };
    let costs = [values.number("M") / 1024, values.number("I"), values.number("P")];
    Ok((Kdf::argon2((algorithm, version), costs)?, values.get("S")))
}

/// The fields by their numbers; of two with one number the last counts.
struct Fields<'f> {
    by_number: [&'f [u8]; 16],
    /// What follows the header.
    rest: &'f [u8],
}

impl<'f> Fields<'f> {
    /// Lengths have two bytes in KDBX 3 and four in KDBX 4.
    fn read(mut bytes: &'f [u8], length_bytes: usize) -> Result<Self, FormatError> {
        let mut by_number: [&[u8]; 16] = [&[]; 16];
        loop {
            let (number, rest) = bytes.split_first().ok_or_else(cut_off)?;
            let (length, rest) = rest.split_at_checked(length_bytes).ok_or_else(cut_off)?;
            let (value, rest) = rest.split_at_checked(le(length)).ok_or_else(cut_off)?;
            bytes = rest;
            match usize::from(*number) {
                0 => return Ok(Self { by_number, rest: bytes }),
                number @ 1..16 => by_number[number] = value,
                _ => {}
            }
        }
    }

    fn get(&self, number: usize) -> &'f [u8] {
        self.by_number[number]
    }

    fn number(&self, number: usize) -> Option<u32> {
        self.get(number).try_into().ok().map(u32::from_le_bytes)
    }
}

/// The named values by which KDBX 4 says how its key is made.
struct Values<'f>(Vec<(&'f [u8], &'f [u8])>);

impl<'f> Values<'f> {
    fn read(bytes: &'f [u8]) -> Option<Self> {
        let (version, mut bytes) = bytes.split_first_chunk::<2>()?;
        let mut values = Vec::new();
        while let Some((kind, rest)) = bytes.split_first()
            && *kind != 0
            && values.len() < MAX_VALUES
        {
            let (name, rest) = sized(rest)?;
            let (value, rest) = sized(rest)?;
            values.push((name, value));
            bytes = rest;
        }
        (version[1] == 1).then_some(Self(values))
    }

    fn get(&self, name: &str) -> &'f [u8] {
        let found = self.0.iter().find(|(own, _)| *own == name.as_bytes());
        found.map_or(&[], |(_, value)| value)
    }

    /// A number of four or eight bytes; 0 for none.
    fn number(&self, name: &str) -> u64 {
        let value = self.get(name);
        let mut bytes = [0; 8];
        match bytes.get_mut(..value.len()) {
            Some(low) => low.copy_from_slice(value),
            None => return u64::MAX,
        }
        u64::from_le_bytes(bytes)
    }
}

fn sized(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_at_checked(4)?;
    rest.split_at_checked(le(length))
}

/// A length of up to four bytes.
pub(super) fn le(bytes: &[u8]) -> usize {
    bytes.iter().rev().fold(0, |sum, byte| sum << 8 | usize::from(*byte))
}

pub(super) const SIGNATURES: [&[u8]; 2] =
    [b"\x03\xd9\xa2\x9a\x67\xfb\x4b\xb5", b"\x03\xd9\xa2\x9a\x66\xfb\x4b\xb5"];
const MAX_VALUES: usize = 64;

const AES: &[u8] = b"\x31\xc1\xf2\xe6\xbf\x71\x43\x50\xbe\x58\x05\x21\x6a\xfc\x5a\xff";
const CHACHA20: &[u8] = b"\xd6\x03\x8a\x2b\x8b\x6f\x4c\xb5\xa5\x24\x33\x9a\x31\xdb\xb5\x9a";
const TWOFISH: &[u8] = b"\xad\x68\xf2\x9f\x57\x6f\x4b\xb9\xa3\x6a\xd4\x7a\xf9\x65\x34\x6c";
const AES_KDF: &[u8] = b"\x7c\x02\xbb\x82\x79\xa7\x4a\xc0\x92\x7d\x11\x4a\x00\x64\x82\x38";
const AES_KDF_OLD: &[u8] = b"\xc9\xd9\xf3\x9a\x62\x8a\x44\x60\xbf\x74\x0d\x08\xc1\x8a\x4f\xea";
const ARGON2D: &[u8] = b"\xef\x63\x6d\xdf\x8c\x29\x44\x4b\x91\xf7\xa9\xa4\x03\xe3\x0a\x0c";
const ARGON2ID: &[u8] = b"\x9e\x29\x8b\x19\x56\xdb\x47\x73\xb2\x3d\xfc\x3e\xc6\xf0\xa1\xe6";
