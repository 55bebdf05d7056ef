//! Letters: what they say, and how they go.
//!
//! | file | what lives there |
//! |---|---|
//! | [`news`] | what a user hears of sign-ins that may not be theirs |
//! | [`texts`] | what they say |
//! | [`post`] | takes what is due from the store, and reports |
//! | [`smtp`], [`sms`] | the two ways |

pub mod news;
pub mod post;
pub mod sms;
pub mod smtp;
pub mod texts;

/// Why a letter did not go, without a word of what is in it.
#[derive(Debug, thiserror::Error)]
pub enum NotSent {
    /// It may go later.
    #[error("{0}")]
    NotNow(String),
    /// It will never go.
    #[error("{0}")]
    ForGood(String),
}
