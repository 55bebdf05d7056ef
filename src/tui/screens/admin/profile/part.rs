//! The rows of a server's profile: what each is called, which server has it, and what it is for.

use crate::config::ProviderKind;

/// A row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Name,
    Address,
    Provider,
    Kind,
    User,
    Code,
    Realm,
    Client,
    Token,
    Kept,
    CaFile,
    ReadOnly,
    Save,
}

/// What decides about the rows.
#[derive(Clone, Copy)]
pub(super) struct About {
    /// What program the server is.
    pub(super) provider: ProviderKind,
    /// Whether somebody signs in there with a password.
    pub(super) has_user: bool,
}

impl Part {
    /// Every row, from the top.
    const ALL: [Self; 13] = [
        Self::Name,
        Self::Address,
        Self::Provider,
        Self::Kind,
        Self::User,
        Self::Code,
        Self::Realm,
        Self::Client,
        Self::Token,
        Self::Kept,
        Self::CaFile,
        Self::ReadOnly,
        Self::Save,
    ];
    /// How many there are at most.
    pub(super) const COUNT: usize = Self::ALL.len();

    /// The rows of such a server.
    pub(super) fn rows(about: About) -> Vec<Self> {
        let has = |part: &Self| match part {
            Self::Realm => about.provider != ProviderKind::Sesamd,
            Self::Client => about.provider == ProviderKind::Keycloak,
            Self::Code => about.has_user,
            _ => true,
        };
        Self::ALL.into_iter().filter(has).collect()
    }

    /// Its place among all.
    pub(super) fn index(self) -> usize {
        self as usize
    }

    /// Whether it is typed into.
    pub(super) fn is_typed(self) -> bool {
        !self.is_switched() && self != Self::Save
    }

    /// Whether Space goes on to its next choice.
    pub(super) fn is_switched(self) -> bool {
        matches!(self, Self::Provider | Self::Kept | Self::ReadOnly)
    }

    /// The word before it.
    pub(super) fn label(self, about: About) -> &'static str {
        match self {
            Self::Name => "Name",
            Self::Provider => "Program",
            Self::Address => "Address",
            Self::Kind => "Kind",
            Self::User => "User",
            Self::Code => "Code from",
            Self::Realm => "Realm",
            Self::Client => "Client",
            Self::Token => secret(about),
            Self::Kept => "Kept in",
            Self::CaFile => "CA file",
            Self::ReadOnly => "Read only",
            Self::Save => "",
        }
    }

    /// What it is for, to somebody who stands on it.
    pub(super) fn advice(self, about: About) -> &'static str {
        match self {
            Self::Name => "What you call it: mfa-prod.",
            Self::Provider => "What answers there. Space goes on to the next.",
            Self::Address => "https://…; http is for this machine alone.",
            Self::Kind => {
                "prod, test, lab, or an own word of up to five letters: shown on every screen of it."
            }
            Self::User => match about.provider {
                ProviderKind::Sesamd => "Who signs in with a password and a code; empty for an API key.",
                ProviderKind::PrivacyIdea => "Who signs in with a password; empty for a service token.",
                ProviderKind::Keycloak => {
                    "Who signs in with password and passcode; empty for a client's secret."
                }
            },
            Self::Code => "The account of your vault that makes the codes; empty: you are asked for one.",
            Self::Realm if about.provider == ProviderKind::Keycloak => "The realm whose users are meant.",
            Self::Realm => "Whose users are meant; empty for the usual one.",
            Self::Client if about.has_user => "The client that signs in; empty for admin-cli.",
            Self::Client => "The client that signs in with its secret.",
            Self::Token => "What the server gave you. It goes where the next row says, and nowhere else.",
            Self::Kept if about.provider == ProviderKind::Keycloak => {
                "The system keyring, or the vault; or a browser signs in each time. Space changes it."
            }
            Self::Kept => "The system keyring, or the vault, which must be open then. Space changes it.",
            Self::CaFile => "Certificates (PEM) to trust instead of the system's; mostly empty.",
            Self::ReadOnly => "Every change is refused.",
            Self::Save => "",
        }
    }
}

/// What the secret of such a server is called.
pub(super) fn secret(about: About) -> &'static str {
    match about.provider {
        _ if about.has_user => "Password",
        ProviderKind::Sesamd => "API key",
        ProviderKind::PrivacyIdea => "Token",
        ProviderKind::Keycloak => "Secret",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_server_has_its_own_rows() {
        let rows = |provider, has_user| Part::rows(About { provider, has_user });
        assert!(!rows(ProviderKind::Sesamd, false).contains(&Part::Realm));
        assert!(rows(ProviderKind::PrivacyIdea, true).contains(&Part::Code));
        assert_eq!(rows(ProviderKind::Keycloak, true).len(), Part::COUNT);
        assert!(Part::ALL.iter().enumerate().all(|(at, part)| part.index() == at));
    }
}
