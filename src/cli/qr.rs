//! `sesam qr`: an account as a QR code that a phone can scan.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{
    context::Context,
    exit::{Done, Exit, Failure},
    files, pick,
};
use crate::{
    otp::{Form, Kind, format_link},
    output,
    qr::Qr,
    text::safe,
};

/// Pixels of one module in a picture file.
const SCALE: u32 = 8;

/// Show an account as a QR code
#[derive(Args)]
#[command(after_help = "Whoever sees the picture can make the codes.")]
pub struct QrArgs {
    /// The account: issuer, issuer:account, words that it contains, #tag or id:…
    #[arg(required = true, value_name = "QUERY", add = super::names::accounts())]
    pub query: Vec<String>,
    /// Write a picture: NAME.png or NAME.svg
    #[arg(short, long, value_name = "FILE", conflicts_with_all = ["ascii", "invert"])]
    pub output: Option<PathBuf>,
    /// Overwrite the file
    #[arg(long, requires = "output")]
    pub force: bool,
    /// Dark on light: for terminals with a light background
    #[arg(long)]
    pub invert: bool,
    /// Only ASCII characters
    #[arg(long)]
    pub ascii: bool,
}

/// Runs the command.
pub fn run(cx: &Context, args: &QrArgs) -> Done {
    let vault = cx.open()?;
    let account = pick::one(cx, &vault.read()?, &args.query.join(" "))?;
    let link = format_link(&account.issuer, &account.account, &account.otp, Form::Short);
    let qr = Qr::encode(&link).map_err(|error| Failure::failed(error.to_string()).hint(error.hint()))?;
    if matches!(account.otp.kind, Kind::Motp { .. } | Kind::Yandex { .. }) {
        cx.warn("the PIN is not in the picture; type it into the other app");
    }
    match &args.output {
        Some(path) => write(cx, path, args.force, &qr)?,
        None if args.ascii => output::data(&qr.ascii(args.invert))?,
        None => output::data(&qr.terminal(args.invert))?,
    }
    if args.output.is_none() && output::stdout_is_terminal() {
        cx.say(&format!("{}. Anyone who sees this can make your codes.", safe(&account.name())));
    }
    Ok(Exit::Done)
}

fn write(cx: &Context, path: &Path, force: bool, qr: &Qr) -> Result<(), Failure> {
    let bytes = match path.extension().and_then(|end| end.to_str()) {
        Some("png") => qr.png(SCALE),
        Some("svg") => qr.svg().into_bytes(),
        _ => return Err(Failure::usage(format!("{} ends neither in .png nor in .svg", path.display()))),
    };
    files::write_private(path, &bytes, force)?;
    cx.say(&format!("Wrote {} (only you can read it)", path.display()));
    Ok(())
}
