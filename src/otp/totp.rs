//! TOTP (RFC 6238): HOTP whose counter is the number of time steps since 1970.

use super::{Algorithm, Code, Otp, Period, hotp};

/// The code at a time, 5 to 10 digits.
///
/// `totp-rs` makes it, but for ten digits: there it panics, as 10^10 does not fit its `u32`.
pub(super) fn code(otp: &Otp, period: Period, unix_seconds: u64) -> Code {
    if otp.digits.count() > 9 {
        return hotp::code(otp, period.step(unix_seconds));
    }
    let totp = totp_rs::Builder::new()
        .with_algorithm(library_algorithm(otp.algorithm))
        .with_digits(otp.digits.count())
        .with_step_duration(u64::from(period.seconds()))
        .with_secret(otp.secret.expose())
        .build_noncompliant(); // short secrets and odd lengths are the user's business
    Code::new(totp.generate(unix_seconds).to_string())
}

fn library_algorithm(algorithm: Algorithm) -> totp_rs::Algorithm {
    match algorithm {
        Algorithm::Sha1 => totp_rs::Algorithm::SHA1,
        Algorithm::Sha256 => totp_rs::Algorithm::SHA256,
        Algorithm::Sha512 => totp_rs::Algorithm::SHA512,
    }
}

#[cfg(test)]
mod tests {
    use crate::otp::{Algorithm, Digits, Otp, Secret};

    fn rfc_otp(algorithm: Algorithm, digits: u8) -> Otp {
        let length = match algorithm {
            Algorithm::Sha1 => 20,
            Algorithm::Sha256 => 32,
            Algorithm::Sha512 => 64,
        };
        let key = b"1234567890".iter().copied().cycle().take(length).collect();
        let mut otp = Otp::totp(Secret::new(key).unwrap());
        (otp.algorithm, otp.digits) = (algorithm, Digits::new(digits).unwrap());
        otp
    }

    /// RFC 6238, appendix B: time, then the code under SHA1, SHA256 and SHA512.
    const APPENDIX_B: [(u64, [&str; 3]); 6] = [
        (59, ["94287082", "46119246", "90693936"]),
        (1_111_111_109, ["07081804", "68084774", "25091201"]),
        (1_111_111_111, ["14050471", "67062674", "99943326"]),
        (1_234_567_890, ["89005924", "91819424", "93441116"]),
        (2_000_000_000, ["69279037", "90698825", "38618901"]),
        (20_000_000_000, ["65353130", "77737706", "47863826"]),
    ];

    #[test]
    fn rfc_6238_appendix_b() {
        for (time, codes) in APPENDIX_B {
            for (algorithm, code) in
                [Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512].into_iter().zip(codes)
            {
                assert_eq!(rfc_otp(algorithm, 8).code(time).unwrap().as_str(), code, "{algorithm} at {time}");
            }
        }
    }

    #[test]
    fn fewer_digits_are_the_end_of_more() {
        let ten = rfc_otp(Algorithm::Sha512, 10).code(59).unwrap();
        for digits in 5..=9 {
            let code = rfc_otp(Algorithm::Sha512, digits).code(59).unwrap();
            assert_eq!(code.as_str().len(), usize::from(digits));
            assert!(ten.as_str().ends_with(code.as_str()), "{digits}");
        }
    }
}
