//! How far the webhook of each replica came in its chain of the audit.

use super::{
    database::Pool,
    desk::Desk,
    error::StoreError,
    read::{self, Record},
    work::{Held, Work},
};

/// Where a replica's webhook is, and the next rows behind it, in their order.
pub async fn behind(pool: &Pool, replica: &str) -> Result<(i64, Vec<Record>), StoreError> {
    let rows = pool.rows(POSITION, vec![replica.into()]).await?;
    let from = rows.first().map_or(Ok(0), |row| row.int(0))?;
    let rows = pool.rows(BEHIND, vec![replica.into(), from.into(), AT_ONCE.into()]).await?;
    Ok((from, rows.iter().map(read::record).collect::<Result<_, _>>()?))
}

/// Everything up to a row arrived.
#[derive(Debug)]
pub struct Move {
    /// Whose chain.
    pub replica: String,
    /// Where it was.
    pub from: i64,
    /// Where it is now.
    pub to: i64,
}

impl Work for Move {
    type Answer = ();

    fn row(&self) -> &'static str {
        ""
    }

    fn run<'a>(&'a mut self, desk: &'a mut Desk) -> Held<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let values = vec![self.replica.as_str().into(), self.to.into(), self.from.into()];
            // Who finds it elsewhere was passed: those rows arrived twice, and none is missing.
            desk.connection().change(MOVE, values).await.map(|_| ())
        })
    }
}

/// How many rows go in one request.
const AT_ONCE: i64 = 200;
const POSITION: &str = "SELECT seq FROM webhook_positions WHERE replica = $1";
const BEHIND: &str = "SELECT replica, seq, at, event, outcome, reason, factor, application, user_id, user_name, \
    actor, address, country, request, detail FROM audit WHERE replica = $1 AND seq > $2 ORDER BY seq LIMIT $3";
const MOVE: &str = "INSERT INTO webhook_positions (replica, seq) VALUES ($1, $2) \
    ON CONFLICT (replica) DO UPDATE SET seq = excluded.seq WHERE webhook_positions.seq = $3";
