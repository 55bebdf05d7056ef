//! Asking for users: the first page, further ones, all of them again, and the one beside the list.

use jiff::SignedDuration;

use super::{
    Users,
    question::{Asked, What},
};
use crate::{
    admin::{
        Provider,
        error::AdminError,
        model::{Page, Person},
    },
    tui::{
        admin::{
            answer::{Answer, Reply},
            ask::By,
            words,
        },
        context::Context,
        screens::admin::user_lines,
    },
};

/// So near to the end the next page is asked for.
const AHEAD: usize = 40;
/// Of longer lists only the first page is read again by the clock.
const MOST_REFRESHED: usize = 1_000;

impl Users {
    /// The filter is another one: its first page.
    pub(super) fn ask_anew(&mut self, cx: &mut Context) {
        self.read_rows(What::Anew, By::Person, cx);
    }

    /// The same rows again, and the numbers of the server.
    pub(super) fn refresh(&mut self, by: By, cx: &mut Context) {
        let what = if self.read.is_some() { What::Again } else { What::Anew };
        self.read_rows(what, by, cx);
        self.beside = None;
    }

    pub(super) fn refresh_in_time(&mut self, cx: &mut Context) {
        let (Some(every), Some(read)) = (cx.config.admin.refresh, self.read) else { return };
        let is_due =
            SignedDuration::try_from(every).is_ok_and(|every| cx.now().duration_since(read) >= every);
        let is_troubled = cx.admin.as_ref().is_some_and(|link| link.trouble.is_some());
        if is_due && self.asked.is_none() && !is_troubled && self.people.len() <= MOST_REFRESHED {
            self.refresh(By::Clock, cx);
        }
    }

    fn read_rows(&mut self, what: What, by: By, cx: &mut Context) {
        let query = self.filter.text().to_string();
        let rows = if what == What::Again { self.people.len() } else { 1 };
        let number = cx.ask(by, move |server| {
            let people = pages(server, &query, rows);
            let overview = if people.is_ok() { server.overview().ok() } else { None };
            Answer::People(people, overview)
        });
        self.asked = number.map(|number| Asked { number, what });
    }

    /// The next page, when the selection comes near to the end.
    pub(super) fn more(&mut self, cx: &mut Context) {
        let Some(cursor) = self.next.clone() else { return };
        if self.asked.is_some() || self.scroll.cursor() + AHEAD < self.people.len() {
            return;
        }
        let query = self.filter.text().to_string();
        let number =
            cx.ask(By::Clock, move |server| Answer::People(server.users(&query, Some(&cursor)), None));
        self.asked = number.map(|number| Asked { number, what: What::More });
    }

    /// The user beside the list is the selected one.
    pub(super) fn look_beside(&mut self, cx: &mut Context) {
        let Some(person) = self.person().filter(|_| Self::has_pane(cx)) else { return };
        let is_there = self.beside.as_ref().is_some_and(|seen| seen.person.id == person.id);
        if !is_there && self.asked_beside.is_none() && cx.link().is_some() {
            let name = person.name.clone();
            self.asked_beside = user_lines::ask(name, By::Clock, cx);
        }
    }

    pub(super) fn answered(&mut self, reply: &Reply, cx: &mut Context) {
        if self.asked_beside == Some(reply.number) {
            self.asked_beside = None;
            if let Answer::Person(Ok(seen)) = &reply.answer {
                self.beside = Some(user_lines::Seen::new(seen));
            }
            // The selection may have moved on meanwhile; a server that fails is not asked again at once.
            if reply.answer.error().is_none() {
                self.look_beside(cx);
            }
            return;
        }
        let Some(asked) = self.asked.filter(|asked| asked.number == reply.number) else { return };
        self.asked = None;
        match &reply.answer {
            Answer::People(Ok(page), _) => self.take(asked.what, page, cx),
            Answer::People(Err(error), _) => self.failed(error, cx),
            _ => {}
        }
    }

    fn take(&mut self, what: What, page: &Page<Person>, cx: &mut Context) {
        self.filter.fault = None;
        self.next.clone_from(&page.next);
        if what == What::More {
            self.people.extend(page.items.iter().cloned());
        } else {
            self.people.clone_from(&page.items);
            self.read = Some(cx.now());
        }
        if what == What::Anew && self.selected.is_none() {
            self.scroll.restart();
        }
        let same = self.selected.as_ref().and_then(|id| self.people.iter().position(|own| own.id == *id));
        let at = same.unwrap_or(if what == What::Anew { 0 } else { self.scroll.cursor() });
        self.scroll.select(at, self.people.len());
        self.moved(cx);
    }

    fn failed(&mut self, error: &AdminError, cx: &mut Context) {
        match error {
            // What was typed is no filter (yet): the table stays.
            AdminError::Refused { why, right: None, .. } if !self.filter.is_empty() => {
                self.filter.fault = Some(why.clone());
            }
            error if crate::tui::admin::link::is_trouble(error) => {}
            error => {
                let words = words::sentence(error, cx.admin.as_ref());
                cx.fail(words);
            }
        }
    }

    /// Nothing of the server stays; the filter and the selection do.
    pub(super) fn forget(&mut self) {
        self.people.clear();
        (self.next, self.asked, self.asked_beside, self.read, self.beside) = (None, None, None, None, None);
        self.marked.clear();
    }
}

/// Pages from the first on until there are so many rows.
fn pages(server: &dyn Provider, query: &str, rows: usize) -> Result<Page<Person>, AdminError> {
    let mut page = server.users(query, None)?;
    while page.items.len() < rows
        && let Some(cursor) = page.next.take()
    {
        let more = server.users(query, Some(&cursor))?;
        if more.items.is_empty() {
            break;
        }
        page.items.extend(more.items);
        page.next = more.next;
    }
    Ok(page)
}
