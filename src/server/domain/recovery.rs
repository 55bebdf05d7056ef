//! Recovery codes: ten on a sheet, eighty bits each, one use each. What is stored is a slow hash that is made elsewhere;
//! a used one is remembered, so that it is known again and is no guess.

use std::fmt;

use data_encoding::BASE32_NOPAD;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::{time::Time, typed::Typed};

/// The codes of a user: the newest sheet alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovery {
    /// Salt of every hash of this sheet.
    pub salt: [u8; 16],
    /// The codes, the used ones too.
    pub codes: Vec<RecoveryCode>,
}

/// What is stored of one code.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode {
    /// Its first three characters: which one of the sheet it is, no secret by itself.
    pub selector: String,
    /// Slow hash of the whole code.
    pub verifier: Verifier,
    /// When it was used.
    pub used: Option<Time>,
}

/// A slow hash of a recovery code under its sheet's salt.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Verifier(pub [u8; 32]);

/// A typed code with its hash, made before the decision: hashing is slow and needs no lock.
#[derive(Clone, Debug)]
pub struct Presented {
    /// The first three characters.
    pub selector: String,
    /// Its hash under the salt of the sheet that was there then.
    pub verifier: Verifier,
    /// That salt. A sheet that was replaced since has another.
    pub salt: [u8; 16],
}

/// What a typed code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// On the sheet and not used.
    Right,
    /// On the sheet and used before.
    Replayed,
    /// Not on the sheet.
    Wrong,
}

/// The characters of a code as they are printed once: `ABCD-EFGH-JKLM-NOPQ`.
#[derive(Clone, PartialEq, Eq)]
pub struct Plain(Zeroizing<String>);

impl Recovery {
    /// Judges a code, and marks the right one as used.
    pub fn judge(&mut self, presented: &Presented, now: Time) -> Found {
        let mut found = Found::Wrong;
        let same_sheet = self.salt == presented.salt;
        for code in &mut self.codes {
            let same = code.verifier.0.ct_eq(&presented.verifier.0);
            let right = same_sheet && code.selector == presented.selector && bool::from(same);
            if right && code.used.is_some() {
                found = Found::Replayed;
            } else if right {
                code.used = Some(now);
                found = Found::Right;
            }
        }
        found
    }

    /// How many are left.
    pub fn left(&self) -> usize {
        self.codes.iter().filter(|code| code.used.is_none()).count()
    }
}

impl Plain {
    /// Codes from random bytes, ten bytes each. No two of a sheet share a selector, so fewer than asked for may come.
    pub fn sheet(random: &[u8; 10 * SPARE]) -> Vec<Self> {
        let mut sheet: Vec<Self> = Vec::with_capacity(COUNT);
        for bytes in random.chunks_exact(10) {
            let code = Self(Zeroizing::new(BASE32_NOPAD.encode(bytes)));
            let known = sheet.iter().any(|other| other.selector() == code.selector());
            if !known && sheet.len() < COUNT {
                sheet.push(code);
            }
        }
        sheet
    }

    /// A typed code, if it has the length of one.
    pub fn read(typed: &Typed) -> Option<Self> {
        let text = typed.as_str();
        (text.len() == CHARACTERS).then(|| Self(Zeroizing::new(text.to_owned())))
    }

    /// The first three characters.
    pub fn selector(&self) -> &str {
        &self.0[..SELECTOR]
    }

    /// All characters without dashes: what is hashed.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// In groups of four.
    pub fn grouped(&self) -> Zeroizing<String> {
        let groups: Vec<&str> = (0..4).map(|nth| &self.0[nth * 4..nth * 4 + 4]).collect();
        Zeroizing::new(groups.join("-"))
    }
}

impl fmt::Debug for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Plain(..)")
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecoveryCode").field("used", &self.used).finish_non_exhaustive()
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Verifier(..)")
    }
}

/// How many codes a sheet has.
pub const COUNT: usize = 10;
/// For how many codes randomness is asked, as some may share a selector.
pub const SPARE: usize = 16;
const SELECTOR: usize = 3;
const CHARACTERS: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    fn random() -> [u8; 160] {
        std::array::from_fn(|nth| u8::try_from(nth).unwrap().wrapping_mul(37))
    }

    fn sheet() -> Recovery {
        let plain = Plain::sheet(&random());
        let code = |plain: &Plain| RecoveryCode {
            selector: plain.selector().into(),
            verifier: hash(plain),
            used: None,
        };
        Recovery { salt: [1; 16], codes: plain.iter().map(code).collect() }
    }

    fn hash(plain: &Plain) -> Verifier {
        let mut bytes = [0; 32];
        bytes[..16].copy_from_slice(plain.expose().as_bytes());
        Verifier(bytes)
    }

    fn presented(plain: &Plain) -> Presented {
        Presented { selector: plain.selector().into(), verifier: hash(plain), salt: [1; 16] }
    }

    #[test]
    fn a_sheet_has_ten_codes_of_eighty_bits_with_selectors_of_their_own() {
        let sheet = Plain::sheet(&random());
        assert_eq!(sheet.len(), 10);
        assert!(sheet.iter().all(|code| code.expose().len() * 5 == 80));
        assert_eq!(sheet[0].grouped().len(), 19);
        assert_eq!(Plain::sheet(&[0; 160]).len(), 1);
        assert!(!format!("{sheet:?}").contains(sheet[0].expose()));
    }

    #[test]
    fn each_is_used_once_and_known_again_as_replayed() {
        let (mut recovery, plain) = (sheet(), Plain::sheet(&random()));
        for code in &plain {
            assert_eq!(recovery.judge(&presented(code), Time::from_seconds(1)), Found::Right);
            assert_eq!(recovery.judge(&presented(code), Time::from_seconds(2)), Found::Replayed);
        }
        assert_eq!(recovery.left(), 0);
    }

    #[test]
    fn another_code_or_another_sheet_is_wrong() {
        let (mut recovery, plain) = (sheet(), Plain::sheet(&random()));
        let other = Presented { verifier: Verifier([9; 32]), ..presented(&plain[0]) };
        assert_eq!(recovery.judge(&other, Time::default()), Found::Wrong);
        let old = Presented { salt: [2; 16], ..presented(&plain[0]) };
        assert_eq!(recovery.judge(&old, Time::default()), Found::Wrong);
        assert_eq!(recovery.left(), 10);
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let plain = &Plain::sheet(&random())[3];
        let typed = Typed::parse(&plain.grouped().to_lowercase()).unwrap();
        assert_eq!(Plain::read(&typed).as_ref(), Some(plain));
        assert_eq!(Plain::read(&Typed::parse("ABC").unwrap()), None);
    }
}
