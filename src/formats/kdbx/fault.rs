//! What is wrong with a database, in words.

use super::super::FormatError;

pub(super) fn damaged(what: &'static str) -> FormatError {
    FormatError::damaged("kdbx", what)
}

pub(super) fn cut_off() -> FormatError {
    damaged("it is cut off or was changed")
}
