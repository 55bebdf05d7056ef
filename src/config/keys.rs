//! The table of all keys. It feeds the checks, the default file, `config set`, the listing and the manual.

use std::time::Duration;

use super::choices::{
    AskReason, Confirm, CopyMethod, Density, Motion, NearExpiry, NextCode, ProviderKind, Remember, Show,
    Sort, Start, Symbols, TimeZone,
};
use super::kind::{Kind, Unit};
use super::server::Server;
use super::settings::Config;
use super::value::{Value, put};

/// One key of `T`: of [`Config`], or of [`Server`].
pub struct Key<T: 'static> {
    /// Section and key with a dot between (`lock.after`); of a server the key alone.
    pub name: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// The default as the file writes it; an example where there is none.
    pub default: &'static str,
    /// One line about it, for the default file and the manual.
    pub words: &'static str,
    /// The environment variable that sets it.
    pub env: Option<Env>,
    pub(super) set: fn(&mut T, &Value) -> bool,
}

/// An environment variable that sets a key. Empty is unset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Env {
    /// Its name.
    pub name: &'static str,
    /// The value of the key when the variable is there at all; else its own text is the value.
    pub means: Option<&'static str>,
}

macro_rules! keys {
    ($(#[$doc:meta])* $table:ident of $of:ty;
     $( $first:ident $(. $second:ident)?: $kind:expr, $default:literal, $words:expr $(, $env:expr)?; )*) => {
        $(#[$doc])*
        pub static $table: &[Key<$of>] = &[$( Key {
            name: concat!(stringify!($first) $(, ".", stringify!($second))?),
            kind: $kind,
            default: $default,
            words: $words,
            env: keys!(@env $($env)?),
            set: |all, value| put(&mut all.$first $(.$second)?, value),
        } ),*];
    };
    (@env) => { None };
    (@env $env:expr) => { Some($env) };
}

keys! {
    /// The keys of the settings, in the order of the default file.
    KEYS of Config;
    version: integer(1, 1), "1", "of this file's keys";

    ui.theme: Kind::Theme, r#""default""#, r#"name of a theme, or { dark = "…", light = "…" }"#;
    ui.symbols: Kind::Choice(Symbols::WORDS), r#""auto""#, "";
    ui.motion: Kind::Choice(Motion::WORDS), r#""full""#, "", flag("NO_MOTION", "reduced");
    ui.density: Kind::Choice(Density::WORDS), r#""compact""#, "";
    ui.mouse: Kind::Bool, "true", "clicks and the wheel";
    ui.start: Kind::Choice(Start::WORDS), r#""codes""#, "";
    ui.hints: Kind::Bool, "true", "the last row names the keys";
    ui.screen_reader: Kind::Bool, "false", "line mode", env("SESAM_SCREEN_READER");
    ui.time: Kind::Choice(TimeZone::WORDS), r#""local""#, "";

    codes.show: Kind::Choice(Show::WORDS), r#""all""#, "", env("SESAM_SHOW");
    codes.reveal_seconds: seconds(1, 600), "10", "how long a revealed code stays";
    codes.group: integer(0, 10), "3", "492 039; 0 = no gap";
    codes.next: Kind::Choice(NextCode::WORDS), r#""5s""#, "";
    codes.previous: seconds(0, 60), "0", "seconds to keep the old code beside the new one";
    codes.sort: Kind::Choice(Sort::WORDS), r#""used""#, "";
    codes.favourites_first: Kind::Bool, "true", "in every order";
    codes.clock_offset: integer(-DAY, DAY), "0", "seconds; only if the system time cannot be fixed";

    copy.method: Kind::Choice(CopyMethod::WORDS), r#""auto""#, "";
    copy.command: Kind::List, "[]", r#"e.g. ["xsel", "-ib"]; text on stdin"#;
    copy.clear_after: seconds(0, 3_600), "30", "seconds, 0 = until something else is copied; native clipboards only";
    copy.clear_osc52: Kind::Bool, "false", "the terminal's clipboard too, whatever is in it by then; by the full screen only";
    copy.near_expiry: Kind::Choice(NearExpiry::WORDS), r#""current""#, "in the last 5 s of a code";

    capture.command: Kind::List, "[]", r#"takes a picture of the screen, e.g. ["grim", "-"]; to stdout, or into {}"#;

    lock.after: time_or_never(5, DAY), r#""5m""#, r#""0" = never"#;
    lock.on_suspend: Kind::Bool, "true", "Ctrl-Z, and when the machine sleeps";
    lock.on_focus_lost: Kind::Bool, "false", "when another window gets the keys";
    lock.remember: Kind::Choice(Remember::WORDS), r#""ask""#, "keep the identity in the system keyring; ask: unlock --remember does";
    lock.unlock_for: time(1, 30 * DAY), r#""15m""#, "how long `sesam unlock` keeps the vault open";

    vault.path: Kind::Path, r#""~/.local/share/sesam/vault.age""#, "", env("SESAM_VAULT");
    vault.passphrase_command: Kind::List, "[]", r#"e.g. ["pass", "show", "sesam"]"#;
    vault.backups: integer(0, 1_000), "10", "kept in backups/ before each write, and one a day for 30 days";
    vault.trash_days: integer(1, 3_650), "30", "how long a deleted account can be restored";
    vault.work_factor: integer(15, 20), "18", "scrypt log2 N of the passphrase (15-20)";

    privacy.redact: Kind::Bool, "false", "h…@example.com, for sharing the screen";
    privacy.usage: Kind::Bool, "true", "keep copy counts for sorting (encrypted, beside the vault)";

    admin.default_server: Kind::Text, r#""""#, "a name from admin.servers";
    admin.refresh: time_or_never(1, DAY), r#""30s""#, r#""0" = by F5 only"#;
    admin.timeout: time(1, 300), r#""10s""#, "for one answer of a server";
    admin.follow_buffer: integer(100, 1_000_000), "5000", "events kept while following";
    admin.reason: Kind::Choice(AskReason::WORDS), r#""ask""#, "";

    terminal.query_ms: milliseconds(0, 5_000), "100", "wait for the terminal's answers; 0 = ask nothing";
    terminal.kitty_keyboard: Kind::Bool, "true", "use this protocol where the terminal offers it";
    terminal.set_title: Kind::Bool, "true", "the title is `sesam`, never a name or a code";
}

keys! {
    /// The keys of `[admin.servers.NAME]`.
    SERVER_KEYS of Server;
    provider: Kind::Choice(ProviderKind::WORDS), r#""sesamd""#, "";
    url: Kind::Url, r#""https://mfa.corp.example""#, "";
    kind: Kind::ServerKind, r#""prod""#, "prod | test | lab | own word of up to 5 letters";
    user: Kind::Text, r#""""#, "the administrator's name";
    realm: Kind::Text, r#""""#, "keycloak, privacyidea";
    auth_realm: Kind::Text, r#""""#, "keycloak: the realm of the account that signs in, if another";
    client_id: Kind::Text, r#""""#, "keycloak";
    read_only: Kind::Bool, "false", "refuse every change";
    confirm: Kind::Choice(Confirm::WORDS), r#""typed""#, "plain is refused for prod";
    theme: Kind::Text, r#""prod-red""#, "while this server is open";
    ca_file: Kind::Path, r#""""#, "certificates to trust instead of the system's";
    pin: Kind::Text, r#""""#, "fingerprint of the one certificate to trust";
    token: Kind::Token, r#""keyring""#, "keyring | vault | device | file:/path | command:… | systemd:NAME";
    otp: Kind::Text, r#""""#, "the account of the vault that makes the administrator's codes";
}

impl<T> Key<T> {
    /// Sets the field, if the value is one for it.
    pub(super) fn apply(&self, all: &mut T, value: Value) -> Option<Value> {
        let value = self.kind.accept(value)?;
        (self.set)(all, &value).then_some(value)
    }
}

/// The key of this dotted name.
pub(super) fn find(name: &str) -> Option<&'static Key<Config>> {
    KEYS.iter().find(|key| key.name == name)
}

/// The key of this name within a server.
pub(super) fn find_server(name: &str) -> Option<&'static Key<Server>> {
    SERVER_KEYS.iter().find(|key| key.name == name)
}

/// What the key of this full name takes: of a setting, of `admin.servers.NAME.…`, of `keys.ACTION`.
pub(super) fn kind_of(name: &str) -> Option<Kind> {
    if let Some(key) = find(name) {
        return Some(key.kind);
    }
    if let Some(action) = name.strip_prefix("keys.") {
        return (!action.is_empty()).then_some(Kind::Keys);
    }
    let (server, key) = name.strip_prefix("admin.servers.")?.rsplit_once('.')?;
    let key = find_server(key)?;
    (!server.is_empty()).then_some(key.kind)
}

/// The sections that have keys, in the order of the default file.
pub(super) const SECTIONS: [&str; 10] =
    ["ui", "codes", "copy", "capture", "lock", "vault", "privacy", "admin", "terminal", "keys"];

const fn integer(least: i64, most: i64) -> Kind {
    Kind::Integer { least, most }
}

const fn seconds(least: u64, most: u64) -> Kind {
    let (least, most) = (Duration::from_secs(least), Duration::from_secs(most));
    Kind::Time { unit: Unit::Seconds, least, most, zero: false }
}

const fn milliseconds(least: u64, most: u64) -> Kind {
    let (least, most) = (Duration::from_millis(least), Duration::from_millis(most));
    Kind::Time { unit: Unit::Milliseconds, least, most, zero: false }
}

const fn time(least: u64, most: i64) -> Kind {
    let (least, most) = (Duration::from_secs(least), Duration::from_secs(most.unsigned_abs()));
    Kind::Time { unit: Unit::Written, least, most, zero: false }
}

const fn time_or_never(least: u64, most: i64) -> Kind {
    let (least, most) = (Duration::from_secs(least), Duration::from_secs(most.unsigned_abs()));
    Kind::Time { unit: Unit::Written, least, most, zero: true }
}

const fn env(name: &'static str) -> Env {
    Env { name, means: None }
}

const fn flag(name: &'static str, means: &'static str) -> Env {
    Env { name, means: Some(means) }
}

/// Seconds of a day.
const DAY: i64 = 86_400;
