//! Keycloak as a place of the contract: the realm `corp`, whose users sign in at its own pages and are gone when the test
//! ends.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use serde_json::{Value, json};
use sesam::{
    admin::Provider,
    otp::{Otp, Secret},
};

use super::{
    super::foreign::Foreign,
    HELP_DESK,
    pages::{Browser, End},
    site::{self, PASSWORD, Site},
};
use crate::cli::sesam::until;

/// The one that runs, and the users of one test there.
pub(in crate::admin) struct Cloak {
    base: String,
    site: Mutex<Site>,
    /// Ids by name.
    users: Mutex<BTreeMap<String, String>>,
    /// Each is taken once.
    shown: Mutex<BTreeSet<String>>,
}

impl Cloak {
    /// The one that runs.
    pub(in crate::admin) fn find() -> Option<Arc<dyn Foreign>> {
        let site = Site::new()?;
        let base = site.base.clone();
        Some(Arc::new(Self { base, site: site.into(), users: Mutex::default(), shown: Mutex::default() }))
    }

    /// As the administrator of everything, at a user.
    #[track_caller]
    fn does(&self, method: &str, (user, end): (&str, &str), body: &Value) -> Value {
        let path = format!("/corp/users/{}{end}", self.users.lock().unwrap()[user]);
        self.site.lock().unwrap().does(method, &path, body)
    }

    fn sign_in(&self, user: &str, code: Option<&str>) -> End {
        Browser::sign_in(&self.base, "corp", (user, PASSWORD), code)
    }

    fn is_bound(&self, user: &str) -> bool {
        let all = self.does("GET", (user, "/credentials"), &Value::Null);
        all.as_array().unwrap().iter().any(|one| one["type"] == "otp")
    }
}

impl Drop for Cloak {
    fn drop(&mut self) {
        // A server that went away is no second panic.
        if std::thread::panicking() {
            return;
        }
        let site = self.site.get_mut().unwrap_or_else(PoisonError::into_inner);
        let users = self.users.get_mut().unwrap_or_else(PoisonError::into_inner);
        for id in users.values() {
            let _ = site.ask("DELETE", &format!("/corp/users/{id}"), &json!({}));
        }
    }
}

impl Foreign for Cloak {
    fn desk(&self) -> Arc<dyn Provider> {
        self.site.lock().unwrap().desk("corp", HELP_DESK)
    }

    fn user(&self) -> String {
        let name = site::unique("place");
        let body = json!({
            "username": name, "enabled": true, "email": format!("{name}@example.org"), "emailVerified": true,
            "firstName": "Tess", "lastName": "Example", "requiredActions": ["CONFIGURE_TOTP"],
            "credentials": [{"type": "password", "value": PASSWORD}],
        });
        let place = self.site.lock().unwrap().does("POST", "/corp/users", &body);
        let id = place.as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        self.users.lock().unwrap().insert(name.clone(), id);
        name
    }

    /// Without a name, as those who bind at the pages may leave it.
    fn bind(&self, user: &str) -> Otp {
        let letters = site::unique("letters-of-a-secret");
        let body = json!({"credentials": [site::otp_credential("", &letters)], "requiredActions": []});
        self.does("PUT", (user, ""), &body);
        Otp::totp(Secret::new(letters.into_bytes()).unwrap())
    }

    /// This step's, or the next one's: the one before might be over when it is shown.
    fn code(&self, otp: &Otp) -> String {
        let (mut shown, mut free) = (self.shown.lock().unwrap(), None);
        until("a step whose code was not shown", || {
            free = [0, 1].map(|step| site::code(otp, step)).into_iter().find(|code| !shown.contains(code));
            free.is_some()
        });
        let code = free.unwrap();
        shown.insert(code.clone());
        code
    }

    fn begin(&self, user: &str) -> String {
        match self.sign_in(user, None) {
            End::CodeAsked => "second_step".to_owned(),
            End::SetUpAsked => "binding".to_owned(),
            // With an authenticator, nothing but a bypass leads there by the password alone.
            End::SignedIn => if self.is_bound(user) { "bypass" } else { "done" }.to_owned(),
            End::PasswordRefused | End::CodeRefused => "refused".to_owned(),
            End::Page(words) => words,
        }
    }

    fn show(&self, user: &str, code: &str) -> String {
        match self.sign_in(user, Some(code)) {
            End::SignedIn => "done".to_owned(),
            other => format!("{other:?}"),
        }
    }

    fn tries(&self) -> usize {
        6
    }

    fn reset(&self) -> &'static [&'static str] {
        &[
            "set CONFIGURE_TOTP: the next sign-in leads to binding",
            "delete binding #1 TOTP",
            "end 1 open session",
            "be kept as admin events",
        ]
    }

    fn unlock(&self) -> &'static [&'static str] {
        &["end the lock that lasts until", "forget 6 wrong tries", "be kept as admin events"]
    }
}
