//! TOTP (RFC 6238) by the server's clock alone.

use subtle::Choice;

use super::judged::{Judged, Moving, Reach};
use crate::{
    otp::Otp,
    server::domain::{time::Time, typed::Typed},
};

pub(super) fn judge(otp: &Otp, moving: Moving, code: &Typed, at: (Time, Reach)) -> Judged {
    let (now, reach) = at;
    let here = step(otp, now);
    let middle = here.saturating_add_signed(i64::from(moving.drift));
    let newest = if reach.one_ahead { middle.saturating_add(1) } else { middle };
    // The newest that matches: two steps with the same code die together.
    let found = newest_match(otp, middle.saturating_sub(1)..=newest, code);
    // Beside the window, the step that was accepted last: who sends it again late is no guesser.
    let seen = moving.last.is_some_and(|last| bool::from(matches(otp, last, code)));
    match found {
        Some(step) if moving.last.is_none_or(|last| step > last) => {
            let drift = learn(moving.drift, step > middle);
            Judged::Right(Moving { last: Some(step), drift })
        }
        Some(_) => Judged::Replayed,
        None if seen => Judged::Replayed,
        None => Judged::Wrong,
    }
}

pub(super) fn resynchronise(otp: &Otp, moving: Moving, codes: [&Typed; 2], now: Time) -> Judged {
    let here = step(otp, now);
    let window = here.saturating_sub(RESYNC_STEPS)..=here.saturating_add(RESYNC_STEPS);
    let mut found = None;
    for first in window {
        let both = matches(otp, first, codes[0]) & matches(otp, first.saturating_add(1), codes[1]);
        if bool::from(both) {
            found = Some(first.saturating_add(1));
        }
    }
    match found {
        None => Judged::Wrong,
        Some(step) if moving.last.is_some_and(|last| step - 1 <= last) => Judged::Replayed,
        Some(step) => {
            let ahead = i128::from(step) - i128::from(here);
            let drift = i32::try_from(ahead).expect("the window is a few steps wide");
            Judged::Right(Moving { last: Some(step), drift })
        }
    }
}

/// A code from the step after this one says that the clock is ahead; a code from the step before says nothing, as
/// typing takes time, too. What two codes have shown is not learned away.
fn learn(drift: i32, ahead: bool) -> i32 {
    if ahead && drift < LEARNED_DRIFT { drift + 1 } else { drift }
}

fn newest_match(otp: &Otp, steps: std::ops::RangeInclusive<u64>, code: &Typed) -> Option<u64> {
    let mut found = None;
    for step in steps {
        if bool::from(matches(otp, step, code)) {
            found = Some(step);
        }
    }
    found
}

fn matches(otp: &Otp, step: u64, code: &Typed) -> Choice {
    let seconds = step.saturating_mul(u64::from(period(otp)));
    match otp.code(seconds) {
        Ok(right) => code.matches(right.as_str()),
        Err(_) => Choice::from(0),
    }
}

fn step(otp: &Otp, now: Time) -> u64 {
    now.unix_seconds() / u64::from(period(otp))
}

fn period(otp: &Otp) -> u32 {
    otp.period().unwrap_or_default().seconds()
}

/// How far a clock may be learned to be ahead from single codes.
pub const LEARNED_DRIFT: i32 = 2;
/// How many steps to each side two codes are looked for.
pub const RESYNC_STEPS: u64 = 10;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::otp::Secret;

    const NOW: Time = Time::from_seconds(1_800_000_015);
    const STEP: u64 = 60_000_000;
    const PLAIN: Reach = Reach { one_ahead: false };

    fn otp() -> Otp {
        Otp::totp(Secret::new(b"12345678901234567890".to_vec()).unwrap())
    }

    fn code(step: u64) -> Typed {
        Typed::parse(otp().code(step * 30).unwrap().as_str()).unwrap()
    }

    fn judged(moving: Moving, step: u64, reach: Reach) -> Judged {
        judge(&otp(), moving, &code(step), (NOW, reach))
    }

    fn right(step: u64) -> Judged {
        Judged::Right(Moving { last: Some(step), drift: 0 })
    }

    #[test]
    fn the_step_now_and_the_one_before_are_right() {
        let fresh = Moving::default();
        assert_eq!(judged(fresh, STEP, PLAIN), right(STEP));
        assert_eq!(judged(fresh, STEP - 1, PLAIN), right(STEP - 1));
        for step in [STEP - 2, STEP + 1, STEP + 2] {
            assert_eq!(judged(fresh, step, PLAIN), Judged::Wrong);
        }
    }

    #[test]
    fn the_step_after_only_where_that_is_configured_and_it_teaches_the_drift() {
        let ahead = Reach { one_ahead: true };
        let learned = Moving { last: Some(STEP + 1), drift: 1 };
        assert_eq!(judged(Moving::default(), STEP + 1, ahead), Judged::Right(learned));
        assert_eq!(judged(Moving::default(), STEP + 2, ahead), Judged::Wrong);
        let far = Moving { last: None, drift: LEARNED_DRIFT };
        let Judged::Right(moving) = judged(far, STEP + 3, ahead) else { panic!("not right") };
        assert_eq!(moving.drift, LEARNED_DRIFT);
    }

    #[test]
    fn a_step_counts_once_and_an_older_unused_one_dies_with_it() {
        let used = Moving { last: Some(STEP), drift: 0 };
        assert_eq!(judged(used, STEP, PLAIN), Judged::Replayed);
        assert_eq!(judged(used, STEP - 1, PLAIN), Judged::Replayed);
    }

    #[test]
    fn the_last_code_sent_again_later_is_still_a_replay_and_no_guess() {
        let used = Moving { last: Some(STEP - 100), drift: 0 };
        assert_eq!(judged(used, STEP - 100, PLAIN), Judged::Replayed);
        assert_eq!(judged(used, STEP - 99, PLAIN), Judged::Wrong);
    }

    #[test]
    fn a_clock_that_goes_back_makes_no_used_step_usable() {
        let used = Moving { last: Some(STEP + 1000), drift: 0 };
        assert_eq!(judged(used, STEP, PLAIN), Judged::Replayed);
    }

    #[test]
    fn two_codes_in_a_row_teach_the_drift_of_a_token() {
        let token = |step: u64| resynchronise(&otp(), Moving::default(), [&code(step), &code(step + 1)], NOW);
        let learned = Moving { last: Some(STEP - 5), drift: -5 };
        assert_eq!(token(STEP - 6), Judged::Right(learned));
        assert_eq!(judged(learned, STEP - 4, PLAIN), Judged::Wrong, "not yet shown by the token");
        let later = Time::from_seconds(1_800_000_015 + 30);
        assert!(matches!(judge(&otp(), learned, &code(STEP - 4), (later, PLAIN)), Judged::Right(_)));
        assert_eq!(token(STEP - 11), Judged::Wrong);
        assert_eq!(
            resynchronise(&otp(), Moving::default(), [&code(STEP), &code(STEP + 2)], NOW),
            Judged::Wrong
        );
        let used = Moving { last: Some(STEP - 6), drift: 0 };
        let again = resynchronise(&otp(), used, [&code(STEP - 6), &code(STEP - 5)], NOW);
        assert_eq!(again, Judged::Replayed);
    }

    #[test]
    fn other_lengths_and_letters_are_wrong() {
        for text in ["0", "12345", "1234567", "ABCDEF", "12345678"] {
            let typed = Typed::parse(text).unwrap();
            assert_eq!(judge(&otp(), Moving::default(), &typed, (NOW, PLAIN)), Judged::Wrong);
        }
    }

    proptest! {
        #[test]
        fn no_step_counts_twice_ever(
            tries in prop::collection::vec((0_i64..3600, -4_i64..5, any::<bool>()), 1..60),
        ) {
            let (mut moving, mut accepted) = (Moving::default(), Vec::new());
            for (seconds, offset, one_ahead) in tries {
                let now = Time::from_seconds(1_800_000_000 + seconds); // forth and back
                let step = (now.unix_seconds() / 30).saturating_add_signed(offset);
                if let Judged::Right(next) = judge(&otp(), moving, &code(step), (now, Reach { one_ahead })) {
                    prop_assert!(accepted.iter().all(|before| Some(*before) < next.last));
                    accepted.push(next.last.unwrap());
                    moving = next;
                }
            }
        }
    }
}
