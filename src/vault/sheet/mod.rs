//! The recovery sheet: the identity file on one printed page, as a picture, as text and as words; and back.
//!
//! Pure text. It holds what `identity.age` holds, encrypted with the passphrase: opening it is `unlock`'s
//! business, and so is putting it back in its place.

mod error;
mod nearest;
mod read;
mod words;

use std::fmt::Write as _;

use jiff::civil::Date;

pub use error::{Fault, SheetError};
pub use read::read_sheet;

use crate::{
    crypt::{armor::armored, check_header},
    qr::Qr,
    text::safe,
};

/// Writes the page for the bytes of `identity.age`, the directory of its vault and the day.
///
/// # Errors
/// [`SheetError::NotAnIdentityFile`] and [`SheetError::TooLong`].
pub fn sheet(identity_file: &[u8], vault: &str, day: Date) -> Result<String, SheetError> {
    check_header(identity_file).map_err(|_| SheetError::NotAnIdentityFile)?;
    let text = armored(identity_file);
    let qr = Qr::encode(&text).map_err(|_| SheetError::TooLong)?;
    let lines = words::to_lines(identity_file);
    let mut page = format!("SESAM RECOVERY SHEET  {day}\nvault: {}\n\n", safe(vault));
    page.push_str(WHAT_IT_IS);
    let _ = writeln!(page, "\n--- 1 PICTURE ({} columns wide)\n", qr.columns());
    page.push_str(&qr.terminal(true));
    let _ = writeln!(page, "\n--- 2 TEXT\n\n{text}");
    let _ =
        writeln!(page, "--- 3 WORDS ({} lines; the two characters at the end check the line)\n", lines.len());
    for line in &lines {
        page.push_str(line);
        page.push('\n');
    }
    page.push_str(HOW_TO_USE_IT);
    let columns = page.lines().map(|line| line.chars().count()).max().unwrap_or(0);
    let rows = page.lines().count() + 2;
    let _ = writeln!(
        page,
        "\nPrint in a fixed-width font: {columns} columns, {rows} lines; 7 points fit one A4 page."
    );
    Ok(page)
}

const WHAT_IT_IS: &str = "\
This sheet holds the key file of the vault, identity.age, three times: as a picture, as
text and as words to type. Each of them is whole. No account is on it: keep copies of
vault.age as well.

The key file is encrypted with the passphrase that the vault has today. Without it the
sheet opens nothing. With it and a copy of vault.age it gives every code, also after the
passphrase was changed. After `vault passwd` and `vault rekey` print a new sheet and
destroy this one. Write the passphrase nowhere near it.
";

const HOW_TO_USE_IT: &str = "
--- TO GET THE VAULT BACK

With sesam: put a copy of vault.age into the directory of the vault. Take a photograph of
the picture, or save the text, or the words typed with their line numbers and checks, as
sheet.txt. Then run
    sesam vault recover sheet.txt

With age alone: save the text as identity.age and put a copy of vault.age beside it. Then
    age -d -i identity.age vault.age
asks for the passphrase and prints the accounts.
";

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::crypt::{Identity, passphrase};

    pub(super) fn identity_file() -> Vec<u8> {
        let passphrase = passphrase::Passphrase::new("correct horse").unwrap();
        let text = format!("{}\n", Identity::generate().expose());
        passphrase::wrap(&passphrase, 2, text.as_bytes())
    }

    fn page(file: &[u8]) -> String {
        sheet(file, "/home/h\u{1b}ugo/sesam", date(2026, 11, 20)).unwrap()
    }

    #[test]
    fn fits_one_page_and_says_how_it_is_used() {
        let page = page(&identity_file());
        let widest = page.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(widest <= 92 && page.lines().count() <= 120, "{widest} {}", page.lines().count());
        let stated = format!("{widest} columns, {} lines", page.lines().count());
        for words in [
            "SESAM RECOVERY SHEET  2026-11-20",
            r"vault: /home/h\x1bugo/sesam",
            "age -d -i identity.age vault.age",
            "sesam vault recover sheet.txt",
            "columns wide",
            stated.as_str(),
        ] {
            assert!(page.contains(words), "{words}\n{page}");
        }
    }

    #[test]
    fn the_picture_is_dark_on_white_paper() {
        let page = page(&identity_file());
        let (_, picture) = page.split_once("wide)\n\n").unwrap();
        let rows: Vec<&str> = picture.lines().collect();
        assert!(rows[0].trim().is_empty() && rows[1].trim().is_empty(), "the quiet zone is paper");
        assert!(rows[2].starts_with("    █▀▀▀▀▀█ "), "{}", rows[2]);
    }

    #[test]
    fn the_whole_page_and_each_part_of_it_read_back() {
        let file = identity_file();
        let page = page(&file);
        let (rest, words) = page.split_once("--- 3 WORDS").unwrap();
        let (_, text) = rest.split_once("--- 2 TEXT").unwrap();
        let words = format!("--- 3 WORDS{words}");
        for part in [page.as_str(), text, &words] {
            assert_eq!(read_sheet(part.as_bytes()), Ok(file.clone()));
        }
    }

    #[test]
    fn only_an_age_file_of_fitting_size_has_a_sheet() {
        let day = date(2026, 11, 20);
        assert_eq!(sheet(b"AGE-SECRET-KEY-1", "v", day), Err(SheetError::NotAnIdentityFile));
        let large = [b"age-encryption.org/v1\n".as_slice(), &[7; 3000]].concat();
        assert_eq!(sheet(&large, "v", day), Err(SheetError::TooLong));
    }
}
