//! Administrators, users as tables, tokens, agreements: over the API, on both databases.

use serde_json::{Value, json};
use sesam::{
    otp::{Counter, Kind, Otp, Secret},
    server::{
        domain::administrator::Role,
        seal::token::{Kind as TokenKind, Token},
        store::first::KeepFirst,
    },
};

use super::{
    api::{Api, otp},
    databases::{Database, run},
};

#[test]
fn the_first_administrator_comes_by_a_token_that_is_good_once() {
    for database in Database::all() {
        run(async {
            let api = Api::over(&database).await;
            let token = Token::new(TokenKind::First, &[7; 32]);
            assert!(api.service.store.submit(KeepFirst { digest: token.digest_text() }).await.unwrap());
            let first = |token: &str| json!({"token": token, "name": "Ida", "password": "correct horse"});
            let other = Token::new(TokenKind::First, &[8; 32]);
            for wrong in [other.expose(), "sesam_first_x", ""] {
                assert_eq!(api.post("/v1/admin/first", first(wrong)).await.status, 401);
            }
            let begun = api.post("/v1/admin/first", first(token.expose())).await;
            assert_eq!(begun.status, 201, "{}", begun.text);
            assert_eq!(api.post("/v1/admin/first", first(token.expose())).await.status, 401);
            assert!(!api.service.store.submit(KeepFirst { digest: token.digest_text() }).await.unwrap());

            let sign_in = format!("/v1/sign-ins/{}", begun.body["sign_in"].as_str().unwrap());
            let binding = api.call(("POST", &format!("{sign_in}/binding")), ("", &[]), None).await;
            assert_eq!(
                (binding.status, &binding.body["email_code_to"]),
                (201, &Value::Null),
                "{}",
                binding.text
            );
            let own = otp(&binding.body);
            let confirm = json!({"binding": binding.body["binding"], "code": api.code(&own)});
            let done = api.post(&format!("{sign_in}/binding/confirm"), confirm).await;
            let session = done.body["session"].as_str().unwrap();
            let seen = api.call(("GET", "/v1/admin/overview"), (session, &[]), None).await;
            assert_eq!((&seen.body["actor"], &seen.body["role"]), (&json!("admin:Ida"), &json!("owner")));
            let ida = begun.body["user"].as_str().unwrap();
            let reset = format!("/v1/admin/users/{ida}/reset");
            let own_reset = api.call(("POST", &reset), (session, &[]), Some(json!({"reason": "me"}))).await;
            assert_eq!(own_reset.status, 403, "nobody resets themselves: {}", own_reset.text);
            api.clock.wait(16 * 60);
            assert_eq!(api.call(("GET", "/v1/admin/overview"), (session, &[]), None).await.status, 401);
        });
    }
}

#[test]
fn only_an_own_second_factor_opens_the_console() {
    for database in Database::all() {
        run(async {
            let api = Api::over(&database).await;
            let ida = api.user("ida").await;
            let role = json!({"role": "helpdesk", "reason": "new"});
            assert_eq!(api.admin("PUT", &format!("/administrators/{ida}"), role).await.status, 204);
            let wish = json!({"minutes": 60, "reason": "x"});
            assert_eq!(api.admin("PUT", &format!("/users/{ida}/bypass"), wish).await.status, 204);
            let open = api.sign_in("ida", "sesamd").await;
            assert_eq!(
                (&open.body["proof"], &open.body["session"]),
                (&json!("bypass"), &Value::Null),
                "{}",
                open.text
            );
            api.admin("DELETE", &format!("/users/{ida}/bypass"), json!({"reason": "x"})).await;
            let own = api.bind(&ida, "sesamd").await;
            let done = api.show(("ida", "sesamd"), &api.code(&own)).await;
            let session = done.body["session"].as_str().unwrap().to_owned();
            assert_eq!(api.call(("GET", "/v1/admin/users"), (&session, &[]), None).await.status, 200);
            let user = api.user("hugo").await;
            api.bind(&user, "sesamd").await;
            api.clock.wait(60);
            let none = api.sign_in("hugo", "sesamd").await;
            assert_eq!(none.body["stage"], "second_step");
            assert_eq!(
                api.admin("DELETE", &format!("/administrators/{ida}"), json!({"reason": "left"}))
                    .await
                    .status,
                204
            );
            assert_eq!(api.call(("GET", "/v1/admin/users"), (&session, &[]), None).await.status, 401);
            let boss = api.user("boss").await;
            let owner = json!({"role": "owner", "reason": "x"});
            assert_eq!(api.admin("PUT", &format!("/administrators/{boss}"), owner).await.status, 204);
            let last = api.admin("DELETE", &format!("/administrators/{boss}"), json!({"reason": "x"})).await;
            assert_eq!(last.status, 409, "{}", last.text);
        });
    }
}

#[test]
fn a_table_of_users_comes_in_line_by_line() {
    for database in Database::all() {
        run(async {
            let api = Api::over(&database).await;
            api.user("hugo").await;
            let csv = "name,display,email,mobile,password\nAda,Ada Lovelace,ada@example.com,+49 170 1234567,\n\
                HUGO,,,,\nIda,,nonsense,,\nJo,,,,password\nKim,,,,a good long one\n";
            let wish = json!({"csv": csv, "reason": "new people"});
            let done = api.admin("POST", "/users/import", wish).await;
            assert_eq!((done.status, &done.body["created"]), (200, &json!(2)), "{}", done.text);
            let refused: Vec<_> =
                done.body["refused"].as_array().unwrap().iter().map(|line| line["line"].clone()).collect();
            assert_eq!(refused, [3, 4, 5]);
            let page = api.admin("GET", "/users?limit=2", Value::Null).await;
            let names = |page: &Value| {
                page["items"]
                    .as_array()
                    .unwrap_or_else(|| panic!("{page}"))
                    .iter()
                    .map(|user| user["name"].clone())
                    .collect::<Vec<_>>()
            };
            assert_eq!(names(&page.body), ["Ada", "hugo"]);
            let next = format!("/users?limit=2&cursor={}", page.body["next"].as_str().unwrap());
            let rest = api.admin("GET", &next, Value::Null).await;
            assert_eq!((names(&rest.body), &rest.body["next"]), (vec![json!("Kim")], &Value::Null));
            for (words, found) in [
                ("love", vec!["Ada"]),
                ("LOVE%20ada", vec!["Ada"]),
                ("name:hu", vec!["hugo"]),
                ("name:love", vec![]),
                ("factor:sms", vec!["Ada"]),
                ("state:unbound%20example", vec!["Ada", "hugo"]),
                ("%25", vec!["Ada", "hugo", "Kim"]),
                ("fails:%3E0", vec![]),
                ("state:ok", vec![]),
                ("factor:email%20else", vec!["hugo"]),
            ] {
                let page = api.admin("GET", &format!("/users?q={words}"), Value::Null).await;
                assert_eq!(names(&page.body), found, "{words}: {}", page.text);
            }
            for bad in ["q=colour:red", "limit=0", "limit=501", "cursor=%25", "colour=red", "q=state:odd"] {
                assert_eq!(
                    api.admin("GET", &format!("/users?{bad}"), Value::Null).await.status,
                    400,
                    "{bad}"
                );
            }
        });
    }
}

/// More than are looked up by the word alone: the list goes by name from the first of them, and ends with the last.
#[test]
fn a_name_that_many_begin_with_is_found_page_by_page() {
    for database in Database::all() {
        run(async {
            let api = Api::over(&database).await;
            for from in [0, 1500] {
                let lines: Vec<_> = (from..from + 1500).map(|nth| format!("mia{nth:04},Mona")).collect();
                let csv = format!("name,display\n{}\nmh{from},\nmib{from},\n", lines.join("\n"));
                let done = api.admin("POST", "/users/import", json!({"csv": csv, "reason": "new"})).await;
                assert_eq!(done.body["created"], 1502, "{}", done.text);
            }
            let (mut seen, mut path) = (vec![], "/users?q=name:mia&limit=500".to_owned());
            loop {
                let page = api.admin("GET", &path, Value::Null).await;
                let items = page.body["items"].as_array().unwrap();
                seen.extend(items.iter().map(|user| user["name"].as_str().unwrap().to_owned()));
                let Some(next) = page.body["next"].as_str() else { break };
                path = format!("/users?q=name:mia&limit=500&cursor={next}");
            }
            assert_eq!(seen, (0..3000).map(|nth| format!("mia{nth:04}")).collect::<Vec<_>>());
            let page = api.admin("GET", "/users?q=mona&limit=2", Value::Null).await;
            assert_eq!(page.body["items"][1]["name"], "mia0001", "{}", page.text);
        });
    }
}

#[test]
fn a_hardware_token_is_assigned_used_and_comes_back() {
    for database in Database::all() {
        run(async {
            let api = Api::over(&database).await;
            let hugo = api.user("hugo").await;
            api.application("vpn", json!({"otp": true})).await;
            let table =
                "serial,secret,type,digits\n0041,GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ,hotp,6\nodd,x,totp,6\n";
            let came = api.admin("POST", "/tokens", json!({"content": table})).await;
            assert_eq!(
                (came.status, &came.body["brought"], &came.body["refused"][0]["serial"]),
                (200, &json!(1), &json!("odd")),
                "{}",
                came.text
            );
            let again = api.admin("POST", "/tokens", json!({"content": table})).await;
            assert_eq!(again.body["brought"], 0, "{}", again.text);
            let wish = json!({"serial": "0041", "reason": "asked for one"});
            let path = format!("/users/{hugo}/tokens");
            assert_eq!(api.admin("POST", &path, wish.clone()).await.status, 204);
            assert_eq!(api.admin("POST", &path, wish).await.status, 404, "it is his now");
            let secret = Secret::new(b"12345678901234567890".to_vec()).unwrap();
            let code = |counter| {
                let kind = Kind::Hotp { counter: Counter::new(counter).unwrap() };
                Otp::new(kind, secret.clone()).code(0).unwrap().as_str().to_owned()
            };
            assert_eq!(api.show(("hugo", "vpn"), &code(2)).await.body["stage"], "done");
            let detail = api.admin("GET", &format!("/users/{hugo}"), Value::Null).await;
            let binding = detail.body["bindings"][0]["id"].as_str().unwrap().to_owned();
            assert_eq!(detail.body["bindings"][0]["serial"], "0041");
            let path = format!("/users/{hugo}/bindings/{binding}");
            assert_eq!(api.admin("DELETE", &path, json!({"reason": "left"})).await.status, 204);
            let spare = api.admin("GET", "/tokens", Value::Null).await;
            assert_eq!(spare.body["items"][0]["serial"], "0041", "{}", spare.text);
            let ida = api.user("ida").await;
            let wish = json!({"serial": "0041", "application": "vpn", "reason": "next"});
            assert_eq!(api.admin("POST", &format!("/users/{ida}/tokens"), wish).await.status, 204);
            assert_eq!(
                api.show(("ida", "vpn"), &code(2)).await.status,
                401,
                "a code counts once, whoever has the token"
            );
            assert_eq!(api.show(("ida", "vpn"), &code(3)).await.body["stage"], "done");
        });
    }
}

#[test]
fn an_agreement_comes_first_and_again_after_each_change() {
    for database in Database::all() {
        run(async {
            let api = Api::over(&database).await;
            api.user("hugo").await;
            api.application("wiki", json!({})).await;
            let change = json!({"agreement": "Be kind."});
            assert_eq!(api.admin("PATCH", "/applications/wiki", change).await.status, 204);
            let begun = api.sign_in("hugo", "wiki").await;
            assert_eq!(
                (&begun.body["stage"], &begun.body["agreement"]["text"]),
                (&json!("agreement"), &json!("Be kind."))
            );
            let path = format!("/v1/sign-ins/{}/agreement", begun.body["id"].as_str().unwrap());
            assert_eq!(api.post(&path, json!({"version": 9})).await.status, 409);
            let done = api.post(&path, json!({"version": 1})).await;
            assert_eq!(
                (&done.body["stage"], &done.body["proof"]),
                (&json!("done"), &json!("not_asked")),
                "{}",
                done.text
            );
            assert_eq!(api.sign_in("hugo", "wiki").await.body["stage"], "done");
            api.admin("PATCH", "/applications/wiki", json!({"agreement": "Be very kind."})).await;
            assert_eq!(api.sign_in("hugo", "wiki").await.body["stage"], "agreement");
            api.admin("PATCH", "/applications/wiki", json!({"agreement": null})).await;
            assert_eq!(api.sign_in("hugo", "wiki").await.body["stage"], "done");
        });
    }
}

#[test]
fn a_key_that_was_revoked_opens_nothing() {
    for database in Database::all() {
        run(async {
            let api = Api::over(&database).await;
            api.application("vpn", json!({"otp": true})).await;
            let made = api.admin("POST", "/keys", json!({"name": "ci", "role": "viewer", "days": 1})).await;
            let key = made.body["key"].as_str().unwrap().to_owned();
            assert_eq!(api.call(("GET", "/v1/admin/users"), (&key, &[]), None).await.status, 200);
            api.clock.wait(24 * 3600);
            assert_eq!(
                api.call(("GET", "/v1/admin/users"), (&key, &[]), None).await.status,
                401,
                "its day is over"
            );
            let desk = api.key("desk", Role::Helpdesk).await;
            let keys = api.admin("GET", "/keys", Value::Null).await;
            let desk_id =
                keys.body.as_array().unwrap().iter().find(|one| one["name"] == "desk").unwrap()["id"].clone();
            assert!(!keys.text.contains("sesam_key_"), "{}", keys.text);
            let path = format!("/keys/{}", desk_id.as_str().unwrap());
            assert_eq!(api.admin("DELETE", &path, Value::Null).await.status, 204);
            assert_eq!(api.call(("GET", "/v1/admin/users"), (&desk, &[]), None).await.status, 401);
            assert_eq!(api.admin("DELETE", &path, Value::Null).await.status, 404);

            let made = api.admin("POST", "/applications/vpn/keys", json!({"name": "gate"})).await;
            let gate = made.body["key"].as_str().unwrap().to_owned();
            let body = json!({"user": "nobody", "code": "x"});
            let verify = |token: String| {
                let (api, body) = (&api, body.clone());
                async move { api.call(("POST", "/v1/verify"), (&token, &[]), Some(body)).await }
            };
            let first = verify(gate.clone()).await;
            assert_eq!((first.status, &first.body["type"]), (401, &json!("urn:sesamd:problem:refused")));
            let other = json!({"application": "sesamd", "user": "nobody", "code": "x"});
            assert_eq!(api.call(("POST", "/v1/verify"), (&gate, &[]), Some(other)).await.status, 403);
            let path = format!("/applications/vpn/keys/{}", made.body["id"].as_str().unwrap());
            assert_eq!(api.admin("DELETE", &path, Value::Null).await.status, 204);
            assert_eq!(verify(gate).await.body["type"], "urn:sesamd:problem:unauthenticated");
        });
    }
}
