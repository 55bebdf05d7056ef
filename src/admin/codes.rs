//! Codes of somebody's own account for their sign-ins at one server: none is given twice.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use zeroize::Zeroizing;

use crate::{clock::Clock, otp::Otp};

/// Gives codes, and knows which it gave.
pub struct Codes {
    clock: Arc<dyn Clock>,
    offset: i64,
    given: Mutex<Given>,
}

/// The last code that was made.
#[derive(Default)]
struct Given {
    /// Until when it holds: another one comes after it.
    until: Option<u64>,
    /// Whether it was the second one of a sign-in.
    second: bool,
}

impl Codes {
    /// Codes by this clock, corrected by so many seconds.
    pub fn new(clock: Arc<dyn Clock>, offset: i64) -> Self {
        Self { clock, offset, given: Mutex::default() }
    }

    /// The code of now; where that was given already, or refused because it was used before, the one after it: then
    /// `waits` is told the seconds. A second refusal is no matter of time: `None`.
    pub fn next(
        &self,
        otp: &Otp,
        again: bool,
        waits: &dyn Fn(u64),
    ) -> Result<Option<Zeroizing<String>>, String> {
        let now = || u64::try_from(self.clock.now().as_second() + self.offset).unwrap_or(0);
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        let mut at = now();
        if again && given.second {
            return Ok(None);
        }
        if let Some(until) = given.until
            && at < until
        {
            waits(until - at);
            self.clock.pause(Duration::from_secs(until - at));
            at = now().max(until);
        }
        *given = Given { until: otp.window(at).map(|window| window.until), second: again };
        let code = otp.code(at).map_err(|error| format!("the account gives no code: {error}"))?;
        Ok(Some(Zeroizing::new(code.as_str().to_owned())))
    }
}
