//! `sesam` without a command: the full-screen view.

use std::sync::Arc;

use serde_json::json;

use super::{
    context::Context,
    copy,
    exit::{Done, Exit, Failure},
    global::{Color, Global},
    locations, terminal,
};
use crate::{
    admin::{
        connect::{Door, PersonalDoor},
        demo::DemoDoor,
    },
    keyring::SystemKeyring,
    output,
    tui::{self, First, Mode, Start, TuiError, admin::own::Hands, clip::Board},
    vault::VaultError,
};

/// Whether lines are wanted instead of a screen: by the option, the environment or the settings.
pub fn wants_lines(cx: &Context) -> bool {
    cx.global.screen_reader || cx.settings.config.ui.screen_reader
}

/// Runs sesam without a command.
pub fn run(cx: &Context) -> Done {
    view(cx, false)
}

/// Runs `sesam admin` without a command: the same view, in admin mode. No vault is opened for it.
pub fn admin(cx: &Context) -> Done {
    view(cx, true)
}

fn view(cx: &Context, admin: bool) -> Done {
    if !output::stdout_is_terminal() || !output::stdin_is_terminal() {
        return Err(Failure::usage(if admin {
            "the admin screens need a terminal. Try: sesam admin user list, sesam admin --help"
        } else {
            "the full-screen view needs a terminal. Try: sesam list, sesam code NAME, sesam --help"
        }));
    }
    if locations::variable("TERM").is_none_or(|term| term == "dumb") {
        return Err(Failure::usage("this terminal (TERM=dumb) cannot show the full-screen view")
            .hint("sesam --screen-reader reads lines; sesam list and sesam code NAME print them"));
    }
    let first = if admin && !cx.global.demo { unopened(cx)? } else { first(cx)? };
    let code = tui::run(start(cx, admin)?, first).map_err(|error| match error {
        TuiError::Vault(error) => error.into(),
        TuiError::Terminal(error) => Failure::failed(format!("the terminal cannot be used: {error}")),
    })?;
    Ok(Exit::from_code(code))
}

/// What the screens begin with. A passphrase that was given opens the vault before anything is drawn.
fn first(cx: &Context) -> Result<First, Failure> {
    if cx.global.demo {
        return Ok(First::Open(Box::new(cx.open()?)));
    }
    if !cx.place()?.has_vault() {
        cx.place()?.expect_vault().or_else(|error| match error {
            VaultError::NoVault(_) => Ok(()),
            other => Err(other),
        })?;
        return Ok(First::FirstRun);
    }
    if let Some(vault) = cx.open_kept()? {
        return Ok(First::Open(Box::new(vault)));
    }
    if cx.given_passphrase()?.is_some() {
        return Ok(First::Open(Box::new(cx.open()?)));
    }
    cx.reachable_place()?;
    Ok(First::Locked)
}

/// The codes behind the admin mode: closed, or not there.
fn unopened(cx: &Context) -> Result<First, Failure> {
    Ok(if cx.place()?.has_vault() { First::Locked } else { First::FirstRun })
}

fn start(cx: &Context, admin: bool) -> Result<Start, Failure> {
    let state_dir = if cx.global.demo { None } else { Some(locations::state_dir()?) };
    let clip = Board::new(copy::settings(cx, None), cx.clock.clone(), state_dir);
    let own = Arc::new(Hands::new(cx.clock.clone(), cx.settings.config.codes.clock_offset));
    Ok(Start {
        config: cx.settings.config.clone(),
        clock: cx.clock.clone(),
        place: cx.place()?,
        world: cx.world()?,
        clip: Box::new(clip),
        door: door(cx, &own),
        own: (!cx.global.demo).then_some(own),
        settings_file: if cx.global.demo { None } else { Some(locations::user_config(&cx.global)?) },
        tokens: Arc::new(SystemKeyring::for_person()),
        mode: Mode {
            demo: cx.global.demo,
            read_only: cx.global.read_only,
            no_color: !wants_color(cx.global.color),
            kitty: speaks_kitty(),
            ascii: !terminal::is_utf8(),
            no_motion: locations::variable("NO_MOTION").is_some(),
            admin,
        },
    })
}

/// The way to the servers: those of the demo are in memory.
fn door(cx: &Context, own: &Arc<Hands>) -> Arc<dyn Door> {
    if cx.global.demo {
        return Arc::new(DemoDoor::new(Arc::clone(&cx.clock)));
    }
    Arc::new(PersonalDoor { way: super::admin::door(cx), own: own.clone() })
}

/// Whether the terminal shows pictures by kitty's protocol: its name says so, and nothing stands between.
fn speaks_kitty() -> bool {
    let is = |name: &str, values: &[&str]| {
        locations::variable(name).is_some_and(|value| values.iter().any(|own| value.contains(own)))
    };
    let between = ["TMUX", "STY", "ZELLIJ"].iter().any(|name| locations::variable(name).is_some());
    !between
        && (is("TERM", &["kitty", "ghostty"])
            || is("TERM_PROGRAM", &["WezTerm", "ghostty"])
            || locations::variable("KITTY_WINDOW_ID").is_some())
}

/// Whether colours are wanted, by the option and by what the environment says for all programs.
fn wants_color(color: Color) -> bool {
    let off = || {
        locations::variable("NO_COLOR").is_some()
            || locations::variable("CLICOLOR").is_some_and(|off| off == "0")
    };
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => !off(),
    }
}

/// `sesam --version`, with `--json` the versions of the shapes too.
pub fn version(global: &Global) -> Done {
    let version = env!("CARGO_PKG_VERSION");
    if !(global.json || global.jsonl) {
        output::data(&format!("sesam {version}\n"))?;
        return Ok(Exit::Done);
    }
    let object = json!({
        "name": "sesam", "version": version, "vault_schema": crate::vault::document::SCHEMA,
        "schemas": ["sesam.account/1", "sesam.accounts/1", "sesam.code/1", "sesam.copied/1", "sesam.import/1", "sesam.export/1", "sesam.error/1", "sesam.vault/1", "sesam.doctor/1"],
    });
    output::data(&format!("{object:#}\n"))?;
    Ok(Exit::Done)
}
