//! What a command may use: the options, the settings, the clock, the vault's place, and the ways to ask.

use std::{
    cell::RefCell,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use jiff::Timestamp;
use serde_json::Value;

use super::{exit::Failure, global::Global, locations};
use crate::{
    clock::{Clock, SystemClock},
    config::Loaded,
    crypt::passphrase::Passphrase,
    output,
    text::safe,
    vault::{Place, Vault, World, backups::Keep, notice::Notices},
};

/// Everything around a command.
pub struct Context {
    /// The options of the command line.
    pub global: Global,
    /// The settings.
    pub settings: Loaded,
    /// The time.
    pub clock: Arc<dyn Clock>,
    stdin_taken: RefCell<Option<String>>,
    pub(super) passphrase: RefCell<Option<Passphrase>>,
    /// The vault, where it stays open between two commands.
    pub(super) opened: RefCell<Option<Vault>>,
    pub(super) notices: RefCell<Notices>,
}

impl Context {
    /// Reads the settings; says what is wrong with them on stderr.
    pub fn new(global: Global) -> Result<Self, Failure> {
        let settings = locations::settings(&global)?;
        let clock = locations::demo_clock(&global).unwrap_or_else(|| Arc::new(SystemClock));
        let cx = Self {
            global,
            settings,
            clock,
            stdin_taken: RefCell::default(),
            passphrase: RefCell::default(),
            opened: RefCell::default(),
            notices: RefCell::default(),
        };
        for warning in &cx.settings.warnings {
            cx.warn(&warning.to_string());
        }
        Ok(cx)
    }

    /// The same without a word: for completions, which nobody reads.
    pub fn quiet(global: Global) -> Option<Self> {
        let settings = locations::settings(&global).ok()?;
        let clock = Arc::new(SystemClock);
        let (stdin_taken, passphrase, opened, notices) = Default::default();
        Some(Self { global, settings, clock, stdin_taken, passphrase, opened, notices })
    }

    /// The same surroundings for one line of line mode: with the options that were typed in it.
    #[must_use]
    pub fn with(&self, typed: Global) -> Self {
        let own = &self.global;
        let global = Global {
            vault: own.vault.clone(),
            config: own.config.clone(),
            passphrase_file: typed.passphrase_file.or_else(|| own.passphrase_file.clone()),
            passphrase_fd: typed.passphrase_fd.or(own.passphrase_fd),
            no_config: own.no_config,
            no_input: own.no_input || typed.no_input,
            read_only: own.read_only || typed.read_only,
            strict: own.strict || typed.strict,
            demo: own.demo,
            hide: own.hide || typed.hide,
            ..typed
        };
        Self {
            global,
            settings: self.settings.clone(),
            clock: Arc::clone(&self.clock),
            stdin_taken: RefCell::default(),
            passphrase: self.passphrase.clone(),
            opened: RefCell::new(self.opened.borrow().as_ref().map(Vault::again)),
            notices: RefCell::default(),
        }
    }

    /// The time now, with the correction of `codes.clock_offset`.
    ///
    /// # Errors
    /// When the clock lies before 1970: no code can be made then.
    pub fn unix_time(&self) -> Result<u64, Failure> {
        let now = self.clock.now();
        let seconds = now.as_second() + self.settings.config.codes.clock_offset;
        u64::try_from(seconds).map_err(|_| {
            Failure::failed(format!(
                "the clock of this machine says {}, before 1970: no code can be made",
                now.strftime("%Y")
            ))
            .hint("set the clock, or name the time with --at")
        })
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Where the vault lies.
    pub fn place(&self) -> Result<Place, Failure> {
        locations::vault(&self.global, &self.settings)
    }

    /// What surrounds a vault.
    pub fn world(&self) -> Result<World, Failure> {
        let settings = &self.settings.config.vault;
        let keep = Keep { newest: settings.backups as usize, ..Keep::default() };
        let (clock, state_dir) = (Arc::clone(&self.clock), locations::state_dir()?);
        Ok(World { clock, state_dir, keep, trash_days: settings.trash_days })
    }

    /// Whether output is for a program.
    pub fn as_json(&self) -> bool {
        self.global.json || self.global.jsonl
    }

    /// Prints one JSON value as data.
    pub fn print_json(&self, value: &Value) -> Result<(), Failure> {
        let text = if self.global.jsonl { value.to_string() } else { format!("{value:#}") };
        Ok(output::data(&format!("{}\n", output::ascii_safe(&text)))?)
    }

    /// Prints many: an array, or with `--jsonl` one a line.
    pub fn print_json_list(&self, values: Vec<Value>) -> Result<(), Failure> {
        if !self.global.jsonl {
            return self.print_json(&Value::Array(values));
        }
        let lines: Vec<String> = values.iter().map(Value::to_string).collect();
        let end = if lines.is_empty() { "" } else { "\n" };
        Ok(output::data(&output::ascii_safe(&(lines.join("\n") + end)))?)
    }

    /// Says that something was done, unless `--quiet`.
    pub fn say(&self, line: &str) {
        if !self.global.quiet && !self.as_json() {
            output::say(&safe(line));
        }
    }

    /// Says what is being done, with `--verbose`.
    pub fn mention(&self, line: &str) {
        if self.global.verbose {
            output::say(&safe(line));
        }
    }

    /// Says what a person should know although the command goes on.
    pub fn warn(&self, line: &str) {
        output::say(&format!("sesam: warning: {}", safe(line)));
    }

    /// Says what the opened vault has to say without failing.
    pub fn say_notices(&self) {
        for notice in self.notices.borrow().take() {
            self.warn(&notice.to_string());
        }
    }

    /// # Errors
    /// Refused under `--read-only`.
    pub fn writable(&self) -> Result<(), Failure> {
        if self.global.read_only {
            return Err(Failure::new(
                super::exit::Exit::Refused,
                "read_only",
                "--read-only refuses every change",
            ));
        }
        Ok(())
    }

    /// Whether a question can reach a person.
    pub fn can_ask(&self) -> bool {
        !self.global.no_input && (output::stderr_is_terminal() || output::stdout_is_terminal())
    }

    /// Takes stdin for one purpose, `what` being the option or argument that asks for it.
    ///
    /// # Errors
    /// Wrong usage when another one has it already; both are named.
    pub fn take_stdin(&self, what: &str, paste: &str) -> Result<std::io::Stdin, Failure> {
        if let Some(other) = self.stdin_taken.borrow().as_deref() {
            return Err(Failure::usage(format!("only one of {other} and {what} can read stdin")));
        }
        *self.stdin_taken.borrow_mut() = Some(what.to_owned());
        if output::stdin_is_terminal() {
            output::say(&format!("{paste}, then Enter and Ctrl-D:"));
        }
        Ok(std::io::stdin())
    }

    /// Lets time pass.
    pub fn pause(&self, span: Duration) {
        self.clock.pause(span);
    }
}

/// A path as a person would type it.
pub fn shown(path: &Path) -> String {
    let home = std::env::home_dir().unwrap_or_else(|| PathBuf::from("/nonexistent"));
    match path.strip_prefix(&home) {
        Ok(rest) => format!("~/{}", rest.display()),
        Err(_) => path.display().to_string(),
    }
}
