//! The link that carries an account from one app to another: `otpauth://`, `steam://` and `motp://`.
//!
//! This file holds what a link says; [`parse_link`] reads what real apps write, [`format_link`] writes what
//! any app reads. The Google Authenticator batch (`otpauth-migration://`) is a format of its own.

mod code_display;
mod error;
mod format;
mod label;
mod link_type;
mod note;
mod parse;
mod percent;
mod query;
mod read;
#[cfg(test)]
mod round_trip;
#[cfg(test)]
mod tests;

pub use error::LinkError;
pub use format::{Form, format_link};
pub use label::split as split_label;
pub use link_type::looks_like_link;
pub use note::LinkNote;
pub use parse::{link_names, parse_link};

use super::Otp;

/// The longest link that is read, in bytes: 4 KiB.
pub const MAX_LINK_BYTES: usize = 4096;

/// The longest issuer and the longest account name, in code points.
pub const MAX_NAME_CHARS: usize = 1024;

/// What a link says.
///
/// The names are kept byte for byte, control characters too: whoever shows them makes them safe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Who asks for the code; may be empty.
    pub issuer: String,
    /// The name at the issuer; may be empty.
    pub account: String,
    /// The one-time password.
    pub otp: Otp,
    /// What some apps add.
    pub extras: Extras,
    /// What was read in another way than written, or is worth a word.
    pub notes: Vec<LinkNote>,
}

/// What some apps add to a link: Ente in `codeDisplay`, andOTP in `tags`, `FreeOTP` in `image`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extras {
    /// The groups that the account is in.
    pub tags: Vec<String>,
    /// The user's own words.
    pub note: String,
    /// Kept on top (Ente: `pinned`).
    pub favourite: bool,
    /// Lies in the app's trash.
    pub trashed: bool,
    /// The name or the address of a picture. Nobody fetches it: it may point into the user's own network.
    pub icon: String,
    /// Ente's JSON as it stood; the fields above already hold what it says (with the `client` feature).
    pub code_display: Option<String>,
}
