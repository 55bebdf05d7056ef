//! What the terminal is asked at the start. Nothing waits for the answers: the first picture is drawn at once, and a
//! terminal that says nothing, or says it late, costs nobody a key.

use std::time::Duration;

use crate::output;

/// A symbol of uncertain width in the first cell, the question where the cursor is then, and the cell made empty;
/// then who the terminal is, which every terminal answers last.
const QUESTIONS: &str = "\x1b[1;1H★\x1b[6n\r\x1b[K\x1b[c";

/// The questions, once they are asked.
pub struct Probe {
    /// How long the answers are waited for.
    #[cfg_attr(not(unix), expect(dead_code, reason = "nothing is asked there"))]
    pub(super) limit: Duration,
}

impl Probe {
    /// Asks; `None` where nothing is to be asked, or where answers would be taken for keys.
    pub fn ask(limit: Duration) -> Option<Self> {
        if !cfg!(unix) || limit.is_zero() || output::draw(QUESTIONS.as_bytes()).is_err() {
            return None;
        }
        Some(Self { limit })
    }
}
