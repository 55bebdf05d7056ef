//! A session that is used once more, and one that ends.

use super::{
    desk::Desk,
    error::StoreError,
    work::{Held, Work},
};
use crate::server::domain::time::Time;

/// Notes that a session was used.
#[derive(Debug)]
pub struct Touch {
    /// Its id.
    pub id: String,
    /// When.
    pub at: Time,
}

/// Ends one session of a user.
#[derive(Debug)]
pub struct End {
    /// The user.
    pub user: String,
    /// The session's id.
    pub id: String,
}

impl Work for Touch {
    type Answer = ();

    fn row(&self) -> &str {
        &self.id
    }

    fn run<'a>(&'a mut self, desk: &'a mut Desk) -> Held<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let values = vec![self.id.as_str().into(), self.at.into()];
            desk.connection().change(TOUCH, values).await.map(|_| ())
        })
    }
}

impl Work for End {
    type Answer = ();

    fn row(&self) -> &str {
        &self.id
    }

    fn run<'a>(&'a mut self, desk: &'a mut Desk) -> Held<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let values = vec![self.id.as_str().into(), self.user.as_str().into()];
            match desk.connection().change(END, values).await? {
                0 => Err(StoreError::Missing),
                _ => Ok(()),
            }
        })
    }
}

const TOUCH: &str = "UPDATE sessions SET used = $2 WHERE id = $1 AND used < $2";
const END: &str = "DELETE FROM sessions WHERE id = $1 AND user_id = $2";
