//! E-mail by SMTP: where the server is, and one message to it.

use std::{fs, net::IpAddr, time::Duration};

use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Mailbox,
        header::{ContentType, HeaderName, HeaderValue},
    },
    transport::smtp::{
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters},
    },
};

use super::NotSent;
use crate::server::{
    config::{ConfigError, Mail},
    domain::time::Time,
    seal::secret_file,
    store::letters::Letter,
};

/// An SMTP server that takes our letters.
#[derive(Debug)]
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

/// How the connection is kept from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cover {
    Loopback,
    StartTls,
    Tls,
}

/// An address of a server, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place<'a> {
    cover: Cover,
    user: Option<&'a str>,
    host: &'a str,
    port: u16,
}

impl Smtp {
    /// From the settings. Nothing is connected yet.
    pub fn new(mail: &Mail) -> Result<Self, ConfigError> {
        let place = Place::parse(&mail.smtp).map_err(|reason| ConfigError::setting("mail.smtp", reason))?;
        let from = mail.from.parse().map_err(|_| {
            ConfigError::setting("mail.from", "is no sender: \"MFA <mfa@example.com>\" is one")
        })?;
        let mut server = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(place.host)
            .port(place.port)
            .timeout(Some(PATIENCE))
            .tls(tls(&place, mail)?);
        if let Some(credentials) = credentials(&place, mail)? {
            server = server.credentials(credentials);
        }
        Ok(Self { transport: server.build(), from })
    }

    /// Hands a letter over.
    pub async fn send(&self, letter: &Letter, now: Time) -> Result<(), NotSent> {
        let message = message(&self.from, letter, now)?;
        self.transport.send(message).await.map(|_| ()).map_err(|error| not_sent(&error))
    }
}

impl<'a> Place<'a> {
    fn parse(url: &'a str) -> Result<Self, &'static str> {
        let (cover, rest, usual) = if let Some(rest) = url.strip_prefix("smtp://") {
            (Cover::Loopback, rest, 25)
        } else if let Some(rest) = url.strip_prefix("smtp+starttls://") {
            (Cover::StartTls, rest, 587)
        } else if let Some(rest) = url.strip_prefix("smtps://") {
            (Cover::Tls, rest, 465)
        } else {
            return Err("does not begin with smtps://, smtp+starttls:// or smtp://");
        };
        // A user is often an address, with an @ of its own: the last one parts it from the host.
        let (user, server) =
            rest.rsplit_once('@').map_or((None, rest), |(user, server)| (Some(user), server));
        if user.is_some_and(|user| user.is_empty() || user.contains(':')) {
            return Err("has no user before the @, or a password: that belongs into password_file");
        }
        let (host, port) =
            split(server, usual).ok_or("names no host and port: HOST:PORT is what stands there")?;
        if cover == Cover::Loopback && !is_loopback(host) {
            return Err("is plain, and that stays on loopback: use smtps:// or smtp+starttls://");
        }
        Ok(Self { cover, user, host, port })
    }
}

/// Host and port; the host of an IPv6 address loses its brackets.
fn split(server: &str, usual: u16) -> Option<(&str, u16)> {
    let (host, port) = match server.strip_prefix('[') {
        Some(rest) => {
            let (host, port) = rest.split_once(']')?;
            host.parse::<std::net::Ipv6Addr>().ok()?;
            (host, if port.is_empty() { None } else { Some(port.strip_prefix(':')?) })
        }
        None => server.split_once(':').map_or((server, None), |(host, port)| (host, Some(port))),
    };
    let fits = |c: char| c.is_ascii_alphanumeric() || ".-_:".contains(c);
    let port = port.map_or(Some(usual), |port| port.parse().ok())?;
    (!host.is_empty() && host.chars().all(fits) && port != 0).then_some((host, port))
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn tls(place: &Place<'_>, mail: &Mail) -> Result<Tls, ConfigError> {
    if place.cover == Cover::Loopback {
        return Ok(Tls::None);
    }
    let mut parameters = TlsParameters::builder(place.host.to_owned());
    if let Some(path) = &mail.ca_file {
        let wrong = |what: String| ConfigError::setting("mail.ca_file", format!("cannot be used: {what}"));
        let pem = fs::read(path).map_err(|error| wrong(error.to_string()))?;
        let trusted = Certificate::from_pem(&pem).map_err(|_| wrong("no certificate is in it".into()))?;
        parameters = parameters.add_root_certificate(trusted);
    }
    let unusable = |_| ConfigError::setting("mail.smtp", "names a host that no certificate can have");
    let parameters = parameters.build().map_err(unusable)?;
    Ok(match place.cover {
        Cover::StartTls => Tls::Required(parameters),
        _ => Tls::Wrapper(parameters),
    })
}

fn credentials(place: &Place<'_>, mail: &Mail) -> Result<Option<Credentials>, ConfigError> {
    let lonely = |reason: &str| Err(ConfigError::setting("mail.password_file", reason));
    match (place.user, &mail.password_file) {
        (None, None) => Ok(None),
        (Some(_), None) => lonely("is missing: mail.smtp names a user"),
        (None, Some(_)) => lonely("is set, and mail.smtp names no user: smtps://USER@HOST does"),
        (Some(user), Some(path)) => {
            let password = secret_file::read(path).map_err(|error| {
                ConfigError::setting("mail.password_file", format!("cannot be read: {error}"))
            })?;
            Ok(Some(Credentials::new(user.to_owned(), password.to_string())))
        }
    }
}

/// The message of a letter. What is no address is none, whatever stands in it.
fn message(from: &Mailbox, letter: &Letter, now: Time) -> Result<Message, NotSent> {
    let to: Address = letter.to.parse().map_err(|_| NotSent::ForGood("the address is none".into()))?;
    let subject: String = letter.subject.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let millis = u64::try_from(now.millis()).unwrap_or(0);
    let by_machine = HeaderName::new_from_ascii_str("Auto-Submitted");
    Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, to))
        .subject(subject)
        .date(std::time::UNIX_EPOCH + Duration::from_millis(millis))
        .message_id(None)
        .raw_header(HeaderValue::new(by_machine, "auto-generated".into()))
        .header(ContentType::TEXT_PLAIN)
        .body(letter.text.clone())
        .map_err(|_| NotSent::ForGood("it makes no message".into()))
}

/// Why it did not go. What the server said stays out: it may repeat the letter.
fn not_sent(error: &lettre::transport::smtp::Error) -> NotSent {
    let Some(status) = error.status() else {
        let what = if error.is_tls() {
            "TLS failed"
        } else if error.is_timeout() {
            "the mail server took too long"
        } else if error.is_client() || error.is_response() {
            "the mail server does not speak as was set up"
        } else {
            "the mail server cannot be reached"
        };
        return NotSent::NotNow(what.into());
    };
    let what = format!("the mail server answered {status}");
    // 53x is about who sends, not about the letter: that is put right, and then it goes.
    if error.is_permanent() && !status.to_string().starts_with("53") {
        NotSent::ForGood(what)
    } else {
        NotSent::NotNow(what)
    }
}

/// How long the server may take for each of its answers.
const PATIENCE: Duration = Duration::from_secs(10);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::store::letters::Channel;

    #[test]
    fn an_address_of_a_server_is_taken_apart() {
        let place = |cover, user, host, port| Ok(Place { cover, user, host, port });
        assert_eq!(Place::parse("smtp://127.0.0.1:2525"), place(Cover::Loopback, None, "127.0.0.1", 2525));
        assert_eq!(Place::parse("smtp://[::1]:2525"), place(Cover::Loopback, None, "::1", 2525));
        assert_eq!(Place::parse("smtp://localhost"), place(Cover::Loopback, None, "localhost", 25));
        let submission = Place::parse("smtp+starttls://sesamd@mail.example.com:587");
        assert_eq!(submission, place(Cover::StartTls, Some("sesamd"), "mail.example.com", 587));
        let address = Place::parse("smtps://mfa@example.com@mail.example.com");
        assert_eq!(address, place(Cover::Tls, Some("mfa@example.com"), "mail.example.com", 465));
    }

    #[test]
    fn a_wrong_address_of_a_server_is_refused() {
        for (url, why) in [
            ("smtp://mail.example.com:25", "loopback"),
            ("smtp://10.0.0.1:25", "loopback"),
            ("smtp://localhost.example.com:25", "loopback"),
            ("smtp://[::2]:25", "loopback"),
            ("mail.example.com:25", "begin"),
            ("SMTPS://mail.example.com", "begin"),
            ("smtps://", "host"),
            ("smtps://:465", "host"),
            ("smtps://mail.example.com:0", "host"),
            ("smtps://mail.example.com:65536", "host"),
            ("smtps://mail.example.com:465/x", "host"),
            ("smtps://mail example.com", "host"),
            ("smtps://[mail]:465", "host"),
            ("smtps://@mail.example.com", "user"),
            ("smtps://user:word@mail.example.com", "password_file"),
        ] {
            assert!(Place::parse(url).unwrap_err().contains(why), "{url}");
        }
    }

    #[test]
    fn a_user_and_a_password_come_together() {
        let mail = |smtp: &str, file: Option<&str>| Mail {
            smtp: smtp.into(),
            password_file: file.map(Into::into),
            from: "mfa@example.com".into(),
            ca_file: None,
        };
        let wrong = |mail: &Mail| Smtp::new(mail).unwrap_err().to_string();
        assert!(wrong(&mail("smtps://a@example.com", None)).contains("is missing"));
        assert!(wrong(&mail("smtps://example.com", Some("/x"))).contains("names no user"));
        assert!(wrong(&mail("smtps://a@example.com", Some("/nowhere/x"))).contains("cannot be read"));
        let from = Mail { from: "nobody".into(), ..mail("smtps://example.com", None) };
        assert!(wrong(&from).contains("no sender"));
    }

    #[test]
    fn nothing_in_a_letter_becomes_a_header() {
        let from: Mailbox = "MFA <mfa@example.com>".parse().unwrap();
        let letter = |to: &str, subject: &str| Letter {
            channel: Channel::Email,
            to: to.into(),
            subject: subject.into(),
            text: "Hello\r\n.\r\nBcc: c@example.com".into(),
            until: Time::default(),
        };
        for to in [
            "a@example.com\r\nBcc: b@example.com",
            "a@example.com\nX: y",
            "a@example.com, b@example.com",
            "a@example.com> NOTIFY=NEVER",
            "a b@example.com",
            "A <a@example.com>",
            "a@example.com\0",
            "",
        ] {
            assert!(message(&from, &letter(to, "x"), Time::default()).is_err(), "{to:?}");
        }
        let subject = "Your code for A\r\nBcc: b@example.com\r\n\r\nBody\u{85}x";
        let sent = message(&from, &letter("a@example.com", subject), Time::default()).unwrap();
        let text = String::from_utf8(sent.formatted()).unwrap();
        let (head, _) = text.split_once("\r\n\r\n").unwrap();
        assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{head}");
        assert_eq!(sent.envelope().to().len(), 1);
    }
}
