//! The token that a request carries: one that was given, or that of a session which is begun when it is needed.
//!
//! A session lies in memory alone. When it ends, whoever notices first signs in anew and all others wait for that: a
//! password is not sent by ten threads. A refused sign-in is not tried again, for tries are counted on the other side.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use zeroize::Zeroizing;

use super::error::AdminError;
use crate::clock::running;

/// The way to a new session.
pub type SignIn = Box<dyn Fn() -> Result<Zeroizing<String>, AdminError> + Send + Sync>;

/// The way to a new token that is good for so long.
pub type Renew = Box<dyn Fn() -> Result<(Zeroizing<String>, Duration), AdminError> + Send + Sync>;

/// Where the token of each request comes from.
pub struct Bearer {
    now: Mutex<Now>,
    source: Source,
    bare: bool,
}

/// Where the next token comes from.
enum Source {
    None,
    SignIn(SignIn),
    Renew(Renew),
}

/// A token in use.
pub(super) type Token = Arc<Zeroizing<String>>;

enum Now {
    None,
    Refused(AdminError),
    /// Until when, by the time that the program has run, where that is known.
    Token(Token, Option<Duration>),
}

impl Bearer {
    /// A token that stays.
    pub fn fixed(token: Zeroizing<String>) -> Self {
        Self { now: Mutex::new(Now::Token(Arc::new(token), None)), source: Source::None, bare: false }
    }

    /// That of a session, begun at the first request.
    pub fn session(sign_in: SignIn) -> Self {
        Self { now: Mutex::new(Now::None), source: Source::SignIn(sign_in), bare: false }
    }

    /// Tokens that end soon: each is followed by the next one a little before its end.
    pub fn renewing(renew: Renew) -> Self {
        Self { now: Mutex::new(Now::None), source: Source::Renew(renew), bare: false }
    }

    /// For a server that takes the token without the word `Bearer`.
    #[must_use]
    pub fn without_word(self) -> Self {
        Self { bare: true, ..self }
    }

    /// What the header says.
    pub(super) fn said(&self, token: &Token) -> Zeroizing<String> {
        Zeroizing::new(format!("{}{}", if self.bare { "" } else { "Bearer " }, token.as_str()))
    }

    /// The token for a request. Signs in first where that is needed.
    pub(super) fn token(&self) -> Result<Token, AdminError> {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        match &*now {
            Now::Token(token, until) if until.is_none_or(|until| running() < until) => {
                return Ok(Arc::clone(token));
            }
            Now::Refused(error) => return Err(error.clone()),
            Now::Token(..) | Now::None => {}
        }
        let begun = match &self.source {
            Source::None => return Ok(Arc::default()),
            Source::SignIn(sign_in) => sign_in().map(|token| (token, None)),
            Source::Renew(renew) => {
                renew().map(|(token, span)| (token, Some(running() + span.saturating_sub(margin(span)))))
            }
        };
        match begun {
            Ok((token, until)) => {
                let token = Arc::new(token);
                *now = Now::Token(Arc::clone(&token), until);
                Ok(token)
            }
            Err(error) => {
                if matches!(error, AdminError::SignIn { .. }) {
                    *now = Now::Refused(error.clone());
                }
                Err(error)
            }
        }
    }

    /// The server does not take this token any more. Whether the next one may be another.
    pub(super) fn ended(&self, token: &Token) -> bool {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        let may_follow = !matches!(self.source, Source::None);
        if matches!(&*now, Now::Token(current, _) if Arc::ptr_eq(current, token)) && may_follow {
            *now = Now::None;
        }
        may_follow
    }
}

/// So long before its end a token is followed by the next one.
fn margin(span: Duration) -> Duration {
    MARGIN.min(span / 2)
}

const MARGIN: Duration = Duration::from_secs(10);

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    fn counting(count: &Arc<AtomicU32>, answer: Result<&'static str, AdminError>) -> Bearer {
        let count = Arc::clone(count);
        Bearer::session(Box::new(move || {
            count.fetch_add(1, Ordering::SeqCst);
            answer.clone().map(|token| Zeroizing::new(token.to_owned()))
        }))
    }

    #[test]
    fn a_session_that_ended_is_begun_once_for_all() {
        let count = Arc::default();
        let bearer = counting(&count, Ok("s"));
        let old: Vec<Token> = (0..8).map(|_| bearer.token().unwrap()).collect();
        assert_eq!(count.load(Ordering::SeqCst), 1);
        std::thread::scope(|scope| {
            for token in &old {
                scope.spawn(|| {
                    assert!(bearer.ended(token));
                    bearer.token().unwrap()
                });
            }
        });
        assert_eq!(count.load(Ordering::SeqCst), 2, "eight noticed, one signed in");
    }

    #[test]
    fn a_token_that_ends_is_followed_by_the_next_one_and_one_that_holds_is_kept() {
        let (count, span) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
        let (counts, spans) = (Arc::clone(&count), Arc::clone(&span));
        let bearer = Bearer::renewing(Box::new(move || {
            let number = counts.fetch_add(1, Ordering::SeqCst);
            let span = Duration::from_secs(spans.load(Ordering::SeqCst).into());
            Ok((Zeroizing::new(number.to_string()), span))
        }));
        assert_eq!((bearer.token().unwrap().as_str(), bearer.token().unwrap().as_str()), ("0", "1"));
        span.store(3600, Ordering::SeqCst);
        assert_eq!((bearer.token().unwrap().as_str(), bearer.token().unwrap().as_str()), ("2", "2"));
        assert!(bearer.ended(&bearer.token().unwrap()));
        assert_eq!(bearer.token().unwrap().as_str(), "3");
    }

    #[test]
    fn a_refused_sign_in_is_not_tried_again_and_one_that_was_not_heard_is() {
        let (count, server) = (Arc::default(), "mfa".to_owned());
        let refused = AdminError::SignIn { server: server.clone(), why: "no".into() };
        let bearer = counting(&count, Err(refused.clone()));
        assert_eq!((bearer.token(), bearer.token()), (Err(refused.clone()), Err(refused)));
        assert_eq!(count.swap(0, Ordering::SeqCst), 1);
        let away = counting(&count, Err(AdminError::Unreachable { server, why: "away".into() }));
        assert!(away.token().is_err() && away.token().is_err());
        assert_eq!(count.load(Ordering::SeqCst), 2);
    }
}
