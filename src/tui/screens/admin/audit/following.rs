//! Following: the newest event is the last row. A move upwards pauses by itself; nothing that comes meanwhile is lost, and
//! no row moves.

use std::cell::Cell;

use super::{
    Audit,
    live::{Follower, Heard},
    tail::{Line, Tail},
    window::Live,
};
use crate::tui::{
    action::Do,
    admin::{ask::By, words},
    context::Context,
    key::{Key, Press},
};

impl Audit {
    /// Begins to follow.
    pub(super) fn follow(&mut self, cx: &mut Context) {
        let limit = cx.config.admin.follow_buffer as usize;
        let Some(follower) = Follower::new(cx) else { return };
        let (cursor, top, height) = (0, Cell::new(0), Cell::new(0));
        let tail = Tail::new(limit);
        self.live = Some(Live { follower, tail, cursor, top, height, down: None, paused: None });
        self.narrow_live(cx);
    }

    /// The filter on what is kept and on what comes.
    pub(super) fn narrow_live(&mut self, cx: &Context) {
        match self.filter.narrow(cx.now(), &words::zone(cx)) {
            Ok(narrow) => {
                self.filter.fault = None;
                if let Some(live) = &mut self.live {
                    live.tail.filter(narrow);
                }
            }
            Err(fault) => self.filter.fault = Some(words::capital(&fault)),
        }
    }

    pub(super) fn while_following(&mut self, action: Do, key: Key, cx: &mut Context) {
        let now = cx.now();
        if action == Do::Back {
            self.live = None;
            return self.ask_anew(By::Person, cx);
        }
        let Some(live) = &mut self.live else { return };
        let whole = matches!(key.press, Press::PageUp | Press::PageDown);
        let page = if whole { live.height.get() } else { live.height.get() / 2 }.max(1);
        match action {
            Do::Follow if live.tail.is_paused() => live.resume(),
            Do::Follow => live.pause(now),
            Do::Last => live.resume(),
            Do::MarkLine => live.tail.put(Line::Mark(now)),
            Do::Up => live.up(1, now),
            Do::PageUp => live.up(page, now),
            Do::First => live.up(usize::MAX, now),
            Do::Down => live.down(1),
            Do::PageDown => live.down(page),
            Do::NextRefusal | Do::PreviousRefusal if !live.refusal(action == Do::NextRefusal, now) => {
                cx.say("No further event that was refused is here.");
            }
            _ => {}
        }
    }

    /// Something lies in the box of the one who follows.
    pub(super) fn heard(&mut self, number: u64, cx: &mut Context) {
        let Some(live) = self.live.as_mut().filter(|live| live.follower.number() == number) else { return };
        for heard in live.follower.take() {
            if let Heard::Refused(error) = &heard {
                let words = words::sentence(error, cx.admin.as_ref());
                cx.fail(words);
                self.live = None;
                return;
            }
            live.hear(heard);
        }
    }
}
