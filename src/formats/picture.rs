//! Pictures with QR codes: each code is a small file of its own, and one of the other formats reads it.
//!
//! The parts of an export that lies on several pictures find each other as those of one file do.

use super::{AskPassphrase, Bad, Decoded, Entry, Fit, Format, FormatError, MAX_ENTRIES, Part, Source, Spot};
use crate::{
    crypt::armor,
    qr::{is_picture, read_codes},
};

const NAME: &str = "picture";

/// See the file. `decode` is [`decode`] once it knows the other formats.
pub const fn around(
    decode: fn(&Source<'_>, &mut dyn AskPassphrase) -> Result<Decoded, FormatError>,
) -> Format {
    Format {
        name: NAME,
        aliases: &["qr"],
        words: "QR codes on a picture: PNG, JPEG, WebP, the first frame of a GIF",
        recognises: |source| if is_picture(source.bytes) { Fit::Sure } else { Fit::No },
        decode,
        encode: None,
    }
}

/// Reads every code of a picture as the format that `detect` finds.
pub fn decode(
    source: &Source<'_>,
    detect: fn(&Source<'_>) -> Option<&'static Format>,
    ask: &mut dyn AskPassphrase,
) -> Result<Decoded, FormatError> {
    let codes = read_codes(source.bytes).map_err(FormatError::Picture)?;
    let mut decoded = Decoded::new(NAME);
    for (number, code) in (1..).zip(&codes) {
        let at = Spot::Code(number);
        match read(code.text(), detect, ask) {
            Ok(read) => take(&mut decoded, at, read)?,
            Err(reason) => {
                decoded.bad.push(Bad { at, issuer: String::new(), account: String::new(), reason });
            }
        }
    }
    Ok(decoded)
}

/// One code, or why it holds no account.
fn read(
    text: &str,
    detect: fn(&Source<'_>) -> Option<&'static Format>,
    ask: &mut dyn AskPassphrase,
) -> Result<Decoded, String> {
    if armor::is_armored(text.as_bytes()) {
        return Err("is the key file of a recovery sheet, no account: use sesam vault recover".to_owned());
    }
    let source = Source::new(text.as_bytes()).map_err(|_| "is empty".to_owned())?;
    match detect(&source).filter(|format| format.name != NAME) {
        Some(format) => (format.decode)(&source, ask).map_err(|error| error.to_string()),
        None => Err(what_else(text).to_owned()),
    }
}

/// What codes on pictures usually hold.
fn what_else(text: &str) -> &'static str {
    let begins = |start: &str| text.get(..start.len()).is_some_and(|own| own.eq_ignore_ascii_case(start));
    let known = OTHERS.iter().find(|(starts, _)| starts.iter().any(|start| begins(start)));
    known.map_or("is a text, no account", |(_, words)| words)
}

/// Takes over what one code gave; all of it stood there.
fn take(decoded: &mut Decoded, at: Spot, read: Decoded) -> Result<(), FormatError> {
    if decoded.entries.len() + decoded.bad.len() + read.entries.len() + read.bad.len() > MAX_ENTRIES {
        return Err(FormatError::TooManyEntries);
    }
    decoded.entries.extend(read.entries.into_iter().map(|entry| Entry { at, ..entry }));
    decoded.bad.extend(read.bad.into_iter().map(|bad| Bad { at, ..bad }));
    decoded.losses.extend(read.losses);
    decoded.parts.extend(read.parts.into_iter().map(|part| Part { at, ..part }));
    Ok(())
}

const OTHERS: [(&[&str], &str); 5] = [
    (&["http://", "https://"], "is a web address, no account"),
    (&["WIFI:"], "is the password of a wireless network, no account"),
    (&["BEGIN:VCARD", "MECARD:", "mailto:", "tel:", "sms:", "smsto:"], "is a contact, no account"),
    (
        &["phonefactor:", "duo:", "oktaverify:", "com.okta.authenticator:"],
        "is for the app of that service alone: choose \"another authenticator app\" there",
    ),
    (&["FIDO:"], "is a passkey's sign-in, no account"),
];

#[cfg(test)]
mod tests {
    use super::{
        super::{Given, decode},
        *,
    };
    use crate::{
        crypt::{armor::armored, passphrase},
        qr::Qr,
    };

    fn on_a_picture(text: &str) -> Decoded {
        decode(&Qr::encode(text).unwrap().png(4), None, &mut Given::default()).unwrap()
    }

    fn reason(text: &str) -> String {
        let decoded = on_a_picture(text);
        assert_eq!((decoded.entries.len(), decoded.bad.len()), (0, 1), "{text}");
        assert_eq!(decoded.bad[0].at.to_string(), "code 1");
        decoded.bad[0].reason.clone()
    }

    #[test]
    fn a_code_is_read_by_the_format_of_its_text() {
        let decoded = on_a_picture("otpauth://totp/Acme:alice?secret=GEZDGNBVGY3TQOJQ");
        assert_eq!((decoded.format, decoded.entries[0].at), ("picture", Spot::Code(1)));
        assert_eq!(decoded.entries[0].record.link.account, "alice");
        assert!(reason("otpauth://totp/?secret=").contains("secret"));
        assert!(reason("otpauth-migration://offline?data=AAAA").contains("cut off or damaged"));
    }

    #[test]
    fn what_holds_no_account_is_named() {
        assert_eq!(reason("https://example.com/?otpauth"), "is a web address, no account");
        assert_eq!(
            reason("WIFI:S:home;T:WPA;P:secret;;"),
            "is the password of a wireless network, no account"
        );
        assert_eq!(reason("hello"), "is a text, no account");
        assert_eq!(reason("GIF89a, they say"), "is a text, no account");
        assert_eq!(reason("  "), "is empty");
        let key = passphrase::wrap(&passphrase::Passphrase::new("correct horse").unwrap(), 2, b"key");
        assert!(reason(&armored(&key)).ends_with("use sesam vault recover"));
    }

    #[test]
    fn a_picture_without_a_code_says_what_to_do() {
        let cut = &Qr::encode("sesam").unwrap().png(4)[..60];
        let error = decode(cut, None, &mut Given::default()).unwrap_err();
        assert_eq!(error.to_string(), "the picture is damaged or cut off");
        assert_eq!(error.hint(), Some("save or download it again"));
    }
}
