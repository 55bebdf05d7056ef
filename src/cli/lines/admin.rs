//! Admin mode in line mode: the same way. Words search users, a number reads one, and verbs take a number.

use super::{
    help, spoken,
    step::{Act, Next, command, nth, numbered},
};
use crate::{
    admin::model::Person,
    cli::{
        admin::{
            connect::{Connected, connect, failed, profile},
            server::kind,
        },
        context::Context,
        exit::Failure,
    },
    output,
    text::safe,
};

/// A server, and the users of the last answer.
pub(super) struct Admin {
    name: String,
    kind: String,
    server: Connected,
    shown: Vec<Person>,
}

impl Admin {
    /// At the server that is meant.
    pub(super) fn open(cx: &Context) -> Result<Self, Failure> {
        Self::at(cx, None)
    }

    fn at(cx: &Context, named: Option<&str>) -> Result<Self, Failure> {
        let profile = profile(cx, named)?;
        let server = connect(cx, Some(&profile.name))?;
        let seen = server.provider.overview().map_err(failed)?;
        let mut stake = kind(&profile.server.kind).to_uppercase();
        if profile.read_only {
            stake.push_str(", read-only");
        }
        let count = |count: Option<u64>, what: &str| match count {
            Some(0) | None => String::new(),
            Some(count) => format!(", {count} {what}"),
        };
        let words = format!(
            "{} as {}{}{}{}.\n",
            profile.name,
            safe(&seen.actor),
            count(seen.users, "users"),
            count(seen.locked, "locked"),
            count(seen.bypassed, "without a second step")
        );
        output::data(&words)?;
        Ok(Self { name: profile.name, kind: stake, server, shown: vec![] })
    }

    pub(super) fn question(&self) -> String {
        format!("{}, {}. Search users, number, or help:", self.name, self.kind)
    }

    pub(super) fn take(&mut self, cx: &Context, act: Act, words: &[&str]) -> Result<Next, Failure> {
        match words {
            ["help" | "?"] => help::admin(),
            ["back" | "codes"] => Ok(Next::Turn),
            ["use", name] => {
                *self = Self::at(cx, Some(name))?;
                Ok(Next::Stay)
            }
            ["servers"] => self.typed(cx, act, &["server", "list"]),
            ["list" | "ls"] => self.search(""),
            ["list" | "ls" | "search" | "find", words @ ..] => self.search(&words.join(" ")),
            ["apps"] => self.typed(cx, act, &["app", "list"]),
            ["audit", rest @ ..] if !rest.first().is_some_and(|word| AUDIT.contains(word)) => {
                self.typed(cx, act, &[&["audit", "list"], rest].concat())
            }
            ["stats", rest @ ..] => self.typed(cx, act, &[&["audit", "stats"], rest].concat()),
            ["app" | "factor" | "audit" | "server" | "user", ..] | ["bypass", "list" | "sweep", ..] => {
                self.typed(cx, act, words)
            }
            [number] if is_number(number) => self.verb(cx, act, ("show", number, &[])),
            [verb, number, rest @ ..] if is_number(number) && VERBS.contains(verb) => {
                self.verb(cx, act, (verb, number, rest))
            }
            _ => self.search(&words.join(" ")),
        }
    }

    fn search(&mut self, query: &str) -> Result<Next, Failure> {
        let page = self.server.provider.users(query, None).map_err(failed)?;
        self.shown = page.items;
        if self.shown.is_empty() {
            output::data(&format!("Nobody matches {}.\n", safe(query)))?;
        }
        numbered(self.shown.iter().map(line))?;
        if page.next.is_some() {
            output::data(&format!(
                "{}, and more: narrow the search.\n",
                spoken::counted(self.shown.len(), "user")
            ))?;
        }
        Ok(Next::Stay)
    }

    /// `bypass 2 4h` is `user bypass NAME --for 4h`.
    fn verb(
        &self,
        cx: &Context,
        act: Act,
        (verb, number, rest): (&str, &str, &[&str]),
    ) -> Result<Next, Failure> {
        let name = nth(&self.shown, number)?.name.as_str();
        let verb = if verb == "read" { "show" } else { verb };
        let mut words = vec!["user", verb];
        let rest = match (verb, rest) {
            ("bypass", ["end", rest @ ..]) => {
                words.push("--end");
                rest
            }
            ("bypass" | "passcode", [span, rest @ ..]) if !span.starts_with('-') => {
                words.extend(["--for", span]);
                rest
            }
            ("enrol", [application, rest @ ..]) if !application.starts_with('-') => {
                words.extend(["--app", application]);
                rest
            }
            ("unbind", [binding, rest @ ..]) => {
                words.extend(rest);
                words.extend(["--", name, binding]);
                return self.typed(cx, act, &words);
            }
            (_, rest) => rest,
        };
        words.extend(rest);
        words.extend(["--", name]);
        self.typed(cx, act, &words)
    }

    fn typed(&self, cx: &Context, act: Act, words: &[&str]) -> Result<Next, Failure> {
        let start = ["admin", "--server", self.name.as_str()];
        command(cx, act, &[&start, words].concat())
    }
}

fn line(person: &Person) -> String {
    let display = person.display.as_deref().map_or(String::new(), |display| format!(", {display}"));
    format!("{}{display}, {}", person.name, person.state.word())
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

/// What takes a user by the number.
const VERBS: [&str; 10] =
    ["bypass", "disable", "enable", "enrol", "passcode", "read", "reset", "show", "unbind", "unlock"];
/// What `audit` does besides listing.
const AUDIT: [&str; 5] = ["list", "ls", "follow", "tail", "stats"];
