//! What can be done to a user, or to all who are marked: each with its key and its effect, and where it cannot be done
//! the reason instead.

use ratatui::{Frame, layout::Rect};

use super::{
    locked_out::ReadOnly,
    pick::{Pick, begin},
    spans, user_lines,
};
use crate::{
    admin::{
        action::Action,
        capability::{Capabilities, Capability},
        model::{Person, State},
    },
    tui::{
        action::Do,
        admin::words,
        context::Context,
        key::{Key, Press},
        screen::{Hint, Screen, Step},
        widgets::{boxed, centered, cut, fill, put, put_safe},
    },
};

/// The widest menu.
const WIDTH: u16 = 68;
/// The columns of the words before an effect.
const WORDS: usize = 26;

/// The menu.
pub struct Actions {
    people: Vec<Person>,
    entries: Vec<Entry>,
    chosen: usize,
}

/// One line of it.
struct Entry {
    does: Do,
    words: &'static str,
    effect: String,
    /// Whether a name has to be typed.
    typed: bool,
    /// Why it cannot be done.
    dead: Option<String>,
}

impl Actions {
    /// The menu for these users: one, or all who are marked.
    pub fn new(people: Vec<Person>, cx: &Context) -> Self {
        let entries = match people.as_slice() {
            [person] => one(person, cx),
            people => several(people, cx),
        };
        Self { people, entries, chosen: 0 }
    }

    fn title(&self, cx: &Context) -> String {
        match self.people.as_slice() {
            [person] => format!("Actions: {}", cut(&person.name, 40, cx.symbols)),
            people => format!("Actions: {}", words::counted(people.len() as u64, "user")),
        }
    }

    fn each(&self, action: impl Fn(String) -> Action) -> Vec<Action> {
        self.people.iter().map(|person| action(person.name.clone())).collect()
    }

    fn take(&self, does: Do, cx: &mut Context) -> Step {
        let Some(entry) = self.entries.iter().find(|entry| entry.does == does) else { return Step::Stay };
        if does != Do::UserAudit && cx.admin.as_ref().is_some_and(|link| link.profile.read_only) {
            return Step::Replace(Box::new(ReadOnly));
        }
        if let Some(dead) = &entry.dead {
            cx.say(format!("{}: {dead}.", entry.words.trim_end_matches(" …")));
            return Step::Stay;
        }
        let Some(person) = self.people.first() else { return Step::Pop };
        let user = person.name.clone();
        match does {
            Do::UserUnlock => begin(self.each(|user| Action::Unlock { user }), cx),
            Do::UserEndBypass => begin(self.each(|user| Action::Bypass { user, until: None }), cx),
            Do::UserReset => begin(self.each(|user| Action::Reset { user }), cx),
            Do::UserDisable => begin(self.each(|user| Action::Enable { user, on: false }), cx),
            Do::UserEnable => begin(self.each(|user| Action::Enable { user, on: true }), cx),
            Do::UserBypass => {
                let users = self.people.iter().map(|person| person.name.clone()).collect();
                Step::Replace(Box::new(spans::bypass(users, cx)))
            }
            Do::UserPasscode => Step::Replace(Box::new(spans::passcode(&user))),
            // Where it is good at once it is good for every application: none is named.
            Do::UserEnrol if matches!(capabilities(cx).enrol, Capability::Emulated(_)) => {
                begin(vec![Action::Enrol { user, application: String::new() }], cx)
            }
            Do::UserEnrol => Step::Replace(Box::new(Pick::application(&user, cx))),
            Do::UserUnbind => unbind(person, cx),
            _ => {
                user_lines::wish_audit(&user, cx);
                Step::Act(Do::Tab, Key::plain(Press::Char('2')))
            }
        }
    }
}

/// Which of the bindings.
fn unbind(person: &Person, cx: &mut Context) -> Step {
    let action = |id: &str| Action::Unbind { user: person.name.clone(), binding: id.to_owned() };
    let choices: Vec<_> = (1..)
        .zip(&person.bindings)
        .map(|(nth, binding)| (user_lines::outline(nth, binding), vec![action(&binding.id)]))
        .collect();
    match choices.as_slice() {
        [(_, actions)] => begin(actions.clone(), cx),
        _ => Step::Replace(Box::new(Pick::new(format!("Remove which binding of {}", person.name), choices))),
    }
}

/// What the server cannot do, as a sentence.
fn missing(capability: &Capability) -> Option<String> {
    match capability {
        Capability::No(why) => Some(format!("not here: {why}")),
        Capability::Yes | Capability::Emulated(_) => None,
    }
}

fn capabilities(cx: &Context) -> Capabilities {
    let provider = cx.admin.as_ref().and_then(|link| link.provider.as_ref());
    provider.map_or(Capabilities::ALL, |provider| provider.capabilities())
}

fn one(person: &Person, cx: &Context) -> Vec<Entry> {
    let can = capabilities(cx);
    let name = cut(&person.name, 16, cx.symbols);
    let is_disabled = person.state == State::Disabled;
    let has_bypass = person.bypass_until.is_some() || person.state == State::Bypass;
    let is_locked = person.locked_until.is_some() || person.state == State::Locked;
    let unlocked =
        (!is_locked && person.failures == 0).then(|| "not locked, no wrong code is counted".to_owned());
    let unbound = person.bindings.is_empty().then(|| "nothing is bound".to_owned());
    let entry = |does, words, effect: String| Entry { does, words, effect, typed: false, dead: None };
    let mut entries = vec![
        Entry {
            dead: missing(&can.unlock).or(unlocked),
            ..entry(Do::UserUnlock, "Unlock", format!("lets {name} try again now"))
        },
        Entry {
            dead: missing(&can.bypass),
            ..entry(Do::UserBypass, "Bypass for …", "1 h, 4 h, or until when you like".to_owned())
        },
    ];
    if has_bypass {
        entries.push(Entry {
            dead: missing(&can.bypass),
            ..entry(Do::UserEndBypass, "End the bypass", "asks for a second step again".to_owned())
        });
    }
    entries.extend([
        Entry {
            typed: true,
            dead: missing(&can.reset),
            ..entry(Do::UserReset, "Reset OTP bindings …", format!("{name} must enrol again"))
        },
        Entry {
            typed: true,
            dead: missing(&can.unbind).or(unbound),
            ..entry(Do::UserUnbind, "Remove one binding …", labels(person))
        },
        Entry {
            dead: missing(&can.enrol),
            ..entry(Do::UserEnrol, "Bind anew …", "shows the QR code here".to_owned())
        },
        Entry {
            dead: missing(&can.passcode),
            ..entry(Do::UserPasscode, "Passcode …", "signs in once, shown once".to_owned())
        },
    ]);
    entries.push(if is_disabled {
        Entry { dead: missing(&can.enable), ..entry(Do::UserEnable, "Enable sign-in …", String::new()) }
    } else {
        Entry {
            typed: true,
            dead: missing(&can.enable),
            ..entry(Do::UserDisable, "Disable sign-in …", "ends open sessions too".to_owned())
        }
    });
    entries.push(entry(Do::UserAudit, "Audit log", format!("what happened to {name}")));
    entries
}

/// Only what can be done to all of them.
fn several(people: &[Person], cx: &Context) -> Vec<Entry> {
    use crate::admin::model::State;
    let can = capabilities(cx);
    let all = |fits: fn(&Person) -> bool| people.iter().all(fits);
    let fits = [
        (Do::UserUnlock, "Unlock", &can.unlock, all(|one| one.locked_until.is_some() || one.failures > 0)),
        (Do::UserBypass, "Bypass for …", &can.bypass, true),
        (Do::UserEndBypass, "End the bypass", &can.bypass, all(|one| one.bypass_until.is_some())),
        (Do::UserReset, "Reset OTP bindings …", &can.reset, true),
        (Do::UserDisable, "Disable sign-in …", &can.enable, all(|one| one.state != State::Disabled)),
        (Do::UserEnable, "Enable sign-in …", &can.enable, all(|one| one.state == State::Disabled)),
    ];
    let fits = fits.into_iter().filter(|(.., fits)| *fits);
    fits.map(|(does, words, capability, _)| Entry {
        does,
        words,
        effect: format!("each of the {}", people.len()),
        typed: true,
        dead: missing(capability),
    })
    .collect()
}

/// `#1 vpn  #2 hw token 0041`.
fn labels(person: &Person) -> String {
    let label = |(nth, binding): (usize, &crate::admin::model::Binding)| format!("#{nth} {}", binding.label);
    (1..).zip(&person.bindings).map(label).collect::<Vec<_>>().join("  ")
}

impl Screen for Actions {
    fn actions(&self, _cx: &Context) -> Vec<Do> {
        let moves = [Do::Choose, Do::Close, Do::NextField, Do::PreviousField];
        moves.into_iter().chain(self.entries.iter().map(|entry| entry.does)).collect()
    }

    fn hints(&self, _cx: &Context) -> Vec<Hint> {
        vec![
            Hint { action: Do::Choose, key: Some("letter or Enter"), words: None },
            Hint { action: Do::NextField, key: Some("↑↓"), words: Some("move".into()) },
            Do::Close.into(),
        ]
    }

    fn act(&mut self, action: Do, _key: Key, cx: &mut Context) -> Step {
        let count = self.entries.len().max(1);
        match action {
            Do::NextField => self.chosen = (self.chosen + 1) % count,
            Do::PreviousField => self.chosen = (self.chosen + count - 1) % count,
            Do::Close => return Step::Pop,
            Do::Choose => {
                let does = self.entries.get(self.chosen).map(|entry| entry.does);
                return does.map_or(Step::Pop, |does| self.take(does, cx));
            }
            other => return self.take(other, cx),
        }
        Step::Stay
    }

    fn on_lock(&mut self) -> bool {
        false
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let rows = u16::try_from(self.entries.len()).unwrap_or(u16::MAX).saturating_add(2);
        let inner = if area.height < 4 {
            for row in area.rows() {
                fill(frame, row, " ", cx.theme.text);
            }
            area
        } else {
            let foot = format!("{} asks you to type the name", cx.symbols.warning);
            boxed(frame, centered(area, WIDTH, rows), &self.title(cx), &foot, cx)
        };
        let is_read_only = cx.admin.as_ref().is_some_and(|link| link.profile.read_only);
        let top = (self.chosen + 1).saturating_sub(inner.height.into());
        for (row, (at, entry)) in inner.rows().zip(self.entries.iter().enumerate().skip(top)) {
            let is_off = entry.dead.is_some() || (is_read_only && entry.does != Do::UserAudit);
            let key = cx.keymap.shown(entry.does);
            let effect = match &entry.dead {
                _ if is_read_only && is_off => "read-only",
                Some(dead) => dead,
                None => &entry.effect,
            };
            let usual = if is_off { cx.theme.dim } else { cx.theme.text };
            let style = if at == self.chosen { cx.theme.selected } else { usual };
            let effect = if row.width < 50 && entry.dead.is_none() { "" } else { effect };
            let words = if row.width < 50 { 0 } else { WORDS };
            let line = format!(" {key:<3} {:<words$} {effect}", cx.symbols.text(entry.words));
            let room = usize::from(row.width).saturating_sub(2);
            put_safe(frame, row, 0, (&crate::text::pad(&line, room), room), cx, style);
            if entry.typed && !is_off {
                put(frame, row, row.width.saturating_sub(1), cx.symbols.warning, cx.theme.warn);
            }
        }
    }
}
