//! An authority for one run: what it signs is worth nothing afterwards.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose,
};
use tonic::transport::{Certificate, ClientTlsConfig};

use crate::failure::RunError;

/// The name by which clients know the server.
const NAME: &str = "localhost";

/// A server's certificate and key as files, and who signed it.
pub(super) struct Authority {
    pub(super) certificate: PathBuf,
    pub(super) key: PathBuf,
    pem: String,
}

impl Authority {
    /// Makes keys (ECDSA, P-256), and writes those of the server into `folder`.
    pub(super) fn write(folder: &Path) -> Result<Self, RunError> {
        let mut authority = CertificateParams::new(Vec::new())?;
        authority.distinguished_name.push(DnType::CommonName, "whorl bench");
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
        let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate()?)?;
        let mut server = CertificateParams::new(vec![NAME.to_owned()])?;
        server.distinguished_name.push(DnType::CommonName, NAME);
        server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let key = KeyPair::generate()?;
        let certificate = server.signed_by(&key, &authority)?;
        let files =
            Self { certificate: folder.join("server.pem"), key: folder.join("server.key"), pem: authority.pem() };
        write(&files.certificate, &certificate.pem())?;
        write(&files.key, &key.serialize_pem())?;
        Ok(files)
    }

    /// How a client connects.
    pub(super) fn trusting(&self) -> ClientTlsConfig {
        ClientTlsConfig::new().ca_certificate(Certificate::from_pem(&self.pem)).domain_name(NAME)
    }
}

/// Into a file that only its owner may read.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}
