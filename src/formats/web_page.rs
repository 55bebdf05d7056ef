//! A web page with links of accounts in it, in its text or behind its words: lists that apps print for people.

use std::collections::HashSet;

use super::{AskPassphrase, Decoded, Fit, Format, FormatError, Source, Spot, markup, uri_list};

/// See the file.
pub const FORMAT: Format = Format {
    name: "html",
    aliases: &["web-page"],
    words: "a web page with otpauth links in it",
    recognises,
    decode,
    encode: None,
};

fn recognises(source: &Source<'_>) -> Fit {
    let is_page = |text: &str| text.trim_start().starts_with('<') && links(text).next().is_some();
    if source.text().is_some_and(is_page) { Fit::Perhaps } else { Fit::No }
}

/// The same link in the text and behind it is one.
fn decode(source: &Source<'_>, _: &mut dyn AskPassphrase) -> Result<Decoded, FormatError> {
    let text = source.text().unwrap_or_default();
    let (mut decoded, mut seen) = (Decoded::new(FORMAT.name), HashSet::new());
    for link in links(text).filter(|link| seen.insert(*link)) {
        let number = decoded.entries.len() + decoded.bad.len() + 1;
        decoded.push(Spot::Entry(number), uri_list::read(&markup::unescaped(link), source.is_lossy()))?;
    }
    Ok(decoded)
}

/// Up to what ends a value of an attribute, or a text.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = &rest[rest.find(BEGINS)?..];
        let end = rest
            .find(|c: char| c.is_whitespace() || ['"', '\'', '<', '>'].contains(&c))
            .unwrap_or(rest.len());
        let (link, behind) = rest.split_at(end);
        rest = behind;
        Some(link)
    })
}

const BEGINS: &str = "otpauth://";
