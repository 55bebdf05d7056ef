//! What a row says beside its names: the code as it may be read now, the code after it, the time left.
//!
//! Where that stands in the picture is the business of the screens.

use super::{context::Context, desk::Codes, widgets::countdown};
use crate::{
    config::{NextCode, Show},
    otp::{Code, grouped},
    vault::{AccountId, catalog::RowKind, lines::Fields, query::Named as _},
};

/// What a row says.
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

/// Whether the code of a row may be read now.
pub fn is_readable(at: usize, selected: bool, cx: &Context) -> bool {
    let is_revealed = || {
        let id = cx.desk.revealed(cx.now())?;
        Some(cx.session.as_ref()?.catalog.id(at) == *id)
    };
    match cx.view.show {
        Show::All => true,
        Show::Selected if selected => true,
        Show::Selected | Show::None => is_revealed().unwrap_or(false),
    }
}

/// What the row of the account at this place of the catalog says now.
pub fn cell(at: usize, selected: bool, cx: &Context) -> Cell {
    let readable = is_readable(at, selected, cx);
    let Some(session) = &cx.session else { return Cell::words("") };
    match session.catalog.kind(at) {
        RowKind::Hotp => counted(session.catalog.fields(at), readable, cx),
        RowKind::Timed => {
            let account = || session.catalog.account(at).ok();
            let timed = cx.desk.with((at, cx.unix_time()), account, |codes| timed(codes, readable, cx));
            timed.unwrap_or(Cell::words("damaged"))
        }
        RowKind::Unknown => Cell::words("newer type"),
    }
}

/// What stands for a hidden code: as wide for every account, for its length tells something.
pub fn hidden(cx: &Context) -> String {
    let three = cx.symbols.hidden.repeat(3);
    format!("{three} {three}")
}

impl Cell {
    fn words(words: &'static str) -> Self {
        Self { code: Shown::Words(words), next: None, left: Left::Nothing }
    }
}

fn counted(fields: Fields<'_>, readable: bool, cx: &Context) -> Cell {
    let counter = fields.integer("counter").ok().flatten().and_then(|counter| u64::try_from(counter).ok());
    let code = match cx.desk.counted_code(&AccountId::from_text(fields.id())) {
        _ if !readable => Shown::Hidden,
        Some(code) => shown(code, true, cx),
        None => Shown::Words("press +"),
    };
    Cell { code, next: None, left: Left::Counter(counter.unwrap_or(0)) }
}

fn timed(codes: &Codes, readable: bool, cx: &Context) -> Cell {
    let (left, period) = (codes.window.remaining(cx.unix_time()), codes.window.until - codes.window.from);
    let code = match &codes.code {
        None => Shown::Words("needs a PIN"),
        Some(code) => shown(code, readable, cx),
    };
    let next = if readable { beside(codes, (left, period), cx) } else { None };
    Cell { code, next, left: Left::Seconds(left, period) }
}

/// The code after or before, when it is its time.
fn beside(codes: &Codes, (left, period): (u64, u64), cx: &Context) -> Option<String> {
    let settings = &cx.config.codes;
    let shows_next = match settings.next {
        NextCode::Off => false,
        NextCode::Last5s => left <= countdown::ALERT,
        NextCode::Last10s => left <= 10,
        NextCode::Always => true,
    };
    let with = |arrow: &str, code: &Code| format!("{arrow} {}", grouped(code.as_str(), settings.group));
    if shows_next {
        return codes.next.as_ref().map(|code| with(cx.symbols.next, code));
    }
    let is_new = period - left < settings.previous.as_secs();
    codes.previous.as_ref().filter(|_| is_new).map(|code| with(cx.symbols.previous, code))
}

fn shown(code: &Code, readable: bool, cx: &Context) -> Shown {
    if readable { Shown::Code(grouped(code.as_str(), cx.config.codes.group)) } else { Shown::Hidden }
}
