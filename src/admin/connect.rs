//! From a profile to a provider: where its token is, and the client that asks with it.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Arc,
    time::Duration,
};

use zeroize::Zeroizing;

use super::{
    Provider,
    bearer::Bearer,
    certificate::Fingerprint,
    error::AdminError,
    http::{Endpoint, Http},
    keycloak::{
        Keycloak,
        device::Visit,
        sign_in::{Grant, Place, Session},
    },
    privacyidea::{self, PrivacyIdea, rights::Rights},
    sesamd::{
        Sesamd,
        sign_in::{Person, sign_in},
    },
};
use crate::{
    config::{ProviderKind, Server, TokenSource},
    keyring::{SecretStore, SystemKeyring, TOKENS},
};

/// One server of the settings.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Its name there.
    pub name: String,
    /// What the settings say of it.
    pub server: Server,
    /// Whether every change is refused: by the settings, by `--read-only`, or because it was opened so.
    pub read_only: bool,
    /// How long one request may take.
    pub timeout: Duration,
}

/// The way to the servers of the settings. A screen goes it on a thread of its own.
pub trait Door: Send + Sync {
    /// A provider that asks with the token of the profile. Nothing is connected yet.
    fn open(&self, profile: &Profile) -> Result<Arc<dyn Provider>, AdminError>;
}

/// What the person at the program gives: what lies in their vault, and what they type.
pub trait Own: Send + Sync {
    /// The token of a server that the vault keeps; the error says why there is none.
    fn token(&self, server: &str) -> Result<Zeroizing<String>, String>;

    /// A code for the second step; `again` when the one before was refused, `None` to give up.
    fn code(&self, profile: &Profile, again: bool) -> Result<Option<Zeroizing<String>>, String>;

    /// Shows where to sign in with a browser. What comes back says whether somebody still wants to; the error says why
    /// nobody can.
    fn visit(&self, profile: &Profile, visit: &Visit) -> Result<Wanted, String> {
        let _ = (profile, visit);
        Err("nobody is here who could open the link".to_owned())
    }
}

/// Whether somebody still wants to sign in.
pub type Wanted = Box<dyn Fn() -> bool>;

/// The way to real servers, for who needs neither vault nor code.
#[derive(Clone, Debug)]
pub struct RealDoor {
    /// Where systemd hands credentials over, if it does.
    pub credentials: Option<PathBuf>,
    /// Whether somebody is there whom a keyring may ask for its password.
    pub attended: bool,
}

/// The way to real servers of a person with a vault, or at a terminal.
#[derive(Clone)]
pub struct PersonalDoor {
    /// The way.
    pub way: RealDoor,
    /// The person.
    pub own: Arc<dyn Own>,
}

/// The longest token that is read, in bytes.
const LONGEST: u64 = 64 * 1024;

impl Door for RealDoor {
    fn open(&self, profile: &Profile) -> Result<Arc<dyn Provider>, AdminError> {
        self.with(profile, Arc::new(Nobody))
    }
}

impl Door for PersonalDoor {
    fn open(&self, profile: &Profile) -> Result<Arc<dyn Provider>, AdminError> {
        self.way.with(profile, Arc::clone(&self.own))
    }
}

/// Nobody is there.
struct Nobody;

impl Own for Nobody {
    fn token(&self, _: &str) -> Result<Zeroizing<String>, String> {
        Err("it lies in the vault, which is not open here".to_owned())
    }

    fn code(&self, _: &Profile, _: bool) -> Result<Option<Zeroizing<String>>, String> {
        Err("nobody can be asked for the code here".to_owned())
    }
}

impl RealDoor {
    fn with(&self, profile: &Profile, own: Arc<dyn Own>) -> Result<Arc<dyn Provider>, AdminError> {
        match profile.server.provider {
            ProviderKind::Sesamd => Ok(Arc::new(Sesamd::new(self.sesamd(profile, own)?))),
            ProviderKind::PrivacyIdea => self.privacyidea(profile, own),
            ProviderKind::Keycloak => self.keycloak(profile, own),
        }
    }

    /// With an API key, or with the session of the administrator whom the profile names.
    fn sesamd(&self, profile: &Profile, own: Arc<dyn Own>) -> Result<Http, AdminError> {
        let token = self.token(profile, own.as_ref())?;
        let Some(user) = profile.server.user.clone().filter(|user| !user.is_empty()) else {
            return bare(profile, Bearer::fixed(token));
        };
        let (door, profile_) = (bare(profile, Bearer::fixed(Zeroizing::default()))?, profile.clone());
        let begin = move || {
            let code = |again| own.code(&profile_, again);
            sign_in(&door, &Person { user: &user, password: &token, code: &code })
        };
        bare(profile, Bearer::session(Box::new(begin)))
    }

    /// With a service token, or with the session of the administrator whom the profile names.
    fn privacyidea(&self, profile: &Profile, own: Arc<dyn Own>) -> Result<Arc<dyn Provider>, AdminError> {
        let token = self.token(profile, own.as_ref())?;
        let (realm, rights) = (profile.server.realm.clone(), Rights::default());
        let Some(user) = profile.server.user.clone().filter(|user| !user.is_empty()) else {
            rights.learn_from(&token);
            let http = bare(profile, Bearer::fixed(token).without_word())?;
            return Ok(Arc::new(PrivacyIdea::new(http, ("service token", rights), realm)));
        };
        let (door, profile_) = (bare(profile, Bearer::fixed(Zeroizing::default()))?, profile.clone());
        let (actor, told) = (user.clone(), rights.clone());
        let begin = move || {
            let code = |again| own.code(&profile_, again);
            privacyidea::sign_in::sign_in(&door, (&user, &token), (&code, &told))
        };
        let http = bare(profile, Bearer::renewing(Box::new(begin)).without_word())?;
        Ok(Arc::new(PrivacyIdea::new(http, (&actor, rights), realm)))
    }

    /// As a client with its secret, as the administrator whom the profile names, or with a browser.
    fn keycloak(&self, profile: &Profile, own: Arc<dyn Own>) -> Result<Arc<dyn Provider>, AdminError> {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let server = &profile.server;
        let named = |what: &str, flag: &str| AdminError::Incomplete {
            server: profile.name.clone(),
            what: what.to_owned(),
            flag: flag.to_owned(),
        };
        let realm = given(&server.realm).ok_or_else(|| named("realm", "--realm NAME"))?;
        let grant = match (&server.token, given(&server.user)) {
            (TokenSource::Device, _) => by_browser(profile, own),
            (_, Some(user)) => by_password(profile, (user, self.token(profile, own.as_ref())?), own),
            (_, None) => Grant::Client(self.token(profile, own.as_ref())?),
        };
        let client = match (given(&server.client_id), &grant) {
            (Some(client), _) => client,
            (None, Grant::Password { .. }) => "admin-cli".to_owned(),
            (None, _) => return Err(named("client", "--client-id ID")),
        };
        let auth_realm = given(&server.auth_realm).unwrap_or_else(|| realm.clone());
        let place = Place { realm: realm.clone(), auth_realm, client };
        let door = bare(profile, Bearer::fixed(Zeroizing::default()))?;
        let session = Arc::new(Session::new(door, place, grant));
        let begins = Arc::clone(&session);
        let http = bare(profile, Bearer::renewing(Box::new(move || begins.begin())))?;
        Ok(Arc::new(Keycloak::new(http, session, &realm)))
    }

    fn token(&self, profile: &Profile, own: &dyn Own) -> Result<Zeroizing<String>, AdminError> {
        let found = match &profile.server.token {
            TokenSource::Keyring => self.kept(&profile.name),
            TokenSource::File(path) => first_line(path),
            TokenSource::Systemd(credential) => match &self.credentials {
                Some(directory) => first_line(&directory.join(credential)),
                None => Err(format!("systemd hands over no credential {credential}")),
            },
            TokenSource::Command(line) => printed(line),
            TokenSource::Vault => own.token(&profile.name),
            TokenSource::Device => Err("only Keycloak signs in by a browser (token = \"device\")".to_owned()),
        };
        found.map_err(|why| AdminError::NoToken { server: profile.name.clone(), why })
    }

    fn kept(&self, name: &str) -> Result<Zeroizing<String>, String> {
        let keyring = if self.attended { SystemKeyring::for_person() } else { SystemKeyring::for_script() };
        let kept = keyring.secret(&kept_as(name)).map_err(|error| error.to_string())?;
        let kept = kept.ok_or("the system keyring has none")?;
        let text = std::str::from_utf8(&kept).map_err(|_| "what the system keyring has is no text")?;
        Ok(Zeroizing::new(text.to_owned()))
    }
}

fn by_password(profile: &Profile, (user, password): (String, Zeroizing<String>), own: Arc<dyn Own>) -> Grant {
    let profile = profile.clone();
    let has_account = profile.server.otp.as_ref().is_some_and(|query| !query.is_empty());
    let code = move |again| match own.code(&profile, again) {
        // Nobody is there to type one: perhaps none is needed.
        Err(_) if !has_account && !again => Ok(None),
        other => other,
    };
    Grant::Password { user, password, code: Box::new(code) }
}

fn by_browser(profile: &Profile, own: Arc<dyn Own>) -> Grant {
    let profile = profile.clone();
    Grant::Device(Box::new(move |visit| own.visit(&profile, visit)))
}

/// A client of the profile's server.
pub fn bare(profile: &Profile, bearer: Bearer) -> Result<Http, AdminError> {
    let endpoint = Endpoint {
        name: profile.name.clone(),
        url: profile.server.url.trim_end_matches('/').to_owned(),
        ca_file: profile.server.ca_file.clone(),
        pin: profile.server.pin.as_deref().map(|text| pin(profile, text)).transpose()?,
        timeout: profile.timeout.max(Duration::from_secs(1)),
        read_only: profile.read_only,
    };
    Http::with(endpoint, bearer)
}

/// A fingerprint that is none trusts nobody, instead of everybody.
fn pin(profile: &Profile, text: &str) -> Result<Fingerprint, AdminError> {
    Fingerprint::parse(text).ok_or_else(|| {
        let why = "the pin of the profile is none: it is sha256: and 64 hex digits".to_owned();
        AdminError::Certificate { server: profile.name.clone(), why }
    })
}

/// Under which name the system keyring has a server's token.
pub fn kept_as(name: &str) -> String {
    format!("{TOKENS}{name}")
}

fn first_line(path: &Path) -> Result<Zeroizing<String>, String> {
    let bad = |error: std::io::Error| format!("{}: {error}", path.display());
    let file = File::open(path).map_err(bad)?;
    let mut line = Zeroizing::new(String::new());
    BufReader::new(file).take(LONGEST).read_line(&mut line).map_err(bad)?;
    let token = Zeroizing::new(line.trim().to_owned());
    if token.is_empty() { Err(format!("{} is empty", path.display())) } else { Ok(token) }
}

/// The first line that a command prints. Its words are divided by blanks; no shell reads them.
fn printed(line: &str) -> Result<Zeroizing<String>, String> {
    let mut words = line.split_whitespace();
    let program = words.next().ok_or("the command is empty")?;
    let output = Command::new(program).args(words).stdin(Stdio::null()).stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| format!("{program} cannot be run: {error}"))?;
    let stdout = Zeroizing::new(output.stdout);
    if !output.status.success() {
        return Err(format!("{program} ended with {}", output.status));
    }
    let text = std::str::from_utf8(&stdout).map_err(|_| format!("{program} printed no text"))?;
    match text.lines().next().map(str::trim).filter(|token| !token.is_empty()) {
        Some(token) => Ok(Zeroizing::new(token.to_owned())),
        None => Err(format!("{program} printed nothing")),
    }
}
