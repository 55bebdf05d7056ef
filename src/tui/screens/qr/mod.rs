//! An account as a picture that a phone can scan. It goes by itself, for whoever sees it can make the codes.
//!
//! Making the picture is `qr`'s business, drawing it `draw`'s, the file `file`'s.

mod draw;
mod file;

pub use draw::drawn;

use jiff::{SignedDuration, Timestamp};
use ratatui::{Frame, layout::Rect};
use zeroize::Zeroizing;

use super::{account::spoken, confirm::Confirm};
use crate::{
    admin::capability::Capability,
    otp::{Form, Kind, format_link, parse_link},
    qr::{Qr, QrError},
    text::safe,
    tui::{
        action::Do,
        clip::Copy,
        context::Context,
        graphics::Graphic,
        key::Key,
        screen::{Extent, Hint, Screen, Step},
    },
    vault::Account,
};

/// How long the picture stays.
const OPEN: SignedDuration = SignedDuration::from_secs(60);
/// The same for a new binding.
const OPEN_TO_ENROL: SignedDuration = SignedDuration::from_mins(5);

/// The picture.
pub struct Phone {
    issuer: String,
    account: String,
    /// Both names, as one says them.
    name: String,
    link: Zeroizing<String>,
    qr: Result<Qr, QrError>,
    /// What the other device has to know besides.
    advice: Option<&'static str>,
    inverted: bool,
    /// Shown as a real picture, where the terminal can.
    real: bool,
    closes: Timestamp,
}

impl Phone {
    /// The link of an account in its shortest form.
    pub fn new(account: &Account, cx: &Context) -> Self {
        let link = format_link(&account.issuer, &account.account, &account.otp, Form::Short);
        Self {
            issuer: account.issuer.clone(),
            account: account.account.clone(),
            name: spoken(account),
            qr: Qr::encode_small(&link),
            link,
            advice: advice(account),
            inverted: false,
            real: false,
            closes: cx.now() + OPEN,
        }
    }

    /// What an authenticator takes that was just begun on a server. Somebody has to find their phone first.
    pub fn enrolled(name: &str, link: &str, cx: &Context) -> Self {
        let provider = cx.admin.as_ref().and_then(|link| link.provider.as_ref());
        let is_good =
            provider.is_some_and(|provider| matches!(provider.capabilities().enrol, Capability::Emulated(_)));
        let read = parse_link(link).ok();
        let issuer = read.as_ref().map_or_else(String::new, |link| link.issuer.clone());
        let account = read.map_or_else(|| name.to_owned(), |link| link.account);
        Self {
            issuer,
            account,
            name: name.to_owned(),
            qr: Qr::encode_small(link),
            link: Zeroizing::new(link.to_owned()),
            advice: Some(if is_good {
                "It is good at once: the next sign-in asks for its code."
            } else {
                "It opens nothing before a code of it was shown at a sign-in."
            }),
            inverted: false,
            real: false,
            closes: cx.now() + OPEN_TO_ENROL,
        }
    }

    /// The seconds until it goes.
    fn left(&self, cx: &Context) -> u64 {
        u64::try_from(self.closes.duration_since(cx.now()).as_secs()).unwrap_or(0)
    }

    /// A secret on the clipboard is asked about, and always taken away again.
    fn copy(&self) -> Step {
        let (link, name) = (self.link.clone(), self.name.clone());
        let text = format!(
            "The link holds the secret of {name}: every program that reads the clipboard can make its codes then. \
             It is taken away again."
        );
        Step::Push(Box::new(Confirm::new("Copy the link", &text, "Copy", move |cx| {
            let name = safe(&name);
            let copy = Copy { text: &link, name: &name, left: None, is_next: false, is_secret: true };
            match cx.clip.copy(&copy) {
                Ok(words) => cx.done(words),
                // The words of a failure may hold what was to be copied.
                Err(_) => cx.fail("The link was not copied: no clipboard took it."),
            }
            Step::Pop
        })))
    }

    fn save(&self, cx: &mut Context) {
        // A file may be printed: it has the better correction of errors.
        let picture = match Qr::encode(&self.link) {
            Ok(picture) => picture,
            Err(error) => return cx.fail(format!("No picture: {error}; {}.", error.hint())),
        };
        let name = if self.issuer.is_empty() { &self.account } else { &self.issuer };
        match file::write(name, &Zeroizing::new(picture.png(file::SCALE))) {
            Ok((file, place)) => cx.done(format!("Wrote {file} into {place}. Only you can read it.")),
            Err(error) => cx.fail(format!("The picture was not written: {error}.")),
        }
    }
}

/// Few phones read what is neither TOTP nor HOTP, and a PIN is in no link.
fn advice(account: &Account) -> Option<&'static str> {
    match account.otp.kind {
        Kind::Totp { .. } => None,
        Kind::Hotp { .. } => Some("Two devices with one counter lose step: use one of them alone."),
        Kind::Steam => Some("Few apps on phones read a Steam link: Aegis does, Google's does not."),
        Kind::Motp { .. } => {
            Some("Hardly an app on a phone reads a motp:// link. The PIN is not in it: type it there.")
        }
        Kind::Yandex { .. } => {
            Some("Hardly an app besides Yandex Key reads this link. The PIN is not in it: type it there.")
        }
    }
}

impl Screen for Phone {
    fn actions(&self, cx: &Context) -> Vec<Do> {
        let picture = cx.graphics().map(|_| Do::QrPicture);
        let invert = (!self.real).then_some(Do::QrInvert);
        invert.into_iter().chain([Do::QrSave, Do::QrCopy, Do::Close]).chain(picture).collect()
    }

    fn hints(&self, cx: &Context) -> Vec<Hint> {
        let words = if self.real { "blocks" } else { "picture" };
        let picture = cx.graphics().map(|_| Hint::says(Do::QrPicture, words));
        let invert = (!self.real).then(|| Do::QrInvert.into());
        let own = [Do::QrSave, Do::QrCopy].map(Hint::from);
        invert.into_iter().chain(own).chain(picture).chain([Do::Close.into()]).collect()
    }

    fn act(&mut self, action: Do, _key: Key, cx: &mut Context) -> Step {
        match action {
            Do::QrPicture => self.real = !self.real,
            Do::QrInvert => self.inverted = !self.inverted,
            Do::QrSave => self.save(cx),
            Do::QrCopy => return self.copy(),
            _ => return Step::Pop,
        }
        Step::Stay
    }

    fn on_tick(&mut self, cx: &mut Context) -> Step {
        if self.left(cx) == 0 { Step::Pop } else { Step::Stay }
    }

    fn on_lock(&mut self) -> bool {
        false
    }

    fn extent(&self) -> Extent {
        Extent::Whole
    }

    fn place(&self, cx: &Context) -> String {
        format!("To phone {} {}", cx.symbols.then, safe(&self.name))
    }

    fn changes_in(&self, cx: &Context) -> Option<u64> {
        let left = self.left(cx).max(1);
        Some(if cx.is_calm() { left } else { 1 })
    }

    fn graphic(&self, area: Rect, cx: &Context) -> Option<Graphic> {
        if self.left(cx) == 0 { None } else { self.real_picture(area, cx) }
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        // A question above it does not keep it open.
        if self.left(cx) > 0 {
            self.picture(frame, area, cx);
        }
    }
}
