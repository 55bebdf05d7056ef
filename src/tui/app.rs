//! The stack of screens: what happens goes to the top one first, drawing begins at the bottom.
//!
//! It knows no terminal and no thread: events come in, steps are taken, a frame is drawn. Codes and admin mode are two
//! stacks: `modes` has what is about both.

mod modes;
mod own;

use ratatui::{Frame, layout::Rect};

use super::{
    action::Do,
    context::Context,
    frame,
    graphics::Graphic,
    key::{Key, Press},
    message::{Event, Message, Signal, Stop},
    notice::Tone,
    screen::{Extent, Screen, Step},
    screens::{account, codes::Codes, help::Help, import::Source, unlock::Unlock},
    watch::Watch,
};

/// What the loop has to do after an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Go on.
    Go,
    /// Draw all of it anew: the terminal may have lost its picture.
    Redraw,
    /// Leave the screen to the shell until it comes back.
    Suspend(Stop),
    /// End with this exit code.
    End(u8),
}

/// Which of the two modes is on the screen.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Admin,
    Codes,
}

/// The screens and what they share.
pub struct App {
    /// What the screens share.
    pub cx: Context,
    stack: Vec<Box<dyn Screen>>,
    /// The screens of the other mode, as they were left.
    other: Vec<Box<dyn Screen>>,
    shown: Shown,
    watch: Watch,
    has_focus: bool,
    warned: bool,
    wiping: bool,
}

/// What every screen can do besides its own.
const EVERYWHERE: [Do; 7] = [Do::Stop, Do::Help, Do::Quit, Do::Admin, Do::Lock, Do::Suspend, Do::Redraw];
/// What a box leaves to the keys of every screen.
const ABOVE_A_BOX: [Do; 4] = [Do::Stop, Do::Help, Do::Suspend, Do::Redraw];

impl App {
    /// A program that begins with these screens, the top one last.
    pub fn new(cx: Context, first: Vec<Box<dyn Screen>>) -> Self {
        let watch = Watch::new(&cx);
        let begins_in_admin = cx.mode.admin || cx.config.ui.start == crate::config::Start::Admin;
        let mut app = Self {
            cx,
            stack: first,
            other: Vec::new(),
            shown: Shown::Codes,
            watch,
            has_focus: true,
            warned: false,
            wiping: false,
        };
        if begins_in_admin {
            app.switch();
        }
        app
    }

    /// Takes an event in.
    pub fn handle(&mut self, event: Event) -> Turn {
        match event {
            Event::Key(key) => return self.key(key),
            Event::Paste(text) => {
                self.touched();
                let step = self.top().and_then(|(screen, cx)| screen.on_paste(&text, cx));
                return self.take(step.unwrap_or(Step::Stay));
            }
            Event::Resize => return Turn::Redraw,
            Event::Focus(has_focus) => {
                self.has_focus = has_focus;
                if !has_focus && self.cx.config.lock.on_focus_lost {
                    return self.lock("Locked because the terminal lost the focus.");
                }
            }
            Event::Terminal(answer) => self.cx.heard(answer),
            Event::Signal(Signal::Continue) => {
                self.tick();
                return Turn::Redraw;
            }
            Event::Signal(Signal::Stop) => return self.suspend(Stop::Program),
            Event::Signal(Signal::HangUp) => {
                self.lock("Locked because the terminal hung up.");
            }
            Event::Signal(Signal::Terminate) => return self.end(143),
            Event::Gone => return self.end(129),
            Event::Job(message) => return self.message(message),
            Event::Done(message) => {
                self.cx.jobs.ended();
                return self.message(message);
            }
        }
        Turn::Go
    }

    fn suspend(&mut self, who: Stop) -> Turn {
        if self.cx.config.lock.on_suspend {
            self.lock("Locked because sesam was suspended.");
        }
        Turn::Suspend(who)
    }

    /// The machine slept for a while.
    pub fn woke(&mut self) -> Turn {
        if self.cx.config.lock.on_suspend {
            return self.lock("Locked because this machine slept.");
        }
        Turn::Go
    }

    /// Time has passed: the vault may have to close, the picture may change.
    pub fn tick(&mut self) -> Turn {
        let now = self.cx.now();
        if self.cx.toast.as_ref().is_some_and(|toast| toast.until <= now) {
            self.cx.toast = None;
        }
        if self.cx.clip.clears_in().is_some_and(|left| left.is_zero()) {
            self.cx.clip.clear();
        }
        if let Some(why) = self.watch.must_lock(&self.cx, self.is_locked()) {
            return self.lock(&why);
        }
        account::copy_waiting(&mut self.cx);
        if self.has_focus && !self.is_locked() {
            self.watch.look_at_the_vault(&mut self.cx);
        }
        let step = self.top().map_or(Step::Stay, |(screen, cx)| screen.on_tick(cx));
        self.take(step)
    }

    /// The seconds until something changes without a key; `None` when nothing does.
    pub fn changes_in(&self) -> Option<u64> {
        let drawn = self.stack.iter().rev().filter_map(|screen| screen.changes_in(&self.cx));
        let toast = self.cx.toast.as_ref().map(|toast| seconds_until(toast.until, self.cx.now()));
        let seen = drawn.chain(toast).min().filter(|_| self.has_focus);
        let locks = (!self.is_locked()).then(|| self.watch.locks_in(&self.cx)).flatten();
        let clears = self.cx.clip.clears_in().map(|left| left.as_secs().max(1));
        [seen, locks, clears].into_iter().flatten().min()
    }

    /// Draws everything.
    pub fn draw(&mut self, frame: &mut Frame<'_>) {
        self.cx.dress();
        self.cx.size = frame.area().as_size();
        let lowest = self.stack.iter().rposition(|screen| screen.extent() != Extent::Box).unwrap_or(0);
        frame::draw(frame, &self.stack[lowest..], &self.cx);
    }

    /// The real picture that the top screen wants beside the cells.
    pub fn graphic(&self) -> Option<Graphic> {
        let top = self.stack.last().filter(|_| !self.wiping)?;
        let window = Rect::new(0, 0, self.cx.size.width, self.cx.size.height);
        top.graphic(frame::own(top.extent(), window, &self.cx), &self.cx)
    }

    /// Whether the picture is worth drawing: nobody looks at a terminal without focus.
    pub fn is_watched(&self) -> bool {
        self.has_focus
    }

    /// What can be done at the moment, by the top screen and by every screen.
    pub fn actions(&self) -> Vec<Do> {
        let Some(top) = self.stack.last() else { return Vec::new() };
        let everywhere: &[Do] = if top.extent() == Extent::Box { &ABOVE_A_BOX } else { &EVERYWHERE };
        let own = top.actions(&self.cx);
        let others = everywhere.iter().copied().filter(|action| !own.contains(action));
        own.iter().copied().chain(others).collect()
    }

    /// Whether there is nothing to close: neither an open vault nor an open server.
    pub fn is_locked(&self) -> bool {
        self.cx.session.is_none() && self.cx.link().is_none()
    }

    /// Closes the vault. The picture without codes is drawn before the keys are wiped.
    pub fn lock(&mut self, why: &str) -> Turn {
        if self.is_locked() || self.wiping {
            return Turn::Go;
        }
        if self.cx.session.is_none() && !self.cx.place.has_vault() {
            return self.drop_link(why);
        }
        let cleared = self.cx.clip.clear();
        for stack in [&mut self.stack, &mut self.other] {
            let mut at = 0;
            stack.retain_mut(|screen| {
                at += 1;
                screen.on_lock() || at == 1
            });
        }
        self.stack.push(Box::new(Unlock::locked(why, cleared, &self.cx)));
        (self.cx.notice, self.cx.toast, self.wiping) = (None, None, true);
        Turn::Go
    }

    /// Whether a picture without codes has to be drawn before anything else.
    pub fn is_wiping(&self) -> bool {
        self.wiping
    }

    /// Drops what the closed vault left, once the picture without codes is on the screen.
    pub fn wipe(&mut self) {
        if std::mem::take(&mut self.wiping) {
            self.cx.session = None;
            self.cx.desk.clear();
            self.cx.waiting = None;
            if let Some(link) = &mut self.cx.admin {
                link.close();
            }
        }
    }

    fn key(&mut self, key: Key) -> Turn {
        let stop = self.cx.keymap.keys(Do::Stop).contains(&key);
        if stop {
            return self.stop();
        }
        self.warned = false;
        self.touched();
        if key.press == Press::Esc && self.cx.notice.take_if(|notice| notice.tone == Tone::Error).is_some() {
            return Turn::Go;
        }
        let Some((screen, cx)) = self.top() else { return Turn::Go };
        if let Some(step) = screen.on_key(key, cx) {
            return self.take(step);
        }
        let us = key.on_us_layout();
        let found = [Some(key), us].into_iter().flatten().find_map(|key| Some((self.find(key)?, key)));
        match found {
            Some((action, key)) => self.act(action, key),
            None => Turn::Go,
        }
    }

    /// A message of the last action has been read once somebody goes on; an error stays until Esc.
    fn touched(&mut self) {
        // Who presses keys looks, whatever the terminal has said of its focus.
        self.has_focus = true;
        self.cx.last_key = self.cx.now();
        self.cx.toast = None;
        if self.cx.notice.as_ref().is_some_and(|notice| notice.tone != Tone::Error) {
            self.cx.notice = None;
        }
    }

    fn find(&self, key: Key) -> Option<Do> {
        let top = self.stack.last()?;
        let everywhere: &[Do] = if top.extent() == Extent::Box { &ABOVE_A_BOX } else { &EVERYWHERE };
        let own = self.cx.keymap.find(&top.actions(&self.cx), key);
        own.or_else(|| self.cx.keymap.find(everywhere, key))
    }

    fn act(&mut self, action: Do, key: Key) -> Turn {
        let Some((screen, cx)) = self.top() else { return Turn::Go };
        if screen.actions(cx).contains(&action) {
            let step = screen.act(action, key, cx);
            return self.take(step);
        }
        match action {
            Do::Help => {
                let page = Help::new(&self.stack, &self.cx);
                self.take(Step::Push(Box::new(page)))
            }
            Do::Quit if self.stack.len() > 1 => self.take(Step::Pop),
            Do::Quit => self.end(0),
            Do::Admin => self.take(Step::Admin),
            Do::Lock => self.take(Step::Lock),
            Do::Redraw => Turn::Redraw,
            Do::Suspend => self.suspend(Stop::Group),
            _ => Turn::Go,
        }
    }

    /// Ctrl-C: at once, but for something typed that nobody has saved.
    fn stop(&mut self) -> Turn {
        if let Some(turn) = self.stop_waiting() {
            return turn;
        }
        if !self.warned && self.stack.iter().any(|screen| screen.is_changed()) {
            self.warned = true;
            self.cx.warn("What you typed is not saved. Ctrl-C again quits without it.");
            return Turn::Go;
        }
        self.end(130)
    }

    fn end(&mut self, code: u8) -> Turn {
        self.cx.clip.clear();
        self.cx.view.keep();
        Turn::End(code)
    }

    fn message(&mut self, message: Message) -> Turn {
        if let Message::Wanted(wanted) = &message {
            return wanted.take().map_or(Turn::Go, |wanted| self.give(wanted));
        }
        let Some(message) = self.watch.take(message, &mut self.cx) else { return Turn::Go };
        if let Message::Admin(reply) = &message
            && !self.hears(reply)
        {
            return Turn::Go;
        }
        let turn = self.deliver(&message);
        self.tell_of_trouble();
        turn
    }

    fn take(&mut self, step: Step) -> Turn {
        match step {
            Step::Stay => {}
            Step::Act(action, key) => {
                self.stack.pop();
                return self.act(action, key);
            }
            Step::Push(screen) => self.stack.push(screen),
            Step::Pop if self.stack.len() > 1 => drop(self.stack.pop()),
            Step::PopBoth => self.stack.truncate(self.stack.len().saturating_sub(2).max(1)),
            Step::Pop | Step::Quit => return self.end(0),
            Step::Replace(screen) => {
                self.stack.pop();
                self.stack.push(screen);
            }
            Step::Admin => self.switch(),
            Step::Lock => return self.lock("Locked by you."),
            Step::Opened => self.opened(),
        }
        Turn::Go
    }

    /// The screens under the box for the passphrase are there again; without any the list is.
    fn opened(&mut self) {
        for stack in [&mut self.stack, &mut self.other] {
            stack.retain(|screen| !screen.opens_a_vault());
        }
        if self.stack.is_empty() {
            self.stack.push(Box::new(Codes::new(&self.cx)));
        }
        for screen in self.stack.iter_mut().rev().chain(&mut self.other) {
            screen.on_message(&Message::Reloaded, &mut self.cx);
        }
        if std::mem::take(&mut self.cx.then_import) {
            self.stack.push(Box::new(Source::new()));
        }
    }

    fn top(&mut self) -> Option<(&mut Box<dyn Screen>, &mut Context)> {
        Some((self.stack.last_mut()?, &mut self.cx))
    }
}

fn seconds_until(then: jiff::Timestamp, now: jiff::Timestamp) -> u64 {
    u64::try_from(then.as_second() - now.as_second()).unwrap_or(0).max(1)
}
