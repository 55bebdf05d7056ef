//! Pictures that are drawn here: a code in every state in which people have it.

use image::{
    DynamicImage, GrayImage, ImageFormat, Luma, Rgba, RgbaImage,
    imageops::{self, FilterType},
};

use super::*;
use crate::qr::Qr;

const LINK: &str =
    "otpauth://totp/ACME:hugo%40example.com?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=ACME";
const OTHER: &str = "otpauth://totp/Other:eve?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Other";

/// A code with its quiet zone.
fn code(text: &str, scale: u32) -> GrayImage {
    image::load_from_memory(&Qr::encode(text).unwrap().png(scale)).unwrap().to_luma8()
}

fn file(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn texts(file: &[u8]) -> Vec<String> {
    read_codes(file).unwrap().iter().map(|code| code.text().to_owned()).collect()
}

fn reads(picture: impl Into<DynamicImage>) {
    assert_eq!(texts(&file(picture, ImageFormat::Png)), [LINK]);
}

#[test]
fn every_kind_of_picture_is_read() {
    let picture = DynamicImage::ImageLuma8(code(LINK, 4)).to_rgb8();
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP, ImageFormat::Gif] {
        assert_eq!(texts(&file(picture.clone(), format)), [LINK], "{format:?}");
    }
}

#[test]
fn sizes_from_one_pixel_a_module_to_sixty_four() {
    for scale in [1, 2, 3, 20, 64] {
        reads(code(LINK, scale));
    }
}

#[test]
fn light_on_dark_turned_and_mirrored() {
    let mut inverted = code(LINK, 4);
    imageops::invert(&mut inverted);
    reads(inverted);
    let picture = code(LINK, 4);
    for turned in
        [imageops::rotate90(&picture), imageops::rotate180(&picture), imageops::flip_horizontal(&picture)]
    {
        reads(turned);
    }
}

#[test]
fn blurred_faint_and_noisy() {
    reads(imageops::blur(&code(LINK, 8), 4.0));
    let faint = code(LINK, 6);
    reads(GrayImage::from_fn(faint.width(), faint.height(), |x, y| {
        Luma([120 + faint.get_pixel(x, y).0[0] / 20])
    }));
    let mut noisy = code(LINK, 6);
    for (number, pixel) in noisy.pixels_mut().enumerate() {
        if number * number % 17 == 0 {
            pixel.0[0] = if number % 2 == 0 { 0 } else { 255 };
        }
    }
    reads(noisy);
}

#[test]
fn a_scaled_code_without_quiet_zone() {
    let picture = code(LINK, 4);
    let side = picture.width();
    let tight = imageops::crop_imm(&picture, 16, 16, side - 32, side - 32).to_image();
    reads(imageops::resize(&tight, 123, 123, FilterType::Triangle));
}

#[test]
fn ink_of_either_shade_on_nothing() {
    let picture = code(LINK, 4);
    for shade in [0, 255] {
        reads(RgbaImage::from_fn(picture.width(), picture.height(), |x, y| {
            Rgba([shade, shade, shade, 255 - picture.get_pixel(x, y).0[0]])
        }));
    }
}

#[test]
fn several_codes_come_in_reading_order_and_once() {
    let mut page = GrayImage::from_pixel(1000, 800, Luma([255]));
    let third = "https://example.com/";
    for (text, x, y) in [(LINK, 600, 12), (OTHER, 10, 0), (third, 300, 450), (LINK, 600, 500)] {
        imageops::overlay(&mut page, &code(text, 4), x, y);
    }
    assert_eq!(texts(&file(page, ImageFormat::Png)), [OTHER, LINK, third]);
}

#[test]
fn small_on_a_4k_screen() {
    let mut screen =
        GrayImage::from_fn(3840, 2160, |x, y| Luma([if (x / 90 + y / 50) % 2 == 0 { 30 } else { 60 }]));
    imageops::overlay(&mut screen, &code(LINK, 2), 3001, 1499);
    reads(screen);
}

#[test]
fn what_cannot_be_read_gets_one_clear_sentence() {
    let png = Qr::encode(LINK).unwrap().png(4);
    let blank = file(GrayImage::from_pixel(200, 200, Luma([255])), ImageFormat::Png);
    let pixel = file(GrayImage::from_pixel(1, 1, Luma([255])), ImageFormat::Png);
    let gif = file(DynamicImage::ImageLuma8(GrayImage::new(9, 9)).to_rgb8(), ImageFormat::Gif);
    let cases: [(&[u8], PictureError); 8] = [
        (&gif, PictureError::NoCodeOnFrame),
        (b"hello", PictureError::NotAPicture),
        (b"", PictureError::NotAPicture),
        (b"\0\0\0\x18ftypheic", PictureError::Kind("HEIC")),
        (&png[..png.len() / 2], PictureError::Damaged),
        (&png[..12], PictureError::Damaged),
        (&blank, PictureError::NoCode),
        (&pixel, PictureError::NoCode),
    ];
    for (file, error) in cases {
        assert_eq!(read_codes(file).unwrap_err(), error);
        assert!(!error.to_string().is_empty() && !error.hint().is_empty());
    }
    assert_eq!(read_codes(&vec![0xff; MAX_PICTURE_BYTES + 1]).unwrap_err(), PictureError::TooManyBytes);
}

#[test]
fn a_bomb_is_refused_by_its_header() {
    let mut file = Vec::new();
    drop(png::Encoder::new(&mut file, 30_000, 30_000).write_header().unwrap());
    assert_eq!(
        read_codes(&file).unwrap_err().to_string(),
        "the picture has 30000 x 30000 pixels, and sesam reads up to 64 million"
    );
    let gif = b"GIF89a\xff\xff\xff\xff\0\0\0,\0\0\0\0\xff\xff\xff\xff\0\x02\x02\x4c\x01\0;";
    assert!(matches!(read_codes(gif), Err(PictureError::TooManyPixels { .. })));
}

#[test]
fn changed_and_cut_files_never_panic() {
    let picture = DynamicImage::ImageLuma8(code("sesam", 2)).to_rgb8();
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP, ImageFormat::Gif] {
        let file = file(picture.clone(), format);
        let step = file.len() / 12 + 1;
        for at in (0..file.len()).step_by(step) {
            let mut changed = file.clone();
            changed[at] ^= 0x55;
            for bytes in [&changed[..], &file[..at]] {
                let _ = read_codes(bytes);
            }
        }
    }
}

#[test]
fn debug_shows_nothing() {
    assert_eq!(format!("{:?}", read_codes(&Qr::encode(LINK).unwrap().png(4)).unwrap()), "[Payload(..)]");
}
