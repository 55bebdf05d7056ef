//! The audit on the screen: narrowed, looked into, followed, paused, and read again after a lost connection.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use sesam::admin::{
    Provider,
    action::{Action, Done, Plan},
    capability::Capabilities,
    connect::{Door, Profile},
    demo::DemoDoor,
    error::AdminError,
    model::{Application, AuditFilter, Event, Overview, Page, Person, Statistics},
};

use super::screen::Screen;

fn audit(width: u16, height: u16) -> Screen {
    let mut screen = Screen::demo(width, height);
    screen.keys("A <enter>").until("ada").keys("2").until("alan");
    screen
}

fn row(screen: &Screen, words: &str) -> usize {
    let lines = screen.lines();
    lines.iter().position(|line| line.contains(words)).unwrap_or_else(|| panic!("no {words:?} in {lines:?}"))
}

#[test]
fn the_newest_event_comes_first_and_further_pages_come_as_one_scrolls() {
    let mut screen = audit(80, 24);
    screen.until("100+ of 7 ").says("newest 22:13:39   times are UTC").says("mfa-prod › Audit");
    assert!(row(&screen, "22:13:39") < row(&screen, "22:13:30"));
    screen.keys("<end>").until("200+ of").keys("<end>").until("300+ of");
    screen.keys("<home>").says("22:13:39").keys("n").keys("n");
    assert!(screen.lines()[row(&screen, "▌")].contains("unknown user: admin"));
    screen.keys("N");
    assert!(screen.lines()[row(&screen, "▌")].contains("unknown user: root"));
}

#[test]
fn a_filter_narrows_and_one_that_is_none_is_named_while_the_table_stays() {
    let mut screen = audit(80, 24);
    screen.keys("/").types("result:fail,warn since:2h").until("17 of 7 ");
    screen
        .says("[fail+warn]  [last 2 h]  [all apps]")
        .says("bypass used")
        .keys("<enter>")
        .says("clear filter");
    screen.keys("<esc>").until("100+ of");
    screen.keys("/").types("user:nobody").until("0 of 7 ");
    screen.says("No event fits this filter.").says("TIME").says("USER").says("user:nobody");
    screen.keys("<esc> /").types("bad:key").until("\"bad\" is no filter: there are user, app");
    screen.says("TIME").says("/ bad:key").keys("<esc>").until("100+ of").is_silent_about("no filter");
    screen.keys("/").types("since:soon").until("\"soon\" is no time").keys("<esc>").until("100+ of");
    screen.keys("/ us <tab>").says("/ user:").types("al").keys("<tab>").until("user:alan").until("9 of");
    screen.keys("<enter> / <esc>").until("100+ of").keys("/ <up>").until("9 of");
}

#[test]
fn an_event_is_opened_with_all_that_the_server_said_and_copied() {
    let mut screen = audit(80, 24);
    screen.keys("<enter>").says("Event 80").says("Result  fail").says("As the server said it");
    screen
        .says("\"reason\": \"wrong_code\"")
        .keys("G")
        .says("\"actor\": \"user\"")
        .keys("y")
        .says("Copied event 80");
    assert!(screen.copied()[0].contains("\"seq\": 80"));
    screen.keys("<esc>").is_silent_about("As the server said it").keys("o").says("from, by.").says("BY");
    screen.keys("E").says("The demo writes no file.");
}

/// UX.md part 4, item 47.
#[test]
fn following_pauses_by_itself_and_resumes_at_the_newest() {
    let mut screen = audit(80, 24);
    screen.keys("f").until("● following  0.1/s").until("alan");
    screen.keys("<up> <up>").until("‖ paused, 0 new below");
    let before: Vec<String> = screen.lines()[5..20].to_vec();
    screen.wait(19).until("‖ paused, 37 new below").says("37 new events wait (max 5 000 kept)");
    assert_eq!(screen.lines()[5..20].to_vec(), before, "no row moved");
    screen.says("Paused at 22:13:42").says("f or End resume");
    screen.keys("<end>").until("● following").says("22:14:00").is_silent_about("new below");
    screen.keys("<up> f").says("● following");
    screen.wait(10).until("22:14:10");
}

#[test]
fn what_waits_below_can_be_read_row_by_row() {
    let mut screen = audit(80, 24);
    screen.keys("f").until("alan").keys("k").wait(19).until("37 new below");
    screen.keys("j j j").says("35 new below").keys("<pagedown>").is_silent_about("35 new below");
    screen.keys("n").keys("N").says("paused");
}

#[test]
fn the_filter_works_while_following_and_while_paused() {
    let mut screen = audit(80, 24);
    screen.keys("f").until("alan").keys("k").keys("/").types("user:alan").keys("<enter>");
    screen.says("wrong code").is_silent_about("edsger").says("paused");
    screen.keys("/ <esc>").says("edsger").keys("f /").types("result:warn").keys("<enter>");
    screen.says("edsger").is_silent_about("hugo").says("following");
    screen.keys("m").says("── 22:13:42 ──").keys("<esc>").until("events   newest");
}

#[test]
fn leaving_the_tab_ends_the_following() {
    let mut screen = audit(80, 24);
    screen.keys("f").until("● following").keys("1").until("Ada Lovelace").keys("2").until("events   newest");
    screen.is_silent_about("following");
}

#[test]
fn every_size_shows_events() {
    let mut screen = audit(60, 15);
    screen.says("wrong code").says("Enter event");
    screen.resize(30, 4).says("alan").resize(20, 2).says("alan");
    screen.resize(140, 40).says("FROM").keys("f").until("following");
    screen.resize(60, 15).says("following").resize(30, 4).says("f pause");
}

#[test]
fn a_lost_connection_leaves_one_line_and_what_was_missed_is_read_once() {
    let mut screen = Screen::with(80, 24, |start| {
        start.door = Arc::new(ShakyDoor(DemoDoor::new(start.clock.clone())));
    });
    screen.keys("A <enter>").until("ada").keys("2").until("alan").keys("f");
    screen.until("× no connection").says("It is tried again; what was missed is read then.");
    screen.wait(5).until("── no connection 22:13:42 – 22:13:47, events read again ──").until("22:13:46");
    let text = screen.text();
    for time in ["22:13:39", "22:13:30"] {
        assert_eq!(text.matches(time).count(), 1, "{text}");
    }
}

/// A way to the demo whose streams break twice.
struct ShakyDoor(DemoDoor);

struct Shaky(Arc<dyn Provider>, AtomicUsize);

impl Door for ShakyDoor {
    fn open(&self, profile: &Profile) -> Result<Arc<dyn Provider>, AdminError> {
        Ok(Arc::new(Shaky(self.0.open(profile)?, AtomicUsize::new(0))))
    }
}

impl Provider for Shaky {
    fn follow(
        &self,
        filter: &AuditFilter,
        after: Option<&str>,
        each: &mut dyn FnMut(Option<Event>) -> bool,
    ) -> Result<Option<String>, AdminError> {
        match self.1.fetch_add(1, Ordering::SeqCst) {
            0 => self.0.follow(filter, after, &mut |event| {
                each(event);
                false
            }),
            // Until somebody let time pass nothing answers.
            _ if self.0.overview()?.time.is_some_and(|time| time.as_second() < 1_700_000_027) => {
                Err(AdminError::Unreachable { server: "mfa-prod".into(), why: "gone".into() })
            }
            _ => self.0.follow(filter, after, each),
        }
    }

    fn capabilities(&self) -> Capabilities {
        self.0.capabilities()
    }

    fn overview(&self) -> Result<Overview, AdminError> {
        self.0.overview()
    }

    fn users(&self, query: &str, cursor: Option<&str>) -> Result<Page<Person>, AdminError> {
        self.0.users(query, cursor)
    }

    fn user(&self, name: &str) -> Result<Person, AdminError> {
        self.0.user(name)
    }

    fn applications(&self) -> Result<Vec<Application>, AdminError> {
        self.0.applications()
    }

    fn audit(&self, filter: &AuditFilter, cursor: Option<&str>) -> Result<Page<Event>, AdminError> {
        self.0.audit(filter, cursor)
    }

    fn statistics(&self, filter: &AuditFilter, by: &str) -> Result<Statistics, AdminError> {
        self.0.statistics(filter, by)
    }

    fn plan(&self, action: &Action) -> Result<Plan, AdminError> {
        self.0.plan(action)
    }

    fn apply(&self, plan: &Plan, reason: &str) -> Result<Done, AdminError> {
        self.0.apply(plan, reason)
    }
}
