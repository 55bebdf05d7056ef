//! One thing that doctor looked at, in words and as JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::text::safe;

/// How a thing was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// In order.
    Good,
    /// It works, but something follows from it.
    Warning,
    /// It does not work.
    Fault,
}

/// One thing that was looked at.
#[derive(Clone, Debug)]
pub(super) struct Finding {
    topic: &'static str,
    pub(super) state: State,
    pub(super) what: String,
    effect: String,
    pub(super) cure: String,
}

impl Finding {
    /// Something in order.
    pub(super) fn good(topic: &'static str, what: impl Into<String>) -> Self {
        Self { topic, state: State::Good, what: what.into(), effect: String::new(), cure: String::new() }
    }

    /// Something that is not, with what follows from it and what cures it.
    pub(super) fn bad(
        topic: &'static str,
        state: State,
        what: impl Into<String>,
        advice: (&str, String),
    ) -> Self {
        Self { topic, state, what: what.into(), effect: advice.0.to_owned(), cure: advice.1 }
    }

    pub(super) fn json(&self) -> Value {
        let state = match self.state {
            State::Good => "good",
            State::Warning => "warning",
            State::Fault => "fault",
        };
        json!({"topic": self.topic, "state": state, "what": self.what, "effect": self.effect, "cure": self.cure})
    }

    pub(super) fn text(&self) -> String {
        let mark = match self.state {
            State::Good => "ok     ",
            State::Warning => "warning",
            State::Fault => "fault  ",
        };
        let mut text = format!("{mark}  {:<9} {}\n", self.topic, safe(&self.what));
        for (name, words) in [("effect:", &self.effect), ("cure:", &self.cure)] {
            if !words.is_empty() {
                let _ = writeln!(text, "{:19} {name:<7} {}", "", safe(words));
            }
        }
        text
    }
}
