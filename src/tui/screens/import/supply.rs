//! A typed or pasted text as what the accounts come from: files, or the text itself.

use std::path::PathBuf;

use zeroize::Zeroizing;

use crate::{import::Supply, otp::looks_like_link, tui::widgets::path::named};

/// How Google's export begins.
const MIGRATION: &str = "otpauth-migration:";

/// Whether a text is accounts itself, and no path.
pub(super) fn is_content(text: &str) -> bool {
    let text = text.trim();
    text.contains('\n') || looks_like_link(text) || text.starts_with(MIGRATION)
}

/// What a text of one line names: a link, one file, or several that were dropped together.
pub(super) fn supplies(text: &str) -> Vec<Supply> {
    let text = text.trim();
    if text.is_empty() {
        return Vec::new();
    }
    if is_content(text) {
        return vec![content(text)];
    }
    let one = named(text);
    if !one.exists() {
        let several: Vec<PathBuf> = words(text).iter().map(|word| named(word)).collect();
        if several.len() > 1 && several.iter().all(|path| path.exists()) {
            return several.into_iter().map(Supply::File).collect();
        }
    }
    vec![Supply::File(one)]
}

/// A text that is accounts itself.
pub(super) fn content(text: &str) -> Supply {
    Supply::Bytes("pasted text".to_owned(), Zeroizing::new(text.as_bytes().to_vec()))
}

/// What the heading calls the sources.
pub(super) fn title(supplies: &[Supply]) -> String {
    match supplies {
        [Supply::File(path)] => path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        [one] => one.name(),
        several => format!("{} files", several.len()),
    }
}

/// Words parted by blanks, as terminals write the names of dropped files: quoted, or with backslashes.
fn words(text: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
    let mut chars = text.chars();
    while let Some(char) = chars.next() {
        match (quote, char) {
            (None, ' ') if !word.is_empty() => words.push(std::mem::take(&mut word)),
            (None, ' ') => {}
            (None, '\'' | '"') => quote = Some(char),
            (Some(mark), char) if char == mark => quote = None,
            (None, '\\') => word.extend(chars.next()),
            (_, char) => word.push(char),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_a_link_a_list_a_file_or_several_files() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["a b.png", "c'd.png"] {
            std::fs::File::create(dir.path().join(name)).unwrap();
        }
        let base = dir.path().display();
        let names = |text: &str| supplies(text).iter().map(Supply::name).collect::<Vec<_>>();
        assert_eq!(names("otpauth://totp/a?secret=AA"), ["pasted text"]);
        assert_eq!(names("otpauth-migration://offline?data=AA"), ["pasted text"]);
        assert_eq!(names(&format!("'{base}/a b.png'")), [format!("{base}/a b.png")]);
        let both = [format!("{base}/a b.png"), format!("{base}/c'd.png")];
        assert_eq!(names(&format!("'{base}/a b.png' {base}/c\\'d.png")), both);
        assert_eq!(names("no such file"), ["no such file"]);
        assert!(supplies("  ").is_empty());
        assert_eq!(title(&supplies("/tmp/x.json")), "x.json");
    }
}
