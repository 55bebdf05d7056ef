//! A tmux server for each test, and in it the real program: keys in, picture out.

use std::{path::PathBuf, process::Command};

use super::picture;
use crate::cli::sesam::{Home, comes, installed, program, skipped, until};

/// The clock of the demo: it stands still with 18 of 30 seconds left.
const STANDS: &str = "1700000022";
/// The same, and it runs.
pub(super) const RUNS: (&str, &str) = ("SESAM_DEMO_NOW", "1700000022,run");
/// The window that most tests have.
pub(super) const USUAL: (u16, u16) = (80, 24);

/// A tmux server with one window, in which the program runs.
pub(super) struct Tmux<'a> {
    name: String,
    home: &'a Home,
}

/// What is started, and where.
pub(super) struct Start<'a> {
    /// A word for the server's name.
    pub(super) name: &'a str,
    /// The arguments, as a shell reads them.
    pub(super) arguments: &'a str,
    /// Variables beside those of the home; an empty value takes one away.
    pub(super) variables: &'a [(&'a str, &'a str)],
    /// Columns and rows.
    pub(super) size: (u16, u16),
}

impl<'a> Tmux<'a> {
    /// The demo in a window of the usual size, at a time that stands still, up to its first picture.
    pub(super) fn demo(home: &'a Home, name: &str) -> Option<Self> {
        Self::demo_with(home, name, &[], USUAL)
    }

    /// The demo with further variables in a window of another size, up to its first picture.
    pub(super) fn demo_with(
        home: &'a Home,
        name: &str,
        variables: &[(&str, &str)],
        size: (u16, u16),
    ) -> Option<Self> {
        let tmux = Self::start(home, &Start { name, arguments: "--demo", variables, size })?;
        tmux.sees("GitHub");
        Some(tmux)
    }

    /// The accounts of a home, opened with its passphrase, up to the first picture.
    pub(super) fn vault(home: &'a Home, name: &str, variables: &[(&str, &str)]) -> Option<Self> {
        let arguments = format!("--passphrase-file '{}'", home.passphrase_file().display());
        let tmux = Self::start(home, &Start { name, arguments: &arguments, variables, size: USUAL })?;
        tmux.sees("q quit");
        Some(tmux)
    }

    /// Starts the program; `None`, and a word about it, where there is no tmux.
    pub(super) fn start(home: &'a Home, start: &Start<'_>) -> Option<Self> {
        Self::runs(home, &program(), start)
    }

    /// Starts any program in place of ours: one that leads to it.
    pub(super) fn runs(home: &'a Home, program: &str, start: &Start<'_>) -> Option<Self> {
        if !installed("tmux") {
            skipped("tmux is not installed");
            return None;
        }
        let _ = std::fs::remove_file(home.path("after"));
        let tmux = Self { name: format!("sesam-{}-{}", std::process::id(), start.name), home };
        let (columns, rows) = (start.size.0.to_string(), start.size.1.to_string());
        let size = ["-x", columns.as_str(), "-y", rows.as_str()];
        let line = tmux.line(program, start);
        let new = [&["new-session", "-d", "-s", "s"], size.as_slice(), &[&line]].concat();
        // A server without a window would end before it is told its settings.
        tmux.run(&[&new[..], &[";", "set", "-s", "set-clipboard", "on"]].concat());
        Some(tmux)
    }

    /// What the shell in the window runs. What comes after the program tells how it left the terminal.
    fn line(&self, program: &str, start: &Start<'_>) -> String {
        let usual = [("TERM", "xterm-256color"), ("SESAM_DEMO_NOW", STANDS)];
        let variables: Vec<String> = usual
            .iter()
            .chain(start.variables)
            .map(|(name, value)| match *value {
                "" => format!("-u {name}"),
                value => format!("{name}='{value}'"),
            })
            .collect();
        let (taken, given): (Vec<_>, Vec<_>) = variables.into_iter().partition(|one| one.starts_with("-u"));
        let (before, after) = (self.home.path("before"), self.home.path("after"));
        format!(
            "stty -g >'{before}'; env {taken} {given} '{program}' {arguments}; echo EXIT=$?; stty -g >'{after}'; exec sleep 600",
            before = before.display(),
            taken = taken.join(" "),
            given = given.join(" "),
            arguments = start.arguments,
            after = after.display(),
        )
    }

    fn tmux(&self, words: &[&str]) -> Command {
        let mut command = Command::new("tmux");
        command.args(["-L", &self.name, "-f", "/dev/null"]).args(words);
        command.env_clear().envs(self.home.environment()).env("TMUX_TMPDIR", self.home.path(""));
        command
    }

    #[track_caller]
    fn run(&self, words: &[&str]) -> String {
        let ran = self.tmux(words).output().expect("tmux starts");
        let said = String::from_utf8_lossy(&ran.stderr);
        assert!(ran.status.success(), "tmux {words:?}: {said}");
        String::from_utf8_lossy(&ran.stdout).into_owned()
    }

    /// Presses keys, by tmux's names for them.
    pub(super) fn keys(&self, keys: &[&str]) {
        self.run(&[&["send-keys", "-t", "s"], keys].concat());
    }

    /// Types a text.
    pub(super) fn types(&self, text: &str) {
        self.run(&["send-keys", "-t", "s", "-l", text]);
    }

    /// Pastes a text, as the terminal does: in brackets where the program asked for them.
    pub(super) fn pastes(&self, text: &str) {
        self.run(&["set-buffer", "-b", "pasted", text]);
        self.run(&["paste-buffer", "-d", "-p", "-b", "pasted", "-t", "s"]);
    }

    /// The picture, once it is whole: tmux shows what has arrived of it so far.
    pub(super) fn picture(&self) -> String {
        let capture = || self.run(&["capture-pane", "-p", "-t", "s"]);
        let mut last = capture();
        until("a whole picture", || {
            let now = capture();
            let is_whole = now == last;
            last = now;
            is_whole
        });
        last
    }

    /// The picture with its colours.
    pub(super) fn colours(&self) -> String {
        self.run(&["capture-pane", "-e", "-p", "-t", "s"])
    }

    /// Waits for another text to be copied than the one before, and returns it.
    #[track_caller]
    pub(super) fn copied(&self, before: &str) -> String {
        let mut text = String::new();
        let came = comes(|| {
            let ran = self.tmux(&["show-buffer"]).output().expect("tmux starts");
            text = String::from_utf8_lossy(&ran.stdout).into_owned();
            ran.status.success() && text != before
        });
        assert!(came, "nothing was copied at\n{}", self.picture());
        text
    }

    /// Makes the window another size.
    pub(super) fn resize(&self, (columns, rows): (u16, u16)) {
        self.run(&["resize-window", "-t", "s", "-x", &columns.to_string(), "-y", &rows.to_string()]);
    }

    /// One of tmux's own variables.
    pub(super) fn variable(&self, name: &str) -> String {
        self.run(&["display", "-p", "-t", "s", &format!("#{{{name}}}")]).trim_end().to_owned()
    }

    /// Writes all that arrives from here on into a file of the home.
    pub(super) fn records(&self, file: &str) -> PathBuf {
        let path = self.home.path(file);
        self.run(&["pipe-pane", "-t", "s", &format!("cat >'{}'", path.display())]);
        path
    }

    /// Waits for a picture that pleases, and returns it.
    #[track_caller]
    pub(super) fn shows(&self, what: &str, mut pleases: impl FnMut(&str) -> bool) -> String {
        let mut picture = String::new();
        let came = comes(|| {
            picture = self.picture();
            pleases(&picture)
        });
        assert!(came, "{what}: waited in vain at\n{picture}");
        picture
    }

    /// Waits for words on the screen.
    #[track_caller]
    pub(super) fn sees(&self, words: &str) -> String {
        self.shows(words, |picture| picture.contains(words))
    }

    /// Waits until words are gone from the screen.
    #[track_caller]
    pub(super) fn misses(&self, words: &str) -> String {
        self.shows(&format!("no {words}"), |picture| !picture.contains(words))
    }

    /// Waits until the selected row is that of a name.
    #[track_caller]
    pub(super) fn selects(&self, name: &str) -> String {
        self.shows(&format!("{name} selected"), |picture| {
            picture.lines().any(|line| line.starts_with(['▌', '>']) && line.contains(name))
        })
    }

    /// Goes down to the row of a name.
    #[track_caller]
    pub(super) fn goes_to(&self, name: &str) {
        self.keys(&["g"]);
        let all = |picture: &str| picture.contains("   ISSUER") && picture.contains(name);
        let picture = self.shows(name, all);
        let list = picture.lines().skip_while(|line| !line.starts_with("   ISSUER")).skip(1);
        let down = list.take_while(|line| !line.contains(name)).count();
        self.keys(&vec!["j"; down]);
        self.selects(name);
    }

    /// Waits for the end of the program; its exit code, and the terminal as it is then.
    #[track_caller]
    pub(super) fn ends(&self) -> i32 {
        let picture = self.shows("the end", |picture| {
            picture.lines().any(|line| line.starts_with("EXIT="))
                && std::fs::read_to_string(self.home.path("after")).is_ok_and(|modes| modes.ends_with('\n'))
        });
        assert_eq!(self.variable("alternate_on"), "0", "the other screen is left");
        assert_eq!(self.variable("cursor_flag"), "1", "the cursor is shown");
        assert_eq!(picture::codes(&picture), [""; 0], "no code is left:\n{picture}");
        let modes = |name: &str| std::fs::read_to_string(self.home.path(name)).unwrap_or_default();
        assert_eq!(modes("before"), modes("after"), "the modes of the terminal");
        let code = picture::row(&picture, "EXIT=").trim_start_matches("EXIT=").trim().parse();
        code.expect("an exit code")
    }
}

impl Drop for Tmux<'_> {
    fn drop(&mut self) {
        let _ = self.tmux(&["kill-server"]).output();
    }
}
