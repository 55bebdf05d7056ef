//! Finding a sheet in whatever it comes in: the page, a photograph of it, a mail that quotes it, words typed by hand.

use std::borrow::Cow;

use super::{
    SheetError,
    words::{self, unquoted},
};
use crate::{
    crypt::{armor, check_header},
    qr::{is_picture, read_codes},
};

/// The bytes of the identity file out of a sheet, or of a part of it: a picture of its code, its text block, its words,
/// or the file itself.
///
/// # Errors
/// [`SheetError`]; faults of typed words are told all at once, each with its line.
pub fn read_sheet(input: &[u8]) -> Result<Vec<u8>, SheetError> {
    if check_header(input).is_ok() {
        return Ok(input.to_vec());
    }
    if is_picture(input) {
        return on_picture(input);
    }
    if input.starts_with(b"%PDF") {
        return Err(SheetError::Pdf);
    }
    in_text(&String::from_utf8_lossy(input))
}

/// Out of the first code that holds it: the sheet may lie beside other things.
fn on_picture(picture: &[u8]) -> Result<Vec<u8>, SheetError> {
    let codes = read_codes(picture).map_err(SheetError::Picture)?;
    let mut files = codes.iter().map(|code| in_text(code.text()));
    files.find(Result::is_ok).unwrap_or(Err(SheetError::OtherCode))
}

fn in_text(text: &str) -> Result<Vec<u8>, SheetError> {
    let block = armor_block(text);
    match block {
        Some(Ok(file)) => Ok(file),
        damaged => match words::from_text(text) {
            Err(SheetError::NothingFound) if damaged.is_some() => Err(SheetError::ArmorDamaged),
            result => result,
        },
    }
}

/// The first armored block, whatever stands before its lines and however they were broken.
fn armor_block(text: &str) -> Option<Result<Vec<u8>, SheetError>> {
    let (_, after) = text.split_once(armor::BEGIN)?;
    let Some((body, _)) = after.split_once(armor::END) else { return Some(Err(SheetError::ArmorDamaged)) };
    let letters: Cow<'_, str> = body.lines().map(unquoted).flat_map(str::split_whitespace).collect();
    let mut block = format!("{}\n", armor::BEGIN);
    for (at, letter) in letters.chars().enumerate() {
        if at > 0 && at % ARMOR_COLUMNS == 0 {
            block.push('\n');
        }
        block.push(letter);
    }
    block.extend(["\n", armor::END, "\n"]);
    let file = armor::unarmored(block.as_bytes()).ok().filter(|file| check_header(file).is_ok());
    Some(file.ok_or(SheetError::ArmorDamaged))
}

const ARMOR_COLUMNS: usize = 64;

#[cfg(test)]
mod tests {
    use super::{super::tests::identity_file, *};
    use crate::{
        crypt::armor::armored,
        qr::{PictureError, Qr},
    };

    #[test]
    fn takes_the_text_block_however_it_was_passed_on() {
        let file = identity_file();
        let text = armored(&file);
        let quoted: String = text.lines().flat_map(|line| ["> | ", line, "  \r\n"]).collect();
        let narrow: String =
            text.replace('\n', "").replace("FILE-----", "FILE-----\n").replace("-----END", "\n-----END");
        for form in [text.clone(), quoted, text.replace('\n', " "), narrow, format!("Dear me,\n{text}\nbye")]
        {
            assert_eq!(read_sheet(form.as_bytes()), Ok(file.clone()), "{form}");
        }
        assert_eq!(read_sheet(&file), Ok(file));
    }

    #[test]
    fn words_stand_in_for_a_damaged_block() {
        let file = identity_file();
        let text = armored(&file).replacen('\n', "\n!", 1);
        assert_eq!(read_sheet(text.as_bytes()), Err(SheetError::ArmorDamaged));
        assert_eq!(read_sheet(&text.as_bytes()[..200]), Err(SheetError::ArmorDamaged));
        let both = format!("{text}\n{}", words::to_lines(&file).join("\n"));
        assert_eq!(read_sheet(both.as_bytes()), Ok(file));
    }

    #[test]
    fn takes_a_picture_of_the_code() {
        let file = identity_file();
        let picture = Qr::encode(&armored(&file)).unwrap().png(3);
        assert_eq!(read_sheet(&picture), Ok(file));
    }

    #[test]
    fn says_what_is_no_sheet() {
        assert_eq!(read_sheet(b"\x89PNG\r\n"), Err(SheetError::Picture(PictureError::Damaged)));
        assert_eq!(read_sheet(b"%PDF-1.7\n"), Err(SheetError::Pdf));
        assert_eq!(read_sheet(&Qr::encode("hello").unwrap().png(4)), Err(SheetError::OtherCode));
        for text in ["", "hello", "12 monkeys ran away", "-----BEGIN PGP MESSAGE-----"] {
            assert_eq!(read_sheet(text.as_bytes()), Err(SheetError::NothingFound), "{text}");
        }
    }
}
