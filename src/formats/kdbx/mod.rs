//! `KeePass` 2 and its kin (`KeePassXC`, Strongbox, `KeePassium` …): databases KDBX 3.1 and 4 under a passphrase.
//!
//! | file | what lives there |
//! |---|---|
//! | `header` | what stands in clear: ciphers, how the key is made, seeds |
//! | `open` | the key, the blocks and their checks, the text inside, of bounded size |
//! | `masked` | the stream that hides single values in that text |
//! | `entries` | the text as entries: their fields, groups and dates |
//! | `fault` | the words for what is wrong |
//! | `codes` | the fields in which apps keep codes |
//!
//! History and the recycle bin are left out, as the apps do.

mod codes;
mod entries;
mod fault;
mod header;
mod masked;
mod open;

use self::{entries::Entry, header::Header, masked::Mask};
use super::{
    AskPassphrase, Decoded, Fit, Format, FormatError, Source, Spot, parts, unlock::with_costly_passphrase,
};

/// See the file.
pub const FORMAT: Format = Format {
    name: "kdbx",
    aliases: &["keepass"],
    words: "KeePass databases (.kdbx) of KeePass, KeePassXC, Strongbox and others",
    recognises,
    decode,
    encode: None,
};

fn recognises(source: &Source<'_>) -> Fit {
    let begins = header::SIGNATURES.iter().any(|signature| source.bytes.starts_with(signature));
    if begins { Fit::Sure } else { Fit::No }
}

fn decode(source: &Source<'_>, ask: &mut dyn AskPassphrase) -> Result<Decoded, FormatError> {
    let header = Header::read(source.bytes)?;
    let opened = with_costly_passphrase(FORMAT.name, &header.kdf, ask, |passphrase| {
        open::open(&header, passphrase.expose())
    });
    let mut inside = opened.map_err(|error| match error {
        FormatError::WrongPassphrase => FormatError::WrongKey,
        other => other,
    })?;
    let mut decoded = Decoded::new(FORMAT.name);
    let mut number = 0;
    let mask = inside.mask.take().unwrap_or(Mask::None);
    entries::each(inside.text()?, mask, &mut |entry: &Entry| {
        number += 1;
        for read in codes::of(entry) {
            if let (Ok(record), true) = (&read, entry.own_picture) {
                decoded.losses.push(record.loss("icon", parts::NO_PICTURE));
            }
            decoded.push(Spot::Entry(number), read)?;
        }
        Ok(())
    })?;
    Ok(decoded)
}
