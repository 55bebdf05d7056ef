//! Writing what is filtered into a file: private, under a name that nothing has yet.

use std::{
    env,
    fs::{File, OpenOptions},
    io::{self, BufWriter, Write as _},
    path::{Path, PathBuf},
};

use ratatui::{Frame, layout::Rect};

use crate::{
    admin::{
        Provider, lines,
        model::{AuditFilter, Event},
    },
    tui::{
        action::Do,
        admin::{
            answer::{Answer, Reply},
            ask::By,
            words,
        },
        context::Context,
        key::{Key, Press},
        message::Message,
        screen::{Hint, Screen, Step},
        widgets::{boxed, centered, put, put_safe},
    },
    vault::disk,
};

/// More events than this are not written at once.
const MOST: u64 = 1_000_000;
/// Events of one question.
const PAGE: u16 = 500;
/// More files of one name than this are not looked through.
const NAMES: u32 = 1_000;
const CHOICES: [(&str, &str, &str); 2] = [
    ("CSV", "csv", "for a spreadsheet"),
    ("JSON lines", "jsonl", "for a program, as the command line prints them"),
];

/// The choice of the kind of file, and what came of it.
pub struct ExportBox {
    what: What,
    choice: usize,
    asked: Option<u64>,
}

/// What is written.
enum What {
    Events(AuditFilter),
    /// Lines of CSV, as they are.
    Table(String),
}

impl ExportBox {
    /// Asks which kind of file; in the demo it says why there is none.
    pub fn open(wanted: AuditFilter, cx: &mut Context) -> Step {
        Self::begin(What::Events(wanted), cx)
    }

    /// A table that is on the screen, as CSV.
    pub fn table(csv: String, cx: &mut Context) -> Step {
        Self::begin(What::Table(csv), cx)
    }

    fn begin(what: What, cx: &mut Context) -> Step {
        if cx.mode.demo {
            cx.say("The demo writes no file.");
            return Step::Stay;
        }
        Step::Push(Box::new(Self { what, choice: 0, asked: None }))
    }

    fn write(&mut self, cx: &mut Context) {
        let Some(link) = &cx.admin else { return };
        let (_, suffix, _) = CHOICES[self.choice];
        let stem = format!("{}-{}", plain(&link.profile.name), cx.now().strftime("%Y%m%d-%H%M%S"));
        self.asked = match &self.what {
            What::Events(wanted) => {
                let (wanted, is_csv) = (AuditFilter { limit: Some(PAGE), ..wanted.clone() }, suffix == "csv");
                cx.ask(By::Person, move |server| {
                    Answer::Written(events(server, &wanted, (&format!("audit-{stem}"), is_csv)))
                })
            }
            What::Table(csv) => {
                let csv = csv.clone();
                cx.ask(By::Person, move |_| {
                    let rows = csv.lines().count().saturating_sub(1) as u64;
                    let made = create(&format!("charts-{stem}"), "csv");
                    let written =
                        made.and_then(|(path, mut file)| finish(&path, file.write_all(csv.as_bytes())));
                    Answer::Written(written.map(|name| (name, rows)).map_err(|error| error.to_string()))
                })
            }
        };
    }

    fn written(&self, reply: &Reply, cx: &mut Context) -> Step {
        if self.asked != Some(reply.number) {
            return Step::Stay;
        }
        match &reply.answer {
            Answer::Written(Ok((name, count))) => {
                let count = words::counted(*count, "row");
                cx.done(format!("{count} written to {name}, which only you can read."));
            }
            Answer::Written(Err(why)) => cx.fail(format!("Nothing was written: {why}.")),
            _ => {}
        }
        Step::Pop
    }
}

impl Screen for ExportBox {
    fn actions(&self, _cx: &Context) -> Vec<Do> {
        if self.asked.is_some() {
            return vec![Do::Close];
        }
        vec![Do::Choose, Do::ChooseNumber, Do::Up, Do::Down, Do::Close]
    }

    fn hints(&self, _cx: &Context) -> Vec<Hint> {
        if self.asked.is_some() {
            return vec![Do::Close.into()];
        }
        let numbers =
            Hint { action: Do::ChooseNumber, key: Some("1-2 or ↑↓ Enter"), words: Some("write".into()) };
        vec![numbers, Do::Close.into()]
    }

    fn act(&mut self, action: Do, key: Key, cx: &mut Context) -> Step {
        match action {
            Do::Close => return Step::Pop,
            Do::Up | Do::Down => self.choice = 1 - self.choice,
            Do::ChooseNumber => {
                let Press::Char(digit) = key.press else { return Step::Stay };
                let at = digit.to_digit(10).and_then(|digit| usize::try_from(digit).ok()).unwrap_or(0);
                if (1..=CHOICES.len()).contains(&at) {
                    self.choice = at - 1;
                    self.write(cx);
                }
            }
            _ => self.write(cx),
        }
        Step::Stay
    }

    fn on_message(&mut self, message: &Message, cx: &mut Context) -> Step {
        match message {
            Message::Admin(reply) => self.written(reply, cx),
            _ => Step::Stay,
        }
    }

    fn on_lock(&mut self) -> bool {
        false
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let inner = boxed(frame, centered(area, 64, 6), "Export what is filtered", "", cx);
        for (at, row) in (0..).zip(inner.rows()) {
            if let Some((name, _, what)) = CHOICES.get(at) {
                let style = if at == self.choice { cx.theme.selected } else { cx.theme.text };
                put(frame, row, 0, &format!("{}   {name:<12}{what}", at + 1), style);
            } else if at == 3 {
                let words = "A new file that only you can read, where sesam was started.";
                put_safe(frame, row, 0, (words, inner.width.into()), cx, cx.theme.dim);
            }
        }
    }
}

/// Writes every event of a filter. The name of the file and how many events are in it.
fn events(
    server: &dyn Provider,
    wanted: &AuditFilter,
    (stem, is_csv): (&str, bool),
) -> Result<(String, u64), String> {
    let made = create(stem, if is_csv { "csv" } else { "jsonl" });
    let (path, mut file) = made.map_err(|error| error.to_string())?;
    let written = write_all(server, wanted, (&mut file, is_csv));
    let count = *written.as_ref().unwrap_or(&0);
    let written = written.map(drop).map_err(io::Error::other);
    finish(&path, written).map(|name| (name, count)).map_err(|error| error.to_string())
}

/// Page by page, so that memory stays small.
fn write_all(
    server: &dyn Provider,
    wanted: &AuditFilter,
    (file, is_csv): (&mut File, bool),
) -> Result<u64, String> {
    let bad = |error: io::Error| error.to_string();
    let line = |event: &Event| if is_csv { lines::csv(event) } else { format!("{}\n", lines::object(event)) };
    let mut file = BufWriter::new(file);
    file.write_all(if is_csv { lines::CSV_HEAD } else { "" }.as_bytes()).map_err(bad)?;
    let (mut count, mut cursor): (u64, Option<String>) = (0, None);
    loop {
        let page = server.audit(wanted, cursor.as_deref()).map_err(|error| error.to_string())?;
        for event in &page.items {
            file.write_all(line(event).as_bytes()).map_err(bad)?;
            count += 1;
        }
        cursor = page.next;
        if cursor.is_none() || count >= MOST {
            return file.flush().map_err(bad).map(|()| count);
        }
    }
}

/// What could not be written whole does not stay.
fn finish(path: &Path, written: io::Result<()>) -> io::Result<String> {
    match written {
        Ok(()) => Ok(path.file_name().unwrap_or_default().to_string_lossy().into_owned()),
        Err(error) => {
            let _ = disk::remove_if_there(path);
            Err(error)
        }
    }
}

/// A new file where the program was started, else in the home directory; with a number where the name is taken.
fn create(stem: &str, suffix: &str) -> io::Result<(PathBuf, File)> {
    let here = env::current_dir().and_then(|dir| create_in(&dir, stem, suffix));
    here.or_else(|error| create_in(&env::home_dir().ok_or(error)?, stem, suffix))
}

fn create_in(dir: &Path, stem: &str, suffix: &str) -> io::Result<(PathBuf, File)> {
    for number in 1..NAMES {
        let number = if number == 1 { String::new() } else { format!("-{number}") };
        let path = dir.join(format!("{stem}{number}.{suffix}"));
        // Only a new file: a link that somebody laid there is not followed.
        match disk::create_private(&path, OpenOptions::new().create_new(true)) {
            Ok(file) => return Ok((path, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::from(io::ErrorKind::AlreadyExists))
}

/// A name as a part of a file name.
fn plain(name: &str) -> String {
    name.chars().map(|char| if char.is_ascii_alphanumeric() { char } else { '-' }).take(40).collect()
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, time::Duration};

    use jiff::Timestamp;

    use super::*;
    use crate::{
        admin::{
            connect::{Door as _, Profile},
            demo::{self, DemoDoor},
        },
        clock::FixedClock,
    };

    #[test]
    fn a_file_is_new_private_and_whole() {
        let dir = tempfile::tempdir().unwrap();
        let (first, _) = create_in(dir.path(), "audit-x", "csv").unwrap();
        let (second, _) = create_in(dir.path(), "audit-x", "csv").unwrap();
        assert_eq!(second, dir.path().join("audit-x-2.csv"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(first.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
        let gone = finish(&second, Err(io::Error::other("full")));
        assert!(gone.is_err() && first.exists() && !second.exists());
    }

    #[test]
    fn every_event_of_the_filter_is_in_the_file_and_a_refusal_leaves_none() {
        let door = DemoDoor::new(Arc::new(FixedClock(Timestamp::from_second(1_700_000_022).unwrap())));
        let server = demo::servers()["mfa-prod"].clone();
        let profile = Profile { name: "mfa-prod".into(), server, read_only: true, timeout: Duration::ZERO };
        let server = door.open(&profile).unwrap();
        let wanted =
            |query: &str| AuditFilter { query: query.into(), limit: Some(7), ..AuditFilter::default() };
        let dir = tempfile::tempdir().unwrap();
        let (path, mut file) = create_in(dir.path(), "audit", "csv").unwrap();
        let count = write_all(&*server, &wanted("result:fail"), (&mut file, true)).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(count > 500 && text.lines().count() as u64 == count + 1, "{count}");
        assert!(text.lines().skip(1).all(|line| line.contains(",fail,")));
        let (path, mut file) = create_in(dir.path(), "audit", "jsonl").unwrap();
        let refused = write_all(&*server, &wanted("bad:key"), (&mut file, false));
        assert!(refused.as_ref().unwrap_err().contains("\"bad\""));
        assert!(finish(&path, refused.map(drop).map_err(io::Error::other)).is_err() && !path.exists());
    }
}
