//! For how long: a bypass and a passcode, the usual spans first.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp, civil::Time};

use super::pick::{Choice, Pick};
use crate::{
    admin::action::Action,
    config::parse_duration,
    tui::{admin::words, context::Context},
};

/// The end of a working day.
const EVENING: i8 = 18;

/// For how long these are asked for no second step.
pub fn bypass(users: Vec<String>, cx: &Context) -> Pick {
    let now = cx.now();
    let each = |users: &[String], until| {
        let action = |user: &String| Action::Bypass { user: user.clone(), until: Some(until) };
        users.iter().map(action).collect::<Vec<_>>()
    };
    let mut choices: Vec<Choice> = Vec::new();
    for hours in [1, 4] {
        let until = now + SignedDuration::from_hours(hours);
        choices.push((format!("{hours} h       until {}", words::until(until, cx)), each(&users, until)));
    }
    if let Some(evening) = evening(cx) {
        let words = format!("until {}", words::until(evening, cx));
        choices.push((words, each(&users, evening)));
    }
    let title = match users.as_slice() {
        [user] => format!("Bypass the second step of {user}"),
        users => format!("Bypass the second step of {}", words::counted(users.len() as u64, "user")),
    };
    Pick::new(title, choices).or(
        "for or until (2h, 3d, 17:30)",
        Box::new(move |text, cx| read(text, cx).map(|until| each(&users, until))),
    )
}

/// For how long a passcode is good.
pub fn passcode(user: &str) -> Pick {
    let choice = |(words, hours): (&str, u64)| {
        let span = Duration::from_hours(hours);
        (words.to_owned(), vec![Action::Passcode { user: user.to_owned(), span }])
    };
    let choices = [("1 h", 1), ("8 h, a working day", 8), ("24 h", 24)].map(choice).to_vec();
    let user = user.to_owned();
    Pick::new(format!("A passcode for {user}, good once within"), choices).or(
        "for (30m, 2h)",
        Box::new(move |text, _| match parse_duration(text) {
            Some(span) if span >= Duration::from_mins(1) => {
                Ok(vec![Action::Passcode { user: user.clone(), span }])
            }
            _ => Err("A span such as 30m or 2h.".to_owned()),
        }),
    )
}

/// The end of today's work, unless it is over or near.
fn evening(cx: &Context) -> Option<Timestamp> {
    let today = cx.now().to_zoned(words::zone(cx)).date();
    let evening = today.to_datetime(Time::new(EVENING, 0, 0, 0).ok()?);
    let evening = evening.to_zoned(words::zone(cx)).ok()?.timestamp();
    (evening.duration_since(cx.now()) > SignedDuration::from_mins(10)).then_some(evening)
}

/// A span from now, a time of today, or a day and a time.
fn read(text: &str, cx: &Context) -> Result<Timestamp, String> {
    let wrong = || "A span such as 90m, 2h, 3d, or a time such as 17:30.".to_owned();
    let zone = words::zone(cx);
    let until = if let Some(span) = parse_duration(text).filter(|span| !span.is_zero()) {
        let span = SignedDuration::try_from(span).map_err(|_| wrong())?;
        cx.now().checked_add(span).map_err(|_| wrong())?
    } else if let Ok(time) = text.parse::<Time>() {
        let today = cx.now().to_zoned(zone.clone()).date();
        today.to_datetime(time).to_zoned(zone).map_err(|_| wrong())?.timestamp()
    } else if let Ok(day) = text.parse::<jiff::civil::DateTime>() {
        day.to_zoned(zone).map_err(|_| wrong())?.timestamp()
    } else {
        text.parse::<Timestamp>().map_err(|_| wrong())?
    };
    if until <= cx.now() {
        return Err(format!("{} is over.", words::until(until, cx)));
    }
    Ok(until)
}
