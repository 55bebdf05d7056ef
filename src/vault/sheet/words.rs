//! Bytes as typed words: numbered lines of eight words from the EFF's long list, each with a check of its own.
//!
//! Two of the 7,776 words carry three bytes. Before the bytes stands their number (two bytes, big-endian), after
//! them the first three bytes of their SHA-256, then zeros up to whole pairs. The check of a line is the first byte
//! of SHA-256 over its number (two bytes) and its bytes, in hex: a typing error shows in its own line.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use super::{Fault, SheetError, nearest::nearest};
use crate::words::{COUNT, index_of, word};

/// The lines for up to 65,535 bytes.
pub(super) fn to_lines(bytes: &[u8]) -> Vec<String> {
    let length = u16::try_from(bytes.len()).expect("a sheet holds less than 3,000 bytes").to_be_bytes();
    let mut payload = [&length, bytes, &Sha256::digest(bytes)[..SUM]].concat();
    payload.resize(payload.len().next_multiple_of(BYTES_A_PAIR), 0);
    (1..).zip(payload.chunks(BYTES_A_LINE)).map(|(number, chunk)| line(number, chunk)).collect()
}

fn line(number: usize, chunk: &[u8]) -> String {
    let words: Vec<&str> = chunk.chunks(BYTES_A_PAIR).flat_map(pair_of).collect();
    format!("{number:>2}  {}  {:02x}", words.join(" "), check(number, chunk))
}

fn pair_of(bytes: &[u8]) -> [&'static str; 2] {
    let value = bytes.iter().fold(0, |value, byte| value << 8 | usize::from(*byte));
    [value / COUNT, value % COUNT]
        .map(|at| word(at).expect("three bytes are less than the square of the number of words"))
}

/// The bytes behind the numbered lines in a text. Of a line that stands there twice the last one counts, so that a
/// correction can be added at the end.
///
/// # Errors
/// [`SheetError::NothingFound`], [`SheetError::Lines`], [`SheetError::TwoSheets`].
pub(super) fn from_text(text: &str) -> Result<Vec<u8>, SheetError> {
    let typed: BTreeMap<usize, Typed> = text.lines().filter_map(Typed::read).collect();
    let Some((&last, _)) = typed.last_key_value() else { return Err(SheetError::NothingFound) };
    let first = typed.get(&1).and_then(|line| line.bytes(1, None).ok());
    let payload_bytes = first.as_deref().and_then(payload_length);
    let shape = Shape::of(payload_bytes.unwrap_or(last * BYTES_A_LINE));
    let (mut payload, mut faults) = (Vec::new(), Vec::new());
    for number in 1..=shape.lines {
        let expected = (payload_bytes.is_some() || number < last).then(|| shape.words(number));
        match typed.get(&number).map(|line| line.bytes(number, expected)) {
            Some(Ok(bytes)) => payload.extend(bytes),
            Some(Err(fault)) => faults.push(fault),
            None => faults.push(Fault::Missing { line: number }),
        }
    }
    if faults.is_empty() { unpacked(&payload) } else { Err(SheetError::Lines(faults)) }
}

fn unpacked(payload: &[u8]) -> Result<Vec<u8>, SheetError> {
    let (length, rest) = payload.split_first_chunk::<2>().ok_or(SheetError::NothingFound)?;
    let parts = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)));
    let (bytes, sum) = parts.ok_or(SheetError::TwoSheets)?;
    if sum.starts_with(&Sha256::digest(bytes)[..SUM]) {
        Ok(bytes.to_vec())
    } else {
        Err(SheetError::TwoSheets)
    }
}

/// How long the payload is by its own first two bytes.
fn payload_length(first: &[u8]) -> Option<usize> {
    let (length, _) = first.split_first_chunk::<2>()?;
    Some((usize::from(u16::from_be_bytes(*length)) + 2 + SUM).next_multiple_of(BYTES_A_PAIR))
}

/// How many lines a payload has, and how many words they have.
struct Shape {
    lines: usize,
    words: usize,
}

impl Shape {
    fn of(payload: usize) -> Self {
        Self { lines: payload.div_ceil(BYTES_A_LINE), words: payload / BYTES_A_PAIR * 2 }
    }

    fn words(&self, number: usize) -> usize {
        (self.words - (number - 1) * WORDS_A_LINE).min(WORDS_A_LINE)
    }
}

/// A line as it was typed: words in lower case, and the check if there is one.
struct Typed {
    words: Vec<String>,
    check: Option<u8>,
}

impl Typed {
    /// The number and the words of a line that is one of the sheet's: half of its words are in the list.
    fn read(line: &str) -> Option<(usize, Self)> {
        let mut tokens = unquoted(line).split_whitespace();
        let number = tokens.next()?.trim_end_matches(['.', ':', ')', '|']).parse().ok()?;
        let punctuation = |c: char| !c.is_alphanumeric();
        let mut words: Vec<String> =
            tokens.map(|token| token.trim_matches(punctuation).to_lowercase()).collect();
        let check = words.last().and_then(|last| hex_byte(last));
        words.truncate(words.len() - usize::from(check.is_some()));
        let known = words.iter().filter(|word| index_of(word).is_some()).count();
        let is_ours = (1..=MAX_LINES).contains(&number) && words.len() > 1 && 2 * known >= words.len();
        (is_ours && (check.is_some() || words.len() > WORDS_A_LINE / 2))
            .then_some((number, Self { words, check }))
    }

    /// The bytes of the line. `expected` is the number of its words, where that is known.
    fn bytes(&self, line: usize, expected: Option<usize>) -> Result<Vec<u8>, Fault> {
        if let Some(word) = self.words.iter().find(|word| index_of(word).is_none()) {
            return Err(Fault::Unknown { line, word: word.clone(), nearest: nearest(word) });
        }
        let found = self.words.len();
        let expected = expected.unwrap_or(found.next_multiple_of(2).min(WORDS_A_LINE));
        if found != expected {
            return Err(Fault::Count { line, found, expected });
        }
        let bytes: Option<Vec<[u8; BYTES_A_PAIR]>> = self.words.chunks(2).map(bytes_of).collect();
        let bytes = bytes.ok_or(Fault::CheckWrong { line })?.concat();
        match self.check {
            None => Err(Fault::CheckMissing { line }),
            Some(sum) if sum != check(line, &bytes) => Err(Fault::CheckWrong { line }),
            Some(_) => Ok(bytes),
        }
    }
}

/// The three bytes of two words; `None` for a pair that no bytes have.
fn bytes_of(pair: &[String]) -> Option<[u8; BYTES_A_PAIR]> {
    let [high, low] = pair else { return None };
    let value = u32::try_from(index_of(high)? * COUNT + index_of(low)?).ok()?;
    let [0, bytes @ ..] = value.to_be_bytes() else { return None };
    Some(bytes)
}

fn check(number: usize, bytes: &[u8]) -> u8 {
    let number = u16::try_from(number).expect("a sheet has fewer lines than 65,536").to_be_bytes();
    Sha256::new().chain_update(number).chain_update(bytes).finalize()[0]
}

fn hex_byte(text: &str) -> Option<u8> {
    let is_hex = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex.then(|| u8::from_str_radix(text, 16).ok())?
}

/// A line without what a mail or a list puts before it.
pub(super) fn unquoted(line: &str) -> &str {
    line.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '>' | '|' | '*' | '\u{feff}'))
        .trim_end()
}

const BYTES_A_PAIR: usize = 3;
const WORDS_A_LINE: usize = 8;
const BYTES_A_LINE: usize = WORDS_A_LINE / 2 * BYTES_A_PAIR;
const MAX_LINES: usize = 255;
/// Bytes of the checksum over all.
const SUM: usize = 3;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sample() -> Vec<String> {
        to_lines(&(0..60).collect::<Vec<u8>>())
    }

    fn faults(lines: &[String]) -> String {
        from_text(&lines.join("\n")).unwrap_err().to_string()
    }

    /// The same lines from a program in another language, written from the description above.
    #[test]
    fn the_words_are_the_documented_ones() {
        let lines = sample();
        assert_eq!([lines[0].as_str(), lines[lines.len() - 1].as_str()], SAMPLE_LINES);
    }

    #[test]
    fn forgives_how_it_was_typed() {
        let bytes: Vec<u8> = (0..60).collect();
        let lines = sample();
        let forms = [
            lines.join("\n").to_uppercase(),
            lines.iter().rev().fold(String::new(), |text, line| {
                text + "> " + &line.trim().replacen("  ", ". ", 1) + "\r\n"
            }),
            format!("page\n\n{}\nthe end 3", lines.join(",\n\n")),
            format!("2 abacus zoom zoom zoom zoom zoom zoom zoom 00\n{}", lines.join("\n")),
        ];
        for form in forms {
            assert_eq!(from_text(&form), Ok(bytes.clone()), "{form}");
        }
    }

    #[test]
    fn names_each_line_that_is_wrong_and_what_is_wrong_with_it() {
        let words: Vec<String> = sample()[1].split_whitespace().map(str::to_owned).collect();
        let with = |at: usize, word: &str| {
            let mut line = words.clone();
            line[at] = word.to_owned();
            let mut lines = sample();
            lines[1] = line.join(" ");
            lines
        };
        let typo = format!("{}x", words[3]);
        let unknown = format!("line 2: \"{typo}\" is no word of the list, \"{}\" is", words[3]);
        assert_eq!(faults(&with(3, &typo)), unknown);
        assert_eq!(faults(&with(3, "qqqqqqqq")), "line 2: \"qqqqqqqq\" is no word of the list");
        assert_eq!(faults(&with(3, "zoom")), "line 2: a word is wrong, its check does not fit");
        assert_eq!(faults(&with(3, "")), "line 2: it has 7 words, and 8 are on the sheet");
        assert_eq!(faults(&with(9, "")), "line 2: the two characters of its check are missing");
        let mut lines = sample();
        lines.remove(4);
        lines.remove(2);
        assert_eq!(faults(&lines), "line 3 is missing; line 5 is missing");
        lines.remove(0);
        assert_eq!(faults(&lines[..2]), "line 1 is missing; line 3 is missing");
    }

    #[test]
    fn swapped_numbers_and_mixed_sheets_are_found() {
        let mut lines = sample();
        lines[2] = lines[2].replacen('3', "4", 1);
        lines.remove(3);
        assert_eq!(faults(&lines), "line 3 is missing; line 4: a word is wrong, its check does not fit");
        let mut mixed = sample();
        mixed[3] = to_lines(&[9; 60])[3].clone();
        assert_eq!(from_text(&mixed.join("\n")), Err(SheetError::TwoSheets));
    }

    proptest! {
        #[test]
        fn every_file_comes_back(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let text = to_lines(&bytes).join("\n");
            prop_assert!(text.lines().all(|line| line.len() <= 88));
            prop_assert_eq!(from_text(&text), Ok(bytes));
        }

        #[test]
        fn one_wrong_word_is_found_in_its_line(at in 0..8_usize, other in 0..COUNT) {
            let mut words: Vec<String> = sample()[1].split_whitespace().map(str::to_owned).collect();
            let other = word(other).unwrap();
            prop_assume!(words[at + 1] != other);
            words[at + 1] = other.to_owned();
            let mut lines = sample();
            lines[1] = words.join(" ");
            // One in 256 passes the check of the line; the checksum over all finds that one.
            let error = from_text(&lines.join("\n")).unwrap_err();
            let in_line = SheetError::Lines(vec![Fault::CheckWrong { line: 2 }]);
            prop_assert!(error == in_line || error == SheetError::TwoSheets);
        }

        #[test]
        fn never_panics(text in "([0-9]{1,4} ([a-z]{1,9} ){0,9}[0-9a-f]{0,2}\n){0,4}") {
            let _ = from_text(&text);
        }
    }

    const SAMPLE_LINES: [&str; 2] = [
        " 1  abdomen walrus abnormal manliness achiness transfer affair duckling  f8",
        " 6  barbecue sizable displace angelfish  a5",
    ];
}
