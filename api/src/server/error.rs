//! Why a server does not serve.

use std::io;
use std::net::SocketAddr;

use thiserror::Error;
use whorl_index::KeyError;
use whorl_service::audit::AuditError;
use whorl_service::galleries::GalleriesError;
use whorl_service::jobs::JobError;
use whorl_types::RateOutOfRange;

use crate::identity::OfficeError;
use crate::security::{OpenError, SettingsError, TlsError};

/// Why a server does not serve.
#[derive(Debug, Error)]
pub enum ServeError {
    /// An address cannot be had.
    #[error(
        "cannot listen on {address}: {source}; another process may have it, or the address is none of this machine"
    )]
    Bind {
        /// Which.
        address: SocketAddr,
        /// Why not.
        source: io::Error,
    },
    /// A gallery cannot be opened.
    #[error(transparent)]
    Galleries(#[from] GalleriesError),
    /// The jobs cannot be read.
    #[error(transparent)]
    Jobs(#[from] JobError),
    /// The audit log cannot be opened.
    #[error(transparent)]
    Audit(#[from] AuditError),
    /// What is said of clients makes no sense.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// Clients cannot be recognised.
    #[error(transparent)]
    Security(#[from] OpenError),
    /// A certificate or key cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The master key cannot be had.
    #[error(transparent)]
    MasterKey(#[from] KeyError),
    /// The identity layer cannot be opened.
    #[error(transparent)]
    Identity(#[from] OfficeError),
    /// The transport failed.
    #[error("the transport failed: {0}")]
    Transport(#[from] tonic::transport::Error),
    /// The system gives no threads, or no signals.
    #[error("the system gives no threads or signals: {0}")]
    System(#[source] io::Error),
    /// A rate is none; the configuration has checked it before.
    #[error(transparent)]
    Rate(#[from] RateOutOfRange),
}
