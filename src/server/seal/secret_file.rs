//! A secret in a file of its own: what sesamd shows to others, a password, a key of a signature.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use zeroize::Zeroizing;

/// Reads a secret. A line end behind it is none of it.
pub fn read(path: &Path) -> io::Result<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::with_capacity(1024));
    File::open(path)?.take(LONGEST).read_to_string(&mut text)?;
    let end = text.trim_end_matches(['\r', '\n']).len();
    text.truncate(end);
    if text.is_empty() { Err(io::Error::other("it is empty")) } else { Ok(text) }
}

const LONGEST: u64 = 64 * 1024;
