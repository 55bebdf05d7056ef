//! `sesamd user`: users made, brought in and switched on the machine itself, without a key. The audit says `system`.

use std::{
    io::{BufRead, Read},
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use super::failure::{Failure, opened};
use crate::{
    api::users::{NewUser, RefusedLine},
    output,
    server::{
        domain::{audit::AdministratorEvent, name::UserName},
        routes::admin::{bring, changes, done, new_user},
        service::Service,
        store::{
            Ask, StoreError,
            make::{CreateUser, ImportUsers},
            read,
            rows::Scene,
        },
    },
    text,
};

/// Users: made, brought in, switched, deleted
#[derive(Debug, clap::Subcommand)]
pub(super) enum UserCommand {
    /// Make a user
    Add(Add),
    /// Bring users in: CSV whose first line names its columns (name, display, email, mobile, password, or a hash of it)
    Import {
        /// The table, or - for stdin; a file with passwords should be readable by you alone
        file: PathBuf,
    },
    /// Let a user sign in no more; every session ends
    Disable(Named),
    /// Let a user sign in again
    Enable(Named),
    /// Delete a user with everything; what the audit says of them stays
    Delete(Named),
}

/// A new user.
#[derive(Debug, clap::Args)]
pub(super) struct Add {
    /// The name to sign in with
    name: String,
    /// What people call them
    #[arg(long, value_name = "TEXT")]
    display: Option<String>,
    /// Where e-mail codes go
    #[arg(long, value_name = "ADDRESS")]
    email: Option<String>,
    /// Where SMS codes go, with the country's number
    #[arg(long, value_name = "NUMBER")]
    mobile: Option<String>,
    /// Read the password from stdin; without it the application holds the password
    #[arg(long)]
    password_stdin: bool,
}

/// Whom, and why.
#[derive(Debug, clap::Args)]
pub(super) struct Named {
    /// The name, in any spelling
    name: String,
    /// Why; the audit keeps it
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

pub(super) async fn run(path: &Path, command: UserCommand) -> Result<(), Failure> {
    let opened = opened(path).await?;
    let service = &opened.service;
    let ended = match &command {
        UserCommand::Add(add) => self::add(service, add).await,
        UserCommand::Import { file } => import(service, file).await,
        UserCommand::Disable(named) => switch(service, named, Some(false)).await,
        UserCommand::Enable(named) => switch(service, named, Some(true)).await,
        UserCommand::Delete(named) => switch(service, named, None).await,
    };
    opened.close().await;
    output::say(&format!("{}.", ended?));
    Ok(())
}

async fn add(service: &Service, add: &Add) -> Result<String, Failure> {
    let password = if add.password_stdin {
        let mut line = Zeroizing::new(String::new());
        std::io::stdin()
            .lock()
            .take(LONGEST)
            .read_line(&mut line)
            .map_err(|error| failed(error.to_string()))?;
        Some(line.trim_end_matches(['\r', '\n']).to_owned())
    } else {
        None
    };
    let wish = NewUser {
        name: add.name.clone(),
        display: add.display.clone(),
        email: add.email.clone(),
        mobile: add.mobile.clone(),
        password,
        ..NewUser::default()
    };
    let (user, password) = new_user(service, &wish).await.map_err(|refusal| failed(refusal.sentence()))?;
    let name = user.name.shown().to_owned();
    match service.store.submit(CreateUser { user, password, scene: scene() }).await {
        Ok(()) => Ok(format!("{name} is made")),
        Err(StoreError::Exists) => {
            Err(failed(format!("there is a user named {} already", text::safe(&name))))
        }
        Err(error) => Err(error.into()),
    }
}

async fn import(service: &Service, file: &Path) -> Result<String, Failure> {
    let mut table = Zeroizing::new(String::new());
    let read = if file == Path::new("-") {
        std::io::stdin().lock().take(MOST).read_to_string(&mut table)
    } else {
        std::fs::File::open(file).and_then(|file| file.take(MOST).read_to_string(&mut table))
    };
    read.map_err(|error| failed(format!("{}: {error}", file.display())))?;
    let (lines, mut refused) =
        bring(service, &table, None).await.map_err(|refusal| failed(refusal.sentence()))?;
    let (mut created, mut lines) = (0, lines.into_iter());
    loop {
        let lines: Vec<_> = lines.by_ref().take(AT_ONCE).collect();
        if lines.is_empty() {
            break;
        }
        let (made, known) = service.store.submit(ImportUsers { lines, scene: scene() }).await?;
        created += made;
        refused.extend(known.into_iter().map(|(line, name)| RefusedLine {
            line,
            name,
            reason: KNOWN.to_owned(),
        }));
    }
    refused.sort_by_key(|line| line.line);
    for line in &refused {
        output::say(&format!("line {} ({}): {}", line.line, text::safe(&line.name), line.reason));
    }
    let sentence = format!("{created} users are made, {} lines are left out", refused.len());
    if refused.is_empty() { Ok(sentence) } else { Err(Failure { sentence, hint: None, code: 9 }) }
}

/// Switches a user on or off; `None` deletes.
async fn switch(service: &Service, named: &Named, on: Option<bool>) -> Result<String, Failure> {
    let missing = || failed(format!("there is no user named {}", text::safe(&named.name)));
    let name = UserName::parse(&named.name).map_err(|_| missing())?;
    let login = read::login(service.store.pool(), &name).await?.ok_or_else(missing)?;
    let ask = Ask { user: login.id, role: true, scene: scene(), ..Ask::default() };
    let reason = named.reason.clone();
    let decided = service.store.decide(ask, move |case| {
        if on.is_none() && case.role.is_some() {
            return (Err(()), vec![]);
        }
        let before = case.person.user.clone();
        case.person.user.enabled = on.unwrap_or(before.enabled);
        case.out.ends_sessions = on == Some(false) && before.enabled;
        case.out.gone = on.is_none();
        let events = match on {
            None => vec![done(AdministratorEvent::UserDeleted, &reason)],
            Some(_) => changes(&before, &case.person.user, &reason),
        };
        (Ok(()), events)
    });
    let administrator = || failed("this user is an administrator: take the role away first".to_owned());
    decided.await?.map_err(|()| administrator())?;
    let what = match on {
        None => "is deleted",
        Some(true) => "may sign in",
        Some(false) => "may not sign in",
    };
    Ok(format!("{} {what}", text::safe(name.shown())))
}

fn scene() -> Scene {
    Scene { actor: "system".into(), ..Scene::default() }
}

fn failed(sentence: String) -> Failure {
    Failure { sentence, hint: None, code: 1 }
}

const KNOWN: &str = "there is a user of this name already";
/// So many users share a transaction.
const AT_ONCE: usize = 500;
const LONGEST: u64 = 8 * 1024;
/// The largest table.
const MOST: u64 = 256 * 1024 * 1024;
