//! Whole chains of the audit: followed from where they begin to their heads, also while rows are written.

use super::{
    database::{Pool, Row},
    error::StoreError,
    rows,
};
use crate::server::chain::{Broken, ChainKeys, Follower, Head};

/// A chain that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// Whose.
    pub replica: String,
    /// Behind which row it begins: older ones were given up.
    pub start: Head,
    /// Its last row.
    pub head: Head,
}

/// Heads that were exported before: a replica and its row then.
pub type Exported = [(String, Head)];

/// Follows every chain from where it begins to its head. The first that does not hold is the answer, and so is one
/// that has not got an exported head.
pub async fn verify(
    pool: &Pool,
    keys: &ChainKeys,
    exported: &Exported,
) -> Result<Result<Vec<Chain>, Broken>, StoreError> {
    let mut replicas = Vec::new();
    for row in pool.rows(REPLICAS, vec![]).await? {
        replicas.push(row.text(0)?);
    }
    if let Some((gone, _)) = exported.iter().find(|(replica, _)| !replicas.contains(replica)) {
        return Ok(Err(Broken::Head(gone.clone())));
    }
    let mut chains = Vec::new();
    for replica in replicas {
        let heads = exported.iter().filter(|(one, _)| *one == replica).map(|(_, head)| *head).collect();
        match (Walk { pool, keys, replica: &replica, exported: heads }).follow().await? {
            Ok((start, head)) => chains.push(Chain { replica, start, head }),
            Err(broken) => return Ok(Err(broken)),
        }
    }
    Ok(Ok(chains))
}

/// Every chain's head under its seal, its rows unseen.
pub async fn heads(pool: &Pool, keys: &ChainKeys) -> Result<Result<Vec<(String, Head)>, Broken>, StoreError> {
    let mut heads = Vec::new();
    for row in pool.rows(HEADS, vec![]).await? {
        let (replica, head) = (row.text(3)?, read_head(&row)?);
        if !head.is_sealed_by(keys, &replica, &row.bytes(2)?) {
            return Ok(Err(Broken::Head(replica)));
        }
        heads.push((replica, head));
    }
    Ok(Ok(heads))
}

/// Where a chain begins, under its seal.
pub async fn start(pool: &Pool, keys: &ChainKeys, replica: &str) -> Result<Result<Head, Broken>, StoreError> {
    let rows = pool.rows(START, vec![replica.into()]).await?;
    let Some(row) = rows.first() else { return Ok(Ok(Head::START)) };
    let start = read_head(row)?;
    let sealed = start.starts_under(keys, replica, &row.bytes(2)?);
    Ok(if sealed { Ok(start) } else { Err(Broken::Head(replica.to_owned())) })
}

struct Walk<'a> {
    pool: &'a Pool,
    keys: &'a ChainKeys,
    replica: &'a str,
    exported: Vec<Head>,
}

impl Walk<'_> {
    /// Rows may come while it walks, and older ones may be given up: then it begins anew.
    async fn follow(&self) -> Result<Result<(Head, Head), Broken>, StoreError> {
        let mut start = Head::START;
        loop {
            let broken = match self.from(start).await? {
                Ok(head) => return Ok(Ok((start, head))),
                Err(broken) => broken,
            };
            match self::start(self.pool, self.keys, self.replica).await? {
                Ok(moved) if moved != start => start = moved,
                Ok(_) => return Ok(Err(broken)),
                Err(broken) => return Ok(Err(broken)),
            }
        }
    }

    async fn head(&self) -> Result<Result<Head, Broken>, StoreError> {
        let rows = self.pool.rows(HEAD, vec![self.replica.into()]).await?;
        let Some(row) = rows.first() else { return Ok(Err(Broken::Head(self.replica.to_owned()))) };
        let head = read_head(row)?;
        let sealed = head.is_sealed_by(self.keys, self.replica, &row.bytes(2)?);
        Ok(if sealed { Ok(head) } else { Err(Broken::Head(self.replica.to_owned())) })
    }

    /// Every row behind `start` up to the head. Rows that are younger than the head that was read have a younger one.
    async fn from(&self, start: Head) -> Result<Result<Head, Broken>, StoreError> {
        let mut head = match self.head().await? {
            Ok(head) => head,
            Err(broken) => return Ok(Err(broken)),
        };
        let mut follower = Follower::new(self.keys, self.replica, start);
        let (mut behind, mut last) = (i64::MIN, start);
        loop {
            let values = vec![self.replica.into(), behind.into(), PAGE.into()];
            let page = self.pool.rows(CHAIN, values).await?;
            for link in page.iter().map(rows::link) {
                let link = link?;
                if last == head && link.seq == head.seq + 1 {
                    head = match self.head().await? {
                        Ok(head) => head,
                        Err(broken) => return Ok(Err(broken)),
                    };
                }
                behind = link.seq;
                last = link.head();
                if let Err(broken) = follower.step(&link).and_then(|()| self.compare(last)) {
                    return Ok(Err(broken));
                }
            }
            if page.is_empty() {
                return Ok(self.end(follower, head, last).map(|()| head));
            }
        }
    }

    fn end(&self, follower: Follower<'_>, head: Head, last: Head) -> Result<(), Broken> {
        follower.end(head, &head.seal(self.keys, self.replica))?;
        match self.exported.iter().find(|exported| exported.seq > last.seq) {
            None => Ok(()),
            Some(exported) => {
                let (replica, exported) = (self.replica.to_owned(), exported.seq);
                Err(Broken::RolledBack { replica, exported, found: last.seq })
            }
        }
    }

    fn compare(&self, row: Head) -> Result<(), Broken> {
        let other = self.exported.iter().any(|exported| exported.seq == row.seq && *exported != row);
        let replica = || self.replica.to_owned();
        if other { Err(Broken::Other { replica: replica(), seq: row.seq }) } else { Ok(()) }
    }
}

fn read_head(row: &Row) -> Result<Head, StoreError> {
    Ok(Head { seq: row.int(0)?, hash: row.array(1)? })
}

const PAGE: i64 = 1000;
const REPLICAS: &str = "SELECT replica FROM audit_heads UNION SELECT replica FROM audit \
    UNION SELECT replica FROM audit_starts ORDER BY replica";
/// A chain as it lies in the table.
pub const CHAIN: &str = "SELECT replica, seq, at, event, outcome, reason, factor, application, user_id, user_name, \
    actor, address, country, request, detail, prev, hash FROM audit \
    WHERE replica = $1 AND seq > $2 ORDER BY seq LIMIT $3";
const HEAD: &str = "SELECT seq, hash, seal FROM audit_heads WHERE replica = $1";
const HEADS: &str = "SELECT seq, hash, seal, replica FROM audit_heads ORDER BY replica";
const START: &str = "SELECT seq, hash, seal FROM audit_starts WHERE replica = $1";
