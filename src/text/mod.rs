//! Text of foreign hands: made safe to show, measured, cut, and folded for search.
//!
//! Names of accounts, servers and files come from QR codes, imports and servers. Whatever is printed or
//! drawn goes through [`safe`] (or [`safe_cut`]) once, at the boundary. What is stored stays byte for byte.
//! Colours, columns of a table and the terminal itself live elsewhere.

mod safe;
mod script;
mod search;
mod width;

pub use safe::{is_plain, safe, safe_lines};
pub use script::{is_mixed_script, is_right_to_left};
pub use search::{fold, words_match};
pub use width::{is_uncertain, pad, safe_cut, width};

/// `1 binding`, `3 bindings`.
pub fn counted(count: u64, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}
