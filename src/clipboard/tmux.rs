//! Asking tmux what it does with an OSC 52 sequence.

use std::{process::Command, time::Duration};

use super::bounded;

/// How long tmux may take to answer.
const LIMIT: Duration = Duration::from_millis(500);

/// What tmux says of clipboards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TmuxSays {
    /// `set-clipboard`: `on` takes the sequence from programs; `external` and `off` drop it (tmux(1)).
    pub set_clipboard: String,
    /// `allow-passthrough`: a wrapped sequence is handed on. Always so before tmux 3.3, which has no such option.
    pub passes: bool,
}

/// Asks the tmux that this process runs in, for a pane of it. `None` without an answer.
///
/// One `display` answers for both: `show` would need one call for each, and fails for an option that an older tmux
/// does not have, where a format is merely empty.
pub fn ask(pane: Option<&str>) -> Option<TmuxSays> {
    let mut command = Command::new("tmux");
    command.args(["display-message", "-p"]);
    if let Some(pane) = pane {
        command.args(["-t", pane]);
    }
    command.arg("#{set-clipboard},#{allow-passthrough}");
    let answer = bounded::output(&mut command, LIMIT)?;
    parse(std::str::from_utf8(&answer).ok()?)
}

/// `external,0`: tmux 3.3 knows on and off and prints a number, later ones print `off`, `on` or `all`.
fn parse(answer: &str) -> Option<TmuxSays> {
    let (set_clipboard, passthrough) = answer.trim().split_once(',')?;
    let known = ["on", "external", "off"].contains(&set_clipboard);
    known.then(|| TmuxSays {
        set_clipboard: set_clipboard.to_owned(),
        passes: !matches!(passthrough, "0" | "off"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_of_all_versions_are_understood() {
        for (answer, set_clipboard, passes) in [
            ("external,0\n", "external", false),
            ("on,1\n", "on", true),
            ("external,off\n", "external", false),
            ("off,all\n", "off", true),
            ("external,\n", "external", true),
        ] {
            let says = parse(answer).expect(answer);
            assert_eq!((says.set_clipboard.as_str(), says.passes), (set_clipboard, passes), "{answer}");
        }
        for nonsense in ["", "\n", ",", "yes,1", "no server running on /tmp/tmux-0/default"] {
            assert_eq!(parse(nonsense), None, "{nonsense}");
        }
    }
}
