//! Letters that wait, taken by whichever replica sends next; what became of them.

use std::time::Duration;

use super::{
    database::Pool,
    desk::Desk,
    error::StoreError,
    letters::{Channel, Letter, place},
    work::{Held, Work},
};
use crate::server::domain::time::{Time, minutes};

/// A letter that was taken to be sent.
#[derive(Debug)]
pub struct Taken {
    /// Its id.
    pub id: String,
    /// The letter.
    pub letter: Letter,
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

/// How long a letter is another's that was taken.
const HELD: Duration = minutes(1);
/// After the first failure; doubled with each.
const FIRST_WAIT: Duration = Duration::from_secs(2);

const DUE: &str =
    "SELECT id, channel, body, tries, until_at FROM letters WHERE due <= $1 ORDER BY due, id LIMIT 20";
const WAITING: &str = "SELECT 1 FROM letters WHERE due <= $1 OR until_at <= $1 LIMIT 1";
const HOLD: &str = "UPDATE letters SET tries = tries + 1, due = $3 WHERE id = $1 AND tries = $2";
const GONE: &str = "DELETE FROM letters WHERE id = $1";
const LATER: &str = "UPDATE letters SET due = $2 WHERE id = $1";
