//! The clipboard as the screens see it. How a text gets there is the room `clipboard`'s business.

use std::time::Duration;

/// What is copied.
pub struct Copy<'a> {
    /// The text.
    pub text: &'a str,
    /// Whose code it is, safe to show: `GitHub`.
    pub name: &'a str,
    /// The seconds that it is valid for; `None` for one that time does not end.
    pub left: Option<u64>,
    /// Whether it is the code after the present one.
    pub is_next: bool,
}

/// Puts codes where they can be pasted from, and takes them away again.
pub trait Clip {
    /// Copies, and says in one sentence what was really done.
    ///
    /// # Errors
    /// The sentence says why there is no clipboard and gives the code, for that is what the person needs.
    fn copy(&mut self, copy: &Copy<'_>) -> Result<String, String>;

    /// Takes away what was copied from here, where that can be done and it is still there. Whether it was done.
    fn clear(&mut self) -> bool;

    /// The terminal said whether it takes OSC 52.
    fn heard(&mut self, _takes_osc52: Option<bool>) {}

    /// Bytes for the terminal, to be written between two pictures.
    fn take_output(&mut self) -> Vec<u8> {
        Vec::new()
    }

    /// How long until [`Clip::clear`] is due by itself, where nobody else does it.
    fn clears_in(&self) -> Option<Duration> {
        None
    }
}
