//! What can be typed behind `sesam import`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Bring accounts in from another app or a list of links
#[derive(Args)]
#[command(
    after_help = "Examples:\n  sesam import links.txt\n  sesam import aegis-backup.json\n  sesam import page1.png page2.png\n  sesam import ~/.password-store\n  sesam import --dry-run --json backup.age\n  wl-paste | sesam \
                        import -"
)]
pub struct ImportArgs {
    /// The files; - is stdin; a directory is a store of pass or gopass
    #[arg(value_name = "FILE", required_unless_present_any = ["formats", "qr"])]
    pub files: Vec<PathBuf>,
    /// A picture with QR codes: a file, - for stdin, screen or clipboard; may be repeated
    #[arg(long, value_name = "PICTURE")]
    pub qr: Vec<PathBuf>,
    /// The format, where it should not be recognised from the content
    #[arg(long, value_name = "NAME")]
    pub from: Option<String>,
    /// List what can be read
    #[arg(long)]
    pub formats: bool,
    /// Say what would be done and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// What to do with an account that is here with other values
    #[arg(long, value_enum, value_name = "HOW", default_value_t = Duplicate::KeepBoth)]
    pub on_duplicate: Duplicate,
    /// Give this tag to every account that comes in; may be repeated
    #[arg(long = "tag", value_name = "TAG", value_delimiter = ',')]
    pub tags: Vec<String>,
    /// File whose first line is the passphrase of an encrypted file; - is stdin; may be repeated
    #[arg(long, value_name = "PATH")]
    pub source_passphrase_file: Vec<PathBuf>,
    /// File descriptor whose first line is that passphrase; may be repeated
    #[arg(long, value_name = "N")]
    pub source_passphrase_fd: Vec<u32>,
}

/// What is done with an account that differs from one here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Duplicate {
    /// Leave it out.
    Skip,
    /// It takes the place of the one here.
    Replace,
    /// Both stay.
    KeepBoth,
    /// Ask for each.
    Ask,
}
