//! The near end of the process that holds the native clipboard: started with a text, told to clear, otherwise let be.
//!
//! On X11 and Wayland a clipboard lives as long as the process that filled it. So the text goes to a process of its
//! own, this program with [`KEEPER`] as its argument, which outlives a command and lets go at the end of the term.
//!
//! Over its stdin it gets the length of the text (4 bytes, little-endian), the text, and perhaps `c`, the order to
//! clear; over its stdout it says `h` when the clipboard holds it, or else why not. The text stands in no argument and
//! in no environment.

use std::{
    io::{self, Read, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{self, Receiver},
    time::Duration,
};

use zeroize::Zeroizing;

use super::choose::NoWay;

/// The argument that makes the program a keeper. Behind it stands the term in milliseconds, `never` or `probe`.
pub const KEEPER: &str = "keep-clipboard";

/// The keeper's word for: the clipboard holds the text.
pub(super) const HELD: u8 = b'h';
/// The order to clear at once.
pub(super) const CLEAR: u8 = b'c';
/// Instead of a term: open the clipboard, change nothing, and say whether it could be opened.
pub(super) const PROBE: &str = "probe";

/// How long a keeper may take to fill the clipboard: opening a display that does not answer can hang for ever.
const START: Duration = Duration::from_secs(2);
/// How long a keeper may take to clear it.
const END: Duration = Duration::from_secs(1);

/// What a keeper needs to find the display; it gets no other variable.
const DISPLAY_VARIABLES: [&str; 5] = ["DISPLAY", "HOME", "WAYLAND_DISPLAY", "XAUTHORITY", "XDG_RUNTIME_DIR"];

/// A process that holds the clipboard. Dropped, it goes on until its term is over or somebody else copies.
#[derive(Debug)]
pub struct Keeper {
    orders: ChildStdin,
    news: Receiver<Result<(), String>>,
}

impl Keeper {
    /// Puts `text` on the clipboard and waits until it is there, read back. `program` is sesam; `term` without an end
    /// holds until somebody else copies.
    ///
    /// # Errors
    /// [`NoWay::DisplayRefuses`]
    pub fn start(program: &Path, text: &str, term: Option<Duration>) -> Result<Self, NoWay> {
        let term = term.map_or_else(|| "never".to_owned(), |term| term.as_millis().to_string());
        let mut child = spawn(program, &term)?;
        let keeper = Self::listening_to(&mut child);
        let held = keeper.and_then(|mut keeper| {
            hand_over(&mut keeper.orders, text).map(|()| keeper).map_err(|error| refused(&error))
        });
        finished(child, held)
    }

    /// Takes the text off the clipboard, if it is still ours. Says whether the keeper has ended: `false` after a
    /// second without an answer.
    pub fn clear(mut self) -> bool {
        let _ = self.orders.write_all(&[CLEAR]); // it has ended already
        matches!(self.news.recv_timeout(END), Err(mpsc::RecvTimeoutError::Disconnected))
    }

    fn listening_to(child: &mut Child) -> Result<Self, NoWay> {
        let (Some(orders), Some(pipe)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(NoWay::DisplayRefuses("its keeper has no pipes".into()));
        };
        let (sender, news) = mpsc::channel();
        std::thread::spawn(move || {
            let mut pipe = pipe;
            let mut first = [0];
            let answer = match pipe.read_exact(&mut first) {
                Ok(()) if first == [HELD] => Ok(()),
                Ok(()) => {
                    let mut words = String::from_utf8_lossy(&first).into_owned();
                    let _ = (&mut pipe).take(1_000).read_to_string(&mut words);
                    Err(words)
                }
                Err(_) => Err("its keeper ended without a word".to_owned()),
            };
            let _ = sender.send(answer); // nobody waits any more
            let _ = io::copy(&mut pipe, &mut io::sink()); // until it ends: then the channel closes too
        });
        Ok(Self { orders, news })
    }
}

/// Whether the native clipboard can be opened; changes nothing.
///
/// # Errors
/// [`NoWay::DisplayRefuses`]
pub fn probe(program: &Path) -> Result<(), NoWay> {
    let mut child = spawn(program, PROBE)?;
    let keeper = Keeper::listening_to(&mut child);
    finished(child, keeper).map(|_| ())
}

/// The program that is running, also when its file was replaced meanwhile.
pub fn this_program() -> PathBuf {
    let own = PathBuf::from("/proc/self/exe");
    match std::env::current_exe() {
        Ok(path) if path.exists() || !own.exists() => path,
        _ => own,
    }
}

/// Waits for the keeper's first word. One that says nothing is ended, one that holds is left alone.
fn finished(mut child: Child, keeper: Result<Keeper, NoWay>) -> Result<Keeper, NoWay> {
    let held = keeper.and_then(|keeper| match keeper.news.recv_timeout(START) {
        Ok(Ok(())) => Ok(keeper),
        Ok(Err(words)) => Err(NoWay::DisplayRefuses(words)),
        Err(_) => Err(NoWay::DisplayRefuses(format!("no answer within {} s", START.as_secs()))),
    });
    if held.is_err() {
        let _ = child.kill();
    }
    std::thread::spawn(move || child.wait()); // collects it when it ends
    held
}

fn hand_over(orders: &mut ChildStdin, text: &str) -> io::Result<()> {
    let length = u32::try_from(text.len()).map_err(|_| io::ErrorKind::FileTooLarge)?;
    let mut message = Zeroizing::new(Vec::with_capacity(text.len() + 4));
    message.extend_from_slice(&length.to_le_bytes());
    message.extend_from_slice(text.as_bytes());
    orders.write_all(&message)
}

fn spawn(program: &Path, term: &str) -> Result<Child, NoWay> {
    let mut command = Command::new(program);
    command.args([KEEPER, term]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    if cfg!(unix) {
        let variables = DISPLAY_VARIABLES.iter().filter_map(|name| Some((name, std::env::var_os(name)?)));
        command.env_clear().envs(variables).current_dir("/");
    }
    command.spawn().map_err(|error| refused(&error))
}

fn refused(error: &io::Error) -> NoWay {
    NoWay::DisplayRefuses(format!("its keeper cannot be started: {error}"))
}
