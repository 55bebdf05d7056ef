//! Files in, accounts and bad entries out, with their places.

use std::{fs::File, io::BufReader, path::Path};

use super::args::ImportArgs;
use crate::{
    cli::{
        context::Context,
        exit::{Exit, Failure},
        secrets::first_line,
    },
    formats::{
        self, AskPassphrase, Bad, Decoded, Format, FormatError, Loss, MAX_FILE_BYTES, SourcePassphrase, Spot,
    },
    vault::intake::Incoming,
};

/// How often a mistyped passphrase of a file may be corrected.
const TRIES: usize = 3;

/// What all files together gave.
pub(super) struct Batch {
    /// One for each file, in the order of the command line.
    pub(super) sources: Vec<Source>,
}

/// What one file gave.
pub(super) struct Source {
    /// Its name on the command line.
    pub(super) file: String,
    /// Its format and entries; none when nothing of it could be read.
    pub(super) decoded: Result<Decoded, Failure>,
}

/// Where an entry stood.
#[derive(Clone)]
pub(super) struct At<'a> {
    pub(super) file: &'a str,
    pub(super) spot: Spot,
}

impl Batch {
    /// Every account that can be taken in, in order.
    pub(super) fn incoming(&self) -> Vec<Incoming> {
        let entries = self.decoded().flat_map(|(_, decoded)| &decoded.entries);
        entries
            .map(|entry| Incoming { link: entry.record.link.clone(), created: entry.record.created })
            .collect()
    }

    /// Where each of [`Batch::incoming`] stood.
    pub(super) fn places(&self) -> Vec<At<'_>> {
        self.decoded()
            .flat_map(|(file, decoded)| decoded.entries.iter().map(move |entry| At { file, spot: entry.at }))
            .collect()
    }

    /// Every entry that cannot be taken in.
    pub(super) fn bad(&self) -> Vec<(At<'_>, &Bad)> {
        self.decoded()
            .flat_map(|(file, decoded)| decoded.bad.iter().map(move |bad| (At { file, spot: bad.at }, bad)))
            .collect()
    }

    /// What of the accounts has no place in a vault.
    pub(super) fn losses(&self) -> Vec<&Loss> {
        self.decoded().flat_map(|(_, decoded)| &decoded.losses).collect()
    }

    /// Whether every file and every entry could be read.
    pub(super) fn is_whole(&self) -> bool {
        let read = |source: &Source| source.decoded.as_ref().is_ok_and(|decoded| decoded.bad.is_empty());
        self.sources.iter().all(read)
    }

    /// The format, or `several`.
    pub(super) fn title(&self) -> &'static str {
        let mut names = self.decoded().map(|(_, decoded)| decoded.format);
        let first = names.next().unwrap_or("nothing");
        if names.all(|name| name == first) { first } else { "several" }
    }

    fn decoded(&self) -> impl Iterator<Item = (&str, &Decoded)> {
        self.sources.iter().filter_map(|source| Some((source.file.as_str(), source.decoded.as_ref().ok()?)))
    }
}

/// Reads all files.
///
/// # Errors
/// The failure of the only file, or of the first when none gives anything.
pub(super) fn files(cx: &Context, args: &ImportArgs) -> Result<Batch, Failure> {
    let format = args.from.as_deref().map(named).transpose()?;
    let mut asker = Asker { cx, given: given(cx, args)?, file: String::new(), failure: None };
    let mut sources = Vec::new();
    for path in &args.files {
        asker.file = path.display().to_string();
        let decoded = one(cx, path, format, &mut asker);
        if let Some(failure) = asker.failure.take() {
            return Err(failure);
        }
        sources.push(Source { file: asker.file.clone(), decoded });
    }
    if sources.iter().all(|source| source.decoded.is_err())
        && let Some(Err(failure)) = sources.pop().map(|source| source.decoded)
    {
        return Err(failure);
    }
    let mut decoded: Vec<&mut Decoded> =
        sources.iter_mut().filter_map(|source| source.decoded.as_mut().ok()).collect();
    formats::name_missing_parts(&mut decoded);
    Ok(Batch { sources })
}

fn one(
    cx: &Context,
    path: &Path,
    format: Option<&Format>,
    asker: &mut Asker<'_>,
) -> Result<Decoded, Failure> {
    let bytes = cx.whole_text(path, "import -", MAX_FILE_BYTES as u64)?;
    formats::decode(&bytes, format, asker).map_err(|error| {
        let exit = match error {
            FormatError::WrongPassphrase | FormatError::PassphraseNeeded => Exit::Locked,
            _ => Exit::Failed,
        };
        let failure = Failure::new(exit, "import", format!("{}: {error}", path.display()));
        match error.hint() {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    })
}

fn named(name: &str) -> Result<&'static Format, Failure> {
    formats::by_name(name).ok_or_else(|| {
        Failure::usage(format!("there is no format \"{name}\"")).hint("sesam import --formats lists them")
    })
}

fn given(cx: &Context, args: &ImportArgs) -> Result<Vec<SourcePassphrase>, Failure> {
    let mut given = Vec::new();
    for path in &args.source_passphrase_file {
        given.push(SourcePassphrase::new(&cx.first_line(path, "--source-passphrase-file")?));
    }
    for number in &args.source_passphrase_fd {
        let name = format!("descriptor {number}");
        let file = File::open(format!("/dev/fd/{number}"))
            .map_err(|error| Failure::failed(format!("could not read {name}: {error}")))?;
        given.push(SourcePassphrase::new(&first_line(BufReader::new(file), &name)?));
    }
    Ok(given)
}

/// First what was given, then the person.
struct Asker<'a> {
    cx: &'a Context,
    given: Vec<SourcePassphrase>,
    file: String,
    failure: Option<Failure>,
}

impl AskPassphrase for Asker<'_> {
    fn passphrase(&mut self, _format: &'static str, tried: usize) -> Option<SourcePassphrase> {
        if let Some(given) = self.given.get(tried) {
            return Some(given.clone());
        }
        if !self.given.is_empty() || tried >= TRIES || !self.cx.can_ask() {
            return None;
        }
        let question = format!("Passphrase of {}:", crate::text::safe(&self.file));
        match self.cx.ask_secret(&question, Failure::usage("no passphrase was given")) {
            Ok(typed) => Some(SourcePassphrase::new(&typed)),
            Err(failure) => {
                self.failure = Some(failure);
                None
            }
        }
    }
}
