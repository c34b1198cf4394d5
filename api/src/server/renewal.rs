//! Certificates are renewed while a server serves: when their files change, and when it is told to look.

use std::sync::Arc;
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::security::Renewal;

/// How often files are asked whether they changed: that costs microseconds.
const LOOK: Duration = Duration::from_secs(2);

/// What hears `SIGHUP`, which ends no process any more from now on; none where it cannot be heard: files are looked at all the same.
pub(super) fn hang_ups() -> Option<Signal> {
    signal(SignalKind::hangup()).ok()
}

/// Renews `tls` when its files change, or when it is `told` to; without TLS that does nothing.
pub(super) async fn keep(tls: Option<Arc<Renewal>>, mut told: Option<Signal>) {
    loop {
        let hung_up = async {
            match &mut told {
                Some(told) => told.recv().await,
                None => std::future::pending().await,
            }
        };
        let is_told = tokio::time::timeout(LOOK, hung_up).await.is_ok();
        let Some(tls) = tls.clone() else { continue };
        // Files may lie on a slow disk.
        let looked = tokio::task::spawn_blocking(move || look(&tls, is_told));
        let _ = looked.await;
    }
}

fn look(tls: &Renewal, is_told: bool) {
    if !is_told && !tls.is_due() {
        return;
    }
    match tls.renew() {
        Ok(read) => {
            tracing::info!("certificates and keys were read again; new connections use them");
            read.warnings().iter().for_each(|warning| tracing::warn!("tls: {warning}"));
        }
        Err(error) => tracing::warn!(%error, "certificates and keys were not renewed; those from before stay in use"),
    }
}
