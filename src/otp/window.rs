//! How long a code stays as it is.

use super::Period;

/// The span of one code, in seconds since 1970: from `from` up to, but not at, `until`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The first second of the code.
    pub from: u64,
    /// The first second of the next code.
    pub until: u64,
}

impl Window {
    /// The seconds left at `now`; 0 once the window is over.
    pub fn remaining(&self, now: u64) -> u64 {
        self.until.saturating_sub(now)
    }

    pub(super) fn around(unix_seconds: u64, period: Period) -> Self {
        let length = u64::from(period.seconds());
        let from = period.step(unix_seconds) * length;
        Self { from, until: from.saturating_add(length) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_at_a_whole_step_and_ends_before_the_next() {
        let period = Period::default();
        let window = Window::around(59, period);
        assert_eq!(window, Window { from: 30, until: 60 });
        assert_eq!([30, 59, 60, 99].map(|now| window.remaining(now)), [30, 1, 0, 0]);
        assert_eq!(Window::around(60, period).from, 60);
        assert_eq!(Window::around(u64::MAX, period).until, u64::MAX);
    }
}
