//! The files that were named, and the passphrases for them: given, or asked for.

use std::{
    fs::File,
    io::BufReader,
    path::{Path, PathBuf},
};

use super::args::ImportArgs;
use crate::{
    cli::{
        context::Context,
        exit::{Exit, Failure},
        secrets::first_line,
    },
    formats::{self, AskPassphrase, Format, FormatError, MAX_FILE_BYTES, SourcePassphrase},
    import::{Asker, Batch, Content, Unread, content_of, decode},
};

/// How often a mistyped passphrase of a file may be corrected.
const TRIES: usize = 3;

/// Reads all files.
///
/// # Errors
/// The failure of the only file, or of the first when none gives anything.
pub(super) fn files(cx: &Context, args: &ImportArgs) -> Result<Batch, Failure> {
    let format = args.from.as_deref().map(named).transpose()?;
    let mut asker = Asking { cx, given: given(cx, args)?, file: String::new(), failure: None };
    let named = |path: &PathBuf| Ok((path.display().to_string(), content(cx, path)?));
    let picture = |path: &PathBuf| Ok((path.display().to_string(), Ok(Content::Picture(cx.picture(path)?))));
    let sources =
        args.files.iter().map(named).chain(args.qr.iter().map(picture)).collect::<Result<_, Failure>>()?;
    let batch = decode(sources, format, &mut asker);
    if let Some(failure) = asker.failure {
        return Err(failure);
    }
    let nothing = batch.sources.iter().all(|source| source.decoded.is_err());
    let failure = batch.unread().next().filter(|_| nothing).map(|(name, error)| failure(name, error));
    failure.map_or(Ok(batch), Err)
}

/// What a source holds; the outer failure ends the command.
fn content(cx: &Context, path: &Path) -> Result<Result<Content, Unread>, Failure> {
    if path == Path::new("-") {
        return cx.whole_text(path, "import -", MAX_FILE_BYTES as u64).map(|bytes| Ok(Content::Bytes(bytes)));
    }
    Ok(content_of(path, true))
}

/// Why nothing of a source could be read, as the end of the command.
fn failure(name: &str, error: &Unread) -> Failure {
    let exit = match error {
        Unread::Format(
            FormatError::ManifestNeeded
            | FormatError::PassphraseNeeded
            | FormatError::WrongKey
            | FormatError::WrongPassphrase,
        ) => Exit::Locked,
        _ => Exit::Failed,
    };
    let failure = Failure::new(exit, "import", format!("{name}: {error}"));
    match error.hint() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
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

impl Asker for Asking<'_> {
    fn about(&mut self, source: &str) {
        source.clone_into(&mut self.file);
    }
}

/// First what was given, then the person.
struct Asking<'a> {
    cx: &'a Context,
    given: Vec<SourcePassphrase>,
    file: String,
    failure: Option<Failure>,
}

impl AskPassphrase for Asking<'_> {
    fn costs(&mut self, what: &str) {
        self.cx.say(&format!(
            "{}: opening it takes {what}; that may be some seconds",
            crate::text::safe(&self.file)
        ));
    }

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
