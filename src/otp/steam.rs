//! Steam Guard: the truncation of HOTP, written in base 26 with an alphabet of its own.

use super::{Code, Digits, Period, Secret};

/// Five characters of `23456789BCDFGHJKMNPQRTVWXY`, least significant first.
pub(super) fn code(secret: &Secret, unix_seconds: u64) -> Code {
    let steam = totp_rs::Builder::new()
        .with_algorithm(totp_rs::Algorithm::Steam)
        .with_digits(Digits::FIVE.count())
        .with_step_duration(u64::from(Period::default().seconds()))
        .with_secret(secret.expose())
        .build_noncompliant();
    Code::new(steam.generate(unix_seconds).to_string())
}

#[cfg(test)]
mod tests {
    use crate::otp::{Kind, Otp, Secret};

    #[test]
    fn gives_what_the_steam_app_gave() {
        let otp = Otp::new(Kind::Steam, Secret::from_base32("63BEDWCQZKTQWPESARIERL5DTTQFCJTK").unwrap());
        for (time, code) in [(1_511_200_518, "FR8RV"), (1_511_200_714, "9P3VP")] {
            assert_eq!(otp.code(time).unwrap().as_str(), code, "at {time}");
        }
    }
}
