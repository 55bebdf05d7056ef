//! The settings as plain fields, grouped as in the file. What each key takes is in `keys`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use super::choices::{
    AskReason, CopyMethod, Density, Motion, NearExpiry, NextCode, Remember, Show, Sort, Start, Symbols,
    TimeZone,
};
use super::server::Server;
use super::value::{Setting, Value};

/// All settings. [`Config::default`] parses nothing: this is on the way of a command of two milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The version of the file's keys.
    pub version: u32,
    /// `[ui]`: how it looks and where it starts.
    pub ui: UiSettings,
    /// `[codes]`: what the list of codes shows.
    pub codes: CodesSettings,
    /// `[copy]`: how codes reach the clipboard.
    pub copy: CopySettings,
    /// `[capture]`: pictures of the screen.
    pub capture: CaptureSettings,
    /// `[lock]`: when the vault closes.
    pub lock: LockSettings,
    /// `[vault]`: where the vault is and what is kept beside it.
    pub vault: VaultSettings,
    /// `[privacy]`: what is shown and kept about use.
    pub privacy: PrivacySettings,
    /// `[admin]`: the admin mode.
    pub admin: AdminSettings,
    /// `[terminal]`: what is asked of the terminal.
    pub terminal: TerminalSettings,
    /// `[keys]`: action → the keys that do it. The names are checked where the actions are known.
    pub keys: BTreeMap<String, Vec<String>>,
}

/// The colours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Theme {
    /// One theme by name.
    Always(String),
    /// One for each background.
    ByBackground {
        /// On a dark background.
        dark: String,
        /// On a light background.
        light: String,
    },
}

/// `[ui]`: how it looks and where it starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UiSettings {
    /// The colours.
    pub theme: Theme,
    /// The characters that draw.
    pub symbols: Symbols,
    /// How much moves.
    pub motion: Motion,
    /// Rows per account.
    pub density: Density,
    /// Clicks and the wheel are taken.
    pub mouse: bool,
    /// The first screen.
    pub start: Start,
    /// The last row names the keys.
    pub hints: bool,
    /// Line mode instead of the full screen.
    pub screen_reader: bool,
    /// The zone of times on the screen.
    pub time: TimeZone,
}

/// `[codes]`: what the list of codes shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodesSettings {
    /// Which codes are readable.
    pub show: Show,
    /// How long a revealed code stays.
    pub reveal_seconds: Duration,
    /// Digits between two gaps; 0 is no gap.
    pub group: u8,
    /// When the next code is shown.
    pub next: NextCode,
    /// How long the old code stays beside the new one.
    pub previous: Duration,
    /// The order of accounts.
    pub sort: Sort,
    /// Favourites stand first in every order.
    pub favourites_first: bool,
    /// Seconds added to the system time.
    pub clock_offset: i64,
}

/// `[copy]`: how codes reach the clipboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopySettings {
    /// The way.
    pub method: CopyMethod,
    /// Program and arguments for the way `command`.
    pub command: Vec<String>,
    /// When a native clipboard is cleared; `None` is never.
    pub clear_after: Option<Duration>,
    /// The terminal's clipboard is cleared too.
    pub clear_osc52: bool,
    /// What is copied when the code is about to end.
    pub near_expiry: NearExpiry,
}

/// `[capture]`: pictures of the screen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaptureSettings {
    /// Program and arguments; empty asks the desktop and the programs that are known.
    pub command: Vec<String>,
}

/// `[lock]`: when the vault closes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockSettings {
    /// Time without a key; `None` is never.
    pub after: Option<Duration>,
    /// Locks on Ctrl-Z and when the machine sleeps.
    pub on_suspend: bool,
    /// Locks when the terminal loses the focus.
    pub on_focus_lost: bool,
    /// Whether the system keyring keeps the identity.
    pub remember: Remember,
    /// How long `sesam unlock` keeps the vault open.
    pub unlock_for: Duration,
}

/// `[vault]`: where the vault is and what is kept beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VaultSettings {
    /// The vault; `None` is `sesam/vault.age` in the user's data directory.
    pub path: Option<PathBuf>,
    /// Program and arguments that print the passphrase; empty is none.
    pub passphrase_command: Vec<String>,
    /// Copies kept from before each save.
    pub backups: u32,
    /// Days that a deleted account can be restored.
    pub trash_days: u32,
    /// scrypt log2 N of the passphrase.
    pub work_factor: u8,
}

/// `[privacy]`: what is shown and kept about use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrivacySettings {
    /// Account names are shortened on the screen.
    pub redact: bool,
    /// Uses are counted to sort by.
    pub usage: bool,
}

/// `[admin]`: the admin mode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminSettings {
    /// The server that is meant where none is named.
    pub default_server: Option<String>,
    /// How often lists are read again; `None` is by key only.
    pub refresh: Option<Duration>,
    /// How long an answer may take.
    pub timeout: Duration,
    /// Events kept while following.
    pub follow_buffer: u32,
    /// Whether a change asks for a reason.
    pub reason: AskReason,
    /// `[admin.servers.NAME]`: the profiles that have an address.
    pub servers: BTreeMap<String, Server>,
}

/// `[terminal]`: what is asked of the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TerminalSettings {
    /// How long its answers are awaited at the start; zero asks nothing.
    pub query_ms: Duration,
    /// The kitty keyboard protocol is used where offered.
    pub kitty_keyboard: bool,
    /// The window title is set to `sesam`.
    pub set_title: bool,
}

impl Setting for Theme {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Text(name) => Some(Self::Always(name.clone())),
            Value::Themes { dark, light } => {
                Some(Self::ByBackground { dark: dark.clone(), light: light.clone() })
            }
            _ => None,
        }
    }
}
