//! `sesam vault sheet`: the identity on paper.

use std::path::{Path, PathBuf};

use clap::Args;
use jiff::tz::TimeZone;

use crate::{
    cli::{
        context::Context,
        exit::{Done, Exit, Failure},
        files,
    },
    output,
    vault::{Place, sheet::sheet, unlock::IdentityFile},
};

/// Write a recovery sheet to print: the encrypted identity as QR, text and words
#[derive(Args)]
#[command(after_help = "Examples:\n  sesam vault sheet | lpr\n  sesam vault sheet -o recovery.txt")]
pub struct SheetArgs {
    /// Where to; - is stdout
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    pub output: PathBuf,
    /// Overwrite the file
    #[arg(long)]
    pub force: bool,
}

/// Runs the command. The vault is opened first: a sheet of an identity that opens nothing would be a false comfort.
pub fn run(cx: &Context, args: &SheetArgs) -> Done {
    let vault = cx.open()?;
    vault.read()?;
    write(cx, &vault.place, &args.output, args.force)?;
    Ok(Exit::Done)
}

/// Writes the sheet of the vault at this place.
pub fn write(cx: &Context, place: &Place, path: &Path, force: bool) -> Result<(), Failure> {
    let file = IdentityFile::read(place)?;
    let day = cx.now().to_zoned(TimeZone::system()).date();
    let page = sheet(file.bytes(), &place.dir().display().to_string(), day).map_err(|error| {
        let failure = Failure::failed(error.to_string());
        error.hint().map_or(Failure::failed(error.to_string()), |hint| failure.hint(hint))
    })?;
    if path == Path::new("-") {
        return Ok(output::data(&page)?);
    }
    files::write_private(path, page.as_bytes(), force)?;
    cx.say(&format!("Wrote the recovery sheet to {}: print it, then remove the file", path.display()));
    Ok(())
}
