//! The audit as administrators read it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One row of the audit.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Record {
    /// Whose chain.
    pub replica: String,
    /// Its number there, without gaps.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// What happened: `Secondary authentication - OTP`, `Binding reset`, ….
    pub event: String,
    /// `success` or `failure`.
    pub result: String,
    /// Why.
    pub reason: Option<Reason>,
    /// By which factor.
    pub factor: Option<String>,
    /// At which application, by its id.
    pub application: Option<String>,
    /// The user's id.
    pub user_id: Option<String>,
    /// The user's name as it was then, or what was typed where a name belongs.
    pub user: Option<String>,
    /// Who acted: `user`, `admin:NAME`, `key:NAME`, `application:ID`, `system`.
    pub actor: String,
    /// From where.
    pub address: Option<String>,
    /// The country of that address.
    pub country: Option<String>,
    /// The id of the request.
    pub request: Option<String>,
    /// What else a reader must know.
    pub detail: Option<String>,
}

/// Why something was refused, or why it happened.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The hundredth wrong code without a success.
    Disabled,
    /// A right code whose time is over, or that a newer one replaced.
    ExpiredCode,
    /// The application does not ask for this factor.
    FactorOff,
    /// An administrator's role does not allow it.
    Forbidden,
    /// The user is locked.
    Locked,
    /// The user has nothing of this factor.
    NotBound,
    /// A right code that was accepted before.
    ReplayedCode,
    /// No user has this name.
    UnknownUser,
    /// The user may not sign in.
    UserDisabled,
    /// No code of the user's.
    WrongCode,
    /// Not the user's password.
    WrongPassword,
    /// Something that this version does not know.
    #[serde(other)]
    Other,
}

/// Rows counted by one of their parts.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Statistics {
    /// By what.
    pub by: String,
    /// How many rows were counted.
    pub total: u64,
    /// What was counted, the most first; by hour and day in the order of time.
    pub rows: Vec<Counted>,
}

/// So many rows of one kind.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Counted {
    /// What they have in common; empty for those that have nothing there.
    pub key: String,
    /// How many.
    pub total: u64,
    /// How many of them by result.
    pub results: BTreeMap<String, u64>,
}
