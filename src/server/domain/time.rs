//! Time as the rules count it: milliseconds since 1970, as a parameter. No clock lives here.

use std::time::Duration;

/// A point in time, in whole milliseconds since 1970: what the store writes, so that a time read back equals
/// the one written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(i64);

impl Time {
    /// From milliseconds since 1970.
    pub const fn from_millis(milliseconds: i64) -> Self {
        Self(milliseconds)
    }

    /// From whole seconds since 1970.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1000))
    }

    /// Milliseconds since 1970.
    pub fn millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970; a clock that was never set counts as 1970.
    pub fn unix_seconds(self) -> u64 {
        u64::try_from(self.0.div_euclid(1000)).unwrap_or(0)
    }

    /// That much later; the end of time stays the end.
    #[must_use]
    pub fn after(self, span: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)))
    }

    /// That much earlier; the beginning of time stays the beginning.
    #[must_use]
    pub fn before(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)))
    }

    /// How long it is from `earlier` to here; nothing when `earlier` is later.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

impl From<jiff::Timestamp> for Time {
    fn from(time: jiff::Timestamp) -> Self {
        Self(time.as_millisecond())
    }
}

/// A whole number of hours.
pub const fn hours(count: u64) -> Duration {
    Duration::from_hours(count)
}

/// A whole number of minutes.
pub const fn minutes(count: u64) -> Duration {
    Duration::from_mins(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_never_wraps() {
        let end = Time::from_millis(i64::MAX);
        assert_eq!(end.after(hours(24)), end);
        assert_eq!(Time::from_millis(-1).unix_seconds(), 0);
        assert_eq!(Time::from_seconds(7).since(Time::from_seconds(9)), Duration::ZERO);
        assert_eq!(Time::from_millis(i64::MIN).since(end), Duration::ZERO);
        assert_eq!(Time::from_seconds(1).after(minutes(1)), Time::from_seconds(61));
    }
}
