//! What an administrator can do to a user or an application, and the plan of it: every effect is said beforehand.

use std::time::Duration;

use jiff::Timestamp;
use zeroize::Zeroizing;

/// A change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Take every binding away and lead the user to binding anew.
    Reset {
        /// The user's name.
        user: String,
    },
    /// Take one binding away.
    Unbind {
        /// The user's name.
        user: String,
        /// The binding's id, or its number in the list from 1.
        binding: String,
    },
    /// Bind an authenticator on behalf of the user.
    Enrol {
        /// The user's name.
        user: String,
        /// For which application.
        application: String,
    },
    /// Ask for no second step until a time.
    Bypass {
        /// The user's name.
        user: String,
        /// Until when; `None` ends it.
        until: Option<Timestamp>,
    },
    /// End a lock and clear the failures.
    Unlock {
        /// The user's name.
        user: String,
    },
    /// Issue a one-time passcode.
    Passcode {
        /// The user's name.
        user: String,
        /// For how long.
        span: Duration,
    },
    /// Let the user sign in, or not any more.
    Enable {
        /// The user's name.
        user: String,
        /// Which.
        on: bool,
    },
    /// Switch a factor of an application.
    Factor {
        /// The application's id.
        application: String,
        /// `otp`, `email`, `sms`.
        factor: String,
        /// To what.
        on: bool,
    },
    /// For how long an application remembers a browser that did the second step.
    Remember {
        /// The application's id.
        application: String,
        /// For how long; `None` for never.
        span: Option<Duration>,
    },
}

/// An authenticator that was begun, and a code of it.
#[derive(Clone, Copy)]
pub struct Begun<'a> {
    /// The user's name.
    pub user: &'a str,
    /// The id of the binding.
    pub binding: &'a str,
    /// The code.
    pub code: &'a str,
}

/// How much care a change needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// It can be undone, and takes nothing away.
    Usual,
    /// It is asked for once.
    Asked,
    /// A name is typed.
    Typed,
}

/// What a change will do: read from the server just now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The change.
    pub action: Action,
    /// In a few words: `Reset OTP bindings of alan (Alan Turing)`.
    pub title: String,
    /// Each effect, a line.
    pub effects: Vec<String>,
    /// What cannot be taken back, or what must be done afterwards.
    pub warning: Option<String>,
    /// How much care it needs.
    pub level: Level,
    /// What is typed to confirm it.
    pub confirm: String,
    /// The id of what is changed.
    pub id: String,
    /// The version of what was seen.
    pub version: String,
    /// How many bindings go.
    pub bindings: u64,
}

/// What was done.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Done {
    /// In one sentence.
    pub sentence: String,
    /// A passcode, shown once.
    pub passcode: Option<Issued>,
    /// What an authenticator takes, shown once.
    pub enrolled: Option<Enrolled>,
}

/// A passcode.
#[derive(Clone, PartialEq, Eq)]
pub struct Issued {
    /// The digits.
    pub passcode: Zeroizing<String>,
    /// Until when it is good.
    pub valid_until: Timestamp,
}

/// What an authenticator takes.
#[derive(Clone, PartialEq, Eq)]
pub struct Enrolled {
    /// The id of the binding, which opens nothing until it is confirmed.
    pub binding: String,
    /// The link, for a QR code.
    pub uri: Zeroizing<String>,
}

impl Action {
    /// Whose account it is about.
    pub fn user(&self) -> Option<&str> {
        match self {
            Self::Reset { user }
            | Self::Unbind { user, .. }
            | Self::Enrol { user, .. }
            | Self::Bypass { user, .. }
            | Self::Unlock { user }
            | Self::Passcode { user, .. }
            | Self::Enable { user, .. } => Some(user),
            Self::Factor { .. } | Self::Remember { .. } => None,
        }
    }

    /// What it is to those who may not do it: `alan may not …`.
    pub(super) fn deed(&self) -> &'static str {
        match self {
            Self::Reset { .. } => "reset users",
            Self::Unbind { .. } => "remove bindings",
            Self::Enrol { .. } => "bind for users",
            Self::Bypass { until: Some(_), .. } => "bypass users",
            Self::Bypass { until: None, .. } => "end a bypass",
            Self::Unlock { .. } => "unlock users",
            Self::Passcode { .. } => "issue passcodes",
            Self::Enable { on: true, .. } => "enable users",
            Self::Enable { on: false, .. } => "disable users",
            Self::Factor { .. } => "switch factors",
            Self::Remember { .. } => "change applications",
        }
    }
}

/// What plans warn of, each once, with how many of them do; a user who is named is "each of them".
pub fn warnings<'a>(plans: impl Iterator<Item = &'a Plan>) -> Vec<(String, usize)> {
    let mut all: Vec<(String, usize)> = vec![];
    for plan in plans {
        let Some(warning) = &plan.warning else { continue };
        let words = warning.split(' ').map(|word| {
            let bare = word.trim_end_matches(['.', ',', ':', ';']);
            if bare == plan.confirm { word.replacen(bare, "each of them", 1) } else { word.to_owned() }
        });
        let words = words.collect::<Vec<_>>().join(" ");
        match all.iter_mut().find(|(known, _)| *known == words) {
            Some((_, count)) => *count += 1,
            None => all.push((words, 1)),
        }
    }
    all
}

impl std::fmt::Debug for Issued {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Issued").field("valid_until", &self.valid_until).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Begun<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Begun")
            .field("user", &self.user)
            .field("binding", &self.binding)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Enrolled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Enrolled").field("binding", &self.binding).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_many_plans_warn_of_is_said_once() {
        let plan = |name: &str, warning: &str| Plan {
            action: Action::Reset { user: name.to_owned() },
            title: String::new(),
            effects: vec![],
            warning: Some(warning.to_owned()),
            level: Level::Typed,
            confirm: name.to_owned(),
            id: name.to_owned(),
            version: String::new(),
            bindings: 1,
        };
        let plans = [
            plan("u1", "No policy leads u1 to binding: u1 is locked out."),
            plan("bob", "No policy leads bob to binding: bob is locked out."),
            plan("c", "Something else"),
        ];
        let said = "No policy leads each of them to binding: each of them is locked out.".to_owned();
        assert_eq!(warnings(plans.iter()), [(said, 2), ("Something else".to_owned(), 1)]);
    }
}
