//! `sesam add`: one new account, from a link, a picture or a secret, or by answering questions.

use std::path::PathBuf;

use clap::Args;
use zeroize::Zeroizing;

use super::{
    context::Context,
    exit::{Done, Exit, Failure},
    json as shapes,
    parameters::{Parameters, check_name, read_secret, set_pin, split_name},
};
use crate::{
    crypt,
    otp::{Kind, Link, Otp, Pin, Secret, looks_like_link, otpauth::MAX_LINK_BYTES, parse_link},
    vault::{Account, Outcome, Vault, account::name_of, usage::Usage},
};

/// Add an account
#[derive(Args, Default)]
#[command(
    after_help = "Examples:\n  wl-paste | sesam add --uri -\n  sesam add --qr screenshot.png\n  sesam add --qr screen\n  sesam add --issuer Proxmox --account root@pam \
                        --secret-stdin < key.txt\n  sesam add GitHub:hugo"
)]
pub struct AddArgs {
    /// issuer:account; an otpauth link works too, but other users can read arguments
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    /// An otpauth link; - reads it from stdin
    #[arg(long, value_name = "-", conflicts_with_all = ["qr", "secret_stdin", "secret_file", "generate"])]
    pub uri: Option<String>,
    /// A picture with a QR code: a file, - for stdin, screen or clipboard
    #[arg(long, value_name = "PICTURE", conflicts_with_all = ["secret_stdin", "secret_file", "generate"])]
    pub qr: Option<PathBuf>,
    /// Read the secret from stdin
    #[arg(long, conflicts_with_all = ["secret_file", "generate"])]
    pub secret_stdin: bool,
    /// File whose first line is the secret
    #[arg(long, value_name = "PATH", conflicts_with = "generate")]
    pub secret_file: Option<PathBuf>,
    /// Make a new secret of 160 bits
    #[arg(long)]
    pub generate: bool,
    /// Who issued it
    #[arg(long)]
    pub issuer: Option<String>,
    /// Whose it is there
    #[arg(long)]
    pub account: Option<String>,
    /// What makes the codes
    #[command(flatten)]
    pub parameters: Parameters,
    /// A tag; may be repeated
    #[arg(long = "tag", value_name = "TAG", value_delimiter = ',')]
    pub tags: Vec<String>,
    /// Free text
    #[arg(long)]
    pub note: Option<String>,
    /// Show it before the others
    #[arg(long)]
    pub favourite: bool,
}

/// Runs the command.
pub fn run(cx: &Context, args: &AddArgs) -> Done {
    cx.writable()?;
    let account = match link(cx, args)? {
        Some(link) => from_link(cx, args, link)?,
        None => from_options(cx, args)?,
    };
    check_name("issuer", &account.issuer)?;
    check_name("account", &account.account)?;
    if account.name().is_empty() {
        return Err(
            Failure::usage("an account needs a name").hint("give --issuer, --account or issuer:account")
        );
    }
    let account = with_pin(cx, account)?;
    for weakness in account.otp.weaknesses() {
        cx.warn(&format!("{}: {weakness}", account.name()));
    }
    let vault = cx.open()?;
    store(&vault, &account)?;
    if cx.as_json() {
        cx.print_json(&shapes::account(&account, &Usage::default()))?;
    }
    cx.say(&format!("Added {}", account.name()));
    Ok(Exit::Done)
}

/// Writes a new account unless the very same is there.
fn store(vault: &Vault, account: &Account) -> Result<(), Failure> {
    let same = |other: &Account| {
        other.issuer == account.issuer
            && other.account == account.account
            && other.otp.secret == account.otp.secret
    };
    let exists = vault.change(|document, now| {
        let mut blocks = document.accounts.iter().filter(|block| {
            block.fields().text_or_empty("issuer").is_ok_and(|i| i == account.issuer.as_str())
        });
        if blocks.any(|block| Account::read(block.fields()).is_ok_and(|other| same(&other))) {
            return Ok(Outcome::Same(true));
        }
        let reverse = document.add(std::slice::from_ref(account));
        document.record(&format!("add {}", account.name()), reverse, now);
        Ok(Outcome::Changed(false))
    })?;
    if exists {
        let message = format!("{} is in the vault already, with the same secret", account.name());
        return Err(Failure::new(Exit::Conflict, "exists", message));
    }
    Ok(())
}

fn link(cx: &Context, args: &AddArgs) -> Result<Option<Link>, Failure> {
    match &args.qr {
        Some(picture) => cx.link_on_picture(picture).map(Some),
        None => link_text(cx, args)?.map(|text| read_link(&text)).transpose(),
    }
}

fn link_text(cx: &Context, args: &AddArgs) -> Result<Option<Zeroizing<String>>, Failure> {
    if let Some(uri) = &args.uri {
        if uri == "-" {
            return cx.first_line(std::path::Path::new("-"), "--uri").map(Some);
        }
        warn_of_argument(cx);
        return Ok(Some(Zeroizing::new(uri.clone())));
    }
    match &args.name {
        Some(name) if is_link(name) => {
            warn_of_argument(cx);
            Ok(Some(Zeroizing::new(name.clone())))
        }
        _ => Ok(None),
    }
}

fn is_link(name: &str) -> bool {
    looks_like_link(name.trim()) || name.contains("://")
}

fn warn_of_argument(cx: &Context) {
    cx.warn("others on this machine can read the link in the list of processes; use --uri - and stdin");
}

fn read_link(text: &str) -> Result<Link, Failure> {
    if text.len() > MAX_LINK_BYTES {
        return Err(Failure::usage(format!("the link is longer than {MAX_LINK_BYTES} bytes, the limit")));
    }
    parse_link(text.trim()).map_err(|error| {
        let failure = Failure::usage(error.to_string());
        error.hint().map_or(Failure::usage(error.to_string()), |hint| failure.hint(hint))
    })
}

/// The account of a link; what stands on the command line counts more.
fn from_link(cx: &Context, args: &AddArgs, link: Link) -> Result<Account, Failure> {
    for note in &link.notes {
        cx.warn(&format!("{}: {note}", name_of(&link.issuer, &link.account)));
    }
    let otp = args.parameters.apply(cx, &link.otp)?;
    let typed = args.name.as_deref().filter(|name| !is_link(name)).map(split_name);
    let (issuer, name) = typed.unwrap_or((link.issuer, link.account));
    let issuer = args.issuer.clone().unwrap_or(issuer);
    let name = args.account.clone().unwrap_or(name);
    let mut account = Account::new(&issuer, &name, otp, cx.now());
    account.tags = link.extras.tags;
    account.note = link.extras.note;
    account.icon = link.extras.icon;
    account.favourite = link.extras.favourite;
    decorate(&mut account, args);
    Ok(account)
}

fn from_options(cx: &Context, args: &AddArgs) -> Result<Account, Failure> {
    let (mut issuer, mut name) = args.name.as_deref().map(split_name).unwrap_or_default();
    issuer = args.issuer.clone().unwrap_or(issuer);
    name = args.account.clone().unwrap_or(name);
    if issuer.is_empty() && name.is_empty() {
        issuer = cx.ask_line("Issuer (GitHub, VPN …):", "--issuer and --account, or --uri -")?;
        name = cx.ask_line("Account (name or address there):", "--account")?;
    }
    let secret = secret(cx, args)?;
    let otp = args.parameters.apply(cx, &Otp::totp(secret))?;
    let mut account = Account::new(&issuer, &name, otp, cx.now());
    decorate(&mut account, args);
    Ok(account)
}

fn secret(cx: &Context, args: &AddArgs) -> Result<Secret, Failure> {
    if args.generate {
        return Ok(Secret::new(crypt::random::<20>().to_vec()).expect("20 bytes are a secret"));
    }
    let text = if args.secret_stdin {
        cx.first_line(std::path::Path::new("-"), "--secret-stdin")?
    } else if let Some(path) = &args.secret_file {
        cx.first_line(path, "--secret-file")?
    } else {
        let otherwise = Failure::usage("the secret is missing")
            .hint("give it with --secret-stdin, --secret-file, --uri - or --qr FILE");
        cx.ask_secret("Secret (Base32):", otherwise)?
    };
    read_secret(&text, args.parameters.kind)
}

fn decorate(account: &mut Account, args: &AddArgs) {
    for tag in &args.tags {
        if !tag.is_empty() && !account.tags.contains(tag) {
            account.tags.push(tag.clone());
        }
    }
    if let Some(note) = &args.note {
        account.note.clone_from(note);
    }
    account.favourite |= args.favourite;
}

/// Asks for the PIN of a kind that needs one; without anybody to ask it can be given later.
fn with_pin(cx: &Context, mut account: Account) -> Result<Account, Failure> {
    let missing = matches!(account.otp.kind, Kind::Motp { pin: None } | Kind::Yandex { pin: None });
    if !missing {
        return Ok(account);
    }
    if !cx.can_ask() {
        cx.warn(&format!(
            "{} gives no codes before its PIN is stored: sesam edit NAME --pin-file -",
            account.name()
        ));
        return Ok(account);
    }
    let typed =
        cx.ask_secret("PIN:", Failure::usage("the PIN is missing").hint("give it with --pin-file"))?;
    let pin = Pin::new(&typed).map_err(|error| Failure::usage(error.to_string()))?;
    set_pin(&mut account.otp.kind, pin);
    Ok(account)
}
