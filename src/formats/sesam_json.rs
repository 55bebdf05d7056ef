//! sesam's own plain export, schema `sesam.accounts/1`: every key of an account, and its link.
//!
//! Lossless: what is read is what was written. The link is there for other programs and is not read.

use std::io::Write;

use jiff::Timestamp;
use serde::Serialize;
use zeroize::Zeroizing;

use super::{
    AskPassphrase, Decoded, Encode, Encoded, Fit, Format, FormatError, Record, Source, Spot,
    json::{Fields, Json},
    parts::Parts,
    record::NamedReason,
};
use crate::otp::{Extras, Form, Kind, LinkError, Otp, Period, Pin, Secret, format_link};

/// See the file.
pub const FORMAT: Format = Format {
    name: "json",
    aliases: &[],
    words: "sesam's own plain JSON, schema sesam.accounts/1",
    recognises,
    decode,
    encode: Some(Encode::Plain(encode)),
};

/// What the file calls itself.
pub const SCHEMA: &str = "sesam.accounts/1";

fn recognises(source: &Source<'_>) -> Fit {
    let is_ours = source.text().is_some_and(|text| {
        text.trim_start().starts_with('{')
            && memchr::memmem::find(text.as_bytes(), b"\"sesam.accounts/").is_some()
    });
    if is_ours { Fit::Sure } else { Fit::No }
}

fn decode(source: &Source<'_>, _: &mut dyn AskPassphrase) -> Result<Decoded, FormatError> {
    let json = Json::parse(source, FORMAT.name)?;
    let file = Fields::of(&json);
    match file.text("schema") {
        SCHEMA => {}
        schema if schema.starts_with("sesam.accounts/") => {
            return Err(FormatError::Newer { format: FORMAT.name, schema: schema.to_owned() });
        }
        _ => return Err(damaged("it names no schema")),
    }
    let accounts = file.value("accounts").and_then(|accounts| accounts.as_array());
    let mut decoded = Decoded::new(FORMAT.name);
    for (number, account) in (1..).zip(accounts.ok_or_else(|| damaged("it has no accounts"))?) {
        decoded.push(Spot::Entry(number), read(Fields::of(account)))?;
    }
    Ok(decoded)
}

fn read(fields: Fields<'_>) -> Result<Record, NamedReason> {
    let names = || (fields.text("issuer").to_owned(), fields.text("account").to_owned());
    let record = read_otp(fields)
        .and_then(|otp| Record::new(names(), otp, extras(fields)))
        .map_err(|error| NamedReason::new(names(), error))?;
    let id = Some(fields.text("id")).filter(|id| !id.is_empty()).map(str::to_owned);
    let created = match fields.text("created") {
        "" => None,
        text => Some(text.parse::<Timestamp>().map_err(|_| NamedReason::new(names(), "created is no time"))?),
    };
    Ok(Record { id, created, ..record })
}

fn extras(fields: Fields<'_>) -> Extras {
    Extras {
        tags: fields.texts("tags"),
        note: fields.text("note").to_owned(),
        favourite: fields.flag("favourite"),
        icon: fields.text("icon").to_owned(),
        ..Extras::default()
    }
}

fn read_otp(fields: Fields<'_>) -> Result<Otp, LinkError> {
    let secret = fields.value("secret").and_then(|secret| secret.as_str()).ok_or(LinkError::SecretMissing)?;
    let pin = Some(fields.text("pin")).filter(|pin| !pin.is_empty());
    Parts {
        algorithm: fields.number("algorithm"),
        digits: fields.number("digits"),
        period: fields.number("period"),
        counter: fields.number("counter"),
        pin: pin.map(str::to_owned),
        ..Parts::new(fields.text("type"), Secret::from_base32(secret)?)
    }
    .otp()
}

/// One account as it is written. Borrowed: serialising makes no second copy of a secret.
#[derive(Serialize)]
struct Row<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    issuer: &'a str,
    account: &'a str,
    r#type: &'static str,
    secret: &'a str,
    algorithm: &'static str,
    digits: u8,
    period: Option<u32>,
    counter: Option<u64>,
    pin: Option<&'a str>,
    tags: &'a [String],
    note: &'a str,
    favourite: bool,
    icon: &'a str,
    created: Option<Timestamp>,
    uri: &'a str,
}

/// One account a line, so that two exports can be compared line by line.
pub(super) fn encode(records: &[Record]) -> Encoded {
    let room = records.iter().map(room).sum::<usize>() + 80;
    let mut bytes = Zeroizing::new(Vec::with_capacity(room));
    let written = write!(bytes, "{{\"schema\":\"{SCHEMA}\",\"accounts\":[")
        .and_then(|()| {
            records.iter().enumerate().try_for_each(|(at, record)| write_row(&mut bytes, at, record))
        })
        .and_then(|()| bytes.write_all(b"\n]}\n"));
    written.expect("writing to memory succeeds");
    Encoded { bytes, written: records.len(), losses: Vec::new() }
}

fn write_row(out: &mut Vec<u8>, at: usize, record: &Record) -> std::io::Result<()> {
    let (link, otp) = (&record.link, &record.link.otp);
    let secret = otp.secret.to_base32();
    let uri = format_link(&link.issuer, &link.account, otp, Form::Full);
    out.write_all(if at == 0 { b"\n" } else { b",\n" })?;
    Ok(serde_json::to_writer(out, &row(record, &secret, &uri))?)
}

fn row<'a>(record: &'a Record, secret: &'a str, uri: &'a str) -> Row<'a> {
    let (link, otp) = (&record.link, &record.link.otp);
    let (counter, pin) = match &otp.kind {
        Kind::Hotp { counter } => (Some(counter.value()), None),
        Kind::Motp { pin } | Kind::Yandex { pin } => (None, pin.as_ref().map(Pin::expose)),
        Kind::Totp { .. } | Kind::Steam => (None, None),
    };
    Row {
        id: record.id.as_deref(),
        issuer: &link.issuer,
        account: &link.account,
        r#type: otp.type_name(),
        secret,
        algorithm: otp.algorithm.as_str(),
        digits: otp.digits.count(),
        period: otp.period().map(Period::seconds),
        counter,
        pin,
        tags: &link.extras.tags,
        note: &link.extras.note,
        favourite: link.extras.favourite,
        icon: &link.extras.icon,
        created: record.created,
        uri,
    }
}

/// Room for one account in its longest form: growing would leave a copy of the secret in freed memory.
fn room(record: &Record) -> usize {
    let (link, extras) = (&record.link, &record.link.extras);
    let names = link.issuer.len() * 12 + link.account.len() * 9;
    let texts =
        extras.note.len() + extras.icon.len() + extras.tags.iter().map(|tag| tag.len() + 3).sum::<usize>();
    800 + names + 6 * texts + 4 * link.otp.secret.expose().len()
}

fn damaged(what: &str) -> FormatError {
    FormatError::Damaged { format: FORMAT.name, what: what.to_owned() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{
        super::{Given, record::samples},
        *,
    };

    fn decoded(text: &str) -> Result<Decoded, FormatError> {
        decode(&Source::new(text.as_bytes()).unwrap(), &mut Given::default())
    }

    #[test]
    fn one_bad_account_stops_no_other() {
        let text = r#"{"accounts":[
            {"type":"totp","issuer":"Acme","account":"alice","secret":"GEZD GNBV GY3T QOJQ","digits":"8","period":null},
            {"type":"totp","issuer":"Acme","account":"bob","secret":"0"},
            {"type":"totp","issuer":"Acme","account":"carol"},
            {"type":"ocra","secret":"GEZDGNBV"}, {"type":"hotp","secret":"GEZDGNBV","counter":-1},
            {"type":"totp","secret":"GEZDGNBV","created":"today"}, {"secret":"GEZDGNBV"}, 17
        ],"schema":"sesam.accounts/1"}"#;
        let decoded = decoded(text).unwrap();
        let [entry] = decoded.entries.as_slice() else { panic!("{decoded:?}") };
        assert_eq!((entry.at.to_string().as_str(), entry.record.link.otp.digits.count()), ("entry 1", 8));
        let bad: Vec<_> = decoded.bad.iter().map(|bad| (bad.account.as_str(), bad.reason.as_str())).collect();
        assert_eq!(
            bad,
            [
                ("bob", "secret is not base32: \"0\" at place 1"),
                ("carol", "secret is missing"),
                ("", "type must be totp, hotp, steam, motp or yaotp"),
                ("", "counter must be a whole number from 0 to 9223372036854775807"),
                ("", "created is no time"),
                ("", "type must be totp, hotp, steam, motp or yaotp"),
                ("", "secret is missing"),
            ]
        );
    }

    #[test]
    fn a_later_schema_is_refused_and_none_is_damage() {
        let newer = decoded(r#"{"schema":"sesam.accounts/2","accounts":[]}"#).unwrap_err();
        assert_eq!(newer, FormatError::Newer { format: "json", schema: "sesam.accounts/2".into() });
        for text in
            ["{}", "[]", r#"{"schema":"sesam.accounts/1"}"#, r#"{"schema":"sesam.accounts/1","accounts":1}"#]
        {
            assert!(matches!(decoded(text), Err(FormatError::Damaged { .. })), "{text}");
        }
    }

    #[test]
    fn an_account_reads_like_this() {
        let link = crate::otp::parse_link("otpauth://totp/Acme:alice?secret=GEZDGNBVGY3TQOJQ").unwrap();
        let encoded = encode(&[Record::from(link)]);
        assert_eq!(
            std::str::from_utf8(&encoded.bytes).unwrap(),
            "{\"schema\":\"sesam.accounts/1\",\"accounts\":[\n{\"issuer\":\"Acme\",\"account\":\"alice\",\
             \"type\":\"totp\",\"secret\":\"GEZDGNBVGY3TQOJQ\",\"algorithm\":\"SHA1\",\"digits\":6,\"period\":30,\
             \"counter\":null,\"pin\":null,\"tags\":[],\"note\":\"\",\"favourite\":false,\"icon\":\"\",\
             \"created\":null,\"uri\":\"otpauth://totp/Acme:alice?secret=GEZDGNBVGY3TQOJQ&issuer=Acme\
             &algorithm=SHA1&digits=6&period=30\"}\n]}\n"
        );
    }

    proptest! {
        #[test]
        fn nothing_is_lost(records in prop::collection::vec(samples::record(), 0..4)) {
            let encoded = encode(&records);
            let room: usize = records.iter().map(room).sum();
            prop_assert!(encoded.bytes.len() <= room + 80);
            let source = Source::new(&encoded.bytes).unwrap();
            prop_assert_eq!(recognises(&source), Fit::Sure);
            let decoded = decode(&source, &mut Given::default()).unwrap();
            let again: Vec<_> = decoded.entries.into_iter().map(|entry| entry.record).collect();
            prop_assert_eq!(again, records);
            prop_assert_eq!(decoded.bad, []);
        }
    }
}
