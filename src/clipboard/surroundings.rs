//! The facts that decide the way to a clipboard, as plain data, and the one function that gathers them.

use super::tmux::{self, TmuxSays};

/// Where sesam runs, as far as clipboards go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surroundings {
    /// The person sits at another machine: `SSH_CONNECTION` or `SSH_TTY` is set.
    pub ssh: bool,
    /// The clipboard system of this machine.
    pub native: Option<Native>,
    /// What stands between us and the terminal.
    pub multiplexer: Multiplexer,
    /// The terminal that escape sequences would go to.
    pub terminal: Terminal,
    /// What the terminal said of OSC 52 in its answer to DA1 (parameter 52); `None` when it was not asked. Most
    /// terminals that take it do not say so, so `Some(false)` refuses nothing.
    pub takes_osc52: Option<bool>,
}

/// A clipboard system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Native {
    /// `WAYLAND_DISPLAY` is set (perhaps `DISPLAY` too, which is tried second).
    Wayland,
    /// `DISPLAY` is set.
    X11,
    /// The one that every session of this operating system has.
    System,
}

/// What stands between us and the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Multiplexer {
    /// Nothing that shows.
    None,
    /// GNU screen, or a multiplexer on the near side of an SSH session that calls itself `screen`.
    Screen,
    /// tmux, with what it says; `None` when it does not answer (another user's, or a stale `TMUX`).
    Tmux(Option<TmuxSays>),
}

/// The terminal that escape sequences would go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Terminal {
    /// There is none.
    None,
    /// One that is known to have no clipboard, by its name.
    Deaf(String),
    /// One that may have a clipboard.
    Hears,
}

impl Surroundings {
    /// Reads the environment and asks tmux where there is one; takes half a second at most. `has_terminal` says
    /// whether there is something to write escape sequences to.
    pub fn read(has_terminal: bool) -> Self {
        let variable = |name: &str| std::env::var(name).ok().filter(|text| !text.is_empty());
        Self::from_facts(&variable, &tmux::ask, has_terminal)
    }

    fn from_facts(
        variable: &dyn Fn(&str) -> Option<String>,
        ask_tmux: &dyn Fn(Option<&str>) -> Option<TmuxSays>,
        has_terminal: bool,
    ) -> Self {
        let set = |name: &str| variable(name).is_some();
        let term = variable("TERM").unwrap_or_default();
        let multiplexer = if set("TMUX") && !term.starts_with("screen.") {
            Multiplexer::Tmux(ask_tmux(variable("TMUX_PANE").as_deref()))
        } else if set("STY") || term.starts_with("screen") {
            Multiplexer::Screen
        } else {
            Multiplexer::None
        };
        let program = variable("TERM_PROGRAM").unwrap_or_default();
        let terminal = match (has_terminal, deaf(&term, &program)) {
            (false, _) => Terminal::None,
            (true, Some(name)) => Terminal::Deaf(name),
            (true, None) => Terminal::Hears,
        };
        let native = native(set("WAYLAND_DISPLAY"), set("DISPLAY"));
        let ssh = set("SSH_CONNECTION") || set("SSH_TTY");
        Self { ssh, native, multiplexer, terminal, takes_osc52: None }
    }
}

fn native(wayland: bool, x11: bool) -> Option<Native> {
    if cfg!(any(target_os = "macos", windows)) {
        return Some(Native::System);
    }
    match (wayland, x11) {
        (true, _) => Some(Native::Wayland),
        (false, true) => Some(Native::X11),
        (false, false) => None,
    }
}

/// The name of a terminal that is known to have no clipboard: it would drop the sequence, or show it.
fn deaf(term: &str, program: &str) -> Option<String> {
    let known = ["dumb", "linux", "cons25", "emacs", "eterm", "eterm-color", "unknown"];
    match (term, program) {
        (_, "Apple_Terminal") => Some("Terminal.app".to_owned()),
        ("", _) => Some("without a name (TERM is not set)".to_owned()),
        (term, _) if known.contains(&term) => Some(term.to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Surroundings {
        let variable = |wanted: &str| {
            let found = variables.iter().find(|(name, _)| *name == wanted);
            found.map(|(_, value)| (*value).to_owned())
        };
        let answer = |pane: Option<&str>| {
            assert_eq!(pane, Some("%3"), "the pane that asks is named");
            Some(TmuxSays { set_clipboard: "on".into(), passes: false })
        };
        Surroundings::from_facts(&variable, &answer, true)
    }

    #[test]
    fn the_innermost_multiplexer_counts() {
        let tmux = [("TMUX", "/tmp/t,1,0"), ("TMUX_PANE", "%3")];
        let of = |more: &[(&str, &str)]| read(&[&tmux[..], more].concat()).multiplexer;
        assert!(matches!(of(&[("TERM", "screen-256color")]), Multiplexer::Tmux(Some(_))), "tmux of old");
        assert!(matches!(of(&[("TERM", "tmux-256color"), ("STY", "1.x")]), Multiplexer::Tmux(Some(_))));
        assert_eq!(of(&[("TERM", "screen.xterm-256color"), ("STY", "1.x")]), Multiplexer::Screen);
        assert_eq!(read(&[("TERM", "screen.xterm-256color")]).multiplexer, Multiplexer::Screen);
        assert_eq!(read(&[("TERM", "xterm-256color")]).multiplexer, Multiplexer::None);
    }

    #[test]
    #[cfg(not(any(target_os = "macos", windows)))]
    fn displays_and_ssh_are_seen() {
        let both = read(&[("WAYLAND_DISPLAY", "wayland-0"), ("DISPLAY", ":0"), ("TERM", "xterm")]);
        assert_eq!((both.native, both.ssh), (Some(Native::Wayland), false));
        let far = read(&[("DISPLAY", "localhost:10.0"), ("SSH_TTY", "/dev/pts/1"), ("TERM", "xterm")]);
        assert_eq!((far.native, far.ssh), (Some(Native::X11), true));
        assert!(read(&[("SSH_CONNECTION", "x"), ("TERM", "xterm")]).ssh);
        assert_eq!(read(&[("TERM", "xterm")]).native, None);
    }

    #[test]
    fn terminals_without_a_clipboard_are_known() {
        let terminal = |term, program| read(&[("TERM", term), ("TERM_PROGRAM", program)]).terminal;
        assert_eq!(terminal("linux", ""), Terminal::Deaf("linux".into()));
        assert_eq!(terminal("xterm-256color", "Apple_Terminal"), Terminal::Deaf("Terminal.app".into()));
        assert_eq!(terminal("foot", ""), Terminal::Hears);
        assert!(matches!(read(&[]).terminal, Terminal::Deaf(_)));
    }
}
