//! `sesam admin app`: applications and their factors.

use clap::Subcommand;

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
    /// Switch a factor; who is affected is said first
    Set {
        /// The application's id
        id: String,
        /// Which, and to what: otp=on, sms=off
        #[arg(long, value_name = "FACTOR=on|off", required = true, value_delimiter = ',', value_parser = switch)]
        factor: Vec<(String, bool)>,
        #[command(flatten)]
        care: Care,
    },
}

/// Runs the command.
pub(super) fn run(cx: &Context, named: Option<&str>, command: &AppCommand) -> Done {
    let server = connect(cx, named)?;
    match command {
        AppCommand::List => list(cx, &server, None),
        AppCommand::Show { id } => list(cx, &server, Some(id)),
        AppCommand::Set { id, factor, care } => {
            for (factor, on) in factor {
                let action = Action::Factor { application: id.clone(), factor: factor.clone(), on: *on };
                act::one(cx, &server, (&action, care))?;
            }
            Ok(Exit::Done)
        }
    }
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
        Some((factor, "on")) if !factor.is_empty() => Ok((factor.to_owned(), true)),
        Some((factor, "off")) if !factor.is_empty() => Ok((factor.to_owned(), false)),
        _ => Err("write FACTOR=on or FACTOR=off".to_owned()),
    }
}
