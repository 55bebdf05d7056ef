//! A picture file into grey, within limits: bytes, pixels and memory are known before anything is decoded.
//!
//! PNG comes row by row, so a large screen costs no more than its grey. The others are decoded as a whole.

use std::io::Cursor;

use image::{ColorType, ImageDecoder, ImageFormat, ImageReader};
use png::{ColorType as PngColors, Transformations};
use zeroize::Zeroizing;

use super::{
    PictureError,
    grey::{Grey, Rows},
    kind::PictureKind,
    limits::{MAX_CHUNK_BYTES, MAX_GREY_PIXELS, MAX_MEMORY_BYTES, MAX_PIXELS},
};

/// A picture as it looks on white paper and, if it is transparent somewhere, on black.
pub(super) struct Shades {
    pub(super) on_white: Grey,
    pub(super) on_black: Option<Grey>,
}

/// Decodes a file.
pub(super) fn read(file: &[u8], kind: PictureKind) -> Result<Shades, PictureError> {
    match kind {
        PictureKind::Png => png(file),
        PictureKind::Jpeg => whole(file, ImageFormat::Jpeg, if is_progressive(file) { 9 } else { 3 }),
        PictureKind::Gif => whole(file, ImageFormat::Gif, 8),
        PictureKind::WebP => whole(file, ImageFormat::WebP, 8),
    }
}

fn png(file: &[u8]) -> Result<Shades, PictureError> {
    let damaged = |_: png::DecodingError| PictureError::Damaged;
    let limits = png::Limits { bytes: MAX_CHUNK_BYTES };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(file), limits);
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(Transformations::normalize_to_color8());
    let header = decoder.read_header_info().map_err(damaged)?;
    let (width, height, interlaced) = (header.width, header.height, header.interlaced);
    check(width, height)?;
    let mut reader = decoder.read_info().map_err(damaged)?;
    let colors = match reader.output_color_type().0 {
        PngColors::Grayscale => ColorType::L8,
        PngColors::GrayscaleAlpha => ColorType::La8,
        PngColors::Rgb => ColorType::Rgb8,
        PngColors::Rgba => ColorType::Rgba8,
        PngColors::Indexed => return Err(PictureError::Damaged),
    };
    let mut layers = Layers::new(width, height, colors);
    if interlaced {
        let size = reader.output_buffer_size().filter(|size| *size as u64 <= MAX_MEMORY_BYTES);
        let mut pixels = Zeroizing::new(vec![0; size.ok_or(PictureError::TooMuchMemory { width, height })?]);
        reader.next_frame(&mut pixels).map_err(damaged)?;
        layers.take(&pixels);
    } else {
        while let Some(row) = reader.next_row().map_err(damaged)? {
            layers.take(row.data());
        }
    }
    layers.finish()
}

/// `bytes` are needed for each pixel while it is decoded.
fn whole(file: &[u8], format: ImageFormat, bytes: u64) -> Result<Shades, PictureError> {
    let decoder = ImageReader::with_format(Cursor::new(file), format).into_decoder();
    let decoder = decoder.map_err(|_| PictureError::Damaged)?;
    let (width, height) = decoder.dimensions();
    check(width, height)?;
    let needed = bytes * u64::from(width) * u64::from(height) + 2 * file.len() as u64;
    let size = decoder.total_bytes();
    if needed.max(size) > MAX_MEMORY_BYTES {
        return Err(PictureError::TooMuchMemory { width, height });
    }
    let mut layers = Layers::new(width, height, decoder.color_type());
    let size = usize::try_from(size).map_err(|_| PictureError::Damaged)?;
    let mut pixels = Zeroizing::new(vec![0; size]);
    decoder.read_image(&mut pixels).map_err(|_| PictureError::Damaged)?;
    layers.take(&pixels);
    layers.finish()
}

fn check(width: u32, height: u32) -> Result<(), PictureError> {
    match u64::from(width) * u64::from(height) {
        0 => Err(PictureError::Damaged),
        1..=MAX_PIXELS => Ok(()),
        _ => Err(PictureError::TooManyPixels { width, height }),
    }
}

/// A progressive JPEG is kept as coefficients until its last scan.
fn is_progressive(file: &[u8]) -> bool {
    let mut rest = file.get(2..).unwrap_or_default();
    while let [0xff, marker, high, low, ..] = rest {
        match marker {
            0xc2 | 0xc6 | 0xca | 0xce => return true,
            0xc0 | 0xc1 | 0xda => return false,
            _ => rest = rest.get(2 + usize::from(u16::from_be_bytes([*high, *low]))..).unwrap_or_default(),
        }
    }
    false
}

/// Pixels on their way into grey.
struct Layers {
    colors: ColorType,
    /// Bytes of a row.
    stride: usize,
    height: usize,
    on_white: Rows,
    on_black: Option<Rows>,
    is_opaque: bool,
}

impl Layers {
    fn new(width: u32, height: u32, colors: ColorType) -> Self {
        let (width, height) = (width as usize, height as usize);
        let halved = width * height > MAX_GREY_PIXELS;
        let stride = width * usize::from(colors.bytes_per_pixel());
        let rows = || Rows::new(width, height, halved);
        let on_black = colors.has_alpha().then(rows);
        Self { colors, stride, height, on_white: rows(), on_black, is_opaque: true }
    }

    /// Takes whole rows.
    fn take(&mut self, pixels: &[u8]) {
        for row in pixels.chunks_exact(self.stride.max(1)) {
            match self.colors {
                ColorType::L8 => self.on_white.push(row.iter().copied()),
                ColorType::Rgb8 => self.on_white.push(row.as_chunks().0.iter().copied().map(luma)),
                ColorType::La8 => {
                    self.take_clear(row.as_chunks().0.iter().map(|[grey, alpha]| (*grey, *alpha)));
                }
                ColorType::Rgba8 => {
                    self.take_clear(
                        row.as_chunks().0.iter().map(|[r, g, b, alpha]| (luma([*r, *g, *b]), *alpha)),
                    );
                }
                _ => {}
            }
        }
    }

    fn take_clear(&mut self, row: impl Iterator<Item = (u8, u8)> + Clone) {
        self.is_opaque &= row.clone().all(|(_, opacity)| opacity == u8::MAX);
        self.on_white.push(row.clone().map(|(grey, opacity)| mixed(grey, u8::MAX, opacity)));
        if let Some(on_black) = &mut self.on_black {
            on_black.push(row.map(|(grey, opacity)| mixed(grey, 0, opacity)));
        }
    }

    fn finish(self) -> Result<Shades, PictureError> {
        if !self.on_white.has(self.height) {
            return Err(PictureError::Damaged);
        }
        let on_black = self.on_black.filter(|_| !self.is_opaque).map(Rows::finish);
        Ok(Shades { on_white: self.on_white.finish(), on_black })
    }
}

fn mixed(grey: u8, paper: u8, opacity: u8) -> u8 {
    let (grey, paper, opacity) = (u32::from(grey), u32::from(paper), u32::from(opacity));
    u8::try_from((grey * opacity + paper * (255 - opacity)) / 255).unwrap_or(u8::MAX)
}

/// Rec. 601: how bright a colour looks.
fn luma([red, green, blue]: [u8; 3]) -> u8 {
    let sum = u32::from(red) * 77 + u32::from(green) * 150 + u32::from(blue) * 29;
    u8::try_from(sum >> 8).unwrap_or(u8::MAX)
}
