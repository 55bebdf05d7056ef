//! What the terminal says of itself, and what sesam makes of it.

use super::finding::{Finding, State};
use crate::{
    cli::{
        context::Context,
        global::Color,
        locations::variable,
        terminal::{has_unicode, is_utf8, locale},
    },
    clipboard::{Multiplexer, Surroundings},
    config::Symbols,
    output,
};

const TOPIC: &str = "terminal";

/// Looks at the environment and at the size; asks the terminal nothing.
pub(super) fn look(cx: &Context) -> Vec<Finding> {
    let ends = [
        ("stdin", output::stdin_is_terminal()),
        ("stdout", output::stdout_is_terminal()),
        ("stderr", output::stderr_is_terminal()),
    ];
    let terminals: Vec<&str> = ends.iter().filter(|(_, is)| *is).map(|(name, _)| *name).collect();
    if terminals.is_empty() {
        return vec![Finding::good(TOPIC, "no terminal: stdin, stdout and stderr lead elsewhere")];
    }
    let mut findings = vec![name(), Finding::good(TOPIC, format!("it is behind {}", terminals.join(", ")))];
    findings.extend(output::terminal_size().map(|(columns, rows)| size(columns, rows)));
    findings.extend([between(), characters(cx), colours(cx)]);
    findings
}

fn name() -> Finding {
    let colour = variable("COLORTERM").map(|value| format!(", COLORTERM {value}")).unwrap_or_default();
    match variable("TERM") {
        Some(term) if term != "dumb" => Finding::good(TOPIC, format!("TERM {term}{colour}")),
        other => {
            let what = format!("TERM is {}", other.as_deref().unwrap_or("not set"));
            let advice = ("the full-screen view cannot draw here", "sesam --screen-reader".to_owned());
            Finding::bad(TOPIC, State::Warning, what, advice)
        }
    }
}

fn size(columns: u16, rows: u16) -> Finding {
    Finding::good(TOPIC, format!("{columns} columns, {rows} rows"))
}

/// What stands between us and the terminal.
fn between() -> Finding {
    let around = Surroundings::read(output::terminal().is_some());
    let multiplexer = match around.multiplexer {
        Multiplexer::None => None,
        Multiplexer::Screen => Some("GNU screen"),
        Multiplexer::Tmux(_) => Some("tmux"),
    };
    let ssh = around.ssh.then_some("SSH");
    let all: Vec<&str> = [multiplexer, ssh].into_iter().flatten().collect();
    let what = if all.is_empty() {
        "nothing in between that shows".to_owned()
    } else {
        format!("through {}", all.join(", then "))
    };
    Finding::good(TOPIC, what)
}

fn characters(cx: &Context) -> Finding {
    let locale = locale().unwrap_or_else(|| "not set".to_owned());
    let symbols = if has_unicode(cx) { "Unicode" } else { "ASCII" };
    let what = format!("locale {locale}, symbols {symbols}");
    if is_utf8() || cx.settings.config.ui.symbols != Symbols::Auto {
        return Finding::good(TOPIC, what);
    }
    let advice =
        ("names in other scripts may not be shown", "set a UTF-8 locale: export LANG=C.UTF-8".to_owned());
    Finding::bad(TOPIC, State::Warning, what, advice)
}

fn colours(cx: &Context) -> Finding {
    let words = match cx.global.color {
        Color::Never => "none: --color never",
        Color::Always => "always: --color always",
        Color::Auto if variable("NO_COLOR").is_some() => "none: NO_COLOR is set",
        Color::Auto if output::stdout_is_terminal() => "those of the terminal",
        Color::Auto => "none: stdout is no terminal",
    };
    Finding::good(TOPIC, format!("colours: {words}"))
}
