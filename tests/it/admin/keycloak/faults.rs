//! What goes wrong on the way to a real Keycloak: a 204 that changed nothing, a proxy that answers itself, an older server.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use sesam::admin::{Provider, action::Action, error::AdminError, model::AuditFilter};

use super::{
    HELP_DESK,
    pages::End,
    site::{Site, act},
};
use crate::admin::proxy::{Proxy, Seen, Turn, answer};

fn through(site: &Site, judge: impl Fn(&Seen) -> Turn + Send + Sync + 'static) -> (Proxy, Arc<dyn Provider>) {
    let upstream = site.base.trim_start_matches("http://").parse().unwrap();
    let proxy = Proxy::open(Some(upstream), judge);
    let desk = site.opens(&proxy.url(), ("corp", HELP_DESK)).unwrap();
    (proxy, desk)
}

fn is_change(seen: &Seen) -> bool {
    seen.method != "GET" && !seen.path.ends_with("/token")
}

fn changes(proxy: &Proxy) -> Vec<String> {
    proxy.seen().iter().filter(|seen| is_change(seen)).map(|seen| seen.method.clone()).collect()
}

fn error(status: &str, why: &str) -> Turn {
    Turn::Say(answer(status, "application/json", &format!("{{\"error\":\"{why}\"}}")))
}

#[test]
fn a_204_that_changed_nothing_is_not_believed() {
    let Some(site) = Site::new() else { return };
    let user = site.user("corp", true);
    let nothing = || Turn::Say(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n".to_vec());
    let (proxy, desk) = through(&site, move |seen| if is_change(seen) { nothing() } else { Turn::Pass });
    let name = || user.name.clone();
    let until = Some("2099-01-01T00:00:00Z".parse().unwrap());
    for (action, sent) in [
        (Action::Reset { user: name() }, 1),
        (Action::Unbind { user: name(), binding: "1".into() }, 1),
        (Action::Enrol { user: name(), application: String::new() }, 1),
        (Action::Bypass { user: name(), until }, 1),
        (Action::Enable { user: name(), on: false }, 1),
    ] {
        let before = changes(&proxy).len();
        let refused = act(&*desk, &action).unwrap_err();
        assert!(refused.to_string().contains("did not make it"), "{action:?}: {refused}");
        assert_eq!(changes(&proxy).len() - before, sent, "{action:?}");
    }
    assert_eq!((user.bindings(), user.must_bind(), user.sign_in(None)), (1, false, End::CodeAsked));
}

#[test]
fn a_change_without_an_answer_is_sent_once_and_nothing_comes_after_it() {
    let Some(site) = Site::new() else { return };
    let user = site.user("corp", true);
    let (proxy, desk) = through(&site, |seen| if is_change(seen) { Turn::Cut(0) } else { Turn::Pass });
    let refused = act(&*desk, &Action::Reset { user: user.name.clone() }).unwrap_err();
    assert!(matches!(refused, AdminError::Unknown { .. }), "{refused}");
    assert_eq!(changes(&proxy), ["PUT"]);
    assert_eq!((user.bindings(), user.must_bind()), (1, true), "it was done, and only that");

    let html = || Turn::Say(answer("200 OK", "text/html", "<html>sign in first</html>"));
    let (proxy, desk) = through(&site, move |seen| if is_change(seen) { html() } else { Turn::Pass });
    let refused = act(&*desk, &Action::Enable { user: user.name.clone(), on: false }).unwrap_err();
    assert!(matches!(refused, AdminError::Unknown { .. }), "{refused}");
    assert_eq!(changes(&proxy), ["PUT"]);
    let (_, desk) =
        through(&site, move |seen| if seen.path.ends_with("/token") { Turn::Pass } else { html() });
    let odd = desk.users("", None).unwrap_err();
    assert!(matches!(&odd, AdminError::NotUnderstood { what, .. } if what.contains("HTML")), "{odd}");
    let (_, desk) = through(&site, move |_| html());
    assert!(matches!(desk.overview(), Err(AdminError::NotUnderstood { .. })));
}

#[test]
fn what_fails_half_way_is_told_as_begun() {
    let Some(site) = Site::new() else { return };
    let user = site.user("corp", true);
    let reset = Action::Reset { user: user.name.clone() };
    let is_second = |seen: &Seen| is_change(seen) && seen.path.contains("/credentials/");
    let forbidden = || error("403 Forbidden", "HTTP 403 Forbidden");
    let (proxy, desk) = through(&site, move |seen| if is_second(seen) { forbidden() } else { Turn::Pass });
    let refused = act(&*desk, &reset).unwrap_err();
    assert!(refused.to_string().contains("begun and not finished"), "{refused}");
    assert_eq!(changes(&proxy), ["PUT", "DELETE"]);
    assert_eq!((user.bindings(), user.must_bind()), (1, true));

    let was_sent = AtomicBool::new(false);
    let (_, desk) = through(&site, move |seen| {
        was_sent.fetch_or(is_change(seen), Ordering::SeqCst);
        let reads_back = was_sent.load(Ordering::SeqCst) && seen.method == "GET";
        if reads_back { error("503 Service Unavailable", "unavailable") } else { Turn::Pass }
    });
    let refused = act(&*desk, &reset).unwrap_err();
    assert!(matches!(refused, AdminError::Unknown { .. }), "it was sent, and not read back: {refused}");
    assert_eq!((user.bindings(), user.sign_in(None)), (0, End::SetUpAsked));
}

#[test]
fn a_token_that_ended_early_is_followed_by_another_one_once() {
    let Some(site) = Site::new() else { return };
    let count = AtomicUsize::new(0);
    let (proxy, desk) = through(&site, move |seen| {
        let is_first = seen.method == "GET" && count.fetch_add(1, Ordering::SeqCst) == 0;
        if is_first { error("401 Unauthorized", "HTTP 401 Unauthorized") } else { Turn::Pass }
    });
    desk.overview().unwrap();
    let tokens = || proxy.seen().iter().filter(|seen| seen.path.ends_with("/token")).count();
    assert_eq!(tokens(), 2);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| desk.users("", None).unwrap());
        }
    });
    assert_eq!(tokens(), 2, "one token for all threads");
}

#[test]
fn a_server_error_and_a_refusal_are_told_apart() {
    let Some(site) = Site::new() else { return };
    let fails = |status: &'static str, why: &'static str| {
        let (_, desk) =
            through(
                &site,
                move |seen| {
                    if seen.path.contains("/events") { error(status, why) } else { Turn::Pass }
                },
            );
        desk.audit(&AuditFilter::default(), None).unwrap_err()
    };
    let odd = fails("500 Internal Server Error", "unknown_error");
    assert!(matches!(&odd, AdminError::Unreachable { why, .. } if why == "unknown_error"), "{odd}");
    let refused = fails("403 Forbidden", "HTTP 403 Forbidden");
    assert!(matches!(&refused, AdminError::NotAllowed { right, .. } if right == "view-events"), "{refused}");
    let (_, desk) = through(&site, |seen| {
        if seen.path.contains("/users/count") {
            error("404 Not Found", "Realm not found.")
        } else {
            Turn::Pass
        }
    });
    let missing = desk.overview().unwrap_err();
    assert!(
        matches!(&missing, AdminError::Missing { what, .. } if what.contains("realm of that name")),
        "{missing}"
    );
}

#[test]
fn an_older_server_is_asked_in_its_own_way() {
    let Some(site) = Site::new() else { return };
    let user = site.user("corp", true);
    for _ in 0..6 {
        user.sign_in_with("wrong");
    }
    let (proxy, desk) = through(&site, |seen| {
        let dates = seen.path.split_once("dateFrom=").map_or("", |(_, rest)| rest);
        match () {
            () if seen.path.contains("ui-ext") => error("404 Not Found", "HTTP 404 Not Found"),
            // As 25 says it: days alone.
            () if dates.split('&').next().is_some_and(|date| date.len() > 10) => {
                error("400 Bad Request", "Invalid value for 'Date(From)', expected format is yyyy-MM-dd")
            }
            () => Turn::Pass,
        }
    });
    let found = desk.users(&format!("state:locked {}", user.name), None).unwrap().items;
    assert_eq!((found.len(), found.first().map(|one| one.failures)), (1, Some(6)), "asked one by one");
    let filter =
        AuditFilter { query: format!("user:{}", user.name), limit: Some(3), ..AuditFilter::default() };
    let (new, old) = (site.desk("corp", HELP_DESK), Arc::clone(&desk));
    let first = old.audit(&filter, None).unwrap();
    assert_eq!(first.items, new.audit(&filter, None).unwrap().items);
    assert_eq!(first.items.len(), 3);
    let second = old.audit(&filter, first.next.as_deref()).unwrap();
    assert!(second.items.iter().all(|event| !first.items.contains(event)) && !second.items.is_empty());
    let refused = proxy.seen().iter().filter(|seen| seen.path.contains("ui-ext")).count();
    assert_eq!(refused, 1, "what is not there is asked for once");
}
