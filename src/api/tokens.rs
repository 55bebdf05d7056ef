//! Hardware tokens as administrators see them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A token that nobody has.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Token {
    /// The number on its back.
    pub serial: String,
    /// Who made it.
    pub manufacturer: Option<String>,
    /// `totp` or `hotp`.
    pub kind: String,
    /// How long its codes are.
    pub digits: u8,
    /// How many seconds one lasts; 0 for one that counts.
    pub period: u32,
    /// Since when it is here.
    pub created: Timestamp,
}

/// A file of tokens.
#[derive(Clone, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BringTokens {
    /// What stands in it: PSKC (RFC 6030), or a table with serial numbers and secrets. At most 2,000 tokens.
    pub content: String,
    /// The password or key of a PSKC file that is encrypted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
}

/// What became of a file of tokens.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Brought {
    /// How many came.
    pub brought: u32,
    /// Which did not.
    pub refused: Vec<RefusedToken>,
}

/// A token that was not taken.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct RefusedToken {
    /// Its line or its place, from 1; 0 where its number is taken.
    pub at: u64,
    /// Its number.
    pub serial: String,
    /// Why.
    pub reason: String,
}

/// A token for a user.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AssignToken {
    /// The number on its back.
    pub serial: String,
    /// The application that it is for; none for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application: Option<String>,
    /// Why, for the audit.
    pub reason: String,
}

impl std::fmt::Debug for BringTokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BringTokens").finish_non_exhaustive()
    }
}
