//! Rows of the audit: written in the transaction of the decision, each sealed to the one before.

use super::{
    database::{Connection, Row, Value},
    error::StoreError,
};
use crate::server::{
    chain::{ChainKeys, Fields, Head, Link},
    domain::{audit::Event, time::Time},
};

/// Who asks, from where: what every row of a request says besides its event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scene {
    /// Who acts: `user`, `admin:NAME`, `application:ID`, `system`.
    pub actor: String,
    /// The address of the one who asks.
    pub address: Option<String>,
    /// The country of that address.
    pub country: Option<String>,
    /// The id of the request.
    pub request: Option<String>,
}

/// About whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject<'a> {
    /// The user's id; empty for a name that nobody has.
    pub id: &'a str,
    /// The user's name as it was then.
    pub name: &'a str,
}

/// Where a row goes, and when it happened.
#[derive(Clone, Copy)]
pub struct Book<'a> {
    /// The keys of the chain.
    pub keys: &'a ChainKeys,
    /// Whose chain.
    pub replica: &'a str,
    /// The time of the decision.
    pub now: Time,
}

/// Writes one event behind a head, and returns the new head.
pub async fn append(
    connection: &mut Connection,
    (book, head): (Book<'_>, Head),
    (scene, subject): (&Scene, Option<Subject<'_>>),
    event: &Event,
) -> Result<Head, StoreError> {
    let link = head.next(book.keys, book.replica, fields((scene, subject), event, book.now));
    let mut values: Vec<Value> = vec![book.replica.into(), link.seq.into(), book.now.millis().into()];
    values.extend(link.fields[1..].iter().map(|field| Value::Text(field.clone())));
    values.extend([link.prev.as_slice().into(), link.hash.as_slice().into()]);
    connection.change(APPEND, values).await?;
    Ok(link.head())
}

/// Locks a chain's head and reads it; the first time it is made.
pub async fn lock_head(
    connection: &mut Connection,
    keys: &ChainKeys,
    replica: &str,
) -> Result<Head, StoreError> {
    let rows = connection.rows(LOCK, vec![replica.into()]).await?;
    if let Some(row) = rows.first() {
        return Ok(Head { seq: row.int(0)?, hash: row.array(1)? });
    }
    let (head, seal) = (Head::START, Head::START.seal(keys, replica));
    let values = vec![replica.into(), head.seq.into(), head.hash.as_slice().into(), seal.as_slice().into()];
    connection.change(MAKE, values).await?;
    Ok(head)
}

/// Moves a chain's head, and sets a checkpoint each thousand rows.
pub async fn move_head(
    connection: &mut Connection,
    book: Book<'_>,
    (from, to): (Head, Head),
) -> Result<(), StoreError> {
    if from == to {
        return Ok(());
    }
    let seal = to.seal(book.keys, book.replica);
    let head = || vec![book.replica.into(), to.seq.into(), to.hash.as_slice().into(), seal.as_slice().into()];
    let mut values: Vec<Value> = head();
    values.push(from.seq.into());
    super::people::expect_one(connection.change(MOVE, values).await?)?;
    if from.seq / CHECKPOINT_EACH != to.seq / CHECKPOINT_EACH {
        let mut values: Vec<Value> = head();
        values.push(book.now.millis().into());
        connection.change(CHECKPOINT, values).await?;
    }
    Ok(())
}

/// A row of the audit as the chain sees it. Its columns are those of the table, in their order.
pub fn link(row: &Row) -> Result<Link, StoreError> {
    let mut fields = vec![Some(row.int(2)?.to_string())];
    for at in 3..=14 {
        fields.push(row.maybe_text(at)?);
    }
    Ok(Link { seq: row.int(1)?, fields, prev: row.array(15)?, hash: row.array(16)? })
}

/// What a row says, its time first, in the order of the table's columns.
fn fields((scene, subject): (&Scene, Option<Subject<'_>>), event: &Event, now: Time) -> Fields {
    // PostgreSQL takes no NUL: what a stranger sent must not undo the count of a wrong code.
    let text = |text: &str| Some(text.replace('\0', "\u{fffd}"));
    let maybe = |value: &Option<String>| value.as_deref().and_then(text);
    vec![
        Some(now.millis().to_string()),
        text(event.kind.name()),
        text(event.outcome.word()),
        event.reason.and_then(|reason| text(reason.word())),
        event.factor.and_then(|factor| text(factor.word())),
        maybe(&event.application),
        subject.filter(|subject| !subject.id.is_empty()).and_then(|subject| text(subject.id)),
        subject.and_then(|subject| text(subject.name)),
        text(&scene.actor),
        maybe(&scene.address),
        maybe(&scene.country),
        maybe(&scene.request),
        maybe(&event.detail),
    ]
}

/// How often a checkpoint is set: at one of them the rows before it may be given up.
pub const CHECKPOINT_EACH: i64 = 1000;

const APPEND: &str = "INSERT INTO audit (replica, seq, at, event, outcome, reason, factor, application, user_id, \
    user_name, actor, address, country, request, detail, prev, hash) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";
const LOCK: &str = "UPDATE audit_heads SET seq = seq WHERE replica = $1 RETURNING seq, hash";
const MAKE: &str = "INSERT INTO audit_heads (replica, seq, hash, seal) VALUES ($1, $2, $3, $4)";
const MOVE: &str = "UPDATE audit_heads SET seq = $2, hash = $3, seal = $4 WHERE replica = $1 AND seq = $5";
const CHECKPOINT: &str =
    "INSERT INTO audit_checkpoints (replica, seq, hash, seal, at) VALUES ($1, $2, $3, $4, $5)";
