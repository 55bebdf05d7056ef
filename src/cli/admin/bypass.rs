//! `sesam admin bypass`: who signs in without a second step, and which bypasses have outlived their end.

use clap::Subcommand;
use serde_json::Value;

use super::{
    act::Care,
    bulk::{self, Names},
    connect::{Connected, connect},
    people,
    user::style,
};
use crate::{
    admin::{action::Action, model::Person},
    cli::{
        context::Context,
        exit::{Done, Exit, Failure},
        table,
    },
    output,
};

/// Who signs in without a second step
#[derive(Subcommand)]
pub enum BypassCommand {
    /// List users who are asked for no second step
    #[command(visible_alias = "ls")]
    List,
    /// End every bypass whose time is over, where the server does not do it by itself
    Sweep {
        #[command(flatten)]
        care: Care,
    },
}

/// Runs the command.
pub(super) fn run(cx: &Context, named: Option<&str>, command: &BypassCommand) -> Done {
    let server = connect(cx, named)?;
    let found = bypassed(&server)?;
    match command {
        BypassCommand::List => list(cx, &server, &found),
        BypassCommand::Sweep { care } => {
            let over =
                found.into_iter().filter(|one| is_overdue(cx, one)).map(|one| one.name).collect::<Vec<_>>();
            if over.is_empty() {
                if cx.as_json() {
                    cx.print_json_list(vec![])?;
                }
                cx.say(&format!("no bypass on {} is overdue", server.name));
                return Ok(Exit::Done);
            }
            let overdue = Names { names: over, from: None };
            bulk::each(cx, &server, (&overdue, care), |user| Action::Bypass { user, until: None })
        }
    }
}

fn bypassed(server: &Connected) -> Result<Vec<Person>, Failure> {
    Ok(people::users(server, "state:bypass", usize::MAX)?.0)
}

fn is_overdue(cx: &Context, person: &Person) -> bool {
    person.bypass_until.is_some_and(|until| until < cx.now())
}

fn list(cx: &Context, server: &Connected, found: &[Person]) -> Done {
    if cx.as_json() {
        let object = |person: &Person| -> Value {
            let mut object = super::shapes::user(&server.name, person);
            object["overdue"] = is_overdue(cx, person).into();
            object
        };
        cx.print_json_list(found.iter().map(object).collect())?;
    } else {
        let row = |person: &Person| {
            let until = person.bypass_until.map_or("without end".to_owned(), |until| format!("{until:.0}"));
            let state = if is_overdue(cx, person) { "overdue" } else { "" };
            let display = person.display.clone().unwrap_or_default();
            vec![person.name.clone(), display, until, state.to_owned()]
        };
        let rows: Vec<Vec<String>> = found.iter().map(row).collect();
        output::data(&table::draw(&["USER", "NAME", "UNTIL", ""], &rows, style()))?;
    }
    Ok(if found.is_empty() { Exit::NotFound } else { Exit::Done })
}
