//! Which way a copied code takes, why, and what would help.

use super::finding::{Finding, State};
use crate::{
    cli::{context::Context, copy},
    clipboard::{
        Method, Multiplexer, Native, NoClipboard, NoWay, Surroundings, Terminal, Way, Wrap, choose,
        keeper::{probe, this_program},
    },
    output,
};

const TOPIC: &str = "clipboard";

/// Finds the way, and tries whether a display lets us; copies nothing. Unless it is asked for by name, a session
/// without any display and terminal is nobody's fault.
pub(super) fn look(cx: &Context, by_name: bool) -> Vec<Finding> {
    let around = Surroundings::read(output::terminal().is_some());
    let settings = copy::settings(cx, None);
    let mut findings = match choose(settings.method, &settings.command, &around) {
        Ok(Way::Native) => native(&around),
        Ok(Way::Osc52 { wrap }) => vec![Finding::good(TOPIC, sent(wrap, &around))],
        Ok(Way::Command) => {
            vec![Finding::good(TOPIC, format!("codes are given to {}", settings.command.join(" ")))]
        }
        Err(none) if settings.method == Method::None || (!by_name && is_nobody(&around)) => {
            vec![Finding::good(TOPIC, none.to_string())]
        }
        Err(none) => vec![refusal(&none)],
    };
    findings.extend(tmux(&around));
    findings
}

/// Neither display nor terminal: a service, a script.
fn is_nobody(around: &Surroundings) -> bool {
    around.native.is_none() && around.terminal == Terminal::None
}

fn native(around: &Surroundings) -> Vec<Finding> {
    let name = match around.native {
        Some(Native::Wayland) => "of this machine (Wayland)",
        Some(Native::X11) => "of this machine (X11)",
        Some(Native::System) | None => "of this machine",
    };
    match probe(&this_program()) {
        Ok(()) => {
            vec![Finding::good(
                TOPIC,
                format!("codes go to the clipboard {name}, and are read back to be sure"),
            )]
        }
        Err(reason) => vec![refusal(&NoClipboard(vec![reason]))],
    }
}

fn sent(wrap: Wrap, around: &Surroundings) -> String {
    let why = match (around.ssh, around.native) {
        (true, _) => "this is an SSH session",
        (false, None) => "there is no display",
        (false, Some(_)) => "copy.method is osc52",
    };
    let through = match wrap {
        Wrap::Plain => "",
        Wrap::Screen => ", through GNU screen",
        Wrap::TmuxPasses => ", through tmux (allow-passthrough)",
        Wrap::TmuxTakes => ", through tmux (set-clipboard on), which keeps the code among its buffers",
    };
    format!(
        "codes are sent to your terminal (OSC 52){through}: {why}. Whether it takes them cannot be seen from here: if \
         nothing can be pasted, allow it in the terminal's settings"
    )
}

fn refusal(none: &NoClipboard) -> Finding {
    let cure = none.0.iter().find_map(NoWay::hint).map_or_else(|| other_cure(&none.0), str::to_owned);
    Finding::bad(TOPIC, State::Warning, none.to_string(), ("sesam copy fails; sesam code prints", cure))
}

fn other_cure(reasons: &[NoWay]) -> String {
    let cure = match reasons.first() {
        Some(NoWay::DisplayRefuses(_)) => {
            "see whether the display is yours (DISPLAY, XAUTHORITY), or: sesam config set copy.method osc52"
        }
        Some(NoWay::TerminalHasNone(_)) => {
            "use another terminal; if it has a clipboard all the same: sesam config set copy.method osc52"
        }
        _ => "run it in a terminal or on a desktop, or name a program: sesam config set copy.method command",
    };
    cure.to_owned()
}

/// What tmux says, where it matters.
fn tmux(around: &Surroundings) -> Option<Finding> {
    match &around.multiplexer {
        Multiplexer::Tmux(Some(says)) => {
            let passes = if says.passes { "on" } else { "off" };
            let what = format!("tmux: set-clipboard {}, allow-passthrough {passes}", says.set_clipboard);
            Some(Finding::good(TOPIC, what))
        }
        Multiplexer::Tmux(None) => Some(Finding::bad(
            TOPIC,
            State::Warning,
            "TMUX is set and tmux does not answer",
            ("whether it passes a code on is not known", "run it in a new tmux window, or unset TMUX".into()),
        )),
        Multiplexer::None | Multiplexer::Screen => None,
    }
}
