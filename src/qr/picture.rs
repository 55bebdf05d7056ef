//! QR codes as picture files: SVG and PNG, dark on white. Writing the file is the caller's.

use std::fmt::Write;

use super::Qr;

impl Qr {
    /// An SVG picture, one unit per module; it has no size of its own and scales to its place.
    pub fn svg(&self) -> String {
        let side = self.full_side();
        let mut path = String::new();
        for y in 0..side {
            for x in (0..side).filter(|&x| self.is_dark(x, y)) {
                write!(path, "M{x} {y}h1v1h-1z").expect("writing to a String does not fail");
            }
        }
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" \
             shape-rendering=\"crispEdges\">\n\
             <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/>\n\
             <path fill=\"#000\" d=\"{path}\"/>\n</svg>\n"
        )
    }

    /// A PNG file, one bit per pixel, with `scale` pixels (1 to 64) along the side of a module.
    #[cfg(feature = "client")]
    pub fn png(&self, scale: u32) -> Vec<u8> {
        let scale = scale.clamp(1, MAX_SCALE) as usize;
        let rows = (0..self.full_side()).flat_map(|y| std::iter::repeat_n(self.packed_row(y, scale), scale));
        let pixels: Vec<u8> = rows.flatten().collect();
        one_bit_png(self.full_side() * scale, &pixels)
    }

    /// One row of pixels, eight in a byte, the first in the highest bit; light is 1.
    #[cfg(feature = "client")]
    fn packed_row(&self, y: usize, scale: usize) -> Vec<u8> {
        let mut row = vec![0; (self.full_side() * scale).div_ceil(8)];
        for pixel in 0..self.full_side() * scale {
            if !self.is_dark(pixel / scale, y) {
                row[pixel / 8] |= 0x80 >> (pixel % 8);
            }
        }
        row
    }
}

#[cfg(feature = "client")]
fn one_bit_png(side: usize, pixels: &[u8]) -> Vec<u8> {
    let side = u32::try_from(side).expect("185 modules of 64 pixels fit");
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    encoder
        .write_header()
        .and_then(|mut writer| writer.write_image_data(pixels))
        .expect("writing to memory does not fail, and the rows have the size of the header");
    file
}

#[cfg(feature = "client")]
const MAX_SCALE: u32 = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn svg_draws_each_dark_module_once() {
        let qr = Qr::encode("sesam").expect("it fits");
        let svg = qr.svg();
        let dark = qr.modules.iter().filter(|&&dark| dark).count();
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
        assert!(svg.contains("viewBox=\"0 0 29 29\""));
        assert!(svg.contains("M4 4h1v1h-1z"), "the corner of the finder pattern");
        assert_eq!(svg.matches("h1v1h-1z").count(), dark);
    }

    #[cfg(feature = "client")]
    #[test]
    fn png_is_one_bit_and_as_large_as_asked() {
        let qr = Qr::encode("sesam").expect("it fits");
        for (asked, side) in [(0, 29), (1, 29), (8, 232), (1_000, 29 * 64)] {
            let file = qr.png(asked);
            let reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().expect("a PNG");
            let info = reader.info();
            assert_eq!((info.width, info.height), (side, side));
            assert_eq!((info.color_type, info.bit_depth), (png::ColorType::Grayscale, png::BitDepth::One));
        }
    }
}
