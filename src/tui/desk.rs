//! The codes that are on the screen, computed once for each time step, and which of them were revealed. Who asks for
//! them is [`cell`](super::cell).

use std::{cell::RefCell, collections::HashMap};

use jiff::Timestamp;

use crate::{
    otp::{Code, Window},
    vault::{Account, AccountId},
};

/// More computed codes than this are not kept.
const MOST_KEPT: usize = 512;

/// The codes of the present time steps, and which of them may be read.
#[derive(Default)]
pub struct Desk {
    kept: RefCell<HashMap<usize, Codes>>,
    counted: HashMap<AccountId, Code>,
    revealed: Option<(AccountId, Timestamp)>,
}

/// The codes around one moment; none where the account gives none.
pub struct Codes {
    /// While this one is valid.
    pub window: Window,
    /// The code.
    pub code: Option<Code>,
    /// The one after it.
    pub next: Option<Code>,
    /// The one before it.
    pub previous: Option<Code>,
}

impl Desk {
    /// Forgets every code.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Makes the code of an account readable for a while.
    pub fn reveal(&mut self, id: AccountId, until: Timestamp) {
        self.revealed = Some((id, until));
    }

    /// Makes none readable that is not readable anyway.
    pub fn cover(&mut self) {
        self.revealed = None;
    }

    /// The account whose code is readable at `now` because somebody asked for it.
    pub fn revealed(&self, now: Timestamp) -> Option<&AccountId> {
        self.revealed.as_ref().filter(|(_, until)| *until > now).map(|(id, _)| id)
    }

    /// Forgets what was computed from accounts as they were.
    pub fn forget_computed(&mut self) {
        self.kept.get_mut().clear();
    }

    /// Keeps the code that a counter gave, until the next one.
    pub fn counted(&mut self, id: AccountId, code: Code) {
        self.counted.insert(id, code);
    }

    /// The code that a counter gave last.
    pub fn counted_code(&self, id: &AccountId) -> Option<&Code> {
        self.counted.get(id)
    }

    /// Does something with the codes of the account at this place, computed by it unless they are still those of
    /// `now`, in seconds since 1970. `None` where the account cannot be read.
    pub fn with<T>(
        &self,
        (at, now): (usize, u64),
        account: impl FnOnce() -> Option<Account>,
        then: impl FnOnce(&Codes) -> T,
    ) -> Option<T> {
        let mut kept = self.kept.borrow_mut();
        if kept.len() > MOST_KEPT {
            kept.clear();
        }
        let is_fresh = |codes: &Codes| (codes.window.from..codes.window.until).contains(&now);
        if !kept.get(&at).is_some_and(is_fresh) {
            kept.insert(at, Codes::of(&account()?, now)?);
        }
        kept.get(&at).map(then)
    }
}

impl Codes {
    fn of(account: &Account, now: u64) -> Option<Self> {
        let window = account.otp.window(now)?;
        let code = |at: u64| account.otp.code(at).ok();
        let previous = window.from.checked_sub(1).and_then(code);
        Some(Self { window, code: code(now), next: code(window.until), previous })
    }
}
