//! The audit of a Keycloak: which step failed, who did what, page by page, and as it happens.

use sesam::admin::{
    action::Action,
    model::{AuditFilter, Event, Outcome},
};

use super::{
    HELP_DESK,
    pages::End,
    site::{PASSWORD, Site, act, code},
};

fn of(user: &str) -> AuditFilter {
    AuditFilter { query: format!("user:{user}"), ..AuditFilter::default() }
}

/// Whether all of these are told.
#[track_caller]
fn has(events: &[Event], expected: &[(&str, Outcome)]) {
    let told: Vec<(&str, Outcome)> =
        events.iter().map(|event| (event.what.as_str(), event.outcome)).collect();
    for expected in expected {
        assert!(told.contains(expected), "{expected:?} in {told:?}");
    }
}

#[test]
fn each_event_says_which_step_it_was_and_who_is_meant() {
    let Some(site) = Site::new() else { return };
    let (user, desk) = (site.user("corp", true), site.desk("corp", HELP_DESK));
    assert_eq!(user.sign_in_with("wrong"), End::PasswordRefused);
    assert_eq!(user.sign_in(Some("000000")), End::CodeRefused);
    assert_eq!(user.sign_in(Some(&code(&user.otp, 0))), End::SignedIn);
    let grant =
        [("grant_type", "password"), ("client_id", "shop"), ("username", &user.name), ("password", PASSWORD)];
    assert_eq!(site.grant("corp", &grant).0, 401);
    let until = "2099-01-01T00:00:00Z".parse().unwrap();
    act(&*desk, &Action::Bypass { user: user.name.clone(), until: Some(until) }).unwrap();
    assert_eq!(user.sign_in(None), End::SignedIn);
    let before = desk.audit(&of(&user.name), None).unwrap().items;
    has(
        &before,
        &[
            ("wrong password", Outcome::Fail),
            ("wrong code, OTP \"phone\"", Outcome::Fail),
            ("wrong password or passcode", Outcome::Fail),
            ("signed in, OTP \"phone\"", Outcome::Ok),
            ("bypass on", Outcome::Warn),
            ("signed in, bypass used", Outcome::Warn),
        ],
    );

    // Without an authenticator a bypass is of no use.
    act(&*desk, &Action::Reset { user: user.name.clone() }).unwrap();
    let all = desk.audit(&of(&user.name), None).unwrap().items;
    has(
        &all,
        &[
            ("wrong password", Outcome::Fail),
            ("wrong code, OTP \"phone\"", Outcome::Fail),
            ("bypass on", Outcome::Warn),
            ("credential removed", Outcome::Warn),
            ("binding demanded", Outcome::Warn),
            ("sessions ended", Outcome::Ok),
            ("account made", Outcome::Ok),
        ],
    );
    assert!(all.iter().all(|event| event.user.as_deref() == Some(&user.name)), "{all:?}");
    let by_desk = |event: &&Event| event.by.as_deref() == Some("service-account-sesam");
    assert!(all.iter().filter(by_desk).count() >= 4, "{all:?}");
    assert!(all.windows(2).all(|two| two[0].time >= two[1].time), "the newest first");

    for (query, count) in [
        ("result:fail", 3),
        ("app:shop result:fail", 3),
        ("reason:wrong_code", 1),
        ("by:service-account-sesam what:bypass", 1),
    ] {
        let filter = AuditFilter { query: format!("user:{} {query}", user.name), ..AuditFilter::default() };
        assert_eq!(desk.audit(&filter, None).unwrap().items.len(), count, "{query}");
    }
    let counted = desk.statistics(&of(&user.name), "reason").unwrap();
    let wrong = counted.rows.iter().find(|row| row.key == "wrong_code").unwrap();
    assert_eq!((counted.total, wrong.total), (all.len() as u64, 1));
}

#[test]
fn pages_stand_still_while_rows_arrive() {
    let Some(site) = Site::new() else { return };
    let (user, desk) = (site.user("corp", true), site.desk("corp", HELP_DESK));
    for _ in 0..5 {
        user.sign_in_with("wrong");
    }
    act(&*desk, &Action::Reset { user: user.name.clone() }).unwrap();
    let all = desk.audit(&of(&user.name), None).unwrap().items;
    assert!(all.len() >= 9, "{all:?}");
    let (mut cursor, mut seen) = (None, vec![]);
    loop {
        let filter = AuditFilter { limit: Some(2), ..of(&user.name) };
        let page = desk.audit(&filter, cursor.as_deref()).unwrap();
        assert!(page.items.len() <= 2);
        seen.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
        user.sign_in_with("wrong again");
    }
    let ids = |events: &[Event]| events.iter().map(|event| event.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&seen), ids(&all), "none twice, none left out, though others come");
}

#[test]
fn events_are_heard_as_they_happen_and_none_twice() {
    let Some(site) = Site::new() else { return };
    let (user, desk) = (site.user("corp", true), site.desk("corp", HELP_DESK));
    user.sign_in_with("before");
    let (mut heard, mut rounds) = (vec![], 0);
    let filter = AuditFilter { query: format!("user:{} what:wrong", user.name), ..AuditFilter::default() };
    let ended = desk.follow(&filter, None, &mut |event| {
        if let Some(event) = event {
            heard.push(event);
        } else {
            rounds += 1;
            if rounds <= 2 {
                user.sign_in_with("wrong");
            }
        }
        // Twice more than needed: what was heard must not come again.
        rounds < 5
    });
    assert_eq!(heard.len(), 2, "{heard:?}");
    let last = heard.last().unwrap().time.as_millisecond();
    assert!(ended.unwrap().unwrap().parse::<i64>().unwrap() >= last);
    let (mut again, mut rounds) = (vec![], 0);
    let after = (last - 1).to_string();
    desk.follow(&filter, Some(&after), &mut |event| {
        rounds += usize::from(event.is_none());
        again.extend(event);
        rounds < 1
    })
    .unwrap();
    assert_eq!(again.len(), 1, "what lies behind the mark: {again:?}");
}
