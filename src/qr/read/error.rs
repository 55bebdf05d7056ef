//! Why nothing was read from a picture.

use super::limits::{MAX_MEMORY_BYTES, MAX_PICTURE_BYTES, MAX_PIXELS};

/// Why nothing was read from a picture. Holds nothing of what is on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PictureError {
    /// It begins like a picture and does not go on like one.
    #[error("the picture is damaged or cut off")]
    Damaged,
    /// A kind of picture that is not read.
    #[error("the picture is {0}, which sesam does not read")]
    Kind(&'static str),
    /// It was looked at in every way.
    #[error("no QR code was found on the picture")]
    NoCode,
    /// It was looked at, and it is a GIF, of which the other frames are not.
    #[error("no QR code was found on the first frame of the GIF, and sesam reads no other")]
    NoCodeOnFrame,
    /// The system gives no thread to read it on.
    #[error("the system is too busy to read the picture")]
    NoThread,
    /// Not one of the kinds that are known.
    #[error("it is not a picture that sesam reads (PNG, JPEG, WebP, GIF)")]
    NotAPicture,
    /// More than [`MAX_PICTURE_BYTES`].
    #[error("the picture is larger than {} MiB", MAX_PICTURE_BYTES >> 20)]
    TooManyBytes,
    /// More pixels than are looked at.
    #[error("the picture has {width} x {height} pixels, and sesam reads up to {} million", MAX_PIXELS / 1_000_000)]
    TooManyPixels {
        /// Pixels of a row.
        width: u32,
        /// Rows.
        height: u32,
    },
    /// A kind that is decoded as a whole, and this one is too large for that.
    #[error("the picture of {width} x {height} pixels takes more than {} MiB of memory to decode", MAX_MEMORY_BYTES >> 20)]
    TooMuchMemory {
        /// Pixels of a row.
        width: u32,
        /// Rows.
        height: u32,
    },
    /// It would take longer than a picture may take.
    #[error("no QR code was found on the picture in two seconds")]
    TooMuchWork,
}

impl PictureError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Damaged => "save or download it again",
            Self::Kind(_) | Self::NotAPicture => "save it as PNG or JPEG, or take a screenshot of it",
            Self::NoCode => {
                "crop it so that the code and a light margin fill it, or photograph it straight and near"
            }
            Self::NoCodeOnFrame => "save the frame with the code as PNG",
            Self::NoThread => "try again",
            Self::TooMuchMemory { .. } => "crop it to the QR code, or save it as PNG",
            Self::TooManyBytes | Self::TooManyPixels { .. } | Self::TooMuchWork => "crop it to the QR code",
        }
    }
}
