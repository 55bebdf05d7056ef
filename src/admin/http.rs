//! The one HTTP client: TLS always, but to this machine; no redirects; sizes and times bounded; and the one place
//! that refuses every change of a read-only profile.

use std::{io::Read, path::PathBuf, sync::Arc, time::Duration};

use serde::{Serialize, de::DeserializeOwned};
use ureq::{
    Agent, Body,
    http::{Response, StatusCode},
    tls::{Certificate, RootCerts, TlsConfig},
};
use zeroize::Zeroizing;

use super::error::AdminError;
use crate::text::safe_cut;

/// Where a server is and how it is asked.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// What people call it.
    pub name: String,
    /// Its address, without a slash at the end.
    pub url: String,
    /// Certificates that are trusted for it instead of the system's.
    pub ca_file: Option<PathBuf>,
    /// How long one request may take.
    pub timeout: Duration,
    /// Whether every change is refused here.
    pub read_only: bool,
}

/// A client of one server.
pub struct Http {
    endpoint: Endpoint,
    agent: Agent,
    stream: Agent,
    token: Zeroizing<String>,
}

/// A request that may change something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Creates, or does.
    Post,
    /// Sets.
    Put,
    /// Changes a part.
    Patch,
    /// Takes away.
    Delete,
}

impl Http {
    /// A client with a token; nothing is connected yet.
    pub fn new(endpoint: Endpoint, token: Zeroizing<String>) -> Result<Self, AdminError> {
        let tls = tls(&endpoint)?;
        let https_only = !endpoint.url.starts_with("http://");
        let config = |global| {
            let config = Agent::config_builder().tls_config(tls.clone()).https_only(https_only);
            let config = config.max_redirects(0).http_status_as_error(false).user_agent(AGENT);
            let config = config.timeout_connect(Some(endpoint.timeout)).timeout_global(global);
            config.max_response_header_size(64 * 1024).build()
        };
        let (agent, stream) = (config(Some(endpoint.timeout)).into(), config(None).into());
        Ok(Self { endpoint, agent, stream, token })
    }

    /// What people call the server.
    pub fn name(&self) -> &str {
        &self.endpoint.name
    }

    /// Reads.
    pub fn get<T: DeserializeOwned>(&self, path: &str, what: &str) -> Result<T, AdminError> {
        let request = self.agent.get(self.address(path)).header("authorization", self.bearer().as_str());
        let response = request.call().map_err(|error| self.failure(&error, false))?;
        self.read(response, what)
    }

    /// Reads a stream of lines. `each` returns `false` to end.
    pub fn lines(
        &self,
        path: &str,
        last: Option<&str>,
        each: &mut dyn FnMut(&str) -> bool,
    ) -> Result<(), AdminError> {
        let mut request = self.stream.get(self.address(path)).header("authorization", self.bearer().as_str());
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = request.call().map_err(|error| self.failure(&error, false))?;
        if response.status() != StatusCode::OK {
            return self.read::<serde_json::Value>(response, "stream").map(|_| ());
        }
        let reader = response.into_body().into_with_config().limit(u64::MAX).reader();
        self.split(reader, each)
    }

    /// Changes. A read-only profile sends nothing; what got no answer is not sent again.
    pub fn change<T: DeserializeOwned>(
        &self,
        (method, path): (Method, &str),
        headers: &[(&str, &str)],
        body: &impl Serialize,
    ) -> Result<Option<T>, AdminError> {
        if self.endpoint.read_only {
            return Err(AdminError::ReadOnly(self.endpoint.name.clone()));
        }
        let address = self.address(path);
        let request = match method {
            Method::Post => self.agent.post(address),
            Method::Put => self.agent.put(address),
            Method::Patch => self.agent.patch(address),
            Method::Delete => self.agent.delete(address).force_send_body(),
        };
        let mut request = request.header("authorization", self.bearer().as_str());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send_json(body).map_err(|error| self.failure(&error, true))?;
        if response.status() == StatusCode::NO_CONTENT {
            return Ok(None);
        }
        self.read(response, "it").map(Some)
    }

    fn address(&self, path: &str) -> String {
        format!("{}{path}", self.endpoint.url)
    }

    fn bearer(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("Bearer {}", self.token.as_str()))
    }

    fn read<T: DeserializeOwned>(&self, mut response: Response<Body>, what: &str) -> Result<T, AdminError> {
        let status = response.status();
        let kind = response.headers().get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or("");
        let is_json = kind.contains("json");
        let kind = if kind.contains("html") { "HTML".to_owned() } else { safe_cut(kind, 40) };
        let text = response.body_mut().with_config().limit(MOST).read_to_string();
        let text = text.map_err(|error| match error {
            ureq::Error::BodyExceedsLimit(_) => AdminError::TooLarge(self.endpoint.name.clone()),
            other => self.failure(&other, false),
        })?;
        let odd = |what: String| AdminError::NotUnderstood { server: self.endpoint.name.clone(), what };
        if !is_json {
            return Err(odd(format!(
                "status {}, {}",
                status.as_u16(),
                if kind.is_empty() { "no type" } else { &kind }
            )));
        }
        if status.is_success() {
            return serde_json::from_str(&text).map_err(|_| odd("another version of it".to_owned()));
        }
        Err(self.refusal(status, &text, what))
    }

    fn refusal(&self, status: StatusCode, text: &str, what: &str) -> AdminError {
        let server = self.endpoint.name.clone();
        let problem: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
        let said = |key: &str| problem[key].as_str().map(|text| safe_cut(text, 200));
        match status {
            StatusCode::UNAUTHORIZED => AdminError::LoggedOut { server },
            StatusCode::NOT_FOUND => AdminError::Missing { server, what: what.to_owned() },
            StatusCode::PRECONDITION_FAILED => AdminError::Changed(what.to_owned()),
            _ => {
                let why = said("detail").unwrap_or_else(|| format!("status {}", status.as_u16()));
                AdminError::Refused { server, why, right: said("role") }
            }
        }
    }

    fn failure(&self, error: &ureq::Error, changing: bool) -> AdminError {
        use ureq::{Error, Timeout};
        let server = self.endpoint.name.clone();
        let early = matches!(
            error,
            Error::HostNotFound
                | Error::ConnectionFailed
                | Error::Tls(_)
                | Error::Rustls(_)
                | Error::Timeout(Timeout::Resolve | Timeout::Connect)
        );
        match error {
            Error::Rustls(why) => AdminError::Certificate { server, why: safe_cut(&why.to_string(), 200) },
            Error::Io(why) if why.to_string().contains("certificate") => {
                AdminError::Certificate { server, why: safe_cut(&why.to_string(), 200) }
            }
            Error::Io(why) if why.kind() == std::io::ErrorKind::ConnectionRefused => {
                AdminError::Unreachable { server, why: "nobody listens there".to_owned() }
            }
            _ if changing && !early => AdminError::Unknown { server },
            other => AdminError::Unreachable { server, why: safe_cut(&other.to_string(), 200) },
        }
    }

    /// Lines of a stream, each of a bounded length.
    fn split(&self, mut reader: impl Read, each: &mut dyn FnMut(&str) -> bool) -> Result<(), AdminError> {
        let (mut line, mut chunk) = (Vec::new(), [0; 4096]);
        loop {
            let count = match reader.read(&mut chunk) {
                Ok(0) => return Ok(()),
                Ok(count) => count,
                Err(error) => {
                    let why = safe_cut(&error.to_string(), 200);
                    return Err(AdminError::Unreachable { server: self.endpoint.name.clone(), why });
                }
            };
            for byte in &chunk[..count] {
                if *byte != b'\n' {
                    line.push(*byte);
                } else if !each(String::from_utf8_lossy(&line).trim_end_matches('\r')) {
                    return Ok(());
                } else {
                    line.clear();
                }
            }
            if line.len() > MOST_LINE {
                return Err(AdminError::TooLarge(self.endpoint.name.clone()));
            }
        }
    }
}

impl std::fmt::Debug for Http {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Http").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}

/// What is trusted: the system's authorities, or those of one file and no others.
fn tls(endpoint: &Endpoint) -> Result<TlsConfig, AdminError> {
    let roots = match &endpoint.ca_file {
        None => RootCerts::PlatformVerifier,
        Some(path) => {
            let bad = |why: String| AdminError::Certificate { server: endpoint.name.clone(), why };
            let text = std::fs::read(path).map_err(|error| bad(format!("{}: {error}", path.display())))?;
            let found: Result<Vec<Certificate<'static>>, _> = ureq::tls::parse_pem(&text)
                .filter_map(|item| match item {
                    Ok(ureq::tls::PemItem::Certificate(certificate)) => Some(Ok(certificate)),
                    Ok(_) => None,
                    Err(error) => Some(Err(error)),
                })
                .collect();
            let found = found.map_err(|_| bad(format!("{} is no PEM", path.display())))?;
            RootCerts::Specific(Arc::new(found))
        }
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    Ok(TlsConfig::builder().root_certs(roots).unversioned_rustls_crypto_provider(provider).build())
}

const AGENT: &str = concat!("sesam/", env!("CARGO_PKG_VERSION"));
/// The largest answer.
const MOST: u64 = 16 * 1024 * 1024;
const MOST_LINE: usize = 256 * 1024;
