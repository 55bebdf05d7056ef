//! Mobile-OTP: the beginning of an MD5 in hex. MD5 lives here and nowhere else.

use data_encoding::HEXLOWER;
use md5::{Digest, Md5};
use zeroize::Zeroizing;

use super::{Code, Otp, Period, Pin};

/// The first 5 to 10 hex digits of MD5 over the number of 10-second steps, the secret in lower-case hex, and
/// the PIN (motp.sourceforge.net).
pub(super) fn code(otp: &Otp, pin: &Pin, unix_seconds: u64) -> Code {
    let step = Period::TEN_SECONDS.step(unix_seconds).to_string();
    let secret = Zeroizing::new(HEXLOWER.encode(otp.secret.expose()));
    let hash =
        Md5::new().chain_update(step).chain_update(secret.as_bytes()).chain_update(pin.expose()).finalize();
    let mut text = HEXLOWER.encode(&hash);
    text.truncate(usize::from(otp.digits.count()));
    Code::new(text)
}

#[cfg(test)]
mod tests {
    use crate::otp::{Kind, Otp, Pin, Secret};

    const VECTORS: [(u64, &str, &str, &str); 4] = [
        (165_892_298, "e3152afee62599c8", "1234", "e7d8b6"),
        (123_456_789, "e3152afee62599c8", "1234", "4ebfb2"),
        (0, "7ac61d4736f51a2b", "5555", "c42a26"),
        (1_000_000_000, "7ac61d4736f51a2b", "5555", "4af383"),
    ];

    #[test]
    fn gives_what_motp_clients_gave() {
        for (time, secret, pin, code) in VECTORS {
            let kind = Kind::Motp { pin: Some(Pin::new(pin).unwrap()) };
            let otp = Otp::new(kind, Secret::from_hex(secret).unwrap());
            assert_eq!(otp.code(time).unwrap().as_str(), code, "at {time}");
            assert_eq!(otp.period().unwrap().seconds(), 10);
        }
    }
}
