//! The codes that are on the screen: computed for the rows that show, once for each time step, and readable or not.
//!
//! Where they stand in the picture is the business of the screens.

use std::{cell::RefCell, collections::HashMap};

use jiff::Timestamp;

use crate::{
    config::{NextCode, Show},
    otp::{Code, Window, grouped},
    tui::{context::Context, session::Session, widgets::countdown},
    vault::{Account, AccountId, catalog::RowKind, lines::Fields},
};

/// More computed codes than this are not kept.
const MOST_KEPT: usize = 512;

/// The codes of the present time steps, and which of them may be read.
#[derive(Default)]
pub struct Desk {
    kept: RefCell<HashMap<usize, Kept>>,
    counted: HashMap<AccountId, Code>,
    revealed: Option<(AccountId, Timestamp)>,
}

struct Kept {
    window: Window,
    code: Option<Code>,
    next: Option<Code>,
    previous: Option<Code>,
}

/// What a row says beside its names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The code, grouped; a word where there is none.
    pub code: Shown,
    /// The code after it or before it, with its arrow.
    pub next: Option<String>,
    /// The time left.
    pub left: Left,
}

/// What stands in the column of codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// A code, grouped.
    Code(String),
    /// It is hidden.
    Hidden,
    /// There is none: why.
    Words(&'static str),
}

/// What stands in the column of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// Seconds left, of so many.
    Seconds(u64, u64),
    /// The next counter.
    Counter(u64),
    /// Nothing.
    Nothing,
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

    /// Whether the code of a row may be read now.
    pub fn is_readable(&self, at: usize, selected: bool, cx: &Context) -> bool {
        let is_revealed = || {
            let (id, until) = self.revealed.as_ref()?;
            Some(*until > cx.now() && cx.session.as_ref()?.catalog.id(at) == *id)
        };
        match cx.view.show {
            Show::All => true,
            Show::Selected if selected => true,
            Show::Selected | Show::None => is_revealed().unwrap_or(false),
        }
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

    /// What a row says now.
    pub fn of(&self, at: usize, readable: bool, cx: &Context) -> Cell {
        let Some(session) = &cx.session else { return Cell::EMPTY };
        match session.catalog.kind(at) {
            RowKind::Hotp => self.hotp(session.catalog.fields(at), readable, cx),
            RowKind::Timed => self.timed(at, readable, (session, cx)),
            RowKind::Unknown => Cell { code: Shown::Words("newer type"), next: None, left: Left::Nothing },
        }
    }

    fn hotp(&self, fields: Fields<'_>, readable: bool, cx: &Context) -> Cell {
        use crate::vault::query::Named as _;
        let counter =
            fields.integer("counter").ok().flatten().and_then(|counter| u64::try_from(counter).ok());
        let code = match self.counted.get(&AccountId::from_text(fields.id())) {
            Some(code) => shown(code, readable, cx),
            None => Shown::Words("press +"),
        };
        Cell {
            code: if readable { code } else { Shown::Hidden },
            next: None,
            left: Left::Counter(counter.unwrap_or(0)),
        }
    }

    fn timed(&self, at: usize, readable: bool, (session, cx): (&Session, &Context)) -> Cell {
        let now = cx.unix_time();
        let mut kept = self.kept.borrow_mut();
        if kept.len() > MOST_KEPT {
            kept.clear();
        }
        let fresh = kept.get(&at).is_some_and(|kept| (kept.window.from..kept.window.until).contains(&now));
        if !fresh {
            let Some(new) = session.catalog.account(at).ok().and_then(|account| compute(&account, now))
            else {
                return Cell { code: Shown::Words("damaged"), next: None, left: Left::Nothing };
            };
            kept.insert(at, new);
        }
        let row = &kept[&at];
        let (left, period) = (row.window.remaining(now), row.window.until - row.window.from);
        let code = match &row.code {
            None => Shown::Words("needs a PIN"),
            Some(code) => shown(code, readable, cx),
        };
        let next = if readable { row.beside(left, period, cx) } else { None };
        Cell { code, next, left: Left::Seconds(left, period) }
    }
}

impl Cell {
    /// A row that says nothing.
    const EMPTY: Self = Self { code: Shown::Words(""), next: None, left: Left::Nothing };
}

impl Kept {
    /// The code after or before, when it is its time.
    fn beside(&self, left: u64, period: u64, cx: &Context) -> Option<String> {
        let settings = &cx.config.codes;
        let shows_next = match settings.next {
            NextCode::Off => false,
            NextCode::Last5s => left <= countdown::ALERT,
            NextCode::Last10s => left <= 10,
            NextCode::Always => true,
        };
        let with = |arrow: &str, code: &Code| format!("{arrow} {}", grouped(code.as_str(), settings.group));
        if shows_next {
            return self.next.as_ref().map(|code| with(cx.symbols.next, code));
        }
        let is_new = period - left < settings.previous.as_secs();
        self.previous.as_ref().filter(|_| is_new).map(|code| with(cx.symbols.previous, code))
    }
}

fn compute(account: &Account, now: u64) -> Option<Kept> {
    let window = account.otp.window(now)?;
    let code = |at: u64| account.otp.code(at).ok();
    Some(Kept {
        window,
        code: code(now),
        next: code(window.until),
        previous: window.from.checked_sub(1).and_then(code),
    })
}

fn shown(code: &Code, readable: bool, cx: &Context) -> Shown {
    if readable { Shown::Code(grouped(code.as_str(), cx.config.codes.group)) } else { Shown::Hidden }
}

/// What stands for a hidden code: as wide for every account, for its length tells something.
pub fn hidden(cx: &Context) -> String {
    let three = cx.symbols.hidden.repeat(3);
    format!("{three} {three}")
}
