//! `sesam copy` and `sesam code --copy`: a code on the clipboard, and one line on stderr that says what was done.

use std::io::Write;

use clap::{Args, builder::PossibleValuesParser};

use super::{
    context::Context,
    exit::{Done, Exit, Failure},
    json, locations, pick,
    shown::Shown,
    terminal::marks,
    wanted::Wanted,
};
use crate::{
    clipboard::{
        Clipboard, Copied, Copies, Method, NoClipboard, NoWay, Settings, Surroundings, Way,
        words::{Reader, SOON, Validity, Words, first_time_here, no_clipboard},
    },
    config::{NearExpiry, Show},
    otp::{Code, Kind, grouped},
    output,
    text::safe,
    vault::{Account, usage::Usage},
};

/// Copy the code of an account
#[derive(Args)]
#[command(
    after_help = "Examples:\n  sesam copy github\n  sesam copy --next --method osc52 bastion\n\nWithout --method, the \
                  setting copy.method decides: auto takes the clipboard of this machine where there is a display, and \
                  the terminal's (OSC 52) over SSH and where there is none. A native clipboard is cleared after \
                  copy.clear_after, if the code is still in it. The terminal's stays: only the full-screen view, \
                  which owns the terminal, clears it (copy.clear_osc52). Within the last 5 s of a code, \
                  copy.near_expiry decides: current, next or wait.\n\nNothing is printed on stdout. With --json an \
                  object sesam.copied/1 is: id, issuer, account, type, way (native, osc52, command), verified, \
                  valid_in, remaining, cleared_after; never the code."
)]
pub struct CopyArgs {
    /// The account: issuer, issuer:account, words that it contains, #tag or id:…
    #[arg(required = true, value_name = "QUERY", add = super::names::accounts())]
    pub query: Vec<String>,
    /// The way, whatever the setting copy.method says
    #[arg(long, value_name = "METHOD", value_parser = PossibleValuesParser::new(Method::WORDS))]
    pub method: Option<String>,
    /// Of when.
    #[command(flatten)]
    pub wanted: Wanted,
}

/// Runs the command.
pub fn run(cx: &Context, args: &CopyArgs) -> Done {
    code(cx, &args.query, &args.wanted, args.method.as_deref().and_then(Method::named))
}

/// Copies the code that is wanted of the account that a query means.
pub(super) fn code(cx: &Context, query: &[String], wanted: &Wanted, method: Option<Method>) -> Done {
    let (account, validity, copied) = put(cx, query, wanted, method)?;
    tell(cx, &account, validity, &copied)?;
    Ok(Exit::Done)
}

/// The same without a word about it: what was copied, how long it holds, and which way it went.
pub(super) fn put(
    cx: &Context,
    query: &[String],
    wanted: &Wanted,
    method: Option<Method>,
) -> Result<(Account, Validity, Copied), Failure> {
    let vault = cx.open()?;
    let account = pick::one_of(cx, &vault, &query.join(" "))?;
    let mut clipboard =
        Clipboard::new(settings(cx, method), Surroundings::read(output::terminal().is_some()));
    let counts = matches!(account.otp.kind, Kind::Hotp { .. }) && !wanted.peek;
    if counts && let Err(none) = clipboard.way() {
        return Err(refused(cx, &none, None)); // before a counter moves on for a code that nobody gets
    }
    let wanted = near_the_end(cx, &account, wanted)?;
    let (account, shown) = wanted.make(cx, &vault, account)?;
    let code = shown.code.as_ref().map_or("", Code::as_str);
    let mut terminal = output::terminal().unwrap_or_else(|| Box::new(std::io::sink()) as Box<dyn Write>);
    let copied = clipboard.copy(code, &mut *terminal).map_err(|none| refused(cx, &none, Some(code)))?;
    let validity = validity(cx, &shown, &wanted)?;
    if !cx.global.read_only && cx.settings.config.privacy.usage {
        Usage::count(&vault, &account.id, cx.now());
    }
    Ok((account, validity, copied))
}

/// What the settings say of copying, with the method of the command line.
pub(super) fn settings(cx: &Context, method: Option<Method>) -> Settings {
    let copy = &cx.settings.config.copy;
    Settings {
        method: method.or_else(|| Method::named(copy.method.word())).unwrap_or_default(),
        command: copy.command.clone(),
        clear_after: copy.clear_after,
        clear_osc52: copy.clear_osc52,
    }
}

/// What `copy.near_expiry` makes of it when the code is about to end and nothing was said of the time.
fn near_the_end(cx: &Context, account: &Account, wanted: &Wanted) -> Result<Wanted, Failure> {
    let mut wanted = wanted.clone();
    let now = cx.unix_time()?;
    let ending = account.otp.window(now).filter(|window| window.remaining(now) < SOON);
    let Some(window) = ending.filter(|_| wanted.is_now()) else { return Ok(wanted) };
    match cx.settings.config.copy.near_expiry {
        NearExpiry::Current => {}
        NearExpiry::Next => wanted.next = true,
        NearExpiry::Wait => {
            cx.say(&format!("Waiting {} s for the next code", window.remaining(now)));
            wanted.min_left = Some(SOON.min(window.until - window.from));
        }
    }
    Ok(wanted)
}

/// How long the copied code holds, seen from now. Of a code for a time that was named nothing is said.
fn validity(cx: &Context, shown: &Shown, wanted: &Wanted) -> Result<Validity, Failure> {
    let now = cx.unix_time()?;
    Ok(match shown.window {
        Some(window) if wanted.at.is_none() && window.from > now => Validity::In(window.from - now),
        Some(window) if wanted.at.is_none() => Validity::For(window.remaining(now)),
        _ => Validity::Untimed,
    })
}

fn tell(cx: &Context, account: &Account, validity: Validity, copied: &Copied) -> Result<(), Failure> {
    if cx.as_json() {
        return cx.print_json(&json::copied(account, validity, copied));
    }
    let what = format!("{} code", safe(issuer_or_name(account)));
    let words = Words { what: &what, validity, marks: marks(cx), reader: Reader::CommandLine };
    let by_terminal = matches!(copied.way, Way::Osc52 { .. });
    let first_time =
        by_terminal && !cx.global.demo && !cx.global.quiet && first_time_here(&locations::state_dir()?);
    cx.say(&words.copied(copied, first_time));
    Ok(())
}

fn issuer_or_name(account: &Account) -> &str {
    if account.issuer.is_empty() { &account.account } else { &account.issuer }
}

/// Without a clipboard the code is shown to a person, unless codes are hidden; a script did not ask for it.
fn refused(cx: &Context, none: &NoClipboard, code: Option<&str>) -> Failure {
    let person = output::stderr_is_terminal() && !cx.as_json();
    let may_show = person && cx.settings.config.codes.show != Show::None;
    let group = cx.settings.config.codes.group;
    let shown = code.filter(|_| may_show).map(|code| grouped(code, group));
    let message = no_clipboard(none, shown.as_deref());
    let failure = Failure::new(Exit::Failed, "no_clipboard", message);
    match none.0.iter().find_map(NoWay::hint) {
        Some(cure) => failure.hint(format!("{cure}; sesam doctor clipboard tells more")),
        None if shown.is_some() => failure.hint("sesam doctor clipboard tells more"),
        None => failure.hint("sesam code prints it; sesam doctor clipboard tells more"),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        cli::global::Global,
        clock::FixedClock,
        config::CopyMethod,
        otp::{Otp, Secret},
    };

    /// 30 s of validity, of which `left` are left.
    fn wanted_with(left: i64, near_expiry: NearExpiry, wanted: &Wanted) -> Wanted {
        let time = jiff::Timestamp::from_second(60 - left).unwrap();
        let mut cx = Context::new(Global { no_config: true, quiet: true, ..Global::default() }).unwrap();
        cx.clock = Arc::new(FixedClock(time));
        cx.settings.config.copy.near_expiry = near_expiry;
        let otp = Otp::totp(Secret::new(vec![7; 20]).unwrap());
        near_the_end(&cx, &Account::new("Acme", "hugo", otp, time), wanted).unwrap()
    }

    #[test]
    fn only_a_code_that_ends_soon_is_replaced_and_only_where_nothing_was_said() {
        let now = Wanted::default();
        for (left, near_expiry, next, min_left) in [
            (5, NearExpiry::Next, false, None),
            (4, NearExpiry::Next, true, None),
            (4, NearExpiry::Current, false, None),
            (1, NearExpiry::Wait, false, Some(SOON)),
            (18, NearExpiry::Wait, false, None),
        ] {
            let wanted = wanted_with(left, near_expiry, &now);
            assert_eq!((wanted.next, wanted.min_left), (next, min_left), "{left} s, {near_expiry:?}");
        }
        let said = Wanted { at: Some("56".into()), ..Wanted::default() };
        assert!(!wanted_with(4, NearExpiry::Next, &said).next);
    }

    #[test]
    fn each_setting_is_a_method() {
        assert_eq!(CopyMethod::WORDS, Method::WORDS);
    }
}
