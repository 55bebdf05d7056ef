//! `sesam admin factor`: factors of the whole server, as far as it has switches for them.

use std::collections::BTreeMap;

use clap::Subcommand;
use serde_json::{Value, json};

use super::{
    connect::{Connected, connect, failed},
    user::style,
};
use crate::{
    admin::capability::Capability,
    cli::{
        context::Context,
        exit::{Done, Exit, Failure},
        table,
    },
    output,
};

/// Factors of the whole server
#[derive(Subcommand)]
pub enum FactorCommand {
    /// List the factors and where they are on
    #[command(visible_alias = "ls")]
    List,
    /// Switch a factor on for all applications
    Enable {
        /// Which
        factor: String,
    },
    /// Switch a factor off for all applications
    Disable {
        /// Which
        factor: String,
    },
}

/// Runs the command.
pub(super) fn run(cx: &Context, named: Option<&str>, command: &FactorCommand) -> Done {
    let server = connect(cx, named)?;
    match command {
        FactorCommand::List => list(cx, &server),
        FactorCommand::Enable { .. } | FactorCommand::Disable { .. } => {
            let recipe = match server.provider.whole() {
                Capability::No(why) | Capability::Emulated(why) => why,
                Capability::Yes => "this sesam has no way to it yet",
            };
            let sentence = format!("{} has no switch for the whole server", server.name);
            Err(Failure::new(Exit::Refused, "unsupported", sentence).hint(recipe))
        }
    }
}

fn list(cx: &Context, server: &Connected) -> Done {
    let mut where_on: BTreeMap<String, (Vec<String>, Vec<String>)> = BTreeMap::new();
    for application in server.provider.applications().map_err(failed)? {
        for (factor, on) in application.factors {
            let (ons, offs) = where_on.entry(factor).or_default();
            if on { ons.push(application.id.clone()) } else { offs.push(application.id.clone()) }
        }
    }
    if cx.as_json() {
        let object = |(factor, (ons, offs)): (&String, &(Vec<String>, Vec<String>))| -> Value {
            json!({"schema": "sesam.factor/1", "server": server.name, "factor": factor, "on": ons, "off": offs})
        };
        cx.print_json_list(where_on.iter().map(object).collect())?;
        return Ok(Exit::Done);
    }
    let row = |(factor, (ons, offs)): (&String, &(Vec<String>, Vec<String>))| {
        let on = if ons.is_empty() { "(nowhere)".to_owned() } else { ons.join(" ") };
        vec![factor.clone(), on, offs.join(" ")]
    };
    let rows: Vec<Vec<String>> = where_on.iter().map(row).collect();
    output::data(&table::draw(&["FACTOR", "ON", "OFF"], &rows, style()))?;
    Ok(Exit::Done)
}
