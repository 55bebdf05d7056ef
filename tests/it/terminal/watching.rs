//! Watching a server of the demo: items 43, 47 and 48 of the checklist.

use super::tmux::{RUNS, Tmux, USUAL};
use crate::cli::sesam::Home;

/// The audit of the demo's server.
fn audit<'a>(home: &'a Home, name: &str, clock: &[(&str, &str)]) -> Option<Tmux<'a>> {
    let tmux = Tmux::demo_with(home, name, clock, USUAL)?;
    tmux.keys(&["A", "Enter"]);
    let first = tmux.sees("locked ×");
    let first = first.lines().next().unwrap_or_default();
    assert!(first.contains("mfa-prod") && first.contains("PROD") && first.contains("admin@ops"), "{first}");
    tmux.keys(&["2"]);
    tmux.sees("bypass used");
    Some(tmux)
}

/// How many new events the first rows say.
fn waiting(picture: &str) -> u32 {
    let words = picture.split("paused, ").nth(1).unwrap_or_default();
    words.split(" new below").next().and_then(|count| count.parse().ok()).unwrap_or(0)
}

#[test]
fn item_47_following_pauses_by_itself_and_no_row_moves() {
    let home = Home::new();
    let Some(tmux) = audit(&home, "follow", &[RUNS]) else { return };
    tmux.keys(&["f"]);
    tmux.shows("events that come", |picture| picture.contains("● following") && picture.contains("22:13:4"));
    tmux.keys(&["Up", "Up"]);
    let before = tmux.sees("‖ paused,");
    let top = |picture: &str| picture.lines().nth(5).unwrap_or_default().to_owned();
    let later = tmux.shows("six more events", |picture| waiting(picture) >= waiting(&before) + 6);
    assert_eq!(top(&later), top(&before), "the top row did not move");
    tmux.keys(&["End"]);
    let resumed = tmux.sees("● following");
    assert_ne!(top(&resumed), top(&before), "{resumed}");
}

#[test]
fn item_48_a_filter_that_is_none_is_named_and_the_table_stays() {
    let home = Home::new();
    let Some(tmux) = audit(&home, "filter", &[]) else { return };
    tmux.keys(&["/"]);
    tmux.types("user:nobody");
    let picture = tmux.sees("0 of ");
    assert!(picture.contains("TIME") && picture.contains("user:nobody"), "{picture}");
    tmux.keys(&["Escape"]);
    tmux.sees("alan");
    tmux.keys(&["/"]);
    tmux.types("bad:key");
    let picture = tmux.sees("\"bad\" is no filter");
    assert!(picture.contains("TIME") && !picture.contains("EXIT"), "{picture}");
    tmux.keys(&["C-c"]);
    assert_eq!(tmux.ends(), 130);
}
