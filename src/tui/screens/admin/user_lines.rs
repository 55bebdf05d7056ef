//! A user as words: who, how the state is, what is bound, what happened last. Beside the list, and on a page of its own.

use ratatui::{Frame, layout::Rect, style::Style};

use crate::{
    admin::{
        capability::Capability,
        model::{AuditFilter, Binding, Event, Person, State},
    },
    text::width,
    tui::{
        admin::{answer::Answer, ask::By, link::Wish, tab::Tab, words},
        clip::Copy,
        context::Context,
        widgets::put_safe,
    },
};

/// So many events of a user are shown.
const EVENTS: u16 = 5;

/// A user and what happened to them last.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The user.
    pub person: Person,
    /// What happened last, the newest first; none while it is not known yet.
    pub events: Option<Vec<Event>>,
}

impl Seen {
    /// What a question of [`ask`] brought.
    pub fn new((person, events): &(Person, Vec<Event>)) -> Self {
        Self { person: person.clone(), events: Some(events.clone()) }
    }

    /// A user as a list has them.
    pub fn listed(person: &Person) -> Self {
        Self { person: person.clone(), events: None }
    }
}

/// Asks for one user and what happened to them last.
pub fn ask(name: String, by: By, cx: &mut Context) -> Option<u64> {
    cx.ask(by, move |server| {
        let seen = server.user(&name).map(|person| {
            let filter = AuditFilter {
                query: format!("user:\"{}\"", person.name.replace('"', "")),
                limit: Some(EVENTS),
                ..AuditFilter::default()
            };
            // Whoever may see users need not be allowed to see the audit.
            let events = server.audit(&filter, None).map(|page| page.items).unwrap_or_default();
            Box::new((person, events))
        });
        Answer::Person(seen)
    })
}

/// The audit shows this user when it is looked at next.
pub fn wish_audit(name: &str, cx: &mut Context) {
    let query =
        if name.contains(char::is_whitespace) { format!("user:\"{name}\"") } else { format!("user:{name}") };
    if let Some(link) = &mut cx.admin {
        link.wish = Some(Wish { tab: Tab::Audit, filter: AuditFilter { query, ..AuditFilter::default() } });
    }
}

/// Copies a user's name.
pub fn copy_name(name: &str, cx: &mut Context) {
    let shown = crate::text::safe_cut(name, 40);
    match cx.clip.copy(&Copy { text: name, name: &shown, left: None, is_next: false, is_secret: false }) {
        Ok(_) => cx.done(format!("Copied the name {shown}.")),
        Err(words) => cx.fail(words),
    }
}

/// Draws what fits of it.
pub fn draw(frame: &mut Frame<'_>, area: Rect, seen: &Seen, cx: &Context) {
    let lines = lines(seen, area.height.into(), cx);
    for (row, (line, style)) in area.rows().zip(&lines) {
        put_safe(frame, row, 0, (line, row.width.into()), cx, *style);
    }
}

/// The lines; where there is little room each binding has one line, and then no line is empty.
pub fn lines(seen: &Seen, room: usize, cx: &Context) -> Vec<(String, Style)> {
    let airy = all_lines(seen, false, cx);
    if airy.len() <= room {
        return airy;
    }
    let mut lines = all_lines(seen, true, cx);
    if lines.len() > room {
        lines.retain(|(line, _)| !line.is_empty());
    }
    lines
}

fn all_lines(seen: &Seen, dense: bool, cx: &Context) -> Vec<(String, Style)> {
    let text = cx.theme.text;
    let person = &seen.person;
    let mut lines = vec![(two(&person.name, person.display.as_deref().unwrap_or_default()), cx.theme.head)];
    if let Some(email) = &person.email {
        lines.push((email.clone(), text));
    }
    lines.push((String::new(), text));
    let note = words::note(person, cx);
    let state = format!("State    {} {note}", words::state(person.state, cx));
    lines.push((state.trim_end().to_owned(), words::state_style(person.state, cx)));
    lines.push((format!("Bypass   {}", bypass(person, cx)), text));
    let never = words::never(seen.events.is_some(), cx);
    let last = person.last_success.map_or_else(|| never.to_owned(), |time| words::when(time, cx));
    lines.push((format!("Last ok  {last}   wrong codes since: {}", person.failures), text));
    lines.push((String::new(), text));
    bindings(&mut lines, (person, dense, never), cx);
    lines.push((String::new(), text));
    if !person.factors.is_empty() {
        lines.push((format!("Also     {}", person.factors.join(", ")), text));
    }
    if let Some(sessions) = person.sessions {
        lines.push((format!("Sessions {sessions} open"), text));
    }
    events(&mut lines, seen, cx);
    lines
}

fn bypass(person: &Person, cx: &Context) -> String {
    match person.bypass_until {
        None if person.state == State::Bypass => "without an end".to_owned(),
        None => "none".to_owned(),
        Some(until) if until <= cx.now() => format!("overdue since {}", words::until(until, cx)),
        Some(until) => format!("until {}", words::until(until, cx)),
    }
}

fn bindings(lines: &mut Vec<(String, Style)>, (person, dense, never): (&Person, bool, &str), cx: &Context) {
    let never = if never == "-" { "last use not known" } else { "never used" };
    if person.bindings.is_empty() {
        let provider = cx.admin.as_ref().and_then(|link| link.provider.as_ref());
        // Elsewhere it may be the password alone that is asked for then.
        let leads = provider.is_none_or(|provider| provider.capabilities().enrol == Capability::Yes);
        let is_bypassed = person.bypass_until.is_some_and(|until| cx.now() < until);
        let words = match (is_bypassed, leads) {
            (true, true) => ", and none is asked for while the bypass lasts: end it for a new one.",
            (false, true) => ": the next sign-in leads to binding.",
            _ => ".",
        };
        return lines.push((format!("No OTP binding{words}"), cx.theme.warn));
    }
    lines.push(("OTP bindings".to_owned(), cx.theme.head));
    for (nth, binding) in (1..).zip(&person.bindings) {
        let used = binding
            .used
            .map_or_else(|| never.to_owned(), |time| format!("last used {}", words::when(time, cx)));
        if dense {
            lines.push((format!("{}   {used}", outline(nth, binding)), cx.theme.text));
            continue;
        }
        lines.push((outline(nth, binding), cx.theme.text));
        let bound =
            binding.bound.map_or_else(String::new, |time| format!("bound {}, ", words::when(time, cx)));
        lines.push((format!("    {bound}{used}"), cx.theme.dim));
    }
}

/// `#1  TOTP  vpn   6/30 SHA1`.
pub fn outline(nth: usize, binding: &Binding) -> String {
    let state = if binding.state == "active" { String::new() } else { format!("   {}", binding.state) };
    let label = if binding.label.is_empty() { "all applications" } else { &binding.label };
    format!("#{nth}  {:<5} {label}   {}{state}", binding.kind.to_uppercase(), binding.parameters)
}

fn events(lines: &mut Vec<(String, Style)>, seen: &Seen, cx: &Context) {
    let Some(events) = &seen.events else { return };
    lines.push((String::new(), cx.theme.text));
    if events.is_empty() {
        return lines.push(("Nothing happened yet.".to_owned(), cx.theme.dim));
    }
    lines.push((format!("Last {}", events.len()), cx.theme.head));
    for event in events {
        let (mark, style) = words::outcome(event.outcome, cx);
        let (application, from) =
            (event.application.as_deref().unwrap_or(""), event.from.as_deref().unwrap_or(""));
        let by = event.by.as_ref().map_or_else(String::new, |by| format!(" by {by}"));
        let when = words::short_when(event.time, cx);
        let application = crate::text::pad(&crate::text::safe_cut(application, 8), 8);
        let line = format!("{when} {mark} {application} {}{by}   {from}", event.what);
        lines.push((line.trim_end().to_owned(), style));
    }
}

/// Two texts, the second from column 10 on or behind the first.
fn two(first: &str, second: &str) -> String {
    let gap = " ".repeat(10_usize.saturating_sub(width(first)).max(2));
    format!("{first}{gap}{second}").trim_end().to_owned()
}
