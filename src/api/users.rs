//! Users as the help desk sees them, and what it may ask for.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A user.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct User {
    /// The id, which no change of name changes.
    pub id: String,
    /// The name to sign in with.
    pub name: String,
    /// What people call the user.
    pub display: Option<String>,
    /// Where e-mail codes go.
    pub email: Option<String>,
    /// Where SMS codes go.
    pub mobile: Option<String>,
    /// What to know first.
    pub state: UserState,
    /// Whether the user may sign in at all.
    pub enabled: bool,
    /// Until when no code is judged.
    pub locked_until: Option<Timestamp>,
    /// Wrong codes in a row.
    pub failures: u32,
    /// Wrong codes since the last success; at a hundred no code is judged until somebody unlocks or resets.
    pub failures_since_success: u32,
    /// Until when no second step is asked for.
    pub bypass_until: Option<Timestamp>,
    /// Whether the next sign-in leads to binding.
    pub must_bind: bool,
    /// The last success.
    pub last_success: Option<Timestamp>,
    /// Since when there is this user.
    pub created: Timestamp,
    /// The authenticators.
    pub bindings: Vec<Binding>,
    /// What changes name in `If-Match`: another version is another state.
    pub version: String,
}

/// What to know first of a user. The worst comes first.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum UserState {
    /// May not sign in.
    Disabled,
    /// No code is judged now.
    Locked,
    /// No second step is asked for.
    Bypass,
    /// Has no authenticator, or must bind one anew.
    Unbound,
    /// None of these.
    Ok,
}

/// An authenticator of a user.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Binding {
    /// Its id.
    pub id: String,
    /// The application that it is for; none for a token that is for all.
    pub application: Option<String>,
    /// `totp` or `hotp`.
    pub kind: String,
    /// The number of a hardware token; none for a program on a telephone.
    pub serial: Option<String>,
    /// `unconfirmed`, `active` or `disabled`.
    pub state: String,
    /// `SHA1`, `SHA256` or `SHA512`.
    pub algorithm: String,
    /// How long its codes are.
    pub digits: u8,
    /// How long one of its codes lasts, in seconds; 0 for one that counts.
    pub period: u32,
    /// When it was begun.
    pub created: Timestamp,
    /// When a code of it was accepted last.
    pub used: Option<Timestamp>,
}

/// A user with what only a look at one user shows.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct UserDetail {
    /// The user.
    #[serde(flatten)]
    pub user: User,
    /// How many recovery codes are left.
    pub recovery_codes: u32,
    /// Until when a passcode is good that was issued and not used.
    pub passcode_until: Option<Timestamp>,
    /// How many sessions are open.
    pub sessions: u32,
    /// What the user may do as an administrator.
    pub role: Option<String>,
}

/// A new user.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// The name to sign in with.
    pub name: String,
    /// What people call the user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display: Option<String>,
    /// Where e-mail codes go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Where SMS codes go, with the country's number: `+49…`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mobile: Option<String>,
    /// The password, at least 8 characters; none for a user whose application holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// Whether the user may not sign in yet.
    #[serde(default)]
    pub disabled: bool,
    /// Why, for the audit.
    #[serde(default)]
    pub reason: String,
}

/// What changes of a user. What is absent stays; `null` takes it away.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangeUser {
    /// Another name to sign in with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What people call the user.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>))]
    pub display: Option<Option<String>>,
    /// Where e-mail codes go.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>))]
    pub email: Option<Option<String>>,
    /// Where SMS codes go.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>))]
    pub mobile: Option<Option<String>>,
    /// Whether the user may sign in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// Why, for the audit.
    #[serde(default)]
    pub reason: String,
}

/// Why, for the audit.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Because {
    /// Why, for the audit. At most 500 characters.
    pub reason: String,
}

/// A password that is set.
#[derive(Clone, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetPassword {
    /// The password, at least 8 characters.
    pub password: String,
    /// Why, for the audit.
    pub reason: String,
}

/// A bypass: until a time, or for so many minutes.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetBypass {
    /// Its end, at most 30 days from now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// For so many minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u32>,
    /// Why, for the audit.
    pub reason: String,
}

/// A passcode that is issued.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct IssuePasscode {
    /// For how many minutes it is good, 1 to 1,440.
    pub minutes: u32,
    /// Why, for the audit.
    pub reason: String,
}

/// A passcode, shown once.
#[derive(Clone, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Passcode {
    /// The digits.
    pub passcode: String,
    /// Until when it is good.
    pub valid_until: Timestamp,
}

/// An authenticator that an administrator binds for a user.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Enrol {
    /// For which application.
    pub application: String,
    /// Why, for the audit.
    pub reason: String,
}

/// What an authenticator takes, shown once.
#[derive(Clone, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Enrolled {
    /// The binding, which opens nothing until a code of it was shown.
    pub binding: String,
    /// The `otpauth` link.
    pub uri: String,
    /// The secret in Base32.
    pub base32: String,
    /// The secret in hex.
    pub hex: String,
    /// The link as a QR code: a picture in SVG.
    pub qr: String,
}

/// A code of an authenticator that was just bound.
#[derive(Clone, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ConfirmEnrolled {
    /// The code.
    pub code: String,
    /// Why, for the audit.
    pub reason: String,
}

/// Two codes of a token, one behind the other.
#[derive(Clone, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Resynchronise {
    /// Two codes, one behind the other.
    pub codes: [String; 2],
    /// Why, for the audit.
    pub reason: String,
}

/// Users that are brought in as a table.
#[derive(Clone, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ImportUsers {
    /// CSV with a first line of names: `name` and any of `display,email,mobile,password,password_hash`.
    pub csv: String,
    /// Why, for the audit.
    pub reason: String,
}

/// What became of a table of users.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Imported {
    /// How many users came.
    pub created: u32,
    /// The lines that did not.
    pub refused: Vec<RefusedLine>,
}

/// A line of a table that was not taken.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct RefusedLine {
    /// Which one, from 1.
    pub line: u64,
    /// The name that it has, or what stands in the place of one.
    pub name: String,
    /// Why.
    pub reason: String,
}

/// How many users there are, and how many need a look.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Overview {
    /// All users.
    pub users: u64,
    /// Those for whom no code is judged now.
    pub locked: u64,
    /// Those who are asked for no second step now.
    pub bypassed: u64,
    /// Those who may not sign in.
    pub disabled: u64,
    /// The version of the server.
    pub version: String,
    /// The time of the server.
    pub time: Timestamp,
    /// Who asks.
    pub actor: String,
    /// What they may do.
    pub role: String,
}

/// A value that is there, be it `null`.
#[expect(clippy::option_option, reason = "absent, null and a value are three things")]
fn present<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Option<String>>, D::Error> {
    Option::<String>::deserialize(from).map(Some)
}

/// No secret shows: the words of what may.
macro_rules! silent {
    ($($name:ident),*) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )*};
}
silent!(SetPassword, Passcode, Enrolled, ConfirmEnrolled, Resynchronise, ImportUsers);
