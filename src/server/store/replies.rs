//! Answers that are kept, so that a change that is asked for twice under one idempotency key is done once and answered
//! alike. Kept for a day, sealed: an answer may hold a passcode.

use std::time::Duration;

use super::{
    desk::Desk,
    error::StoreError,
    work::{Held, Work},
};
use crate::server::{domain::time::hours, random};

/// An answer: a status of HTTP and a body of JSON.
#[derive(Clone, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The body; empty for none.
    pub body: Vec<u8>,
}

impl Reply {
    /// Done, and nothing to tell.
    pub fn nothing() -> Self {
        Self { status: 204, body: vec![] }
    }
}

impl std::fmt::Debug for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reply").field("status", &self.status).finish_non_exhaustive()
    }
}

/// Which request an answer belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Digest of who asked and the key that they chose.
    pub name: [u8; 32],
    /// Digest of what they asked for.
    pub request: [u8; 32],
}

/// Work that is done once for its key. Without a key it is done each time.
#[derive(Debug)]
pub struct Once<W> {
    /// The key.
    pub key: Option<Key>,
    /// The work.
    pub work: W,
}

impl<W, E> Work for Once<W>
where
    W: Work<Answer = Result<Reply, E>>,
    E: Send + 'static,
{
    type Answer = Result<Reply, E>;

    fn row(&self) -> &str {
        self.work.row()
    }

    fn run<'a>(&'a mut self, desk: &'a mut Desk) -> Held<'a, Result<Self::Answer, StoreError>> {
        Box::pin(async move {
            let Some(key) = &self.key else { return self.work.run(desk).await };
            if let Some(known) = known(desk, key).await? {
                return Ok(Ok(known));
            }
            // What was refused is not kept: asked again, it may be right.
            let answer = self.work.run(desk).await?;
            if let Ok(reply) = &answer {
                keep(desk, key, reply).await?;
            }
            Ok(answer)
        })
    }
}

/// Work whose answer is told in other words.
#[derive(Debug)]
pub struct Then<W, F> {
    /// The work.
    pub work: W,
    /// The other words.
    pub then: F,
}

impl<W, F, T> Work for Then<W, F>
where
    W: Work,
    F: FnMut(W::Answer) -> T + Send + 'static,
    T: Send + 'static,
{
    type Answer = T;

    fn row(&self) -> &str {
        self.work.row()
    }

    fn run<'a>(&'a mut self, desk: &'a mut Desk) -> Held<'a, Result<T, StoreError>> {
        Box::pin(async move { Ok((self.then)(self.work.run(desk).await?)) })
    }
}

async fn known(desk: &mut Desk, key: &Key) -> Result<Option<Reply>, StoreError> {
    let rows = desk.connection().rows(READ, vec![key.name.as_slice().into()]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    if row.bytes(0)? != key.request {
        return Err(StoreError::OtherRequest);
    }
    let status = u16::try_from(row.int(1)?).map_err(|_| StoreError::damaged("replies", "status"))?;
    let body = desk.keys().notes().open(&place(key), &row.bytes(2)?);
    let body = body.ok_or_else(|| StoreError::damaged("replies", "it was changed"))?;
    Ok(Some(Reply { status, body: body.to_vec() }))
}

/// Who was faster with the same key decides: the whole group is tried anew and finds the answer.
async fn keep(desk: &mut Desk, key: &Key, reply: &Reply) -> Result<(), StoreError> {
    let (random, now) = (desk.random(), desk.now());
    let body = desk.keys().notes().seal(&place(key), &reply.body, random::bytes(random));
    let values = vec![
        key.name.as_slice().into(),
        key.request.as_slice().into(),
        i64::from(reply.status).into(),
        body.as_slice().into(),
        now.into(),
    ];
    super::people::expect_one(desk.connection().change(KEEP, values).await?)
}

fn place(key: &Key) -> Vec<u8> {
    [b"replies".as_slice(), &key.name].concat()
}

/// How long an answer is kept.
pub const KEPT: Duration = hours(24);

const READ: &str = "SELECT request, status, body FROM replies WHERE name = $1";
const KEEP: &str = "INSERT INTO replies (name, request, status, body, at) VALUES ($1, $2, $3, $4, $5) \
    ON CONFLICT (name) DO NOTHING";
