//! A row of the audit as JSON, and where a page begins as a text.

use data_encoding::BASE64URL_NOPAD;
use jiff::Timestamp;

use crate::{
    api::audit::{Reason, Record},
    server::{
        domain::{audit, time::Time},
        store::read::{self, Cursor},
    },
};

/// A row as administrators see it.
pub(super) fn shown(row: read::Record) -> Record {
    let mut fields = row.fields.into_iter().chain(std::iter::repeat(None));
    let mut next = || fields.next().flatten();
    Record {
        replica: row.replica,
        seq: row.seq,
        at: timestamp(row.at),
        event: next().unwrap_or_default(),
        result: next().unwrap_or_default(),
        reason: next().map(|word| audit::Reason::from_word(&word).map_or(Reason::Other, Reason::from)),
        factor: next(),
        application: next(),
        user_id: next(),
        user: next(),
        actor: next().unwrap_or_default(),
        address: next(),
        country: next(),
        request: next(),
        detail: next(),
    }
}

/// A time of the store for JSON.
pub(super) fn timestamp(time: Time) -> Timestamp {
    Timestamp::from_millisecond(time.millis()).unwrap_or_default()
}

/// Where the page behind this row begins.
pub(super) fn written(row: &read::Record) -> String {
    BASE64URL_NOPAD.encode(format!("{}/{}/{}", row.at.millis(), row.replica, row.seq).as_bytes())
}

/// Reads it back; only what [`written`] writes is taken.
pub(super) fn cursor(text: &str) -> Option<Cursor> {
    let bytes = BASE64URL_NOPAD.decode(Some(text).filter(|text| text.len() <= LONGEST)?.as_bytes()).ok()?;
    let plain = String::from_utf8(bytes).ok()?;
    let mut parts = plain.split('/');
    let (at, replica, seq) = (parts.next()?, parts.next()?, parts.next()?);
    let cursor = Cursor {
        at: Time::from_millis(number(at)?),
        replica: Some(replica).filter(|name| is_replica(name))?.to_owned(),
        seq: number(seq)?,
    };
    parts.next().is_none().then_some(cursor)
}

/// Whether a text can be the name of a replica.
pub(super) fn is_replica(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=32).contains(&name.len()) && name.bytes().all(fits)
}

/// A number as it is written here, and in no other way.
pub(super) fn number(text: &str) -> Option<i64> {
    let number: i64 = text.parse().ok()?;
    (number >= 0 && number.to_string() == text).then_some(number)
}

impl From<audit::Reason> for Reason {
    fn from(reason: audit::Reason) -> Self {
        match reason {
            audit::Reason::Disabled => Self::Disabled,
            audit::Reason::ExpiredCode => Self::ExpiredCode,
            audit::Reason::FactorOff => Self::FactorOff,
            audit::Reason::Forbidden => Self::Forbidden,
            audit::Reason::Locked => Self::Locked,
            audit::Reason::NotBound => Self::NotBound,
            audit::Reason::ReplayedCode => Self::ReplayedCode,
            audit::Reason::UnknownUser => Self::UnknownUser,
            audit::Reason::UserDisabled => Self::UserDisabled,
            audit::Reason::WrongCode => Self::WrongCode,
            audit::Reason::WrongPassword => Self::WrongPassword,
        }
    }
}

const LONGEST: usize = 128;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use utoipa::PartialSchema;

    use super::*;

    #[test]
    fn the_reasons_of_the_api_are_those_of_the_rules() {
        let described = serde_json::to_value(Reason::schema()).unwrap();
        let words =
            described["enum"].as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_owned());
        let mut rules: BTreeSet<String> = BTreeSet::from(["other".to_owned()]);
        for reason in audit::Reason::ALL {
            let word = serde_json::to_value(Reason::from(reason)).unwrap();
            assert_eq!(word, reason.word());
            assert_eq!(serde_json::from_value::<Reason>(word).unwrap(), Reason::from(reason));
            rules.insert(reason.word().to_owned());
        }
        assert_eq!(words.collect::<BTreeSet<_>>(), rules);
    }

    #[test]
    fn a_cursor_comes_back_and_another_text_is_none() {
        let time = Time::from_millis(1_800_000_000_123);
        let row = read::Record { replica: "r-0".into(), seq: 77, at: time, fields: vec![] };
        let text = written(&row);
        assert_eq!(cursor(&text), Some(Cursor { at: time, replica: "r-0".into(), seq: 77 }));
        let plain = ["1/r/1/1", "1/r", "+1/r/1", "01/r/1", "1/R/1", "1//1", "1/r/-1", "1/r/", ""];
        for text in plain.map(|text| BASE64URL_NOPAD.encode(text.as_bytes())) {
            assert_eq!(cursor(&text), None, "{text}");
        }
        assert_eq!(cursor("1/r/1"), None);
        assert_eq!(cursor(&"A".repeat(1000)), None);
    }
}
