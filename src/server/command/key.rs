//! `sesamd admin key`: an API key, made on the machine itself.

use std::path::Path;

use super::failure::{Failure, opened};
use crate::{
    output,
    server::{
        domain::{administrator::Role, time::hours},
        seal::token::{Kind, Token},
        store::{
            keys::{ApiKey, CreateKey},
            rows::Scene,
        },
    },
};

/// `sesamd admin key`
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// What the audit calls it
    #[arg(long)]
    name: String,
    /// What it is trusted with: viewer, helpdesk, security or owner
    #[arg(long, value_parser = role)]
    role: Role,
    /// After how many days it ends
    #[arg(long)]
    days: Option<u32>,
}

pub(super) async fn run(path: &Path, arguments: Arguments) -> Result<(), Failure> {
    let opened = opened(path).await?;
    let token = make(&opened.service, &arguments.name, arguments.role, arguments.days).await;
    opened.close().await;
    let token = token?;
    output::say(&format!("A key for {} ({}). It is shown this once:", arguments.name, arguments.role.word()));
    let _ = output::data(&format!("{}\n", token.expose()));
    Ok(())
}

/// Makes an API key as the system itself.
pub(super) async fn make(
    service: &crate::server::service::Service,
    name: &str,
    role: Role,
    days: Option<u32>,
) -> Result<Token, Failure> {
    let token = Token::new(Kind::ApiKey, &service.bytes());
    let now = service.now();
    let until = days.map(|days| now.after(hours(24).saturating_mul(days)));
    let key = ApiKey { id: service.id(), name: name.to_owned(), role, created: now, until };
    let scene = Scene { actor: "system".into(), ..Scene::default() };
    let work = CreateKey { key, digest: token.digest(), scene };
    match service.store.submit(work).await {
        Ok(()) => Ok(token),
        Err(crate::server::store::StoreError::Exists) => Err(Failure {
            sentence: format!("there is a key named {name} already"),
            hint: Some("choose another name, or revoke that key first"),
            code: 1,
        }),
        Err(error) => Err(error.into()),
    }
}

fn role(word: &str) -> Result<Role, String> {
    Role::from_word(word).ok_or_else(|| "viewer, helpdesk, security or owner".to_owned())
}
