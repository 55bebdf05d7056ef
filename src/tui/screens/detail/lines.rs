//! The lines that tell of an account.

use jiff::{Timestamp, tz::TimeZone};
use ratatui::{Frame, layout::Rect, style::Style};

use crate::{
    otp::Kind,
    text::{safe, width},
    tui::{
        action::Do,
        cell::{Cell, Left, Shown, hidden},
        context::Context,
        session::Session,
        widgets::wrapped,
        widgets::{countdown, cut, put, put_safe},
    },
    vault::Account,
};

/// Cells of the bar.
const BAR: u64 = 25;
/// Where the facts begin.
const FACTS: u16 = 10;

/// Draws an account: its place in the catalog, and what its row says.
pub fn draw_account(frame: &mut Frame<'_>, area: Rect, (at, cell): (usize, &Cell), cx: &Context) {
    let Some(session) = &cx.session else { return };
    let Ok(account) = session.catalog.account(at) else {
        return put(frame, area, 0, "This account was written by a later version of sesam.", cx.theme.warn);
    };
    let mut pen = Pen { frame, area, cx };
    let title = if account.issuer.is_empty() { &account.account } else { &account.issuer };
    let star = area.width.min(42).saturating_sub(2);
    if account.favourite {
        pen.put(star, cx.symbols.favourite, cx.theme.text);
    }
    pen.name(title, usize::from(star.saturating_sub(1)), cx.theme.head);
    pen.name(
        if account.issuer.is_empty() { "" } else { &account.account },
        usize::from(area.width),
        cx.theme.text,
    );
    pen.skip(1);
    time(&mut pen, cell);
    pen.skip(1);
    facts(&mut pen, &account, session);
    pen.skip(1);
    keys(&mut pen);
}

/// Writes line after line as long as there is room.
struct Pen<'f, 'b, 'c> {
    frame: &'f mut Frame<'b>,
    area: Rect,
    cx: &'c Context,
}

impl Pen<'_, '_, '_> {
    fn put(&mut self, at: u16, text: &str, style: Style) {
        put(self.frame, self.area, at, text, style);
    }

    fn name(&mut self, text: &str, room: usize, style: Style) {
        put_safe(self.frame, self.area, 0, (text, room), self.cx, style);
        self.skip(1);
    }

    fn line(&mut self, at: u16, text: &str, style: Style) {
        let room = usize::from(self.area.width.saturating_sub(at));
        put(self.frame, self.area, at, &cut(text, room, self.cx.symbols), style);
        self.skip(1);
    }

    fn fact(&mut self, name: &str, text: &str) {
        let room = usize::from(self.area.width.saturating_sub(FACTS));
        for (at, line) in wrapped(&safe(text), room.max(1)).iter().take(3).enumerate() {
            if at == 0 {
                put(self.frame, self.area, 0, name, self.cx.theme.dim);
            }
            self.line(FACTS, line, self.cx.theme.text);
        }
    }

    fn skip(&mut self, rows: u16) {
        let rows = rows.min(self.area.height);
        self.area = Rect { y: self.area.y + rows, height: self.area.height - rows, ..self.area };
    }
}

fn time(pen: &mut Pen<'_, '_, '_>, cell: &Cell) {
    let cx = pen.cx;
    let code = match &cell.code {
        Shown::Code(code) => spaced(code),
        Shown::Hidden => spaced(&hidden(cx)),
        Shown::Words(words) => (*words).to_owned(),
    };
    pen.line(6, &code, cx.theme.code);
    pen.skip(1);
    match cell.left {
        Left::Seconds(left, period) => {
            let shown = if cx.is_calm() { countdown::calm(left) } else { left };
            let bar = if cx.is_calm() { String::new() } else { countdown::bar(left, period, BAR, cx) + "  " };
            pen.line(6, &format!("{bar}{shown} s"), countdown::style(left, cx));
            let next = match &cell.next {
                Some(next) => next.clone(),
                None => format!("next in {shown} s"),
            };
            pen.line(6, &next, cx.theme.dim);
        }
        Left::Counter(counter) => {
            pen.line(6, &format!("counter {counter}"), cx.theme.text);
            pen.line(
                6,
                &format!("{} makes the next code and counts", cx.keymap.shown(Do::Count)),
                cx.theme.dim,
            );
        }
        Left::Nothing => pen.skip(2),
    }
}

/// The digits one by one, for reading aloud and from afar.
fn spaced(code: &str) -> String {
    let mut wide = String::new();
    for char in code.chars() {
        wide.push(char);
        wide.push(' ');
    }
    wide.trim_end().to_owned()
}

fn facts(pen: &mut Pen<'_, '_, '_>, account: &Account, session: &Session) {
    pen.fact("Type", &kind(account));
    if !account.tags.is_empty() {
        pen.fact("Tags", &account.tags.join(", "));
    }
    if !account.note.is_empty() {
        pen.fact("Note", &account.note);
    }
    pen.fact("Added", &day(account.created, pen.cx));
    let used = match session.usage.of(account.id.as_str()) {
        None => "not yet".to_owned(),
        Some(used) => {
            let times = if used.count == 1 { "once".to_owned() } else { format!("{} times", used.count) };
            format!("{times}, last {}", ago(used.last, pen.cx.now()))
        }
    };
    pen.fact("Used", &used);
}

fn kind(account: &Account) -> String {
    let otp = &account.otp;
    let digits = otp.digits.count();
    match &otp.kind {
        Kind::Totp { period } => {
            format!("TOTP  {}  {digits} digits  {} s", otp.algorithm.as_str(), period.seconds())
        }
        Kind::Hotp { .. } => format!("HOTP  {}  {digits} digits", otp.algorithm.as_str()),
        Kind::Steam => "Steam  5 letters  30 s".to_owned(),
        Kind::Motp { pin } => format!("mOTP  {digits} digits  10 s{}", without(pin.is_none())),
        Kind::Yandex { pin } => format!("Yandex  8 letters  30 s{}", without(pin.is_none())),
    }
}

fn without(is_missing: bool) -> &'static str {
    if is_missing { "  no PIN yet: e adds it" } else { "" }
}

/// A day in the zone of the settings.
fn day(time: Timestamp, cx: &Context) -> String {
    let zone = if cx.mode.demo || cx.config.ui.time == crate::config::TimeZone::Utc {
        TimeZone::UTC
    } else {
        TimeZone::system()
    };
    time.to_zoned(zone).strftime("%Y-%m-%d").to_string()
}

/// How long ago, in the largest unit.
pub fn ago(then: Timestamp, now: Timestamp) -> String {
    let seconds = (now.as_second() - then.as_second()).max(0);
    match seconds {
        0..60 => "just now".to_owned(),
        60..3_600 => format!("{} min ago", seconds / 60),
        3_600..86_400 => format!("{} h ago", seconds / 3_600),
        86_400..172_800 => "yesterday".to_owned(),
        _ => format!("{} days ago", seconds / 86_400),
    }
}

fn keys(pen: &mut Pen<'_, '_, '_>) {
    let cx = pen.cx;
    let pairs = [
        (Do::Copy, Some(Do::Phone)),
        (Do::CopyNext, Some(Do::Edit)),
        (Do::Reveal, Some(Do::Delete)),
        (Do::Tags, None),
    ];
    for (left, right) in pairs {
        let words = |action: Do| {
            // Enter is named in the hints: here stands the letter.
            let keys = cx.keymap.keys(action);
            let key = keys.iter().find(|key| key.to_string().chars().count() == 1).or_else(|| keys.first());
            format!("{}  {}", key.map_or_else(String::new, ToString::to_string), action.action().help)
        };
        let mut line = words(left);
        if let Some(right) = right {
            line.push_str(&" ".repeat(23_usize.saturating_sub(width(&line))));
            line.push_str(&words(right));
        }
        pen.line(0, &line, cx.theme.dim);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_gone_by_are_told_in_their_largest_unit() {
        let now = Timestamp::from_second(10 * 86_400).unwrap();
        let told = |seconds: i64| ago(Timestamp::from_second(10 * 86_400 - seconds).unwrap(), now);
        assert_eq!(told(5), "just now");
        assert_eq!(told(360), "6 min ago");
        assert_eq!(told(7_200), "2 h ago");
        assert_eq!(told(90_000), "yesterday");
        assert_eq!(told(3 * 86_400), "3 days ago");
    }
}
