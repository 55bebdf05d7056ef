//! What a server's answer means: the value that was asked for, or why there is none. One table for every status.
//!
//! Whoever changed something and got no answer that says so is told that the outcome is not known; whoever only read
//! is told what came instead.

use serde::de::DeserializeOwned;
use ureq::http::{HeaderMap, StatusCode, header};

use super::{error::AdminError, tls::TlsFault};
use crate::text::safe_cut;

/// What was asked for, in words for people, and of whom.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    /// What people call the server.
    pub(super) server: &'a str,
    /// What it is about: `user "alan"`.
    pub(super) what: &'a str,
    /// Whether it was to change something.
    pub(super) changing: bool,
}

/// A whole answer.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Asked<'_> {
    /// The value in an answer.
    pub(super) fn value<T: DeserializeOwned>(&self, answer: &Answer) -> Result<T, AdminError> {
        if answer.status.is_redirection() {
            return Err(self.redirected(answer));
        }
        let kind = answer.text(&header::CONTENT_TYPE);
        if !kind.contains("json") {
            let kind = match kind {
                "" => "no type".to_owned(),
                html if html.contains("html") => "HTML".to_owned(),
                other => safe_cut(other, 40),
            };
            return Err(self.odd(answer.status, format!("status {}, {kind}", answer.status.as_u16())));
        }
        if !answer.status.is_success() {
            return Err(self.refusal(answer));
        }
        serde_json::from_slice(&answer.body).map_err(|error| {
            let what = if error.is_eof() {
                "an answer that breaks off".to_owned()
            } else {
                let detail = error.to_string();
                let detail = detail.split(" at line ").next().unwrap_or_default();
                format!("perhaps another version of it: {}", safe_cut(detail, 80))
            };
            self.odd(answer.status, what)
        })
    }

    /// Something that is no answer of the API. A change may have happened behind what answered, unless that says no.
    fn odd(&self, status: StatusCode, what: String) -> AdminError {
        let server = self.server.to_owned();
        let says_no = status.is_client_error() && status != StatusCode::REQUEST_TIMEOUT;
        if self.changing && !says_no {
            return AdminError::Unknown { server };
        }
        AdminError::NotUnderstood { server, what }
    }

    /// Nothing is asked for elsewhere: the token is this server's alone.
    fn redirected(&self, answer: &Answer) -> AdminError {
        let to = safe_cut(answer.text(&header::LOCATION), 100);
        let what = match to.as_str() {
            "" => "a redirect".to_owned(),
            to => format!("a redirect to {to}, which was not followed"),
        };
        // After a change "see other" may mean that it was made.
        if self.changing && answer.status == StatusCode::SEE_OTHER {
            return AdminError::Unknown { server: self.server.to_owned() };
        }
        AdminError::NotUnderstood { server: self.server.to_owned(), what }
    }

    fn refusal(&self, answer: &Answer) -> AdminError {
        let (server, what) = (self.server.to_owned(), self.what.to_owned());
        let problem: serde_json::Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let said = |key: &str| problem[key].as_str().map(|text| safe_cut(text, 200));
        let kind = problem["type"].as_str().and_then(|kind| kind.rsplit(':').next()).unwrap_or_default();
        let status = answer.status;
        let why = reason(&problem).unwrap_or_else(|| format!("status {}", status.as_u16()));
        match status {
            StatusCode::UNAUTHORIZED => AdminError::LoggedOut { server },
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED if kind == "nowhere" => {
                let what = "it does not know this request: perhaps it is another version".to_owned();
                AdminError::NotUnderstood { server, what }
            }
            // As Keycloak says that the path is none of its own, or leads to no realm.
            StatusCode::NOT_FOUND if why.starts_with("Realm ") => {
                let what = "realm of that name: see realm in the profile".to_owned();
                AdminError::Missing { server, what }
            }
            StatusCode::NOT_FOUND if why.contains("target resource") || why == "HTTP 404 Not Found" => {
                let what = "it does not know this request: perhaps it is another version".to_owned();
                AdminError::NotUnderstood { server, what }
            }
            StatusCode::NOT_FOUND => AdminError::Missing { server, what },
            StatusCode::PRECONDITION_FAILED => AdminError::Changed(what),
            StatusCode::CONFLICT if kind == "bindings_go" => AdminError::Changed(what),
            StatusCode::CONFLICT => AdminError::Conflict { server, why },
            StatusCode::SERVICE_UNAVAILABLE if kind == "unavailable" => {
                AdminError::Unreachable { server, why }
            }
            late if self.changing && (late.is_server_error() || late == StatusCode::REQUEST_TIMEOUT) => {
                AdminError::Unknown { server }
            }
            other if other.is_server_error() => AdminError::Unreachable { server, why },
            _ => AdminError::Refused { server, why, right: said("role") },
        }
    }

    /// Why there is no answer.
    pub(super) fn failure(&self, error: &ureq::Error) -> AdminError {
        use ureq::{Error, Timeout};
        let server = self.server.to_owned();
        if self.changing && !is_early(error) {
            return AdminError::Unknown { server };
        }
        let why = match error {
            Error::Other(inner) => match inner.downcast_ref::<TlsFault>() {
                Some(TlsFault::Handshake(why)) => format!("TLS failed: {why}"),
                Some(TlsFault::Untrusted { seen, why }) => {
                    let (why, seen) = (safe_cut(why, 200), seen.fingerprint);
                    return AdminError::Untrusted { server, why, seen };
                }
                Some(fault @ TlsFault::Pin { .. }) => {
                    return AdminError::Certificate { server, why: fault.to_string() };
                }
                None => inner.to_string(),
            },
            Error::Timeout(Timeout::Resolve) => "its name could not be looked up in time".to_owned(),
            Error::Timeout(_) => "it did not answer in time".to_owned(),
            Error::HostNotFound => "there is no such host, or no network to ask for it".to_owned(),
            Error::ConnectionFailed => "there is no way to it".to_owned(),
            Error::ConnectProxyFailed(why) => format!("the proxy did not connect: {why}"),
            Error::BodyExceedsLimit(_) => return AdminError::TooLarge(server),
            Error::LargeResponseHeader(..) | Error::Protocol(_) | Error::Http(_) => {
                let what = "no HTTP as it should be".to_owned();
                return AdminError::NotUnderstood { server, what };
            }
            Error::Io(why) => match why.kind() {
                std::io::ErrorKind::ConnectionRefused => "nobody listens there".to_owned(),
                std::io::ErrorKind::UnexpectedEof | std::io::ErrorKind::ConnectionReset => {
                    "the connection broke off".to_owned()
                }
                _ => why.to_string(),
            },
            other => other.to_string(),
        };
        AdminError::Unreachable { server, why: safe_cut(&why, 200) }
    }
}

impl Answer {
    /// What it says, where that is JSON.
    pub(super) fn json(&self) -> Option<serde_json::Value> {
        let is_json = self.text(&header::CONTENT_TYPE).contains("json");
        serde_json::from_slice(&self.body).ok().filter(|_| is_json)
    }

    fn text(&self, name: &header::HeaderName) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// Why it says no: as problem+json has it, privacyIDEA, Keycloak.
fn reason(problem: &serde_json::Value) -> Option<String> {
    let said = [
        &problem["detail"],
        &problem["result"]["error"]["message"],
        &problem["errorMessage"],
        &problem["error_description"],
        &problem["error"],
    ];
    said.into_iter().find_map(|text| text.as_str()).map(|text| safe_cut(text, 200))
}

/// Whether nothing of the request can have left: each change opens a connection of its own.
fn is_early(error: &ureq::Error) -> bool {
    use std::io::ErrorKind as K;
    use ureq::{Error, Timeout};
    match error {
        Error::Other(inner) => inner.is::<TlsFault>(),
        Error::Io(error) => matches!(
            error.kind(),
            K::ConnectionRefused
                | K::HostUnreachable
                | K::NetworkUnreachable
                | K::NetworkDown
                | K::AddrNotAvailable
        ),
        Error::BadUri(_)
        | Error::ConnectProxyFailed(_)
        | Error::ConnectionFailed
        | Error::HostNotFound
        | Error::InvalidProxyUrl
        | Error::RequireHttpsOnly(_)
        | Error::Timeout(Timeout::Resolve | Timeout::Connect)
        | Error::Tls(_)
        | Error::TlsRequired => true,
        _ => false,
    }
}
