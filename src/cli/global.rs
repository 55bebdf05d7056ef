//! The options that hold for every command.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// When colours are used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Options before or after any command.
#[derive(Args, Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub struct Global {
    /// Directory of a vault, or the vault.age in it (also `SESAM_VAULT`)
    #[arg(short = 'V', long, global = true, value_name = "PATH", help_heading = "Global options")]
    pub vault: Option<PathBuf>,
    /// Settings from this file besides the usual ones
    #[arg(long, global = true, value_name = "PATH", help_heading = "Global options")]
    pub config: Option<PathBuf>,
    /// No settings from any file
    #[arg(long, global = true, conflicts_with = "config", help_heading = "Global options")]
    pub no_config: bool,
    /// File whose first line is the passphrase; - is stdin
    #[arg(long, global = true, value_name = "PATH", help_heading = "Global options")]
    pub passphrase_file: Option<PathBuf>,
    /// File descriptor whose first line is the passphrase
    #[arg(
        long,
        global = true,
        value_name = "N",
        conflicts_with = "passphrase_file",
        help_heading = "Global options"
    )]
    pub passphrase_fd: Option<u32>,
    /// Machine-readable output, errors too
    #[arg(long, global = true, help_heading = "Global options")]
    pub json: bool,
    /// One JSON object a line
    #[arg(long, global = true, help_heading = "Global options")]
    pub jsonl: bool,
    /// Say nothing that is not asked for
    #[arg(short, long, global = true, conflicts_with = "verbose", help_heading = "Global options")]
    pub quiet: bool,
    /// Say what is done
    #[arg(short, long, global = true, help_heading = "Global options")]
    pub verbose: bool,
    /// When to use colours
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        value_name = "WHEN",
        help_heading = "Global options"
    )]
    pub color: Color,
    /// Never ask; fail with 4 or 2 instead
    #[arg(long, global = true, help_heading = "Global options")]
    pub no_input: bool,
    /// Answer plain questions with yes
    #[arg(short, long, global = true, help_heading = "Global options")]
    pub yes: bool,
    /// Answer a question that wants a word typed
    #[arg(long, global = true, value_name = "TEXT", help_heading = "Global options")]
    pub confirm: Option<String>,
    /// Refuse every change
    #[arg(long, global = true, help_heading = "Global options")]
    pub read_only: bool,
    /// Refuse files of the vault that others can read
    #[arg(long, global = true, help_heading = "Global options")]
    pub strict: bool,
    /// Built-in accounts; touches no file
    #[arg(long, global = true, help_heading = "Global options")]
    pub demo: bool,
    /// Lines to be read aloud instead of a screen (also `SESAM_SCREEN_READER`)
    #[arg(long, global = true, help_heading = "Global options")]
    pub screen_reader: bool,
    /// Show no codes on a screen (also `SESAM_SHOW=none`)
    #[arg(long, global = true, help_heading = "Global options")]
    pub hide: bool,
    /// Print the version
    #[arg(long, global = true, help_heading = "Global options")]
    pub version: bool,
}
