//! Ways in: a client with its secret, a person with a password and a passcode, a person with a browser.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use serde_json::{Value, json};
use sesam::{
    admin::{
        connect::{Door, Own, PersonalDoor, Profile, RealDoor, Wanted},
        error::AdminError,
        keycloak::device::Visit,
    },
    config::{Server, TokenSource},
};
use zeroize::Zeroizing;

use super::{
    HELP_DESK,
    pages::Browser,
    site::{PASSWORD, Site, Someone, code, profile},
};

/// Opens a link; whether it let the device in.
type Opens = dyn Fn(&str) -> bool + Send + Sync;

/// A person at the program.
struct Hugo {
    code: Option<String>,
    asked: AtomicUsize,
    /// What opens the links.
    browser: Option<Box<Opens>>,
}

impl Own for Hugo {
    fn token(&self, _: &str) -> Result<Zeroizing<String>, String> {
        Err("there is no vault".to_owned())
    }

    fn code(&self, _: &Profile, _: bool) -> Result<Option<Zeroizing<String>>, String> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        Ok(self.code.clone().map(Zeroizing::new))
    }

    fn visit(&self, _: &Profile, visit: &Visit) -> Result<Wanted, String> {
        let is_good = self.browser.as_ref().is_some_and(|browser| browser(&visit.link));
        Ok(Box::new(move || is_good))
    }
}

fn open(server: Server, hugo: &Arc<Hugo>) -> Result<String, AdminError> {
    let way = RealDoor { credentials: None, attended: false };
    let own: Arc<dyn Own> = Arc::clone(hugo) as Arc<dyn Own>;
    let desk = PersonalDoor { way, own }.open(&profile(server))?;
    desk.overview().map(|seen| seen.actor)
}

/// A user who may administer the realm.
fn administrator(site: &Site, with_otp: bool) -> Someone<'_> {
    let user = site.user("corp", with_otp);
    let clients = site.does("GET", "/corp/clients?clientId=realm-management", &Value::Null);
    let client = clients[0]["id"].as_str().unwrap();
    let mut roles = vec![];
    for name in ["view-users", "view-realm"] {
        roles.push(site.does("GET", &format!("/corp/clients/{client}/roles/{name}"), &Value::Null));
    }
    site.does("POST", &user.path(&format!("/role-mappings/clients/{client}")), &json!(roles));
    user
}

#[test]
fn a_person_signs_in_with_password_and_passcode() {
    let Some(site) = Site::new() else { return };
    let user = administrator(&site, true);
    let server = |password: &str| Server {
        url: site.base.clone(),
        realm: Some("corp".to_owned()),
        client_id: Some("sesam-cli".to_owned()),
        user: Some(user.name.clone()),
        token: site.secret(password),
        ..Server::default()
    };
    let hugo = |code: Option<String>| Arc::new(Hugo { code, asked: AtomicUsize::new(0), browser: None });
    let own = hugo(Some(code(&user.otp, 0)));
    assert_eq!(open(server(PASSWORD), &own), Ok(user.name.clone()));
    assert_eq!(own.asked.load(Ordering::SeqCst), 1);
    for (own, password) in
        [(hugo(Some("000000".into())), PASSWORD), (hugo(None), PASSWORD), (hugo(None), "wrong")]
    {
        let refused = open(server(password), &own).unwrap_err();
        assert!(
            matches!(&refused, AdminError::SignIn { why, .. } if why.contains("password or the passcode is wrong")),
            "{refused}"
        );
        assert!(!format!("{refused:?}").contains(PASSWORD));
    }
    let everything = Server {
        auth_realm: Some("master".to_owned()),
        client_id: None,
        user: Some("admin".to_owned()),
        token: site.secret("adminpw"),
        ..server(PASSWORD)
    };
    assert_eq!(open(everything, &hugo(None)), Ok("admin".to_owned()));
}

#[test]
fn a_person_signs_in_with_a_browser() {
    let Some(site) = Site::new() else { return };
    let user = administrator(&site, true);
    let (name, digits) = (user.name.clone(), code(&user.otp, 0));
    let browser = move |link: &str| Browser::lets_in(link, (&name, PASSWORD), Some(&digits));
    let own = Arc::new(Hugo { code: None, asked: AtomicUsize::new(0), browser: Some(Box::new(browser)) });
    let server = Server {
        url: site.base.clone(),
        realm: Some("corp".to_owned()),
        client_id: Some("sesam-cli".to_owned()),
        token: TokenSource::Device,
        ..Server::default()
    };
    assert_eq!(open(server.clone(), &own), Ok(user.name.clone()));
    let nobody = Arc::new(Hugo { code: None, asked: AtomicUsize::new(0), browser: None });
    let refused = open(server.clone(), &nobody).unwrap_err();
    assert!(refused.to_string().contains("nobody wanted it any more"), "{refused}");
    let other = Server { client_id: Some("shop".to_owned()), ..server };
    let refused = open(other, &nobody).unwrap_err();
    assert!(refused.to_string().contains("Device Authorization Grant"), "{refused}");
}

#[test]
fn what_is_wrong_at_the_door_is_told() {
    let Some(site) = Site::new() else { return };
    let open = |realm: &str, client: (&str, &str)| site.desk(realm, client).overview().unwrap_err();
    let wrong = open("corp", ("sesam", "another-secret"));
    assert!(
        matches!(&wrong, AdminError::SignIn { why, .. } if why.contains("its secret is wrong")),
        "{wrong}"
    );
    let missing = open("nowhere", HELP_DESK);
    assert!(matches!(&missing, AdminError::Missing { what, .. } if what == "realm \"nowhere\""), "{missing}");
    let server = Server { url: site.base.clone(), token: site.secret("x"), ..Server::default() };
    let own = Arc::new(Hugo { code: None, asked: AtomicUsize::new(0), browser: None });
    let refused = super::doors::open(server.clone(), &own).unwrap_err();
    assert_eq!(refused.to_string(), "the profile of kc names no realm");
    let server = Server { realm: Some("corp".into()), ..server };
    assert!(super::doors::open(server, &own).unwrap_err().to_string().contains("names no client"));
    let desk = site.opens(&format!("{}/auth", site.base), ("corp", HELP_DESK)).unwrap();
    let refused = desk.overview().unwrap_err();
    assert!(matches!(refused, AdminError::Missing { .. } | AdminError::NotUnderstood { .. }), "{refused}");
}

#[test]
fn a_secret_with_odd_letters_is_taken_whole() {
    let Some(site) = Site::new() else { return };
    let (id, secret) = (super::site::unique("c:l/i ent"), "s+e c%r:e&t=ü");
    let body = json!({"clientId": id, "secret": secret, "serviceAccountsEnabled": true, "publicClient": false,
        "standardFlowEnabled": false});
    let place = site.does("POST", "/corp/clients", &body);
    let path = format!("/corp/clients/{}", place.as_str().unwrap().rsplit('/').next().unwrap());
    let seen = site.desk("corp", (&id, secret)).overview();
    site.does("DELETE", &path, &json!({}));
    assert!(
        matches!(&seen, Err(AdminError::NotAllowed { right, .. }) if right == "view-users"),
        "signed in: {seen:?}"
    );
}
