//! `sesam vault restore`: an earlier version comes back, of the vault or of its identity. Nothing is deleted.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::verify;
use crate::{
    cli::{
        context::Context,
        exit::{Done, Exit, Failure},
    },
    crypt::Identity,
    output,
    text::safe,
    vault::{
        Place, Vault, VaultError,
        advice::local_time,
        backups, disk,
        restore::Restored,
        unlock::{self, IdentityFile},
    },
};

/// Bring back the newest backup that opens, or the one named
#[derive(Args)]
#[command(
    after_help = "The version that is replaced is kept too. A damaged identity.age is restored from its copy; the \
                        vault is left alone then if it is good."
)]
pub struct RestoreArgs {
    /// A vault file to bring back
    #[arg(value_name = "FILE", conflicts_with = "list")]
    pub file: Option<PathBuf>,
    /// List the backups with date, generation and number of accounts
    #[arg(long)]
    pub list: bool,
}

/// Runs the command.
pub fn run(cx: &Context, args: &RestoreArgs) -> Done {
    let place = cx.place()?;
    if args.list {
        return list(cx, &place);
    }
    cx.writable()?;
    if !place.has_vault() && !place.backups().exists() {
        return Err(VaultError::NoVault(place.dir().to_owned()).into());
    }
    let (vault, identity_restored) = unlock_somehow(cx, place)?;
    let restored = match &args.file {
        Some(path) => Some(vault.restore_file(path)?),
        None if identity_restored && vault.read().is_ok() => None,
        None => Some(vault.restore_newest().map_err(other_copies)?),
    };
    report(cx, identity_restored, restored.as_ref())
}

fn other_copies(error: VaultError) -> Failure {
    let is_refusal = error.is_refusal();
    let failure = Failure::from(error);
    if is_refusal {
        failure.hint("mend that, or name an earlier one: sesam vault restore --list")
    } else {
        failure
    }
}

fn report(cx: &Context, identity: bool, restored: Option<&Restored>) -> Done {
    if cx.as_json() {
        let vault = restored.map(|one| {
            json!({"generation": one.generation, "accounts": one.accounts, "written": one.written.map(|time| time.to_string())})
        });
        cx.print_json(&json!({"schema": "sesam.restored/1", "identity": identity, "vault": vault}))?;
    }
    if identity {
        cx.say("identity.age was restored from its copy");
    }
    match restored {
        Some(one) => {
            let time = one.written.map(|time| format!(" of {}", local_time(time))).unwrap_or_default();
            cx.say(&format!(
                "The version{time} is back: generation {}, accounts: {}",
                one.generation, one.accounts
            ));
        }
        None => cx.say("The vault itself is good and was left alone"),
    }
    Ok(Exit::Done)
}

/// The vault with an identity from wherever one can be had: `identity.age`, the kernel keyring, the copy.
/// True when the copy had to take the place of `identity.age`.
fn unlock_somehow(cx: &Context, place: Place) -> Result<(Vault, bool), Failure> {
    let opened = IdentityFile::read(&place).map_err(Failure::from).and_then(|file| {
        match cx.kept_identities(&place, &file) {
            Some(identities) => Ok(identities),
            None => cx.unlock(&place, &file),
        }
    });
    match opened {
        Ok(identities) => {
            let vault = Vault::new(place, identities, cx.world()?);
            if opens_something(&vault) {
                return Ok((vault, false));
            }
            let stale = VaultError::IdentityDamaged {
                what: "it opens neither the vault nor a backup".into(),
                advice: String::new(),
            };
            match from_copy(cx, &vault.place, stale.into()) {
                Ok(identities) => Ok((Vault::new(vault.place, identities, vault.world), true)),
                Err(_) => Ok((vault, false)),
            }
        }
        Err(failure) => {
            let identities = from_copy(cx, &place, failure)?;
            Ok((Vault::new(place, identities, cx.world()?), true))
        }
    }
}

/// An identity of before a rekey, brought back by a synced folder, opens nothing here: its copy does.
fn opens_something(vault: &Vault) -> bool {
    let opens = |bytes: &[u8]| vault.open_bytes(bytes).is_ok();
    disk::read(&vault.place.vault(), disk::MAX_VAULT).is_ok_and(|bytes| opens(&bytes))
        || backups::list(&vault.place).iter().any(|backup| backup.open(vault.identities()).is_ok())
}

fn from_copy(cx: &Context, place: &Place, failure: Failure) -> Result<Vec<Identity>, Failure> {
    if !matches!(failure.exit, Exit::Damaged | Exit::Locked | Exit::NotFound) {
        return Err(failure);
    }
    let Ok(Some(bytes)) = disk::read_if_there(&place.identity_copy(), disk::MAX_IDENTITY) else {
        return Err(failure);
    };
    let same = disk::read(&place.identity(), disk::MAX_IDENTITY).is_ok_and(|own| own == bytes);
    let Ok(copy) = IdentityFile::from_bytes(place.identity_copy(), bytes) else { return Err(failure) };
    if same || failure.kind == "locked" {
        return Err(failure);
    }
    let identities = cx.unlock(place, &copy)?;
    disk::private_dir(place.dir())?;
    let _lock = crate::vault::lock::VaultLock::take(&place.lock(), &*cx.clock)?;
    unlock::set_damaged_aside(place)?;
    unlock::put_in_force(place, copy.bytes())?;
    Ok(identities)
}

fn list(cx: &Context, place: &Place) -> Done {
    let identities = cx.open().map(|vault| vault.identities().to_vec());
    let all = backups::list(place);
    let Ok(identities) = identities else { return list_unopened(cx, &all) };
    let rows: Vec<_> = all
        .into_iter()
        .map(|backup| {
            let contents = backup.open(&identities);
            (backup, contents)
        })
        .collect();
    if cx.as_json() {
        cx.print_json_list(rows.iter().map(verify::row).collect())?;
        return Ok(Exit::Done);
    }
    for (backup, contents) in &rows {
        let what = match contents {
            Ok(good) => format!("accounts {:>6}", good.accounts),
            Err(why) => format!("bad: {}", safe(why)),
        };
        let path = backup.path.display();
        output::data(&format!(
            "{}  generation {:>6}  {what}  {path}\n",
            local_time(backup.time()),
            backup.generation
        ))?;
    }
    Ok(Exit::Done)
}

/// Without a key there are only names and dates to show.
fn list_unopened(cx: &Context, all: &[backups::Backup]) -> Done {
    if cx.as_json() {
        let object = |backup: &backups::Backup| -> Value {
            json!({"path": backup.path.display().to_string(), "generation": backup.generation, "written": backup.time().to_string()})
        };
        cx.print_json_list(all.iter().map(object).collect())?;
        return Ok(Exit::Done);
    }
    cx.say("The vault did not open, so the copies are not checked:");
    for backup in all {
        let path = backup.path.display();
        output::data(&format!(
            "{}  generation {:>6}  {path}\n",
            local_time(backup.time()),
            backup.generation
        ))?;
    }
    Ok(Exit::Done)
}
