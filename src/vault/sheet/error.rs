//! What can be wrong with a sheet, line by line.

use std::fmt;

use crate::qr::PictureError;

/// Why a sheet cannot be written or read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SheetError {
    /// The text block is cut off or changed, and no words are there to take instead.
    #[error("the text block of the sheet is cut off or was changed")]
    ArmorDamaged,
    /// The typed words have faults; all of them are told at once.
    #[error("{}", joined(.0))]
    Lines(Vec<Fault>),
    /// What should be put on a sheet is no age file.
    #[error("the identity file is not an age file")]
    NotAnIdentityFile,
    /// Nothing of a sheet is in the text.
    #[error("it holds no recovery sheet: neither its text block nor its numbered words")]
    NothingFound,
    /// The codes on the picture are not that of a sheet.
    #[error("the QR code on the picture is not that of a recovery sheet")]
    OtherCode,
    /// A page that was saved instead of printed.
    #[error("it is a PDF, and a sheet is read as text, as a picture or as typed words")]
    Pdf,
    /// A picture from which no code could be read.
    #[error("{0}")]
    Picture(PictureError),
    /// Larger than a picture on paper can hold.
    #[error("the identity file is too large for a sheet")]
    TooLong,
    /// Every line fits, but not all of them belong together.
    #[error("the lines do not belong together: they may be from two sheets")]
    TwoSheets,
}

/// What is wrong with one line of words, counted as on the sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The check at its end is not there.
    CheckMissing {
        /// Which line.
        line: usize,
    },
    /// Every word exists, but the check does not fit.
    CheckWrong {
        /// Which line.
        line: usize,
    },
    /// A word too many or too few.
    Count {
        /// Which line.
        line: usize,
        /// How many words it has.
        found: usize,
        /// How many it should have.
        expected: usize,
    },
    /// The line is not there.
    Missing {
        /// Which line.
        line: usize,
    },
    /// No such word in the list.
    Unknown {
        /// Which line.
        line: usize,
        /// The word as typed.
        word: String,
        /// The nearest word of the list, if one is near.
        nearest: Option<&'static str>,
    },
}

impl SheetError {
    /// What to do about it, where there is something to do.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::ArmorDamaged => Some("scan the picture again, or type the numbered words"),
            Self::Lines(_) => Some("correct these lines; the others are right"),
            Self::NothingFound => Some("each line of words begins with its number and ends with its check"),
            Self::OtherCode => Some("photograph the large code of the sheet"),
            Self::Pdf => Some("take a picture of its code: sesam vault recover picture.png"),
            Self::Picture(error) => Some(error.hint()),
            Self::TwoSheets => Some("type all lines from the same sheet"),
            Self::NotAnIdentityFile | Self::TooLong => None,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CheckMissing { line } => {
                write!(f, "line {line}: the two characters of its check are missing")
            }
            Self::CheckWrong { line } => write!(f, "line {line}: a word is wrong, its check does not fit"),
            Self::Count { line, found, expected } => {
                write!(f, "line {line}: it has {found} words, and {expected} are on the sheet")
            }
            Self::Missing { line } => write!(f, "line {line} is missing"),
            Self::Unknown { line, word, nearest: Some(nearest) } => {
                write!(f, "line {line}: \"{}\" is no word of the list, \"{nearest}\" is", word.escape_debug())
            }
            Self::Unknown { line, word, nearest: None } => {
                write!(f, "line {line}: \"{}\" is no word of the list", word.escape_debug())
            }
        }
    }
}

fn joined(faults: &[Fault]) -> String {
    faults.iter().map(Fault::to_string).collect::<Vec<_>>().join("; ")
}
