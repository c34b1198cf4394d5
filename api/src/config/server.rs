//! `[server]`

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use super::section::Section;

/// Who may reach the server, and how much he may ask for at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Where gRPC and HTTP are served.
    pub listen: SocketAddr,
    /// Where `/healthz`, `/readyz` and `/metrics` are served.
    pub operations_listen: SocketAddr,
    /// The largest message that is taken in, in MiB, 1 to 256.
    pub max_message_mib: usize,
    /// The most connections at once, 1 to 100,000.
    pub max_connections: usize,
    /// The most calls at once on one connection, 1 to 1,000.
    pub max_streams_per_connection: u32,
    /// When a call without a deadline is given up, and the longest deadline that is granted, 1 s to an hour.
    pub request_timeout: Duration,
    /// For the TLS handshake, 1 s to a minute.
    pub tls_handshake_timeout: Duration,
    /// For an idle client to answer that it is still there, 1 s to a minute.
    pub keepalive_answer: Duration,
    /// When an idle client is asked whether it is still there, 5 s to an hour.
    pub keepalive: Duration,
    /// For calls in progress when the server is told to stop, 0 to 600 s.
    pub drain: Duration,
    /// Whether the services are described to tools.
    pub reflection: bool,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 7443)),
            operations_listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 9464)),
            max_message_mib: 32,
            max_connections: 1000,
            max_streams_per_connection: 100,
            request_timeout: Duration::from_mins(1),
            tls_handshake_timeout: Duration::from_secs(10),
            keepalive_answer: Duration::from_secs(10),
            keepalive: Duration::from_mins(1),
            drain: Duration::from_secs(30),
            reflection: false,
        }
    }
}

impl Server {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        Self {
            listen: section.address("listen"),
            operations_listen: section.address("operations_listen"),
            max_message_mib: section.whole("max_message_mib", 1..=256),
            max_connections: section.whole("max_connections", 1..=100_000),
            max_streams_per_connection: section.whole("max_streams_per_connection", 1..=1000),
            request_timeout: section.seconds("request_timeout_s", 1..=3600),
            tls_handshake_timeout: section.seconds("tls_handshake_timeout_s", 1..=60),
            keepalive_answer: section.seconds("keepalive_answer_s", 1..=60),
            keepalive: section.seconds("keepalive_s", 5..=3600),
            drain: section.seconds("drain_s", 0..=600),
            reflection: section.flag("reflection"),
        }
    }

    /// The largest message that is taken in, in bytes.
    #[must_use]
    pub fn max_message_bytes(&self) -> usize {
        self.max_message_mib << 20
    }
}
