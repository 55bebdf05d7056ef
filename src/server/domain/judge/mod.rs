//! Whether a typed code is one of an authenticator's: TOTP by the server's clock, HOTP by a counter that moves.
//!
//! Every step that may count is computed and compared, whatever was found before it, so that the time tells nothing.
//! What a wrong code costs is `lock`'s business.

mod hotp;
mod judged;
mod totp;

pub use hotp::{LOOK_AHEAD, RESYNC_AHEAD};
pub use judged::{Judged, Moving, Reach};
pub use totp::{LEARNED_DRIFT, RESYNC_STEPS};

use super::{time::Time, typed::Typed};
use crate::otp::{Kind, Otp};

/// Judges one code.
pub fn judge(otp: &Otp, moving: Moving, code: &Typed, at: (Time, Reach)) -> Judged {
    let (now, reach) = at;
    match otp.kind {
        Kind::Hotp { counter } => hotp::judge(otp, counter.value(), moving, code),
        _ => totp::judge(otp, moving, code, (now, reach)),
    }
}

/// Judges two codes that follow each other, further around than one code is looked for: after a long absence, or when
/// a button was pressed in a pocket.
pub fn resynchronise(otp: &Otp, moving: Moving, codes: [&Typed; 2], now: Time) -> Judged {
    match otp.kind {
        Kind::Hotp { counter } => hotp::resynchronise(otp, counter.value(), moving, codes),
        _ => totp::resynchronise(otp, moving, codes, now),
    }
}
