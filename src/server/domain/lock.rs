//! The lock rule: how often somebody may be wrong. Six wrong codes in a row, over every factor, every door and every
//! spelling of the name, lock for an hour, then for four, then for twenty-four. Pure; who counts what is `attempt`'s.
//!
//! Six tries an hour alone would give a patient attacker one account in seven a year. So a second count, which no lock
//! resets, ends at a hundred (NIST SP 800-63B-4, section 3.2.2).

use std::time::Duration;

use super::time::{Time, hours};

/// What is counted of a user's wrong codes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Failures {
    /// Wrong codes in a row since the last success or the last lock.
    pub in_row: u32,
    /// Wrong codes since the last success: no lock and no time takes from it.
    pub since_success: u32,
    /// How many locks there were since the last success.
    pub locks: u32,
    /// Until when the lock that runs now does, or the last one that nobody saw end.
    pub locked_until: Option<Time>,
}

/// Whether a code is judged at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is.
    Open,
    /// Not before this time.
    Locked(Time),
    /// Not before an administrator unlocks or resets.
    Disabled,
}

/// What one more wrong code did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consequence {
    /// It was counted.
    Counted,
    /// The sixth in a row: locked until then.
    Locked(Time),
    /// The hundredth without a success: the bindings are disabled.
    Disabled,
}

impl Failures {
    /// Whether a code is judged at this time.
    pub fn standing(&self, now: Time) -> Standing {
        match self.locked_until {
            _ if self.since_success >= DISABLED_AT => Standing::Disabled,
            Some(until) if now < until => Standing::Locked(until),
            _ => Standing::Open,
        }
    }

    /// After one more wrong code. To be asked only while the standing is open.
    #[must_use]
    pub fn wrong(self, now: Time) -> (Self, Consequence) {
        let since_success = self.since_success.saturating_add(1);
        let in_row = self.in_row.saturating_add(1);
        if since_success >= DISABLED_AT {
            return (Self { in_row, since_success, ..self }, Consequence::Disabled);
        }
        if in_row < IN_ROW {
            return (Self { in_row, since_success, ..self }, Consequence::Counted);
        }
        let until = now.after(LADDER[usize::try_from(self.locks).map_or(2, |locks| locks.min(2))]);
        let locks = self.locks.saturating_add(1);
        let failures = Self { in_row: 0, since_success, locks, locked_until: Some(until) };
        (failures, Consequence::Locked(until))
    }

    /// After a right code: the ladder and the hundred begin anew.
    #[must_use]
    pub fn right(self) -> Self {
        Self::default()
    }

    /// A lock whose end has come and that nobody saw end: the time of its end, once.
    #[must_use]
    pub fn expire(self, now: Time) -> (Self, Option<Time>) {
        match self.locked_until {
            Some(until) if until <= now => (Self { locked_until: None, ..self }, Some(until)),
            _ => (self, None),
        }
    }
}

/// How long the first, the second and every later lock lasts.
pub const LADDER: [Duration; 3] = [hours(1), hours(4), hours(24)];
/// Wrong codes in a row that lock.
pub const IN_ROW: u32 = 6;
/// Wrong codes without a success that disable.
pub const DISABLED_AT: u32 = 100;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const START: Time = Time::from_millis(1_800_000_000_000);

    fn wrong_times(mut failures: Failures, times: u32, now: Time) -> (Failures, Consequence) {
        let mut last = Consequence::Counted;
        for _ in 0..times {
            (failures, last) = failures.wrong(now);
        }
        (failures, last)
    }

    #[test]
    fn six_wrong_codes_in_a_row_lock_for_one_hour_then_four_then_twenty_four() {
        let mut failures = Failures::default();
        let mut now = START;
        for hours_locked in [1, 4, 24, 24] {
            let (five, last) = wrong_times(failures, 5, now);
            assert_eq!((last, five.standing(now)), (Consequence::Counted, Standing::Open));
            let (six, last) = five.wrong(now);
            let until = now.after(hours(hours_locked));
            assert_eq!(last, Consequence::Locked(until));
            assert_eq!(six.standing(Time::from_millis(until.millis() - 1)), Standing::Locked(until));
            assert_eq!(six.standing(until), Standing::Open);
            assert_eq!(six.expire(until).1, Some(until));
            (failures, now) = (six.expire(until).0, until);
            assert_eq!(failures.expire(until).1, None, "a lock ends once");
        }
    }

    #[test]
    fn a_success_clears_the_ladder_and_the_hundred() {
        let (locked, _) = wrong_times(Failures::default(), 6, START);
        let right = locked.right();
        assert_eq!(right, Failures::default());
        assert_eq!(wrong_times(right, 6, START).1, Consequence::Locked(START.after(hours(1))));
    }

    #[test]
    fn the_hundredth_without_a_success_disables() {
        let mut failures = Failures::default();
        let mut now = START;
        for nth in 1..=100 {
            let (next, last) = failures.wrong(now);
            assert_eq!(last == Consequence::Disabled, nth == 100, "{nth}");
            failures = next;
            if let Standing::Locked(until) = failures.standing(now) {
                now = until;
            }
        }
        assert_eq!(failures.standing(now.after(hours(1_000_000))), Standing::Disabled);
    }

    /// What happens to an account, as the model sees it.
    #[derive(Clone, Copy, Debug)]
    enum Step {
        Wrong,
        Right,
        Wait(u64),
    }

    /// The rule once more, over the whole history instead of counters.
    fn model(history: &[(Time, bool)], now: Time) -> Standing {
        let since = history.iter().rposition(|(_, right)| *right).map_or(0, |at| at + 1);
        let wrong = &history[since..];
        if wrong.len() >= 100 {
            return Standing::Disabled;
        }
        let sixths = wrong.chunks_exact(6).map(|six| six[5].0);
        let mut locks = sixths.enumerate().map(|(nth, time)| time.after(hours([1, 4, 24][nth.min(2)])));
        locks.next_back().filter(|until| now < *until).map_or(Standing::Open, Standing::Locked)
    }

    proptest! {
        #[test]
        fn the_counters_say_what_the_history_says(steps in prop::collection::vec(prop_oneof![
            12 => Just(Step::Wrong), 1 => Just(Step::Right), 6 => (1_u64..100_000).prop_map(Step::Wait),
        ], 0..400)) {
            let (mut failures, mut now, mut history) = (Failures::default(), START, vec![]);
            for step in steps {
                failures = failures.expire(now).0;
                prop_assert_eq!(failures.standing(now), model(&history, now));
                match step {
                    Step::Wait(seconds) => now = now.after(Duration::from_secs(seconds)),
                    _ if failures.standing(now) != Standing::Open => {}
                    Step::Wrong => {
                        failures = failures.wrong(now).0;
                        history.push((now, false));
                    }
                    Step::Right => {
                        failures = failures.right();
                        history.push((now, true));
                    }
                }
            }
        }
    }
}
