//! `sesam export`: accounts out, encrypted unless plain text is asked for by name.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::{
    context::Context,
    exit::{Done, Exit, Failure},
    files, pick,
};
use crate::{
    crypt::{Recipient, passphrase::Passphrase},
    formats::{self, Encode, Encoded, Format, Loss, Record, Seal},
    otp::{Extras, Link},
    output,
    text::safe,
    vault::{Account, account::name_of, query::Query},
};

/// Write accounts to a file for another app or another machine
#[derive(Args)]
#[command(
    after_help = "Examples:\n  sesam export -o backup.age\n  sesam export --format uri --plaintext -o links.txt\n  \
                        sesam export '#work' --recipient age1… -o work.age"
)]
pub struct ExportArgs {
    /// Only accounts that match: words, #tag, type:totp, is:fav
    #[arg(value_name = "QUERY")]
    pub query: Vec<String>,
    /// The format: age, json or uri
    #[arg(long, value_name = "NAME", default_value = "age")]
    pub format: String,
    /// Where to; - is stdout
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    pub output: PathBuf,
    /// Write the secrets so that everybody who has the file can read them (asks for a word)
    #[arg(long)]
    pub plaintext: bool,
    /// Overwrite the file
    #[arg(long)]
    pub force: bool,
    /// File whose first line is the passphrase of the export; - is stdin
    #[arg(long, value_name = "PATH", conflicts_with = "recipient")]
    pub export_passphrase_file: Option<PathBuf>,
    /// Encrypt to this recipient of age instead of a passphrase; may be repeated
    #[arg(long, value_name = "age1…")]
    pub recipient: Vec<String>,
}

/// Runs the command.
pub fn run(cx: &Context, args: &ExportArgs) -> Done {
    let to_stdout = args.output == Path::new("-");
    if to_stdout && cx.as_json() {
        return Err(
            Failure::usage("--json and the export itself both need stdout").hint("name a file: -o FILE")
        );
    }
    let format = formats::by_name(&args.format)
        .filter(|format| format.encode.is_some())
        .ok_or_else(|| unknown(&args.format))?;
    refuse_terminal(args, format)?;
    let vault = cx.open()?;
    let records = records(&vault.read()?, &args.query.join(" "))?;
    let encoded = encode(cx, args, format, &records)?;
    if to_stdout {
        output::bytes(&encoded.bytes)?;
    } else {
        files::write_private(&args.output, &encoded.bytes, args.force)?;
    }
    report(cx, args, (format, records.len()), &encoded)
}

fn unknown(name: &str) -> Failure {
    let names: Vec<&str> = formats::FORMATS.iter().filter(|f| f.encode.is_some()).map(|f| f.name).collect();
    Failure::usage(format!("nothing is written as \"{name}\""))
        .hint(format!("the formats are: {}", names.join(", ")))
}

/// Secrets, or bytes that garble the screen, are not what somebody wants on a terminal.
fn refuse_terminal(args: &ExportArgs, format: &Format) -> Result<(), Failure> {
    if args.output == Path::new("-") && output::stdout_is_terminal() {
        return Err(Failure::usage("an export does not go to the terminal").hint("name a file: -o FILE"));
    }
    let plain = matches!(format.encode, Some(Encode::Plain(_)));
    if plain && !args.plaintext {
        return Err(Failure::usage(format!(
            "the format {} is plain text: everybody who has the file has the codes",
            format.name
        ))
        .hint("add --plaintext, or leave --format out for an encrypted file"));
    }
    if !plain && args.plaintext {
        return Err(Failure::usage(format!(
            "the format {} is encrypted; --plaintext does not fit",
            format.name
        )));
    }
    Ok(())
}

fn records(opened: &crate::vault::Opened, query: &str) -> Result<Vec<Record>, Failure> {
    let query = Query::new(query);
    let matching = opened.accounts().filter(|fields| query.matches(fields));
    let records = matching.map(|fields| pick::read(fields).map(record)).collect::<Result<Vec<_>, _>>()?;
    if records.is_empty() {
        return Err(Failure::not_found("there is no account to export"));
    }
    Ok(records)
}

fn record(account: Account) -> Record {
    let extras = Extras {
        tags: account.tags,
        note: account.note,
        favourite: account.favourite,
        icon: account.icon,
        ..Extras::default()
    };
    let link = Link {
        issuer: account.issuer,
        account: account.account,
        otp: account.otp,
        extras,
        notes: Vec::new(),
    };
    Record { link, id: Some(account.id.to_string()), created: Some(account.created) }
}

fn encode(cx: &Context, args: &ExportArgs, format: &Format, records: &[Record]) -> Result<Encoded, Failure> {
    match format.encode {
        Some(Encode::Plain(encode)) => {
            let effects = format!("The secrets of {} accounts will stand in plain text.", records.len());
            cx.ask_word(&effects, "plaintext")?;
            Ok(encode(records))
        }
        Some(Encode::Sealed(encode)) => {
            encode(records, &seal(cx, args)?).map_err(|error| Failure::failed(error.to_string()))
        }
        None => Err(unknown(format.name)),
    }
}

fn seal(cx: &Context, args: &ExportArgs) -> Result<Seal, Failure> {
    if !args.recipient.is_empty() {
        let read = |text: &String| {
            Recipient::parse(text)
                .map_err(|_| Failure::usage(format!("\"{text}\" is no recipient of age (age1…)")))
        };
        return Ok(Seal::Recipients(args.recipient.iter().map(read).collect::<Result<_, _>>()?));
    }
    let passphrase: Passphrase = match &args.export_passphrase_file {
        Some(path) => cx.passphrase_in(path, "--export-passphrase-file")?,
        None => cx.ask_new_passphrase(|| {
            Failure::usage("the export needs a passphrase and nobody can be asked")
                .hint("give it with --export-passphrase-file PATH, or name a --recipient")
        })?,
    };
    Ok(Seal::Passphrase(passphrase, cx.settings.config.vault.work_factor))
}

fn report(cx: &Context, args: &ExportArgs, (format, accounts): (&Format, usize), encoded: &Encoded) -> Done {
    if cx.as_json() {
        let losses: Vec<Value> = encoded.losses.iter().map(loss).collect();
        cx.print_json(&json!({
            "schema": "sesam.export/1", "format": format.name, "file": args.output.display().to_string(),
            "accounts": accounts, "written": encoded.written, "losses": losses,
        }))?;
    }
    for loss in &encoded.losses {
        let name = name_of(&loss.issuer, &loss.account);
        output::say(&safe(&format!("lost: {name}: {}: {}", loss.field, loss.reason)));
    }
    cx.say(&format!("Wrote {} of {accounts} accounts as {}", encoded.written, format.name));
    Ok(if encoded.written == accounts { Exit::Done } else { Exit::Partly })
}

fn loss(loss: &Loss) -> Value {
    json!({"issuer": loss.issuer, "account": loss.account, "field": loss.field, "reason": loss.reason})
}
