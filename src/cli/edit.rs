//! `sesam edit`: other names, tags, notes or parameters for one account.

use clap::{ArgAction, Args};

use super::{
    context::Context,
    exit::{Done, Exit, Failure},
    json as shapes,
    parameters::{Parameters, check_name, read_secret},
    pick,
};
use crate::vault::{Account, Outcome, Vault, usage::Usage};

/// Change fields of an account
#[derive(Args)]
#[command(
    after_help = "Examples:\n  sesam edit github --tag +work,-old\n  sesam edit 'old router' --counter 12\n  \
                        sesam edit vpn --favourite --note 'see shelf 2'"
)]
pub struct EditArgs {
    /// The account: issuer, issuer:account, words that it contains, #tag or id:…
    #[arg(required = true, value_name = "QUERY", add = super::names::accounts())]
    pub query: Vec<String>,
    /// Who issued it
    #[arg(long)]
    pub issuer: Option<String>,
    /// Whose it is there
    #[arg(long)]
    pub account: Option<String>,
    /// Another secret, read from stdin
    #[arg(long)]
    pub secret_stdin: bool,
    /// What makes the codes
    #[command(flatten)]
    pub parameters: Parameters,
    /// Tags to add (+work) and to take away (-old), separated by commas
    #[arg(long = "tag", value_name = "+A,-B", value_delimiter = ',', allow_hyphen_values = true)]
    pub tags: Vec<String>,
    /// Free text
    #[arg(long)]
    pub note: Option<String>,
    /// Show it before the others, or no longer
    #[arg(long, value_name = "yes|no", num_args = 0..=1, require_equals = true, default_missing_value = "yes",
          action = ArgAction::Set, value_parser = ["yes", "no"])]
    pub favourite: Option<String>,
}

/// Runs the command.
pub fn run(cx: &Context, args: &EditArgs) -> Done {
    cx.writable()?;
    if args.is_empty() {
        return Err(
            Failure::usage("nothing to change was named").hint("sesam edit --help lists what can be changed")
        );
    }
    let vault = cx.open()?;
    let account = pick::one(cx, &vault.read()?, &args.query.join(" "))?;
    let changed = args.apply(cx, account.clone())?;
    let what = format!("edit {}", changed.name());
    put(&vault, (&account, &changed), &what)?;
    if cx.as_json() {
        cx.print_json(&shapes::account(&changed, &Usage::read(&vault)))?;
    }
    cx.say(&format!("Changed {}", changed.name()));
    Ok(Exit::Done)
}

impl EditArgs {
    fn is_empty(&self) -> bool {
        self.issuer.is_none()
            && self.account.is_none()
            && !self.secret_stdin
            && self.parameters.is_empty()
            && self.tags.is_empty()
            && self.note.is_none()
            && self.favourite.is_none()
    }

    fn apply(&self, cx: &Context, mut account: Account) -> Result<Account, Failure> {
        if let Some(issuer) = &self.issuer {
            check_name("issuer", issuer)?;
            account.issuer.clone_from(issuer);
        }
        if let Some(name) = &self.account {
            check_name("account", name)?;
            account.account.clone_from(name);
        }
        if account.name().is_empty() {
            return Err(Failure::usage("an account needs a name"));
        }
        if self.secret_stdin {
            let text = cx.first_line(std::path::Path::new("-"), "--secret-stdin")?;
            account.otp.secret = read_secret(&text, self.parameters.kind)?;
        }
        account.otp = self.parameters.apply(cx, &account.otp)?;
        change_tags(&mut account.tags, &self.tags);
        if let Some(note) = &self.note {
            account.note.clone_from(note);
        }
        if let Some(word) = &self.favourite {
            account.favourite = word == "yes";
        }
        Ok(account)
    }
}

/// Writes what differs between an account as it was read and as it was changed, as one step.
///
/// Only the differing fields are written, so what another program changed meanwhile in the others stays.
pub fn put(vault: &Vault, (old, changed): (&Account, &Account), what: &str) -> Result<(), Failure> {
    Ok(vault.change(|document, now| {
        let reverse = document.put(old, changed, now)?;
        if reverse.is_empty() {
            return Ok(Outcome::Same(()));
        }
        document.record(what, reverse, now);
        Ok(Outcome::Changed(()))
    })?)
}

/// `+work` and `work` add, `-old` takes away.
fn change_tags(tags: &mut Vec<String>, changes: &[String]) {
    for change in changes {
        if let Some(gone) = change.strip_prefix('-') {
            tags.retain(|tag| tag != gone);
            continue;
        }
        let tag = change.strip_prefix('+').unwrap_or(change);
        if !tag.is_empty() && !tags.iter().any(|own| own == tag) {
            tags.push(tag.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_come_and_go() {
        let mut tags = vec!["work".to_owned(), "old".to_owned()];
        change_tags(&mut tags, &["+git".into(), "-old".into(), "work".into(), String::new()]);
        assert_eq!(tags, ["work", "git"]);
    }
}
