//! One look at one grey picture: with rxing, which is quick, or with rqrr, which finds small codes on large screens.
//!
//! Both give a text only when the Reed-Solomon blocks of the code confirmed it. A panic in them costs that look alone.

use std::{
    collections::HashSet,
    panic::{AssertUnwindSafe, catch_unwind},
};

use rxing::{
    BarcodeFormat, BinaryBitmap, DecodeHints, Luma8Source, RXingResult, common::HybridBinarizer,
    multi::MultipleBarcodeReader, qrcode::cpp_port::QrReader,
};
use zeroize::Zeroizing;

use super::grey::Grey;

/// A code that was found.
pub(super) struct Hit {
    pub(super) text: Zeroizing<String>,
    pub(super) place: Place,
}

/// Where a code lies, in parts of the width and the height of the picture.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) left: f32,
    pub(super) top: f32,
    pub(super) right: f32,
    pub(super) bottom: f32,
}

/// Which modules are the dark ones of the code.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    Dark,
    Light,
}

impl Place {
    /// In parts of the picture.
    pub(super) fn area(self) -> f32 {
        (self.right - self.left) * (self.bottom - self.top)
    }
}

impl Hit {
    /// The same in the whole picture, of which `part` begins at a corner, in pixels.
    #[expect(clippy::cast_precision_loss, reason = "places in a picture are small numbers")]
    pub(super) fn of_part(self, corner: (usize, usize), part: &Grey, whole: &Grey) -> Self {
        let across = |x: f32| (corner.0 as f32 + x * part.width() as f32) / whole.width() as f32;
        let down = |y: f32| (corner.1 as f32 + y * part.height() as f32) / whole.height() as f32;
        let Place { left, top, right, bottom } = self.place;
        let place = Place { left: across(left), top: down(top), right: across(right), bottom: down(bottom) };
        Self { place, ..self }
    }
}

/// Looks with rxing.
pub(super) fn quickly(grey: &Grey, inks: &[Ink]) -> Vec<Hit> {
    caught(|| {
        let (width, height) = (u32::try_from(grey.width()).ok()?, u32::try_from(grey.height()).ok()?);
        let source = Luma8Source::new_with_slice(grey.pixels(), width, height).ok()?;
        let mut bitmap = BinaryBitmap::new(HybridBinarizer::new(source));
        let how = DecodeHints {
            PossibleFormats: Some(HashSet::from([BarcodeFormat::QR_CODE])),
            TryHarder: Some(true),
            ..DecodeHints::default()
        };
        let mut hits = Vec::new();
        for ink in inks {
            if *ink == Ink::Light {
                bitmap.get_black_matrix_mut().flip_self();
            }
            let found = QrReader.decode_multiple_with_hints(&mut bitmap, &how).unwrap_or_default();
            hits.extend(found.iter().filter_map(|found| quick_hit(found, grey)));
        }
        Some(hits)
    })
}

fn quick_hit(found: &RXingResult, grey: &Grey) -> Option<Hit> {
    let text = match std::str::from_utf8(found.getRawBytes()) {
        Ok(text) => text,
        Err(_) => found.getText(),
    };
    let corners = found.getPoints().iter().map(|point| (point.x, point.y));
    (!text.is_empty()).then(|| Hit { text: Zeroizing::new(text.to_owned()), place: around(corners, grey) })
}

/// Looks with rqrr.
pub(super) fn thoroughly(grey: &Grey, ink: Ink) -> Vec<Hit> {
    caught(|| {
        let (width, pixels) = (grey.width(), grey.pixels());
        let pixel = |x: usize, y: usize| pixels[y * width + x];
        let mut prepared = match ink {
            Ink::Dark => rqrr::PreparedImage::prepare_from_greyscale(width, grey.height(), pixel),
            Ink::Light => {
                rqrr::PreparedImage::prepare_from_greyscale(width, grey.height(), |x, y| !pixel(x, y))
            }
        };
        let mut hits = Vec::new();
        for grid in prepared.detect_grids() {
            let mut bytes = Zeroizing::new(Vec::new());
            let text = grid.decode_to(&mut *bytes).ok().and_then(|_| std::str::from_utf8(&bytes).ok());
            if let Some(text) = text.filter(|text| !text.is_empty()) {
                #[expect(clippy::cast_precision_loss, reason = "places in a picture are small numbers")]
                let corners = grid.bounds.iter().map(|point| (point.x as f32, point.y as f32));
                hits.push(Hit { text: Zeroizing::new(text.to_owned()), place: around(corners, grey) });
            }
        }
        Some(hits)
    })
}

fn caught(look: impl FnOnce() -> Option<Vec<Hit>>) -> Vec<Hit> {
    catch_unwind(AssertUnwindSafe(look)).ok().flatten().unwrap_or_default()
}

#[expect(clippy::cast_precision_loss, reason = "the sides of a picture are small numbers")]
fn around(corners: impl Iterator<Item = (f32, f32)>, grey: &Grey) -> Place {
    let (width, height) = (grey.width() as f32, grey.height() as f32);
    let nowhere = Place { left: 1.0, top: 1.0, right: 0.0, bottom: 0.0 };
    corners.fold(nowhere, |place, (x, y)| Place {
        left: place.left.min(x / width),
        top: place.top.min(y / height),
        right: place.right.max(x / width),
        bottom: place.bottom.max(y / height),
    })
}
