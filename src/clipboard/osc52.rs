//! OSC 52: the escape sequence by which a terminal takes a text into the clipboard of the machine that it runs on.
//!
//! xterm, "Operating System Commands", Ps = 52.

use data_encoding::BASE64;
use zeroize::Zeroizing;

use super::choose::Wrap;

/// Terminals take 74,994 bytes of text and not more (xterm's buffer of 100,000 bytes of Base64).
pub const LONGEST: usize = 74_994;

/// GNU screen keeps a DCS string in 256 bytes before 4.2, 768 since; it writes the pieces out one after the other.
const SCREEN_PIECE: usize = 240;

/// The bytes that put `text` onto the terminal's clipboard.
///
/// The selection is always `c`: mosh passes on no other. The end is always BEL: everything takes it, tmux writes it
/// itself, and the other end, `ESC \`, would also end the DCS string of GNU screen around it.
///
/// ```
/// use sesam::clipboard::{Wrap, osc52};
/// assert_eq!(osc52::sequence("123456", Wrap::Plain).as_slice(), b"\x1b]52;c;MTIzNDU2\x07");
/// ```
pub fn sequence(text: &str, wrap: Wrap) -> Zeroizing<Vec<u8>> {
    let payload = Zeroizing::new(BASE64.encode(text.as_bytes()));
    with_payload(&payload, wrap)
}

/// The bytes that take the text off the terminal's clipboard, whatever is there by now.
pub fn clearing(wrap: Wrap) -> Zeroizing<Vec<u8>> {
    match wrap {
        Wrap::TmuxTakes => sequence(" ", wrap), // tmux ignores an empty one
        _ => with_payload("", wrap),
    }
}

fn with_payload(payload: &str, wrap: Wrap) -> Zeroizing<Vec<u8>> {
    let plain = Zeroizing::new(format!("\x1b]52;c;{payload}\x07").into_bytes());
    match wrap {
        Wrap::Plain | Wrap::TmuxTakes => plain,
        Wrap::Screen => Zeroizing::new(
            plain.chunks(SCREEN_PIECE).flat_map(|piece| [b"\x1bP", piece, b"\x1b\\"].concat()).collect(),
        ),
        // inside, every ESC is doubled (tmux(1), allow-passthrough)
        Wrap::TmuxPasses => Zeroizing::new([b"\x1bPtmux;\x1b", plain.as_slice(), b"\x1b\\"].concat()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(bytes: &[u8]) -> String {
        String::from_utf8_lossy(bytes).replace('\x1b', "^").replace('\x07', "!")
    }

    #[test]
    fn each_wrap_has_its_own_coat() {
        for (wrap, expected) in [
            (Wrap::Plain, "^]52;c;NDkyMDM5!"),
            (Wrap::TmuxTakes, "^]52;c;NDkyMDM5!"),
            (Wrap::TmuxPasses, r"^Ptmux;^^]52;c;NDkyMDM5!^\"),
            (Wrap::Screen, r"^P^]52;c;NDkyMDM5!^\"),
        ] {
            assert_eq!(shown(&sequence("492039", wrap)), expected);
        }
        assert_eq!(shown(&clearing(Wrap::Plain)), "^]52;c;!");
        assert_eq!(shown(&clearing(Wrap::TmuxTakes)), "^]52;c;IA==!");
    }

    #[test]
    fn screen_gets_pieces_that_fit_and_add_up() {
        let text = "x".repeat(1_000);
        let wrapped = shown(&sequence(&text, Wrap::Screen));
        let pieces: Vec<&str> =
            wrapped.split("^P").skip(1).map(|piece| piece.trim_end_matches(r"^\")).collect();
        assert!(pieces.len() > 4 && pieces.iter().all(|piece| piece.len() <= SCREEN_PIECE), "{wrapped}");
        assert_eq!(pieces.concat(), shown(&sequence(&text, Wrap::Plain)));
    }
}
