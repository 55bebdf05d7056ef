//! `sesamd audit verify`: does every chain hold?

use std::path::Path;

use super::failure::{Failure, opened};
use crate::output;

/// `sesamd audit verify`
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {}

pub(super) async fn run(path: &Path, _: Arguments) -> Result<(), Failure> {
    let opened = opened(path).await?;
    match opened.service.store.verify().await? {
        Ok(ends) => {
            for (replica, head) in ends {
                let hash = data_encoding::HEXLOWER.encode(&head.hash);
                let _ = output::data(&format!("{replica} {} {hash}\n", head.seq));
            }
            Ok(())
        }
        Err(broken) => Err(Failure {
            sentence: format!("the audit does not hold: {broken}"),
            hint: Some("keep the database as it is, and compare with a backup or with exported heads"),
            code: 10,
        }),
    }
}
