//! The EFF's long list of 7,776 words, of which a passphrase can be made and a sheet can be typed.
//!
//! The list comes from a crate as an array of references; each would be relocated at every start of the program, a
//! cost of thirty pages of memory for words that nobody asked for. So it is packed into plain bytes at compile time.

use diceware_wordlists::EFF_LONG_WORDLIST;

/// How many words there are.
pub const COUNT: usize = EFF_LONG_WORDLIST.len();
/// The length of the longest word.
pub const LONGEST: usize = 9;

static PACKED: [[u8; LONGEST]; COUNT] = packed();

/// The word at a place of the list, which is sorted.
pub fn word(at: usize) -> Option<&'static str> {
    let bytes = PACKED.get(at)?;
    let length = bytes.iter().position(|byte| *byte == 0).unwrap_or(LONGEST);
    std::str::from_utf8(&bytes[..length]).ok()
}

/// Every word, in order.
pub fn words() -> impl Iterator<Item = &'static str> {
    (0..COUNT).filter_map(word)
}

/// The place of a word.
pub fn index_of(word: &str) -> Option<usize> {
    let mut bytes = [0; LONGEST];
    bytes.get_mut(..word.len())?.copy_from_slice(word.as_bytes());
    PACKED.binary_search(&bytes).ok()
}

#[expect(clippy::large_stack_arrays, reason = "it runs at compile time")]
const fn packed() -> [[u8; LONGEST]; COUNT] {
    let mut packed = [[0; LONGEST]; COUNT];
    let mut at = 0;
    while at < COUNT {
        let word = EFF_LONG_WORDLIST[at].as_bytes();
        let mut place = 0;
        while place < word.len() {
            packed[at][place] = word[place];
            place += 1;
        }
        at += 1;
    }
    packed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_found_where_it_stands() {
        assert_eq!(
            (COUNT, word(0), word(COUNT - 1), word(COUNT)),
            (7776, Some("abacus"), Some("zoom"), None)
        );
        for (at, original) in EFF_LONG_WORDLIST.iter().enumerate() {
            assert_eq!((word(at), index_of(original)), (Some(*original), Some(at)));
        }
        assert!(words().is_sorted() && words().all(|word| (3..=LONGEST).contains(&word.len())));
        assert_eq!((index_of("qqq"), index_of("much too long"), index_of("")), (None, None, None));
    }
}
