//! A passcode: a one-time code that an administrator issues to a user who has nothing else, with a reason, for a day
//! at most.

use std::{fmt, time::Duration};

use zeroize::Zeroizing;

use super::{
    pepper::{CodeDigest, Pepper, digits_of},
    time::{Time, hours},
    typed::Typed,
};

/// What is stored of a passcode. A new one takes the place of the old one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passcode {
    /// Its digest.
    pub digest: CodeDigest,
    /// The time from which it opens nothing.
    pub until: Time,
    /// When it was used.
    pub used: Option<Time>,
}

/// The digits, shown to the administrator once.
#[derive(Clone, PartialEq, Eq)]
pub struct Issued(Zeroizing<String>);

/// What a typed code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// The passcode.
    Right,
    /// The passcode, used before.
    Replayed,
    /// The passcode, too late.
    Expired,
    /// Something else.
    Wrong,
}

/// Why no passcode is issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a passcode is good for a minute to 24 hours")]
pub struct BadSpan;

impl Passcode {
    /// Issues one for a user, for a span from a minute to a day. `random` is new for each call.
    pub fn issue(
        (pepper, user): (&Pepper, &str),
        span: Duration,
        now: Time,
        random: [u8; 8],
    ) -> Result<(Self, Issued), BadSpan> {
        if span < Duration::from_mins(1) || span > LONGEST {
            return Err(BadSpan);
        }
        let code = digits_of(random, DIGITS);
        let typed = Typed::parse(&code).expect("eight digits are a code");
        let digest = pepper.digest(PURPOSE, user, &typed);
        Ok((Self { digest, until: now.after(span), used: None }, Issued(code)))
    }

    /// Whether it still opens something.
    pub fn is_live(&self, now: Time) -> bool {
        self.used.is_none() && now < self.until
    }

    /// Judges a typed code, and marks the right one as used.
    pub fn judge(&mut self, (pepper, user): (&Pepper, &str), code: &Typed, now: Time) -> Found {
        if !bool::from(self.digest.matches(&pepper.digest(PURPOSE, user, code))) {
            return Found::Wrong;
        }
        match self.used {
            Some(_) => Found::Replayed,
            None if now >= self.until => Found::Expired,
            None => {
                self.used = Some(now);
                Found::Right
            }
        }
    }
}

impl Issued {
    /// The digits.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Issued {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Issued(..)")
    }
}

/// The longest life of a passcode.
pub const LONGEST: Duration = hours(24);
const DIGITS: u32 = 8;
const PURPOSE: &str = "passcode";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_used_once_and_within_its_time() {
        let pepper = Pepper::new([3; 32]);
        let own = (&pepper, "u1");
        let start = Time::from_seconds(100);
        let (mut code, issued) = Passcode::issue(own, hours(8), start, [5; 8]).unwrap();
        let typed = Typed::parse(issued.expose()).unwrap();
        assert_eq!(issued.expose().len(), 8);
        assert_eq!(code.clone().judge(own, &typed, start.after(hours(8))), Found::Expired);
        assert_eq!(code.clone().judge((&pepper, "u2"), &typed, start), Found::Wrong);
        assert!(code.is_live(start));
        assert_eq!(code.judge(own, &typed, start), Found::Right);
        assert_eq!(code.judge(own, &typed, start), Found::Replayed);
        assert!(!code.is_live(start));
    }

    #[test]
    fn a_day_is_the_longest() {
        let pepper = Pepper::new([3; 32]);
        let issue = |span| Passcode::issue((&pepper, "u1"), span, Time::default(), [0; 8]).is_ok();
        assert!(issue(hours(24)) && issue(Duration::from_mins(1)));
        assert!(!issue(Duration::from_secs(86_401)) && !issue(Duration::from_secs(59)));
    }
}
