//! One link per line (`otpauth://`, `steam://`, `motp://`): what most apps write as their plain export.
//!
//! Several links on one line are divided by commas (Ente). Empty lines and lines that begin with `#` say nothing;
//! every other line that is no link is bad, so that nothing is lost in silence.

use zeroize::Zeroizing;

use super::{
    AskPassphrase, Decoded, Encode, Encoded, Fit, Format, FormatError, Loss, Record, Source, Spot,
    migration::{self, MAX_MIGRATION_BYTES, is_migration},
    record::NamedReason,
};
use crate::otp::{
    Algorithm, Form, Kind, LinkError, LinkNote, Period, format_link, link_names, otpauth::MAX_LINK_BYTES,
    parse_link,
};

/// See the file.
pub const FORMAT: Format = Format {
    name: "uri",
    aliases: &["otpauth"],
    words: "otpauth links, one a line: Ente, FreeOTP+, GNOME Authenticator, WinAuth and most others",
    recognises,
    decode,
    encode: Some(Encode::Plain(encode)),
};

fn recognises(source: &Source<'_>) -> Fit {
    let Some(text) = source.text() else { return Fit::No };
    let mut lines = text.lines().map(str::trim_start).filter(|line| !is_silent(line));
    match lines.next() {
        Some(first) if begins_link(first) => Fit::Sure,
        Some(first) if !first.starts_with(['{', '[', '<']) && lines.any(begins_link) => Fit::Perhaps,
        _ => Fit::No,
    }
}

fn decode(source: &Source<'_>, _: &mut dyn AskPassphrase) -> Result<Decoded, FormatError> {
    lines(source, FORMAT.name)
}

/// The links of a text, as a file of the named format.
pub(super) fn lines(source: &Source<'_>, format: &'static str) -> Result<Decoded, FormatError> {
    let text = source.text().ok_or_else(|| FormatError::Unknown(source.looks_like()))?;
    let mut decoded = Decoded::new(format);
    for (number, line) in (1..).zip(text.lines().map(str::trim)).filter(|(_, line)| !is_silent(line)) {
        for item in split_items(line) {
            if is_migration(item) && item.len() <= MAX_MIGRATION_BYTES {
                migration::read(item, Spot::Line(number), &mut decoded)?;
            } else {
                decoded.push(Spot::Line(number), read(item, source.is_lossy()))?;
            }
        }
    }
    Ok(decoded)
}

/// One link.
pub(super) fn read(item: &str, lossy: bool) -> Result<Record, NamedReason> {
    if item.len() > MAX_LINK_BYTES {
        let error = if begins_link(item) { LinkError::TooLong } else { LinkError::NotALink };
        return Err(bad(item.split_at(item.floor_char_boundary(MAX_LINK_BYTES)).0, &error));
    }
    let mut link = parse_link(item).map_err(|error| bad(item, &error))?;
    if lossy && item.contains(char::REPLACEMENT_CHARACTER) && !link.notes.contains(&LinkNote::InvalidUtf8) {
        link.notes.push(LinkNote::InvalidUtf8);
    }
    Ok(Record::from(link))
}

fn bad(item: &str, error: &LinkError) -> NamedReason {
    let reason = match error {
        LinkError::NotALink => "not an otpauth link".into(),
        other => other.to_string(),
    };
    NamedReason::new(link_names(item), reason)
}

fn is_silent(line: &str) -> bool {
    line.is_empty() || line.starts_with('#')
}

fn begins_link(text: &str) -> bool {
    let begins = |scheme: &str| text.get(..scheme.len()).is_some_and(|s| s.eq_ignore_ascii_case(scheme));
    SCHEMES.iter().any(|scheme| begins(scheme))
}

/// The links of a line. A comma that no link follows belongs to a name, one at the end to nothing.
fn split_items(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(line.trim_end_matches([',', ' ']));
    std::iter::from_fn(move || {
        let text = rest.take()?;
        let cut = text.match_indices(',').find(|(at, _)| begins_link(text[at + 1..].trim_start()));
        let Some((at, _)) = cut else { return Some(text) };
        rest = Some(text[at + 1..].trim_start());
        Some(text[..at].trim_end())
    })
}

fn encode(records: &[Record]) -> Encoded {
    let mut encoded = Encoded { bytes: Zeroizing::new(Vec::new()), written: 0, losses: Vec::new() };
    let links: Vec<_> = records.iter().map(line).collect();
    encoded.bytes.reserve_exact(links.iter().map(|link| link.len() + 1).sum());
    for (record, link) in records.iter().zip(links) {
        if link.len() > MAX_LINK_BYTES {
            encoded.losses.push(record.loss("entry", "its link would be longer than any app reads"));
            continue;
        }
        encoded.bytes.extend_from_slice(link.as_bytes());
        encoded.bytes.push(b'\n');
        encoded.written += 1;
        encoded.losses.extend(losses(record));
    }
    encoded
}

fn line(record: &Record) -> Zeroizing<String> {
    format_link(&record.link.issuer, &record.link.account, &record.link.otp, Form::Full)
}

/// What a link does not say, or says so that it is understood in another way.
fn losses(record: &Record) -> impl Iterator<Item = Loss> {
    let (otp, extras) = (&record.link.otp, &record.link.extras);
    let has_pin = matches!(&otp.kind, Kind::Motp { pin: Some(_) } | Kind::Yandex { pin: Some(_) });
    let plain = Kind::Totp { period: Period::default() };
    let passes_for_steam = record.link.issuer == "Steam"
        && (&otp.kind, otp.algorithm, otp.digits.count()) == (&plain, Algorithm::Sha1, 5);
    let lost = [
        (passes_for_steam, "type", "its link reads as a Steam account"),
        (has_pin, "pin", "a PIN is in no link"),
        (!extras.tags.is_empty(), "tags", "tags are in no link"),
        (!extras.note.is_empty(), "note", "a note is in no link"),
        (extras.favourite, "favourite", "that it is a favourite is in no link"),
        (!extras.icon.is_empty(), "icon", "an icon is in no link"),
    ];
    let lost = lost.into_iter().filter(|(is_lost, ..)| *is_lost);
    lost.map(|(_, field, reason)| record.loss(field, reason))
}

const SCHEMES: [&str; 4] = ["otpauth://", "otpauth-migration://", "steam://", "motp://"];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{
        super::{Given, MAX_ENTRIES, record::samples},
        *,
    };

    const LINK: &str = "otpauth://totp/Acme:alice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    fn decoded(text: impl AsRef<[u8]>) -> Decoded {
        decode(&Source::new(text.as_ref()).unwrap(), &mut Given::default()).unwrap()
    }

    #[test]
    fn every_line_is_a_link_a_comment_or_bad() {
        let text = format!(
            "# mine\r\n\r\n{LINK}\r\n  {LINK}&digits=8  \r\nhttps://example.com\r\n\
             otpauth://totp/Acme:bob?secret=0000\r\nsteam://GEZDGNBVGY3TQOJQGEZDGNBV\r\n\
             motp://Acme:carol?secret=0123456789abcdef0123456789abcdef\r\notpauth-migration://offline?data=CA\r\n"
        );
        let decoded = decoded(text);
        let spots: Vec<_> = decoded.entries.iter().map(|entry| entry.at.to_string()).collect();
        assert_eq!(spots, ["line 3", "line 4", "line 7", "line 8"]);
        let bad: Vec<_> = decoded
            .bad
            .iter()
            .map(|bad| format!("{}: {}:{} {}", bad.at, bad.issuer, bad.account, bad.reason))
            .collect();
        assert_eq!(
            bad,
            [
                "line 5: : not an otpauth link",
                "line 6: Acme:bob secret is not base32: \"0\" at place 1",
                "line 9: : a Google Authenticator export that is cut off or damaged: scan or copy it again",
            ]
        );
    }

    #[test]
    fn commas_divide_links_and_not_names() {
        let text = format!(
            "{LINK}, {LINK}&period=60,STEAM://GEZDGNBVGY3TQOJQGEZDGNBV\n\
                            otpauth://totp/Smith, John?secret=GEZDGNBVGY3TQOJQGEZDGNBV,\n"
        );
        let decoded = decoded(text);
        assert_eq!((decoded.entries.len(), decoded.bad.len()), (4, 0));
        assert_eq!(decoded.entries[2].record.link.issuer, "Steam");
        assert_eq!(decoded.entries[3].record.link.account, "Smith, John");
    }

    #[test]
    fn bytes_that_are_no_utf8_spoil_only_their_own_name() {
        let text = [LINK.as_bytes(), b"\notpauth://totp/caf\xe9?secret=GEZDGNBVGY3TQOJQGEZDGNBV\n"].concat();
        let decoded = decoded(text);
        assert!(decoded.entries[0].record.link.notes.is_empty());
        assert_eq!(decoded.entries[1].record.link.account, "caf\u{fffd}");
        assert!(decoded.entries[1].record.link.notes.contains(&LinkNote::InvalidUtf8));
    }

    #[test]
    fn a_line_of_16_mib_is_one_bad_entry() {
        for (piece, size) in [("a", 16 << 20), (",", 1 << 20), (", ", 1 << 20), ("\u{e9},otpauth:/", 1 << 20)]
        {
            let long = format!("otpauth://totp/{}x", piece.repeat(size / piece.len()));
            let decoded = decoded(format!("{long}\n{LINK}"));
            assert_eq!((decoded.bad.len(), decoded.entries.len()), (1, 1), "{piece}");
            assert_eq!(decoded.bad[0].reason, "link is longer than 4096 bytes");
        }
    }

    #[test]
    fn too_many_entries_end_the_reading() {
        for item in ["x\n", "steam://AA,"] {
            let text = item.repeat(MAX_ENTRIES + 1);
            let result = decode(&Source::new(text.as_bytes()).unwrap(), &mut Given::default());
            assert_eq!(result.unwrap_err(), FormatError::TooManyEntries);
        }
    }

    #[test]
    fn names_what_no_link_holds() {
        let mut record = Record::from(parse_link(LINK).unwrap());
        assert_eq!(encode(std::slice::from_ref(&record)).losses, []);
        record.link.extras.tags.push("work".into());
        record.link.extras.favourite = true;
        record.link.account = "\u{1f511}".repeat(1024);
        let encoded = encode(&[record.clone(), Record { link: parse_link(LINK).unwrap(), ..record.clone() }]);
        assert_eq!((encoded.written, encoded.losses.len(), encoded.losses[0].field), (1, 1, "entry"));
        record.link.account = "alice".into();
        let fields: Vec<_> = encode(&[record]).losses.into_iter().map(|loss| loss.field).collect();
        assert_eq!(fields, ["tags", "favourite"]);
    }

    proptest! {
        #[test]
        fn reads_what_it_writes(records in prop::collection::vec(samples::record(), 0..4)) {
            let encoded = encode(&records);
            prop_assert_eq!(encoded.written, records.len());
            let Ok(source) = Source::new(&encoded.bytes) else { return Ok(()) };
            prop_assert_eq!(recognises(&source), Fit::Sure);
            let decoded = decode(&source, &mut Given::default()).unwrap();
            prop_assert!(decoded.bad.is_empty());
            for (record, entry) in records.iter().zip(&decoded.entries) {
                let (ours, theirs) = (&record.link, &entry.record.link);
                prop_assert_eq!((&ours.issuer, &ours.account), (&theirs.issuer, &theirs.account));
                let lost = losses(record).any(|loss| ["pin", "type"].contains(&loss.field));
                prop_assert!(lost || ours.otp == theirs.otp);
            }
        }
    }
}
