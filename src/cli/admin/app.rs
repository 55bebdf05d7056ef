//! `sesam admin app`: applications and their factors.

use std::time::Duration;

use clap::{ArgGroup, Args, Subcommand};

use super::{
    act::{self, Care},
    connect::{Connected, connect, failed},
    shapes,
    user::style,
};
use crate::{
    admin::{action::Action, model::Application},
    cli::{
        context::Context,
        exit::{Done, Exit, Failure},
        table,
        time::parse_span,
    },
    output,
};

/// See applications, switch their factors
#[derive(Subcommand)]
pub enum AppCommand {
    /// List applications
    #[command(visible_alias = "ls")]
    List,
    /// Show one application
    Show {
        /// Its id
        id: String,
    },
    /// Switch factors, remember browsers; who is affected is said first
    Set(SetArgs),
}

/// What changes of an application.
#[derive(Args)]
#[command(group(ArgGroup::new("wish").required(true).multiple(true).args(["factor", "mfa", "remember"])))]
pub struct SetArgs {
    /// The application's id
    pub id: String,
    /// Which factor, and to what: otp=on, sms=off
    #[arg(long, value_name = "FACTOR=on|off", value_delimiter = ',', value_parser = switch)]
    pub factor: Vec<(String, bool)>,
    /// off: the password alone opens it; on: a code of an authenticator as well
    #[arg(long, value_name = "on|off", value_parser = ["on", "off"], conflicts_with = "factor")]
    pub mfa: Option<String>,
    /// For how long a browser is remembered that did the second step: 12h, or off
    #[arg(long, value_name = "SPAN|off", value_parser = remembered)]
    pub remember: Option<Remember>,
    #[command(flatten)]
    pub care: Care,
}

/// For how long; none for never.
#[derive(Clone, Copy, Debug)]
pub struct Remember(Option<Duration>);

/// Runs the command.
pub(super) fn run(cx: &Context, named: Option<&str>, command: &AppCommand) -> Done {
    let server = connect(cx, named)?;
    match command {
        AppCommand::List => list(cx, &server, None),
        AppCommand::Show { id } => list(cx, &server, Some(id)),
        AppCommand::Set(args) => set(cx, &server, args),
    }
}

fn set(cx: &Context, server: &Connected, args: &SetArgs) -> Done {
    let mut wanted = args.factor.clone();
    if let Some(mfa) = &args.mfa {
        wanted = switches(server, &args.id, mfa == "on")?;
        if wanted.is_empty() {
            cx.say(&format!("the second step of {} is {mfa} already", args.id));
        }
    }
    let switch = |(factor, on): &(String, bool)| Action::Factor {
        application: args.id.clone(),
        factor: factor.clone(),
        on: *on,
    };
    let mut actions: Vec<Action> = wanted.iter().map(switch).collect();
    if let Some(Remember(span)) = args.remember {
        actions.push(Action::Remember { application: args.id.clone(), span });
    }
    for action in &actions {
        act::one(cx, server, (action, &args.care))?;
    }
    Ok(Exit::Done)
}

/// Off is every factor off; on is the first one that the server has, unless one is on.
fn switches(server: &Connected, id: &str, on: bool) -> Result<Vec<(String, bool)>, Failure> {
    let all = server.provider.applications().map_err(failed)?;
    let own = all.into_iter().find(|one| one.id == id);
    let own =
        own.ok_or_else(|| Failure::not_found(format!("{} has no application \"{id}\"", server.name)))?;
    let is_on = own.factors.iter().any(|(_, on)| *on);
    Ok(match on {
        true if is_on => vec![],
        true => own.factors.into_iter().take(1).map(|(factor, _)| (factor, true)).collect(),
        false => own.factors.into_iter().filter(|(_, on)| *on).map(|(factor, _)| (factor, false)).collect(),
    })
}

fn remembered(text: &str) -> Result<Remember, String> {
    if text == "off" { Ok(Remember(None)) } else { parse_span(text).map(|span| Remember(Some(span))) }
}

fn list(cx: &Context, server: &Connected, wanted: Option<&String>) -> Done {
    let mut all = server.provider.applications().map_err(failed)?;
    if let Some(wanted) = wanted {
        all.retain(|one| one.id == *wanted);
        if all.is_empty() {
            return Err(Failure::not_found(format!("{} has no application \"{wanted}\"", server.name)));
        }
    }
    if cx.as_json() {
        let objects = all.iter().map(|one| shapes::application(&server.name, one));
        match wanted {
            Some(_) => objects.for_each(|object| drop(cx.print_json(&object))),
            None => cx.print_json_list(objects.collect())?,
        }
        return Ok(Exit::Done);
    }
    let rows: Vec<Vec<String>> = all.iter().map(row).collect();
    output::data(&table::draw(&["APPLICATION", "NAME", "USERS", "FACTORS"], &rows, style()))?;
    Ok(Exit::Done)
}

fn row(application: &Application) -> Vec<String> {
    let on: Vec<&str> =
        application.factors.iter().filter(|(_, on)| *on).map(|(name, _)| name.as_str()).collect();
    vec![
        application.id.clone(),
        application.name.clone(),
        application.users.map_or(String::new(), |users| users.to_string()),
        if on.is_empty() { "(none)".to_owned() } else { on.join(" ") },
    ]
}

fn switch(text: &str) -> Result<(String, bool), String> {
    match text.split_once('=') {
        Some((factor, to @ ("on" | "off"))) if !factor.is_empty() => {
            // What people call it elsewhere.
            let factor = if factor == "totp" { "otp" } else { factor };
            Ok((factor.to_owned(), to == "on"))
        }
        _ => Err("write FACTOR=on or FACTOR=off".to_owned()),
    }
}
