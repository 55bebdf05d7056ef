//! A clock that jumps: the time of the machine against the time that passed.

use std::sync::{
    Mutex,
    atomic::{AtomicI64, Ordering},
};

use super::domain::time::Time;

/// Notices jumps of the clock.
#[derive(Debug, Default)]
pub struct Watch {
    last: Mutex<Option<(Time, i64)>>,
    jumped: AtomicI64,
}

impl Watch {
    /// Looks: `now` is what the clock says, `passed` how many milliseconds passed since any fixed moment, by a clock
    /// that nobody sets. By how much it jumped since the last look, in milliseconds.
    pub fn look(&self, now: Time, passed: i64) -> Option<i64> {
        let mut last = self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let before = last.replace((now, passed));
        let (time, ticks) = before?;
        let jump = (now.millis() - time.millis()) - (passed - ticks);
        if jump.abs() <= TOLERANCE {
            return None;
        }
        self.jumped.store(passed.saturating_add(DEGRADED), Ordering::Relaxed);
        Some(jump)
    }

    /// Whether it jumped a short while ago.
    pub fn jumped(&self) -> bool {
        let last = self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        last.is_some_and(|(_, passed)| passed < self.jumped.load(Ordering::Relaxed))
    }
}

/// Less than this is a clock being set right.
const TOLERANCE: i64 = 5000;
/// For so many milliseconds it is said.
const DEGRADED: i64 = 600_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jump_is_noticed_and_forgotten_after_a_while() {
        let watch = Watch::default();
        let at = |seconds: i64| Time::from_seconds(1_800_000_000 + seconds);
        assert_eq!(watch.look(at(0), 0), None);
        assert_eq!(watch.look(at(14), 10_000), None, "four seconds are no jump");
        assert!(!watch.jumped());
        assert_eq!(watch.look(at(-3600), 20_000), Some(-3_624_000));
        assert!(watch.jumped());
        assert_eq!(watch.look(at(-3590), 30_000), None);
        assert!(watch.jumped());
        watch.look(at(-2900), 720_000);
        assert!(!watch.jumped());
    }
}
