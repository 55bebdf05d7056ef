//! `sesam vault verify`: everything is read, decrypted and checked, the backups too.

use clap::Args;
use serde_json::{Value, json};

use crate::{
    cli::{
        context::Context,
        exit::{Done, Exit, Failure},
    },
    output,
    text::safe,
    vault::{
        VaultError,
        advice::local_time,
        backups::{self, Backup, Contents},
    },
};

/// Check the vault and all backups
#[derive(Args)]
pub struct VerifyArgs {}

/// Runs the command. Damaged backups make it end with 10 as well: they are what one would fall back to.
pub fn run(cx: &Context, _args: &VerifyArgs) -> Done {
    let vault = cx.open()?;
    let opened = vault.read()?;
    let accounts = opened.document()?.read_accounts().map_err(|error| vault.advised(error))?;
    let checked: Vec<(Backup, Result<Contents, String>)> = backups::list(&vault.place)
        .into_iter()
        .map(|backup| {
            let contents = backup.open(vault.identities());
            (backup, contents)
        })
        .collect();
    let bad = checked.iter().filter(|(_, contents)| contents.is_err()).count();
    if cx.as_json() {
        let rows: Vec<Value> = checked.iter().map(row).collect();
        cx.print_json(&json!({
            "schema": "sesam.verify/1", "generation": opened.head.generation, "accounts": accounts.len(), "backups": rows,
        }))?;
    } else {
        output::data(&format!(
            "The vault checks out: generation {}, accounts: {}\n",
            opened.head.generation,
            accounts.len()
        ))?;
        for (backup, contents) in &checked {
            output::data(&line(backup, contents))?;
        }
    }
    if bad == 0 {
        return Ok(Exit::Done);
    }
    let what = format!("{bad} of {} backups do not check out", checked.len());
    Err(Failure::from(VaultError::Damaged {
        what,
        advice: "the vault itself is good; remove the bad copies".into(),
    }))
}

fn line(backup: &Backup, contents: &Result<Contents, String>) -> String {
    let time = local_time(backup.time());
    match contents {
        Ok(good) => {
            format!("{time}  generation {:>6}  accounts {:>6}  ok\n", good.head.generation, good.accounts)
        }
        Err(why) => format!("{time}  generation {:>6}  bad: {}\n", backup.generation, safe(why)),
    }
}

/// One backup as an object.
pub fn row((backup, contents): &(Backup, Result<Contents, String>)) -> Value {
    let mut object = json!({
        "path": backup.path.display().to_string(), "generation": backup.generation,
        "written": backup.time().to_string(), "good": contents.is_ok(),
    });
    match contents {
        Ok(good) => object["accounts"] = json!(good.accounts),
        Err(why) => object["reason"] = json!(why),
    }
    object
}
