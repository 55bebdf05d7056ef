//! Letters: e-mail and SMS, written in the transaction of the decision that they belong to, and sealed. Taking them out
//! is `postbox`'s.

use super::{database::Connection, error::StoreError, tokens::Vault};
use crate::server::{domain::time::Time, random};

/// By which way a letter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// E-mail.
    Email,
    /// SMS.
    Sms,
}

impl Channel {
    /// The word in the store.
    pub fn word(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "sms",
        }
    }
}

/// A letter.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    /// By which way.
    pub channel: Channel,
    /// To which address or number.
    pub to: String,
    /// What it is about; not for an SMS.
    pub subject: String,
    /// What it says.
    pub text: String,
    /// From when it is of no use any more.
    pub until: Time,
}

impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Letter").field("channel", &self.channel).finish_non_exhaustive()
    }
}

/// Writes a letter down.
pub async fn write(
    connection: &mut Connection,
    vault: &Vault<'_>,
    letter: &Letter,
    now: Time,
) -> Result<(), StoreError> {
    let id = random::id(vault.random, now.millis());
    let text = [letter.to.as_str(), &letter.subject, &letter.text].join("\0");
    let body = vault.keys.notes().seal(&place(&id), text.as_bytes(), random::bytes(vault.random));
    let values = vec![
        id.as_str().into(),
        letter.channel.word().into(),
        body.as_slice().into(),
        now.into(),
        letter.until.into(),
    ];
    connection.change(WRITE, values).await.map(|_| ())
}

/// Where a letter lies.
pub(super) fn place(id: &str) -> Vec<u8> {
    format!("letters/{id}").into_bytes()
}

const WRITE: &str =
    "INSERT INTO letters (id, channel, body, tries, due, until_at) VALUES ($1, $2, $3, 0, $4, $5)";
