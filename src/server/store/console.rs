//! The console: the application that administrators sign in to, which is always there.

use super::{
    applications,
    desk::Desk,
    error::StoreError,
    work::{Held, Work},
};
use crate::server::domain::{
    application::{Application, CONSOLE},
    factor::{Factor, Factors},
};

/// Makes the console where there is none yet: the application that administrators sign in to. No audit: it is part of
/// the server.
#[derive(Debug)]
pub struct KeepConsole;

impl Work for KeepConsole {
    type Answer = ();

    fn row(&self) -> &'static str {
        CONSOLE
    }

    fn run<'a>(&'a mut self, desk: &'a mut Desk) -> Held<'a, Result<(), StoreError>> {
        Box::pin(async move {
            if !desk.connection().rows(applications::READ, vec![CONSOLE.into()]).await?.is_empty() {
                return Ok(());
            }
            let console = Application {
                id: CONSOLE.into(),
                name: "sesamd".into(),
                factors: Factors::NONE.with(Factor::Otp, true),
                agreements: 0,
                agreement: None,
                remember: None,
            };
            match applications::insert(desk.connection(), &console).await {
                Err(StoreError::Exists) => Err(StoreError::Conflict), // another replica was faster
                done => done,
            }
        })
    }
}
