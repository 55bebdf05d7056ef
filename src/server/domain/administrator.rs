//! Administrators: four roles, what each may do, and what nobody may do to themselves.

use super::audit::Reason;

/// What an administrator is trusted with. Each role may do what the one before may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Looks.
    Viewer,
    /// Helps users who have lost something.
    Helpdesk,
    /// Decides who must show what.
    Security,
    /// Decides who decides.
    Owner,
}

/// One administrator, or one API key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Administrator {
    /// The id.
    pub id: String,
    /// What the audit calls them.
    pub name: String,
    /// What they are trusted with.
    pub role: Role,
    /// The user that they are when they sign in to applications.
    pub user: Option<String>,
}

/// What an administrator wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Act {
    /// See users, applications, the audit.
    Look,
    /// Take all bindings of a user away.
    Reset,
    /// Take one binding away.
    Unbind,
    /// End a lock.
    Unlock,
    /// Issue a passcode.
    IssuePasscode,
    /// Find the place of a token again.
    Resynchronise,
    /// Bind an authenticator for a user, and see its secret.
    Enrol,
    /// Let a user in without a second step.
    Bypass,
    /// Require it again.
    EndBypass,
    /// Create, change, import, disable and delete users, and set their passwords.
    ManageUsers,
    /// Bring hardware tokens in and assign them.
    ManageTokens,
    /// Create and change applications, and switch their factors.
    ManageApplications,
    /// Create, change and remove administrators and API keys.
    ManageAdministrators,
}

/// On whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target<'a> {
    /// The user's id.
    pub user: &'a str,
    /// Whether that user is an administrator: taking their second factor away is taking their rights over.
    pub is_administrator: bool,
}

/// Why something is refused to an administrator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refused {
    /// Nobody helps himself past his own second factor.
    #[error("nobody may do this to their own account: ask another administrator")]
    Oneself,
    /// Every change of a user says why.
    #[error("a reason is required")]
    NoReason,
    /// The reason is longer than [`MAX_REASON`].
    #[error("the reason has more than {MAX_REASON} characters")]
    LongReason,
    /// The role does not allow it.
    #[error("this needs the role {}", .0.word())]
    Role(Role),
}

impl Administrator {
    /// Whether they may. `reason` is what the audit will say.
    pub fn may(&self, act: Act, target: Option<Target<'_>>, reason: &str) -> Result<(), Refused> {
        let on_administrator = act != Act::Look && target.is_some_and(|target| target.is_administrator);
        let needed = if on_administrator { Role::Owner } else { act.role() };
        if self.role < needed {
            return Err(Refused::Role(needed));
        }
        if act == Act::Look {
            return Ok(());
        }
        if target.is_some_and(|target| self.user.as_deref() == Some(target.user)) {
            return Err(Refused::Oneself);
        }
        if target.is_some() && reason.trim().is_empty() {
            return Err(Refused::NoReason);
        }
        if reason.chars().count() > MAX_REASON {
            return Err(Refused::LongReason);
        }
        Ok(())
    }
}

impl Act {
    /// Every one there is.
    pub const ALL: [Self; 13] = [
        Self::Look,
        Self::Reset,
        Self::Unbind,
        Self::Unlock,
        Self::IssuePasscode,
        Self::Resynchronise,
        Self::Enrol,
        Self::Bypass,
        Self::EndBypass,
        Self::ManageUsers,
        Self::ManageTokens,
        Self::ManageApplications,
        Self::ManageAdministrators,
    ];

    /// The least role that may.
    pub fn role(self) -> Role {
        match self {
            Self::Look => Role::Viewer,
            Self::Reset
            | Self::Unbind
            | Self::Unlock
            | Self::IssuePasscode
            | Self::Resynchronise
            | Self::EndBypass => Role::Helpdesk,
            Self::Enrol
            | Self::Bypass
            | Self::ManageUsers
            | Self::ManageTokens
            | Self::ManageApplications => Role::Security,
            Self::ManageAdministrators => Role::Owner,
        }
    }
}

impl Refused {
    /// What the audit says of it.
    pub fn reason(self) -> Reason {
        Reason::Forbidden
    }
}

impl Role {
    /// All of them, the least first.
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Helpdesk, Self::Security, Self::Owner];

    /// The word in the API and in the store.
    pub fn word(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Helpdesk => "helpdesk",
            Self::Security => "security",
            Self::Owner => "owner",
        }
    }

    /// The role of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }
}

/// The longest reason.
pub const MAX_REASON: usize = 500;

#[cfg(test)]
mod tests {
    use super::*;

    fn with(role: Role) -> Administrator {
        Administrator { id: "a1".into(), name: "Ann".into(), role, user: Some("u-ann".into()) }
    }

    fn bob(is_administrator: bool) -> Target<'static> {
        Target { user: "u-bob", is_administrator }
    }

    #[test]
    fn each_role_may_what_the_one_before_may_and_no_more_than_its_own() {
        let allowed = |role: Role| {
            Act::ALL
                .into_iter()
                .filter(|act| with(role).may(*act, Some(bob(false)), "ticket 1").is_ok())
                .count()
        };
        assert_eq!(Role::ALL.map(allowed), [1, 7, 12, 13]);
        let refused = with(Role::Helpdesk).may(Act::Bypass, Some(bob(false)), "ticket 1").unwrap_err();
        assert_eq!((refused, refused.reason()), (Refused::Role(Role::Security), Reason::Forbidden));
        assert_eq!(refused.to_string(), "this needs the role security");
    }

    #[test]
    fn administrators_may_not_reset_themselves() {
        let own = Some(Target { user: "u-ann", is_administrator: true });
        for act in Act::ALL.into_iter().filter(|act| *act != Act::Look) {
            assert_eq!(with(Role::Owner).may(act, own, "I lost it"), Err(Refused::Oneself), "{act:?}");
        }
        assert_eq!(with(Role::Viewer).may(Act::Look, own, ""), Ok(()));
    }

    #[test]
    fn a_reason_is_required() {
        assert_eq!(with(Role::Owner).may(Act::Reset, Some(bob(false)), " \n"), Err(Refused::NoReason));
        assert_eq!(
            with(Role::Owner).may(Act::Reset, Some(bob(false)), &"x".repeat(501)),
            Err(Refused::LongReason)
        );
    }

    #[test]
    fn an_administrators_own_factor_is_in_the_hands_of_owners() {
        let security = with(Role::Security).may(Act::Reset, Some(bob(true)), "lost");
        assert_eq!(security, Err(Refused::Role(Role::Owner)));
        assert_eq!(with(Role::Owner).may(Act::Reset, Some(bob(true)), "lost"), Ok(()));
    }
}
