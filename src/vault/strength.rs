//! How strong a passphrase is, in words, and a proposal of six words that is strong enough.

use std::fmt;

use zeroize::Zeroizing;

use crate::{
    crypt::{self, passphrase::Passphrase},
    words::{self, word},
};

/// Six words of the EFF long list: 77 bits.
const WORDS: usize = 6;

/// The strength of a passphrase by what guessing it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Strength {
    bits: u32,
}

impl Strength {
    /// The same in cells of a bar, 1 to 5.
    pub fn cells(self) -> usize {
        match self.bits {
            0..=27 => 1,
            28..=39 => 2,
            40..=54 => 3,
            55..=69 => 4,
            _ => 5,
        }
    }

    /// Whether somebody who has a copy of the vault could guess it.
    pub fn is_weak(self) -> bool {
        self.bits < 40
    }
}

impl fmt::Display for Strength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.bits {
            0..=27 => "very weak",
            28..=39 => "weak",
            40..=54 => "fair",
            55..=69 => "good",
            _ => "strong",
        };
        write!(f, "{word}: about {} bits", self.bits)
    }
}

/// Measures a passphrase by the guesses that zxcvbn estimates.
pub fn of(passphrase: &Passphrase) -> Strength {
    let guesses = zxcvbn::zxcvbn(passphrase.expose(), &["sesam"]).guesses();
    Strength { bits: guesses.max(1).ilog2() }
}

/// Six random words, joined by spaces.
pub fn proposal() -> Zeroizing<String> {
    let words: Vec<&str> = (0..WORDS).filter_map(|_| word(below(words::COUNT))).collect();
    Zeroizing::new(words.join(" "))
}

/// A random number below `limit`, each equally likely.
fn below(limit: usize) -> usize {
    let limit = u64::try_from(limit).unwrap_or(u64::MAX);
    let fair = u64::MAX - u64::MAX % limit;
    loop {
        let number = u64::from_le_bytes(crypt::random());
        if number < fair {
            return usize::try_from(number % limit).unwrap_or(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_strong_and_common_ones_are_not() {
        let strength = |text: &str| of(&Passphrase::new(text).unwrap());
        assert!(strength("password1").is_weak());
        assert!(!strength(&proposal()).is_weak());
        assert_eq!(proposal().split(' ').count(), 6);
        assert_ne!(*proposal(), *proposal());
    }
}
