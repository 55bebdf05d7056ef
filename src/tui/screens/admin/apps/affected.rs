//! Who would be kept out of an application without a factor: users who have that one and none of the others.

use ratatui::{Frame, layout::Rect};

use super::pending::factor_word;
use crate::{
    admin::{
        Provider,
        error::AdminError,
        model::{Page, Person},
    },
    tui::{
        action::Do,
        admin::{
            answer::{Answer, Reply},
            ask::By,
            scroll::{MOVES, Scroll},
            words,
        },
        context::Context,
        key::Key,
        message::Message,
        screen::{Hint, Screen, Step},
        widgets::{boxed, centered, put_safe},
    },
};

/// So many users are looked at.
const MOST: usize = 5_000;

/// The list.
pub struct Affected {
    application: String,
    factor: String,
    asked: Option<u64>,
    people: Option<Vec<Person>>,
    scroll: Scroll,
}

impl Affected {
    /// Asks who has this factor and none of the others.
    pub fn new(application: String, factor: String, others: Vec<String>, cx: &mut Context) -> Self {
        let (app, own) = (application.clone(), factor.clone());
        let asked = cx.ask(By::Person, move |server| {
            let items = affected(server, (&app, &own), &others);
            Answer::People(items.map(|items| Page { items, next: None }), None)
        });
        Self { application, factor, asked, people: None, scroll: Scroll::default() }
    }

    fn answered(&mut self, reply: &Reply, cx: &mut Context) -> Step {
        if self.asked != Some(reply.number) {
            return Step::Stay;
        }
        match &reply.answer {
            Answer::People(Ok(page), _) => self.people = Some(page.items.clone()),
            Answer::People(Err(error), _) => {
                let words = words::sentence(error, cx.admin.as_ref());
                cx.fail(words);
                return Step::Pop;
            }
            _ => return Step::Pop,
        }
        Step::Stay
    }

    fn title(&self) -> String {
        let factor = factor_word(&self.factor);
        match &self.people {
            None => format!("Only {factor} for {}", self.application),
            Some(people) => {
                let count = words::counted(people.len() as u64, "user");
                format!("{count} with only {factor} for {}", self.application)
            }
        }
    }
}

/// Users of the application where the server knows them by it, else all who have the factor.
fn affected(
    server: &dyn Provider,
    (application, factor): (&str, &str),
    others: &[String],
) -> Result<Vec<Person>, AdminError> {
    let all = match pages(server, &format!("factor:{factor} app:{application}")) {
        Err(AdminError::Refused { .. }) => pages(server, &format!("factor:{factor}"))?,
        other => other?,
    };
    Ok(all.into_iter().filter(|person| !others.iter().any(|other| has(person, other))).collect())
}

fn pages(server: &dyn Provider, query: &str) -> Result<Vec<Person>, AdminError> {
    let (mut all, mut cursor): (Vec<Person>, Option<String>) = (vec![], None);
    loop {
        let page = server.users(query, cursor.as_deref())?;
        all.extend(page.items);
        cursor = page.next;
        if cursor.is_none() || all.len() >= MOST {
            return Ok(all);
        }
    }
}

fn has(person: &Person, factor: &str) -> bool {
    let is_one = |kind: &str| kind == factor || (factor == "otp" && matches!(kind, "totp" | "hotp"));
    person.bindings.iter().any(|binding| is_one(&binding.kind))
        || person.factors.iter().any(|own| own == factor)
}

impl Screen for Affected {
    fn actions(&self, _cx: &Context) -> Vec<Do> {
        [Do::Close].into_iter().chain(MOVES).collect()
    }

    fn hints(&self, _cx: &Context) -> Vec<Hint> {
        let scroll = Hint { action: Do::Down, key: Some("↑↓"), words: Some("scroll".into()) };
        vec![scroll, Do::Close.into()]
    }

    fn act(&mut self, action: Do, key: Key, _cx: &mut Context) -> Step {
        if action == Do::Close {
            return Step::Pop;
        }
        let rows = self.people.as_ref().map_or(0, Vec::len);
        self.scroll.act(action, key, rows);
        Step::Stay
    }

    fn on_message(&mut self, message: &Message, cx: &mut Context) -> Step {
        match message {
            Message::Admin(reply) => self.answered(reply, cx),
            _ => Step::Stay,
        }
    }

    fn on_lock(&mut self) -> bool {
        false
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let people = self.people.as_deref().unwrap_or_default();
        let rows = u16::try_from(people.len()).unwrap_or(u16::MAX).saturating_add(2).clamp(5, 18);
        let inner = boxed(frame, centered(area, 64, rows), &self.title(), "", cx);
        let words = match &self.people {
            None => Some("asking the server"),
            Some(people) if people.is_empty() => Some("Everybody has another factor."),
            Some(_) => None,
        };
        if let Some(words) = words {
            return put_safe(frame, inner, 0, (words, inner.width.into()), cx, cx.theme.dim);
        }
        let top = self.scroll.top(inner.height.into(), people.len());
        for (at, row) in (top..people.len()).zip(inner.rows()) {
            let style = if at == self.scroll.cursor() { cx.theme.selected } else { cx.theme.text };
            let name = people[at].display.as_deref().unwrap_or_default();
            let line = format!("{:<24} {name}", people[at].name);
            put_safe(frame, row, 0, (&line, inner.width.into()), cx, style);
        }
    }
}
