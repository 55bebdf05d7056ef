//! The loop: draw, wait for the next event or for the next moment at which the picture changes, take it in.

use std::{
    io,
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError, channel},
    },
    time::Duration,
};

use jiff::SignedDuration;
use ratatui::{Terminal, layout::Rect};
use zeroize::Zeroizing;

use super::{
    app::{App, Turn},
    context::{Context, First, Start},
    graphics::Graphic,
    message::{Event, Signal},
    term::{Modes, Probe, Screenful, Tty, begins_like_a_link, coalesce, listen},
};
use crate::clock::Clock;

/// More events than this are not taken in without a picture between.
const BURST: usize = 4_096;
/// The characters of a pasted link come so close behind each other where the terminal has no bracketed paste.
const SAME_BURST: Duration = Duration::from_millis(100);
/// Sleep is longer than any wait by this.
const SLEPT: SignedDuration = SignedDuration::from_secs(60);
/// Waking a little late is sure to be in the next second.
const MARGIN: Duration = Duration::from_millis(2);

/// Shows the screens until somebody ends them, and gives the exit code.
///
/// # Errors
/// When there is no terminal, or the vault cannot be read.
pub fn run(start: Start, first: First) -> Result<u8, super::TuiError> {
    let (sender, events) = channel();
    let (clock, config) = (Arc::clone(&start.clock), start.config.terminal.clone());
    let panics = start.mode.demo && std::env::var_os("SESAM_DEMO_PANIC").is_some_and(|value| value == "1");
    let mut cx = Context::new(start, sender.clone());
    let screens = super::screens::first(&mut cx, first)?;
    let mut app = App::new(cx, screens);
    let tty = Tty::take(Modes { title: config.set_title })?;
    let probe = Probe::ask(config.query_ms);
    let mut terminal = Terminal::new(Screenful::new())?;
    terminal.clear()?;
    listen(&sender, probe);
    let mut picture = Picture { terminal, tty, clock, panics, lost: true, graphic: None };
    let code = picture.run(&mut app, &events)?;
    Ok(code)
}

struct Picture {
    terminal: Terminal<Screenful>,
    tty: Tty,
    clock: Arc<dyn Clock>,
    panics: bool,
    /// Whether there is no picture any more: it is drawn though nobody may look.
    lost: bool,
    /// Where a real picture stands on the terminal, and how many bytes drew it.
    graphic: Option<(Rect, usize)>,
}

impl Picture {
    fn run(&mut self, app: &mut App, events: &Receiver<Event>) -> io::Result<u8> {
        loop {
            self.show(app)?;
            let (seconds, before) = (app.changes_in(), self.clock.now());
            let wait = [wait(seconds, &*self.clock), app.wakes_in()].into_iter().flatten().min();
            let next = match wait {
                None => events.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(wait) => events.recv_timeout(wait),
            };
            let allowed = SignedDuration::from_secs(i64::try_from(seconds.unwrap_or(0)).unwrap_or(0)) + SLEPT;
            if seconds.is_some() && self.clock.now().duration_since(before) > allowed {
                self.turn(app.woke(), app)?;
            }
            let ended = match next {
                Ok(event) => self.take_in(event, app, events)?,
                Err(RecvTimeoutError::Timeout) => self.turn(app.tick(), app)?,
                Err(RecvTimeoutError::Disconnected) => Some(1),
            };
            if let Some(code) = ended {
                return Ok(code);
            }
        }
    }

    /// Takes in what came at once, so that a burst costs one picture.
    fn take_in(&mut self, first: Event, app: &mut App, events: &Receiver<Event>) -> io::Result<Option<u8>> {
        let mut burst = vec![first];
        burst.extend(events.try_iter().take(BURST));
        while begins_like_a_link(&burst)
            && burst.len() < BURST
            && let Ok(more) = events.recv_timeout(SAME_BURST)
        {
            burst.push(more);
        }
        for event in coalesce(burst) {
            if matches!(event, Event::Signal(Signal::Continue)) {
                self.tty.enter()?;
            }
            if let Some(code) = self.turn(app.handle(event), app)? {
                return Ok(Some(code));
            }
        }
        Ok(None)
    }

    fn turn(&mut self, turn: Turn, app: &mut App) -> io::Result<Option<u8>> {
        match turn {
            Turn::Go => Ok(None),
            Turn::Redraw => self.forget().map(|()| None),
            Turn::Suspend(whose) => {
                self.show(app)?;
                self.tty.suspend(whose)?;
                self.forget().map(|()| None)
            }
            Turn::End(code) => Ok(Some(code)),
        }
    }

    /// Draws a real picture that is not there yet. The cursor comes back to where it was.
    fn put(&mut self, wanted: Option<Graphic>) -> io::Result<()> {
        let Some(graphic) = wanted.filter(|_| self.graphic.is_none()) else { return Ok(()) };
        let (row, column) = (graphic.place.y + 1, graphic.place.x + 1);
        let mut bytes = Zeroizing::new(format!("\x1b7\x1b[{row};{column}H"));
        bytes.reserve_exact(graphic.bytes.len() + 2);
        bytes.push_str(&graphic.bytes);
        bytes.push_str("\x1b8");
        self.graphic = Some((graphic.place, graphic.bytes.len()));
        self.terminal.backend_mut().send(bytes.as_bytes())
    }

    fn forget(&mut self) -> io::Result<()> {
        (self.lost, self.graphic) = (true, None);
        self.terminal.clear()
    }

    fn show(&mut self, app: &mut App) -> io::Result<()> {
        let wanted = app.graphic();
        let known = wanted.as_ref().map(|graphic| (graphic.place, graphic.bytes.len()));
        if self.graphic.is_some() && self.graphic != known {
            self.forget()?; // only a cleared window is sure to be without it
        }
        if app.is_watched() || app.is_wiping() || std::mem::take(&mut self.lost) {
            self.terminal.draw(|frame| app.draw(frame))?;
            self.put(wanted)?;
        }
        app.wipe();
        let bytes = app.cx.clip.take_output();
        if !bytes.is_empty() {
            self.terminal.backend_mut().send(&bytes)?;
        }
        assert!(!self.panics, "SESAM_DEMO_PANIC asks for it");
        Ok(())
    }
}

/// How long to wait for so many seconds to be over, measured at the full seconds of the clock.
fn wait(seconds: Option<u64>, clock: &dyn Clock) -> Option<Duration> {
    let into = Duration::from_nanos(u64::try_from(clock.now().subsec_nanosecond()).unwrap_or(0));
    Some(Duration::from_secs(seconds?).saturating_sub(into) + MARGIN)
}
