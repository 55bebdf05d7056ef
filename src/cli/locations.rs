//! Where things lie on this machine: settings, vault, state. Reads the environment; the rest of `cli` does not.

use std::{env, path::PathBuf, sync::Arc};

use etcetera::{AppStrategy, AppStrategyArgs, app_strategy::Xdg};
use jiff::Timestamp;

use super::{exit::Failure, global::Global};
use crate::{
    admin::demo,
    clock::{Clock, FixedClock, ShiftedClock},
    config::{Loaded, Locations, Sources, load, read_files},
    vault::Place,
};

/// The settings out of all their sources.
pub fn settings(global: &Global) -> Result<Loaded, Failure> {
    let strategy = strategy().ok();
    let files = if global.no_config || global.demo {
        Vec::new()
    } else {
        read_files(&Locations {
            system: Some(PathBuf::from("/etc/sesam/config.toml")),
            user: strategy.as_ref().map(|dirs| dirs.config_dir().join("config.toml")),
            named: global.config.clone(),
        })?
    };
    let mut flags = Vec::new();
    if global.hide {
        flags.push(("codes.show", "none"));
    }
    if global.screen_reader {
        flags.push(("ui.screen_reader", "true"));
    }
    let home = env::home_dir();
    let environment = |name: &str| env::var(name).ok();
    let mut loaded =
        load(&Sources { files: &files, environment: &environment, flags: &flags, home: home.as_deref() })?;
    if global.demo {
        demo::furnish(&mut loaded.config.admin);
    }
    Ok(loaded)
}

/// The file that `config set` writes.
pub fn user_config(global: &Global) -> Result<PathBuf, Failure> {
    match &global.config {
        Some(path) => Ok(path.clone()),
        None => Ok(strategy()?.config_dir().join("config.toml")),
    }
}

/// The vault that is meant: `--vault`, then the setting (file or environment), then the user's data directory.
pub fn vault(global: &Global, settings: &Loaded) -> Result<Place, Failure> {
    let named = global.vault.clone().or_else(|| settings.config.vault.path.clone());
    match named {
        Some(path) => Ok(Place::new(&path)),
        None => Ok(Place::new(&strategy()?.data_dir())),
    }
}

/// Where this machine remembers what it has seen.
pub fn state_dir() -> Result<PathBuf, Failure> {
    let dirs = strategy()?;
    Ok(dirs.state_dir().unwrap_or_else(|| dirs.data_dir().join("state")))
}

/// The clock of `--demo`, where `SESAM_DEMO_NOW` names one: it stands still at so many seconds since 1970, or runs on
/// from there with `,run` behind them.
pub fn demo_clock(global: &Global) -> Option<Arc<dyn Clock>> {
    let text = global.demo.then(|| env::var("SESAM_DEMO_NOW").ok())??;
    let (seconds, run) = text.split_once(',').map_or((text.as_str(), ""), |(seconds, run)| (seconds, run));
    let time = Timestamp::from_second(seconds.parse().ok()?).ok()?;
    Some(if run == "run" { Arc::new(ShiftedClock::beginning_at(time)) } else { Arc::new(FixedClock(time)) })
}

/// Whether a window can open here: over SSH and in a service it cannot.
pub fn has_screen() -> bool {
    !cfg!(all(unix, not(target_os = "macos")))
        || ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| variable(name).is_some())
}

/// An environment variable, unless it is empty.
pub fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|text| !text.is_empty())
}

fn strategy() -> Result<Xdg, Failure> {
    let arguments = AppStrategyArgs {
        top_level_domain: String::new(),
        author: String::new(),
        app_name: "sesam".to_owned(),
    };
    Xdg::new(arguments).map_err(|_| {
        Failure::failed("there is no home directory on this account")
            .hint("set HOME, or name everything: --vault PATH, XDG_STATE_HOME, XDG_CONFIG_HOME")
    })
}
