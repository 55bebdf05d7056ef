//! The picture on the clipboard of this machine, as a PNG file in memory.

use std::{sync::mpsc, thread, time::Duration};

use arboard::Error;
use zeroize::Zeroizing;

/// Why there is no picture on the clipboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoPicture {
    /// This session has no clipboard, or none that lets us.
    #[error("the clipboard cannot be read here: there is no display, or it does not let us")]
    NoClipboard,
    /// It holds a text or nothing.
    #[error("there is no picture on the clipboard")]
    NotAPicture,
    /// The display or the program that copied hangs.
    #[error("the clipboard does not answer")]
    Silent,
    /// More than is read of a picture.
    #[error("the picture on the clipboard is too large")]
    TooLarge,
}

impl NoPicture {
    /// What to do about it.
    pub fn hint(self) -> &'static str {
        match self {
            Self::NoClipboard => "save the picture as a file, and give that",
            Self::NotAPicture => "copy the picture itself; a link that was copied goes to: sesam add --uri -",
            Self::Silent => "copy the picture again, or save it as a file and give that",
            Self::TooLarge => "copy the part with the QR code",
        }
    }
}

/// Reads it. The clipboard may hang, so a thread asks it, which is left behind.
///
/// # Errors
/// [`NoPicture`].
pub fn picture() -> Result<Zeroizing<Vec<u8>>, NoPicture> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(read()));
    receiver.recv_timeout(PATIENCE).unwrap_or(Err(NoPicture::Silent))
}

fn read() -> Result<Zeroizing<Vec<u8>>, NoPicture> {
    let mut clipboard = arboard::Clipboard::new().map_err(|_| NoPicture::NoClipboard)?;
    let picture = clipboard.get_image().map_err(|error| match error {
        Error::ClipboardNotSupported | Error::ClipboardOccupied => NoPicture::NoClipboard,
        // The owner of a text refuses in words of its own.
        _ => NoPicture::NotAPicture,
    })?;
    let (width, height) = (picture.width, picture.height);
    let pixels = Zeroizing::new(picture.bytes.into_owned());
    if width.saturating_mul(height) > MAX_PIXELS {
        return Err(NoPicture::TooLarge);
    }
    let side = |side: usize| u32::try_from(side).map_err(|_| NoPicture::TooLarge);
    let mut file = Zeroizing::new(Vec::new());
    let mut encoder = png::Encoder::new(&mut *file, side(width)?, side(height)?);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_compression(png::Compression::Fastest);
    let written = encoder.write_header().and_then(|mut writer| writer.write_image_data(&pixels));
    written.map_err(|_| NoPicture::NotAPicture)?;
    Ok(file)
}

/// For all of it: another program hands the picture over.
const PATIENCE: Duration = Duration::from_secs(5);
/// As of a file: 64 million.
const MAX_PIXELS: usize = 64_000_000;
