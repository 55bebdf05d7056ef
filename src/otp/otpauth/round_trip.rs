//! Test: every account comes back from its link as it was.

use proptest::prelude::*;

use super::*;
use crate::otp::{Algorithm, Counter, Digits, Kind, Period, Secret};

fn secret() -> impl Strategy<Value = Secret> {
    prop::collection::vec(any::<u8>(), 16..64).prop_map(|bytes| Secret::new(bytes).unwrap())
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![
        (1..=86_400_u32).prop_map(|s| Kind::Totp { period: Period::new(s).unwrap() }),
        Just(Kind::Totp { period: Period::default() }),
        (0..=u64::MAX >> 1).prop_map(|c| Kind::Hotp { counter: Counter::new(c).unwrap() }),
        Just(Kind::Steam),
        Just(Kind::Motp { pin: None }),
        Just(Kind::Yandex { pin: None }),
    ]
}

fn otp() -> impl Strategy<Value = Otp> {
    let algorithm = prop_oneof![Just(Algorithm::Sha1), Just(Algorithm::Sha256), Just(Algorithm::Sha512)];
    (kind(), secret(), algorithm, 5..=10_u8).prop_map(|(kind, secret, algorithm, digits)| {
        let mut otp = Otp::new(kind, secret);
        if matches!(otp.kind, Kind::Totp { .. } | Kind::Hotp { .. }) {
            otp.algorithm = algorithm;
        }
        if !matches!(otp.kind, Kind::Steam | Kind::Yandex { .. }) {
            otp.digits = Digits::new(digits).unwrap();
        }
        otp
    })
}

/// Any text, and texts out of what the label splits at.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,40}",
        "[ :+%#?&=/.a\u{0}\u{1b}\u{202e}\u{feff}é]{0,12}",
        Just("Steam".to_owned()),
        prop::collection::vec(any::<char>(), 0..40).prop_map(String::from_iter),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn reads_what_it_writes(issuer in name(), account in name(), otp in otp()) {
        let plain = Kind::Totp { period: Period::default() };
        let steam = (&otp.kind, otp.algorithm, otp.digits.count()) == (&plain, Algorithm::Sha1, 5);
        prop_assume!(!(issuer == "Steam" && steam));
        for form in [Form::Full, Form::Short] {
            let text = format_link(&issuer, &account, &otp, form);
            prop_assert!(text.is_ascii() && looks_like_link(&text));
            let link = parse_link(&text).map_err(|e| TestCaseError::fail(format!("{e}")))?;
            prop_assert_eq!((&link.issuer, &link.account, &link.otp), (&issuer, &account, &otp));
            prop_assert_eq!(link.extras, Extras::default());
        }
    }

    #[test]
    fn never_panics(text in "(otpauth|steam|motp)://(totp|hotp|yaotp)?/?\\PC{0,60}") {
        let _ = parse_link(&text);
    }
}
