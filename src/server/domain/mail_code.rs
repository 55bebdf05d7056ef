//! Codes that are sent, by e-mail or SMS: six digits, ten minutes, a new one kills the old one, not again within a
//! minute, five an hour. Who sends them is not known here.

use std::time::Duration;

use subtle::Choice;
use zeroize::Zeroizing;

use super::{
    pepper::{CodeDigest, Pepper, digits_of},
    time::{Time, hours, minutes},
    typed::Typed,
};

/// What a sent code is good for. Each has its own codes and its own waiting time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// The second step, by e-mail.
    Email,
    /// The second step, by SMS.
    Sms,
    /// Beside the first binding, by e-mail.
    Binding,
    /// A new address, by e-mail to it.
    Address,
}

/// One code that was sent. The code itself is nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Its digest.
    pub digest: CodeDigest,
    /// The sign-in that it belongs to.
    pub sign_in: String,
    /// When it was asked for.
    pub at: Time,
    /// Whether it was accepted.
    pub used: bool,
}

/// The codes of one user and purpose that were sent within the last hour, the newest last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SentCodes(pub Vec<Sent>);

/// A code that is to be sent now.
#[derive(Clone, PartialEq, Eq)]
pub struct Fresh(Zeroizing<String>);

/// Not yet: how long to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldBack(pub Duration);

/// What a typed code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// The live one.
    Right,
    /// One that was accepted before.
    Replayed,
    /// One whose time is over, that a newer one replaced, or that was sent for another sign-in.
    Expired,
    /// None of them.
    Wrong,
}

impl SentCodes {
    /// Asks for a code for a sign-in. `random` is new for each call.
    pub fn ask(&mut self, whose: &Whose<'_>, now: Time, random: [u8; 8]) -> Result<Fresh, HeldBack> {
        self.forget(now);
        if let Some(wait) = self.wait(now) {
            return Err(HeldBack(wait));
        }
        let code = digits_of(random, DIGITS);
        let typed = Typed::parse(&code).expect("six digits are a code");
        let (digest, sign_in) = (whose.digest(&typed), whose.sign_in.to_owned());
        self.0.push(Sent { digest, sign_in, at: now, used: false });
        Ok(Fresh(code))
    }

    /// Judges a typed code against every one that was sent, and marks the right one as used.
    pub fn judge(&mut self, whose: &Whose<'_>, code: &Typed, now: Time) -> Found {
        let digest = whose.digest(code);
        let newest = self.0.len().wrapping_sub(1);
        let mut found = Found::Wrong;
        for (nth, sent) in self.0.iter().enumerate() {
            let live = nth == newest && now < sent.at.after(LIFE) && sent.sign_in == whose.sign_in;
            let kind = match (sent.used, live) {
                (true, _) => Found::Replayed,
                (false, true) => Found::Right,
                (false, false) => Found::Expired,
            };
            let same: Choice = sent.digest.matches(&digest);
            if bool::from(same) {
                found = kind; // the newest of two alike decides
            }
        }
        if found == Found::Right
            && let Some(sent) = self.0.last_mut()
        {
            sent.used = true;
        }
        found
    }

    fn forget(&mut self, now: Time) {
        self.0.retain(|sent| now < sent.at.after(AN_HOUR));
    }

    fn wait(&self, now: Time) -> Option<Duration> {
        let again = self.0.last().map(|sent| sent.at.after(AGAIN));
        let full = (self.0.len() >= AN_HOURS_CODES).then(|| self.0[0].at.after(AN_HOUR));
        let until = again.max(full)?;
        (now < until).then(|| until.since(now))
    }
}

/// Whose code it is, for what, and under which key it is kept.
#[derive(Clone, Copy, Debug)]
pub struct Whose<'a> {
    /// The key of the digests.
    pub pepper: &'a Pepper,
    /// What it is good for.
    pub purpose: Purpose,
    /// The user's id.
    pub user: &'a str,
    /// The sign-in's id.
    pub sign_in: &'a str,
}

impl Whose<'_> {
    fn digest(&self, code: &Typed) -> CodeDigest {
        self.pepper.digest(self.purpose.word(), self.user, code)
    }
}

impl Purpose {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Email, Self::Sms, Self::Binding, Self::Address];

    /// The word in the store.
    pub fn word(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "sms",
            Self::Binding => "binding",
            Self::Address => "address",
        }
    }

    /// The purpose of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.word() == word)
    }
}

impl Fresh {
    /// The digits, for the message alone.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Fresh {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Fresh(..)")
    }
}

/// An address of which its owner knows enough and nobody else much: `j**r@example.com`.
///
/// The first and the last character of the name stay when it has at least three; the stars do not count the rest.
pub fn masked(address: &str) -> String {
    let Some((name, host)) = address.rsplit_once('@') else { return masked_number(address) };
    let mut letters = name.chars();
    match (letters.next(), letters.next(), letters.next_back()) {
        (Some(first), Some(_), Some(last)) => format!("{first}**{last}@{host}"),
        _ => format!("**@{host}"),
    }
}

/// The last two digits of a telephone number.
fn masked_number(number: &str) -> String {
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    let end: String = digits[digits.len().saturating_sub(2)..].iter().collect();
    format!("**{}", if digits.len() > 4 { end.as_str() } else { "" })
}

/// How long a sent code lives.
pub const LIFE: Duration = minutes(10);
/// How long nothing is sent again.
pub const AGAIN: Duration = minutes(1);
/// How many codes are sent in an hour.
pub const AN_HOURS_CODES: usize = 5;
const AN_HOUR: Duration = hours(1);
const DIGITS: u32 = 6;

#[cfg(test)]
mod tests {
    use super::*;

    const START: Time = Time::from_seconds(1_800_000_000);

    fn whose<'a>(pepper: &'a Pepper, sign_in: &'a str) -> Whose<'a> {
        Whose { pepper, purpose: Purpose::Email, user: "u1", sign_in }
    }

    fn at(seconds: i64) -> Time {
        Time::from_seconds(1_800_000_000 + seconds)
    }

    fn typed(fresh: &Fresh) -> Typed {
        Typed::parse(fresh.expose()).unwrap()
    }

    #[test]
    fn a_code_lives_for_ten_minutes_and_is_used_once() {
        let pepper = Pepper::new([7; 32]);
        let (mut codes, own) = (SentCodes::default(), whose(&pepper, "s1"));
        let code = typed(&codes.ask(&own, START, [1; 8]).unwrap());
        assert_eq!(codes.clone().judge(&own, &code, at(600)), Found::Expired);
        assert_eq!(codes.clone().judge(&whose(&pepper, "s2"), &code, at(1)), Found::Expired);
        assert_eq!(codes.judge(&own, &Typed::parse("000000").unwrap(), at(599)), Found::Wrong);
        assert_eq!(codes.judge(&own, &code, at(599)), Found::Right);
        assert_eq!(codes.judge(&own, &code, at(599)), Found::Replayed);
    }

    #[test]
    fn a_new_code_kills_the_old_one() {
        let pepper = Pepper::new([7; 32]);
        let (mut codes, own) = (SentCodes::default(), whose(&pepper, "s1"));
        let old = typed(&codes.ask(&own, START, [1; 8]).unwrap());
        let new = typed(&codes.ask(&own, at(60), [2; 8]).unwrap());
        assert_eq!(codes.judge(&own, &old, at(61)), Found::Expired);
        assert_eq!(codes.judge(&own, &new, at(61)), Found::Right);
    }

    #[test]
    fn not_again_within_a_minute_and_five_an_hour() {
        let pepper = Pepper::new([7; 32]);
        let (mut codes, own) = (SentCodes::default(), whose(&pepper, "s1"));
        assert!(codes.ask(&own, START, [1; 8]).is_ok());
        assert_eq!(codes.ask(&own, at(59), [1; 8]), Err(HeldBack(Duration::from_secs(1))));
        for minute in 1..5 {
            assert!(codes.ask(&own, at(60 * minute), [1; 8]).is_ok());
        }
        assert_eq!(codes.ask(&own, at(600), [1; 8]), Err(HeldBack(Duration::from_mins(50))));
        assert!(codes.ask(&own, at(3600), [1; 8]).is_ok());
    }

    #[test]
    fn an_address_is_masked() {
        for (address, shown) in [
            ("johncrawler@example.com", "j**r@example.com"),
            ("bob@example.com", "b**b@example.com"),
            ("al@example.com", "**@example.com"),
            ("a@example.com", "**@example.com"),
            ("édith@exämple.org", "é**h@exämple.org"),
            ("\"a@b\"@example.com", "\"**\"@example.com"),
            ("+49 170 1234567", "**67"),
            ("112", "**"),
            ("", "**"),
        ] {
            assert_eq!(masked(address), shown);
        }
    }
}
