//! The screens without a terminal: keys in, screen out. The clock stands still unless a test moves it.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, channel},
    },
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use ratatui::{Terminal, backend::TestBackend, style::Style};
use sesam::{
    admin::demo::{DemoDoor, furnish},
    clock::Clock,
    config::Config,
    keyring::SystemKeyring,
    text::width,
    tui::{
        First, Mode, Start,
        app::{App, Turn},
        clip::{Clip, Copy},
        context::Context,
        key::Key,
        message::Event,
        screens,
    },
    vault::{Place, Vault, World, backups::Keep, demo},
};
use zeroize::Zeroizing;

/// 18 seconds of 30 are left.
const NOW: i64 = 1_700_000_022;
/// Longer than any job takes.
const PATIENCE: Duration = Duration::from_mins(1);

/// An app, a window and a clipboard.
pub(super) struct Screen {
    /// The screens and what they share.
    pub(super) app: App,
    /// What the last event asked of the loop.
    pub(super) turn: Turn,
    terminal: Terminal<TestBackend>,
    events: Receiver<Event>,
    clock: Arc<Hands>,
    copied: Arc<Mutex<Vec<String>>>,
}

impl Screen {
    /// The demo in a window of this size.
    pub(super) fn demo(width: u16, height: u16) -> Self {
        Self::with(width, height, |_| {})
    }

    /// The demo, started in another way.
    pub(super) fn with(width: u16, height: u16, change: impl FnOnce(&mut Start)) -> Self {
        let clock = Arc::new(Hands(Mutex::new(Timestamp::from_second(NOW).unwrap())));
        let vault = demo::vault(clock.clone());
        Self::open(vault, clock, (width, height), change)
    }

    /// The first run in a directory of ours, with a passphrase that costs little.
    pub(super) fn first_run(dir: &Path, size: (u16, u16)) -> Self {
        Self::first_run_with(dir, size, |_| {})
    }

    /// The same, started in another way.
    pub(super) fn first_run_with(dir: &Path, size: (u16, u16), change: impl FnOnce(&mut Start)) -> Self {
        Self::begin(First::FirstRun, size, |start| {
            change(start);
            start.mode.demo = false;
            start.config.vault.work_factor = 15;
            start.place = Place::new(dir);
            start.world.state_dir = dir.join("state");
        })
    }

    fn begin(first: First, size: (u16, u16), change: impl FnOnce(&mut Start)) -> Self {
        let clock = Arc::new(Hands(Mutex::new(Timestamp::from_second(NOW).unwrap())));
        Self::start(first, clock, size, change)
    }

    fn open(vault: Vault, clock: Arc<Hands>, size: (u16, u16), change: impl FnOnce(&mut Start)) -> Self {
        Self::start(First::Open(Box::new(vault)), clock, size, change)
    }

    fn start(first: First, clock: Arc<Hands>, size: (u16, u16), change: impl FnOnce(&mut Start)) -> Self {
        let copied = Arc::new(Mutex::new(Vec::new()));
        let nowhere = PathBuf::from("/nonexistent/sesam-demo");
        let mut start = Start {
            config: Config::default(),
            clock: clock.clone(),
            place: Place::new(&nowhere),
            world: World { clock: clock.clone(), state_dir: nowhere, keep: Keep::default(), trash_days: 30 },
            clip: Box::new(Paper(Arc::clone(&copied))),
            door: Arc::new(DemoDoor::new(clock.clone())),
            own: None,
            settings_file: None,
            tokens: Arc::new(SystemKeyring::for_script()),
            mode: Mode { demo: true, ..Mode::default() },
        };
        furnish(&mut start.config.admin);
        change(&mut start);
        let (sender, events) = channel();
        let mut cx = Context::new(start, sender);
        let first = screens::first(&mut cx, first).unwrap();
        let terminal = Terminal::new(TestBackend::new(size.0, size.1)).unwrap();
        let app = App::new(cx, first);
        let mut screen = Self { app, turn: Turn::Go, terminal, events, clock, copied };
        screen.draw();
        screen
    }

    /// Presses keys: `/ git <enter>`. Blanks part them and are no keys; `<…>` is a key by its name, `<space>` too.
    pub(super) fn keys(&mut self, keys: &str) -> &mut Self {
        for word in keys.split_whitespace() {
            match word.strip_prefix('<').and_then(|name| name.strip_suffix('>')) {
                Some(name) => self.press(Key::read(name).unwrap_or_else(|| panic!("no key: {name}"))),
                None => word.chars().for_each(|char| self.press(Key::char(char))),
            }
        }
        self
    }

    /// Types a text, blanks included.
    pub(super) fn types(&mut self, text: &str) -> &mut Self {
        text.chars().for_each(|char| self.press(Key::char(char)));
        self
    }

    /// Pastes a text.
    pub(super) fn paste(&mut self, text: &str) -> &mut Self {
        self.handle(Event::Paste(Zeroizing::new(text.to_owned())))
    }

    /// Lets time pass: all of it at once.
    pub(super) fn wait(&mut self, seconds: i64) -> &mut Self {
        *self.clock.0.lock().unwrap() += SignedDuration::from_secs(seconds);
        self.turn = self.app.tick();
        self.draw();
        self
    }

    /// Takes in what the jobs answer until the screen says this.
    #[track_caller]
    pub(super) fn until(&mut self, words: &str) -> &mut Self {
        while !self.text().contains(words) {
            let Ok(event) = self.events.recv_timeout(PATIENCE) else {
                panic!("{words:?} did not come:\n{}", self.text());
            };
            self.handle(event);
        }
        self
    }

    /// Takes in one answer of a job.
    #[track_caller]
    pub(super) fn answer(&mut self) -> &mut Self {
        let event = self.events.recv_timeout(PATIENCE).expect("an answer of a job");
        self.handle(event)
    }

    /// The window as text, without blanks at the ends of lines.
    pub(super) fn text(&self) -> String {
        self.lines().join("\n")
    }

    /// The lines of the window.
    pub(super) fn lines(&self) -> Vec<String> {
        let buffer = self.terminal.backend().buffer();
        let line = |y| {
            let (mut line, mut x) = (String::new(), 0);
            while x < buffer.area.width {
                let symbol = buffer[(x, y)].symbol();
                line.push_str(symbol);
                x += u16::try_from(width(symbol)).unwrap().max(1);
            }
            line.trim_end().to_owned()
        };
        (0..buffer.area.height).map(line).collect()
    }

    /// What this looks like where it stands first.
    #[track_caller]
    pub(super) fn style_of(&self, words: &str) -> Style {
        let lines = self.lines();
        let y = lines.iter().position(|line| line.contains(words)).unwrap_or_else(|| panic!("no {words:?}"));
        let x = width(lines[y].split(words).next().unwrap());
        self.terminal.backend().buffer()[(u16::try_from(x).unwrap(), u16::try_from(y).unwrap())].style()
    }

    /// Asserts that the window says this.
    #[track_caller]
    pub(super) fn says(&mut self, words: &str) -> &mut Self {
        assert!(self.text().contains(words), "no {words:?} in:\n{}", self.text());
        self
    }

    /// Asserts that the window does not say this.
    #[track_caller]
    pub(super) fn is_silent_about(&mut self, words: &str) -> &mut Self {
        assert!(!self.text().contains(words), "{words:?} in:\n{}", self.text());
        self
    }

    /// Everything that was copied; `(cleared)` where it was taken away.
    pub(super) fn copied(&self) -> Vec<String> {
        self.copied.lock().unwrap().clone()
    }

    /// Gives the window another size.
    pub(super) fn resize(&mut self, width: u16, height: u16) -> &mut Self {
        self.terminal.backend_mut().resize(width, height);
        self.handle(Event::Resize)
    }

    /// Takes any event in.
    pub(super) fn handle(&mut self, event: Event) -> &mut Self {
        self.turn = self.app.handle(event);
        self.draw();
        self
    }

    fn press(&mut self, key: Key) {
        self.handle(Event::Key(key));
    }

    fn draw(&mut self) {
        self.terminal.draw(|frame| self.app.draw(frame)).unwrap();
        self.app.wipe();
    }
}

/// A clock whose hands a test moves.
struct Hands(Mutex<Timestamp>);

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }

    fn pause(&self, _span: Duration) {}
}

/// A clipboard that can be read.
struct Paper(Arc<Mutex<Vec<String>>>);

impl Clip for Paper {
    fn copy(&mut self, copy: &Copy<'_>) -> Result<String, String> {
        self.0.lock().unwrap().push(copy.text.to_owned());
        Ok(format!("Copied {}", copy.name))
    }

    fn clear(&mut self) -> bool {
        let mut copied = self.0.lock().unwrap();
        let holds = copied.last().is_some_and(|last| last != "(cleared)");
        if holds {
            copied.push("(cleared)".to_owned());
        }
        holds
    }
}
