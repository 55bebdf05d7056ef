//! An age file, binary or armored, around a file of any other format. Written: sesam's JSON inside.

use zeroize::Zeroizing;

use super::{
    AskPassphrase, Decoded, Encode, Encoded, Fit, Format, FormatError, Record, Seal, Source, sesam_json,
};
use crate::crypt::{CryptError, Plain, Recipient, armor, passphrase};

const NAME: &str = "age";

/// See the file. `decode` is [`decode`] once it knows the other formats.
pub const fn around(
    decode: fn(&Source<'_>, &mut dyn AskPassphrase) -> Result<Decoded, FormatError>,
) -> Format {
    Format {
        name: NAME,
        aliases: &["sesam"],
        words: "an age file under a passphrase around any of the others; sesam's own encrypted export",
        recognises,
        decode,
        encode: Some(Encode::Sealed(encode)),
    }
}

fn recognises(source: &Source<'_>) -> Fit {
    if armor::looks_like_age(file_of(source)) { Fit::Sure } else { Fit::No }
}

/// The bytes to read: armored text may have come in another encoding, a binary file is as it is.
fn file_of<'s>(source: &'s Source<'_>) -> &'s [u8] {
    source.text().map(str::as_bytes).filter(|text| armor::is_armored(text)).unwrap_or(source.bytes)
}

/// Opens the file and reads what is in it as the format that `detect` finds.
pub fn decode(
    source: &Source<'_>,
    detect: fn(&Source<'_>) -> Option<&'static Format>,
    ask: &mut dyn AskPassphrase,
) -> Result<Decoded, FormatError> {
    let file = armor::unarmored(file_of(source)).map_err(|error| in_words(&error))?;
    if !passphrase::protects(&file).map_err(|error| in_words(&error))? {
        return Err(FormatError::NeedsIdentity);
    }
    let plain = open(&file, ask)?;
    let inner = Source::new(&plain)?;
    if recognises(&inner) > Fit::No {
        return Err(FormatError::Nested);
    }
    let Some(format) = detect(&inner) else { return Err(FormatError::Unknown(inner.looks_like())) };
    Ok(Decoded { format: NAME, ..(format.decode)(&inner, ask)? })
}

/// Tries passphrases until one opens the file or there is no other. Damage ends it at once.
fn open(file: &[u8], ask: &mut dyn AskPassphrase) -> Result<Plain, FormatError> {
    let mut tried = 0;
    while let Some(passphrase) = ask.passphrase(NAME, tried) {
        tried += 1;
        let opened = passphrase.normal().map(|passphrase| passphrase::unwrap(&passphrase, file));
        match opened {
            Some(Ok(plain)) => return Ok(plain),
            Some(Err(CryptError::WrongPassphrase)) | None => {}
            Some(Err(error)) => return Err(in_words(&error)),
        }
    }
    Err(if tried == 0 { FormatError::PassphraseNeeded } else { FormatError::WrongPassphrase })
}

fn encode(records: &[Record], seal: &Seal) -> Result<Encoded, FormatError> {
    let plain = sesam_json::encode(records);
    let bytes = match seal {
        Seal::Passphrase(passphrase, work_factor) => passphrase::wrap(passphrase, *work_factor, &plain.bytes),
        Seal::Recipients(recipients) => {
            Recipient::encrypt_to_all(recipients, &plain.bytes).map_err(FormatError::Unsealable)?
        }
    };
    Ok(Encoded { bytes: Zeroizing::new(bytes), ..plain })
}

fn in_words(error: &CryptError) -> FormatError {
    match error {
        CryptError::TooMuchWork { .. } => FormatError::TooMuchWork(error.to_string()),
        other => FormatError::Damaged { format: NAME, what: other.to_string() },
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{Given, SourcePassphrase},
        *,
    };
    use crate::{
        crypt::{Identity, armor::armored, passphrase::Passphrase},
        otp::parse_link,
    };

    const LIST: &[u8] = b"otpauth://totp/Acme:alice?secret=GEZDGNBVGY3TQOJQ\nnothing\n";

    fn read(file: &[u8], passphrases: &[&str]) -> Result<Decoded, FormatError> {
        let given = passphrases.iter().map(|text| SourcePassphrase::new(text)).collect();
        super::super::decode(file, None, &mut Given(given))
    }

    fn wrapped(plain: &[u8]) -> Vec<u8> {
        passphrase::wrap(&Passphrase::new("caf\u{e9}").unwrap(), 2, plain)
    }

    #[test]
    fn tries_every_passphrase_on_any_format_inside() {
        let file = wrapped(LIST);
        for file in [
            file.clone(),
            armored(&file).into_bytes(),
            format!("\u{feff}\r\n{}", armored(&file)).into_bytes(),
        ] {
            let decoded = read(&file, &["", "wrong", "cafe\u{301}"]).unwrap();
            assert_eq!((decoded.format, decoded.entries.len(), decoded.bad.len()), ("age", 1, 1));
        }
        assert_eq!(read(&file, &[]).unwrap_err(), FormatError::PassphraseNeeded);
        assert_eq!(read(&file, &["wrong", ""]).unwrap_err(), FormatError::WrongPassphrase);
    }

    #[test]
    fn damage_is_not_a_wrong_passphrase() {
        let file = wrapped(LIST);
        let (mut changed, cut) = (file.clone(), &file[..file.len() - 20]);
        *changed.last_mut().unwrap() ^= 1;
        for bad in [changed.as_slice(), cut, &file[..30], &armored(&file).as_bytes()[..120]] {
            assert!(matches!(read(bad, &["caf\u{e9}"]), Err(FormatError::Damaged { .. })), "{bad:?}");
        }
        let later = read(b"age-encryption.org/v2\n", &[]).unwrap_err().to_string();
        assert!(later.contains("unknown version (v2)"), "{later}");
    }

    #[test]
    fn a_file_to_recipients_names_the_way_around() {
        let error = read(&Identity::generate().recipient().encrypt(LIST), &["x"]).unwrap_err();
        assert_eq!(error, FormatError::NeedsIdentity);
        assert_eq!(error.hint(), Some("decrypt it first: age -d -i KEY FILE | sesam import -"));
    }

    #[test]
    fn what_is_inside_must_be_a_format_and_no_age_file() {
        assert_eq!(read(&wrapped(&wrapped(LIST)), &["caf\u{e9}"]).unwrap_err(), FormatError::Nested);
        assert!(matches!(read(&wrapped(b"hello"), &["caf\u{e9}"]), Err(FormatError::Unknown(_))));
    }

    #[test]
    fn comes_back_from_a_passphrase_and_from_recipients() {
        let record = Record::from(parse_link("otpauth://totp/Acme:alice?secret=GEZDGNBVGY3TQOJQ").unwrap());
        let seal = Seal::Passphrase(Passphrase::new("correct horse").unwrap(), 2);
        let file = encode(std::slice::from_ref(&record), &seal).unwrap().bytes;
        assert_eq!(passphrase::work_factor(&file), Ok(2));
        assert_eq!(read(&file, &["correct horse"]).unwrap().entries[0].record, record);

        let (one, two) = (Identity::generate(), Identity::generate());
        let recipients = Seal::Recipients(vec![one.recipient(), two.recipient()]);
        let file = encode(std::slice::from_ref(&record), &recipients).unwrap().bytes;
        for identity in [one, two] {
            let plain = identity.decrypt_bytes(&file).unwrap();
            assert_eq!(read(&plain, &[]).unwrap().entries[0].record, record);
        }
        let nobody = encode(&[record], &Seal::Recipients(vec![])).err();
        assert_eq!(nobody, Some(FormatError::Unsealable(CryptError::NoRecipient)));
    }
}
