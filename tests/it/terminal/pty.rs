//! A terminal of our own: bytes in, bytes out, signals, and answers that come when they like.

use std::{
    io::{Read, Write},
    num::NonZero,
    process::Command,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use nix::sys::termios::Termios;
use portable_pty::{CommandBuilder, MasterPty, PtySize, native_pty_system};
use sesam::clock::{Clock, SystemClock};

use super::picture::codes;
use crate::cli::sesam::{Home, comes};

/// What the terminal answers to who it is: how many milliseconds after the question, or after the answer before.
pub(super) type Answers = &'static [(u64, &'static str)];
/// A terminal that answers at once.
pub(super) const ANSWERS: Answers = &[(0, "\x1b[1;2R\x1b[?62;4c")];
/// A terminal that says nothing.
pub(super) const SILENT: Answers = &[];

/// What ends the questions of the start.
const QUESTION: &[u8] = b"\x1b[c";

/// A program at a terminal.
pub(super) struct Pty {
    master: Box<dyn MasterPty + Send>,
    child: Box<dyn portable_pty::Child + Send + Sync>,
    writer: Writer,
    seen: Arc<Mutex<Seen>>,
    before: Option<Termios>,
}

type Writer = Arc<Mutex<Box<dyn Write + Send>>>;

/// What arrived at the terminal.
struct Seen {
    bytes: Vec<u8>,
    screen: vt100::Parser,
    is_over: bool,
}

/// How a program ended, and the terminal then.
pub(super) struct Ended {
    pub(super) code: u32,
    pub(super) picture: String,
}

impl Pty {
    /// Runs the words in a home, in a window of columns and rows.
    pub(super) fn run(
        home: &Home,
        words: &[&str],
        variables: &[(&str, &str)],
        (answers, (cols, rows)): (Answers, (u16, u16)),
    ) -> Self {
        let pair = native_pty_system().openpty(size(cols, rows)).expect("a terminal");
        let mut command = CommandBuilder::new(words[0]);
        command.args(&words[1..]);
        command.cwd(home.path(""));
        command.env_clear();
        for (name, value) in home.environment() {
            command.env(name, value);
        }
        for (name, value) in
            [("TERM", "xterm-256color"), ("SESAM_DEMO_NOW", "1700000022")].iter().chain(variables)
        {
            command.env(name, value);
        }
        let before = pair.master.get_termios();
        let child = pair.slave.spawn_command(command).expect("the program starts");
        drop(pair.slave);
        let reader = pair.master.try_clone_reader().expect("a terminal can be read");
        let writer = pair.master.take_writer().expect("a terminal can be typed at");
        let writer: Writer = Arc::new(Mutex::new(writer));
        let seen = Seen {
            bytes: Vec::new(),
            screen: vt100::Parser::new(cells(rows), cells(cols), 0),
            is_over: false,
        };
        let seen = Arc::new(Mutex::new(seen));
        let (own, typist) = (Arc::clone(&seen), Arc::clone(&writer));
        std::thread::spawn(move || listen(reader, &own, &typist, answers));
        Self { master: pair.master, child, writer, seen, before }
    }

    /// The demo in a window of the usual size.
    pub(super) fn demo(home: &Home, variables: &[(&str, &str)], answers: Answers) -> Self {
        Self::run(home, &[&crate::cli::sesam::program(), "--demo"], variables, (answers, (80, 24)))
    }

    /// A line of shell in a window of the usual size.
    pub(super) fn shell(home: &Home, line: &str) -> Self {
        Self::run(home, &["sh", "-c", line], &[], (ANSWERS, (80, 24)))
    }

    /// Sends bytes, as keys do.
    pub(super) fn types(&self, keys: &str) {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        writer.write_all(keys.as_bytes()).expect("a terminal takes keys");
    }

    /// Sends a signal to the program, or to the one that a shell runs for us.
    pub(super) fn signals(&self, name: &str) {
        let own = self.child.process_id().expect("it runs").to_string();
        let children =
            std::fs::read_to_string(format!("/proc/{own}/task/{own}/children")).unwrap_or_default();
        let process = children.split_whitespace().next().unwrap_or(&own);
        let sent = Command::new("kill").args(["-s", name, process]).status().expect("kill starts");
        assert!(sent.success());
    }

    /// Makes the window another size.
    pub(super) fn resize(&self, cols: u16, rows: u16) {
        self.look(|seen| seen.screen.screen_mut().set_size(cells(rows), cells(cols)));
        self.master.resize(size(cols, rows)).expect("a terminal has a size");
    }

    fn look<T>(&self, look: impl FnOnce(&mut Seen) -> T) -> T {
        look(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The picture.
    pub(super) fn picture(&self) -> String {
        self.look(|seen| seen.screen.screen().contents())
    }

    /// Everything that has arrived.
    pub(super) fn bytes(&self) -> String {
        self.look(|seen| String::from_utf8_lossy(&seen.bytes).into_owned())
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

    /// Waits until the selected row is that of a name.
    #[track_caller]
    pub(super) fn selects(&self, name: &str) -> String {
        self.shows(&format!("{name} selected"), |picture| {
            picture.lines().any(|line| line.starts_with(['▌', '>']) && line.contains(name))
        })
    }

    /// Whether the terminal is as it was before the program took it over.
    pub(super) fn is_as_before(&self) -> bool {
        let bytes = self.bytes();
        let is_off = |mode: &str| {
            bytes.rfind(&format!("\x1b[?{mode}l")) > bytes.rfind(&format!("\x1b[?{mode}h"))
                || !bytes.contains(mode)
        };
        let screen_is = |seen: &mut Seen| {
            let screen = seen.screen.screen();
            !screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste()
        };
        let titles = |sequence: &str| bytes.matches(sequence).count();
        self.look(screen_is)
            && is_off("1004")
            && titles("\x1b[22;0t") == titles("\x1b[23;0t")
            && self.master.get_termios() == self.before
            && codes(&self.picture()).is_empty()
    }

    /// Waits for the end; the terminal must be as it was.
    #[track_caller]
    pub(super) fn ends(mut self) -> Ended {
        let over = comes(|| self.child.try_wait().is_ok_and(|status| status.is_some()));
        assert!(over, "waited in vain for the end at\n{}", self.picture());
        comes(|| self.look(|seen| seen.is_over));
        let picture = self.picture();
        assert!(self.is_as_before(), "the terminal is not as it was:\n{picture}\n{:?}", self.bytes());
        let code = self.child.wait().expect("it ended").exit_code();
        Ended { code, picture }
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

fn cells(number: u16) -> NonZero<u16> {
    NonZero::new(number).expect("a window has a size")
}

fn size(cols: u16, rows: u16) -> PtySize {
    PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }
}

/// Takes in what arrives, and answers the question of the start.
fn listen(mut reader: Box<dyn Read + Send>, seen: &Mutex<Seen>, writer: &Writer, answers: Answers) {
    let (mut buffer, mut asked) = ([0; 4096], 0);
    while let Ok(count @ 1..) = reader.read(&mut buffer) {
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.bytes.extend_from_slice(&buffer[..count]);
        seen.screen.process(&buffer[..count]);
        let questions = seen.bytes.windows(QUESTION.len()).filter(|window| *window == QUESTION).count();
        if questions > asked {
            asked = questions;
            let writer = Arc::clone(writer);
            std::thread::spawn(move || answer(&writer, answers));
        }
    }
    seen.lock().unwrap_or_else(PoisonError::into_inner).is_over = true;
}

fn answer(writer: &Writer, answers: Answers) {
    for (after, text) in answers {
        SystemClock.pause(Duration::from_millis(*after));
        let mut writer = writer.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = writer.write_all(text.as_bytes()); // whoever asked may be gone
    }
}
