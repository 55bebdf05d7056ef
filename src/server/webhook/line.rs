//! A row of the audit as a line of JSON, and the signature under many of them.

use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::Sha256;

use crate::{
    api::audit::{Reason, Record},
    server::store::read,
};

/// The rows, a line each.
pub fn lines(rows: &[read::Record]) -> Vec<u8> {
    let mut lines = Vec::new();
    for row in rows {
        serde_json::to_writer(&mut lines, &record(row)).expect("a row is JSON");
        lines.push(b'\n');
    }
    lines
}

/// What proves that a body came from here, and when: HMAC-SHA256 over `SECONDS.BODY`.
pub fn signature(secret: &str, (seconds, body): (&str, &[u8])) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(seconds.as_bytes());
    mac.update(b".");
    mac.update(body);
    format!("sha256={}", HEXLOWER.encode(&mac.finalize().into_bytes()))
}

fn record(row: &read::Record) -> Record {
    let field = |at: usize| row.fields.get(at).cloned().flatten();
    let reason = |word: String| serde_json::from_value(word.into()).unwrap_or(Reason::Other);
    Record {
        replica: row.replica.clone(),
        seq: row.seq,
        at: Timestamp::from_millisecond(row.at.millis()).unwrap_or(Timestamp::MAX),
        event: field(0).unwrap_or_default(),
        result: field(1).unwrap_or_default(),
        reason: field(2).map(reason),
        factor: field(3),
        application: field(4),
        user_id: field(5),
        user: field(6),
        actor: field(7).unwrap_or_default(),
        address: field(8),
        country: field(9),
        request: field(10),
        detail: field(11),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::domain::time::Time;

    #[test]
    fn a_signature_is_the_one_of_others() {
        // printf '1800000000.{"a":1}\n' | openssl dgst -sha256 -hmac 0123456789abcdef
        let made = signature("0123456789abcdef", ("1800000000", b"{\"a\":1}\n"));
        assert_eq!(made, "sha256=a01bf0180afe0cd3f435ff92f0bf8468387f395dccd09a129d198d1f3bc4ab2c");
    }

    #[test]
    fn a_row_is_one_line_whatever_stands_in_it() {
        let fields = ["Password", "failure", "wrong_code", "otp", "vpn", "u1", "a\nb\"\u{2028}", "user"];
        let fields: Vec<_> =
            fields.map(|text| Some(text.to_owned())).into_iter().chain([const { None }; 4]).collect();
        let row =
            read::Record { replica: "main".into(), seq: 7, at: Time::from_seconds(1_800_000_000), fields };
        let text = String::from_utf8(lines(&[row.clone(), row])).unwrap();
        assert_eq!(text.matches('\n').count(), 2);
        let read: Record = serde_json::from_str(text.lines().next().unwrap()).unwrap();
        assert_eq!(
            (read.seq, read.user.as_deref(), read.reason),
            (7, Some("a\nb\"\u{2028}"), Some(Reason::WrongCode))
        );
    }
}
