//! A code as it is shown: with the one after it and the span in which it holds.

use super::exit::Failure;
use crate::{
    otp::{Code, OtpError, Window},
    vault::Account,
};

/// A code as it is shown.
pub struct Shown {
    /// The code; none for a HOTP account in a list, since listing never counts.
    pub code: Option<Code>,
    /// The one after it, where time makes it.
    pub next: Option<Code>,
    /// When the code is valid.
    pub window: Option<Window>,
    /// The time it was made for, in seconds since 1970.
    pub at: u64,
}

/// The code of an account at a time.
pub fn shown_at(account: &Account, at: u64) -> Result<Shown, Failure> {
    let code = |at: u64| account.otp.code(at).map_err(|error| no_code(account, &error));
    let window = account.otp.window(at);
    let next = window.and_then(|window| account.otp.code(window.until).ok());
    Ok(Shown { code: Some(code(at)?), next, window, at })
}

/// Why an account gives no code.
pub fn no_code(account: &Account, error: &OtpError) -> Failure {
    let failure = Failure::failed(format!("{} gives no code: {error}", account.name()));
    match error {
        OtpError::PinMissing => failure.hint("store its PIN with: sesam edit NAME --pin-file -"),
        _ => failure,
    }
}
