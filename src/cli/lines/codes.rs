//! Codes in line mode.

use super::{
    help, spoken,
    step::{Act, Next, command, is_command, nth, numbered},
};
use crate::{
    cli::{context::Context, copy, exit::Failure, json, pick, wanted::Wanted},
    clipboard::{Way, words::Validity},
    config::Show,
    otp::Kind,
    output,
    vault::{Account, Opened},
};

/// The accounts of the last answer.
pub(super) struct Codes {
    shown: Vec<Account>,
}

impl Codes {
    /// With the vault open; asks for the passphrase.
    pub(super) fn open(cx: &Context) -> Result<Self, Failure> {
        cx.open_and_stay()?;
        Ok(Self { shown: vec![] })
    }

    pub(super) fn question(cx: &Context) -> String {
        match opened(cx) {
            Ok(opened) => {
                let count = spoken::counted(opened.accounts().count(), "account");
                format!("{count}. Search, number, or help:")
            }
            Err(_) => "Locked. unlock, or quit:".to_owned(),
        }
    }

    pub(super) fn take(&mut self, cx: &Context, act: Act, words: &[&str]) -> Result<Next, Failure> {
        match words {
            ["help" | "?"] => help::codes(),
            ["admin"] => Ok(Next::Turn),
            ["lock"] => {
                cx.lock_again();
                self.shown.clear();
                Ok(Next::Stay)
            }
            ["unlock"] => cx.open_and_stay().map(|()| Next::Stay),
            ["list" | "ls"] => self.search(cx, ""),
            ["list" | "ls" | "search" | "find", words @ ..] => self.search(cx, &words.join(" ")),
            ["copy", number] | [number] if is_number(number) => self.copy(cx, number),
            ["code", number] if is_number(number) => self.say(cx, number, |code, _| code.to_owned()),
            ["read", number] if is_number(number) => self.say(cx, number, spoken::digits),
            [verb, number, rest @ ..] if is_number(number) && BY_NUMBER.contains(verb) => {
                let id = format!("id:{}", nth(&self.shown, number)?.id.as_str());
                let verb = if *verb == "delete" { "rm" } else { verb };
                let words = [&[verb, id.as_str()], rest].concat();
                command(cx, act, &words)
            }
            [word, ..] if is_command(word) => command(cx, act, words),
            _ => self.search(cx, &words.join(" ")),
        }
    }

    fn search(&mut self, cx: &Context, query: &str) -> Result<Next, Failure> {
        let opened = opened(cx)?;
        let found = pick::matching(&opened, query);
        self.shown = found.into_iter().map(pick::read).collect::<Result<_, _>>()?;
        if self.shown.is_empty() {
            output::data(&format!("Nothing matches {}.\n", crate::text::safe(query)))?;
        }
        numbered(self.shown.iter().map(spoken::name))?;
        Ok(Next::Stay)
    }

    fn copy(&self, cx: &Context, number: &str) -> Result<Next, Failure> {
        let account = nth(&self.shown, number)?;
        let query = [format!("id:{}", account.id.as_str())];
        let (_, validity, copied) = copy::put(cx, &query, &Wanted::default(), None)?;
        let left = match validity {
            Validity::For(seconds) => format!(" {}.", spoken::left(seconds)),
            Validity::In(seconds) => format!(" It holds in {seconds} seconds."),
            Validity::Untimed => String::new(),
        };
        let to = if matches!(copied.way, Way::Osc52 { .. }) { " to your terminal" } else { "" };
        output::data(&format!("Copied{to}.{left}\n"))?;
        Ok(Next::Stay)
    }

    fn say(&self, cx: &Context, number: &str, words: fn(&str, u8) -> String) -> Result<Next, Failure> {
        let account = nth(&self.shown, number)?.clone();
        if cx.settings.config.codes.show == Show::None || cx.global.hide {
            return Err(Failure::usage("codes are hidden here (--hide)").hint("a number copies the code"));
        }
        let (account, made) = Wanted::default().make(cx, &cx.open()?, account)?;
        let Some(code) = &made.code else { return Ok(Next::Stay) };
        if cx.as_json() {
            cx.print_json(&json::code(&account, &made))?;
            return Ok(Next::Stay);
        }
        let left = made
            .window
            .map_or(String::new(), |window| format!(". {}", spoken::left(window.remaining(made.at))));
        let counts = if matches!(account.otp.kind, Kind::Hotp { .. }) { ". It counted" } else { "" };
        let said = words(code.as_str(), cx.settings.config.codes.group);
        output::data(&format!("{said}{left}{counts}.\n"))?;
        Ok(Next::Stay)
    }
}

fn opened(cx: &Context) -> Result<Opened, Failure> {
    if !cx.is_open() {
        return Err(crate::vault::VaultError::Locked.into());
    }
    Ok(cx.open()?.read()?)
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

/// What takes an account by its number.
const BY_NUMBER: [&str; 6] = ["delete", "edit", "qr", "rename", "rm", "show"];
