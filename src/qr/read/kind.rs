//! Which kind of picture a file is, by its first bytes; its name does not count.

use super::{MAX_PICTURE_BYTES, PictureError};

/// A kind that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PictureKind {
    Gif,
    Jpeg,
    Png,
    WebP,
}

/// Whether a file begins like a picture, be it of a kind that is read or not.
pub fn is_picture(file: &[u8]) -> bool {
    known(file).is_some() || other(file).is_some()
}

/// The kind of a file that is small enough to be read.
pub(super) fn of(file: &[u8]) -> Result<PictureKind, PictureError> {
    if file.len() > MAX_PICTURE_BYTES {
        return Err(PictureError::TooManyBytes);
    }
    let unread = || other(file).map_or(PictureError::NotAPicture, PictureError::Kind);
    known(file).ok_or_else(unread)
}

fn known(file: &[u8]) -> Option<PictureKind> {
    match file {
        [0x89, b'P', b'N', b'G', ..] => Some(PictureKind::Png),
        [0xff, 0xd8, 0xff, ..] => Some(PictureKind::Jpeg),
        [b'G', b'I', b'F', b'8', ..] => Some(PictureKind::Gif),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(PictureKind::WebP),
        _ => None,
    }
}

/// Pictures that people have and that are not read.
fn other(file: &[u8]) -> Option<&'static str> {
    match file {
        [_, _, _, _, b'f', b't', b'y', b'p', b'h' | b'm', b'e' | b'i', b'i' | b'v' | b'f', ..] => {
            Some("HEIC")
        }
        [_, _, _, _, b'f', b't', b'y', b'p', b'a', b'v', b'i', ..] => Some("AVIF"),
        [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => Some("a BMP"),
        [b'I', b'I', b'*', 0, ..] | [b'M', b'M', 0, b'*', ..] => Some("a TIFF"),
        _ => None,
    }
}
