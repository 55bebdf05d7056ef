//! QR codes: from a text to modules and from modules to pictures; and in `read`, from a picture to the texts on it.
//!
//! A QR code of an otpauth link is the secret itself: it shows in no `Debug`, and its modules are wiped.
//! What the text means is not here.

#[cfg(feature = "client")]
mod graphics;
mod picture;
#[cfg(feature = "client")]
mod read;
mod terminal;

use std::fmt;

use qrcode::{Color, EcLevel, QrCode, Version};
use zeroize::Zeroizing;

#[cfg(feature = "client")]
pub use read::{MAX_PICTURE_BYTES, Payload, PictureError, READER_THREAD, is_picture, read_codes};

/// A QR code, ISO/IEC 18004, versions 1 to 40.
///
/// Error correction is M (15 %), or L (7 %) where M does not fit. Every picture has the quiet zone of four
/// light modules that the standard asks for.
pub struct Qr {
    /// Row by row, `true` is dark; without the quiet zone.
    modules: Zeroizing<Vec<bool>>,
    /// Modules along one side, without the quiet zone: 21 to 177.
    side: usize,
    version: u8,
    level: char,
}

impl Qr {
    /// Encodes `text` (UTF-8) in the smallest version that holds it.
    pub fn encode(text: &str) -> Result<Self, QrError> {
        Self::at_level(text, EcLevel::M).or_else(|_| Self::at_level(text, EcLevel::L))
    }

    /// The same with level L alone, which often is a version smaller: for a screen, where nothing is dirty or torn.
    pub fn encode_small(text: &str) -> Result<Self, QrError> {
        Self::at_level(text, EcLevel::L)
    }

    fn at_level(text: &str, level: EcLevel) -> Result<Self, QrError> {
        let code = QrCode::with_error_correction_level(text, level)
            .map_err(|_| QrError::TooLong { bytes: text.len(), fit: BYTES_THAT_FIT })?;
        Ok(Self {
            side: code.width(),
            version: number(code.version()),
            level: if code.error_correction_level() == EcLevel::M { 'M' } else { 'L' },
            modules: Zeroizing::new(code.into_colors().into_iter().map(|c| c == Color::Dark).collect()),
        })
    }

    /// The version, 1 to 40: its side is 17 + 4 × version modules.
    pub fn version(&self) -> u8 {
        self.version
    }

    /// The level of error correction, `M` or `L`.
    pub fn level(&self) -> char {
        self.level
    }

    /// Modules along one side of a picture, with the quiet zone.
    fn full_side(&self) -> usize {
        self.side + 2 * QUIET
    }

    /// Is the module dark? Counted from the corner of the quiet zone; all beyond the code is light.
    fn is_dark(&self, x: usize, y: usize) -> bool {
        let inside = |place: usize| place.checked_sub(QUIET).filter(|&place| place < self.side);
        match (inside(x), inside(y)) {
            (Some(x), Some(y)) => self.modules[y * self.side + x],
            _ => false,
        }
    }
}

fn number(version: Version) -> u8 {
    let (Version::Normal(number) | Version::Micro(number)) = version;
    u8::try_from(number).expect("a version is 1 to 40")
}

/// Shows the size alone: the modules are a secret.
impl fmt::Debug for Qr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Qr")
            .field("version", &self.version)
            .field("level", &self.level)
            .finish_non_exhaustive()
    }
}

/// Why a text has no QR code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QrError {
    /// More than the largest QR code holds.
    #[error("{bytes} bytes are too long for a QR code, which holds {fit}")]
    TooLong {
        /// Length of the text, in bytes.
        bytes: usize,
        /// Bytes of any text that fit.
        fit: usize,
    },
}

impl QrError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "shorten the issuer, the account or the note, or export to a file",
        }
    }
}

/// Version 40-L in byte mode; digits and capital letters alone take less room.
const BYTES_THAT_FIT: usize = 2953;
const QUIET: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn falls_from_m_to_l_and_then_says_what_fits() {
        let level = |bytes: usize| Qr::encode(&"a".repeat(bytes)).map(|qr| (qr.version(), qr.level()));
        assert_eq!(level(14), Ok((1, 'M')));
        assert_eq!(level(2331), Ok((40, 'M')));
        assert_eq!(level(2332), Ok((36, 'L')));
        assert_eq!(level(2953), Ok((40, 'L')));
        assert_eq!(level(2954), Err(QrError::TooLong { bytes: 2954, fit: 2953 }));
    }

    #[test]
    fn a_small_one_is_a_version_smaller_where_that_is_possible() {
        let text = "a".repeat(94);
        let version =
            |qr: Result<Qr, QrError>| qr.map(|qr| (qr.version(), qr.level(), qr.columns(), qr.rows()));
        assert_eq!(version(Qr::encode(&text)), Ok((6, 'M', 49, 25)));
        assert_eq!(version(Qr::encode_small(&text)), Ok((5, 'L', 45, 23)));
    }

    #[test]
    fn debug_shows_no_module() {
        let qr = Qr::encode("otpauth://totp/a?secret=JBSWY3DPEHPK3PXP").expect("it fits");
        assert_eq!(format!("{qr:?}"), "Qr { version: 3, level: 'M', .. }");
    }
}
