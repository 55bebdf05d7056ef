//! TLS to a server: whose certificate is trusted, and what the one that was shown says. The certificate is the
//! system's business, that of one file of authorities, or exactly one that was pinned; the server proves in every case
//! that it has the key of it.

use std::{
    fmt,
    io::{Read, Write},
    path::Path,
    sync::{Arc, Mutex},
};

use rustls::{
    CertificateError, ClientConfig, ClientConnection, DigitallySignedStruct, OtherError, RootCertStore,
    SignatureScheme, StreamOwned,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{CryptoProvider, WebPkiSupportedAlgorithms},
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject},
};
use ureq::{
    Error,
    unversioned::transport::{
        Buffers, ConnectionDetails, Connector, Either, LazyBuffers, NextTimeout, Transport, TransportAdapter,
    },
};

use super::certificate::{Certificate, Fingerprint};

/// Whose certificate is trusted.
#[derive(Clone, Copy, Debug)]
pub enum Trust<'a> {
    /// Those that the system trusts.
    System,
    /// Those that an authority in this file signed, and no others.
    File(&'a Path),
    /// This one.
    Pin(Fingerprint),
}

/// Why there is no TLS with a server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TlsFault {
    /// The handshake failed, or what answers speaks no TLS.
    #[error("{0}")]
    Handshake(String),
    /// Another certificate than the one that is pinned.
    #[error("its certificate is {}, and {pinned} is pinned", .seen.fingerprint)]
    Pin {
        /// What it showed.
        seen: Box<Certificate>,
        /// What is pinned.
        pinned: Fingerprint,
    },
    /// A certificate that is not trusted.
    #[error("{why}; it is {}", .seen.fingerprint)]
    Untrusted {
        /// What it showed.
        seen: Box<Certificate>,
        /// What is wrong with it.
        why: String,
    },
}

/// Wraps connections in TLS.
pub struct Tls {
    config: Arc<ClientConfig>,
    shown: Shown,
}

/// The certificate that was shown and trusted last.
#[derive(Clone, Default)]
pub struct Shown(Arc<Mutex<Option<Certificate>>>);

impl Tls {
    /// With what is trusted; the error says why nothing can be.
    pub fn new(trust: Trust<'_>) -> Result<Self, String> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let algorithms = provider.signature_verification_algorithms;
        let verifier: Arc<dyn ServerCertVerifier> = match trust {
            Trust::System => Arc::new(Judge { inner: system(&provider)? }),
            Trust::File(path) => Arc::new(Judge { inner: authorities(path, &provider)? }),
            Trust::Pin(pinned) => Arc::new(Pinned { pinned, algorithms }),
        };
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?
            .dangerous()
            .with_custom_certificate_verifier(verifier)
            .with_no_client_auth();
        Ok(Self { config: Arc::new(config), shown: Shown::default() })
    }

    /// Where the certificate is found that was shown.
    pub fn shown(&self) -> Shown {
        self.shown.clone()
    }
}

impl Shown {
    /// The certificate that was shown last, if one was.
    pub fn certificate(&self) -> Option<Certificate> {
        self.0.lock().ok()?.clone()
    }
}

fn system(provider: &Arc<CryptoProvider>) -> Result<Arc<dyn ServerCertVerifier>, String> {
    let own = rustls_platform_verifier::Verifier::new(Arc::clone(provider));
    Ok(Arc::new(own.map_err(|error| format!("the system's authorities cannot be read ({error})"))?))
}

fn authorities(path: &Path, provider: &Arc<CryptoProvider>) -> Result<Arc<dyn ServerCertVerifier>, String> {
    let bad = |why: &dyn fmt::Display| format!("{}: {why}", path.display());
    let text = std::fs::read(path).map_err(|error| bad(&error))?;
    let found: Result<Vec<CertificateDer<'static>>, _> = CertificateDer::pem_slice_iter(&text).collect();
    let found = found.map_err(|_| bad(&"it is no PEM"))?;
    let mut roots = RootCertStore::empty();
    if roots.add_parsable_certificates(found).0 == 0 {
        return Err(bad(&"it holds no certificate"));
    }
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider)).build();
    verifier.map(|own| own as Arc<dyn ServerCertVerifier>).map_err(|error| bad(&error))
}

impl<In: Transport> Connector<In> for Tls {
    type Out = Either<In, Encrypted>;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, Error> {
        let Some(transport) = chained else { return Ok(None) };
        if !details.needs_tls() || transport.is_tls() {
            return Ok(Some(Either::A(transport)));
        }
        let host = details.uri.host().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let name = ServerName::try_from(host).map_err(|_| Error::HostNotFound)?;
        let begun = ClientConnection::new(Arc::clone(&self.config), name);
        let mut connection = begun.map_err(|error| fault(&error))?;
        let mut socket = TransportAdapter::new(transport.boxed(), Arc::clone(&details.current_time));
        socket.set_timeout(details.timeout);
        connection.complete_io(&mut socket).map_err(handshake)?;
        if let (Some([leaf, ..]), Ok(mut shown)) = (connection.peer_certificates(), self.shown.0.lock()) {
            *shown = Some(Certificate::read(leaf));
        }
        let sizes = (details.config.input_buffer_size(), details.config.output_buffer_size());
        let buffers = LazyBuffers::new(sizes.0, sizes.1);
        Ok(Some(Either::B(Encrypted { buffers, stream: StreamOwned::new(connection, socket) })))
    }
}

/// What a handshake ended with. Time that is over stays what it is.
fn handshake(error: std::io::Error) -> Error {
    let of_tls = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()).map(fault);
    of_tls.unwrap_or_else(|| match error.into() {
        Error::Io(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            wrapped(TlsFault::Handshake("it ended the connection instead of speaking TLS".to_owned()))
        }
        other => other,
    })
}

fn fault(error: &rustls::Error) -> Error {
    if let rustls::Error::InvalidCertificate(CertificateError::Other(OtherError(inner))) = error
        && let Some(own) = inner.downcast_ref::<TlsFault>()
    {
        return wrapped(own.clone());
    }
    let why = match error {
        rustls::Error::InvalidMessage(_) => "what answers there speaks no TLS".to_owned(),
        other => other.to_string(),
    };
    wrapped(TlsFault::Handshake(why))
}

fn wrapped(fault: TlsFault) -> Error {
    Error::Other(Box::new(fault))
}

/// A connection inside TLS.
pub struct Encrypted {
    buffers: LazyBuffers,
    stream: StreamOwned<ClientConnection, TransportAdapter>,
}

impl Transport for Encrypted {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.stream.get_mut().set_timeout(timeout);
        let output = &self.buffers.output()[..amount];
        Ok(self.stream.write_all(output)?)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.stream.get_mut().set_timeout(timeout);
        let amount = self.stream.read(self.buffers.input_append_buf())?;
        self.buffers.input_appended(amount);
        Ok(amount > 0)
    }

    fn is_open(&mut self) -> bool {
        self.stream.get_mut().get_mut().is_open()
    }

    fn is_tls(&self) -> bool {
        true
    }
}

/// What the authorities say, and the certificate that they say it of.
#[derive(Debug)]
struct Judge {
    inner: Arc<dyn ServerCertVerifier>,
}

/// One certificate, whoever signed it.
#[derive(Debug)]
struct Pinned {
    pinned: Fingerprint,
    algorithms: WebPkiSupportedAlgorithms,
}

impl ServerCertVerifier for Judge {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        self.inner.verify_server_cert(leaf, others, name, ocsp, now).map_err(|error| {
            let seen = Box::new(Certificate::read(leaf));
            let why = words(&error, &seen, name);
            refused(TlsFault::Untrusted { seen, why })
        })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        leaf: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.inner.verify_tls12_signature(message, leaf, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        leaf: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.inner.verify_tls13_signature(message, leaf, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if Fingerprint::of(leaf) == self.pinned {
            return Ok(ServerCertVerified::assertion());
        }
        let seen = Box::new(Certificate::read(leaf));
        Err(refused(TlsFault::Pin { seen, pinned: self.pinned }))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        leaf: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls12_signature(message, leaf, signed, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        leaf: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls13_signature(message, leaf, signed, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

fn refused(fault: TlsFault) -> rustls::Error {
    rustls::Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(fault))))
}

/// What is wrong with a certificate, for people.
fn words(error: &rustls::Error, seen: &Certificate, name: &ServerName<'_>) -> String {
    use CertificateError as C;
    let rustls::Error::InvalidCertificate(error) = error else { return error.to_string() };
    match error {
        C::Expired | C::ExpiredContext { .. } => match seen.until {
            Some(until) => format!("it ended on {}", until.strftime("%Y-%m-%d")),
            None => "it has ended".to_owned(),
        },
        C::NotValidYet | C::NotValidYetContext { .. } => {
            "its time has not come yet: is this computer's clock right".to_owned()
        }
        C::NotValidForName | C::NotValidForNameContext { .. } => {
            format!("it is for {}, not for {}", seen.subject, name.to_str())
        }
        C::UnknownIssuer if seen.is_own() => "it signed itself".to_owned(),
        C::BadSignature | C::UnknownIssuer => format!("nobody trusted signed it, but \"{}\"", seen.issuer),
        C::Revoked => "it was revoked".to_owned(),
        _ if seen.is_own() => "it signed itself".to_owned(),
        other => other.to_string(),
    }
}

macro_rules! plain {
    ($($name:ident),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )*};
}
plain!(Tls, Encrypted, Shown);
