//! Retention: old rows of the audit go up to a signed checkpoint, and where the chain begins then is sealed, so that the
//! rest still verifies and a beginning that somebody else cut off does not.

use super::{
    Store,
    chains::{self, CHAIN},
    database::Value,
    desk::Desk,
    error::StoreError,
    rows::{self, Scene},
    work::{Held, Work},
};
use crate::server::{
    chain::{Broken, Follower, Head},
    domain::{
        audit::{AdministratorEvent, Event, EventKind},
        time::Time,
    },
};

/// Why nothing, or not everything, was given up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NotPruned {
    /// What does not hold is evidence: it stays.
    #[error("the audit does not hold, so nothing of it goes: {0}")]
    Broken(#[from] Broken),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Gives up rows that are older than `before`, in every chain; the answer is how many. Every row is followed before it
/// goes.
pub async fn prune(store: &Store, before: Time, scene: &Scene) -> Result<u64, NotPruned> {
    let heads = chains::heads(store.pool(), store.chain_keys()).await??;
    let mut gone = 0;
    for (replica, _) in heads {
        let mut first = true;
        while let Some(step) = step(store, &replica, before).await? {
            let (from, to) = step;
            let scene = Some(scene.clone()).filter(|_| std::mem::take(&mut first));
            gone += store.submit(GiveUp { replica: replica.clone(), from, to, before, scene }).await?;
        }
    }
    Ok(gone)
}

/// From where a chain begins to the next checkpoint that is old enough, with all rows between.
async fn step(store: &Store, replica: &str, before: Time) -> Result<Option<(Head, Head)>, NotPruned> {
    let (pool, keys) = (store.pool(), store.chain_keys());
    let start = chains::start(pool, keys, replica).await??;
    let found = pool.rows(NEXT, vec![replica.into(), start.seq.into()]).await?;
    let Some(row) = found.first() else { return Ok(None) };
    let checkpoint = Head { seq: row.int(0)?, hash: row.array(1)? };
    if !checkpoint.is_sealed_by(keys, replica, &row.bytes(2)?) {
        return Err(Broken::Head(replica.to_owned()).into());
    }
    let mut follower = Follower::new(keys, replica, start);
    let mut at = start;
    while at.seq < checkpoint.seq {
        let page = pool.rows(CHAIN, vec![replica.into(), at.seq.into(), PAGE.into()]).await?;
        if page.is_empty() {
            let (head, found) = (checkpoint.seq, at.seq);
            return Err(Broken::Truncated { replica: replica.to_owned(), head, found }.into());
        }
        for row in page.iter().take(usize::try_from(checkpoint.seq - at.seq).unwrap_or(0)) {
            let link = rows::link(row)?;
            follower.step(&link)?;
            at = link.head();
            // The row's own time is sealed, the checkpoint's is not.
            if row.time(2)? >= before {
                return Ok(None);
            }
        }
    }
    if at == checkpoint {
        return Ok(Some((start, checkpoint)));
    }
    Err(Broken::Changed { replica: replica.to_owned(), seq: checkpoint.seq }.into())
}

/// Moves the beginning of a chain to a checkpoint; the rows before it go in the same transaction.
struct GiveUp {
    replica: String,
    from: Head,
    to: Head,
    before: Time,
    scene: Option<Scene>,
}

impl Work for GiveUp {
    type Answer = u64;

    fn row(&self) -> &'static str {
        ""
    }

    fn run<'a>(&'a mut self, desk: &'a mut Desk) -> Held<'a, Result<u64, StoreError>> {
        Box::pin(async move {
            let (replica, to): (Value, Value) = (self.replica.as_str().into(), self.to.seq.into());
            let seal = desk.start_seal(&self.replica, self.to);
            let (hash, seal) = (self.to.hash.as_slice().into(), seal.as_slice().into());
            let values = vec![replica.clone(), to.clone(), hash, seal, self.from.seq.into()];
            if desk.connection().change(MOVE, values).await? == 0 {
                return Ok(0); // another replica was faster
            }
            let gone = desk.connection().change(GO, vec![replica.clone(), to.clone()]).await?;
            desk.connection().change(CHECKPOINTS_GO, vec![replica, to]).await?;
            if let Some(scene) = &self.scene {
                let (replica, first, now) = (&self.replica, self.from.seq + 1, desk.now());
                let limit = jiff::Timestamp::from_millisecond(self.before.millis()).unwrap_or_default();
                let detail = format!("rows of {replica} from {first} on that are older than {limit}");
                let event = Event::success(EventKind::Administrator(AdministratorEvent::AuditPruned));
                desk.note((scene, None), &[event.saying(detail)], now).await?;
            }
            Ok(gone)
        })
    }
}

const PAGE: i64 = 1000;
const NEXT: &str =
    "SELECT seq, hash, seal FROM audit_checkpoints WHERE replica = $1 AND seq > $2 ORDER BY seq LIMIT 1";
const MOVE: &str = "INSERT INTO audit_starts (replica, seq, hash, seal) VALUES ($1, $2, $3, $4) \
    ON CONFLICT (replica) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, seal = excluded.seal \
    WHERE audit_starts.seq = $5";
const GO: &str = "DELETE FROM audit WHERE replica = $1 AND seq <= $2";
const CHECKPOINTS_GO: &str = "DELETE FROM audit_checkpoints WHERE replica = $1 AND seq < $2";
