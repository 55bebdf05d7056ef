//! A new vault: its passphrase, twice, with its strength in words, and what is kept beside it.

use std::path::PathBuf;

use jiff::{Timestamp, tz::TimeZone};
use ratatui::{Frame, layout::Rect};

use crate::{
    config::Remember,
    crypt::passphrase::Passphrase,
    tui::{
        action::Do,
        class::Class,
        context::Context,
        frame::rule,
        key::Key,
        message::Message,
        screen::{Extent, Hint, Screen, Step},
        session::Session,
        widgets::{
            boxed, centered,
            field::{Field, Look, Took},
            put, put_safe, wrapped,
        },
    },
    vault::{Place, Vault, disk, sheet::sheet, strength, unlock::IdentityFile},
};

/// The longest passphrase, in characters.
const LIMIT: usize = 1_024;
/// The rows that the keys move through.
const ROWS: usize = 4;
/// The name of the recovery sheet.
const SHEET: &str = "sesam-recovery-sheet.txt";

/// The form of a new vault.
pub struct NewVault {
    fields: [Field; 2],
    row: usize,
    /// Shown in clear: a proposal has to be written down.
    shown: bool,
    /// The switches: remember in the system keyring, write a recovery sheet.
    switches: [bool; 2],
    strength: Option<strength::Strength>,
    fault: Option<String>,
    /// A weak passphrase was told, and Enter was pressed again.
    insists: bool,
    running: Option<u64>,
}

impl NewVault {
    /// An empty form.
    pub fn new(cx: &Context) -> Self {
        Self {
            fields: [Field::new(LIMIT), Field::new(LIMIT)],
            row: 0,
            shown: false,
            switches: [cx.config.lock.remember == Remember::Always, false],
            strength: None,
            fault: None,
            insists: false,
            running: None,
        }
    }

    fn typed(&mut self) {
        self.strength = Passphrase::new(&self.fields[0].text()).map(|passphrase| strength::of(&passphrase));
        (self.fault, self.insists) = (None, false);
    }

    fn submit(&mut self, cx: &mut Context) -> Step {
        if self.running.is_some() {
            return Step::Stay;
        }
        if self.row == 0 && self.fields[1].is_empty() {
            self.row = 1;
            return Step::Stay;
        }
        let first = self.fields[0].text();
        let Some(passphrase) = Passphrase::new(&first) else {
            return self.refuse("Type a passphrase first, or let Ctrl-G suggest one.", 0);
        };
        if *first != *self.fields[1].text() {
            return self.refuse("The two are not the same.", 1);
        }
        if self.strength.is_some_and(strength::Strength::is_weak) && !self.insists {
            self.insists = true;
            let words =
                "Somebody with a copy of the vault could guess it. Enter again takes it all the same.";
            self.fault = Some(words.to_owned());
            return Step::Stay;
        }
        let work_factor = cx.config.vault.work_factor;
        let job = (cx.place.clone(), passphrase, cx.world.clone());
        self.running = Some(cx.jobs.create(job, work_factor, self.switches[0]));
        Step::Stay
    }

    fn refuse(&mut self, why: &str, row: usize) -> Step {
        (self.fault, self.row) = (Some(why.to_owned()), row);
        Step::Stay
    }

    fn created(&mut self, vault: Vault, cx: &mut Context) -> Step {
        let place = vault.place.clone();
        match Session::open(&std::sync::Arc::new(vault)) {
            Err(error) => {
                self.fault = Some(crate::tui::notice::sentence(&error));
                return Step::Stay;
            }
            Ok(session) => cx.session = Some(session),
        }
        cx.last_key = cx.now();
        let written = self.switches[1].then(|| write_sheet(&place, cx.now()));
        match written {
            None => cx.done("The vault is created. Print its recovery sheet: sesam vault sheet"),
            Some(Ok(path)) => {
                cx.done(format!("The vault is created. Print {} and remove the file.", path.display()));
            }
            Some(Err(why)) => {
                cx.warn(format!("The vault is created, the sheet is not: {why}. Try: sesam vault sheet"));
            }
        }
        Step::Opened
    }

    fn suggest(&mut self) {
        self.fields[0].set(&strength::proposal());
        self.fields[1].clear();
        (self.shown, self.row) = (true, 1);
        self.typed();
        self.fault = Some("Write the six words down, then type them once more.".to_owned());
    }

    fn lines(&self, frame: &mut Frame<'_>, inner: Rect, cx: &Context) {
        let dense = inner.height < 11;
        let mut rows = inner.rows();
        let mut next = |gap: bool| if gap && !dense { rows.nth(1) } else { rows.next() };
        if let Some(row) = next(false) {
            put(frame, row, 0, "Choose a passphrase. Nobody can reset it for you.", cx.theme.text);
        }
        for (at, name) in ["Passphrase", "Again"].into_iter().enumerate() {
            let Some(row) = next(at == 0) else { return };
            put(frame, row, 0, name, cx.theme.dim);
            let area = Rect { x: row.x + 13, width: row.width.saturating_sub(13), ..row };
            let masked = !self.shown || at == 1;
            self.fields[at].draw(
                frame,
                area,
                &Look { cx, focused: self.row == at, masked, style: cx.theme.text },
            );
        }
        if let Some(row) = next(true) {
            put(frame, row, 0, "Strength", cx.theme.dim);
            if let Some(strength) = self.strength {
                let [full, empty] = cx.symbols.bar;
                let cells = strength.cells();
                let bar = format!("{}{}  {strength}", full.repeat(cells), empty.repeat(5 - cells));
                put(frame, row, 13, &bar, if strength.is_weak() { cx.theme.warn } else { cx.theme.text });
            }
        }
        let boxes = [
            (self.switches[0], "Remember on this computer (in the system keyring)"),
            (self.switches[1], "Also write a recovery sheet to print   (1 page)"),
        ];
        for (at, (on, words)) in boxes.into_iter().enumerate() {
            let Some(row) = next(at == 0) else { return };
            let style = if self.row == at + 2 { cx.theme.selected } else { cx.theme.text };
            put(frame, row, 0, &format!("[{}] {words}", if on { "x" } else { " " }), style);
        }
        let last = match (&self.running, &self.fault) {
            (Some(_), _) => "creating …".to_owned(),
            (None, Some(fault)) => format!("{} {fault}", cx.symbols.warning),
            (None, None) => "Unlocking with it takes about 1 s on this machine.".to_owned(),
        };
        if let Some(row) = next(true) {
            let width = usize::from(row.width);
            for (line, row) in wrapped(&last, width).iter().zip(std::iter::once(row).chain(rows)) {
                put_safe(frame, row, 0, (line, width), cx, cx.theme.text);
            }
        }
    }
}

/// Writes the sheet where it is found, to be printed and removed; never over another file.
fn write_sheet(place: &Place, now: Timestamp) -> Result<PathBuf, String> {
    let path = std::env::home_dir().unwrap_or_else(|| PathBuf::from(".")).join(SHEET);
    if path.symlink_metadata().is_ok() {
        return Err(format!("{} is there already", path.display()));
    }
    let file = IdentityFile::read(place).map_err(|error| error.to_string())?;
    let day = now.to_zoned(TimeZone::system()).date();
    let page =
        sheet(file.bytes(), &place.dir().display().to_string(), day).map_err(|error| error.to_string())?;
    let temporary = path.with_extension("tmp");
    disk::replace(&path, &temporary, page.as_bytes()).map_err(|error| error.to_string())?;
    Ok(path)
}

impl Screen for NewVault {
    fn actions(&self, _cx: &Context) -> Vec<Do> {
        vec![
            Do::Submit,
            Do::Cancel,
            Do::NextField,
            Do::PreviousField,
            Do::Switch,
            Do::Suggest,
            Do::ShowSecret,
        ]
    }

    fn hints(&self, _cx: &Context) -> Vec<Hint> {
        let mut hints = vec![Hint::says(Do::NextField, "next field"), Do::Submit.into()];
        if self.row >= 2 {
            hints.push(Do::Switch.into());
        }
        hints.extend([Hint::says(Do::Cancel, "back"), Do::Suggest.into(), Do::ShowSecret.into()]);
        hints
    }

    fn act(&mut self, action: Do, _key: Key, cx: &mut Context) -> Step {
        match action {
            Do::Submit => return self.submit(cx),
            Do::Cancel if self.running.is_some() => {}
            Do::Cancel => return Step::Pop,
            Do::NextField => self.row = (self.row + 1) % ROWS,
            Do::PreviousField => self.row = (self.row + ROWS - 1) % ROWS,
            Do::Switch if self.row >= 2 => self.switches[self.row - 2] = !self.switches[self.row - 2],
            Do::Suggest => self.suggest(),
            Do::ShowSecret => self.shown = !self.shown,
            _ => {}
        }
        Step::Stay
    }

    fn on_key(&mut self, key: Key, _cx: &mut Context) -> Option<Step> {
        let field = self.fields.get_mut(self.row)?;
        if self.running.is_some() || !field.key(key) {
            return None;
        }
        self.typed();
        Some(Step::Stay)
    }

    fn on_paste(&mut self, text: &str, _cx: &mut Context) -> Option<Step> {
        let took = self.fields.get_mut(self.row)?.insert(text.trim_end_matches(['\n', '\r']));
        self.typed();
        if let Took::TooLong(limit) = took {
            self.fault = Some(format!("That is longer than {limit} characters; nothing was pasted."));
        }
        Some(Step::Stay)
    }

    fn on_message(&mut self, message: &Message, cx: &mut Context) -> Step {
        match message {
            Message::Opened(number, vault) if self.running == Some(*number) => {
                self.running = None;
                vault.take().map_or(Step::Stay, |vault| self.created(vault, cx))
            }
            Message::NotOpened(number, words) if self.running == Some(*number) => {
                (self.running, self.fault) = (None, Some(words.clone()));
                Step::Stay
            }
            _ => Step::Stay,
        }
    }

    fn is_changed(&self) -> bool {
        !self.fields[0].is_empty()
    }

    fn opens_a_vault(&self) -> bool {
        true
    }

    fn extent(&self) -> Extent {
        Extent::Page
    }

    fn place(&self, _cx: &Context) -> String {
        "Set up".to_owned()
    }

    fn state(&self, _cx: &Context) -> Option<String> {
        Some("first run".to_owned())
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        if Class::of(cx.size).is_tiny() {
            // The row of the keys alone, and what is wrong.
            let name = ["Passphrase", "Again"].get(self.row).copied().unwrap_or("Enter creates");
            put(frame, area, 0, name, cx.theme.dim);
            if let Some(field) = self.fields.get(self.row) {
                let row = Rect { x: area.x + 11, width: area.width.saturating_sub(11), height: 1, ..area };
                field.draw(
                    frame,
                    row,
                    &Look { cx, focused: true, masked: !self.shown, style: cx.theme.text },
                );
            }
            if let (Some(fault), Some(row)) = (&self.fault, area.rows().nth(1)) {
                put_safe(frame, row, 0, (fault, row.width.into()), cx, cx.theme.text);
            }
            return;
        }
        rule(frame, area, area.y, cx);
        let area = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        let inner = boxed(frame, centered(area, 70, 14), "New vault", "", cx);
        self.lines(frame, inner, cx);
    }
}
