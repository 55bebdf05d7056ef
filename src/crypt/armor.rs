//! Armor: an age file as text between two marker lines, for paper, mail and the clipboard.
//!
//! It protects nothing. Finding an armored block in other text is the reader's business.

use std::io::{Read, Write};

use age::armor::{ArmoredReader, ArmoredWriter, Format};

use super::CryptError;

/// The line before armored text.
pub const BEGIN: &str = "-----BEGIN AGE ENCRYPTED FILE-----";
/// The line after armored text.
pub const END: &str = "-----END AGE ENCRYPTED FILE-----";

/// Whether the bytes begin as an age file does, armored or binary.
pub fn looks_like_age(bytes: &[u8]) -> bool {
    is_armored(bytes) || bytes.starts_with(b"age-encryption.org/")
}

/// Whether the bytes are armored text, with or without empty lines before it.
pub fn is_armored(bytes: &[u8]) -> bool {
    bytes.trim_ascii_start().starts_with(BEGIN.as_bytes())
}

/// A binary age file as text with a line feed at its end.
pub fn armored(file: &[u8]) -> String {
    let written = ArmoredWriter::wrap_output(Vec::new(), Format::AsciiArmor).and_then(|mut writer| {
        writer.write_all(file)?;
        writer.finish()
    });
    let text = written.expect("writing to memory succeeds");
    String::from_utf8(text).expect("armor is ASCII")
}

/// The binary age file behind armored text; a file that is binary already stays as it is.
///
/// # Errors
/// [`CryptError::Damaged`] when the text is cut off or not what was written.
pub fn unarmored(bytes: &[u8]) -> Result<Vec<u8>, CryptError> {
    if !is_armored(bytes) {
        return Ok(bytes.to_vec());
    }
    let mut file = Vec::with_capacity(bytes.len());
    match ArmoredReader::new(bytes.trim_ascii()).read_to_end(&mut file) {
        Ok(_) => Ok(file),
        Err(_) => Err(CryptError::Damaged("its armored text is cut off or was changed")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comes_back_from_text_with_any_line_ends() {
        for length in [1, 47, 48, 49, 260] {
            let file: Vec<u8> = (0_u8..=255).cycle().take(length).collect();
            let text = armored(&file);
            assert!(text.is_ascii() && is_armored(text.as_bytes()) && text.ends_with('\n'));
            assert_eq!(unarmored(text.as_bytes()), Ok(file.clone()), "{length}");
            let windows = format!("\r\n{}\r\n", text.replace('\n', "\r\n"));
            assert_eq!(unarmored(windows.as_bytes()), Ok(file), "{length}");
        }
    }

    #[test]
    fn says_what_is_no_armor_any_more() {
        let text = armored(&[7; 260]);
        let cut = &text[..text.len() / 2];
        let changed = text.replacen("BwcH", "Bw!H", 1);
        for bad in [cut, changed.as_str()] {
            assert!(matches!(unarmored(bad.as_bytes()), Err(CryptError::Damaged(_))), "{bad}");
        }
        assert_eq!(unarmored(b"age-encryption.org/v1\n"), Ok(b"age-encryption.org/v1\n".to_vec()));
    }
}
