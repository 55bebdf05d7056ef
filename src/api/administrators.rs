//! Administrators and their programs' keys.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What an administrator is trusted with. Each role may do what the one before may.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
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

/// An administrator: a user with a role.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Administrator {
    /// The user's id.
    pub user: String,
    /// The user's name.
    pub name: String,
    /// The role.
    pub role: Role,
    /// Since when.
    pub created: Timestamp,
}

/// The role that a user gets.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetRole {
    /// The role.
    pub role: Role,
    /// Why, for the audit.
    pub reason: String,
}

/// A new API key.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewKey {
    /// What the audit calls it.
    pub name: String,
    /// What it is trusted with.
    pub role: Role,
    /// After how many days it ends; none for never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
}

/// An API key, without its secret.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Key {
    /// Its id.
    pub id: String,
    /// What the audit calls it.
    pub name: String,
    /// What it is trusted with.
    pub role: Role,
    /// Since when there is one.
    pub created: Timestamp,
    /// When it ends.
    pub until: Option<Timestamp>,
}

/// A key that was made, with its secret: it is shown this once.
#[derive(Clone, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct MadeKey {
    /// Its id.
    pub id: String,
    /// The secret.
    pub key: String,
}

impl std::fmt::Debug for MadeKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MadeKey").field("id", &self.id).finish_non_exhaustive()
    }
}
