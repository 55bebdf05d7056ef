//! Asking for events: the first page, further ones as one scrolls, how many there are in all.

use super::{Audit, question::Asked};
use crate::{
    admin::{
        error::AdminError,
        model::{AuditFilter, Event, Page},
    },
    tui::{
        admin::{
            answer::{Answer, Reply},
            ask::By,
            link::is_trouble,
            words,
        },
        context::Context,
    },
};

/// So near to the end the next page is asked for.
const AHEAD: usize = 40;
/// So many events are kept at most; who wants more narrows.
pub(super) const MOST: usize = 10_000;

impl Audit {
    /// The first page of what the filter says. A filter that cannot be read is told, and the table stays.
    pub(super) fn ask_anew(&mut self, by: By, cx: &mut Context) {
        let wanted = match self.wanted(cx) {
            Ok(wanted) => wanted,
            Err(fault) => {
                self.filter.fault = Some(words::capital(&fault));
                return;
            }
        };
        let counts = self.total.is_none();
        let number = cx.ask(by, move |server| {
            let page = server.audit(&wanted, None);
            let all = || server.statistics(&AuditFilter::default(), "day").ok().map(|all| all.total);
            let total = if counts && page.is_ok() { all() } else { None };
            Answer::Events(page, total)
        });
        self.asked = number.map(|number| Asked { number, anew: true });
    }

    /// The next page, when the selection comes near to the end, or where nothing of a page was wanted.
    pub(super) fn more(&mut self, cx: &mut Context) {
        let Some(cursor) = self.next.clone() else { return };
        let is_far = self.scroll.cursor() + AHEAD < self.events.len();
        if self.asked.is_some() || is_far || self.events.len() >= MOST {
            return;
        }
        let Ok(wanted) = self.wanted(cx) else { return };
        let number =
            cx.ask(By::Clock, move |server| Answer::Events(server.audit(&wanted, Some(&cursor)), None));
        self.asked = number.map(|number| Asked { number, anew: false });
    }

    pub(super) fn answered(&mut self, reply: &Reply, cx: &mut Context) {
        let Some(asked) = self.asked.filter(|asked| asked.number == reply.number) else { return };
        self.asked = None;
        match &reply.answer {
            Answer::Events(Ok(page), total) => {
                self.total = total.or(self.total);
                self.take(page, asked.anew, cx);
            }
            Answer::Events(Err(error), _) => self.failed(error, cx),
            _ => {}
        }
    }

    fn take(&mut self, page: &Page<Event>, anew: bool, cx: &mut Context) {
        self.filter.fault = None;
        self.next.clone_from(&page.next);
        if anew {
            let selected = self.events.get(self.scroll.cursor()).map(|event| event.id.clone());
            self.events.clone_from(&page.items);
            self.read = Some(cx.now());
            let same = selected.and_then(|id| self.events.iter().position(|event| event.id == id));
            self.scroll.select(same.unwrap_or(0), self.events.len());
        } else {
            let room = MOST.saturating_sub(self.events.len());
            self.events.extend(page.items.iter().take(room).cloned());
        }
        self.more(cx);
    }

    fn failed(&mut self, error: &AdminError, cx: &mut Context) {
        match error {
            // What was typed is no filter (yet): the table stays.
            AdminError::Refused { why, right: None, .. } if !self.filter.is_empty() => {
                self.filter.fault = Some(words::capital(why));
            }
            error if is_trouble(error) => {}
            error => {
                let words = words::sentence(error, cx.admin.as_ref());
                cx.fail(words);
            }
        }
    }

    /// What the filter means now.
    pub(super) fn wanted(&self, cx: &Context) -> Result<AuditFilter, String> {
        self.filter.wanted(cx.now(), &words::zone(cx))
    }
}
