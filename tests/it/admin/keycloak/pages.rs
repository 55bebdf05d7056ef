//! Signing in at Keycloak's own pages, as a browser does: the proof of a reset, a bypass, a lock.

use std::collections::BTreeMap;

use ureq::Agent;

/// Where a sign-in ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    CodeAsked,
    CodeRefused,
    PasswordRefused,
    SetUpAsked,
    SignedIn,
    /// Somewhere else: its words.
    Page(String),
}

/// A browser with nothing but cookies, which are kept by hand: Keycloak marks them Secure, on loopback HTTP too.
pub(super) struct Browser {
    agent: Agent,
    cookies: BTreeMap<String, String>,
    /// `http://127.0.0.1:18080`, for links without it.
    origin: String,
}

/// An answer: where it leads on, and its text.
struct Seen {
    next: Option<String>,
    text: String,
}

const BACK: &str = "http://127.0.0.1:18099/cb";

impl Browser {
    pub(super) fn new() -> Self {
        let config = Agent::config_builder().http_status_as_error(false).max_redirects(0);
        Self {
            agent: config.max_redirects_will_error(false).build().into(),
            cookies: BTreeMap::new(),
            origin: String::new(),
        }
    }

    /// Signs in to the application `shop`; a code is shown once.
    pub(super) fn sign_in(
        base: &str,
        realm: &str,
        (user, password): (&str, &str),
        code: Option<&str>,
    ) -> End {
        let address = format!(
            "{base}/realms/{realm}/protocol/openid-connect/auth?client_id=shop&response_type=code&scope=openid&redirect_uri={}",
            BACK.replace(':', "%3A").replace('/', "%2F")
        );
        Self::new().walk(&address, (user, password), code)
    }

    /// Lets a device in that shows this link, as this user; whether the pages said that it is done.
    pub(super) fn lets_in(link: &str, who: (&str, &str), code: Option<&str>) -> bool {
        matches!(Self::new().walk(link, who, code), End::Page(words) if words.contains("Login Successful"))
    }

    fn walk(mut self, address: &str, (user, password): (&str, &str), mut code: Option<&str>) -> End {
        let (mut seen, mut was_shown, mut was_typed) = (self.go(address, &[]), false, false);
        for _ in 0..20 {
            let text = seen.text.as_str();
            let action = action(text);
            seen = match (&seen.next, action) {
                (Some(next), _) if next.starts_with(BACK) => {
                    return if next.contains("code=") { End::SignedIn } else { End::Page(next.clone()) };
                }
                (Some(next), _) => {
                    let next = next.clone();
                    self.go(&next, &[])
                }
                (None, Some(_)) if text.contains("name=\"totpSecret\"") => return End::SetUpAsked,
                (None, Some(action)) if text.contains("name=\"otp\"") => match code.take() {
                    Some(digits) => {
                        was_shown = true;
                        self.go(&action, &[("otp", digits)])
                    }
                    None => return if was_shown { End::CodeRefused } else { End::CodeAsked },
                },
                (None, Some(action)) if text.contains("name=\"password\"") => {
                    if was_typed {
                        return End::PasswordRefused;
                    }
                    was_typed = true;
                    self.go(&action, &[("username", user), ("password", password), ("credentialId", "")])
                }
                (None, Some(action)) if text.contains("name=\"accept\"") => {
                    let hidden = between(text, "name=\"code\" value=\"", "\"").unwrap_or_default().to_owned();
                    self.go(&action, &[("accept", "Yes"), ("code", &hidden)])
                }
                _ => return End::Page(words(text)),
            };
        }
        End::Page("no end".to_owned())
    }

    fn go(&mut self, address: &str, form: &[(&str, &str)]) -> Seen {
        let address =
            if address.starts_with('/') { format!("{}{address}", self.origin) } else { address.to_owned() };
        self.origin = address.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let cookies = cookies.join("; ");
        let answer = if form.is_empty() {
            self.agent.get(address).header("cookie", cookies).call()
        } else {
            self.agent.post(address).header("cookie", cookies).send_form(form.iter().copied())
        };
        let mut answer = answer.unwrap();
        for line in answer.headers().get_all("set-cookie") {
            let line = line.to_str().unwrap();
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            if value.is_empty() || line.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let next = answer.headers().get("location").map(|place| place.to_str().unwrap().to_owned());
        Seen { next, text: answer.body_mut().read_to_string().unwrap() }
    }
}

/// Where the first form of a page leads.
fn action(text: &str) -> Option<String> {
    let form = &text[text.find("<form")?..];
    Some(between(form, "action=\"", "\"")?.replace("&amp;", "&"))
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let rest = &text[text.find(before)? + before.len()..];
    Some(&rest[..rest.find(after)?])
}

/// The words of a page.
fn words(text: &str) -> String {
    let body = text.find("<body").map_or(text, |at| &text[at..]);
    let (mut plain, mut inside) = (String::new(), false);
    for character in body.chars() {
        match character {
            '<' => inside = true,
            '>' => {
                inside = false;
                plain.push(' ');
            }
            _ if !inside => plain.push(character),
            _ => {}
        }
    }
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}
