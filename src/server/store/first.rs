//! The first administrator: a token that is good once, and only while there is none.

use super::{
    administrators,
    database::Connection,
    desk::Desk,
    error::StoreError,
    work::{Held, Work},
};

/// Keeps the digest of a token for the first administrator; an older one is void then. The answer is whether one is
/// needed.
#[derive(Debug)]
pub struct KeepFirst {
    /// The digest, as text.
    pub digest: String,
}

impl Work for KeepFirst {
    type Answer = bool;

    fn row(&self) -> &'static str {
        ""
    }

    fn run<'a>(&'a mut self, desk: &'a mut Desk) -> Held<'a, Result<bool, StoreError>> {
        Box::pin(async move {
            if administrators::any(desk.connection()).await? {
                return Ok(false);
            }
            let keep = "INSERT INTO meta (name, value) VALUES ('first', $1) \
                ON CONFLICT (name) DO UPDATE SET value = excluded.value";
            desk.connection().change(keep, vec![self.digest.as_str().into()]).await?;
            Ok(true)
        })
    }
}

/// Takes the token: `false` for another one, and once there is an administrator.
pub async fn take(connection: &mut Connection, digest: &str) -> Result<bool, StoreError> {
    let sql = "DELETE FROM meta WHERE name = 'first' AND value = $1";
    let taken = connection.change(sql, vec![digest.into()]).await? == 1;
    Ok(taken && !administrators::any(connection).await?)
}
