//! The tabs of an open server. A new one is a line here and one where the tabs are opened.

/// A tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tab {
    /// Everybody.
    Users,
    /// What happened.
    Audit,
    /// What happened, in numbers.
    Charts,
    /// Applications and their factors.
    Apps,
    /// The server itself.
    Server,
}

impl Tab {
    /// All of them, in the order of their numbers from 1.
    pub const ALL: [Self; 5] = [Self::Users, Self::Audit, Self::Charts, Self::Apps, Self::Server];

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Users => "Users",
            Self::Audit => "Audit",
            Self::Charts => "Charts",
            Self::Apps => "Apps",
            Self::Server => "Server",
        }
    }

    /// The one of a number from 1.
    pub fn of(number: usize) -> Option<Self> {
        Self::ALL.get(number.checked_sub(1)?).copied()
    }

    /// The one so many places further, around the end.
    #[must_use]
    pub fn turned(self, by: usize) -> Self {
        Self::ALL[(self as usize + by) % Self::ALL.len()]
    }
}
