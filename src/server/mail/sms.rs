//! SMS by a gateway that is posted to.

use std::{io, sync::Arc};

use zeroize::Zeroizing;

use super::NotSent;
use crate::server::{
    config::{ConfigError, Sms},
    https::{self, NotPosted, Poster},
    seal::secret_file,
    store::letters::Letter,
};

/// A gateway that takes our SMS.
#[derive(Clone)]
pub struct Gateway {
    poster: Poster,
    body: Arc<str>,
    authorization: Option<Zeroizing<String>>,
}

impl Gateway {
    /// From the settings. Nothing is connected yet.
    pub fn new(sms: &Sms) -> Result<Self, ConfigError> {
        let poster = Poster::new("sms.url", (&sms.url, sms.ca_file.as_deref()), https::anywhere())?;
        let whole = ["{to}", "{text}"].iter().all(|part| sms.body.contains(part));
        if !whole || serde_json::from_str::<serde_json::Value>(&filled(&sms.body, ("1", "a"))).is_err() {
            let reason =
                "is no JSON with \"{to}\" and \"{text}\" in it: put both where number and text belong";
            return Err(ConfigError::setting("sms.body", reason));
        }
        let wrong = |error: io::Error| {
            ConfigError::setting("sms.authorization_file", format!("cannot be read: {error}"))
        };
        let authorization = sms.authorization_file.as_deref().map(secret_file::read).transpose();
        let authorization = authorization.map_err(wrong)?;
        if authorization.as_ref().is_some_and(|value| !value.bytes().all(|b| (b' '..=b'~').contains(&b))) {
            let reason = "has more than one line in it, or what no header may have";
            return Err(ConfigError::setting("sms.authorization_file", reason));
        }
        Ok(Self { poster, body: sms.body.as_str().into(), authorization })
    }

    /// Hands a letter over.
    pub async fn send(&self, letter: &Letter) -> Result<(), NotSent> {
        let (gateway, letter) = (self.clone(), letter.clone());
        let posted = tokio::task::spawn_blocking(move || gateway.post(&letter)).await;
        match posted {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(NotSent::NotNow(format!("the SMS gateway: {error}"))),
            Err(_) => Err(NotSent::NotNow("the SMS gateway was not asked".into())),
        }
    }

    fn post(&self, letter: &Letter) -> Result<(), NotPosted> {
        let body = Zeroizing::new(filled(&self.body, (&letter.to, &letter.text)));
        let mut headers = vec![("content-type", "application/json")];
        headers.extend(self.authorization.as_ref().map(|value| ("authorization", value.as_str())));
        self.poster.post(&headers, body.as_bytes())
    }
}

/// The body with number and text in it. What stands in them is not looked into again.
fn filled(body: &str, (to, text): (&str, &str)) -> String {
    let mut filled = String::with_capacity(body.len() + to.len() + text.len());
    let mut rest = body;
    while let Some(at) = rest.find('{') {
        filled.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("{to}") {
            filled.push_str(&inside(to));
            rest = after;
        } else if let Some(after) = rest.strip_prefix("{text}") {
            filled.push_str(&inside(text));
            rest = after;
        } else {
            filled.push('{');
            rest = &rest[1..];
        }
    }
    filled + rest
}

/// A text as it stands between the quotes of JSON.
fn inside(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

impl std::fmt::Debug for Gateway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Gateway(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sms(url: &str, body: &str) -> Sms {
        Sms { url: url.into(), body: body.into(), authorization_file: None, ca_file: None }
    }

    #[test]
    fn number_and_text_are_filled_in_once_and_as_json() {
        let body = r#"{"messages": [{"to": "{to}", "body": "{text}"}], "x": "{"}"#;
        let filled = filled(body, ("+49 1\"", "{to}\n\"quoted\" \\ 123"));
        let read: serde_json::Value = serde_json::from_str(&filled).unwrap();
        assert_eq!(read["messages"][0]["to"], "+49 1\"");
        assert_eq!(read["messages"][0]["body"], "{to}\n\"quoted\" \\ 123");
    }

    #[test]
    fn a_wrong_gateway_is_refused() {
        let (url, body) = ("https://sms.example.com/send", r#"{"to": "{to}", "text": "{text}"}"#);
        assert!(Gateway::new(&sms(url, body)).is_ok());
        let wrong = |sms: &Sms| Gateway::new(sms).unwrap_err().to_string();
        assert!(wrong(&sms("http://sms.example.com/", body)).starts_with("sms.url is no https://"));
        assert!(wrong(&sms(url, r#"{"to": "{to}"}"#)).starts_with("sms.body is no JSON"));
        assert!(wrong(&sms(url, "to={to}&text={text}")).starts_with("sms.body is no JSON"));
        let trust = Sms { ca_file: Some("/nowhere/x".into()), ..sms(url, body) };
        assert!(wrong(&trust).contains("cannot trust"));
    }
}
