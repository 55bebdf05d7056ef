//! HOTP (RFC 4226): the counter moves on success alone, and a little look-ahead forgives pressed buttons.

use subtle::Choice;

use super::judged::{Judged, Moving};
use crate::{
    otp::{Counter, Kind, Otp},
    server::domain::typed::Typed,
};

/// `first` is the counter of an authenticator that was never used.
pub(super) fn judge(otp: &Otp, first: u64, moving: Moving, code: &Typed) -> Judged {
    let next = next(first, moving);
    let mut found = None;
    for ahead in 0..=LOOK_AHEAD {
        let counter = next.saturating_add(ahead);
        if bool::from(matches(otp, counter, code)) {
            found = found.or(Some(counter));
        }
    }
    let mut seen = Choice::from(0);
    for back in 1..=LOOK_BACK {
        if let Some(counter) = next.checked_sub(back).filter(|counter| *counter >= first) {
            seen |= matches(otp, counter, code);
        }
    }
    match found {
        Some(counter) => Judged::Right(Moving { last: Some(counter), ..moving }),
        None if bool::from(seen) => Judged::Replayed,
        None => Judged::Wrong,
    }
}

pub(super) fn resynchronise(otp: &Otp, first: u64, moving: Moving, codes: [&Typed; 2]) -> Judged {
    let next = next(first, moving);
    let mut found = None;
    for ahead in 0..=RESYNC_AHEAD {
        let counter = next.saturating_add(ahead);
        let both = matches(otp, counter, codes[0]) & matches(otp, counter.saturating_add(1), codes[1]);
        if bool::from(both) {
            found = found.or(Some(counter.saturating_add(1)));
        }
    }
    match found {
        Some(counter) => Judged::Right(Moving { last: Some(counter), ..moving }),
        None => Judged::Wrong,
    }
}

fn next(first: u64, moving: Moving) -> u64 {
    moving.last.map_or(first, |last| last.saturating_add(1))
}

fn matches(otp: &Otp, counter: u64, code: &Typed) -> Choice {
    let Ok(counter) = Counter::new(counter) else { return Choice::from(0) };
    match (Otp { kind: Kind::Hotp { counter }, ..otp.clone() }).code(0) {
        Ok(right) => code.matches(right.as_str()),
        Err(_) => Choice::from(0),
    }
}

/// How many codes may be skipped (RFC 4226, section 7.4: keep it low).
pub const LOOK_AHEAD: u64 = 10;
/// How many used codes are known again.
const LOOK_BACK: u64 = 10;
/// How far two codes in a row are looked for.
pub const RESYNC_AHEAD: u64 = 100;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::otp::Secret;

    fn otp(first: u64) -> Otp {
        let kind = Kind::Hotp { counter: Counter::new(first).unwrap() };
        Otp::new(kind, Secret::new(b"12345678901234567890".to_vec()).unwrap())
    }

    fn code(counter: u64) -> Typed {
        Typed::parse(otp(counter).code(0).unwrap().as_str()).unwrap()
    }

    fn judged(last: Option<u64>, counter: u64) -> Judged {
        judge(&otp(5), 5, Moving { last, drift: 0 }, &code(counter))
    }

    fn right(counter: u64) -> Judged {
        Judged::Right(Moving { last: Some(counter), drift: 0 })
    }

    #[test]
    fn the_next_ten_may_be_skipped_and_no_more() {
        assert_eq!(judged(None, 5), right(5));
        assert_eq!(judged(Some(5), 6), right(6));
        assert_eq!(judged(Some(5), 16), right(16));
        assert_eq!(judged(Some(5), 17), Judged::Wrong);
        assert_eq!(judged(None, 4), Judged::Wrong, "from before the first");
    }

    #[test]
    fn a_used_code_is_a_replay_and_a_skipped_one_is_dead() {
        assert_eq!(judged(Some(9), 9), Judged::Replayed);
        assert_eq!(judged(Some(9), 7), Judged::Replayed);
    }

    #[test]
    fn two_codes_in_a_row_find_a_counter_that_ran_away() {
        let both = |one, two| resynchronise(&otp(5), 5, Moving::default(), [&code(one), &code(two)]);
        assert_eq!(both(90, 91), right(91));
        assert_eq!(both(90, 92), Judged::Wrong);
        assert_eq!(both(107, 108), Judged::Wrong);
    }

    #[test]
    fn the_end_of_the_counter_is_no_beginning() {
        let last = i64::MAX.unsigned_abs();
        assert_eq!(judge(&otp(last), last, Moving { last: Some(last), drift: 0 }, &code(0)), Judged::Wrong);
    }

    proptest! {
        #[test]
        fn no_counter_counts_twice_ever(tries in prop::collection::vec(0_u64..60, 1..80)) {
            let (mut moving, mut accepted) = (Moving::default(), Vec::new());
            for counter in tries {
                if let Judged::Right(next) = judge(&otp(0), 0, moving, &code(counter)) {
                    prop_assert!(accepted.iter().all(|before| Some(*before) < next.last));
                    accepted.push(next.last.unwrap());
                    moving = next;
                }
            }
        }
    }
}
