//! Applications as administrators see them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An application.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Application {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Which factors are on.
    pub factors: FactorSwitches,
    /// For how many minutes a browser is remembered that did the second step; none for never.
    pub remember_minutes: Option<u64>,
    /// What users must agree to.
    pub agreement: Option<Agreement>,
    /// How many users have an authenticator for it.
    pub users: u64,
    /// How many confirmed authenticators there are for it: so many go when `otp` is switched off.
    pub bindings: u64,
}

/// Which factors an application asks for. Any one of them is enough; none, and the password is.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FactorSwitches {
    /// One-time codes of an authenticator or a hardware token.
    #[serde(default)]
    pub otp: bool,
    /// Codes by e-mail. Not an authenticator in the sense of NIST SP 800-63B-4.
    #[serde(default)]
    pub email: bool,
    /// Codes by SMS. A restricted authenticator in the sense of NIST SP 800-63B-4.
    #[serde(default)]
    pub sms: bool,
}

/// A text that users agree to.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Agreement {
    /// Grows with every change.
    pub version: u32,
    /// The text.
    pub text: String,
}

/// A new application.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewApplication {
    /// Its id: 1 to 64 of `a-z 0-9 . _ -`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Which factors are on.
    #[serde(default)]
    pub factors: FactorSwitches,
    /// For how many minutes a browser is remembered; none for never. At most 30 days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remember_minutes: Option<u64>,
    /// What users must agree to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement: Option<String>,
}

/// What changes of an application. What is absent stays; `null` takes it away.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangeApplication {
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// For how many minutes a browser is remembered.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<u64>))]
    pub remember_minutes: Option<Option<u64>>,
    /// What users must agree to. Another text is accepted anew by everybody.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>))]
    pub agreement: Option<Option<String>>,
}

/// A factor that is switched.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SwitchFactor {
    /// To what.
    pub on: bool,
    /// How many bindings go with it, repeated by who saw the number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bindings: Option<u64>,
}

/// What switching a factor off would do.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Impact {
    /// How many confirmed bindings go and cannot be brought back.
    pub bindings: u64,
    /// How many users lose one.
    pub users: u64,
    /// How many of the users who could use this factor have no other one at this application.
    pub left_without: u64,
}

/// A new key of an application.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewApplicationKey {
    /// What people call it.
    pub name: String,
    /// Who knows the passwords: `here`, or `elsewhere` for an application that shows codes alone.
    #[serde(default)]
    pub passwords: Passwords,
}

/// Who knows the passwords of an application's users.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Passwords {
    /// sesamd.
    #[default]
    Here,
    /// The application.
    Elsewhere,
}

/// A key of an application, without its secret.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ApplicationKey {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Who knows the passwords.
    pub passwords: Passwords,
    /// Since when there is one.
    pub created: Timestamp,
}

#[expect(clippy::option_option, reason = "absent, null and a value are three things")]
fn present<'de, D, T>(from: D) -> Result<Option<Option<T>>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::<T>::deserialize(from).map(Some)
}
