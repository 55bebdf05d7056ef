//! Writing a link that any app reads.

use std::fmt::Write;

use data_encoding::HEXLOWER;
use zeroize::Zeroizing;

use super::{label, percent, read::STEAM};
use crate::otp::{Digits, Kind, Otp, Period, yandex};

/// How much a link says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Every parameter: for files, and for apps that assume other defaults.
    Full,
    /// Without what is at its default: for small QR codes.
    Short,
}

/// Writes the link of an account.
///
/// [`parse_link`](super::parse_link) reads it back as it was, as long as it has no more than
/// [`MAX_LINK_BYTES`](super::MAX_LINK_BYTES): very long names of foreign letters have more. Two things do not
/// come back. A PIN is in no link. A TOTP that is in all but name a Steam account (issuer `Steam`, five
/// digits, SHA1, 30 seconds) comes back as one.
pub fn format_link(issuer: &str, account: &str, otp: &Otp, form: Form) -> Zeroizing<String> {
    // Room for all of it, as growing would leave a copy of the secret in freed memory.
    let room = 160 + 6 * issuer.len() + 3 * account.len() + 2 * otp.secret.expose().len();
    let mut link = Zeroizing::new(String::with_capacity(room));
    if let Kind::Motp { .. } = otp.kind {
        push_motp(&mut link, (issuer, account), otp);
        return link;
    }
    link.push_str("otpauth://");
    link.push_str(type_word(&otp.kind));
    link.push('/');
    label::push(&mut link, issuer, account);
    link.push_str("?secret=");
    link.push_str(&otp.secret.to_base32());
    if !issuer.is_empty() {
        link.push_str("&issuer=");
        percent::push_encoded(&mut link, issuer);
    }
    push_parameters(&mut link, issuer, otp, form);
    link
}

fn type_word(kind: &Kind) -> &'static str {
    match kind {
        Kind::Yandex { .. } => "yaotp",
        other => other.name(),
    }
}

/// `motp://Issuer:account?secret=HEX`, and nothing more if it can be: some apps read this very shape alone.
fn push_motp(link: &mut String, (issuer, account): (&str, &str), otp: &Otp) {
    link.push_str("motp://");
    label::push_with_colon(link, issuer, account);
    link.push_str("?secret=");
    link.push_str(&Zeroizing::new(HEXLOWER.encode(otp.secret.expose())));
    if issuer.contains(':') {
        link.push_str("&issuer=");
        percent::push_encoded(link, issuer);
    }
    if otp.digits != Digits::default() {
        push_number(link, "digits", otp.digits.count());
    }
}

fn push_parameters(link: &mut String, issuer: &str, otp: &Otp, form: Form) {
    if let Kind::Yandex { pin } = &otp.kind {
        let typed = pin.as_ref().and_then(|pin| u8::try_from(pin.expose().chars().count()).ok());
        if let Some(length) = typed.or_else(|| yandex::pin_length(&otp.secret)) {
            push_number(link, "pin_length", length);
        }
        return;
    }
    let full = form == Form::Full;
    if full || otp.algorithm != otp.kind.usual_algorithm() {
        link.push_str("&algorithm=");
        link.push_str(otp.algorithm.as_str());
    }
    if full || otp.digits != otp.kind.usual_digits() || may_pass_for_steam(issuer, &otp.kind) {
        push_number(link, "digits", otp.digits.count());
    }
    if let Kind::Hotp { counter } = otp.kind {
        push_number(link, "counter", counter);
    }
    if let Some(period) = otp.period().filter(|period| full || *period != Period::default()) {
        push_number(link, "period", period);
    }
}

/// A TOTP of the issuer Steam is read as a Steam account unless its digits say otherwise.
fn may_pass_for_steam(issuer: &str, kind: &Kind) -> bool {
    issuer == STEAM && matches!(kind, Kind::Totp { .. })
}

fn push_number(link: &mut String, name: &str, number: impl std::fmt::Display) {
    write!(link, "&{name}={number}").expect("writing to a string cannot fail");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::otp::{Counter, Pin, Secret};

    fn formatted(otp: &Otp) -> [String; 2] {
        [Form::Full, Form::Short].map(|form| format_link("Big Co", "a@b.c", otp, form).to_string())
    }

    fn secret() -> Secret {
        Secret::new(b"1234567890123456".to_vec()).unwrap()
    }

    #[test]
    fn totp_and_hotp_as_the_format_wants_them() {
        let start = "/Big%20Co:a%40b.c?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY&issuer=Big%20Co";
        let [full, short] = formatted(&Otp::totp(secret()));
        assert_eq!(full, format!("otpauth://totp{start}&algorithm=SHA1&digits=6&period=30"));
        assert_eq!(short, format!("otpauth://totp{start}"));
        let [full, short] = formatted(&Otp::new(Kind::Hotp { counter: Counter::new(7).unwrap() }, secret()));
        assert_eq!(full, format!("otpauth://hotp{start}&algorithm=SHA1&digits=6&counter=7"));
        assert_eq!(short, format!("otpauth://hotp{start}&counter=7"));
    }

    #[test]
    fn the_other_kinds_as_their_apps_want_them() {
        let start = "/Big%20Co:a%40b.c?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY&issuer=Big%20Co";
        let [full, short] = formatted(&Otp::new(Kind::Steam, secret()));
        assert_eq!(full, format!("otpauth://steam{start}&algorithm=SHA1&digits=5&period=30"));
        assert_eq!(short, format!("otpauth://steam{start}"));
        let pin = || Some(Pin::new("47110").unwrap());
        let yandex = format!("otpauth://yaotp{start}&pin_length=5");
        assert_eq!(formatted(&Otp::new(Kind::Yandex { pin: pin() }, secret())), [yandex.clone(), yandex]);
        let motp = "motp://Big%20Co:a%40b.c?secret=31323334353637383930313233343536".to_owned();
        assert_eq!(formatted(&Otp::new(Kind::Motp { pin: pin() }, secret())), [motp.clone(), motp]);
    }

    #[test]
    fn never_grows_while_it_writes() {
        let long = Secret::new(vec![0xff; 512]).unwrap();
        for kind in [Kind::Motp { pin: None }, Kind::Hotp { counter: Counter::new(u64::MAX >> 1).unwrap() }] {
            let (issuer, account) = ("\u{1f511}:".repeat(99), " \u{1f511}".repeat(99));
            let otp = Otp { digits: Digits::new(10).unwrap(), ..Otp::new(kind, long.clone()) };
            let link = format_link(&issuer, &account, &otp, Form::Full);
            let room = 160 + 6 * issuer.len() + 3 * account.len() + 2 * 512;
            assert!(link.len() <= room, "{} in {room}", link.len());
        }
    }
}
