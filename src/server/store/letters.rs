//! Letters that wait: e-mail and SMS, written in the transaction of the decision that they belong to, sealed, and
//! taken by whichever replica sends next.

use std::time::Duration;

use super::{
    database::Pool,
    desk::Desk,
    error::StoreError,
    work::{Held, Work},
};
use crate::server::{
    domain::time::{Time, minutes},
    random,
};

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

/// A letter that was taken to be sent.
#[derive(Debug)]
pub struct Taken {
    /// Its id.
    pub id: String,
    /// The letter.
    pub letter: Letter,
}

/// Writes a letter down.
pub async fn write(desk: &mut Desk, letter: &Letter, now: Time) -> Result<(), StoreError> {
    let random = desk.random();
    let id = random::id(random, now.millis());
    let text = [letter.to.as_str(), &letter.subject, &letter.text].join("\0");
    let body = desk.keys().notes().seal(&place(&id), text.as_bytes(), random::bytes(random));
    let values = vec![
        id.as_str().into(),
        letter.channel.word().into(),
        body.as_slice().into(),
        now.into(),
        letter.until.into(),
    ];
    desk.connection().change(WRITE, values).await.map(|_| ())
}

/// Whether there is anything to take or to throw away: a look that costs no write.
pub async fn waiting(pool: &Pool, now: Time) -> Result<bool, StoreError> {
    Ok(!pool.rows(WAITING, vec![now.into()]).await?.is_empty())
}

/// Takes what is due, for a minute: who takes it and dies leaves it to the next.
#[derive(Debug)]
pub struct Take;

/// Says what became of a letter.
#[derive(Debug)]
pub struct Report {
    /// Which one.
    pub id: String,
    /// Whether it went.
    pub sent: bool,
}

impl Work for Take {
    type Answer = Vec<Taken>;

    fn row(&self) -> &'static str {
        "letters"
    }

    fn run<'a>(&'a mut self, desk: &'a mut Desk) -> Held<'a, Result<Vec<Taken>, StoreError>> {
        Box::pin(async move {
            let now = desk.now();
            desk.connection().change("DELETE FROM letters WHERE until_at <= $1", vec![now.into()]).await?;
            let rows = desk.connection().rows(DUE, vec![now.into()]).await?;
            let mut taken = Vec::with_capacity(rows.len());
            for row in rows {
                let (id, tries) = (row.text(0)?, row.int(3)?);
                let values = vec![id.as_str().into(), tries.into(), now.after(HELD).into()];
                if desk.connection().change(HOLD, values).await? == 0 {
                    continue; // another replica has it
                }
                if let Some(letter) = letter(desk, &id, (&row.text(1)?, &row.bytes(2)?), row.time(4)?) {
                    taken.push(Taken { id, letter });
                } else {
                    desk.connection().change(GONE, vec![id.as_str().into()]).await?;
                }
            }
            Ok(taken)
        })
    }
}

impl Work for Report {
    type Answer = ();

    fn row(&self) -> &'static str {
        "letters"
    }

    fn run<'a>(&'a mut self, desk: &'a mut Desk) -> Held<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let id = self.id.as_str();
            if self.sent {
                return desk.connection().change(GONE, vec![id.into()]).await.map(|_| ());
            }
            let rows =
                desk.connection().rows("SELECT tries FROM letters WHERE id = $1", vec![id.into()]).await?;
            let Some(row) = rows.first() else { return Ok(()) };
            let tries = u32::try_from(row.int(0)?).unwrap_or(u32::MAX);
            let wait = FIRST_WAIT.saturating_mul(1 << tries.min(6));
            let due = desk.now().after(wait);
            desk.connection().change(LATER, vec![id.into(), due.into()]).await.map(|_| ())
        })
    }
}

fn letter(desk: &Desk, id: &str, (channel, body): (&str, &[u8]), until: Time) -> Option<Letter> {
    let text = desk.keys().notes().open(&place(id), body)?;
    let [to, subject, text] =
        std::str::from_utf8(&text).ok()?.splitn(3, '\0').collect::<Vec<_>>().try_into().ok()?;
    let channel = [Channel::Email, Channel::Sms].into_iter().find(|one| one.word() == channel)?;
    Some(Letter { channel, to: to.into(), subject: subject.into(), text: text.into(), until })
}

fn place(id: &str) -> Vec<u8> {
    format!("letters/{id}").into_bytes()
}

/// How long a letter is another's that was taken.
const HELD: Duration = minutes(1);
/// After the first failure; doubled with each.
const FIRST_WAIT: Duration = Duration::from_secs(2);

const WRITE: &str =
    "INSERT INTO letters (id, channel, body, tries, due, until_at) VALUES ($1, $2, $3, 0, $4, $5)";
const DUE: &str =
    "SELECT id, channel, body, tries, until_at FROM letters WHERE due <= $1 ORDER BY due, id LIMIT 20";
const WAITING: &str = "SELECT 1 FROM letters WHERE due <= $1 OR until_at <= $1 LIMIT 1";
const HOLD: &str = "UPDATE letters SET tries = tries + 1, due = $3 WHERE id = $1 AND tries = $2";
const GONE: &str = "DELETE FROM letters WHERE id = $1";
const LATER: &str = "UPDATE letters SET due = $2 WHERE id = $1";
