//! The contract: what every provider does, each verb proven by a sign-in or a refusal afterwards. What a server cannot
//! do is answered with what to do instead.

use std::{
    sync::{Arc, mpsc},
    time::Duration,
};

use jiff::SignedDuration;
use sesam::{
    admin::{
        Provider,
        action::{Action, Begun, Level},
        capability::{Capabilities, Capability},
        error::AdminError,
        model::{AuditFilter, Outcome, State},
    },
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

async fn state(provider: &Arc<dyn Provider>, name: &str) -> State {
    let name = name.to_uppercase();
    ask(provider, move |own| own.user(&name).unwrap().state).await
}

/// Whether a server can do something. If not, it says before anything is sent why not, and what to do instead.
async fn can(provider: &Arc<dyn Provider>, which: fn(&Capabilities) -> &Capability, action: &Action) -> bool {
    let all = ask(provider, |own| own.capabilities()).await;
    let Capability::No(recipe) = which(&all) else { return true };
    let action = action.clone();
    let refused = ask(provider, move |own| own.plan(&action)).await;
    let told = matches!(&refused, Err(AdminError::Impossible { why, .. }) if why == recipe);
    assert!(told && recipe.len() > 20, "{refused:?}");
    false
}

/// Whether each beginning is that of exactly one line.
fn lines(effects: &[String], beginnings: &[&str]) {
    for start in beginnings {
        let count = effects.iter().filter(|line| line.starts_with(start)).count();
        assert_eq!(count, 1, "{start}: {effects:?}");
    }
    assert_eq!(effects.len(), beginnings.len(), "{effects:?}");
}

#[test]
fn a_user_is_found_reset_and_bound_anew() {
    for place in Place::all() {
        run(async {
            let scene = place.open().await;
            let alan = scene.user("alan").await;
            scene.application("vpn", &["otp"]).await;
            let own = scene.bind(&alan, "vpn").await;
            let desk = scene.provider(Role::Helpdesk).await;
            let query = format!("{alan} state:ok");
            let page = ask(&desk, move |own| own.users(&query, None).unwrap()).await;
            assert!(page.items.iter().any(|one| one.name == alan), "{page:?}");
            let query = format!("{alan} state:locked");
            let page = ask(&desk, move |own| own.users(&query, None).unwrap()).await;
            assert!(!page.items.iter().any(|one| one.name == alan), "{page:?}");
            assert_eq!(scene.show((&alan, "vpn"), &scene.code(&own)).await, "done");
            let reset = Action::Reset { user: alan.clone() };
            let wanted = reset.clone();
            let plan = ask(&desk, move |own| own.plan(&wanted).unwrap()).await;
            lines(&plan.effects, scene.reset());
            assert_eq!((plan.level, plan.confirm.as_str(), plan.bindings), (Level::Typed, alan.as_str(), 1));
            act(&desk, reset).await.unwrap();
            let late = ask(&desk, move |own| own.apply(&plan, "again")).await;
            assert!(matches!(late, Err(AdminError::Changed(_))), "{late:?}");
            assert_ne!(scene.show((&alan, "vpn"), &scene.code(&own)).await, "done");
            assert_eq!(state(&desk, &alan).await, State::Unbound);
            assert_eq!(scene.begin(&alan, "vpn").await, "binding");
        });
    }
}

#[test]
fn a_bypass_holds_until_it_is_ended() {
    for place in Place::all() {
        run(async {
            let scene = place.open().await;
            let alan = scene.user("alan").await;
            scene.application("vpn", &["otp"]).await;
            let own = scene.bind(&alan, "vpn").await;
            let chief = scene.provider(Role::Security).await;
            let until = scene.now() + SignedDuration::from_hours(4);
            let bypass = |until| Action::Bypass { user: alan.clone(), until };
            if !can(&chief, |all| &all.bypass, &bypass(Some(until))).await {
                return;
            }
            act(&chief, bypass(Some(until))).await.unwrap();
            assert_eq!(scene.begin(&alan, "vpn").await, "bypass");
            assert_eq!(state(&chief, &alan).await, State::Bypass);
            act(&chief, bypass(None)).await.unwrap();
            assert_eq!(scene.begin(&alan, "vpn").await, "second_step");
            assert_eq!(state(&chief, &alan).await, State::Ok);
            assert_eq!(scene.show((&alan, "vpn"), &scene.code(&own)).await, "done");
        });
    }
}

#[test]
fn a_lock_is_seen_and_ended() {
    for place in Place::all() {
        run(async {
            let scene = place.open().await;
            let alan = scene.user("alan").await;
            scene.application("vpn", &["otp"]).await;
            let own = scene.bind(&alan, "vpn").await;
            let chief = scene.provider(Role::Security).await;
            for _ in 0..scene.tries() {
                assert_ne!(scene.show((&alan, "vpn"), &scene.wrong(&own)).await, "done");
            }
            assert_eq!(state(&chief, &alan).await, State::Locked);
            assert_ne!(scene.show((&alan, "vpn"), &scene.code(&own)).await, "done");
            let unlock = Action::Unlock { user: alan.clone() };
            let wanted = unlock.clone();
            let plan = ask(&chief, move |own| own.plan(&wanted).unwrap()).await;
            lines(&plan.effects, scene.unlock());
            act(&chief, unlock).await.unwrap();
            assert_eq!(state(&chief, &alan).await, State::Ok);
            assert_eq!(scene.show((&alan, "vpn"), &scene.code(&own)).await, "done");
        });
    }
}

#[test]
fn a_passcode_opens_once_and_who_is_disabled_gets_nowhere() {
    for place in Place::all() {
        run(async {
            let scene = place.open().await;
            let alan = scene.user("alan").await;
            scene.application("vpn", &["otp"]).await;
            scene.bind(&alan, "vpn").await;
            let chief = scene.provider(Role::Security).await;
            let passcode = Action::Passcode { user: alan.clone(), span: Duration::from_hours(8) };
            if can(&chief, |all| &all.passcode, &passcode).await {
                let now = scene.now();
                let issued = act(&chief, passcode).await.unwrap().passcode.unwrap();
                let late = issued.valid_until.duration_since(now + SignedDuration::from_hours(8));
                assert!((0..120).contains(&late.as_secs()), "{issued:?}");
                assert_eq!(scene.show_passcode((&alan, "vpn"), &issued.passcode).await, "done");
                let again = scene.show_passcode((&alan, "vpn"), &issued.passcode).await;
                assert_ne!(again, "done", "it is good once");
            }
            let enable = |on| Action::Enable { user: alan.clone(), on };
            if can(&chief, |all| &all.enable, &enable(false)).await {
                act(&chief, enable(false)).await.unwrap();
                assert_eq!(scene.begin(&alan, "vpn").await, "refused");
                assert_eq!(state(&chief, &alan).await, State::Disabled);
                act(&chief, enable(true)).await.unwrap();
                assert_eq!(scene.begin(&alan, "vpn").await, "second_step");
            }
        });
    }
}

#[test]
fn an_authenticator_is_bound_on_behalf_and_taken_away_by_its_number() {
    for place in Place::all() {
        run(async {
            let scene = place.open().await;
            let alan = scene.user("alan").await;
            scene.application("vpn", &["otp"]).await;
            let chief = scene.provider(Role::Security).await;
            let enrol = Action::Enrol { user: alan.clone(), application: "vpn".into() };
            let enrolled = act(&chief, enrol).await.unwrap().enrolled.unwrap();
            let otp = parse_link(&enrolled.uri).unwrap().otp;
            if scene.confirms() {
                assert_eq!(scene.begin(&alan, "vpn").await, "binding", "it opens nothing yet");
                assert!(!scene.confirm((&alan, &enrolled.binding), &scene.wrong(&otp)).await);
                assert!(scene.confirm((&alan, &enrolled.binding), &scene.code(&otp)).await);
                scene.wait();
            } else {
                let (user, binding) = (alan.clone(), enrolled.binding.clone());
                let begun = move |own: &dyn Provider| {
                    own.confirm(Begun { user: &user, binding: &binding, code: "123456" }, "x")
                };
                let refused = ask(&chief, begun).await;
                assert!(matches!(refused, Err(AdminError::Unsupported { .. })), "{refused:?}");
            }
            assert_eq!(scene.show((&alan, "vpn"), &scene.code(&otp)).await, "done");
            let unbind = |binding: &str| Action::Unbind { user: alan.clone(), binding: binding.into() };
            assert!(matches!(act(&chief, unbind("2")).await, Err(AdminError::Missing { .. })));
            act(&chief, unbind("1")).await.unwrap();
            let name = alan.clone();
            assert_eq!(ask(&chief, move |own| own.user(&name).unwrap().bindings).await, []);
            assert_ne!(scene.show((&alan, "vpn"), &scene.code(&otp)).await, "done");
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
            let alan = scene.user("alan").await;
            scene.application("vpn", &["otp", "email"]).await;
            scene.bind(&alan, "vpn").await;
            let chief = scene.provider(Role::Security).await;
            let switch = |on| Action::Factor { application: "vpn".into(), factor: "otp".into(), on };
            if !can(&chief, |all| &all.factors, &switch(false)).await {
                return;
            }
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
            assert_eq!(scene.begin(&alan, "vpn").await, "second_step", "the code by e-mail is left");
            act(&chief, switch(true)).await.unwrap();
            assert_eq!(state(&chief, &alan).await, State::Unbound);
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
        let refused = act(&viewer, Action::Reset { user: "alan".to_owned() }).await;
        assert!(
            matches!(&refused, Err(AdminError::NotAllowed { right, .. }) if right == "helpdesk"),
            "{refused:?}"
        );
        let careful: Arc<dyn Provider> = Arc::new(live.provider(Role::Owner, true).await);
        let refused = act(&careful, Action::Reset { user: "alan".to_owned() }).await;
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
            let alan = scene.user("alan").await;
            scene.application("vpn", &["otp"]).await;
            let own = scene.bind(&alan, "vpn").await;
            let desk = scene.provider(Role::Viewer).await;
            let filter = |more: &str| {
                let query = format!("user:{}{more}", alan.to_uppercase());
                AuditFilter { query, ..AuditFilter::default() }
            };
            let (sender, heard) = mpsc::channel();
            let (follower, wanted) = (Arc::clone(&desk), filter(" result:fail"));
            let ended = tokio::task::spawn_blocking(move || {
                follower.follow(&wanted, None, &mut |event| {
                    let more = event.is_none();
                    sender.send(event).is_ok() && more
                })
            });
            let next = || tokio::task::block_in_place(|| heard.recv_timeout(Duration::from_mins(1))).unwrap();
            assert_eq!(next(), None, "it is open, and nothing happened");
            assert_ne!(scene.show((&alan, "vpn"), &scene.wrong(&own)).await, "done");
            let event = std::iter::repeat_with(next).flatten().next().unwrap();
            assert_eq!((event.what.as_str(), event.outcome), ("wrong code", Outcome::Fail));
            assert!(ended.await.unwrap().is_ok());

            let wanted = filter(" result:fail");
            let page = ask(&desk, move |own| own.audit(&wanted, None).unwrap()).await;
            assert_eq!((page.items.len(), &page.items[0]), (1, &event), "what was heard is what is read");
            let late = scene.now().duration_since(event.time);
            assert!(late.as_secs().abs() < 120 && event.from.as_deref() == Some("127.0.0.1"), "{event:?}");
            let unknown = AuditFilter { query: "bad:key".into(), ..AuditFilter::default() };
            let unknown = ask(&desk, move |own| own.audit(&unknown, None)).await;
            assert!(matches!(&unknown, Err(AdminError::Refused { why, .. }) if why.contains("\"bad\"")));
            let wanted = filter("");
            let counted = ask(&desk, move |own| own.statistics(&wanted, "reason").unwrap()).await;
            assert!(counted.rows.iter().any(|row| row.key == "wrong_code" && row.total == 1), "{counted:?}");
        });
    }
}
