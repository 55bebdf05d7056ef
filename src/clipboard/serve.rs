//! The far end: the process that holds the native clipboard. It is sesam with [`KEEPER`](super::keeper::KEEPER) as its
//! argument, in a session of its own, with nothing open but its two pipes.
//!
//! It ends when the term is over, when it is told to, or when somebody else copies, and takes its text along unless
//! somebody else's lies there. One thread touches the display, which may hang; the first one only counts the time, so
//! the text is gone after its term whatever the display does.

use std::{
    ffi::OsString,
    io::{Read, Write},
    process::ExitCode,
    sync::mpsc::{self, Receiver, RecvTimeoutError, Sender},
    time::Duration,
};

use arboard::Clipboard;
#[cfg(target_os = "macos")]
use arboard::SetExtApple as _;
#[cfg(all(unix, not(target_os = "macos")))]
use arboard::SetExtLinux as _;
#[cfg(windows)]
use arboard::SetExtWindows as _;
use zeroize::Zeroizing;

use super::keeper::{CLEAR, HELD, PROBE};

/// How often it is looked whether the clipboard is still ours.
const LOOK: Duration = Duration::from_secs(1);
/// How long the display may take for one thing.
const PATIENCE: Duration = Duration::from_secs(1);
/// Some compositors tell of a new content a moment after it was set.
const SETTLING: Duration = Duration::from_millis(50);
const SETTLING_LOOKS: usize = 10;
/// Nothing that is copied is longer.
const LONGEST: u32 = 1 << 20;

/// What the first thread asks of the one that touches the display.
enum Wish {
    Look,
    Clear,
}

/// Runs the keeper with what stands behind its name on the command line.
pub fn keep(arguments: &[OsString]) -> ExitCode {
    stand_alone();
    let term = arguments.first().and_then(|term| term.to_str()).unwrap_or_default();
    let ended = if term == PROBE { probe() } else { hold(term) };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(words) => {
            tell(words.as_bytes());
            ExitCode::FAILURE
        }
    }
}

fn probe() -> Result<(), String> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || sender.send(Clipboard::new().map(|_| ()).map_err(in_words)));
    receiver.recv_timeout(PATIENCE).unwrap_or_else(|_| Err(silent()))?;
    tell(&[HELD]);
    Ok(())
}

fn hold(term: &str) -> Result<(), String> {
    let term = term.parse().ok().map(Duration::from_millis);
    let text = text()?;
    let (wishes, inbox) = mpsc::channel();
    let (sender, answers) = mpsc::channel();
    std::thread::spawn(move || touch(&text, &inbox, &sender));
    answers.recv_timeout(PATIENCE).unwrap_or_else(|_| Err(silent()))?;
    let display = Display { wishes, answers };
    let (orders, order) = mpsc::channel();
    if !display.settles(&order) {
        return Err("what was copied did not come back".to_owned());
    }
    tell(&[HELD]);
    let kept = orders.clone(); // so that the channel lives on when nobody can order any more
    std::thread::spawn(move || listen(&orders));
    display.serve(term, &order);
    drop(kept);
    Ok(())
}

/// The display, as the first thread sees it: wishes go there, answers come back or do not.
struct Display {
    wishes: Sender<Wish>,
    answers: Receiver<Result<bool, String>>,
}

impl Display {
    /// Whether the clipboard holds our text; no answer is a no.
    fn is_ours(&self) -> bool {
        let asked = self.wishes.send(Wish::Look).is_ok();
        asked && self.answers.recv_timeout(PATIENCE) == Ok(Ok(true))
    }

    fn settles(&self, never: &Receiver<()>) -> bool {
        (0..SETTLING_LOOKS).any(|_| self.is_ours() || never.recv_timeout(SETTLING).is_ok())
    }

    /// Until the term is over, an order comes or somebody else copies.
    fn serve(&self, term: Option<Duration>, order: &Receiver<()>) {
        let mut left = term;
        while left != Some(Duration::ZERO) {
            let pause = left.map_or(LOOK, |left| left.min(LOOK));
            match order.recv_timeout(pause) {
                Err(RecvTimeoutError::Timeout) if self.is_ours() => {
                    left = left.map(|left| left.saturating_sub(pause));
                }
                Err(_) => return,
                Ok(()) => break,
            }
        }
        if self.wishes.send(Wish::Clear).is_ok() {
            let _ = self.answers.recv_timeout(PATIENCE); // the end of this process clears it as well
        }
    }
}

/// Everything that touches the display.
fn touch(text: &str, wishes: &Receiver<Wish>, answers: &Sender<Result<bool, String>>) {
    let mut clipboard = match filled(text) {
        Ok(clipboard) => clipboard,
        Err(error) => return drop(answers.send(Err(in_words(error)))),
    };
    if answers.send(Ok(true)).is_err() {
        return;
    }
    for wish in wishes {
        let ours = clipboard.get_text().map(Zeroizing::new).is_ok_and(|there| *there == text);
        if ours && matches!(wish, Wish::Clear) {
            let _ = clipboard.clear();
        }
        if answers.send(Ok(ours)).is_err() {
            return;
        }
    }
}

/// Opens the clipboard and fills it.
///
/// Marked as not for a history, it is also left out when X11's clipboard manager is asked to save what a process
/// leaves behind: arboard then neither offers `SAVE_TARGETS` nor hands over when the clipboard is dropped.
fn filled(text: &str) -> Result<Clipboard, arboard::Error> {
    let mut clipboard = Clipboard::new()?;
    clipboard.set().exclude_from_history().text(text)?;
    Ok(clipboard)
}

fn text() -> Result<Zeroizing<String>, String> {
    let mut stdin = std::io::stdin().lock();
    let mut length = [0; 4];
    stdin.read_exact(&mut length).map_err(|error| error.to_string())?;
    let length = u32::from_le_bytes(length);
    if length > LONGEST {
        return Err(format!("{length} bytes are too much to copy"));
    }
    let mut text = Zeroizing::new(String::with_capacity(length as usize));
    let read = stdin.take(u64::from(length)).read_to_string(&mut text);
    match read {
        Ok(read) if read == length as usize => Ok(text),
        Ok(_) => Err("the text ended early".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// Waits for the order to clear. The end of the pipe is none: who started us may be gone before the term is over.
fn listen(orders: &Sender<()>) {
    let mut order = [0];
    while std::io::stdin().lock().read_exact(&mut order).is_ok() {
        if order == [CLEAR] && orders.send(()).is_err() {
            return;
        }
    }
}

/// Says a word to who started us, who may be gone.
fn tell(words: &[u8]) {
    let mut stdout = std::io::stdout().lock();
    let _ = stdout.write_all(words).and_then(|()| stdout.flush());
}

fn in_words(error: arboard::Error) -> String {
    match error {
        arboard::Error::Unknown { description } => description,
        other => other.to_string(),
    }
}

fn silent() -> String {
    "it does not answer".to_owned()
}

/// Out of the session of the terminal, whose end would end us; and everything closed that a shell had open, or a lock
/// of a script would be held until our term is over.
#[cfg(unix)]
fn stand_alone() {
    let _ = rustix::process::setsid();
    let Ok(open) = std::fs::read_dir("/dev/fd") else { return };
    let numbers: Vec<i32> =
        open.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
    for number in numbers.into_iter().filter(|number| *number > 2) {
        let _ = nix::unistd::close(number); // that of the directory itself is closed by now
    }
}

/// Nothing is inherited on other systems.
#[cfg(not(unix))]
fn stand_alone() {}
