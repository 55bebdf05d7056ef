//! What the screens share: the open vault, the settings, the time, the look, the row of status.

use std::{
    path::PathBuf,
    sync::{Arc, mpsc::Sender},
};

use jiff::Timestamp;
use ratatui::layout::Size;

use super::{
    action::Keymap,
    admin::{link::Link, own::Hands, places::Places},
    clip::Clip,
    desk::Desk,
    graphics::Graphics,
    jobs::Jobs,
    message::{Answer, Event},
    notice::{Notice, Toast},
    session::Session,
    symbols::Symbols,
    theme::Theme,
    view::View,
};
use crate::{
    admin::connect::Door,
    clock::Clock,
    config::Config,
    keyring::SecretStore,
    vault::{AccountId, Place, Vault, World},
};

/// What surrounds the screens.
pub struct Context {
    /// The settings.
    pub config: Config,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Where the vault lies, and what surrounds it.
    pub place: Place,
    /// What a vault needs to know of the world.
    pub world: World,
    /// The open vault.
    pub session: Option<Session>,
    /// The codes on the screen.
    pub desk: Desk,
    /// The way to the servers of the settings.
    pub door: Arc<dyn Door>,
    /// What asks the person for it on that way; none where nobody is asked.
    pub own: Option<Arc<Hands>>,
    /// The server that is open, or was before it was locked.
    pub admin: Option<Link>,
    /// The file that profiles are written to; none where nothing is kept.
    pub settings_file: Option<PathBuf>,
    /// Where tokens are kept.
    pub tokens: Arc<dyn SecretStore + Send + Sync>,
    /// An account whose next code is copied once it holds, at this time.
    pub waiting: Option<(AccountId, u64)>,
    /// Slow work.
    pub jobs: Jobs,
    /// The clipboard.
    pub clip: Box<dyn Clip>,
    /// Which keys do what.
    pub keymap: Keymap,
    /// The characters that draw.
    pub symbols: &'static Symbols,
    /// The look.
    pub theme: Theme,
    /// What the person chose to see, remembered for the next time.
    pub view: View,
    /// The row of status.
    pub notice: Option<Notice>,
    /// The box above it.
    pub toast: Option<Toast>,
    /// Whether nothing may be changed, and that this is the demo.
    pub mode: Mode,
    /// The size of the window.
    pub size: Size,
    /// What the terminal said of itself.
    pub answer: Answer,
    /// When a key was last pressed.
    pub last_key: Timestamp,
    /// Whether the wizard of imports opens once a vault is open.
    pub then_import: bool,
    /// The account that the list selects once it has it: one that is being saved.
    pub wanted: Option<AccountId>,
}

/// How the program was started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line or the environment")]
pub struct Mode {
    /// Built-in accounts, nothing is kept.
    pub demo: bool,
    /// Nothing is changed.
    pub read_only: bool,
    /// No colours.
    pub no_color: bool,
    /// The terminal speaks kitty's graphics protocol.
    pub kitty: bool,
    /// The symbols must be ASCII: the locale knows no others.
    pub ascii: bool,
    /// Nothing moves but numbers.
    pub no_motion: bool,
    /// It begins with the admin mode.
    pub admin: bool,
}

/// What a start needs that the screens cannot find out.
pub struct Start {
    /// The settings.
    pub config: Config,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Where the vault lies.
    pub place: Place,
    /// What a vault needs to know of the world.
    pub world: World,
    /// The clipboard.
    pub clip: Box<dyn Clip>,
    /// The way to the servers of the settings.
    pub door: Arc<dyn Door>,
    /// What asks the person for it on that way; none where nobody is asked.
    pub own: Option<Arc<Hands>>,
    /// The file that profiles are written to; none where nothing is kept.
    pub settings_file: Option<PathBuf>,
    /// Where tokens are kept.
    pub tokens: Arc<dyn SecretStore + Send + Sync>,
    /// How the program was started.
    pub mode: Mode,
}

/// What the screens begin with.
pub enum First {
    /// An open vault.
    Open(Box<Vault>),
    /// A vault that needs its passphrase.
    Locked,
    /// No vault.
    FirstRun,
}

impl Context {
    /// Everything but an open vault.
    pub fn new(start: Start, events: Sender<Event>) -> Self {
        let (keymap, wrong) = Keymap::new(start.config.keys.iter());
        let state_dir = (!start.mode.demo).then_some(start.world.state_dir.as_path());
        let view = View::read(&start.config.codes, state_dir);
        let now = start.clock.now();
        if let Some(own) = &start.own {
            own.listen(events.clone());
        }
        Self {
            theme: if start.mode.no_color { Theme::mono() } else { Theme::palette() },
            symbols: symbols(&start, Answer::default()),
            config: start.config,
            clock: start.clock,
            place: start.place,
            world: start.world,
            session: None,
            desk: Desk::default(),
            door: start.door,
            own: start.own,
            admin: None,
            settings_file: start.settings_file,
            tokens: start.tokens,
            waiting: None,
            jobs: Jobs::new(events),
            clip: start.clip,
            keymap,
            view,
            notice: wrong.into_iter().next().map(|wrong| Notice::warning(&wrong)),
            toast: None,
            mode: start.mode,
            size: Size::default(),
            answer: Answer::default(),
            last_key: now,
            then_import: false,
            wanted: None,
        }
    }

    /// Puts on what the open server asks for, else what the settings say; without colours there is one look.
    pub fn dress(&mut self) {
        if self.mode.no_color {
            return;
        }
        let of_server = self.admin.as_ref().and_then(|link| link.profile.server.theme.as_deref());
        let of_settings = match &self.config.ui.theme {
            crate::config::Theme::Always(name) => name,
            // What the background is nobody knows; both are readable on either.
            crate::config::Theme::ByBackground { dark, .. } => dark,
        };
        let named = of_server.and_then(Theme::named).or_else(|| Theme::named(of_settings));
        self.theme = named.unwrap_or_else(Theme::palette);
    }

    /// Where tokens of servers lie now.
    pub fn places(&self) -> Places {
        let vault = self.session.as_ref().map(|session| Arc::clone(&session.vault));
        Places::new(Arc::clone(&self.tokens), vault)
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The seconds since 1970 that codes are made of, with the correction of the settings; 0 before 1970.
    pub fn unix_time(&self) -> u64 {
        u64::try_from(self.now().as_second() + self.config.codes.clock_offset).unwrap_or(0)
    }

    /// Says that something was done.
    pub fn done(&mut self, text: impl AsRef<str>) {
        self.notice = Some(Notice::done(text.as_ref()));
    }

    /// Says something that is neither good nor bad.
    pub fn say(&mut self, text: impl AsRef<str>) {
        self.notice = Some(Notice::plain(text.as_ref()));
    }

    /// Says that something needs a look.
    pub fn warn(&mut self, text: impl AsRef<str>) {
        self.notice = Some(Notice::warning(text.as_ref()));
    }

    /// Says that something failed; it stays until the next Esc.
    pub fn fail(&mut self, text: impl AsRef<str>) {
        self.notice = Some(Notice::error(text.as_ref()));
    }

    /// Whether a change may be made; says why not otherwise.
    pub fn may_change(&mut self) -> bool {
        if self.mode.read_only {
            self.fail("Read only: --read-only refuses every change.");
        }
        !self.mode.read_only
    }

    /// Where the vault lies, as a person would type it.
    pub fn shown_path(&self) -> String {
        let path = self.place.vault();
        let home = std::env::home_dir().filter(|home| !home.as_os_str().is_empty());
        match home.and_then(|home| path.strip_prefix(home).ok().map(|rest| rest.display().to_string())) {
            Some(rest) => format!("~/{rest}"),
            None => path.display().to_string(),
        }
    }

    /// Whether little should move.
    pub fn is_calm(&self) -> bool {
        self.mode.no_motion || self.config.ui.motion == crate::config::Motion::Reduced
    }

    /// How the terminal shows a real picture, if it does.
    pub fn graphics(&self) -> Option<Graphics> {
        match (self.mode.kitty, self.answer.draws_sixels) {
            (true, _) => Some(Graphics::Kitty),
            (false, true) => Some(Graphics::Sixels),
            (false, false) => None,
        }
    }

    /// Takes in what the terminal said of itself.
    pub fn heard(&mut self, answer: Answer) {
        self.answer = answer;
        if answer.wide_symbols && self.config.ui.symbols == crate::config::Symbols::Auto {
            self.symbols = &super::symbols::ASCII;
        }
        self.clip.heard(answer.takes_osc52);
    }
}

fn symbols(start: &Start, answer: Answer) -> &'static Symbols {
    use crate::config::Symbols as Choice;
    let ascii = match start.config.ui.symbols {
        Choice::Ascii => true,
        Choice::Unicode => false,
        Choice::Auto => start.mode.ascii || answer.wide_symbols,
    };
    if ascii { &super::symbols::ASCII } else { &super::symbols::UNICODE }
}
