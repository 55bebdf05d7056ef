//! Pictures of the screens as text, from the demo with a clock that stands still: for README, for the manual, for tests.
//! They are drawn by the same code as on a terminal, so they never go stale.

use std::{
    path::Path,
    sync::{
        Arc,
        mpsc::{Receiver, channel},
    },
    time::Duration,
};

use jiff::Timestamp;
use ratatui::{Terminal, backend::TestBackend};

use super::{
    app::App,
    clip::{Clip, Copy},
    context::{Context, First, Mode, Start},
    key::{Key, Press},
    message::Event,
    screens,
};
use crate::{
    admin::demo::{DemoDoor, furnish},
    clock::{Clock, FixedClock},
    config::Config,
    keyring::SystemKeyring,
    vault::{Place, Vault, World, backups::Keep, demo},
};

/// A picture: its name, what the program begins with, and the keys that lead to it.
struct Shot {
    name: &'static str,
    begins: Begins,
    keys: &'static [&'static str],
}

#[derive(Clone, Copy)]
enum Begins {
    Ascii,
    Demo,
    Empty,
    FirstRun,
    Locked,
}

/// 18 of 30 seconds are left.
const NOW: i64 = 1_700_000_022;
/// No job of the demo takes this long.
const PATIENCE: Duration = Duration::from_mins(1);

const SHOTS: &[Shot] = &[
    Shot { name: "first-run", begins: Begins::FirstRun, keys: &[] },
    Shot { name: "new-vault", begins: Begins::FirstRun, keys: &["1", "a secret", "tab"] },
    Shot { name: "unlock", begins: Begins::Locked, keys: &["correct horse"] },
    Shot { name: "codes", begins: Begins::Demo, keys: &["enter"] },
    Shot { name: "search", begins: Begins::Demo, keys: &["/", "git"] },
    Shot { name: "hidden", begins: Begins::Demo, keys: &["H"] },
    Shot { name: "ascii", begins: Begins::Ascii, keys: &["enter"] },
    Shot { name: "detail", begins: Begins::Demo, keys: &["l"] },
    Shot { name: "qr", begins: Begins::Demo, keys: &["p"] },
    Shot { name: "add", begins: Begins::Demo, keys: &["a"] },
    Shot { name: "actions", begins: Begins::Demo, keys: &["x"] },
    Shot { name: "help", begins: Begins::Demo, keys: &["?"] },
    Shot { name: "locked", begins: Begins::Demo, keys: &["L"] },
    Shot { name: "deleted", begins: Begins::Demo, keys: &["G", "k", "d"] },
    Shot { name: "empty", begins: Begins::Empty, keys: &[] },
    Shot { name: "admin-servers", begins: Begins::Demo, keys: &["A"] },
    Shot { name: "admin-users", begins: Begins::Demo, keys: &["A", "enter", "j"] },
    Shot { name: "admin-filter", begins: Begins::Demo, keys: &["A", "enter", "/", "state:locked"] },
    Shot { name: "admin-user", begins: Begins::Demo, keys: &["A", "enter", "j", "enter"] },
    Shot { name: "admin-actions", begins: Begins::Demo, keys: &["A", "enter", "j", "enter", "x"] },
    Shot {
        name: "admin-reset",
        begins: Begins::Demo,
        keys: &["A", "enter", "j", "enter", "x", "r", "lost phone, ticket 4711", "tab", "ala"],
    },
    Shot { name: "admin-read-only", begins: Begins::Demo, keys: &["A", "R", "j", "x", "r"] },
    Shot { name: "no-match", begins: Begins::Demo, keys: &["]", "]", "/", "gthub"] },
];

/// The names of all pictures.
pub fn names() -> impl Iterator<Item = &'static str> {
    SHOTS.iter().map(|shot| shot.name)
}

/// The picture of this name in a window of so many columns and rows, its lines without blanks at their ends.
pub fn shot(name: &str, columns: u16, rows: u16) -> Option<String> {
    let shot = SHOTS.iter().find(|shot| shot.name == name)?;
    let (sender, events) = channel();
    let mut cx = Context::new(start(shot.begins), sender);
    let first = screens::first(&mut cx, first(shot.begins)).ok()?;
    let mut app = App::new(cx, first);
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).ok()?;
    let mut draw = |app: &mut App| terminal.draw(|frame| app.draw(frame)).map(|_| ()).ok();
    draw(&mut app)?;
    for key in shot.keys.iter().flat_map(|keys| read(keys)) {
        app.handle(Event::Key(key));
        settle(&mut app, &events);
        draw(&mut app)?;
        app.wipe();
    }
    draw(&mut app)?;
    Some(text(terminal.backend()))
}

/// A name of a key, or a text to type.
fn read(keys: &str) -> Vec<Key> {
    match Key::read(keys) {
        Some(key) => vec![key],
        None => keys.chars().map(|char| Key::plain(Press::Char(char))).collect(),
    }
}

/// Takes in the answers of the jobs that a key started.
fn settle(app: &mut App, events: &Receiver<Event>) {
    while app.cx.jobs.running() > 0 {
        let Ok(event) = events.recv_timeout(PATIENCE) else { return };
        app.handle(event);
    }
}

fn start(begins: Begins) -> Start {
    let nowhere = Path::new("/home/hugo/.local/share/sesam");
    let clock: Arc<dyn Clock> =
        Arc::new(FixedClock(Timestamp::from_second(NOW).unwrap_or(Timestamp::UNIX_EPOCH)));
    let state_dir = nowhere.join("state");
    let world = World { clock: clock.clone(), state_dir, keep: Keep::default(), trash_days: 30 };
    let mode = Mode {
        demo: !matches!(begins, Begins::FirstRun | Begins::Locked),
        ascii: matches!(begins, Begins::Ascii),
        ..Mode::default()
    };
    let clip = Box::new(Pictured);
    let mut config = Config::default();
    furnish(&mut config.admin);
    let door = Arc::new(DemoDoor::new(clock.clone()));
    Start {
        config,
        clock,
        place: Place::new(nowhere),
        world,
        clip,
        door,
        own: None,
        settings_file: None,
        tokens: Arc::new(SystemKeyring::for_script()),
        mode,
    }
}

fn first(begins: Begins) -> First {
    let vault = |vault: Vault| First::Open(Box::new(vault));
    let clock = || start(begins).clock;
    match begins {
        Begins::Ascii | Begins::Demo => vault(demo::vault(clock())),
        Begins::Empty => vault(demo::empty(clock())),
        Begins::FirstRun => First::FirstRun,
        Begins::Locked => First::Locked,
    }
}

fn text(backend: &TestBackend) -> String {
    let area = backend.buffer().area;
    let mut text = String::new();
    for y in area.top()..area.bottom() {
        let mut line = String::new();
        let mut x = area.left();
        while x < area.right() {
            let symbol = backend.buffer()[(x, y)].symbol();
            line.push_str(symbol);
            x += u16::try_from(crate::text::width(symbol)).unwrap_or(1).max(1);
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// A terminal that takes OSC 52.
struct Pictured;

impl Clip for Pictured {
    fn copy(&mut self, copy: &Copy<'_>) -> Result<String, String> {
        let left = copy.left.map_or_else(String::new, |left| format!(", valid {left} s"));
        Ok(format!("Copied {} code to your terminal (OSC 52){left}", copy.name))
    }

    fn clear(&mut self) -> bool {
        true
    }
}
