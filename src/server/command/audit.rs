//! `sesamd audit verify`, `heads` and `prune`: does every chain hold, where does it end, and what of it is kept.

use std::path::Path;

use super::failure::{Failure, opened};
use crate::{
    output,
    server::{
        chain::{Broken, Head},
        domain::time::hours,
        store::{
            chains,
            retention::{self, NotPruned},
            rows::Scene,
        },
    },
};

/// `sesamd audit verify`
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A head that was exported before by `sesamd audit heads`. Who puts the whole database back to an older state puts
    /// its heads back, too: that shows only against heads that were kept elsewhere
    #[arg(long = "head", value_name = "REPLICA:SEQ:HASH", value_parser = exported)]
    heads: Vec<(String, Head)>,
}

/// `sesamd audit prune`
#[derive(Debug, clap::Args)]
pub(super) struct PruneArguments {
    /// How many days are kept
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..))]
    keep: u32,
}

pub(super) async fn run(path: &Path, arguments: Arguments) -> Result<(), Failure> {
    let opened = opened(path).await?;
    let store = &opened.service.store;
    let holds = store.compare(&arguments.heads).await?.map_err(|error| broken(&error))?;
    for chain in &holds {
        let _ = output::data(&line((&chain.replica, chain.head), ' '));
    }
    for (replica, head) in &arguments.heads {
        let given_up = holds.iter().any(|chain| chain.replica == *replica && head.seq < chain.start.seq);
        if given_up {
            let seq = head.seq;
            output::say(&format!("Row {seq} of {replica} was given up by retention: it was not compared."));
        }
    }
    Ok(())
}

pub(super) async fn heads(path: &Path) -> Result<(), Failure> {
    let opened = opened(path).await?;
    let store = &opened.service.store;
    for (replica, head) in
        chains::heads(store.pool(), store.chain_keys()).await?.map_err(|error| broken(&error))?
    {
        let _ = output::data(&line((&replica, head), ':'));
    }
    Ok(())
}

pub(super) async fn prune(path: &Path, arguments: PruneArguments) -> Result<(), Failure> {
    let opened = opened(path).await?;
    let before = opened.service.now().before(hours(24 * u64::from(arguments.keep)));
    let scene = Scene { actor: "system".into(), ..Scene::default() };
    let gone = retention::prune(&opened.service.store, before, &scene).await;
    let gone = gone.map_err(|error| match error {
        NotPruned::Broken(error) => broken(&error),
        NotPruned::Store(error) => error.into(),
    })?;
    output::say(&format!("{gone} rows older than {} days were given up.", arguments.keep));
    Ok(())
}

fn broken(broken: &Broken) -> Failure {
    Failure {
        sentence: format!("the audit does not hold: {broken}"),
        hint: Some("keep the database as it is, and compare with a backup or with exported heads"),
        code: 10,
    }
}

fn line((replica, head): (&str, Head), between: char) -> String {
    let hash = data_encoding::HEXLOWER.encode(&head.hash);
    format!("{replica}{between}{}{between}{hash}\n", head.seq)
}

/// Reads `REPLICA:SEQ:HASH`; blanks between them do as well.
fn exported(text: &str) -> Result<(String, Head), String> {
    let read = || {
        let mut parts = text.split([':', ' ']);
        let (replica, seq, hash) = (parts.next()?, parts.next()?, parts.next()?);
        let seq = seq.parse().ok().filter(|seq| *seq >= 0)?;
        let hash = data_encoding::HEXLOWER_PERMISSIVE.decode(hash.as_bytes()).ok()?.try_into().ok()?;
        (parts.next().is_none() && !replica.is_empty()).then(|| (replica.to_owned(), Head { seq, hash }))
    };
    read().ok_or_else(|| "REPLICA:SEQ:HASH, as sesamd audit heads prints it".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_as_it_is_printed() {
        let head = Head { seq: 7, hash: [171; 32] };
        for between in [' ', ':'] {
            assert_eq!(exported(line(("main", head), between).trim()), Ok(("main".into(), head)));
        }
        for text in ["", "main:7", "main:7:ab", "main:-1:", ":7:", "main:7:zz"] {
            assert!(exported(text).is_err(), "{text}");
        }
    }
}
