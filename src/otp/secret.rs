//! The shared key of an account: its bytes, and the ways people write them.

use std::fmt;

use data_encoding::BASE32_NOPAD;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::OtpError;

/// The key that issuer and user share: 1 to 512 bytes.
///
/// Its memory is cleared when it is dropped, `Debug` shows nothing of it, and two are compared in constant
/// time (their lengths are not hidden).
#[derive(Clone)]
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// Takes raw bytes; they are cleared when refused, too.
    ///
    /// # Errors
    ///
    /// [`OtpError::SecretEmpty`] and [`OtpError::SecretTooLong`].
    pub fn new(bytes: Vec<u8>) -> Result<Self, OtpError> {
        let bytes = Zeroizing::new(bytes);
        match bytes.len() {
            0 => Err(OtpError::SecretEmpty),
            1..=MAX_BYTES => Ok(Self(bytes)),
            _ => Err(OtpError::SecretTooLong),
        }
    }

    /// Reads base32 (RFC 4648, section 6) as people and apps write it: in any case, with spaces, dashes and
    /// padding, of any length. Bits that fill no byte are dropped.
    ///
    /// # Errors
    ///
    /// [`OtpError::SecretNotBase32`] names the first foreign character; else as [`Secret::new`].
    pub fn from_base32(text: &str) -> Result<Self, OtpError> {
        let mut bytes = Zeroizing::new(Vec::with_capacity((text.len() * 5 / 8).min(MAX_BYTES)));
        let (mut bits, mut held) = (0_u16, 0_u8);
        for (place, character) in (1..).zip(text.chars()).filter(|(_, c)| !is_filler(*c)) {
            let value = base32_value(character).ok_or(OtpError::SecretNotBase32 { character, place })?;
            bits = (bits << 5 | u16::from(value)) & 0x0fff;
            held += 5;
            if held >= 8 {
                held -= 8;
                push(&mut bytes, (bits >> held & 0xff) as u8)?;
            }
        }
        Self::new(std::mem::take(&mut bytes))
    }

    /// Reads hex in any case, with spaces, dashes and colons between.
    ///
    /// # Errors
    ///
    /// [`OtpError::SecretNotHex`] names the first foreign character, [`OtpError::SecretOddHex`] is half a
    /// byte; else as [`Secret::new`].
    pub fn from_hex(text: &str) -> Result<Self, OtpError> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_BYTES));
        let mut high = None;
        for (place, character) in (1..).zip(text.chars()).filter(|(_, c)| !is_filler(*c) && *c != ':') {
            let value = hex_value(character).ok_or(OtpError::SecretNotHex { character, place })?;
            match high.take() {
                None => high = Some(value),
                Some(high) => push(&mut bytes, high << 4 | value)?,
            }
        }
        if high.is_some() {
            return Err(OtpError::SecretOddHex);
        }
        Self::new(bytes.to_vec())
    }

    /// The raw bytes. Let no copy of them outlive its use.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// Upper case, without padding: what any app reads.
    pub fn to_base32(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE32_NOPAD.encode(self.expose()))
    }

    /// Whether the text decodes with no bit left over, whatever its case, spacing and padding.
    ///
    /// One that is not canonical may be cut short or mistyped: worth a note, as apps disagree about it.
    pub fn is_canonical_base32(text: &str) -> bool {
        let (mut count, mut last) = (0_usize, 0);
        for character in text.chars().filter(|c| !is_filler(*c)) {
            let Some(value) = base32_value(character) else { return false };
            (count, last) = (count + 1, value);
        }
        let (bytes, left) = (count * 5 / 8, count * 5 % 8);
        (1..=MAX_BYTES).contains(&bytes)
            && left < 5
            && last.trailing_zeros() >= u32::try_from(left).unwrap_or(0)
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.expose().ct_eq(other.expose()).into()
    }
}

impl Eq for Secret {}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// Keeps within the capacity: growing would leave a copy of the secret in freed memory.
fn push(bytes: &mut Vec<u8>, byte: u8) -> Result<(), OtpError> {
    if bytes.len() == MAX_BYTES {
        return Err(OtpError::SecretTooLong);
    }
    bytes.push(byte);
    Ok(())
}

/// What people put between the characters of a secret, and padding.
fn is_filler(character: char) -> bool {
    character.is_whitespace() || matches!(character, '-' | '=')
}

fn base32_value(character: char) -> Option<u8> {
    match character.to_ascii_uppercase() {
        letter @ 'A'..='Z' => Some(letter as u8 - b'A'),
        digit @ '2'..='7' => Some(digit as u8 - b'2' + 26),
        _ => None,
    }
}

fn hex_value(character: char) -> Option<u8> {
    character.to_digit(16).and_then(|value| u8::try_from(value).ok())
}

const MAX_BYTES: usize = 512;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_base32_as_people_write_it() {
        let same = Secret::from_base32("JBSWY3DPEHPK3PXP").unwrap();
        for text in [
            "jbswy3dpehpk3pxp",
            "JBSW Y3DP EHPK 3PXP",
            "jbsw-y3dp-ehpk-3pxp",
            "JBSWY3DPEHPK3PXP====",
            " JBSWY3DPEHPK3PXP\r\n",
        ] {
            assert_eq!(Secret::from_base32(text), Ok(same.clone()), "{text}");
            assert!(Secret::is_canonical_base32(text), "{text}");
        }
        assert_eq!(same.to_base32().as_str(), "JBSWY3DPEHPK3PXP");
    }

    #[test]
    fn drops_bits_that_fill_no_byte() {
        let clean = Secret::from_base32("JBSWY3DPEHPK3PXR").unwrap();
        assert_eq!(Secret::from_base32("JBSWY3DPEHPK3PXR7"), Ok(clean));
        assert_eq!(Secret::from_base32("AB").unwrap().expose(), [0]);
        for text in ["JBSWY3DPEHPK3PXR7", "AB", "AAA"] {
            assert!(!Secret::is_canonical_base32(text), "{text}");
        }
        assert!(Secret::is_canonical_base32("AA"));
        assert!(!Secret::is_canonical_base32("8"));
    }

    #[test]
    fn names_the_first_foreign_character_and_its_place() {
        let base32 = |text| Secret::from_base32(text).unwrap_err();
        assert_eq!(base32("JBSW0189!"), OtpError::SecretNotBase32 { character: '0', place: 5 });
        assert_eq!(base32("JB SWé"), OtpError::SecretNotBase32 { character: 'é', place: 6 });
        assert_eq!(base32(" -="), OtpError::SecretEmpty);
        assert_eq!(base32("A"), OtpError::SecretEmpty);
        let hex = |text| Secret::from_hex(text).unwrap_err();
        assert_eq!(hex("00fg"), OtpError::SecretNotHex { character: 'g', place: 4 });
        assert_eq!(hex("0ff"), OtpError::SecretOddHex);
        assert_eq!(hex(""), OtpError::SecretEmpty);
    }

    #[test]
    fn holds_up_to_512_bytes() {
        assert!(Secret::new(vec![7; 512]).is_ok());
        assert_eq!(Secret::new(vec![7; 513]), Err(OtpError::SecretTooLong));
        assert_eq!(Secret::from_base32(&"A".repeat(65_536)), Err(OtpError::SecretTooLong));
        assert_eq!(Secret::from_hex(&"00".repeat(513)), Err(OtpError::SecretTooLong));
        assert!(Secret::from_hex(&"0A:".repeat(512)).is_ok());
    }

    proptest! {
        #[test]
        fn reads_what_it_writes(bytes in prop::collection::vec(any::<u8>(), 1..=512)) {
            let secret = Secret::new(bytes.clone()).unwrap();
            prop_assert_eq!(Secret::from_base32(&secret.to_base32()).unwrap(), secret.clone());
            prop_assert!(Secret::is_canonical_base32(&secret.to_base32()));
            let hex = data_encoding::HEXUPPER.encode(&bytes);
            prop_assert_eq!(Secret::from_hex(&hex).unwrap(), secret);
        }

        #[test]
        fn canonical_is_what_would_be_written_again(text in "[A-Za-z2-8 =-]{0,40}") {
            let bare: String = text.chars().filter(|c| !is_filler(*c)).collect();
            let again = Secret::from_base32(&text).is_ok_and(|secret| *secret.to_base32() == bare.to_uppercase());
            prop_assert_eq!(Secret::is_canonical_base32(&text), again);
        }

        #[test]
        fn never_panics(text in any::<String>()) {
            let _ = (Secret::from_base32(&text), Secret::from_hex(&text), Secret::is_canonical_base32(&text));
        }
    }
}
