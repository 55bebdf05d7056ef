//! A zip archive around files of the other formats: `WinAuth`, Authenticator Plus, Raivo, Bitwarden, Proton Pass.
//!
//! Whatever inside is recognised comes in. A list as a web page beside it says the same again and stays behind.

use super::{
    AskPassphrase, Decoded, Fit, Format, FormatError, Source, Spot,
    record::NamedReason,
    unlock::Plain,
    zipped::{Zipped, is_zip},
};

const NAME: &str = "zip";

/// See the file. `decode` is [`decode`] once it knows the other formats.
pub const fn around(
    decode: fn(&Source<'_>, &mut dyn AskPassphrase) -> Result<Decoded, FormatError>,
) -> Format {
    Format {
        name: NAME,
        aliases: &["winauth"],
        words: "a zip archive, also under a passphrase, around any of the others: WinAuth, Raivo, Authenticator Plus",
        recognises: |source| if is_zip(source.bytes) { Fit::Sure } else { Fit::No },
        decode,
        encode: None,
    }
}

/// A file inside that a format takes.
struct Found {
    plain: Plain,
    format: &'static Format,
    fit: Fit,
    is_page: bool,
}

/// Reads what is in the archive as the formats that `detect` finds.
pub fn decode(
    source: &Source<'_>,
    detect: fn(&Source<'_>) -> Option<&'static Format>,
    ask: &mut dyn AskPassphrase,
) -> Result<Decoded, FormatError> {
    let (mut found, too_large) = look(source, detect, ask)?;
    let best = found.iter().map(|found| found.fit).max().unwrap_or(Fit::No);
    found.retain(|found| found.fit == best);
    if found.iter().any(|found| !found.is_page) {
        found.retain(|found| !found.is_page);
    }
    let mut whole: Option<Decoded> = None;
    for Found { plain, format, .. } in found {
        let decoded = (format.decode)(&Source::new(&plain)?, ask)?;
        match &mut whole {
            None => whole = Some(decoded),
            Some(whole) => join(whole, decoded)?,
        }
    }
    let mut whole =
        whole.ok_or(FormatError::Unknown("is a zip archive with no file inside that sesam reads"))?;
    for name in too_large {
        let reason = "the file inside is too large to be looked into";
        whole.push(Spot::Entry(0), Err(NamedReason::new((name, String::new()), reason)))?;
    }
    Ok(whole)
}

/// What is taken, and the names of what is too large to be looked into as long as there is something else.
fn look(
    source: &Source<'_>,
    detect: fn(&Source<'_>) -> Option<&'static Format>,
    ask: &mut dyn AskPassphrase,
) -> Result<(Vec<Found>, Vec<String>), FormatError> {
    let mut zipped = Zipped::open(source.bytes)?;
    let (mut found, mut fault, mut too_large) = (Vec::new(), None, Vec::new());
    for (index, name) in zipped.names().into_iter().filter(|(_, name)| may_hold_codes(name)) {
        let plain = match zipped.read(index, NAME, ask) {
            Ok(plain) => plain,
            Err(error @ FormatError::TooMuchWork(_)) => {
                fault.get_or_insert(error);
                too_large.push(name);
                continue;
            }
            Err(error) => return Err(error),
        };
        let Ok(inner) = Source::new(&plain) else { continue };
        let format = detect(&inner).filter(|format| ![NAME, "age", "1password"].contains(&format.name));
        if let Some(format) = format {
            let (fit, is_page) = ((format.recognises)(&inner), has_ending(&name, &["html", "htm"]));
            drop(inner);
            found.push(Found { plain, format, fit, is_page });
        }
    }
    match fault {
        Some(fault) if found.is_empty() => Err(fault),
        _ => Ok((found, too_large)),
    }
}

/// Attached pictures and papers are not looked into.
fn may_hold_codes(name: &str) -> bool {
    !has_ending(name, &["gif", "heic", "jpeg", "jpg", "mov", "mp4", "pdf", "png", "svg", "webp"])
}

fn has_ending(name: &str, endings: &[&str]) -> bool {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    endings.iter().any(|own| own.eq_ignore_ascii_case(ending))
}

fn join(whole: &mut Decoded, more: Decoded) -> Result<(), FormatError> {
    whole.entries.extend(more.entries);
    whole.bad.extend(more.bad);
    whole.losses.extend(more.losses);
    whole.parts.extend(more.parts);
    if whole.format != more.format {
        whole.format = NAME;
    }
    let count = whole.entries.len() + whole.bad.len();
    if count > super::MAX_ENTRIES { Err(FormatError::TooManyEntries) } else { Ok(()) }
}
