//! The one HTTP client: TLS always, but to this machine; no redirects; sizes and times bounded; and the one place
//! that refuses every change of a read-only profile.

use std::{io::Read, path::PathBuf, time::Duration};

use serde::{Serialize, de::DeserializeOwned};
use ureq::{
    Agent, Body, Proxy,
    config::Config,
    http::{Response, StatusCode},
    unversioned::{
        resolver::DefaultResolver,
        transport::{ConnectProxyConnector, Connector, TcpConnector},
    },
};
use zeroize::Zeroizing;

use super::{
    address::encoded,
    answer::{Answer, Asked},
    bearer::{Bearer, Token},
    certificate::{Certificate, Fingerprint},
    error::AdminError,
    tls::{Shown, Tls, Trust},
};

/// Where a server is and how it is asked.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// What people call it.
    pub name: String,
    /// Its address, without a slash at the end.
    pub url: String,
    /// Certificates that are trusted for it instead of the system's.
    pub ca_file: Option<PathBuf>,
    /// The one certificate that is trusted for it instead of all others.
    pub pin: Option<Fingerprint>,
    /// How long one request may take.
    pub timeout: Duration,
    /// Whether every change is refused here.
    pub read_only: bool,
}

/// A client of one server.
pub struct Http {
    endpoint: Endpoint,
    reader: Agent,
    changer: Agent,
    stream: Agent,
    shown: Option<Shown>,
    bearer: Bearer,
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

/// A change on its way: how, where, and what people call what is changed.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// How.
    pub method: Method,
    /// Where.
    pub path: &'a str,
    /// What is changed: `user "alan"`.
    pub what: &'a str,
    /// Headers besides the token.
    pub headers: &'a [(&'a str, &'a str)],
}

impl Http {
    /// A client with a token; nothing is connected yet.
    pub fn new(endpoint: Endpoint, token: Zeroizing<String>) -> Result<Self, AdminError> {
        Self::with(endpoint, Bearer::fixed(token))
    }

    /// A client that asks with what a bearer gives.
    pub fn with(endpoint: Endpoint, bearer: Bearer) -> Result<Self, AdminError> {
        let plain = endpoint.url.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("http://"));
        if plain && !crate::config::is_this_machine(&endpoint.url) {
            return Err(AdminError::Unencrypted(endpoint.name));
        }
        let trust = match (&endpoint.pin, &endpoint.ca_file) {
            (Some(pin), _) => Trust::Pin(*pin),
            (None, Some(path)) => Trust::File(path),
            (None, None) => Trust::System,
        };
        let bad = |why| AdminError::Certificate { server: endpoint.name.clone(), why };
        let mut shown = None;
        let mut agent = |config: Config| {
            let tcp = ().chain(ConnectProxyConnector::default()).chain(TcpConnector::default());
            if plain {
                return Ok(Agent::with_parts(config, tcp, DefaultResolver::default()));
            }
            let tls = Tls::new(trust).map_err(bad)?;
            shown = Some(tls.shown());
            Ok(Agent::with_parts(config, tcp.chain(tls), DefaultResolver::default()))
        };
        let changer = agent(config(&endpoint, plain, Span::Whole { kept: 0 }))?;
        let stream = agent(config(&endpoint, plain, Span::Stream))?;
        let reader = agent(config(&endpoint, plain, Span::Whole { kept: 8 }))?;
        Ok(Self { endpoint, reader, changer, stream, shown, bearer })
    }

    /// What people call the server.
    pub fn name(&self) -> &str {
        &self.endpoint.name
    }

    /// The certificate that the server showed last, where it was trusted.
    pub fn certificate(&self) -> Option<Certificate> {
        self.shown.as_ref()?.certificate()
    }

    /// Knocks: a connection and a request without the token, so that the certificate shows. What is answered does not
    /// matter.
    pub fn knock(&self) -> Result<(), AdminError> {
        let asked = Asked { server: self.name(), what: "it", changing: false };
        self.reader.get(self.address("/")).call().map(|_| ()).map_err(|error| asked.failure(&error))
    }

    /// Reads.
    pub fn get<T: DeserializeOwned>(&self, path: &str, what: &str) -> Result<T, AdminError> {
        let asked = Asked { server: self.name(), what, changing: false };
        let ask = |token: &Token| {
            let request =
                self.reader.get(self.address(path)).header("authorization", self.bearer.said(token).as_str());
            request.call().and_then(whole).map_err(|error| asked.failure(&error))
        };
        let token = self.bearer.token()?;
        let mut answer = ask(&token)?;
        if answer.status == StatusCode::UNAUTHORIZED && self.bearer.ended(&token) {
            answer = ask(&self.bearer.token()?)?;
        }
        asked.value(&answer)
    }

    /// Says who signs in: the one request without a token, and no change, so that who may only read can sign in too.
    pub(super) fn sign_in<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, AdminError> {
        let asked = Asked { server: self.name(), what: "sign-in", changing: false };
        let response = self.changer.post(self.address(path)).send_json(body);
        asked.value(&response.and_then(whole).map_err(|error| asked.failure(&error))?)
    }

    /// The same as a form, as OAuth has it: the status and what was said, which is JSON whatever the status. `basic` is
    /// what stands in the header where a client shows its secret there.
    pub(super) fn form(
        &self,
        path: &str,
        (fields, basic): (&[(&str, &str)], Option<&str>),
    ) -> Result<(u16, serde_json::Value), AdminError> {
        let asked = Asked { server: self.name(), what: "sign-in", changing: false };
        let pairs = fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
        let body = Zeroizing::new(pairs.collect::<Vec<_>>().join("&"));
        let mut request = self.changer.post(self.address(path)).header("content-type", FORM);
        if let Some(basic) = basic {
            request = request.header("authorization", basic);
        }
        let answer = request.send(body.as_str()).and_then(whole).map_err(|error| asked.failure(&error))?;
        let said = answer.json().filter(|_| answer.status.is_client_error());
        Ok((answer.status.as_u16(), said.map_or_else(|| asked.value(&answer), Ok)?))
    }

    /// Reads a stream of lines. `each` returns `false` to end. A first comment of ours says that the stream is open.
    pub fn lines(
        &self,
        path: &str,
        last: Option<&str>,
        each: &mut dyn FnMut(&str) -> bool,
    ) -> Result<(), AdminError> {
        let asked = Asked { server: self.name(), what: "stream", changing: false };
        let ask = |token: &Token| {
            let mut request =
                self.stream.get(self.address(path)).header("authorization", self.bearer.said(token).as_str());
            if let Some(last) = last {
                request = request.header("last-event-id", last);
            }
            request.call().map_err(|error| asked.failure(&error))
        };
        let token = self.bearer.token()?;
        let mut response = ask(&token)?;
        if response.status() == StatusCode::UNAUTHORIZED && self.bearer.ended(&token) {
            response = ask(&self.bearer.token()?)?;
        }
        let kind = response.headers().get("content-type").and_then(|kind| kind.to_str().ok());
        if response.status() != StatusCode::OK || !kind.is_some_and(|kind| kind.contains("event-stream")) {
            let answer = whole(response).map_err(|error| asked.failure(&error))?;
            asked.value::<serde_json::Value>(&answer)?;
            let (server, what) = (self.name().to_owned(), "no stream".to_owned());
            return Err(AdminError::NotUnderstood { server, what });
        }
        if !each(":") {
            return Ok(());
        }
        let reader = response.into_body().into_with_config().limit(u64::MAX).reader();
        self.split(reader, each)
    }

    /// Changes. A read-only profile sends nothing; what got no answer is not sent again.
    pub fn change<T: DeserializeOwned>(
        &self,
        wanted: Request<'_>,
        body: &impl Serialize,
    ) -> Result<Option<T>, AdminError> {
        if self.endpoint.read_only {
            return Err(AdminError::ReadOnly(self.endpoint.name.clone()));
        }
        let asked = Asked { server: self.name(), what: wanted.what, changing: true };
        let address = self.address(wanted.path);
        let request = match wanted.method {
            Method::Post => self.changer.post(address),
            Method::Put => self.changer.put(address),
            Method::Patch => self.changer.patch(address),
            Method::Delete => self.changer.delete(address).force_send_body(),
        };
        let token = self.bearer.token()?;
        let mut request = request.header("authorization", self.bearer.said(&token).as_str());
        for (name, value) in wanted.headers {
            request = request.header(*name, *value);
        }
        let response = request.send_json(body).map_err(|error| asked.failure(&error))?;
        match response.status() {
            StatusCode::NO_CONTENT => return Ok(None),
            // Refused and not repeated: the next question signs in anew.
            StatusCode::UNAUTHORIZED => drop(self.bearer.ended(&token)),
            _ => {}
        }
        let answer = whole(response).map_err(|error| asked.failure(&error))?;
        asked.value(&answer).map(Some)
    }

    fn address(&self, path: &str) -> String {
        format!("{}{path}", self.endpoint.url)
    }

    /// Lines of a stream, each of a bounded length.
    fn split(&self, mut reader: impl Read, each: &mut dyn FnMut(&str) -> bool) -> Result<(), AdminError> {
        let asked = Asked { server: self.name(), what: "stream", changing: false };
        let (mut line, mut chunk) = (Vec::new(), [0; 4096]);
        loop {
            let count = match reader.read(&mut chunk) {
                Ok(0) => return Ok(()),
                Ok(count) => count,
                Err(error) => return Err(asked.failure(&error.into())),
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

/// How long an answer may take.
#[derive(Clone, Copy)]
enum Span {
    /// All of it within the profile's time; so many connections are kept for the next question.
    Whole { kept: usize },
    /// It goes on as long as something comes.
    Stream,
}

/// Nothing that is not encrypted goes through a proxy: it is for this machine.
fn config(endpoint: &Endpoint, plain: bool, span: Span) -> Config {
    let timeout = endpoint.timeout;
    let config = Agent::config_builder().https_only(!plain).user_agent(AGENT).http_status_as_error(false);
    let config = config.max_redirects(0).max_redirects_will_error(false).max_response_header_size(64 * 1024);
    let config = config.proxy(if plain { None } else { Proxy::try_from_env() });
    // A little earlier than the whole, so that it shows when nothing was sent yet.
    let config = config.timeout_resolve(Some(timeout * 4 / 5)).timeout_connect(Some(timeout * 4 / 5));
    match span {
        Span::Whole { kept } => {
            let config = config.max_idle_connections(kept).max_idle_connections_per_host(kept);
            config.timeout_global(Some(timeout)).build()
        }
        Span::Stream => {
            let config = config.max_idle_connections(0).timeout_recv_response(Some(timeout));
            config.timeout_per_read(Some(SILENCE)).build()
        }
    }
}

fn whole(mut response: Response<Body>) -> Result<Answer, ureq::Error> {
    let (status, headers) = (response.status(), response.headers().clone());
    let body = response.body_mut().with_config().limit(MOST).read_to_vec()?;
    Ok(Answer { status, headers, body })
}

const FORM: &str = "application/x-www-form-urlencoded";
const AGENT: &str = concat!("sesam/", env!("CARGO_PKG_VERSION"));
/// The largest answer.
const MOST: u64 = 16 * 1024 * 1024;
const MOST_LINE: usize = 256 * 1024;
/// For how long a stream may say nothing: servers send an empty line every 15 s.
const SILENCE: Duration = Duration::from_mins(1);
