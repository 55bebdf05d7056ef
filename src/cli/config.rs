//! `sesam config`: the settings, where each comes from, and changing them without losing a comment.

use std::{path::Path, process::Command};

use clap::Subcommand;
use serde_json::{Value, json};

use super::{
    context::Context,
    exit::{Done, Exit, Failure},
    files, locations,
    table::{self, Style},
};
use crate::{
    config::{self, Origin, Shown},
    output,
    vault::disk,
};

/// See and change the settings
#[derive(Subcommand)]
pub enum ConfigCommand {
    /// Write a file with every setting, each commented
    Init {
        /// Overwrite the file that is there
        #[arg(long)]
        force: bool,
    },
    /// Print where the settings lie
    Path,
    /// List all settings that differ from their defaults, or all of them
    Show {
        /// Where each value comes from, and those at their defaults too
        #[arg(long)]
        origin: bool,
    },
    /// Print one setting
    Get {
        /// Its name: section.key
        key: String,
    },
    /// Change one setting
    Set {
        /// Its name: section.key
        key: String,
        /// Its value
        #[arg(allow_hyphen_values = true)]
        value: String,
    },
    /// Put one setting back to its default
    Unset {
        /// Its name: section.key
        key: String,
    },
    /// Open the file in $VISUAL or $EDITOR
    Edit,
    /// Check the files; exit 2 if something is wrong
    Check,
}

/// Runs the command.
pub fn run(cx: &Context, command: &ConfigCommand) -> Done {
    match command {
        ConfigCommand::Init { force } => init(cx, *force),
        ConfigCommand::Path => {
            let path = locations::user_config(&cx.global)?;
            output::data(&format!("{}\n", crate::text::safe(&path.display().to_string())))?;
            Ok(Exit::Done)
        }
        ConfigCommand::Show { origin } => show(cx, *origin),
        ConfigCommand::Get { key } => {
            let shown = cx.settings.get(key)?;
            if cx.as_json() {
                cx.print_json(&object(&shown))?;
            } else {
                output::data(&format!("{}\n", crate::text::safe(&shown.value)))?;
            }
            Ok(Exit::Done)
        }
        ConfigCommand::Set { key, value } => {
            cx.writable()?;
            change_settings(cx, &format!("{key} = {value}"), |text| config::set(text, key, value))
        }
        ConfigCommand::Unset { key } => {
            cx.writable()?;
            change_settings(cx, &format!("{key} is at its default"), |text| config::unset(text, key))
        }
        ConfigCommand::Edit => edit(cx),
        ConfigCommand::Check => check(cx),
    }
}

fn init(cx: &Context, force: bool) -> Done {
    cx.writable()?;
    let path = locations::user_config(&cx.global)?;
    make_parent(&path)?;
    files::write_private(&path, config::default_file().as_bytes(), force)?;
    cx.say(&format!("Wrote {}", path.display()));
    Ok(Exit::Done)
}

fn show(cx: &Context, origin: bool) -> Done {
    let all = cx.settings.list();
    let wanted: Vec<&Shown> = all.iter().filter(|shown| origin || shown.origin != Origin::Default).collect();
    if cx.as_json() {
        cx.print_json_list(wanted.into_iter().map(object).collect())?;
        return Ok(Exit::Done);
    }
    let row = |shown: &&Shown| vec![shown.key.clone(), shown.value.clone(), shown.origin.to_string()];
    let rows: Vec<Vec<String>> = wanted.iter().map(row).collect();
    if rows.is_empty() {
        cx.say("Every setting is at its default; sesam config show --origin lists them all.");
        return Ok(Exit::Done);
    }
    let style = if output::stdout_is_terminal() { Style::Terminal { bold: false } } else { Style::Tabs };
    output::data(&table::draw(&["KEY", "VALUE", "FROM"], &rows, style))?;
    Ok(Exit::Done)
}

fn object(shown: &Shown) -> Value {
    json!({"key": shown.key, "value": shown.value, "origin": shown.origin.to_string()})
}

/// Changes the user's file of settings.
pub(super) fn change_settings(
    cx: &Context,
    what: &str,
    edit: impl FnOnce(&str) -> Result<String, config::ConfigError>,
) -> Done {
    let path = locations::user_config(&cx.global)?;
    let old = disk::read_if_there(&path, 1 << 20)?.unwrap_or_default();
    let old = String::from_utf8(old)
        .map_err(|_| Failure::usage(format!("{} is not UTF-8 text", path.display())))?;
    let new = edit(&old)?;
    make_parent(&path)?;
    files::write_private(&path, new.as_bytes(), true)?;
    cx.say(what);
    Ok(Exit::Done)
}

fn edit(cx: &Context) -> Done {
    cx.writable()?;
    if !cx.can_ask() {
        return Err(Failure::usage("an editor needs a terminal").hint("use sesam config set KEY VALUE"));
    }
    let path = locations::user_config(&cx.global)?;
    if !path.exists() {
        init(cx, false)?;
    }
    let editor = locations::variable("VISUAL")
        .or_else(|| locations::variable("EDITOR"))
        .unwrap_or_else(|| "vi".into());
    let mut words = editor.split_whitespace();
    let program = words.next().unwrap_or("vi");
    let status = Command::new(program).args(words).arg(&path).status();
    let status = status.map_err(|error| Failure::failed(format!("could not run {program}: {error}")))?;
    if !status.success() {
        return Err(Failure::failed(format!("{program} ended with {status}")));
    }
    check(cx)
}

/// Reads the files anew: they may just have been edited.
fn check(cx: &Context) -> Done {
    let settings = locations::settings(&cx.global)?;
    if settings.warnings.is_empty() {
        cx.say("The settings are in order");
        return Ok(Exit::Done);
    }
    Err(Failure::usage(format!(
        "{} lines of the settings are not as they should be",
        settings.warnings.len()
    )))
}

fn make_parent(path: &Path) -> Result<(), Failure> {
    match path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        Some(parent) => Ok(disk::private_dir(parent)?),
        None => Ok(()),
    }
}
