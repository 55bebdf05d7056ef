//! The help desk over the API: every verb proven by a sign-in, a refusal or a row of the audit.

use serde_json::{Value, json};
use sesam::server::domain::administrator::Role;

use super::{
    api::{Api, otp},
    databases::{Database, run},
};

fn stages(answer: &super::api::Answer) -> &str {
    answer.body["stage"].as_str().unwrap_or("none")
}

#[test]
fn a_lost_telephone_ends_in_a_new_binding() {
    for database in Database::all() {
        run(async {
            let api = Api::over(&database).await;
            let hugo = api.user("hugo").await;
            api.application("vpn", json!({"otp": true})).await;
            let old = api.bind(&hugo, "vpn").await;
            let done = api.show(("Hugo", "vpn"), &api.code(&old)).await;
            assert_eq!((done.status, stages(&done)), (200, "done"), "{}", done.text);
            let session = done.body["session"].as_str().unwrap().to_owned();
            assert!(session.starts_with("sesam_session_"));

            let detail = api.admin("GET", &format!("/users/{hugo}"), Value::Null).await;
            assert_eq!(detail.body["sessions"], 1, "{}", detail.text);
            let version = detail.body["version"].as_str().unwrap();
            let reset = format!("/v1/admin/users/{hugo}/reset");
            let why = Some(json!({"reason": "lost his phone"}));
            let stale = api.call(("POST", &reset), (&api.owner, &[("if-match", "0000")]), why.clone()).await;
            assert_eq!(stale.status, 412, "{}", stale.text);
            let now = api.call(("POST", &reset), (&api.owner, &[("if-match", version)]), why).await;
            assert_eq!(now.status, 204, "{}", now.text);

            let begun = api.sign_in("hugo", "vpn").await;
            assert_eq!(stages(&begun), "binding", "{}", begun.text);
            let path = format!("/v1/sign-ins/{}/verify", begun.body["id"].as_str().unwrap());
            let old_code = api.post(&path, json!({"factor": "otp", "code": api.code(&old)})).await;
            assert_eq!(old_code.status, 409, "{}", old_code.text);
            let after = api.admin("GET", &format!("/users/{hugo}"), Value::Null).await;
            assert_eq!((&after.body["state"], &after.body["sessions"]), (&json!("unbound"), &json!(0)));
            assert_eq!(after.body["bindings"], json!([]));
        });
    }
}

#[test]
fn a_passcode_opens_once_and_leads_to_a_binding_after_a_reset() {
    for database in Database::all() {
        run(async {
            let api = Api::over(&database).await;
            let hugo = api.user("hugo").await;
            api.application("vpn", json!({"otp": true})).await;
            api.bind(&hugo, "vpn").await;
            api.admin("POST", &format!("/users/{hugo}/reset"), json!({"reason": "lost"})).await;
            let wish = json!({"minutes": 60, "reason": "on the telephone"});
            let issued = api.admin("POST", &format!("/users/{hugo}/passcode"), wish).await;
            assert_eq!(issued.status, 201, "{}", issued.text);
            let passcode = issued.body["passcode"].as_str().unwrap();
            let begun = api.sign_in("hugo", "vpn").await;
            assert_eq!(begun.body["factors"], json!(["passcode"]), "{}", begun.text);
            let sign_in = format!("/v1/sign-ins/{}", begun.body["id"].as_str().unwrap());
            let shown = json!({"factor": "passcode", "code": passcode});
            let next = api.post(&format!("{sign_in}/verify"), shown.clone()).await;
            assert_eq!(stages(&next), "binding", "{}", next.text);
            let binding = api.call(("POST", &format!("{sign_in}/binding")), ("", &[]), None).await;
            assert_eq!(
                (binding.status, &binding.body["email_code_to"]),
                (201, &Value::Null),
                "{}",
                binding.text
            );
            assert!(binding.body["qr"].as_str().unwrap().contains("<svg"));
            let new = otp(&binding.body);
            let confirm = json!({"binding": binding.body["binding"], "code": api.code(&new)});
            let done = api.post(&format!("{sign_in}/binding/confirm"), confirm).await;
            assert_eq!((stages(&done), &done.body["proof"]), ("done", &json!("bound")), "{}", done.text);
            let again = api.sign_in("hugo", "vpn").await;
            let path = format!("/v1/sign-ins/{}/verify", again.body["id"].as_str().unwrap());
            assert_eq!(api.post(&path, shown).await.status, 401, "a passcode is good once");
        });
    }
}

#[test]
fn a_bypass_opens_until_its_end_and_a_lock_until_it_is_lifted() {
    for database in Database::all() {
        run(async {
            let api = Api::over(&database).await;
            let hugo = api.user("hugo").await;
            api.application("vpn", json!({"otp": true})).await;
            let own = api.bind(&hugo, "vpn").await;
            let bypass = format!("/users/{hugo}/bypass");
            let set = api.admin("PUT", &bypass, json!({"minutes": 60, "reason": "travelling"})).await;
            assert_eq!(set.status, 204, "{}", set.text);
            let open = api.sign_in("hugo", "vpn").await;
            assert_eq!((stages(&open), &open.body["proof"]), ("done", &json!("bypass")), "{}", open.text);
            api.clock.wait(3600);
            assert_eq!(stages(&api.sign_in("hugo", "vpn").await), "second_step");
            api.admin("PUT", &bypass, json!({"minutes": 60, "reason": "travelling"})).await;
            assert_eq!(api.admin("DELETE", &bypass, json!({"reason": "back"})).await.status, 204);
            assert_eq!(stages(&api.sign_in("hugo", "vpn").await), "second_step");

            for _ in 0..6 {
                assert_eq!(api.show(("hugo", "vpn"), &api.wrong(&own)).await.status, 401);
            }
            let locked = api.sign_in("hugo", "vpn").await;
            assert!(
                locked.body["locked_until"].is_string() && locked.body["factors"] == json!([]),
                "{}",
                locked.text
            );
            assert_eq!(api.show(("hugo", "vpn"), &api.code(&own)).await.status, 401);
            let page = api.admin("GET", "/users?q=state:locked", Value::Null).await;
            assert_eq!(
                (&page.body["items"][0]["name"], &page.body["items"][0]["failures"]),
                (&json!("hugo"), &json!(0))
            );
            let count = api.admin("GET", "/overview", Value::Null).await;
            assert_eq!(
                (&count.body["users"], &count.body["locked"]),
                (&json!(1), &json!(1)),
                "{}",
                count.text
            );
            let lifted =
                api.admin("POST", &format!("/users/{hugo}/unlock"), json!({"reason": "it was him"})).await;
            assert_eq!(lifted.status, 204);
            assert_eq!(stages(&api.show(("hugo", "vpn"), &api.code(&own)).await), "done");
        });
    }
}

#[test]
fn a_change_is_done_once_for_its_key_and_only_with_a_reason() {
    for database in Database::all() {
        run(async {
            let api = Api::over(&database).await;
            let hugo = api.user("hugo").await;
            let path = format!("/v1/admin/users/{hugo}/passcode");
            let headers: &[(&str, &str)] = &[("idempotency-key", "4711")];
            let wish = json!({"minutes": 60, "reason": "lost"});
            let first = api.call(("POST", &path), (&api.owner, headers), Some(wish.clone())).await;
            let second = api.call(("POST", &path), (&api.owner, headers), Some(wish.clone())).await;
            assert_eq!((first.status, &first.text), (201, &second.text), "one passcode, told twice");
            let other = json!({"minutes": 61, "reason": "lost"});
            let other = api.call(("POST", &path), (&api.owner, headers), Some(other)).await;
            assert_eq!(other.status, 409, "{}", other.text);
            let key = api.key("other", Role::Owner).await;
            let theirs = api.call(("POST", &path), (&key, headers), Some(wish)).await;
            assert_ne!(theirs.text, first.text, "another one's key is another key");
            let mute = api.admin("POST", &format!("/users/{hugo}/reset"), json!({"reason": " "})).await;
            assert_eq!(mute.status, 422, "{}", mute.text);
        });
    }
}

#[test]
fn a_role_does_what_it_may_and_a_refusal_is_written_down() {
    for database in Database::all() {
        run(async {
            let api = Api::over(&database).await;
            let hugo = api.user("hugo").await;
            let (viewer, desk) = (api.key("v", Role::Viewer).await, api.key("d", Role::Helpdesk).await);
            let reset = format!("/v1/admin/users/{hugo}/reset");
            let why = || Some(json!({"reason": "lost"}));
            let refused = api.call(("POST", &reset), (&viewer, &[]), why()).await;
            assert_eq!(
                (refused.status, &refused.body["role"]),
                (403, &json!("helpdesk")),
                "{}",
                refused.text
            );
            assert_eq!(api.call(("POST", &reset), (&desk, &[]), why()).await.status, 204);
            let bypass = format!("/v1/admin/users/{hugo}/bypass");
            let wish = Some(json!({"minutes": 5, "reason": "x"}));
            let refused = api.call(("PUT", &bypass), (&desk, &[]), wish).await;
            assert_eq!((refused.status, &refused.body["role"]), (403, &json!("security")));
            assert_eq!(api.call(("GET", "/v1/admin/users"), ("", &[]), None).await.status, 401);
            assert_eq!(api.call(("GET", "/v1/admin/users"), ("sesam_key_x", &[]), None).await.status, 401);
            let path = format!("/administrators/{hugo}");
            let role = api.admin("PUT", &path, json!({"role": "viewer", "reason": "new"})).await;
            assert_eq!(role.status, 204, "{}", role.text);
            let refused = api.call(("POST", &reset), (&desk, &[]), why()).await;
            assert_eq!((refused.status, &refused.body["role"]), (403, &json!("owner")), "{}", refused.text);
            let rows = sesam::server::store::read::audit(api.service.store.pool(), None, 1).await.unwrap();
            assert_eq!(rows[0].fields[0].as_deref(), Some("Administrator refused"));
            assert_eq!(rows[0].fields[7].as_deref(), Some("key:d"));
        });
    }
}

#[test]
fn turning_codes_off_asks_for_the_number_of_bindings_that_go() {
    for database in Database::all() {
        run(async {
            let api = Api::over(&database).await;
            api.application("vpn", json!({"otp": true, "email": true})).await;
            for name in ["ada", "ida"] {
                let id = api.user(name).await;
                api.bind(&id, "vpn").await;
            }
            let impact = api.admin("GET", "/applications/vpn/impact?factor=otp", Value::Null).await;
            assert_eq!(impact.body, json!({"bindings": 2, "users": 2, "left_without": 0}), "{}", impact.text);
            let path = "/applications/vpn/factors/otp";
            for wish in [json!({"on": false}), json!({"on": false, "bindings": 1})] {
                let told = api.admin("PUT", path, wish).await;
                assert_eq!((told.status, &told.body["bindings"]), (409, &json!(2)), "{}", told.text);
            }
            assert_eq!(api.admin("PUT", path, json!({"on": false, "bindings": 2})).await.status, 204);
            assert_eq!(api.admin("PUT", path, json!({"on": true})).await.status, 204);
            let seen = api.admin("GET", "/applications/vpn", Value::Null).await;
            assert_eq!(
                (&seen.body["bindings"], &seen.body["users"]),
                (&json!(0), &json!(0)),
                "{}",
                seen.text
            );
            assert_eq!(
                api.admin("PUT", "/applications/sesamd/factors/otp", json!({"on": false})).await.status,
                409
            );
            assert_eq!(
                api.admin("PUT", "/applications/vpn/factors/push", json!({"on": true})).await.status,
                404
            );
        });
    }
}
