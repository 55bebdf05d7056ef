//! Line mode: sesam for who hears it read aloud. No picture, no colour, nothing that is drawn twice: a question, a line,
//! numbered answers, and the question again. New lines come at the bottom alone.
//!
//! Words search. A number copies. Everything that the command line can do is a word here too, with the same meaning;
//! the vault stays open between two lines, until `lock` or the end.

mod admin;
mod codes;
mod help;
mod spoken;
mod step;

use std::io::BufRead;

use self::step::Next;
use super::{
    context::Context,
    exit::{Done, Exit, Failure},
};
use crate::{output, text::safe};

pub use self::step::Act;

/// Reads lines until `quit` or the end of them.
pub fn run(cx: &Context, act: Act) -> Done {
    let mut room = Room::Codes(codes::Codes::open(cx)?);
    loop {
        output::data(&format!("{}\n", safe(&room.question(cx))))?;
        let Some(line) = line()? else { return Ok(Exit::Done) };
        let words: Vec<&str> = line.split_whitespace().collect();
        let next = match words.as_slice() {
            [] => Ok(Next::Stay),
            ["quit" | "exit" | "q"] => Ok(Next::Quit),
            _ => room.take(cx, act, &words),
        };
        match next {
            Ok(Next::Stay) => {}
            Ok(Next::Quit) => return Ok(Exit::Done),
            Ok(Next::Turn) => match room.other(cx) {
                Ok(other) => room = other,
                Err(failure) => failure.print(false),
            },
            // A fault is said, and the question comes again.
            Err(failure) if matches!(failure.exit, Exit::ClosedPipe | Exit::Interrupted) => {
                return Err(failure);
            }
            Err(failure) => failure.print(false),
        }
    }
}

/// Where somebody is.
enum Room {
    Admin(admin::Admin),
    Codes(codes::Codes),
}

impl Room {
    fn question(&self, cx: &Context) -> String {
        match self {
            Self::Admin(own) => own.question(),
            Self::Codes(_) => codes::Codes::question(cx),
        }
    }

    fn take(&mut self, cx: &Context, act: Act, words: &[&str]) -> Result<Next, Failure> {
        match self {
            Self::Admin(own) => own.take(cx, act, words),
            Self::Codes(own) => own.take(cx, act, words),
        }
    }

    fn other(&self, cx: &Context) -> Result<Self, Failure> {
        match self {
            Self::Admin(_) => Ok(Self::Codes(codes::Codes::open(cx)?)),
            Self::Codes(_) => Ok(Self::Admin(admin::Admin::open(cx)?)),
        }
    }
}

/// A line of what is typed, `None` at the end.
fn line() -> Result<Option<String>, Failure> {
    let mut text = String::new();
    match std::io::stdin().lock().read_line(&mut text) {
        Ok(0) => Ok(None),
        Ok(_) => Ok(Some(text)),
        Err(error) => Err(Failure::failed(format!("the line could not be read: {error}"))),
    }
}
