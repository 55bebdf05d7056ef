//! The defaults of the settings. The table of keys says them as text; a test holds the two together.

use std::collections::BTreeMap;
use std::time::Duration;

use super::choices::{
    AskReason, CopyMethod, Density, Motion, NearExpiry, NextCode, Remember, Show, Sort, Start, Symbols,
    TimeZone,
};
use super::settings::{
    AdminSettings, CaptureSettings, CodesSettings, Config, CopySettings, LockSettings, PrivacySettings,
    TerminalSettings, Theme, UiSettings, VaultSettings,
};

impl Default for Config {
    fn default() -> Self {
        Self {
            version: 1,
            ui: UiSettings::default(),
            codes: CodesSettings::default(),
            copy: CopySettings::default(),
            capture: CaptureSettings::default(),
            lock: LockSettings::default(),
            vault: VaultSettings::default(),
            privacy: PrivacySettings::default(),
            admin: AdminSettings::default(),
            terminal: TerminalSettings::default(),
            keys: BTreeMap::new(),
        }
    }
}

impl Default for UiSettings {
    fn default() -> Self {
        Self {
            theme: Theme::Always("default".to_owned()),
            symbols: Symbols::Auto,
            motion: Motion::Full,
            density: Density::Compact,
            mouse: true,
            start: Start::Codes,
            hints: true,
            screen_reader: false,
            time: TimeZone::Local,
        }
    }
}

impl Default for CodesSettings {
    fn default() -> Self {
        Self {
            show: Show::All,
            reveal_seconds: Duration::from_secs(10),
            group: 3,
            next: NextCode::Last5s,
            previous: Duration::ZERO,
            sort: Sort::Used,
            favourites_first: true,
            clock_offset: 0,
        }
    }
}

impl Default for CopySettings {
    fn default() -> Self {
        Self {
            method: CopyMethod::Auto,
            command: Vec::new(),
            clear_after: Some(Duration::from_secs(30)),
            clear_osc52: false,
            near_expiry: NearExpiry::Current,
        }
    }
}

impl Default for LockSettings {
    fn default() -> Self {
        Self {
            after: Some(Duration::from_mins(5)),
            on_suspend: true,
            on_focus_lost: false,
            remember: Remember::Ask,
            unlock_for: Duration::from_mins(15),
        }
    }
}

impl Default for VaultSettings {
    fn default() -> Self {
        Self { path: None, passphrase_command: Vec::new(), backups: 10, trash_days: 30, work_factor: 18 }
    }
}

impl Default for PrivacySettings {
    fn default() -> Self {
        Self { redact: false, usage: true }
    }
}

impl Default for AdminSettings {
    fn default() -> Self {
        Self {
            default_server: None,
            refresh: Some(Duration::from_secs(30)),
            timeout: Duration::from_secs(10),
            follow_buffer: 5_000,
            reason: AskReason::Ask,
            servers: BTreeMap::new(),
        }
    }
}

impl Default for TerminalSettings {
    fn default() -> Self {
        Self { query_ms: Duration::from_millis(100), kitty_keyboard: true, set_title: true }
    }
}
