//! What sesamd posts to others: one request over HTTPS, no redirects, no proxy, little patience. Blocking: who calls
//! from a future does so with `spawn_blocking`.

use std::{fs, path::Path, sync::Arc, time::Duration};

use ureq::{
    Agent,
    http::Uri,
    tls::{PemItem, RootCerts, TlsConfig, parse_pem},
    unversioned::{
        resolver::{DefaultResolver, Resolver},
        transport::DefaultConnector,
    },
};

use super::config::ConfigError;

/// One place to post to.
#[derive(Clone, Debug)]
pub struct Poster {
    agent: Agent,
    url: Uri,
}

/// Why something did not arrive, without a word of what it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NotPosted {
    /// It was answered with another status than 200 to 299.
    #[error("the answer was {0}")]
    Status(u16),
    /// It did not come so far.
    #[error("{0}")]
    Unreachable(String),
}

impl Poster {
    /// For an address of the settings. `resolver` decides where a name may lead.
    pub fn new(
        setting: &'static str,
        (url, ca_file): (&str, Option<&Path>),
        resolver: impl Resolver,
    ) -> Result<Self, ConfigError> {
        let url = parse(url).map_err(|reason| ConfigError::setting(setting, reason))?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = TlsConfig::builder()
            .root_certs(roots(setting, ca_file)?)
            .unversioned_rustls_crypto_provider(provider)
            .build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .https_only(true)
            .proxy(None)
            .max_redirects(0)
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE))
            .max_response_header_size(16 * 1024)
            .max_idle_connections(0) // the name is looked up each time
            .user_agent(concat!("sesamd/", env!("CARGO_PKG_VERSION")))
            .build();
        Ok(Self { agent: Agent::with_parts(config, DefaultConnector::new(), resolver), url })
    }

    /// Posts a body. What is answered besides the status is not read.
    pub fn post(&self, headers: &[(&str, &str)], body: &[u8]) -> Result<(), NotPosted> {
        let request = self.agent.post(&self.url);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let answer = request.send(body).map_err(|error| NotPosted::Unreachable(why(&error)))?;
        match answer.status().as_u16() {
            200..=299 => Ok(()),
            other => Err(NotPosted::Status(other)),
        }
    }
}

/// The system's own way to find addresses.
pub fn anywhere() -> impl Resolver {
    DefaultResolver::default()
}

/// An address that may be posted to, or why not.
pub fn parse(url: &str) -> Result<Uri, &'static str> {
    if url.chars().any(|c| c.is_control() || c.is_whitespace()) || url.contains(['\\', '#']) {
        return Err("has a character in it that no address has");
    }
    let uri: Uri = url.parse().map_err(|_| "is no address: https://HOST/PATH is one")?;
    let authority = uri.authority().ok_or("is no address: https://HOST/PATH is one")?;
    if authority.as_str().contains('@') {
        return Err("has a user in it: take away what stands before the @");
    }
    if uri.scheme_str() != Some("https") {
        return Err("is no https:// address: nothing is sent where others can read it");
    }
    if authority.host().is_empty() || (authority.as_str().contains("]:") && uri.port_u16().is_none()) {
        return Err("names no host");
    }
    Ok(uri)
}

fn roots(setting: &'static str, ca_file: Option<&Path>) -> Result<RootCerts, ConfigError> {
    let Some(path) = ca_file else { return Ok(RootCerts::PlatformVerifier) };
    let wrong =
        |what: String| ConfigError::setting(setting, format!("cannot trust {}: {what}", path.display()));
    let pem = fs::read(path).map_err(|error| wrong(error.to_string()))?;
    let mut trusted = Vec::new();
    for item in parse_pem(&pem) {
        if let PemItem::Certificate(one) = item.map_err(|_| wrong("it is no PEM".into()))? {
            trusted.push(one);
        }
    }
    if trusted.is_empty() { Err(wrong("no certificate is in it".into())) } else { Ok(trusted.into()) }
}

/// What went wrong, without addresses: they may have a key in them.
fn why(error: &ureq::Error) -> String {
    match error {
        ureq::Error::Timeout(_) => "it took too long".into(),
        ureq::Error::HostNotFound => "the host was not found, or leads where nothing is sent".into(),
        ureq::Error::Rustls(error) => format!("TLS failed: {error}"),
        ureq::Error::Io(error) => format!("the connection failed: {error}"),
        ureq::Error::ConnectionFailed => "nobody answers there".into(),
        _ => "the answer is no HTTP".into(),
    }
}

/// How long one request may take in all.
const PATIENCE: Duration = Duration::from_secs(15);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_and_nobody_before_the_host() {
        for url in [
            "https://sms.example.com/send",
            "https://sms.example.com:8443/a?key=1",
            "https://[2001:db8::1]/x",
            "https://example.com",
        ] {
            assert!(parse(url).is_ok(), "{url}");
        }
        for url in [
            "http://sms.example.com/",
            "HTTP://sms.example.com/",
            "https://user@example.com/",
            "https://user:word@example.com/",
            "https://",
            "https:///x",
            "https:example.com",
            "ftp://example.com/",
            "example.com",
            "/x",
            "",
            "https://example.com\\@evil.example/",
            "https://exa mple.com/",
            "https://example.com/\r\nx: y",
            "https://example.com/#x",
            "file:///etc/passwd",
        ] {
            assert!(parse(url).is_err(), "{url}");
        }
    }
}
