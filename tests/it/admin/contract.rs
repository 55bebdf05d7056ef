//! The contract: what every provider does, each verb proven by a sign-in or a refusal afterwards.

use std::{sync::Arc, time::Duration};

use jiff::SignedDuration;
use sesam::{
    admin::{
        Provider,
        action::{Action, Level},
        error::AdminError,
        model::{AuditFilter, Outcome, State},
    },
    clock::Clock,
    otp::parse_link,
    server::domain::administrator::Role,
};

use super::{
    live::{Live, connect},
    scene::Place,
};
use crate::server::databases::{Database, run};

/// Plans and applies on a thread of its own, as a screen does.
async fn act(provider: &Arc<dyn Provider>, action: Action) -> Result<sesam::admin::action::Done, AdminError> {
    let provider = Arc::clone(provider);
    tokio::task::spawn_blocking(move || provider.apply(&provider.plan(&action)?, "ticket 4711"))
        .await
        .unwrap()
}

async fn ask<T: Send + 'static>(
    provider: &Arc<dyn Provider>,
    question: impl FnOnce(&dyn Provider) -> T + Send + 'static,
) -> T {
    let provider = Arc::clone(provider);
    tokio::task::spawn_blocking(move || question(provider.as_ref())).await.unwrap()
}

fn user() -> String {
    "alan".to_owned()
}

async fn state(provider: &Arc<dyn Provider>) -> State {
    ask(provider, |own| own.user("ALAN").unwrap().state).await
}

#[test]
fn a_user_is_found_reset_and_bound_anew() {
    for place in Place::all() {
        run(async {
            let scene = place.open().await;
            scene.user("alan").await;
            scene.application("vpn", &["otp"]).await;
            let own = scene.bind("alan", "vpn").await;
            let desk = scene.provider(Role::Helpdesk).await;
            let page = ask(&desk, |own| own.users("somebody state:ok", None).unwrap()).await;
            assert_eq!((page.items.len(), page.items[0].name.as_str()), (1, "alan"));
            assert_eq!(scene.show(("alan", "vpn"), &scene.code(&own)).await, "done");
            let plan = ask(&desk, |own| own.plan(&Action::Reset { user: user() }).unwrap()).await;
            let expected = [
                "delete binding #1 TOTP vpn",
                "end 1 open session",
                "lead to binding at the next sign-in",
                "be written to the audit log",
            ];
            assert_eq!(plan.effects, expected);
            assert_eq!((plan.level, plan.confirm.as_str(), plan.bindings), (Level::Typed, "alan", 1));
            let seen = plan.clone();
            act(&desk, Action::Reset { user: user() }).await.unwrap();
            let late = ask(&desk, move |own| own.apply(&seen, "again")).await;
            assert!(matches!(late, Err(AdminError::Changed(_))), "{late:?}");
            assert_eq!(scene.begin("alan", "vpn").await, "binding");
            assert_eq!(state(&desk).await, State::Unbound);
        });
    }
}

#[test]
fn a_bypass_a_lock_and_a_passcode_are_what_they_say() {
    for place in Place::all() {
        run(async {
            let scene = place.open().await;
            scene.user("alan").await;
            scene.application("vpn", &["otp"]).await;
            let own = scene.bind("alan", "vpn").await;
            let chief = scene.provider(Role::Security).await;
            let now = scene.clock.now();
            let until = now + SignedDuration::from_hours(4);
            act(&chief, Action::Bypass { user: user(), until: Some(until) }).await.unwrap();
            assert_eq!(scene.begin("alan", "vpn").await, "bypass");
            assert_eq!(state(&chief).await, State::Bypass);
            act(&chief, Action::Bypass { user: user(), until: None }).await.unwrap();
            assert_eq!(scene.begin("alan", "vpn").await, "second_step");
            for _ in 0..6 {
                assert_ne!(scene.show(("alan", "vpn"), &scene.wrong(&own)).await, "done");
            }
            assert_eq!(state(&chief).await, State::Locked);
            assert_ne!(scene.show(("alan", "vpn"), &scene.code(&own)).await, "done");
            let plan = ask(&chief, |own| own.plan(&Action::Unlock { user: user() }).unwrap()).await;
            assert!(plan.effects[0].starts_with("end the lock") && plan.effects[1] == "forget 6 wrong codes");
            act(&chief, Action::Unlock { user: user() }).await.unwrap();
            assert_eq!(scene.show(("alan", "vpn"), &scene.code(&own)).await, "done");
            let issued =
                act(&chief, Action::Passcode { user: user(), span: Duration::from_hours(8) }).await.unwrap();
            let passcode = issued.passcode.unwrap();
            assert_eq!(passcode.valid_until, now + SignedDuration::from_hours(8));
            assert_eq!(scene.show_passcode(("alan", "vpn"), &passcode.passcode).await, "done");
            assert_ne!(
                scene.show_passcode(("alan", "vpn"), &passcode.passcode).await,
                "done",
                "it is good once"
            );
            act(&chief, Action::Enable { user: user(), on: false }).await.unwrap();
            assert_eq!(scene.begin("alan", "vpn").await, "refused");
            assert_eq!(state(&chief).await, State::Disabled);
            act(&chief, Action::Enable { user: user(), on: true }).await.unwrap();
            assert_eq!(scene.begin("alan", "vpn").await, "second_step");
        });
    }
}

#[test]
fn an_authenticator_is_bound_on_behalf_and_taken_away_by_its_number() {
    for place in Place::all() {
        run(async {
            let scene = place.open().await;
            scene.user("alan").await;
            scene.application("vpn", &["otp"]).await;
            let chief = scene.provider(Role::Security).await;
            let done = act(&chief, Action::Enrol { user: user(), application: "vpn".into() }).await.unwrap();
            let enrolled = done.enrolled.unwrap();
            let otp = parse_link(&enrolled.uri).unwrap().otp;
            assert_eq!(scene.begin("alan", "vpn").await, "binding", "it opens nothing yet");
            assert!(!scene.confirm(("alan", &enrolled.binding), &scene.wrong(&otp)).await);
            assert!(scene.confirm(("alan", &enrolled.binding), &scene.code(&otp)).await);
            scene.clock.wait(60);
            assert_eq!(scene.show(("alan", "vpn"), &scene.code(&otp)).await, "done");
            let unbind = |binding: &str| Action::Unbind { user: user(), binding: binding.into() };
            assert!(matches!(act(&chief, unbind("2")).await, Err(AdminError::Missing { .. })));
            act(&chief, unbind("1")).await.unwrap();
            assert_eq!(ask(&chief, |own| own.user("alan").unwrap().bindings).await, []);
            let gone = ask(&chief, |own| own.user("alam")).await;
            assert!(
                matches!(&gone, Err(AdminError::Missing { what, .. }) if what == "user \"alam\""),
                "{gone:?}"
            );
        });
    }
}

#[test]
fn a_factor_is_switched_after_its_impact_was_seen() {
    for place in Place::all() {
        run(async {
            let scene = place.open().await;
            scene.user("alan").await;
            scene.application("vpn", &["otp", "email"]).await;
            scene.bind("alan", "vpn").await;
            let chief = scene.provider(Role::Security).await;
            let switch = |on| Action::Factor { application: "vpn".into(), factor: "otp".into(), on };
            let action = switch(false);
            let plan = ask(&chief, move |own| own.plan(&action).unwrap()).await;
            assert_eq!(
                (plan.effects[0].as_str(), plan.level),
                ("delete 1 binding of 1 user for good", Level::Typed)
            );
            act(&chief, switch(false)).await.unwrap();
            let factors = ask(&chief, |own| own.applications().unwrap()).await;
            let vpn = factors.into_iter().find(|one| one.id == "vpn").unwrap();
            assert_eq!(vpn.factors[0], ("otp".to_owned(), false));
            assert_eq!(scene.begin("alan", "vpn").await, "second_step", "the code by e-mail is left");
            act(&chief, switch(true)).await.unwrap();
            assert_eq!(state(&chief).await, State::Unbound);
        });
    }
}

#[test]
fn what_is_refused_says_which_right_is_missing_and_read_only_sends_nothing() {
    let database = Database::sqlite();
    run(async {
        let live = Live::over(&database).await;
        live.api.user("alan").await;
        let viewer: Arc<dyn Provider> = Arc::new(live.provider(Role::Viewer, false).await);
        let refused = act(&viewer, Action::Reset { user: user() }).await;
        assert!(
            matches!(&refused, Err(AdminError::NotAllowed { right, .. }) if right == "helpdesk"),
            "{refused:?}"
        );
        let careful: Arc<dyn Provider> = Arc::new(live.provider(Role::Owner, true).await);
        let refused = act(&careful, Action::Reset { user: user() }).await;
        assert_eq!(refused, Err(AdminError::ReadOnly("mfa-test".into())));
        let overview = ask(&viewer, |own| own.overview().unwrap()).await;
        assert_eq!((overview.users, overview.actor.as_str()), (Some(1), "key:viewer-false"));
        let nobody: Arc<dyn Provider> = Arc::new(connect(&live.url, "sesam_key_x", false));
        assert!(matches!(ask(&nobody, |own| own.overview()).await, Err(AdminError::LoggedOut { .. })));
        let away: Arc<dyn Provider> = Arc::new(connect("http://127.0.0.1:9", "sesam_key_x", false));
        let away = ask(&away, |own| own.overview()).await;
        assert!(
            matches!(&away, Err(AdminError::Unreachable { why, .. }) if why == "nobody listens there"),
            "{away:?}"
        );
    });
}

#[test]
fn the_audit_is_read_counted_and_followed() {
    for place in Place::all() {
        run(async {
            let scene = place.open().await;
            scene.user("alan").await;
            scene.application("vpn", &["otp"]).await;
            let own = scene.bind("alan", "vpn").await;
            scene.show(("alan", "vpn"), &scene.wrong(&own)).await;
            let desk = scene.provider(Role::Viewer).await;
            let filter = AuditFilter { query: "user:ALAN result:fail".into(), ..AuditFilter::default() };
            let page = ask(&desk, move |own| own.audit(&filter, None).unwrap()).await;
            let event = &page.items[0];
            assert_eq!(
                (page.items.len(), event.what.as_str(), event.outcome),
                (1, "wrong code", Outcome::Fail)
            );
            assert_eq!(
                (event.application.as_deref(), event.from.as_deref()),
                (Some("vpn"), Some("127.0.0.1"))
            );
            let unknown = AuditFilter { query: "bad:key".into(), ..AuditFilter::default() };
            let unknown = ask(&desk, move |own| own.audit(&unknown, None)).await;
            assert!(matches!(&unknown, Err(AdminError::Refused { why, .. }) if why.contains("\"bad\"")));
            let counted = ask(&desk, |own| own.statistics(&AuditFilter::default(), "reason").unwrap()).await;
            assert!(counted.rows.iter().any(|row| row.key == "wrong_code" && row.total == 1), "{counted:?}");
            let (sender, heard) = std::sync::mpsc::channel();
            let follower = Arc::clone(&desk);
            let ended = tokio::task::spawn_blocking(move || {
                let mut count = 0;
                follower.follow(&AuditFilter::default(), Some("-"), &mut |event| {
                    let Some(event) = event else { return true };
                    count += 1;
                    sender.send(event).is_ok() && count < 2
                })
            });
            let mut whats = vec![];
            while whats.len() < 2 {
                whats.push(tokio::task::block_in_place(|| heard.recv()).unwrap().what);
            }
            assert!(whats.iter().any(|what| what.contains("created")), "{whats:?}");
            assert!(ended.await.unwrap().is_ok());
        });
    }
}
