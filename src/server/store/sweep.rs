//! Sweeping: what has ended goes, a little at a time.

use super::{
    desk::Desk,
    error::StoreError,
    replies::KEPT,
    work::{Held, Work},
};
use crate::server::domain::{
    session::LONGEST,
    sign_in::LIFE,
    time::{Time, hours},
};

/// Takes away sign-ins, sessions, browsers and answers that are over.
#[derive(Debug)]
pub struct Sweep;

impl Work for Sweep {
    type Answer = u64;

    fn row(&self) -> &'static str {
        ""
    }

    fn run<'a>(&'a mut self, desk: &'a mut Desk) -> Held<'a, Result<u64, StoreError>> {
        Box::pin(async move {
            let now = desk.now();
            let before =
                |span| Time::from_millis(now.millis().saturating_sub(i64::try_from(span).unwrap_or(0)));
            let mut gone = 0;
            let steps = [
                (SIGN_INS, before(LIFE.as_millis())),
                (SESSIONS, before(LONGEST.as_millis())),
                (BROWSERS, now),
                (REPLIES, before(KEPT.as_millis())),
                (SENT, before(hours(2).as_millis())),
            ];
            for (sql, time) in steps {
                gone += desk.connection().change(sql, vec![time.into()]).await?;
            }
            Ok(gone)
        })
    }
}

const SIGN_INS: &str =
    "DELETE FROM sign_ins WHERE id IN (SELECT id FROM sign_ins WHERE begun < $1 ORDER BY begun LIMIT 1000)";
const SESSIONS: &str =
    "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE begun < $1 ORDER BY begun LIMIT 1000)";
const BROWSERS: &str = "DELETE FROM browsers WHERE digest IN \
    (SELECT digest FROM browsers WHERE until_at < $1 ORDER BY until_at LIMIT 1000)";
const REPLIES: &str =
    "DELETE FROM replies WHERE name IN (SELECT name FROM replies WHERE at < $1 ORDER BY at LIMIT 1000)";
const SENT: &str = "DELETE FROM sent_codes WHERE (user_id, purpose, at) IN \
    (SELECT user_id, purpose, at FROM sent_codes WHERE at < $1 LIMIT 1000)";
