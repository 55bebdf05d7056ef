//! Certificates for tests, made by OpenSSL: an authority of our own, and what it signs.

use std::{
    fs::File,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Arc,
};

use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use tempfile::TempDir;

/// An authority in a directory of its own.
pub(super) struct Authority {
    dir: TempDir,
}

/// A certificate with its key.
#[derive(Clone)]
pub(super) struct Identity {
    pub(super) pem: PathBuf,
    key: PathBuf,
}

impl Authority {
    /// `None` where there is no OpenSSL.
    pub(super) fn new() -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            File::create(dir.path().join(name)).unwrap().write_all(text.as_bytes()).unwrap();
        };
        write("ca.cnf", SETTINGS);
        write("index.txt", "");
        write("serial", "01\n");
        let made = openssl(
            dir.path(),
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj /CN=tests \
             -addext basicConstraints=critical,CA:TRUE -keyout ca.key -out ca.pem",
        );
        if !made {
            println!("skipped: no openssl was found");
        }
        made.then_some(Self { dir })
    }

    /// The certificate of the authority.
    pub(super) fn pem(&self) -> PathBuf {
        self.dir.path().join("ca.pem")
    }

    /// A certificate for `IP:127.0.0.1` or another name, until a year.
    pub(super) fn sign(&self, name: &str, until: u16) -> Identity {
        let id = format!("{}-{until}", name.replace([':', '.'], "-"));
        let asked = openssl(
            self.dir.path(),
            &format!(
                "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN={id} -addext \
                 subjectAltName={name} -keyout {id}.key -out {id}.csr"
            ),
        );
        let signed = openssl(
            self.dir.path(),
            &format!(
                "ca -batch -config ca.cnf -cert ca.pem -keyfile ca.key -in {id}.csr -out {id}.pem -notext \
                 -startdate 20200101000000Z -enddate {until}0101000000Z"
            ),
        );
        assert!(asked && signed, "openssl signs");
        self.identity(&id)
    }

    /// A certificate that signed itself.
    pub(super) fn alone(&self, id: &str) -> Identity {
        let made = openssl(
            self.dir.path(),
            &format!(
                "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj /CN={id} -addext \
                 subjectAltName=IP:127.0.0.1 -keyout {id}.key -out {id}.pem"
            ),
        );
        assert!(made, "openssl makes one");
        self.identity(id)
    }

    fn identity(&self, id: &str) -> Identity {
        let path = |end: &str| self.dir.path().join(format!("{id}.{end}"));
        Identity { pem: path("pem"), key: path("key") }
    }
}

impl Identity {
    pub(super) fn der(&self) -> CertificateDer<'static> {
        CertificateDer::from_pem_file(&self.pem).unwrap()
    }

    /// What serves with it; with the key of another one, who cannot prove that it is theirs.
    pub(super) fn server(&self, key: &Self) -> Arc<ServerConfig> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let key = PrivateKeyDer::from_pem_file(&key.key).unwrap();
        let signer = provider.key_provider.load_private_key(key).unwrap();
        let builder =
            ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let certified = rustls::sign::CertifiedKey::new(vec![self.der()], signer);
        let resolver = Arc::new(rustls::sign::SingleCertAndKey::from(certified));
        Arc::new(builder.with_no_client_auth().with_cert_resolver(resolver))
    }
}

fn openssl(dir: &Path, words: &str) -> bool {
    let mut command = Command::new("openssl");
    command.args(words.split_whitespace()).current_dir(dir).stdin(Stdio::null());
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

const SETTINGS: &str = "[ca]\ndefault_ca = own\n[own]\ndatabase = index.txt\nserial = serial\nnew_certs_dir = .\n\
    default_md = sha256\npolicy = any\ncopy_extensions = copy\nunique_subject = no\n[any]\ncommonName = supplied\n";
